"""Routes of the API, version 1."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from entrepot.app.web.messages.error_schema import ErrorBody, RequestRejected
from entrepot.app.web.messages.payload import JSON, MIN_COMPRESSED, Payload, json_payload
from entrepot.app.web.messages.requests import JobRequest, ScenarioRequest, SensitivityRequest, SolveRequest
from entrepot.app.web.workers.jobs import TOO_MANY_STREAMS, Job
from entrepot.app.web.workers.service import Service

PREFIX = "/api/v1"
EVENTS = "text/event-stream"
LISTS = {
    "economies": "economies, with their sources",
    "scenarios": "shipped scenarios",
    "models": "models",
    "elasticities": "tables of trade elasticities",
    "statements": "files of statements, with verdicts",
    "schemas": "JSON Schemas of files",
}
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": description}
    for status, description in {
        400: "The request cannot be parsed.", 404: "Not found.", 413: "The request body is too large.",
        422: "Invalid request, or no equilibrium.", 429: "Too many jobs or streams; retry later.",
        503: "Busy, timed out, or shutting down; retry later.",
    }.items()
}  # fmt: skip
PathName = Annotated[str, Path(max_length=200, description="A name from the list.")]


def reject_query(request: Request) -> None:
    """Raise RequestValidationError if there is a query string: the API takes none, and a typo must not be ignored."""
    unknown = list(request.query_params)
    if unknown:
        raise RequestValidationError([{"loc": ("query", unknown[0]), "type": "extra_forbidden", "msg": ""}])


router = APIRouter(prefix=PREFIX, responses=_ERRORS, dependencies=[Depends(reject_query)])


def service_of(request: Request) -> Service:
    """Return the service of the application that handles a request."""
    return request.app.state.service  # type: ignore[no-any-return]


def to_response(request: Request, payload: Payload) -> Response:
    """Return a payload as an HTTP response, compressed if the client accepts gzip."""
    headers = dict(payload.headers)
    if payload.filename:
        headers["content-disposition"] = f'attachment; filename="{payload.filename}"'
    body = payload.body
    if len(body) >= MIN_COMPRESSED and not payload.media_type.startswith("image/png"):
        headers["vary"] = "accept-encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["content-encoding"] = payload.compressed, "gzip"
    return Response(body, payload.status, headers, payload.media_type)


async def run_task(request: Request, kind: str, argument: Any) -> Response:
    """Return the response of a task function, computed or cached."""
    return to_response(request, await service_of(request).run(kind, argument))


@router.get("", summary="Version and endpoints")
async def index(request: Request) -> Response:
    """Return the version and the list of endpoints."""
    endpoints = {
        "entrepot": request.app.version,
        "get": [f"{PREFIX}/{name}" for name in LISTS],
        "post": [f"{PREFIX}/{name}" for name in ("check", "solve", "sensitivity", "jobs")],
        "described": "/openapi.json",
    }
    return to_response(request, json_payload(endpoints))


def _add_list(kind: str, title: str) -> None:
    """Add the routes of a list: all entries, and one entry in full."""

    async def list_all(request: Request) -> Response:
        return await run_task(request, "catalogue", (kind, None))

    async def get_one(request: Request, name: PathName) -> Response:
        return await run_task(request, "catalogue", (kind, name))

    router.get(f"/{kind}", summary=f"All {title}", operation_id=f"list_{kind}")(list_all)
    router.get(f"/{kind}/{{name}}", summary=f"One of the {title}", operation_id=f"get_{kind}")(get_one)


for _kind, _title in LISTS.items():
    _add_list(_kind, _title)


@router.get("/statements/{name}/{statement}", summary="One statement with all readings")
async def statement(request: Request, name: PathName, statement: PathName) -> Response:
    """Return the verdict on a statement, the readings under which it holds, and what decides."""
    return await run_task(request, "statement", (name, statement))


@router.post("/check", summary="Validate a scenario")
async def check(request: Request, body: ScenarioRequest) -> Response:
    """Return a scenario as it was parsed, without solving it."""
    return await run_task(request, "check", body)


@router.post("/solve", summary="Solve a scenario")
async def solve(request: Request, body: SolveRequest) -> Response:
    """Return the equilibrium of a scenario: headline, assumptions, ranking of countries, and the requested tables."""
    return await run_task(request, "solve", body)


@router.post("/sensitivity", summary="Rank wedges by their effect on an outcome")
async def sensitivity(request: Request, body: SensitivityRequest) -> Response:
    """Return the exact derivatives of an outcome with respect to all wedges, the strongest first."""
    return await run_task(request, "sensitivity", body)


@router.post("/jobs", summary="Start a job", status_code=202)
async def start_job(request: Request, body: JobRequest) -> Response:
    """Start a job and return it; poll its URL or read its event stream."""
    return job_response(service_of(request).jobs.start(body.kind, body))


@router.get("/jobs/{job}", summary="Status and result of a job")
async def job_status(request: Request, job: PathName) -> Response:
    """Return a job; once it is done, with the result under `answer`."""
    found = service_of(request).jobs.get(job)
    status = json_payload(_with_links(found)).body
    if found.payload is None:
        return Response(status, 200, media_type=JSON)
    return to_response(request, Payload(status[:-1] + b',"answer":' + found.payload.body + b"}"))


@router.get(
    "/jobs/{job}/events", summary="Event stream of a job",
    response_class=StreamingResponse, responses={200: {"content": {EVENTS: {"schema": {"type": "string"}}}}},
)  # fmt: skip
async def job_events(request: Request, job: PathName) -> Response:
    """Return server-sent events: `progress` with the status of the job, then `end`."""
    service = service_of(request)
    service.jobs.get(job)
    if service.jobs.streams >= service.limits.streams:
        raise RequestRejected(TOO_MANY_STREAMS)

    async def stream() -> AsyncIterator[bytes]:
        async for event in service.jobs.events(job):
            if event is None:
                yield b": keep-alive\n\n"
            else:
                yield f"event: {event[0]}\ndata: {json.dumps(event[1])}\n\n".encode()

    return StreamingResponse(
        stream(), media_type=EVENTS, headers={"cache-control": "no-store", "x-accel-buffering": "no"}
    )


@router.delete("/jobs/{job}", summary="Cancel a job")
async def cancel_job(request: Request, job: PathName) -> Response:
    """Cancel a job and return it; a finished job stays as it is."""
    cancelled = await service_of(request).jobs.cancel(job)
    return Response(json_payload(_with_links(cancelled)).body, 200, media_type=JSON)


def job_response(job: Job) -> Response:
    """Return the response to a request that started a job."""
    status = json_payload(_with_links(job))
    return Response(status.body, 202, {"location": f"{PREFIX}/jobs/{job.id}"}, JSON)


def _with_links(job: Job) -> dict[str, Any]:
    url = f"{PREFIX}/jobs/{job.id}"
    return job.status() | {"links": {"self": url, "events": f"{url}/events"}}
