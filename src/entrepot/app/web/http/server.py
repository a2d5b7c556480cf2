"""Listening: a socket, the log, and an end that finishes or calls off what runs."""

import asyncio
import logging
import os
import socket
import sys
from types import FrameType

import uvicorn

from entrepot.app.web.http.app import make_app
from entrepot.app.web.http.middleware import JsonLines
from entrepot.app.web.http.service import Service
from entrepot.app.web.limits import Limits
from entrepot.core.errors import InputError

MOST_WORKERS = 4  # processes by default: more people than these can serve at a time want a choice of their own
BACKLOG = 2048


class Server(uvicorn.Server):
    """A server that stops jobs first: their streams would keep it waiting."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service, self._ending = service, False
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop."""
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Finish what runs, or call it off once grace is over; a second signal does not wait."""
        if self._ending:
            self.should_exit = self.force_exit = True
            return
        self._ending = True
        self._loop.call_soon_threadsafe(self._begin_to_end)

    def _begin_to_end(self) -> None:
        async def end() -> None:
            await self._service.stop()
            self.should_exit = True

        self._tasks.add(asyncio.get_running_loop().create_task(end()))


def run(host: str, port: int, workers: int | None, limits: Limits) -> None:
    """Serve the desk until told to stop.

    Raises
    ------
    InputError
        Nobody can listen there.
    """
    listening = _socket(host, port)
    _log()
    app = make_app(workers or min(MOST_WORKERS, os.cpu_count() or 1), limits)
    service: Service = app.state.service
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, backlog=BACKLOG, timeout_keep_alive=15,
        timeout_graceful_shutdown=max(1, round(limits.grace)), ws="none", h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    at, shown = listening.getsockname()[1], f"[{host}]" if ":" in host else host
    print(f"entrepot: the desk is at http://{shown}:{at}/ and its API at http://{shown}:{at}/api/v1", file=sys.stderr)
    try:
        Server(config, service).run(sockets=[listening])
    finally:
        service.close()
        listening.close()


def _socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)  # whoever asks before the first answer is ready waits for it
    except OSError as error:
        listening.close()
        raise InputError(
            f"cannot listen at {host}, port {port}: {error.strerror or error}; choose another with --port, or 0 for any"
        ) from None
    return listening


def _log() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("entrepot.web", "uvicorn", "uvicorn.error"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.INFO)
