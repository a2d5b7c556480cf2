"""Pool of worker processes with a task queue; a process that exceeds a timeout is killed and replaced."""

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
from entrepot.app.web.messages.error_schema import ErrorInfo, RequestRejected
from entrepot.app.web.messages.payload import Payload
from entrepot.app.web.workers import worker

POLL = 0.1  # seconds between two checks for cancellation
IDLE_CHECK = 1.0  # seconds between two checks that an idle process is alive
START_TIMEOUT = 600.0  # seconds that a process may take to import and compile: 6 are typical, 120 on a busy machine
LOG = logging.getLogger("entrepot.web.pool")


@dataclass
class Task:
    """A unit of work for a worker process.

    Attributes
    ----------
    kind
        Key of the task function in the tasks module.
    request
        Its argument.
    seconds
        Timeout of the computation.
    on_progress, on_start
        Called from the thread of the worker.
    cancelled
        Set it to cancel the task, queued or running.
    result
        Future of the payload; fails with RequestRejected.
    deadline
        Monotonic time at which a task that is still queued is rejected.
    """

    kind: str
    request: Any
    seconds: float
    on_progress: Callable[[dict[str, object]], None] | None = None
    on_start: Callable[[], None] | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    result: "Future[Payload]" = field(default_factory=Future)
    deadline: float = math.inf


class Pool:
    """Worker processes, each with a thread that feeds it from a shared queue."""

    def __init__(self, size: int, max_queued: int, *, tasks_module: str, eager: bool, background: bool = False) -> None:
        """Start the threads of the pool.

        Parameters
        ----------
        size
            Number of processes.
        max_queued
            Maximum number of queued tasks.
        tasks_module
            Module that the processes import for the task functions; see `worker.run_worker`.
        eager
            Whether to start and warm up processes now and after each failure, rather than on demand.
        background
            Whether the processes give way to others that need the cores.
        """
        self.size, self.restarts, self.running = size, 0, 0
        self.tasks_module, self.eager, self.background = tasks_module, eager, background
        self._max_queued = max_queued
        self._queue: queue.Queue[Task | None] = queue.Queue()
        self._closing = threading.Event()
        self._workers = [WorkerHandle(self) for _ in range(size)]
        for handle in self._workers:
            handle.start()

    @property
    def waiting(self) -> int:
        """Number of queued tasks, cancelled ones excluded."""
        with self._queue.mutex:
            return sum(task is not None and not task.cancelled.is_set() for task in self._queue.queue)

    @property
    def ready(self) -> int:
        """Number of processes that can accept a task."""
        return sum(handle.ready for handle in self._workers)

    def submit(self, task: Task) -> Task:
        """Queue a task.

        Raises
        ------
        RequestRejected
            The queue is full, or the pool is closing.
        """
        if self._closing.is_set():
            raise RequestRejected(error_schema.STOPPING)
        if self.waiting >= self._max_queued:
            raise RequestRejected(error_schema.BUSY)
        self._queue.put(task)
        return task

    async def run(self, kind: str, request: Any, seconds: float) -> Payload:
        """Return the result of a task.

        Raises
        ------
        RequestRejected
            The task failed, timed out, or could not be queued.
        """
        deadline = time.monotonic() + 2 * seconds  # as long in the queue as in a process
        return await asyncio.wrap_future(self.submit(Task(kind, request, seconds, deadline=deadline)).result)

    def close(self) -> None:
        """End all processes; queued and running tasks are rejected."""
        self._closing.set()
        while True:
            try:
                task = self._queue.get_nowait()
            except queue.Empty:
                break
            if task is not None:
                _resolve(task, error_schema.STOPPING)
        for _ in self._workers:
            self._queue.put(None)
        for handle in self._workers:
            handle.join()


