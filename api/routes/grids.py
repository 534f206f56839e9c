"""Published grids, as GeoJSON."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api import patterns, security
from api.context import StoreDep
from api.geojson import COLLECTION, FEATURE, GeoJSON, feature, feature_collection
from api.schemas import Code, Day
from spatial import lookup
from spatial.errors import BadParameter, Where

router = APIRouter(prefix="/v1/grids", tags=["grids"])
At = Annotated[Day | None, Query(description="A day in Asia/Shanghai; without it today")]
Box = Annotated[
    str | None, Query(description="left,bottom,right,top in WGS 84", examples=["110.8,36.9,110.9,37"])
]


@router.get("", response_class=GeoJSON, responses=COLLECTION, summary="已发布网格 / Published grids")
def list_grids(
    _: security.Lookup,
    store: StoreDep,
    area: Annotated[Code | None, Query()] = None,
    level: Annotated[int | None, Query(ge=0, le=3)] = None,
    at: At = None,
    bbox: Box = None,
) -> GeoJSON:
    """Read the grids in force on a day as GeoJSON."""
    return GeoJSON(
        feature_collection(lookup.grids(store, area=area, level=level, at=at, bbox=parse_bbox(bbox)))
    )


@router.get("/{code}", response_class=GeoJSON, responses=FEATURE, summary="一个网格 / One grid")
def get_grid(
    _: security.Lookup,
    store: StoreDep,
    code: Annotated[str, Path(pattern=patterns.GRID, examples=["141126100001003"])],
    at: At = None,
) -> GeoJSON:
    """Read one grid by its code (12, 15, 17 or 19 digits)."""
    found = lookup.grids(store, code=code, at=at)
    if found.empty:
        raise lookup.no_grid(code)
    return GeoJSON(feature(found))


def parse_bbox(text: str | None) -> tuple[float, float, float, float] | None:
    """Read ``left,bottom,right,top`` in degrees of WGS 84.

    Raises
    ------
    BadParameter
        It is no four numbers, or they are out of order or of range.

    Examples
    --------
    >>> parse_bbox("110.8,36.9,110.9,37")
    (110.8, 36.9, 110.9, 37.0)
    """
    if text is None:
        return None
    try:
        left, bottom, right, top = (float(part) for part in text.split(","))
    except ValueError:
        left = bottom = right = top = math.nan
    if not (-180 <= left < right <= 180 and -90 <= bottom < top <= 90):
        raise BadParameter(
            "bad_input",
            zh="bbox 应为“西,南,东,北”四个经纬度数值（WGS 84）。",
            en="bbox must be left,bottom,right,top in degrees of WGS 84.",
            where=(Where(layer="query", field="bbox", value=text[:200]),),
        )
    return left, bottom, right, top
