"""The FastAPI application: routes, error handlers, middleware, and the service that lives as long as it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.telemetry import TelemetryConfig

from entrepot.app.web.api import routes as api_routes
from entrepot.app.web.desk import routes as desk_routes
from entrepot.app.web.http import error_handlers, status_routes
from entrepot.app.web.http.metrics import Metrics
from entrepot.app.web.http.middleware import RequestMiddleware
from entrepot.app.web.limits import Limits
from entrepot.app.web.workers.service import Service
from entrepot.core.version import package_version
from entrepot.policy.scenario import Scenario

DESCRIPTION = "Effects of trade policy in exact multi-country general equilibrium. Requests are not stored on disk."
TASKS_MODULE = "entrepot.app.web.tasks"
"""Imported by name in the worker processes only: it loads the numerics."""

NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""No reports to third parties, whatever the environment variables are."""


def make_app(workers: int = 1, limits: Limits | None = None) -> FastAPI:
    """Return the application; its worker processes start and end with it.

    Parameters
    ----------
    workers
        Number of worker processes.
    limits
        Resource limits; default: those of `Limits`.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.service.stop()
        app.state.service.close()

    app = FastAPI(
        title="entrepot", version=package_version(), description=DESCRIPTION, lifespan=lifespan, docs_url=None,
        redoc_url=None, telemetry=NO_TELEMETRY,
    )  # fmt: skip
    service = Service(workers, limits or Limits(), tasks_module=TASKS_MODULE)
    app.state.service, app.state.metrics = service, Metrics(service)
    for router in (api_routes.router, desk_routes.router, status_routes.router):
        app.include_router(router)
    error_handlers.register(app)
    app.add_middleware(RequestMiddleware, max_body=service.limits.body, metrics=app.state.metrics)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with the schema of scenario files for `document` fields."""
    if app.openapi_schema is None:
        openapi = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        scenario = Scenario.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = openapi["components"]["schemas"]
        schemas |= {name: schema for name, schema in scenario.pop("$defs").items() if name not in schemas}
        schemas["Scenario"] = scenario
        for schema in schemas.values():
            field = schema.get("properties", {}).get("document")
            if field is not None:
                field["anyOf"] = [{"$ref": "#/components/schemas/Scenario"}, {"type": "null"}]
        app.openapi_schema = openapi
    return app.openapi_schema
