"""How much the desk takes on before it says so."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one server takes on.

    Attributes
    ----------
    body
        Bytes of a request. A scenario of a thousand instruments has 100,000.
    waiting
        Errands that may wait for a process; 50 people who move a slider at once are 50 errands.
    seconds
        That one errand may take. A usual solve takes 0.03, a brief 4; what takes longer hardly ever has an answer.
    job_seconds
        That one job may take.
    jobs_waiting
        Jobs that may wait for their turn.
    jobs_kept
        Finished jobs whose answer can still be asked for.
    streams
        Streams of events that may be open at once.
    cache
        Bytes of answers that are kept.
    grace
        Seconds that running work is given when the server is told to stop.
    """

    body: int = 1_000_000
    waiting: int = 128
    seconds: float = 30.0
    job_seconds: float = 900.0
    jobs_waiting: int = 16
    jobs_kept: int = 64
    streams: int = 64
    cache: int = 64 * 2**20
    grace: float = 5.0
