"""Jobs: begun with one request, followed with others, called off at any time."""

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
from entrepot.app.web.messages.error_schema import Refused, Told
from entrepot.app.web.messages.responses import Reply
from entrepot.app.web.workers import pool as pools
from entrepot.app.web.workers.cache import Cache, key_of
from entrepot.app.web.workers.pool import Errand, Pool

HEARTBEAT = 10.0  # seconds of silence after which a stream says that it is still there
TOO_MANY = Told(429, "too_many_jobs", ("too many jobs are waiting; call one off, or ask again later",), retry_after=15)
TOO_MANY_STREAMS = Told(429, "too_many_streams", ("too many streams are open; close one, or ask for the job itself",),
                        retry_after=15)  # fmt: skip
UNKNOWN = Told(404, "unknown_job", ("no job of that id; finished ones are forgotten after a while",))


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(eq=False)
class Job:
    """Something that was asked for, and how far it is."""

    kind: str
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))  # nobody can guess another's
    state: State = State.WAITING
    doing: str = ""
    part: float = 0.0
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    reply: Reply | None = None
    told: Told | None = None
    errand: Errand | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in OVER

    def status(self) -> dict[str, Any]:
        """Return where it stands; without its answer, which may be long."""
        passed = self.seconds if self.over else time.monotonic() - self.began
        said: dict[str, Any] = {
            "id": self.id, "kind": self.kind, "state": self.state.value, "doing": self.doing,
            "part": round(self.part, 4), "seconds": round(passed, 2),
        }  # fmt: skip
        return said | (error_schema.document(self.told) if self.told is not None else {})


class Jobs:
    """All jobs of one server."""

    def __init__(self, pool: Pool, cache: Cache, limits: Limits) -> None:
        self._pool, self._cache, self._limits = pool, cache, limits
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._running: set[asyncio.Task[None]] = set()
        self.streams = 0
        self.ended: dict[str, int] = {}

    def begin(self, kind: str, asked: Any) -> Job:
        """Return a new job; one whose answer is kept is done at once.

        Raises
        ------
        Refused
            Too many are waiting, or the server is being stopped.
        """
        key = key_of(f"job:{kind}", asked.model_dump(mode="json"))
        job = Job(kind)
        known = self._cache.get(key)
        if known is not None:
            self._cache.hits += 1
            job.state, job.part, job.reply = State.DONE, 1.0, known
        else:
            self._cache.misses += 1
            if self.waiting >= self._limits.jobs_waiting:
                raise Refused(TOO_MANY)
            loop = asyncio.get_running_loop()

            def soon(**said: Any) -> None:
                loop.call_soon_threadsafe(lambda: loop.create_task(self._note(job, **said)))

            job.errand = Errand(
                f"job:{kind}", asked, self._limits.job_seconds, progress=lambda said: soon(**said),
                begun=lambda: soon(state=State.RUNNING),
            )  # fmt: skip
            self._pool.submit(job.errand)
            task = loop.create_task(self._followed(job, key))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        self._jobs[job.id] = job
        self._forget()
        return job

    def get(self, name: str) -> Job:
        """Return a job.

        Raises
        ------
        Refused
            There is none of that id.
        """
        if name not in self._jobs:
            raise Refused(UNKNOWN)
        return self._jobs[name]

    async def cancel(self, name: str) -> Job:
        """Return a job after calling it off; one that is over stays as it is."""
        job = self.get(name)
        if job.errand is not None and not job.over:
            job.errand.called_off.set()
            await self._note(job, state=State.CANCELLED)
        return job

    async def events(self, name: str) -> AsyncIterator[tuple[str, dict[str, Any]] | None]:
        """Yield what happens to a job, its state now first, until it is over; None where nothing did for a while."""
        job = self.get(name)
        said: dict[str, Any] | None = None
        self.streams += 1
        try:
            while True:
                now = job.status()
                if said is None or {**now, "seconds": 0} != {**said, "seconds": 0}:
                    said = now
                    ended = now["state"] in OVER
                    yield ("end" if ended else "progress"), now
                    if ended:
                        return
                try:
                    async with job.changed:
                        if job.over:  # it ended while a slow reader was written to
                            continue
                        await asyncio.wait_for(job.changed.wait(), HEARTBEAT)
                except TimeoutError:
                    yield None
        finally:
            self.streams -= 1

    @property
    def waiting(self) -> int:
        """Jobs that nobody has begun."""
        return sum(job.state is State.WAITING for job in self._jobs.values())

    def count(self, state: State) -> int:
        """Return how many jobs stand there."""
        return sum(job.state is state for job in self._jobs.values())

    async def stop(self, grace: float) -> None:
        """Call off what waits; let what runs finish if it does so in time, then call it off as well."""
        for job in list(self._jobs.values()):
            if job.state is State.WAITING:
                await self.cancel(job.id)
        until = time.monotonic() + grace
        while self.count(State.RUNNING) and time.monotonic() < until:
            await asyncio.sleep(0.05)
        for job in list(self._jobs.values()):
            if not job.over:
                await self.cancel(job.id)

    async def _followed(self, job: Job, key: str) -> None:
        assert job.errand is not None
        try:
            reply = await asyncio.wrap_future(job.errand.reply)
        except Refused as error:
            cancelled = error.told in (pools.CALLED_OFF, error_schema.STOPPING)
            told = None if cancelled else error.told
            await self._note(job, state=State.CANCELLED if cancelled else State.FAILED, told=told)
        else:
            self._cache.put(key, reply)
            await self._note(job, state=State.DONE, reply=reply, part=1.0)

    async def _note(self, job: Job, **said: Any) -> None:
        """Write down what happened, and tell who listens; what is over stays as it is."""
        if job.over:
            return
        for name, value in said.items():
            setattr(job, name, value)
        if job.over:
            job.seconds = time.monotonic() - job.began
            self.ended[job.state.value] = self.ended.get(job.state.value, 0) + 1
        async with job.changed:
            job.changed.notify_all()

    def _forget(self) -> None:
        """Forget the oldest finished jobs."""
        over = [name for name, job in self._jobs.items() if job.over]
        for name in over[: max(0, len(over) - self._limits.jobs_kept)]:
            del self._jobs[name]
