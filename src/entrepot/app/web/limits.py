"""Resource limits of the server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Resource limits of one server.

    Attributes
    ----------
    body
        Maximum size of a request body in bytes. A scenario of a thousand instruments has 100,000.
    waiting
        Maximum queued tasks; 50 people who move a slider at once make 50 tasks.
    seconds
        Timeout of a task. A typical solve takes 0.03 seconds; what takes much longer rarely converges.
    download_seconds
        Timeout of a file to download. A brief solves other closures and decomposes: 4 seconds, 30 on a busy machine.
    job_seconds
        Timeout of a job.
    jobs_waiting
        Maximum queued jobs.
    jobs_kept
        Finished jobs whose results are kept.
    streams
        Maximum open event streams.
    cache
        Size of the response cache in bytes.
    grace
        Seconds that running jobs get to finish when the server shuts down.
    """

    body: int = 1_000_000
    waiting: int = 128
    seconds: float = 30.0
    download_seconds: float = 180.0
    job_seconds: float = 900.0
    jobs_waiting: int = 16
    jobs_kept: int = 64
    streams: int = 64
    cache: int = 64 * 2**20
    grace: float = 5.0
