"""The ground of a map: what the scripts paint below the grids' borders, and the names of places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maps.layers import AREA_COLUMNS, BUILDING_COLUMNS, DIGITS, FEATURE_COLUMNS
from maps.packing import pack

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

GROUND: dict[str, tuple[str, ...]] = {
    "land": ("landuse",),
    "ponds": ("water_areas",),
    "streams": ("water_lines",),
    "gullies": ("gullies",),
    "walls": ("walls",),
    "roads": ("roads", "rail"),
}
"""What the scripts paint from the ground up, and the layers of the place file that go in."""


AREA_TOLERANCE_DEG = 1e-5
"""The tint of a basic grid's ground is cut this coarsely: its border is the grid's."""


def ground(layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Pack what lies below the grids' borders, from the ground up."""
    out: dict[str, Any] = {}
    if "areas" in layers:
        areas = layers["areas"]
        coarse = shapely.simplify(areas.geometry.to_numpy(), AREA_TOLERANCE_DEG)
        out["areas"] = pack(areas.set_geometry(coarse, crs=4326), AREA_COLUMNS)
    features = layers.get("features")
    if features is not None:
        for name, kinds in GROUND.items():
            out[name] = pack(features[features["layer"].isin(kinds)], FEATURE_COLUMNS)
    if "buildings" in layers:
        out["buildings"] = pack(layers["buildings"], BUILDING_COLUMNS)
    return out


def places(features: gpd.GeoDataFrame | None) -> list[list[Any]]:
    """Names of places to letter on the map: name, lat, lon."""
    if features is None:
        return []
    rows = features[(features["layer"] == "places") & features["name"].notna()]
    points = rows.geometry.representative_point()
    coordinates = np.column_stack([points.y, points.x]).round(DIGITS).tolist()
    return [[str(name), *at] for name, at in zip(rows["name"], coordinates, strict=True)]
