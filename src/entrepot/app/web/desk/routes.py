"""The pages and what they load."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from entrepot.app.web.api.routes import PREFIX, Named, sent, service_of
from entrepot.app.web.desk.templating import static_files
from entrepot.app.web.http import metrics
from entrepot.app.web.messages.responses import HTML, Reply, of_json

router = APIRouter(include_in_schema=False)
FOR_EVER = "public, max-age=31536000, immutable"
ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""For documents that bring their own style and run nothing."""
FIRST = "india-russia-2025"


@router.get("/")
async def desk(request: Request) -> Response:
    """Return the desk in the state of its address."""
    reply = await service_of(request).answer("page", request.url.query)
    return sent(request, Reply(reply.body, reply.media, reply.status, headers={"cache-control": "no-cache"}))


@router.get("/statements")
async def first_statements() -> Response:
    """Go to the statements of the case."""
    return RedirectResponse(f"/statements/{FIRST}", 307)


@router.get("/statements/{name}")
async def statements(request: Request, name: Named) -> Response:
    """Return statements as cards."""
    return sent(request, await service_of(request).answer("statements_page", name))


@router.get("/download/{what}")
async def download(request: Request, what: Named) -> Response:
    """Return a table, a picture, the brief or the scenario of the state of an address."""
    reply = await service_of(request).answer("download", (what, request.url.query))
    response = sent(request, reply)
    response.headers["content-security-policy"] = ALONE
    return response


@router.get("/jobs/{job}")
async def job_page(request: Request, job: Named) -> Response:
    """Return the answer of a job as a piece of the page."""
    found = service_of(request).jobs.get(job)
    if found.reply is None or not found.reply.page:
        raise HTTPException(404, "this job has no page, or not yet")
    return Response(found.reply.page, media_type=HTML)


@router.get("/static/{mark}/{name}")
async def static(mark: str, name: str) -> Response:
    """Return a file that a page loads; the mark changes with its content."""
    files = static_files()
    if name not in files:
        raise HTTPException(404, "no such file")
    body, media = files[name]
    return Response(body, media_type=media, headers={"cache-control": FOR_EVER})


@router.get("/favicon.ico")
async def icon() -> Response:
    """Return the sign in a browser's tab."""
    return Response(static_files()["sign.svg"][0], media_type="image/svg+xml", headers={"cache-control": FOR_EVER})


@router.get("/api")
async def newest() -> Response:
    """Go to the newest version of the API."""
    return RedirectResponse(PREFIX, 307)


@router.get("/healthz")
async def health(request: Request) -> Response:
    """Say whether questions are answered: 503 while processes warm up, or when the server is being stopped."""
    service = service_of(request)
    ready = service.pool.ready
    status = "stopping" if service.stopping else "ok" if ready else "starting"
    said = {"status": status, "version": request.app.version, "processes": service.pool.size, "ready": ready}
    return Response(of_json(said).body, 200 if status == "ok" else 503, media_type="application/json")


@router.get("/metrics")
async def numbers(request: Request) -> Response:
    """Return the counts of the server as Prometheus reads them."""
    return PlainTextResponse(metrics.text(service_of(request)), media_type=metrics.MEDIA)
