"""Crossings: bridges, fords, gates and roads that lead across a barrier, and the edges of faces near them.

Stands between the barriers and the edges: a border along a river holds less well where there is a bridge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from spatial.ground.landscape import NO_BARRIER, ON_LINE_CM
from spatial.policy import BARRIERS, CROSSINGS, NOT_WALKED

if TYPE_CHECKING:
    from typing import Any

    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.ground.landscape import Barriers

LAYER = "crossings"
"""Layer of the place file that holds crossings: points, or the lines that lead across."""
ROAD = len(CROSSINGS) - 1
"""A crossing of a class that is not known leads across whatever a road does."""
OPENED = np.array([[b.name in c.opens for b in BARRIERS] for c in CROSSINGS])
"""(crossings, barriers) which leads across which."""


@dataclass(frozen=True)
class Crossings:
    """Crossings of one area: places (K, 2) in lattice centimetres; positions (K,) in the policy's table."""

    xy: NDArray[np.float64]
    kind: NDArray[np.int64]


def crossings_in(
    features: gpd.GeoDataFrame, lattice: Lattice, outline: Any, barriers: Barriers, reach_cm: float
) -> Crossings:
    """Find where one gets across the barriers of an area, by data and by geometry.

    Parameters
    ----------
    features
        ``FEATURE_COLUMNS``, EPSG:4326; the layers crossings and roads are looked at.
    lattice
        The town's lattice.
    outline
        The area on the lattice.
    barriers
        The area's barriers.
    reach_cm
        Crossings so far beyond the outline matter.
    """
    layer = features["layer"].to_numpy(object)
    words = features["class"].to_numpy(object)
    used = (layer == LAYER) | ((layer == "roads") & ~np.isin(words.astype(str), list(NOT_WALKED)))
    shapes = lattice.to_lattice(features.geometry.to_numpy()[used])
    said = layer[used] == LAYER
    kind = np.where(said, _kinds(words[used]), ROAD)
    near = shapely.dwithin(shapely.envelope(outline), shapes, reach_cm)
    shapes, kind, said = shapes[near], kind[near], said[near]
    spots = said & (shapely.get_dimensions(shapes) == 0)
    roads = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(_lines(shapes[~said]))))
    lines, of = shapely.get_parts(shapes[said & ~spots], return_index=True)
    lines = np.concatenate([lines, roads])
    kinds = np.concatenate([kind[said & ~spots][of], np.full(len(roads), ROAD)])
    xy, met = _across(lines, kinds, barriers)
    at, which = shapely.get_coordinates(shapes[spots], return_index=True)
    return Crossings(np.concatenate([at, xy]), np.concatenate([kind[spots][which], kinds[met]]))


def _kinds(words: NDArray[np.object_]) -> NDArray[np.int64]:
    """Positions in the policy's table by name."""
    table = {crossing.name: i for i, crossing in enumerate(CROSSINGS)}
    return np.array([table.get(str(word), ROAD) for word in words], dtype=np.int64)


def _lines(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    parts = shapely.get_parts(shapes)
    return np.asarray(parts[shapely.get_dimensions(parts) == 1], dtype=object)


def _across(
    lines: NDArray[np.object_], kind: NDArray[np.int64], barriers: Barriers
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Points (K, 2) where lines lead across barriers that their kind opens, and the line of each.

    A line that ends at a barrier does not lead across, unless data say that it is a crossing.
    """
    if not len(lines) or not len(barriers.lines):
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    line, barrier = shapely.STRtree(barriers.lines).query(lines, predicate="intersects")
    able = OPENED[kind[line], barriers.kind[barrier]]
    line, barrier = line[able], barrier[able]
    parts, of = shapely.get_parts(
        shapely.intersection(lines[line], barriers.lines[barrier]), return_index=True
    )
    spot = shapely.get_dimensions(parts) == 0
    parts, line = parts[spot], line[of[spot]]
    inner = (kind[line] != ROAD) | (shapely.distance(parts, shapely.boundary(lines[line])) > ON_LINE_CM)
    return shapely.get_coordinates(parts[inner]), line[inner]


def weakened(
    xy: NDArray[np.int64],
    line: NDArray[np.int64],
    barriers: Barriers,
    crossings: Crossings,
    reach_cm: float,
) -> NDArray[np.bool_]:
    """Say of each edge whether the barrier that it lies on is crossed within reach.

    Parameters
    ----------
    xy
        (E, 4) edges x1, y1, x2, y2.
    line
        (E,) position of the barrier line that each lies on, or NO_BARRIER.
    barriers, crossings
        Of the area, on the same lattice.
    reach_cm
        From the middle of an edge.
    """
    out = np.zeros(len(xy), dtype=np.bool_)
    on = np.flatnonzero(line != NO_BARRIER)
    kind = barriers.kind[line[on]]
    middle = (xy[on, :2] + xy[on, 2:]) / 2.0
    for k in np.unique(crossings.kind):
        mine = OPENED[k][kind]
        tree = KDTree(crossings.xy[crossings.kind == k])
        away, _ = tree.query(middle[mine], distance_upper_bound=reach_cm)
        out[on[mine]] |= np.isfinite(away)
    return out


def crossed(edges: pd.DataFrame) -> NDArray[np.bool_]:
    """Say of each row of edges (columns ``EDGE_COLUMNS``) whether a crossing weakened its barrier."""
    full = {barrier.name: barrier.strength for barrier in BARRIERS}
    whole = edges["barrier"].map(full).to_numpy(np.float64)
    return np.asarray(edges["strength"].to_numpy(np.float64) < whole, dtype=np.bool_)
