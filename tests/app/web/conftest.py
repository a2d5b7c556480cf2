"""One desk for all tests of this folder: its process takes seconds to warm up, and what it answered is kept."""

import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from entrepot.app.web.http.app import make_app
from entrepot.app.web.limits import Limits
from entrepot.app.web.workers import pool

PATIENCE = 300.0  # seconds that a test waits for what it expects: on a busy machine everything comes, but late
# No test may run into a limit because other work runs on the machine; those of a limit set their own.
LIMITS = Limits(body=200_000, seconds=PATIENCE, job_seconds=2 * PATIENCE, jobs_waiting=6, grace=1.0)


class Running:
    """A desk that listens on loopback, in a thread; `url` is where."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.app = make_app(workers=1, limits=limits)
        config = uvicorn.Config(self.app, port=0, log_config=None, timeout_graceful_shutdown=1, ws="none")
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()
        until = time.monotonic() + PATIENCE
        while not (self.server.started and self.app.state.service.pool.ready):
            assert time.monotonic() < until, "the desk does not start"
            assert self.app.state.service.pool.restarts < 2, "the desk's process dies while it warms up"
            time.sleep(0.05)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def close(self) -> None:
        self.server.should_exit = True
        self._thread.join()


@pytest.fixture(scope="session", autouse=True)
def processes_may_start_late() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "START_TIMEOUT", PATIENCE)
        yield


@pytest.fixture(scope="session")
def desk() -> Iterator[Running]:
    running = Running()
    yield running
    running.close()


@pytest.fixture
def client(desk: Running) -> Iterator[httpx.Client]:
    """Return a client on the real socket."""
    with httpx.Client(base_url=desk.url, timeout=PATIENCE) as client:
        yield client
