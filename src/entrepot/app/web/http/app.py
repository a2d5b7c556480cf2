"""The application: routes, the shape of faults, the door, and what lives as long as it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.telemetry import TelemetryConfig

from entrepot.app.web.api import routes as api_routes
from entrepot.app.web.desk import routes as desk_routes
from entrepot.app.web.http import error_handlers
from entrepot.app.web.http.middleware import Door
from entrepot.app.web.http.service import Service
from entrepot.app.web.limits import Limits
from entrepot.core.version import package_version
from entrepot.policy.scenario import Scenario

SAYS = "What trade policy does: exact multi-country general equilibrium. Nothing that is sent is stored on a disk."

SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""Nothing is reported to anybody, whatever the environment of the process says."""


def make_app(workers: int = 1, limits: Limits | None = None) -> FastAPI:
    """Return the desk as an application; its processes start and end with it."""

    @asynccontextmanager
    async def lifetime(app: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.service.stop()
        app.state.service.close()

    app = FastAPI(
        title="entrepot", version=package_version(), description=SAYS, lifespan=lifetime, docs_url=None,
        redoc_url=None, telemetry=SILENT,
    )  # fmt: skip
    app.state.service = Service(workers, limits or Limits())
    app.include_router(api_routes.router)
    app.include_router(desk_routes.router)
    error_handlers.register(app)
    app.add_middleware(Door, service=app.state.service)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with scenario documents described as files are."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        of_scenarios = Scenario.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = made["components"]["schemas"]
        schemas |= {name: one for name, one in of_scenarios.pop("$defs").items() if name not in schemas}
        schemas["Scenario"] = of_scenarios
        for one in schemas.values():
            part = one.get("properties", {}).get("document")
            if part is not None:
                part["anyOf"] = [{"$ref": "#/components/schemas/Scenario"}, {"type": "null"}]
        app.openapi_schema = made
    return app.openapi_schema
