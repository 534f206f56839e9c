"""Place files made in memory from drawn geometry, in the lattice of a town near Shilou."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from spatial.ground.crs import Lattice
from spatial.ground.model import PlaceFile

CODE = "141126100001"
VILLAGE = "141126100201"
TOWN = "141126100"
LATTICE = Lattice.at(110.84, 37.0)


def lonlat(geoms: Any) -> Any:
    """Lattice centimetres of `LATTICE` to EPSG:4326."""
    return LATTICE.to_lonlat(np.array(geoms, dtype=object))


def place_file(
    outline: Any,
    buildings: dict[str, tuple[Any, int]],
    *,
    features: list[tuple[str, str, str | None, Any]] | None = None,
    households: list[tuple[str, str | None, int | None, str | None, int]] | None = None,
    code: str = CODE,
    division: str = "community",
    groups: dict[str, str] | None = None,
) -> PlaceFile:
    """Make a PlaceFile: bid -> (footprint, households), features as (layer, class, name, geometry)."""
    areas = gpd.GeoDataFrame(
        {"code": [code], "name": ["凤城社区"], "division": [division], "parent": [code[:9]]},
        geometry=lonlat([outline]),
        crs=4326,
    )
    bids = list(buildings)
    frame = gpd.GeoDataFrame(
        {
            "bid": pd.Series(bids, dtype=object),
            "name": None,
            "btype": None,
            "levels": pd.array([6] * len(bids), dtype="Int64"),
            "households": np.array([buildings[b][1] for b in bids], dtype=np.int64),
            "group": pd.Series([(groups or {}).get(b) for b in bids], dtype=object),
        },
        geometry=list(lonlat([buildings[b][0] for b in bids])) if bids else [],
        crs=4326,
    )
    rows = features or []
    lines = gpd.GeoDataFrame(
        {
            "layer": pd.Series([r[0] for r in rows], dtype=object),
            "class": pd.Series([r[1] for r in rows], dtype=object),
            "name": pd.Series([r[2] for r in rows], dtype=object),
        },
        geometry=list(lonlat([r[3] for r in rows])) if rows else [],
        crs=4326,
    )
    register = households or []
    table = pd.DataFrame(
        {
            "bid": pd.Series([r[0] for r in register], dtype=object),
            "stairwell": pd.Series([r[1] for r in register], dtype=object),
            "floor": pd.array([pd.NA if r[2] is None else r[2] for r in register], dtype="Int64"),
            "room": pd.Series([None] * len(register), dtype=object),
            "status": pd.Series([r[3] for r in register], dtype=object),
            "n": np.array([r[4] for r in register], dtype=np.int64),
        }
    )
    points = gpd.GeoDataFrame({"name": [], "kind": []}, geometry=[], crs=4326)
    return PlaceFile(areas, frame, table, lines, points, "EPSG:4326", "test")
