"""The page where a planner begins."""

# ruff: noqa: PLC0415 - templates are slow to import

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts

from api import pages, security
from api.context import SettingsDep
from api.schemas import Code
from api.settings import Lang

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/plan")
def start_page(
    _: security.Planner, request: Request, settings: SettingsDep,
    area: Annotated[Code | None, Query()] = None, lang: Annotated[Lang | None, Query()] = None,
) -> Response:  # fmt: skip
    """Show the page; its figures come from /v1/places, /v1/plans and /v1/jobs."""
    from maps import start as draw

    routes = iter_route_contexts(request.app.routes)
    todays = any(one.path_format == "/v1/places/{code}/todays" for one in routes)
    return pages.page(request, draw.start_page(area, lang=lang or settings.lang, todays=todays))
