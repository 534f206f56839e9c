"""Disputed ground between basic grids: read, assign, and the page where a town planner does so."""

# ruff: noqa: PLC0415 - folium is slow to import: the server starts without it

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from shapely.geometry import shape

from api import pages, patterns, security
from api.context import SettingsDep, StoreDep
from api.geojson import COLLECTION, GeoJSON, feature_collection
from api.schemas import Code, Strict, Wire
from api.settings import Lang
from spatial import lookup, planning

router = APIRouter(tags=["disputes"])
Area = Annotated[Code, Query(description="9 digits a town, 12 a basic grid")]
DisputeId = Annotated[int, Path(ge=1, le=2**63 - 1)]
BasicCode = Annotated[str, Field(pattern=patterns.BASIC, examples=["141126100001"])]


class AssignIn(Strict):
    """Assign a piece of disputed ground to one of the basic grids that it lies between."""

    to: BasicCode


class Assignment(Strict):
    """One piece among many."""

    id: int = Field(ge=1, le=2**63 - 1)
    to: BasicCode


class AssignManyIn(Strict):
    """Assign several pieces of one town: all of them or none."""

    assign: list[Assignment] = Field(min_length=1, max_length=1000)


class Assigned(Wire):
    """The newest ground of each basic grid whose ground was cut anew, by code."""

    grounds: dict[str, int]


@router.get("/v1/disputes", response_class=GeoJSON, responses=COLLECTION, summary="争议地 / Disputed ground")
def list_disputes(_: security.Reader, store: StoreDep, area: Area) -> GeoJSON:
    """Read the disputed ground of a town or basic grid: overlaps and gaps between outlines as given.

    `codes`, `names` and `borders_m` (metres of common border) go together; `nearest` has the longest.
    """
    found = planning.disputes(store, area)
    rows = [{k: v for k, v in vars(d).items() if k != "geometry"} | {"nearest": d.nearest} for d in found]
    return GeoJSON(feature_collection(_frame(rows, [shape(d.geometry) for d in found])))


@router.get(
    "/v1/disputes/outlines",
    response_class=GeoJSON,
    responses=COLLECTION,
    summary="基础网格轮廓 / Outlines of the basic grids",
)
def outlines(_: security.Reader, store: StoreDep, area: Area) -> GeoJSON:
    """Read the frozen outlines of a town's basic grids as GeoJSON."""
    return GeoJSON(feature_collection(planning.town_outlines(store, area)))


@router.post(
    "/v1/disputes/{dispute_id}/assign", response_model=Assigned, summary="划定一处争议地 / Assign one"
)
def assign(who: security.Planner, store: StoreDep, dispute_id: DisputeId, asked: AssignIn) -> dict[str, Any]:
    """Assign a piece; 409 if it does not lie beside that basic grid, or in a published outline."""
    return {"grounds": planning.assign_disputes(store, {dispute_id: asked.to}, who=who.name)}


@router.post("/v1/disputes/assign", response_model=Assigned, summary="划定多处争议地 / Assign several")
def assign_several(who: security.Planner, store: StoreDep, asked: AssignManyIn) -> dict[str, Any]:
    """Assign several pieces of one town in one go: all of them or none."""
    wanted = {one.id: one.to for one in asked.assign}
    return {"grounds": planning.assign_disputes(store, wanted, who=who.name)}


@router.get("/disputes", include_in_schema=False)
def disputes_page(
    who: security.Reader, request: Request, store: StoreDep, settings: SettingsDep, area: Area,
    lang: Annotated[Lang | None, Query()] = None,
) -> Response:  # fmt: skip
    """Show the page of a town's disputed ground; its figures come from /v1/disputes."""
    from maps import disputes as draw

    found = lookup.place(store, area)  # refuses a place that is not
    town = found.parent or found.code
    text = draw.disputes_page(
        area, name=found.name or found.code, town=town, lang=lang or settings.lang,
        may_assign=security.may(who, "planner"), sample=lookup.is_sample(store, [town]),
    )  # fmt: skip
    return pages.page(request, text)


def _frame(rows: list[dict[str, Any]], shapes: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=4326)
