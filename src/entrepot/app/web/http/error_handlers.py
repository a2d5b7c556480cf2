"""Exception handlers: every error response has the format of `error_schema`."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from entrepot.app.web.desk.templating import render
from entrepot.app.web.messages import error_schema
from entrepot.app.web.messages.error_schema import ErrorInfo, RequestRejected
from entrepot.app.web.messages.payload import HTML, JSON, json_payload

MAX_PROBLEMS = 20
CODES = {400: "unreadable", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def register(app: FastAPI) -> None:
    """Add the exception handlers to an application."""
    app.add_exception_handler(RequestRejected, _rejected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RecursionError, lambda request, _: error_response(request, error_schema.TOO_DEEP))


def error_response(request: Request, info: ErrorInfo) -> Response:
    """Return an error as HTML to browsers outside /api, otherwise as JSON."""
    headers = {"retry-after": str(info.retry_after)} if info.retry_after else {}
    if not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", ""):
        return Response(render("error.html.j2", error=info), info.status, headers, HTML)
    return Response(json_payload(error_schema.error_document(info)).body, info.status, headers, JSON)


def _rejected(request: Request, error: Any) -> Response:
    return error_response(request, error.info)


def _invalid(request: Request, error: Any) -> Response:
    problems = [_sentence(problem) for problem in error.errors()]
    more = [f"and {len(problems) - MAX_PROBLEMS} more"] if len(problems) > MAX_PROBLEMS else []
    return error_response(request, ErrorInfo(422, "invalid_request", (*problems[:MAX_PROBLEMS], *more)))


def _sentence(problem: Any) -> str:
    place = ".".join(str(step) for step in problem["loc"] if step != "body") or "the request"
    if problem["type"] == "extra_forbidden":
        return f"{place}: unknown field; remove or rename it"
    if problem["type"] == "missing":
        return f"{place}: missing; add it"
    return f"{place}: {problem['msg'].removeprefix('Value error, ')}"


def _http(request: Request, error: Any) -> Response:
    message = str(error.detail) or HTTPStatus(error.status_code).phrase.lower()
    info = ErrorInfo(error.status_code, CODES.get(error.status_code, "refused"), (message,))
    response = error_response(request, info)
    response.headers.update(error.headers or {})
    return response
