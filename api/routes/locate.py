"""Whose grid is a point in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api import security
from api.context import StoreDep
from api.schemas import Day, Located
from spatial import lookup
from spatial.errors import BadCoordinates, Where

router = APIRouter(prefix="/v1/locate", tags=["locate"])
Degrees = Annotated[float, Query(allow_inf_nan=False, examples=[110.835])]
Crs = Annotated[
    str,
    Query(min_length=1, description="wgs84, cgcs2000, gcj02, bd09 or EPSG:n; required", examples=["wgs84"]),
]


@router.get("", response_model=Located, summary="定位网格 / Find the grid of a point")
def locate(
    _: security.Lookup,
    store: StoreDep,
    lon: Degrees,
    lat: Degrees,
    crs: Crs,
    at: Annotated[Day | None, Query()] = None,
    stairwell: Annotated[str | None, Query(max_length=40)] = None,
    floor: Annotated[int | None, Query(ge=-20, le=300)] = None,
) -> object:
    """Find every finest grid that covers a point, with its parents; the lowest code first.

    ``border`` names each grid that meets there; ``ask_floor`` asks for stairwell and floor where grids are
    stacked.
    """
    try:
        return lookup.locate(store, lon, lat, crs, at=at, stairwell=stairwell, floor=floor)
    except BadCoordinates as error:
        if error.code == "unknown_crs":
            raise
        where = (
            Where(layer="query", field="lon", value=str(lon)),
            Where(layer="query", field="lat", value=str(lat)),
        )
        raise BadCoordinates("bad_input", zh=error.zh, en=error.en, where=where, data=error.data) from error
