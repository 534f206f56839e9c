"""The pages: maps to look at (folium), and the page that edits a plan."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, status
from fastapi.responses import RedirectResponse, Response

from api import headers, pages, security
from api.context import SettingsDep, StoreDep
from api.schemas import Code
from api.settings import Lang
from maps import page as draw
from spatial import lookup, planning

router = APIRouter(tags=["pages"], include_in_schema=False)
Download = Annotated[bool, Query(description="One file that opens from disk without network")]
Language = Annotated[Lang | None, Query()]
GridCode = Annotated[str, Path(pattern=r"^\d{12}(\d{3}(\d{2}(\d{2})?)?)?$")]


@router.get("/")
def home(_: security.Anyone) -> Response:
    """Go to the town's map."""
    return RedirectResponse("/maps/town", status.HTTP_307_TEMPORARY_REDIRECT)


@router.get("/maps/town")
def town_map(
    _: security.Reader, request: Request, store: StoreDep, settings: SettingsDep,
    area: Annotated[Code | None, Query()] = None, lang: Language = None, download: Download = False,
) -> Response:  # fmt: skip
    """Draw a town, or one basic grid; without ``area`` the first town."""
    layers = lookup.town_layers(store, area)
    text = draw.town_page(layers, lang=lang or settings.lang, assets="inline" if download else "app")
    if download:
        return pages.download(text, f"wangge-{area or 'town'}.html")
    return pages.page(request, text, policy=headers.FOLIUM)


@router.get("/maps/grid/{code}")
def grid_map(
    _: security.Reader, request: Request, store: StoreDep, settings: SettingsDep, code: GridCode,
    lang: Language = None, download: Download = False,
) -> Response:  # fmt: skip
    """Draw one grid with its card."""
    layers = lookup.town_layers(store, code[:12])
    assets = "inline" if download else "app"
    text = draw.grid_page(layers, code, lang=lang or settings.lang, assets=assets)
    if download:
        return pages.download(text, f"wangge-{code}.html")
    return pages.page(request, text, policy=headers.FOLIUM)


@router.get("/plan/{plan_id}")
def plan_page(
    _: security.Planner, request: Request, store: StoreDep, settings: SettingsDep,
    plan_id: Annotated[int, Path(ge=1, le=2**31 - 1)], lang: Language = None,
) -> Response:  # fmt: skip
    """Show the page that edits a plan; its figures come from /v1/plans."""
    plan = planning.plan(store, plan_id)
    return pages.page(request, draw.plan_page(plan_id, plan.area_name, lang=lang or settings.lang))
