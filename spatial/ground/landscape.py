"""Barriers: the lines of a place that a border may follow, by class and strength.

Stands between the place file's features and the faces. All geometry in lattice centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.ground.seam import packed
from spatial.policy import BARRIERS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice

ON_LINE_CM = 1.6
"""An edge lies on a barrier when its ends and middle do within this: lattice rounding (0.71 cm), twice."""
PIECE_CM = 5_000.0
"""Barriers are indexed in pieces of about this length."""
SAME_WAY = 0.87
"""Two lines go the same way when the cosine between them is at least this (30 degrees)."""
NO_BARRIER = -1


@dataclass(frozen=True)
class Barriers:
    """Barrier lines of one area.

    Parameters
    ----------
    lines
        (B,) LineStrings in lattice centimetres.
    kind
        (B,) position in :data:`spatial.policy.BARRIERS`.
    names
        (B,) name of the feature, or None.
    """

    lines: NDArray[np.object_]
    kind: NDArray[np.int64]
    names: NDArray[np.object_]

    @property
    def strength(self) -> NDArray[np.float64]:
        """Strength of each line, 0 to 1."""
        table = np.array([b.strength for b in BARRIERS])
        return table[self.kind] if len(self.kind) else np.empty(0)


def classify(layer: NDArray[np.object_], classes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Barrier kind of each feature by its layer and class; NO_BARRIER where no row of the policy takes it."""
    out = np.full(len(layer), NO_BARRIER, dtype=np.int64)
    for i, barrier in reversed(list(enumerate(BARRIERS))):
        hit = layer == barrier.layer
        if barrier.classes:
            hit &= np.isin(classes.astype(str), list(barrier.classes))
        out[hit] = i
    return out


def barriers_of(features: gpd.GeoDataFrame, lattice: Lattice, outline: Any, wide_cm: float) -> Barriers:
    """Collect the barrier lines that may meet an area.

    Parameters
    ----------
    features
        ``FEATURE_COLUMNS``, EPSG:4326.
    lattice
        The town's lattice.
    outline
        The area on the lattice; features whose box does not meet its own are left out.
    wide_cm
        Water wider than this is a face of its own: lines inside it (its centre line) are dropped.
    """
    if not len(features):
        empty = np.empty(0, dtype=object)
        return Barriers(empty, np.empty(0, dtype=np.int64), empty)
    kinds = classify(features["layer"].to_numpy(object), features["class"].to_numpy(object))
    geoms = lattice.to_lattice(features.geometry.to_numpy())
    west, south, east, north = shapely.bounds(geoms).T
    left, bottom, right, top = shapely.bounds(outline)
    keep = (kinds != NO_BARRIER) & (west <= right) & (east >= left) & (south <= top) & (north >= bottom)
    geoms, kinds = geoms[keep], kinds[keep]
    layers = features["layer"].to_numpy(object)[keep]
    names = features["name"].to_numpy(object)[keep]
    wide = _wide_water(geoms[layers == "water_areas"], wide_cm)
    polygonal = shapely.get_dimensions(geoms) == 2
    lines = np.where(polygonal, shapely.boundary(geoms), geoms)
    if wide is not None:
        inside = (layers == "water_lines") & shapely.intersects(lines, wide)
        lines[inside] = shapely.difference(lines[inside], wide)
    parts, of = shapely.get_parts(lines, return_index=True)
    flat = (shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 1.0)
    parts, of = parts[flat], of[flat]
    order = np.lexsort((names[of].astype(str), shapely.to_wkb(parts).astype(bytes), kinds[of]))
    return Barriers(parts[order], kinds[of][order], names[of][order])


def _wide_water(areas: NDArray[np.object_], wide_cm: float) -> Any | None:
    """Union of the water areas wider than ``wide_cm``, or None."""
    if not len(areas):
        return None
    core = shapely.buffer(areas, -wide_cm / 2.0)
    wide = areas[~shapely.is_empty(core)]
    return shapely.union_all(shapely.make_valid(wide)) if len(wide) else None


def follow(xy: NDArray[np.int64], barriers: Barriers) -> NDArray[np.int64]:
    """Find the strongest barrier line that each edge lies on.

    Parameters
    ----------
    xy
        (E, 4) int64 edges x1, y1, x2, y2.
    barriers
        The area's barriers, on the same lattice.

    Returns
    -------
    (E,) int64
        Position of the line in ``barriers``, or NO_BARRIER.
    """
    out = np.full(len(xy), NO_BARRIER, dtype=np.int64)
    if not len(barriers.lines) or not len(xy):
        return out
    pieces, of = _pieces(barriers.lines)
    tree = shapely.STRtree(pieces)
    ends, at = np.unique(packed(xy.reshape(-1, 2)), return_inverse=True)
    end, line = _near(tree, of, _unpacked(ends))
    start = np.searchsorted(end, np.arange(len(ends) + 1))
    a, b = at.reshape(-1, 2).T
    both = np.flatnonzero((start[a + 1] > start[a]) & (start[b + 1] > start[b]))
    count = start[a[both] + 1] - start[a[both]]
    edge = np.repeat(both, count)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    found = line[start[a[edge]] + nth]
    many = len(barriers.lines)
    same = np.isin(b[edge] * many + found, end * many + line)
    edge, found = edge[same], found[same]
    middle, nth = np.unique(edge, return_inverse=True)
    there, line = _near(tree, of, (xy[middle, :2] + xy[middle, 2:]) / 2.0)
    same = np.isin(nth * many + found, there * many + line)
    edge, found = edge[same], found[same]
    weakest_first = np.lexsort((-found, barriers.strength[found]))
    out[edge[weakest_first]] = found[weakest_first]
    return out


