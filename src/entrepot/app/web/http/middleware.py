"""What every request passes: its size, the headers that every answer has, a line in the log, the counts."""

import json
import logging
import time
from secrets import token_hex
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrepot.app.web.http.error_handlers import response
from entrepot.app.web.http.service import Service
from entrepot.app.web.messages.error_schema import FAILED, Told

LOG = logging.getLogger("entrepot.web")
POLICY = "; ".join(
    [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ]
)  # fmt: skip
"""Nothing but the page's own files: no inline script or style, no other machine."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
TOO_LARGE = "a request of more than {most:,} bytes is too large; shorten the scenario"


class Door:
    """Stands before the application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, begun = time.perf_counter(), 500, False
        name = token_hex(6)
        metrics = self._service.metrics
        metrics.open += 1

        async def answered(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                headers = MutableHeaders(scope=message)
                for key, value in HEADERS.items():
                    headers.setdefault(key, value)
                headers["x-request-id"] = name
                if status == 413:
                    headers["connection"] = "close"  # what else is on its way is not worth reading
            await send(message)

        most = self._service.limits.body
        try:
            if _declared(scope) > most:  # nothing of it need arrive before it is refused
                refused = Told(413, "too_large", (TOO_LARGE.format(most=most),))
                await response(Request(scope), refused)(scope, receive, answered)
                return
            await self._app(scope, _measured(scope, receive, most), answered)
        except Exception:
            LOG.exception("failed", extra={"said": {"id": name, "path": scope["path"][:200]}})
            if not begun:
                await response(Request(scope), FAILED)(scope, receive, answered)
        finally:
            metrics.open -= 1
            seconds = time.perf_counter() - began
            route = _route(scope)
            metrics.note(scope["method"], route, status, seconds)
            LOG.info("request", extra={"said": {
                "id": name, "method": scope["method"], "route": route, "path": scope["path"][:200], "status": status,
                "ms": round(1000 * seconds, 2),
            }})  # fmt: skip


def _measured(scope: Scope, receive: Receive, most: int) -> Receive:
    """Return a receiver that stops where a body grows too large, whatever its header said."""
    read = 0

    async def receiving() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > most or _declared(scope) > most:
                raise HTTPException(413, TOO_LARGE.format(most=most))
        return message

    return receiving


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _route(scope: Scope) -> str:
    """Return the pattern that a path fits, never the path: ids would make a metric each."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "none"


class JsonLines(logging.Formatter):
    """A log of one JSON document a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as a line."""
        said: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(), "event": record.getMessage(), **getattr(record, "said", {}),
        }  # fmt: skip
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)
