"""Shapes of a place file made valid: self-crossing rings repaired, empty and foreign kinds told apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

POLYGONS = (3, 6)
LINES = (1, 2, 5)
POINT = 0
_GEOD = pyproj.Geod(ellps="GRS80")
_SPOT = re.compile(r"\[(\S+) (\S+)\]")


def repaired(shape: Any) -> Any:
    """Polygon or MultiPolygon that covers what an invalid polygon's rings enclose; empty where none does."""
    return _polygons(shapely.make_valid(shape, method="structure", keep_collapsed=False))


def change(before: Any, after: Any) -> str:
    """Areas before and after a repair in m² of the ellipsoid, as text for a report."""
    return f"{_area_m2(before):.1f} -> {_area_m2(after):.1f} m²"


def flaw_spot(shape: Any) -> dict[str, Any] | None:
    """GeoJSON point (EPSG:4326) at which a polygon is invalid."""
    spot = _SPOT.search(str(shapely.is_valid_reason(shape)))
    if not spot:
        return None
    return {"type": "Point", "coordinates": [float(spot[1]), float(spot[2])]}


def spot(shape: Any) -> dict[str, Any] | None:
    """GeoJSON point (EPSG:4326) inside a shape, None where it is empty."""
    point = shapely.point_on_surface(shape)
    if point is None or point.is_empty:
        return None
    return {"type": "Point", "coordinates": [point.x, point.y]}


def kinds(geometry: NDArray[np.object_]) -> NDArray[np.int64]:
    """(n,) GEOS type number of each geometry, -1 where it is missing or empty."""
    numbers = np.asarray(shapely.get_type_id(geometry), dtype=np.int64)
    return np.where(shapely.is_missing(geometry) | shapely.is_empty(geometry), -1, numbers)


def _polygons(shape: Any) -> Any:
    parts = shapely.get_parts(np.atleast_1d(shape))
    while np.isin(shapely.get_type_id(parts), (6, 7)).any():
        parts = shapely.get_parts(parts)
    parts = parts[shapely.get_type_id(parts) == 3]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts))


def _area_m2(shape: Any) -> float:
    area, _ = _GEOD.geometry_area_perimeter(shape)
    return abs(float(area))
