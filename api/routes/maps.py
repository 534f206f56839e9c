"""The pages: maps to look at (folium), and the page that edits a plan."""

# ruff: noqa: PLC0415 - folium is slow to import: the server starts without it

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, status
from fastapi.responses import RedirectResponse, Response

from api import drawing, headers, pages, patterns, security
from api.basemap import basemap
from api.context import AtlasDep, SettingsDep, StoreDep
from api.routes.cases import sees_persons
from api.schemas import Code
from api.settings import Lang
from spatial import lookup, planning

router = APIRouter(tags=["pages"], include_in_schema=False)
Download = Annotated[bool, Query(description="One file that opens from disk without network")]
Language = Annotated[Lang | None, Query()]
GridCode = Annotated[str, Path(pattern=patterns.GRID)]


@router.get("/")
def home(_: security.Anyone) -> Response:
    """Go to the town's map."""
    return RedirectResponse("/maps/town", status.HTTP_307_TEMPORARY_REDIRECT)


@router.get("/maps/town")
def town_map(
    who: security.Reader, request: Request, atlas: AtlasDep, settings: SettingsDep,
    area: Annotated[Code | None, Query()] = None, lang: Language = None, download: Download = False,
) -> Response:  # fmt: skip
    """Draw a town, or one basic grid; without ``area`` the first town."""
    asked = _asked(who, area, None, lang or settings.lang, download)
    return pages.gzipped(request, atlas.page(asked), f"wangge-{area or 'town'}.html" if download else None)


@router.get("/maps/grid/{code}")
def grid_map(
    who: security.Reader, request: Request, atlas: AtlasDep, settings: SettingsDep, code: GridCode,
    lang: Language = None, download: Download = False,
) -> Response:  # fmt: skip
    """Draw one grid with its card."""
    asked = _asked(who, code[:12], code, lang or settings.lang, download)
    return pages.gzipped(request, atlas.page(asked), f"wangge-{code}.html" if download else None)


@router.get("/plan/{plan_id}")
def plan_page(
    _: security.Planner, request: Request, store: StoreDep, settings: SettingsDep,
    plan_id: Annotated[int, Path(ge=1, le=2**31 - 1)], lang: Language = None,
) -> Response:  # fmt: skip
    """Show the page that edits a plan; its figures come from /v1/plans."""
    from maps import page as draw

    found = planning.plan(store, plan_id)  # refuses a plan that is not
    sample = lookup.is_sample(store, [found.area_code])
    base = basemap(settings)
    text = draw.plan_page(
        plan_id, lang=lang or settings.lang, sample=sample, basemap=None if base is None else base.to_page()
    )
    return pages.page(request, text, policy=headers.STRICT if base is None else base.policy())


def _asked(
    who: security.Identity, area: str | None, code: str | None, lang: Lang, download: bool
) -> drawing.Asked:
    """Say what a map may show to whom: persons to planners, what cases tell to inspectors and above."""
    told = security.ROLES.index(who.role) >= security.ROLES.index("inspector")
    return drawing.Asked(area, code, lang, download, persons=sees_persons(who), told=told)
