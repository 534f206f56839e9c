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
from api.routes.cases import Area, Grid, Paged, one_of, page, sees_persons
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
    """What a hazard point threatens; where no area is ``drawn``, only the register's numbers are known."""

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


class Threats(Wire):
    """Hazard points with what they threaten, by id; ask on with ``after`` the last id."""

    hazards: list[Threat]


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
    _: security.Reader,
    store: StoreDep,
    area: Area = None,
    grid: Grid = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[str | None, Query(max_length=60)] = None,
) -> dict[str, Any]:
    """Join hazard points to the grids, buildings and households inside their danger areas.

    Where no area is drawn none is made up: `drawn` is false, and only the register's numbers are given.
    """
    found = watch.join(store, area=area, grid=grid, limit=limit, after=after)
    return {"hazards": [dataclasses.asdict(one) for one in found]}


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