def alongside(xy: NDArray[np.int64], barriers: Barriers, reach_cm: float) -> NDArray[np.int64]:
    """Find the barrier line that runs along each edge within reach: the nearest that goes the same way.

    Parameters
    ----------
    xy
        (E, 4) int64 edges x1, y1, x2, y2.
    barriers
        The area's barriers, on the same lattice.
    reach_cm
        Farthest from the middle of an edge.

    Returns
    -------
    (E,) int64
        Position of the line in ``barriers``, or NO_BARRIER.
    """
    out = np.full(len(xy), NO_BARRIER, dtype=np.int64)
    if not len(barriers.lines) or not len(xy):
        return out
    pieces, of = _pieces(barriers.lines)
    ends = xy.astype(np.float64)
    middle = shapely.points((ends[:, 0] + ends[:, 2]) / 2.0, (ends[:, 1] + ends[:, 3]) / 2.0)
    edge, piece = shapely.STRtree(pieces).query(middle, predicate="dwithin", distance=reach_cm)
    way = ends[:, 2:] - ends[:, :2]
    run = shapely.get_coordinates(pieces).reshape(-1, 4)
    run = run[:, 2:] - run[:, :2]
    inner = np.abs((way[edge] * run[piece]).sum(axis=1))
    same_way = inner >= SAME_WAY * np.hypot(*way[edge].T) * np.hypot(*run[piece].T)
    edge, piece = edge[same_way], piece[same_way]
    gap = shapely.distance(middle[edge], pieces[piece])
    farthest_first = np.lexsort((-of[piece], -gap))
    out[edge[farthest_first]] = of[piece[farthest_first]]
    return out


def _unpacked(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Points of :func:`spatial.ground.seam.packed` again."""
    y = ((numbers + 2**31) & (2**32 - 1)) - 2**31
    return np.column_stack([(numbers - y) >> 32, y]).astype(np.float64)


def _near(
    tree: shapely.STRtree, of: NDArray[np.int64], points: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of a point and a line it lies on, each pair once, ordered by point."""
    point, piece = tree.query(shapely.points(points), predicate="dwithin", distance=ON_LINE_CM)
    many = int(of.max()) + 1
    pairs = np.unique(point * many + of[piece])
    return pairs // many, pairs % many


def _pieces(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut lines into their segments, long ones densified, for a tight index."""
    coords, of = shapely.get_coordinates(shapely.segmentize(lines, PIECE_CM), return_index=True)
    same = of[1:] == of[:-1]
    segments = np.stack([coords[:-1][same], coords[1:][same]], axis=1)
    return shapely.linestrings(segments), of[:-1][same]


def carry_on(lines: NDArray[np.object_], stops: Any, reach_cm: float) -> NDArray[np.object_]:
    """Carry dangling ends straight on to the next line within reach.

    Parameters
    ----------
    lines
        (L,) noded LineStrings: they meet only at their ends.
    stops
        The outline's boundary: an end on it does not dangle, and a carried-on line may end there.
    reach_cm
        Longest extension.

    Returns
    -------
    (K,) LineStrings
        The extensions only.
    """
    if not len(lines):
        return np.empty(0, dtype=object)
    end, inner = _dangling_ends(lines, stops)
    if not len(end):
        return np.empty(0, dtype=object)
    way = end - inner
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
    start = end + way * 1.5
    rays = shapely.linestrings(np.stack([start, end + way * reach_cm], axis=1))
    targets = np.append(lines, shapely.get_parts(stops))
    ray, target = shapely.STRtree(targets).query(rays, predicate="intersects")
    if not len(ray):
        return np.empty(0, dtype=object)
    meet = shapely.intersection(rays[ray], targets[target])
    gap = shapely.distance(shapely.points(end[ray]), meet)
    hit = shapely.get_coordinates(
        shapely.get_geometry(shapely.shortest_line(shapely.points(end[ray]), meet), 0)
    ).reshape(-1, 2, 2)[:, 1]
    nearest = np.lexsort((gap, ray))
    first = nearest[np.r_[True, ray[nearest][1:] != ray[nearest][:-1]]]
    past = hit[first] + way[ray[first]] * 1.0
    extensions: NDArray[np.object_] = shapely.linestrings(np.stack([end[ray[first]], past], axis=1))
    return extensions


def _dangling_ends(lines: NDArray[np.object_], stops: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends that no other line shares, with the vertex before each: two (K, 2) arrays."""
    coords, of = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
    last = np.flatnonzero(np.r_[of[1:] != of[:-1], True])
    end = np.concatenate([coords[first], coords[last]])
    inner = np.concatenate([coords[first + 1], coords[last - 1]])
    _, inverse, count = np.unique(end, axis=0, return_inverse=True, return_counts=True)
    shapely.prepare(stops)
    loose = (count[inverse] == 1) & ~shapely.dwithin(stops, shapely.points(end), ON_LINE_CM)
    return end[loose], inner[loose]
