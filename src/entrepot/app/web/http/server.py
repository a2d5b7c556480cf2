"""The server process: socket, logging, graceful shutdown."""

import asyncio
import logging
import os
import socket
import sys
from types import FrameType

import uvicorn

from entrepot.app.web.http.app import make_app
from entrepot.app.web.http.middleware import JsonFormatter
from entrepot.app.web.limits import Limits
from entrepot.app.web.workers.service import Service
from entrepot.core.errors import InputError

DEFAULT_MAX_WORKERS = 4  # beyond this, memory matters and the operator should choose
BACKLOG = 2048


class Server(uvicorn.Server):
    """A uvicorn server that stops jobs first, because their open streams would delay the shutdown."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service, self._shutting_down = service, False
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal arrives."""
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Shut down gracefully; at once on the second signal."""
        if self._shutting_down:
            self.should_exit = self.force_exit = True
            return
        self._shutting_down = True
        self._loop.call_soon_threadsafe(self._begin_shutdown)

    def _begin_shutdown(self) -> None:
        async def shut_down() -> None:
            await self._service.stop()
            self.should_exit = True

        self._tasks.add(asyncio.get_running_loop().create_task(shut_down()))


def run(host: str, port: int, workers: int | None, limits: Limits) -> None:
    """Serve the desk until a signal arrives.

    Parameters
    ----------
    host, port
        Where to listen; port 0 is any free port.
    workers
        Number of worker processes; None is one per core, at most four.
    limits
        Resource limits.

    Raises
    ------
    InputError
        The host and port are not available.
    """
    listener = _socket(host, port)
    _configure_logging()
    app = make_app(workers or min(DEFAULT_MAX_WORKERS, os.cpu_count() or 1), limits)
    service: Service = app.state.service
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, backlog=BACKLOG, timeout_keep_alive=15,
        timeout_graceful_shutdown=max(1, round(limits.grace)), ws="none", h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    bound_port, shown = listener.getsockname()[1], f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{bound_port}"
    print(f"entrepot: desk at {url}/ and API at {url}/api/v1", file=sys.stderr)
    try:
        Server(config, service).run(sockets=[listener])
    finally:
        service.close()
        listener.close()


def _socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)  # requests that arrive during warm-up wait
    except OSError as error:
        listener.close()
        raise InputError(
            f"cannot listen at {host}, port {port}: {error.strerror or error}; choose another with --port, or 0 for any"
        ) from None
    return listener


def _configure_logging() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name in ("entrepot.web", "uvicorn", "uvicorn.error"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.INFO)
