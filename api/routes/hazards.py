"""Hazard points: read as GeoJSON, and joined to the grids, buildings and households in their danger areas."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import shapely
from fastapi import APIRouter, Query, Request
from shapely.geometry import mapping

from api import security
from api.context import StoreDep
from api.geojson import COLLECTION, GeoJSON
from api.routes.cases import Paged, next_page, one_of, page, sees_persons
from api.schemas import Wire
from spatial import watch
from spatial.duty.hazards import GRADES, STATES
from spatial.duty.staff import mask_phone

if TYPE_CHECKING:
    import geopandas as gpd

router = APIRouter(prefix="/v1/hazards", tags=["hazards"])


class HazardQuery(Paged):
    """Filters of hazard points; `category` is the type, `since` and `until` the day found."""

    grade: str | None = one_of(GRADES, default=None)
    state: str | None = one_of(STATES, default=None)


class ThreatenedGrid(Wire):
    """A finest grid that shares ground with a danger area, and what of it lies inside."""

    code: str
    short: str
    name: str
    area_code: str
    buildings: int
    households: int
    registered: int


class Threat(Wire):
    """What a hazard point threatens; where no area is ``drawn``, only the register's numbers are known.

    ``note`` says so in both languages; it is null where an area is drawn.
    """

    id: int
    number: str
    kind: str
    name: str | None
    grade: str | None
    state: str
    area_code: str | None
    grid: str | None
    drawn: bool
    grids: list[ThreatenedGrid]
    bids: list[str]
    buildings: int | None
    households: int | None
    registered: int | None
    register_households: int | None
    register_people: int | None
    note: dict[str, str] | None


class Threats(Wire):
    """Hazard points with what they threaten, by id; ``next`` is the address of the next page, or null."""

    hazards: list[Threat]
    next: str | None


@router.get("", response_class=GeoJSON, responses=COLLECTION, summary="隐患点 / Hazard points")
def list_hazards(
    who: security.Reader, store: StoreDep, request: Request, query: Annotated[HazardQuery, Query()]
) -> GeoJSON:
    """Read hazard points as GeoJSON, each with its grid by the edition in force and its danger area or null.

    Work phones are masked but for planners.
    """
    found = watch.list_hazards(store, **query.asked())
    return GeoJSON(page(_shown(found, whole=sees_persons(who)), request))


@router.get("/threatened", response_model=Threats, summary="受威胁的网格 / What hazards threaten")
def threatened(
    _: security.Reader, store: StoreDep, request: Request, query: Annotated[HazardQuery, Query()]
) -> dict[str, Any]:
    """Join hazard points to the grids, buildings and households inside their danger areas.

    Where no area is drawn none is made up: `drawn` is false, and only the register's numbers are given.
    """
    found = watch.join(store, **query.asked())
    told = [dataclasses.asdict(one) | {"note": None if one.drawn else _undrawn(one)} for one in found.hazards]
    return {"hazards": told, "next": next_page(found.next, request)}


def _undrawn(one: watch.Threat) -> dict[str, str]:
    """Say that no area is drawn, with the register's own numbers."""
    households, people = ("?" if n is None else n for n in (one.register_households, one.register_people))
    return {
        "zh": f"未划定危险区；台账登记威胁 {households} 户、{people} 人",
        "en": f"No area drawn; the register says {households} households, {people} people",
    }


def _shown(found: gpd.GeoDataFrame, *, whole: bool) -> gpd.GeoDataFrame:
    """Leave out names of persons, mask phones, and turn danger areas into GeoJSON."""
    phones = [person.get("phone") if person else None for person in found["responsible"]]
    out = found.drop(columns=["responsible", "monitors", "danger_area"])
    out["phone"] = phones if whole else [mask_phone(phone) for phone in phones]
    out["danger_area"] = [_rounded(shape) for shape in found["danger_area"]]
    out.attrs = found.attrs
    return out


def _rounded(shape: Any) -> dict[str, Any] | None:
    if shape is None:
        return None
    turned = shapely.orient_polygons(shapely.transform(shape, lambda xy: xy.round(9)))
    return dict(mapping(turned))
