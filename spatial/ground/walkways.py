"""Ways on foot over a ground: its roads and paths, and steps across country between neighbouring faces.

A step takes the longer the steeper it is (Tobler 1993). Rivers, railways, walls, gullies and cliffs are
crossed only where a road or path crosses them, or where the border of two faces leaves a gap in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.ground.crossings import crossed
from spatial.ground.landscape import NO_BARRIER, classify
from spatial.ground.seam import packed
from spatial.policy import BARRIERS, NOT_WALKED

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.ground.terrain import Terrain

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

BARS_WALKERS = frozenset({"river", "shore", "rail", "railway_in_roads", "wall", "gully", "cliff"})
"""Barriers of the policy that nobody walks over."""
OFF_PATH = 0.6
"""Speed across country as a share of that on a path (Tobler 1993)."""
STEPS = 2.0
"""How many times longer a metre of stairs (class ``steps``) takes than one of a path."""
FORD_S = 60.0
"""Seconds that it takes to step over a stream (溪沟) where no path does."""
GAP_M = 2.0
"""A border with so many metres that no barrier bars is walked through: a gap, a gate."""
SPACING_CM = 4_000.0
"""Greatest distance between two points of a path."""
NEAR_CM = 15_000.0
"""Paths so far beyond the outline count as well: a way may lead around outside."""
TOUCH_CM = 5.0
"""A point of a path this near to a face is on it."""
CM = 100.0


@dataclass(frozen=True)
class Walkways:
    """A network of steps: nodes 0 .. F - 1 are the faces, the others points of paths.

    Parameters
    ----------
    nodes
        Number of nodes.
    u, v, seconds
        (S,) ends of each step, and how long it takes, the mean of both ways.
    """

    nodes: int
    u: Ints
    v: Ints
    seconds: Floats


def pace(slope: Floats) -> Floats:
    """Seconds a metre on a slope, the mean of walking up and down.

    Tobler's hiking function, 6 exp(-3.5 |slope + 0.05|) km/h: W. Tobler, Three Presentations on Geographical
    Analysis and Modeling, NCGIA Technical Report 93-1 (1993).

    Examples
    --------
    >>> [round(1 / float(v), 2) for v in pace(np.array([0.0, 0.3]))]  # metres a second
    [1.4, 0.57]
    """
    up, down = (3.6 / (6.0 * np.exp(-3.5 * np.abs(s + 0.05))) for s in (slope, -slope))
    return np.asarray((up + down) / 2.0, dtype=np.float64)


def walkways(ground: Ground, features: gpd.GeoDataFrame, terrain: Terrain | None) -> Walkways:
    """Lay the ways on foot over a ground.

    Parameters
    ----------
    ground
        Faces and edges, lattice centimetres.
    features
        The place file's, columns ``FEATURE_COLUMNS``, EPSG:4326.
    terrain
        Heights in the metric CRS of the ground's lattice; without it, and where it is silent, ground is flat.
    """
    middles = shapely.get_coordinates(shapely.point_on_surface(ground.faces))
    points, ends, factor = _paths(ground, features)
    xy = np.concatenate([middles, points])
    height = _heights(xy, ground, terrain)
    on_path = _seconds(xy, height, ends[:, 0], ends[:, 1]) * factor
    across, ford = _across(ground)
    over = _seconds(xy, height, across[:, 0], across[:, 1]) / OFF_PATH + ford
    stubs = _stubs(ground, features, points)
    reach = _seconds(xy, height, stubs[:, 0], stubs[:, 1]) / OFF_PATH
    steps = np.concatenate([ends, across, stubs])
    seconds = np.concatenate([on_path, over, reach])
    return Walkways(len(xy), steps[:, 0].copy(), steps[:, 1].copy(), seconds)


def _paths(ground: Ground, features: gpd.GeoDataFrame) -> tuple[Floats, Ints, Floats]:
    """Points of the paths in centimetres, the steps between them (numbered after faces), their factors."""
    walked = (features["layer"] == "roads") & ~features["class"].isin(NOT_WALKED)
    lines = ground.lattice.to_lattice(features.geometry.to_numpy()[walked.to_numpy()])
    stairs = (features["class"][walked] == "steps").to_numpy(np.bool_)
    near = shapely.intersects(lines, shapely.buffer(shapely.envelope(ground.outline), NEAR_CM))
    lines, stairs = lines[near], stairs[near]
    if not len(lines):
        return np.empty((0, 2)), np.empty((0, 2), np.int64), np.empty(0)
    noded = shapely.get_parts(shapely.union_all(lines, grid_size=1.0))
    noded = noded[shapely.get_dimensions(noded) == 1]
    half = np.maximum(shapely.length(noded) / 2.0, 1.0)
    coords, of = shapely.get_coordinates(
        shapely.segmentize(noded, np.minimum(SPACING_CM, half)), return_index=True
    )
    coords = np.rint(coords)
    _, first, at = np.unique(packed(coords.astype(np.int64)), return_index=True, return_inverse=True)
    inner = of[1:] == of[:-1]
    ends = np.stack([at[:-1][inner], at[1:][inner]], axis=1).astype(np.int64)
    factor = np.ones(len(ends))
    if stairs.any():
        middle = shapely.points((coords[:-1][inner] + coords[1:][inner]) / 2.0)
        factor[shapely.STRtree(middle).query(lines[stairs], "dwithin", TOUCH_CM)[1]] = STEPS
    return coords[first], ends + len(ground.faces), factor


def _across(ground: Ground) -> tuple[Ints, Floats]:
    """Pairs of neighbouring faces with a border that can be walked over, and the seconds of a ford."""
    edges = ground.edges
    pair, place = np.unique(edges[["a", "b"]].to_numpy(np.int64), axis=0, return_inverse=True)
    barrier = edges["barrier"].to_numpy(object)
    metres = edges["length_m"].to_numpy(np.float64)
    bars = np.isin(barrier.astype(str), list(BARS_WALKERS)) & ~crossed(edges)
    wet = barrier == "stream"
    open_m = np.bincount(place.ravel(), np.where(bars, 0.0, metres), len(pair))
    dry_m = np.bincount(place.ravel(), np.where(bars | wet, 0.0, metres), len(pair))
    whole = np.bincount(place.ravel(), np.where(bars, 1.0, 0.0), len(pair)) == 0
    free = whole | (open_m >= GAP_M)
    return pair[free], np.where(dry_m[free] > 0.0, 0.0, FORD_S)


def _stubs(ground: Ground, features: gpd.GeoDataFrame, points: Floats) -> Ints:
    """Pairs of a face and a point of a path on it; none where the point lies on what bars walkers."""
    if not len(points):
        return np.empty((0, 2), np.int64)
    spots = shapely.points(points)
    kind = classify(features["layer"].to_numpy(object), features["class"].to_numpy(object))
    bars = np.array([barrier.name in BARS_WALKERS for barrier in BARRIERS])
    lines = features.geometry.to_numpy()[(kind != NO_BARRIER) & bars[kind]]
    usable = np.ones(len(points), np.bool_)
    if len(lines):
        lines = ground.lattice.to_lattice(lines)
        lines = np.where(shapely.get_dimensions(lines) == 2, shapely.boundary(lines), lines)
        usable[shapely.STRtree(spots).query(lines, "dwithin", TOUCH_CM)[1]] = False
    free = np.flatnonzero(usable)
    face, point = shapely.STRtree(spots[free]).query(ground.faces, "dwithin", TOUCH_CM)
    return np.stack([face, free[point] + len(ground.faces)], axis=1).astype(np.int64)


def _heights(xy: Floats, ground: Ground, terrain: Terrain | None) -> Floats:
    """Metres above the sea of points in lattice centimetres; NaN where nothing is known."""
    if terrain is None:
        return np.full(len(xy), np.nan)
    lattice = ground.lattice
    return terrain.sample(xy / CM + np.array([lattice.origin_e, lattice.origin_n]))


def _seconds(xy: Floats, height: Floats, u: Ints, v: Ints) -> Floats:
    """Seconds of steps on paths."""
    metres = np.hypot(*(xy[u] - xy[v]).T) / CM
    rise = np.nan_to_num(height[u] - height[v])
    slope = np.divide(rise, metres, out=np.zeros(len(metres)), where=metres > 0)
    return np.asarray(np.hypot(metres, rise) * pace(slope), dtype=np.float64)
