"""The web application, wired: settings, store, errors, rights, routes, static files."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.staticfiles import StaticFiles

from api import VERSION, errors, headers, parameters, security
from api.drawing import Atlas
from api.live import Live
from api.routes import (
    acceptances,
    alternatives,
    cases,
    compare,
    disputes,
    docs,
    editing,
    editions,
    grids,
    hazards,
    health,
    history,
    jobs,
    locate,
    maps,
    notes,
    overview,
    places,
    plans,
    references,
    relief,
    repropose,
    review,
    sayings,
    sign_in,
    staff,
    start,
    todays,
    transfers,
)
from api.schemas import Problem
from spatial.store.engine import POOL_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.settings import Settings
    from spatial.store.engine import Store

MAX_BODY_BYTES = 8 * 1024 * 1024
MAX_FILE_BYTES = {"todays": 64 * 1024 * 1024}
"""Addresses that take a file of a town's polygons take larger bodies."""
ROUTES = (
    health, places, references, alternatives, compare, plans, acceptances, editing, transfers, history, notes,
    review, jobs, disputes, editions, grids, locate, cases, hazards, staff, relief, overview, maps, sign_in,
    docs, todays, sayings, repropose, start,
)  # fmt: skip


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Let as many handlers run at once as there are connections: none waits for one in vain."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = 2 * POOL_SIZE
    yield


def create_app(store: Store, settings: Settings, *, access_code: str | None = None) -> FastAPI:
    """Wire the application.

    Parameters
    ----------
    store
        Where everything is kept; it is not closed here.
    settings
        See `Settings`.
    access_code
        Asked for at sign-in beside the link's token, when the server listens to other machines.
    """
    app = FastAPI(
        title="wangge 网格",
        version=VERSION,
        summary="基层治理网格：边界、规划与查询 / Grids of grassroots governance: borders, plans and look-up",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
        dependencies=[Depends(parameters.only_known)],
    )
    app.state.store, app.state.settings, app.state.atlas = store, settings, Atlas(store)
    app.state.live = Live(store)
    app.state.access_code = None if access_code is None else security.AccessCode(access_code)
    errors.install(app)
    app.add_middleware(headers.BodyLimit, max_bytes=MAX_BODY_BYTES, files=MAX_FILE_BYTES)
    app.add_middleware(headers.SecurityHeaders)
    for module in ROUTES:
        app.include_router(module.router)
    root = Path(str(files("maps")))
    app.mount("/static/web", StaticFiles(directory=root / "web", check_dir=False), name="web")
    app.mount("/static", StaticFiles(directory=root / "static", check_dir=False), name="static")
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


_DESCRIBING = threading.Lock()
_DESCRIPTION: dict[str, Any] = {}


def right_of(route: RouteContext) -> security.Right | None:
    """Find the right that a route declares, or None."""
    dependant = getattr(route, "dependant", None)
    found = [d.call for d in getattr(dependant, "dependencies", ()) if isinstance(d.call, security.Right)]
    return found[0] if found else None


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Describe the interface, each operation with its least role and the one error shape.

    Once a process, since every application has the same routes. A page's first requests come together, and
    FastAPI's own making is not safe for threads.
    """
    with _DESCRIBING:
        if not _DESCRIPTION:
            _DESCRIPTION.update(_described(app))
        app.openapi_schema = _DESCRIPTION
    return _DESCRIPTION


def _described(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    components = schema.setdefault("components", {})
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "wangge key add NAME --role reader"},
        "session": {"type": "apiKey", "in": "cookie", "name": security.COOKIE},
    }
    components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for route in iter_route_contexts(app.routes):
        right = right_of(route)
        if right is None or not isinstance(route.original_route, APIRoute):
            continue
        for method in route.methods or ():
            operation = schema["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _describe(operation, right)
    return schema


def _describe(operation: dict[str, Any], right: security.Right) -> None:
    operation["x-least-role"] = right.least
    if right.least != "anonymous":
        operation["security"] = [{"key": []}, {"session": []}] + ([{}] if right.public else [])
    responses = operation["responses"]
    responses.pop("422", None)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses["default"] = {"description": "Any error: problem details (RFC 9457)", "content": problem}
