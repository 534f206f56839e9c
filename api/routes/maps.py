"""The pages: maps to look at (folium), and the page that edits a plan."""

# ruff: noqa: PLC0415 - folium is slow to import: the server starts without it

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, status
from fastapi.responses import RedirectResponse, Response

from api import headers, naming, pages, security
from api.context import SettingsDep, StoreDep
from api.routes.grids import no_grid
from api.schemas import Code
from api.settings import Lang
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
    from maps import page as draw

    layers, lang = lookup.town_layers(store, area), lang or settings.lang
    again = urlencode({"download": 1, "lang": lang} | ({"area": area} if area else {}))
    text = draw.town_page(
        layers, title=naming.map_name(store, layers["areas"]["code"], layers["areas"]["name"]), lang=lang,
        inline=download, sample=lookup.is_sample(store, layers["areas"]["code"]),
        export_url=f"/maps/town?{again}",
    )  # fmt: skip
    return _map(request, text, f"wangge-{area or 'town'}.html" if download else None)


@router.get("/maps/grid/{code}")
def grid_map(
    _: security.Reader, request: Request, store: StoreDep, settings: SettingsDep, code: GridCode,
    lang: Language = None, download: Download = False,
) -> Response:  # fmt: skip
    """Draw one grid with its card."""
    from maps import page as draw

    layers, lang = lookup.town_layers(store, code[:12]), lang or settings.lang
    if not layers["grids"]["code"].eq(code).any():
        raise no_grid(code)
    again = urlencode({"download": 1, "lang": lang})
    text = draw.grid_page(
        layers, code, lang=lang, inline=download, sample=lookup.is_sample(store, layers["areas"]["code"]),
        export_url=f"/maps/grid/{code}?{again}",
    )  # fmt: skip
    return _map(request, text, f"wangge-{code}.html" if download else None)


@router.get("/plan/{plan_id}")
def plan_page(
    _: security.Planner, request: Request, store: StoreDep, settings: SettingsDep,
    plan_id: Annotated[int, Path(ge=1, le=2**31 - 1)], lang: Language = None,
) -> Response:  # fmt: skip
    """Show the page that edits a plan; its figures come from /v1/plans."""
    from maps import page as draw

    found = planning.plan(store, plan_id)  # refuses a plan that is not
    sample = lookup.is_sample(store, [found.area_code])
    return pages.page(request, draw.plan_page(plan_id, lang=lang or settings.lang, sample=sample))


def _map(request: Request, text: str, saved_as: str | None) -> Response:
    if saved_as:
        return pages.download(text, saved_as)
    return pages.page(request, text, policy=headers.FOLIUM)
