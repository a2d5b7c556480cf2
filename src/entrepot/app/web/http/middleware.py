"""Middleware: body size limit, security headers, access log, request metrics."""

import json
import logging
import time
from secrets import token_hex
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrepot.app.web.http.error_handlers import error_response
from entrepot.app.web.http.metrics import Metrics
from entrepot.app.web.messages.error_schema import INTERNAL, ErrorInfo

LOG = logging.getLogger("entrepot.web")
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ]
)  # fmt: skip
"""Only files of this server: no inline script or style, no third party."""
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
TOO_LARGE = "the request body is too large; the maximum is {limit:,} bytes; shorten the scenario"


class RequestMiddleware:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, max_body: int, metrics: Metrics) -> None:
        self._app, self._max_body, self._metrics = app, max_body, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or reject it if its body is too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status, started = time.perf_counter(), 500, False
        request_id = token_hex(6)
        self._metrics.open_requests.inc()

        async def send_with_headers(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                headers = MutableHeaders(scope=message)
                for key, value in HEADERS.items():
                    headers.setdefault(key, value)
                headers["x-request-id"] = request_id
                if status == 413:
                    headers["connection"] = "close"  # the rest of the body is not worth reading
            await send(message)

        try:
            if _declared_length(scope) > self._max_body:  # rejected before any of the body arrives
                rejected = ErrorInfo(413, "too_large", (TOO_LARGE.format(limit=self._max_body),))
                await error_response(Request(scope), rejected)(scope, receive, send_with_headers)
                return
            await self._app(scope, _limited(scope, receive, self._max_body), send_with_headers)
        except Exception:
            LOG.exception("failed", extra={"fields": {"id": request_id, "path": scope["path"][:200]}})
            if not started:
                await error_response(Request(scope), INTERNAL)(scope, receive, send_with_headers)
        finally:
            self._metrics.open_requests.dec()
            seconds = time.perf_counter() - start
            route = _route(scope)
            self._metrics.observe(scope["method"], route, status, seconds)
            LOG.info("request", extra={"fields": {
                "id": request_id, "method": scope["method"], "route": route, "path": scope["path"][:200],
                "status": status, "ms": round(1000 * seconds, 2),
            }})  # fmt: skip


def _limited(scope: Scope, receive: Receive, max_body: int) -> Receive:
    """Return a receiver that raises HTTPException once the body exceeds the limit, whatever its declared length."""
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > max_body or _declared_length(scope) > max_body:
                raise HTTPException(413, TOO_LARGE.format(limit=max_body))
        return message

    return receive_limited


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _route(scope: Scope) -> str:
    """Return the route pattern, not the path: paths with ids would create a metric each."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "none"


class JsonFormatter(logging.Formatter):
    """Formats a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as a line."""
        fields: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(), "event": record.getMessage(), **getattr(record, "fields", {}),
        }  # fmt: skip
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)