class WorkerHandle(threading.Thread):
    """A worker process and the thread that feeds it."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(daemon=True)
        self._pool = pool
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._warm = False

    @property
    def ready(self) -> bool:
        """Whether the process can accept a task."""
        process = self._process
        try:
            return self._warm and process is not None and process.is_alive()
        except ValueError:  # closed at this moment by another thread
            return False

    def run(self) -> None:
        """Run tasks from the queue of the pool until it closes."""
        closing = self._pool._closing
        while not closing.is_set():
            if self._pool.eager and not self.ready:
                self._start_process()
            try:  # with the timeout, a process that died while idle is replaced before the next task
                task = self._pool._queue.get(timeout=IDLE_CHECK if self._pool.eager else None)
            except queue.Empty:
                continue
            if task is None or closing.is_set():
                if task is not None:
                    _resolve(task, error_schema.STOPPING)
                break
            if task.cancelled.is_set():
                _resolve(task, error_schema.CANCELLED)
                continue
            if time.monotonic() > task.deadline:
                _resolve(task, error_schema.BUSY)
                continue
            self._pool.running += 1
            outcome: Payload | ErrorInfo = error_schema.WORKER_DIED
            try:
                outcome = self._run_task(task)
            except Exception:  # an unexpected error of one task must not end the thread
                LOG.exception("task lost", extra={"fields": {"kind": task.kind}})
                self._kill_process()
            finally:
                self._pool.running -= 1
                _resolve(task, outcome)
        self._end_process()

    def _run_task(self, task: Task) -> Payload | ErrorInfo:
        """Return the outcome of a task, starting a process first if there is none."""
        if task.on_start is not None:
            task.on_start()
        if not self.ready:
            self._start_process()
        if task.cancelled.is_set():
            return error_schema.CANCELLED
        return self._exchange(task) if self.ready else error_schema.WORKER_DIED

    def _start_process(self) -> None:
        """Start a process and wait until it is ready; if that fails, the caller finds `ready` False."""
        self._end_process()
        deadline = time.monotonic() + START_TIMEOUT
        try:
            context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
            self._pipe, remote = context.Pipe()
            arguments = (remote, self._pool.tasks_module, self._pool.eager, self._pool.background)
            self._process = context.Process(target=worker.run_worker, args=arguments, daemon=True)
            self._process.start()
            remote.close()
            while time.monotonic() < deadline and not self._pool._closing.is_set():
                if self._pipe.poll(POLL):
                    self._warm = self._pipe.recv()[0] == worker.READY
                    return
        except (EOFError, OSError):  # it died, or the machine is out of memory or file handles
            LOG.warning("cannot start a worker process")
            self._end_process()
        self._pool.restarts += 1
        self._pool._closing.wait(1.0)  # do not retry in a tight loop

    def _exchange(self, task: Task) -> Payload | ErrorInfo:
        """Send a task to the process and return its outcome; on timeout or cancellation the process is killed."""
        assert self._pipe is not None
        deadline = time.monotonic() + task.seconds
        try:
            self._pipe.send((task.kind, task.request))
            while True:
                if self._pipe.poll(POLL):
                    message, content = self._pipe.recv()
                    if message != worker.PROGRESS:
                        return content  # type: ignore[no-any-return]
                    if task.on_progress is not None:
                        task.on_progress(content)
                if task.cancelled.is_set() or self._pool._closing.is_set():
                    self._kill_process()
                    return error_schema.STOPPING if self._pool._closing.is_set() else error_schema.CANCELLED
                if time.monotonic() > deadline:
                    self._kill_process()
                    return error_schema.timed_out(task.seconds)
        except (EOFError, OSError):
            self._kill_process()
            return error_schema.WORKER_DIED

    def _kill_process(self) -> None:
        self._pool.restarts += 1
        self._end_process()

    def _end_process(self) -> None:
        self._warm = False
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None and self._process.pid is not None:
            self._process.join(0.2)  # an idle process ends by itself once the pipe is closed
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
        self._pipe = self._process = None


def _resolve(task: Task, outcome: Payload | ErrorInfo) -> None:
    if not task.result.set_running_or_notify_cancel():
        return
    if isinstance(outcome, Payload):
        task.result.set_result(outcome)
    else:
        task.result.set_exception(RequestRejected(outcome))
