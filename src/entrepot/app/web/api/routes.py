"""The API, version 1."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from entrepot.app.web.http.service import Service
from entrepot.app.web.messages.error_schema import Problem, Refused
from entrepot.app.web.messages.requests import Change, JobRequest, SensitivityRequest, SolveRequest
from entrepot.app.web.messages.responses import JSON, SMALLEST, Reply, of_json
from entrepot.app.web.workers.jobs import TOO_MANY_STREAMS, Job

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
_SAID: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": what}
    for status, what in {
        400: "The request cannot be read.", 404: "There is no such thing.", 413: "The request is too large.",
        422: "The request says something that cannot be.", 429: "Too much at once; ask again later.",
        503: "Too busy, too slow or stopping; ask again later.",
    }.items()
}  # fmt: skip
Named = Annotated[str, Path(max_length=200, description="A name, as the list has it.")]


def plain(request: Request) -> None:
    """Refuse what follows a question mark: nothing here is asked so, and a slip must not go unseen."""
    unknown = list(request.query_params)
    if unknown:
        raise RequestValidationError([{"loc": ("query", unknown[0]), "type": "extra_forbidden", "msg": ""}])


router = APIRouter(prefix=PREFIX, responses=_SAID, dependencies=[Depends(plain)])


def service_of(request: Request) -> Service:
    """Return the desk that a request is for."""
    return request.app.state.service  # type: ignore[no-any-return]


def sent(request: Request, reply: Reply) -> Response:
    """Return a reply as a response, compressed for who can read that."""
    headers = dict(reply.headers)
    if reply.name:
        headers["content-disposition"] = f'attachment; filename="{reply.name}"'
    body = reply.body
    if len(body) >= SMALLEST and not reply.media.startswith("image/png"):
        headers["vary"] = "accept-encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["content-encoding"] = reply.compressed, "gzip"
    return Response(body, reply.status, headers, reply.media)


@router.get("", summary="What there is")
async def index(request: Request) -> Response:
    """Return the version and where everything is."""
    said = {
        "entrepot": request.app.version,
        "get": [f"{PREFIX}/{name}" for name in LISTS],
        "post": [f"{PREFIX}/{name}" for name in ("check", "solve", "sensitivity", "jobs")],
        "described": "/openapi.json",
    }
    return sent(request, of_json(said))


def _listing(kind: str, what: str) -> None:
    """Add a list of what is shipped, and one of it in full."""

    async def every(request: Request) -> Response:
        return sent(request, await service_of(request).answer("catalogue", (kind, None)))

    async def one(request: Request, name: Named) -> Response:
        return sent(request, await service_of(request).answer("catalogue", (kind, name)))

    router.get(f"/{kind}", summary=f"All {what}", operation_id=f"list_{kind}")(every)
    router.get(f"/{kind}/{{name}}", summary=f"One of the {what}", operation_id=f"get_{kind}")(one)


for _kind, _what in LISTS.items():
    _listing(_kind, _what)


@router.get("/statements/{name}/{statement}", summary="One statement with every reading")
async def statement_of(request: Request, name: Named, statement: Named) -> Response:
    """Return the verdict on a statement, the readings under which it holds, and what decides."""
    return sent(request, await service_of(request).answer("statements", (name, statement)))


@router.post("/check", summary="Is this a scenario, and what does it say?")
async def check(request: Request, asked: Change) -> Response:
    """Return a scenario as it is understood, without solving anything."""
    return sent(request, await service_of(request).answer("check", asked))


@router.post("/solve", summary="What a change does to every country")
async def solve(request: Request, asked: SolveRequest) -> Response:
    """Return the equilibrium after a change: headline, assumptions, ranking of countries, and the tables asked for."""
    return sent(request, await service_of(request).answer("solve", asked))


@router.post("/sensitivity", summary="What matters most for an outcome")
async def sensitivity(request: Request, asked: SensitivityRequest) -> Response:
    """Return the exact derivatives of an outcome by all wedges of the world, the strongest first."""
    return sent(request, await service_of(request).answer("sensitivity", asked))


@router.post("/jobs", summary="Begin a job", status_code=202)
async def begin(request: Request, asked: JobRequest) -> Response:
    """Return a new job; follow it at its address or as a stream of events."""
    job = service_of(request).jobs.begin(asked.kind, asked)
    reply = of_json(_with_links(job), status=202)
    return Response(reply.body, 202, {"location": f"{PREFIX}/jobs/{job.id}"}, JSON)


@router.get("/jobs/{job}", summary="Where a job stands, and its answer")
async def job_of(request: Request, job: Named) -> Response:
    """Return a job; once it is done, with its answer under `answer`."""
    found = service_of(request).jobs.get(job)
    status = of_json(_with_links(found)).body
    if found.reply is None:
        return Response(status, 200, media_type=JSON)
    return sent(request, Reply(status[:-1] + b',"answer":' + found.reply.body + b"}"))


@router.get(
    "/jobs/{job}/events", summary="What happens to a job, as it happens",
    response_class=StreamingResponse, responses={200: {"content": {EVENTS: {"schema": {"type": "string"}}}}},
)  # fmt: skip
async def events(request: Request, job: Named) -> Response:
    """Return server-sent events: `progress` with the job's state, then `end`."""
    service = service_of(request)
    service.jobs.get(job)
    if service.jobs.streams >= service.limits.streams:
        raise Refused(TOO_MANY_STREAMS)

    async def written() -> AsyncIterator[bytes]:
        async for event in service.jobs.events(job):
            if event is None:
                yield b": still there\n\n"
            else:
                yield f"event: {event[0]}\ndata: {json.dumps(event[1])}\n\n".encode()

    return StreamingResponse(
        written(), media_type=EVENTS, headers={"cache-control": "no-store", "x-accel-buffering": "no"}
    )


@router.delete("/jobs/{job}", summary="Call a job off")
async def cancel(request: Request, job: Named) -> Response:
    """Return the job after calling it off; one that is over stays as it is."""
    found = await service_of(request).jobs.cancel(job)
    return Response(of_json(_with_links(found)).body, 200, media_type=JSON)


def _with_links(job: Job) -> dict[str, Any]:
    at = f"{PREFIX}/jobs/{job.id}"
    return job.status() | {"links": {"self": at, "events": f"{at}/events"}}
