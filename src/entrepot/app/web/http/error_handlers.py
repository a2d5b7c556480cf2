"""Whatever goes wrong is told in the one shape of `problems`."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from entrepot.app.web.desk.templating import rendered
from entrepot.app.web.messages import error_schema
from entrepot.app.web.messages.error_schema import Refused, Told
from entrepot.app.web.messages.responses import HTML, JSON, of_json

MOST = 20  # problems that one answer lists
CODES = {400: "unreadable", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def register(app: FastAPI) -> None:
    """Tell every fault of an application in the one shape."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RecursionError, lambda request, _: response(request, error_schema.TOO_DEEP))


def response(request: Request, told: Told) -> Response:
    """Return a fault as JSON to programs, as a page to people."""
    headers = {"retry-after": str(told.retry_after)} if told.retry_after else {}
    if not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", ""):
        return Response(rendered("fault.html.j2", told=told), told.status, headers, HTML)
    return Response(of_json(error_schema.document(told)).body, told.status, headers, JSON)


def _refused(request: Request, error: Any) -> Response:
    return response(request, error.told)


def _invalid(request: Request, error: Any) -> Response:
    lines = [_sentence(one) for one in error.errors()]
    more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return response(request, Told(422, "invalid_request", (*lines[:MOST], *more)))


def _sentence(problem: Any) -> str:
    place = ".".join(str(step) for step in problem["loc"] if step != "body") or "the request"
    if problem["type"] == "extra_forbidden":
        return f"{place}: unknown field; remove or rename it"
    if problem["type"] == "missing":
        return f"{place}: missing; add it"
    return f"{place}: {problem['msg'].removeprefix('Value error, ')}"


def _http(request: Request, error: Any) -> Response:
    said = str(error.detail) or HTTPStatus(error.status_code).phrase.lower()
    answer = response(request, Told(error.status_code, CODES.get(error.status_code, "refused"), (said,)))
    answer.headers.update(error.headers or {})
    return answer
