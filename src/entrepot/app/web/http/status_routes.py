"""Health check and metrics."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from entrepot.app.web.api.routes import service_of
from entrepot.app.web.http.metrics import MEDIA_TYPE
from entrepot.app.web.messages.payload import JSON, json_payload

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def health(request: Request) -> Response:
    """Return 200 when a worker process is ready, 503 while they warm up or the server shuts down."""
    service = service_of(request)
    ready = service.pool.ready
    status = "stopping" if service.stopping else "ok" if ready else "starting"
    document = {"status": status, "version": request.app.version, "processes": service.pool.size, "ready": ready}
    return Response(json_payload(document).body, 200 if status == "ok" else 503, media_type=JSON)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Return the metrics of the server in the text format of Prometheus."""
    return Response(request.app.state.metrics.page(), media_type=MEDIA_TYPE)
