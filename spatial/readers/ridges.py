"""Ridges of the terrain beside a place file: lines that the borders of a village may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from spatial.errors import Where
from spatial.ground.crs import Lattice
from spatial.ground.divides import divides, open_ridges
from spatial.ground.landscape import barriers_of
from spatial.ground.model import FEATURE_COLUMNS
from spatial.readers.features import joined
from spatial.readers.terrain import read_terrain

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.policy import Policy
    from spatial.readers.words import Findings

CM = 100.0
LAYER = "ridges"


def with_ridges(
    path: Path, areas: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, features: gpd.GeoDataFrame,
    policy: Policy, findings: Findings,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Add the ridges of the villages' terrain to the features; a place that brings its own keeps those alone.

    Parameters
    ----------
    path
        The place file; the terrain lies beside it.
    areas, buildings, features
        As read, EPSG:4326.
    policy
        Says which water is wide.
    findings
        Takes ``ridges_found``.
    """
    villages = areas[(areas["division"] == "village") & ~areas.geometry.is_empty]
    if not len(villages) or (features["layer"] == LAYER).any():
        return features
    west, south, east, north = villages.total_bounds
    lattice = Lattice.at((west + east) / 2.0, (south + north) / 2.0)
    terrain = read_terrain(path, lattice.epsg, (west, south, east, north))
    if terrain is None:
        return features
    origin = np.array([lattice.origin_e, lattice.origin_n])
    lines = shapely.transform(divides(terrain), lambda xy: np.rint((xy - origin) * CM))
    grounds = lattice.to_lattice(villages.geometry.to_numpy())
    houses = lattice.to_lattice(buildings.geometry.to_numpy())
    box = shapely.box(*shapely.total_bounds(grounds))
    others = barriers_of(features, lattice, box, policy.own_face_width_m * CM)
    found = open_ridges(lines, grounds, houses, others)
    if not len(found):
        return features
    length_km = shapely.length(found).sum() / CM / 1000.0
    findings.note("ridges_found", Where(layer=LAYER, value=f"{length_km:.1f}"))
    rows = {"layer": [LAYER] * len(found), "class": ["ridge"] * len(found), "name": [None] * len(found)}
    frame = gpd.GeoDataFrame(rows, geometry=lattice.to_lonlat(found), crs=4326, columns=list(FEATURE_COLUMNS))
    return joined([features, frame.astype(dict.fromkeys(rows, object))])
