"""Processes that compute, and the errands that wait for one; a process that takes too long is replaced."""

import asyncio
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

from entrepot.app.web import problems, worker
from entrepot.app.web.problems import Refused, Told
from entrepot.app.web.replies import Reply

GLANCE = 0.1  # seconds between two looks at whether an errand was called off
START = 120.0  # seconds that a process may take to import and compile; 6 are usual
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
        """Errands that nobody has begun."""
        return self._errands.qsize()

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
            raise Refused(problems.STOPPING)
        if self.waiting >= self._most_waiting:
            raise Refused(problems.BUSY)
        self._errands.put(errand)
        return errand

    async def run(self, kind: str, asked: Any, seconds: float) -> Reply:
        """Return what an errand brings back."""
        return await asyncio.wrap_future(self.submit(Errand(kind, asked, seconds)).reply)

    def close(self) -> None:
        """End every process; errands that wait or run are refused."""
        self._closing.set()
        while True:
            try:
                errand = self._errands.get_nowait()
            except queue.Empty:
                break
            if errand is not None:
                _settle(errand, problems.STOPPING)
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
        self.ready = False

    def run(self) -> None:
        """Take errands from the pool's queue until it is closed."""
        closing = self._pool._closing
        while not closing.is_set():
            if self._pool.at_once and not self.ready:
                self._begin()
            errand = self._pool._errands.get()
            if errand is None or closing.is_set():
                if errand is not None:
                    _settle(errand, problems.STOPPING)
                break
            if errand.called_off.is_set():
                _settle(errand, CALLED_OFF)
                continue
            self._pool.running += 1
            try:
                if errand.begun is not None:
                    errand.begun()
                if not self.ready:
                    self._begin()
                _settle(errand, self._done(errand) if self.ready else problems.BROKE)
            finally:
                self._pool.running -= 1
        self._end()

    def _begin(self) -> None:
        """Start a process, and wait until it can take an errand."""
        self._end()
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=worker.work, args=(theirs, self._pool.at_once), daemon=True)
        self._process.start()
        theirs.close()
        until = time.monotonic() + START
        try:
            while time.monotonic() < until and not self._pool._closing.is_set():
                if self._pipe.poll(GLANCE):
                    self.ready = self._pipe.recv()[0] == worker.READY
                    return
        except (EOFError, OSError):
            pass
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
                    return problems.STOPPING if self._pool._closing.is_set() else CALLED_OFF
                if time.monotonic() > until:
                    self._replaced()
                    return problems.too_slow(errand.seconds)
        except (EOFError, OSError):
            self._replaced()
            return problems.BROKE

    def _replaced(self) -> None:
        self._pool.restarts += 1
        self._end()

    def _end(self) -> None:
        self.ready = False
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
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
