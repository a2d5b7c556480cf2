"""Routes of the pages, their static files and downloads."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entrepot.app.web.api.routes import PREFIX, PathName, job_response, run_task, service_of
from entrepot.app.web.desk.templating import static_files
from entrepot.app.web.messages.payload import HTML
from entrepot.app.web.messages.requests import RangeJob

router = APIRouter(include_in_schema=False)
IMMUTABLE = "public, max-age=31536000, immutable"
STANDALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""Content security policy of downloaded documents: inline styles, no scripts."""
DEFAULT_STATEMENTS = "india-russia-2025"


@router.get("/")
async def desk(request: Request) -> Response:
    """Return the page in the state of its URL."""
    response = await run_task(request, "desk_page", request.url.query)
    response.headers["cache-control"] = "no-cache"
    return response


@router.get("/statements")
async def default_statements() -> Response:
    """Redirect to the statements about the default case."""
    return RedirectResponse(f"/statements/{DEFAULT_STATEMENTS}", 307)


@router.get("/statements/{name}")
async def statements(request: Request, name: PathName) -> Response:
    """Return a file of statements as cards with their verdicts."""
    return await run_task(request, "statements_page", name)


@router.get("/download/{name}")
async def download(request: Request, name: PathName) -> Response:
    """Return a table, a map, the brief or the scenario file for the state of a URL."""
    response = await run_task(request, "download", (name, request.url.query))
    response.headers["content-security-policy"] = STANDALONE
    return response


@router.post("/range")
async def start_range(request: Request, body: RangeJob) -> Response:
    """Start the job of the range that a page shows by itself; 204 where other jobs wait: then the page has a button."""
    job = service_of(request).jobs.start_if_none_waits(body.kind, body)
    return Response(status_code=204) if job is None else job_response(job)


@router.delete("/range/{job}")
async def leave_range(request: Request, job: PathName) -> Response:
    """Take back the job of a range that no page shows any longer, unless it runs already."""
    await service_of(request).jobs.withdraw(job)
    return Response(status_code=204)


@router.get("/jobs/{job}")
async def job_fragment(request: Request, job: PathName) -> Response:
    """Return the result of a job as an HTML fragment."""
    found = service_of(request).jobs.get(job)
    if found.payload is None or not found.payload.fragment:
        raise HTTPException(404, "this job has no page, or is not finished")
    return Response(found.payload.fragment, media_type=HTML)


@router.get("/static/{digest}/{name}")
async def static(digest: str, name: str) -> Response:
    """Return a static file; the digest in the URL changes with its content."""
    files = static_files()
    if name not in files:
        raise HTTPException(404, "no such file")
    body, media_type = files[name]
    return Response(body, media_type=media_type, headers={"cache-control": IMMUTABLE})


@router.get("/favicon.ico")
async def icon() -> Response:
    """Return the icon of the browser tab."""
    return Response(static_files()["sign.svg"][0], media_type="image/svg+xml", headers={"cache-control": IMMUTABLE})


@router.get("/api")
async def latest_api() -> Response:
    """Redirect to the latest version of the API."""
    return RedirectResponse(PREFIX, 307)
