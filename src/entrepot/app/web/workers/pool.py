"""Processes that compute, and the errands that wait for one; a process that takes too long is replaced."""

import asyncio
import logging
import math
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from entrepot.app.web.messages import error_schema
from entrepot.app.web.messages.error_schema import Refused, Told
from entrepot.app.web.messages.responses import Reply
from entrepot.app.web.workers import worker

GLANCE = 0.1  # seconds between two looks at whether an errand was called off
LOOK = 1.0  # seconds between two looks at whether a process that does nothing still lives
START = 120.0  # seconds that a process may take to import and compile; 6 are usual
LOG = logging.getLogger(__name__)
CALLED_OFF = Told(409, "cancelled", ("cancelled",))

Progress = Callable[[dict[str, object]], None]
"""Told how far an errand is, from a thread of its own."""


@dataclass
class Errand:
    """Something to compute."""

    kind: str
    asked: Any
    seconds: float
    progress: Progress | None = None
    called_off: threading.Event = field(default_factory=threading.Event)
    reply: "Future[Reply]" = field(default_factory=Future)
    begun: Callable[[], None] | None = None
    until: float = math.inf
    """When nobody waits for it any more, on the monotonic clock."""


class Pool:
    """Some processes, each with a thread that hands it one errand after another."""

    def __init__(self, size: int, waiting: int, *, at_once: bool) -> None:
        """`at_once` starts and warms the processes now, and again after each that ended; else by need."""
        self.size, self.restarts, self.running = size, 0, 0
        self.at_once = at_once
        self._most_waiting = waiting
        self._errands: queue.Queue[Errand | None] = queue.Queue()
        self._closing = threading.Event()
        self._clerks = [_Clerk(self) for _ in range(size)]
        for clerk in self._clerks:
            clerk.start()

    @property
    def waiting(self) -> int:
        """Errands that nobody has begun; those that were called off do not count."""
        with self._errands.mutex:
            return sum(errand is not None and not errand.called_off.is_set() for errand in self._errands.queue)

    @property
    def ready(self) -> int:
        """Processes that could take an errand."""
        return sum(clerk.ready for clerk in self._clerks)

    def submit(self, errand: Errand) -> Errand:
        """Put an errand into the queue.

        Raises
        ------
        Refused
            The queue is full, or the pool is being closed.
        """
        if self._closing.is_set():
            raise Refused(error_schema.STOPPING)
        if self.waiting >= self._most_waiting:
            raise Refused(error_schema.BUSY)
        self._errands.put(errand)
        return errand

    async def run(self, kind: str, asked: Any, seconds: float) -> Reply:
        """Return what an errand brings back."""
        errand = Errand(kind, asked, seconds, until=time.monotonic() + 2 * seconds)  # as long in the queue as at work
        return await asyncio.wrap_future(self.submit(errand).reply)

    def close(self) -> None:
        """End every process; errands that wait or run are refused."""
        self._closing.set()
        while True:
            try:
                errand = self._errands.get_nowait()
            except queue.Empty:
                break
            if errand is not None:
                _settle(errand, error_schema.STOPPING)
        for _ in self._clerks:
            self._errands.put(None)
        for clerk in self._clerks:
            clerk.join()


class _Clerk(threading.Thread):
    """One process, and who hands it errands."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(daemon=True)
        self._pool = pool
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._warm = False

    @property
    def ready(self) -> bool:
        """Whether there is a process that could take an errand."""
        process = self._process
        try:
            return self._warm and process is not None and process.is_alive()
        except ValueError:  # it is being ended in this moment
            return False

    def run(self) -> None:
        """Take errands from the pool's queue until it is closed."""
        closing = self._pool._closing
        while not closing.is_set():
            if self._pool.at_once and not self.ready:
                self._begin()
            try:  # a process that dies while nobody asks is replaced before somebody does
                errand = self._pool._errands.get(timeout=LOOK if self._pool.at_once else None)
            except queue.Empty:
                continue
            if errand is None or closing.is_set():
                if errand is not None:
                    _settle(errand, error_schema.STOPPING)
                break
            if errand.called_off.is_set():
                _settle(errand, CALLED_OFF)
                continue
            if time.monotonic() > errand.until:
                _settle(errand, error_schema.BUSY)
                continue
            self._pool.running += 1
            outcome: Reply | Told = error_schema.BROKE
            try:
                outcome = self._worked(errand)
            except Exception:  # whatever happens to one errand, the next one finds somebody
                LOG.exception("an errand was lost", extra={"said": {"kind": errand.kind}})
                self._replaced()
            finally:
                self._pool.running -= 1
                _settle(errand, outcome)
        self._end()

    def _worked(self, errand: Errand) -> Reply | Told:
        """Return what became of an errand, with a process made for it where there is none."""
        if errand.begun is not None:
            errand.begun()
        if not self.ready:
            self._begin()
        if errand.called_off.is_set():
            return CALLED_OFF
        return self._done(errand) if self.ready else error_schema.BROKE

    def _begin(self) -> None:
        """Start a process, and wait until it can take an errand; where that fails, somebody tries again later."""
        self._end()
        until = time.monotonic() + START
        try:
            context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=worker.work, args=(theirs, self._pool.at_once), daemon=True)
            self._process.start()
            theirs.close()
            while time.monotonic() < until and not self._pool._closing.is_set():
                if self._pipe.poll(GLANCE):
                    self._warm = self._pipe.recv()[0] == worker.READY
                    return
        except (EOFError, OSError):  # it died, or the machine has no more files or memory to give
            LOG.warning("no process could be started")
            self._end()
        self._pool.restarts += 1
        self._pool._closing.wait(1.0)  # what fails at once must not be tried a thousand times a second

    def _done(self, errand: Errand) -> Reply | Told:
        """Return what became of an errand; where the process has to be ended, the next one begins anew."""
        assert self._pipe is not None
        until = time.monotonic() + errand.seconds
        try:
            self._pipe.send((errand.kind, errand.asked))
            while True:
                if self._pipe.poll(GLANCE):
                    what, said = self._pipe.recv()
                    if what != worker.PROGRESS:
                        return said  # type: ignore[no-any-return]
                    if errand.progress is not None:
                        errand.progress(said)
                if errand.called_off.is_set() or self._pool._closing.is_set():
                    self._replaced()
                    return error_schema.STOPPING if self._pool._closing.is_set() else CALLED_OFF
                if time.monotonic() > until:
                    self._replaced()
                    return error_schema.too_slow(errand.seconds)
        except (EOFError, OSError):
            self._replaced()
            return error_schema.BROKE

    def _replaced(self) -> None:
        self._pool.restarts += 1
        self._end()

    def _end(self) -> None:
        self._warm = False
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None and self._process.pid is not None:
            self._process.join(0.2)  # it ends by itself when the pipe is closed, unless it computes
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
        self._pipe = self._process = None


def _settle(errand: Errand, outcome: Reply | Told) -> None:
    if not errand.reply.set_running_or_notify_cancel():
        return
    if isinstance(outcome, Reply):
        errand.reply.set_result(outcome)
    else:
        errand.reply.set_exception(Refused(outcome))
