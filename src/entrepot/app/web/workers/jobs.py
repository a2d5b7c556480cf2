"""Background jobs: started with one request, followed with others, cancelled at any time."""

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from entrepot.app.web.limits import Limits
from entrepot.app.web.messages import error_schema
from entrepot.app.web.messages.cache_key import cache_key
from entrepot.app.web.messages.error_schema import ErrorInfo, RequestRejected
from entrepot.app.web.messages.payload import Payload
from entrepot.app.web.workers.cache import Cache
from entrepot.app.web.workers.pool import Pool, Task

HEARTBEAT = 10.0  # seconds without an event after which a stream sends a keep-alive
TOO_MANY_JOBS = ErrorInfo(429, "too_many_jobs", ("the job queue is full; cancel a job, or retry later",),
                          retry_after=15)  # fmt: skip
TOO_MANY_STREAMS = ErrorInfo(429, "too_many_streams", ("too many event streams are open; close one, or poll the job",),
                             retry_after=15)  # fmt: skip
UNKNOWN_JOB = ErrorInfo(404, "unknown_job", ("no job with this id; finished jobs are kept for a limited time",))


class JobState(StrEnum):
    """State of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(eq=False)
class Job:
    """A background job and its progress.

    Attributes
    ----------
    kind
        Kind of the job, as in the request.
    id
        Random, so that clients cannot guess the jobs of others.
    state, doing, part
        State, current step, and completed fraction from 0 to 1.
    started, seconds
        Monotonic start time; duration once the job is finished.
    payload, error
        Result of a finished job.
    task
        Its task in the pool; None if the result was cached.
    changed
        Notified whenever the state or the progress changes.
    """

    kind: str
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    state: JobState = JobState.WAITING
    doing: str = ""
    part: float = 0.0
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    payload: Payload | None = None
    error: ErrorInfo | None = None
    task: Task | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def finished(self) -> bool:
        """Whether the state is final."""
        return self.state in FINAL

    def status(self) -> dict[str, Any]:
        """Return state and progress as a JSON document, without the result."""
        passed = self.seconds if self.finished else time.monotonic() - self.started
        status: dict[str, Any] = {
            "id": self.id, "kind": self.kind, "state": self.state.value, "doing": self.doing,
            "part": round(self.part, 4), "seconds": round(passed, 2),
        }  # fmt: skip
        return status | (error_schema.error_document(self.error) if self.error is not None else {})


class Jobs:
    """All jobs of one server."""

    def __init__(self, pool: Pool, cache: Cache, limits: Limits) -> None:
        """Create a registry whose jobs run on `pool`."""
        self._pool, self._cache, self._limits = pool, cache, limits
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._watchers: set[asyncio.Task[None]] = set()
        self.streams = 0
        self.ended: dict[str, int] = {}

    def start(self, kind: str, request: Any) -> Job:
        """Return a new job; it is done at once if the result is cached.

        Raises
        ------
        RequestRejected
            The job queue is full, or the server is shutting down.
        """
        key = cache_key(f"job:{kind}", request.model_dump(mode="json"))
        job = Job(kind)
        cached = self._cache.get(key)
        if cached is not None:
            self._cache.hits += 1
            job.state, job.part, job.payload = JobState.DONE, 1.0, cached
        else:
            self._cache.misses += 1
            if self.count(JobState.WAITING) >= self._limits.jobs_waiting:
                raise RequestRejected(TOO_MANY_JOBS)
            loop = asyncio.get_running_loop()

            def update_later(**changes: Any) -> None:  # called from the thread of a worker
                loop.call_soon_threadsafe(lambda: loop.create_task(self._update(job, **changes)))

            job.task = Task(
                f"job:{kind}", request, self._limits.job_seconds, on_progress=lambda state: update_later(**state),
                on_start=lambda: update_later(state=JobState.RUNNING),
            )  # fmt: skip
            self._pool.submit(job.task)
            watcher = loop.create_task(self._watch(job, key))
            self._watchers.add(watcher)
            watcher.add_done_callback(self._watchers.discard)
        self._jobs[job.id] = job
        self._evict()
        return job

    def start_if_none_waits(self, kind: str, request: Any) -> Job | None:
        """Return a new job that nobody asked for expressly; None where another job waits, or the server stops."""
        if self.count(JobState.WAITING):
            return None
        try:
            return self.start(kind, request)
        except RequestRejected:
            return None

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises
        ------
        RequestRejected
            No job has this id.
        """
        if job_id not in self._jobs:
            raise RequestRejected(UNKNOWN_JOB)
        return self._jobs[job_id]

    async def cancel(self, job_id: str) -> Job:
        """Cancel a job and return it; a finished job stays as it is.

        Raises
        ------
        RequestRejected
            No job has this id.
        """
        job = self.get(job_id)
        if job.task is not None and not job.finished:
            job.task.cancelled.set()
            await self._update(job, state=JobState.CANCELLED)
        return job

    async def withdraw(self, job_id: str) -> Job:
        """Cancel a job that still waits and return it; a running one goes on, and its result is kept for later.

        Raises
        ------
        RequestRejected
            No job has this id.
        """
        job = self.get(job_id)
        return await self.cancel(job_id) if job.state is JobState.WAITING else job

    async def events(self, job_id: str) -> AsyncIterator[tuple[str, dict[str, Any]] | None]:
        """Yield the status of a job now and after each change until it is finished; None is a keep-alive."""
        job = self.get(job_id)
        last: dict[str, Any] | None = None
        self.streams += 1
        try:
            while True:
                status = job.status()
                if last is None or {**status, "seconds": 0} != {**last, "seconds": 0}:
                    last = status
                    ended = status["state"] in FINAL
                    yield ("end" if ended else "progress"), status
                    if ended:
                        return
                try:
                    async with job.changed:
                        if job.finished:  # it finished while a slow client was being served
                            continue
                        await asyncio.wait_for(job.changed.wait(), HEARTBEAT)
                except TimeoutError:
                    yield None
        finally:
            self.streams -= 1

    def count(self, state: JobState) -> int:
        """Return the number of jobs in a state."""
        return sum(job.state is state for job in self._jobs.values())

    async def stop(self, grace: float) -> None:
        """Cancel queued jobs; give running ones `grace` seconds to finish, then cancel them."""
        for job in list(self._jobs.values()):
            if job.state is JobState.WAITING:
                await self.cancel(job.id)
        deadline = time.monotonic() + grace
        while self.count(JobState.RUNNING) and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        for job in list(self._jobs.values()):
            if not job.finished:
                await self.cancel(job.id)

    async def _watch(self, job: Job, key: str) -> None:
        """Record the result of a job."""
        assert job.task is not None
        try:
            payload = await asyncio.wrap_future(job.task.result)
        except RequestRejected as rejected:
            cancelled = rejected.info in (error_schema.CANCELLED, error_schema.STOPPING)
            error = None if cancelled else rejected.info
            await self._update(job, state=JobState.CANCELLED if cancelled else JobState.FAILED, error=error)
        else:
            self._cache.put(key, payload)
            await self._update(job, state=JobState.DONE, payload=payload, part=1.0)

    async def _update(self, job: Job, **changes: Any) -> None:
        """Set fields of a job and notify its streams; a finished job stays as it is."""
        if job.finished:
            return
        for name, value in changes.items():
            setattr(job, name, value)
        if job.finished:
            job.seconds = time.monotonic() - job.started
            self.ended[job.state.value] = self.ended.get(job.state.value, 0) + 1
        async with job.changed:
            job.changed.notify_all()

    def _evict(self) -> None:
        """Drop the oldest finished jobs beyond the limit."""
        finished = [job_id for job_id, job in self._jobs.items() if job.finished]
        for job_id in finished[: max(0, len(finished) - self._limits.jobs_kept)]:
            del self._jobs[job_id]
