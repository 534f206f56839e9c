"""Strips: ground that is long and thin, or runs round something, parted across at its corners.

A strip between an estate's wall and the street, a river, a verge: as one face it would tie a grid to ground
far away. It is cut where it turns round a corner, where the borders of its neighbours reach it, and every so
often where there is neither. Of a wide face with a building, what runs round others is cut off likewise. A
cut joins two vertices that are there already: no other face changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import KDTree

from spatial.ground.arrangement import NONE, Pieces, rounded, with_edges
from spatial.ground.seam import edge_keys, packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG = 12.0
"""A face is a strip when half its perimeter is more than this many times its mean width, or it has a hole."""
LEAST_M = 20.0
"""Cuts at corners stand at least so far apart, or three widths."""
GAPS = (1.0, 1.0, 2.0)
"""Times that for cuts at corners, at neighbours' borders, and where there is neither."""
CORNER = np.radians(35.0)
REACH = 2.5
"""A cut is no longer than this many mean widths."""
ROUNDS = 3
"""How often parts that still run round something are parted again."""
HOLLOW = 0.5
"""A part runs round something when it fills less than this of its convex hull."""
WIDE_M2 = 5_000.0
"""A face with a building is parted if it is larger than this and runs round something."""
CLEAR_CM = 50.0
"""Cuts keep so far away from a building."""
CM = 100.0


@dataclass(frozen=True)
class _Rim:
    """Vertices of a face's rings: place, ring, metres along it, length of the ring, turn, way inward."""

    xy: NDArray[np.float64]
    ring: NDArray[np.int64]
    along: NDArray[np.float64]
    total: NDArray[np.float64]
    turn: NDArray[np.float64]
    inward: NDArray[np.float64]


def part_strips(
    pieces: Pieces, built: NDArray[np.object_], spacing_cm: float
) -> tuple[Pieces, NDArray[np.int64], NDArray[np.int64]]:
    """Part the strips among faces.

    Parameters
    ----------
    pieces
        The faces.
    built
        (M,) built part of each face, None on open ground.
    spacing_cm
        Greatest distance between vertices along a cut.

    Returns
    -------
    pieces, origin, edge
        The faces anew; the old face of each; the old edge of each edge, NONE along cuts.
    """
    junctions = _junctions(pieces.xy)
    strips = _strips(pieces.polygons, shapely.is_missing(built))
    parts = {int(i): _parts(pieces.polygons[i], built[i], junctions, spacing_cm) for i in strips}
    count = np.ones(len(pieces.polygons), dtype=np.int64)
    count[list(parts)] = [len(p) for p in parts.values()]
    origin = np.repeat(np.arange(len(count)), count)
    if len(origin) == len(count):
        return pieces, origin, np.arange(len(pieces.xy))
    polygons = pieces.polygons[origin]
    cut = np.isin(origin, list(parts))
    polygons[cut] = np.concatenate(list(parts.values()))
    points = pieces.points[origin]
    points[cut] = shapely.point_on_surface(polygons[cut])
    anew = with_edges(polygons, points)
    keys = edge_keys(np.concatenate([pieces.xy, anew.xy]))
    old = np.full(int(keys.max()) + 1, NONE, dtype=np.int64)
    old[keys[: len(pieces.xy)]] = np.arange(len(pieces.xy))
    return anew, origin, old[keys[len(pieces.xy) :]]


def _junctions(xy: NDArray[np.int64]) -> NDArray[np.int64]:
    """Vertices where three edges or more meet, packed."""
    ends, count = np.unique(packed(xy.reshape(-1, 2)), return_counts=True)
    return np.asarray(ends[count > 2])


def _strips(faces: NDArray[np.object_], is_open: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Faces to be parted: open strips, and wide faces with a building that run round something."""
    wide = shapely.area(faces) > WIDE_M2 * CM * CM
    out = np.flatnonzero(is_open | wide)
    runs_round = (shapely.get_num_interior_rings(faces[out]) > 0) | _is_hollow(faces[out])
    return out[np.where(is_open[out], _is_strip(faces[out]), runs_round)]


def _is_strip(faces: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Faces that are long and thin, or have a hole."""
    return np.asarray(
        (shapely.length(faces) / 2.0 > LONG * _width(faces)) | (shapely.get_num_interior_rings(faces) > 0)
    )


def _is_hollow(faces: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Faces that run round something: far smaller than their hull."""
    return np.asarray(shapely.area(faces) < HOLLOW * shapely.area(shapely.convex_hull(faces)))


def _width(faces: Any) -> Any:
    """Mean width: that of a long strip with the same area and perimeter."""
    return 2.0 * shapely.area(faces) / shapely.length(faces)


def _parts(
    face: Any, built: Any, junctions: NDArray[np.int64], spacing: float, rounds: int = ROUNDS
) -> NDArray[np.object_]:
    """Parts of one strip, again where they run round something; the strip alone if no cut goes through."""
    whole = np.array([face], dtype=object)
    chords = _chords(face, float(_width(face)), junctions)
    chords = chords[~shapely.dwithin(shapely.linestrings(chords), built, CLEAR_CM)]
    if not len(chords):
        return whole
    cuts = shapely.transform(shapely.segmentize(shapely.linestrings(chords), spacing), rounded)
    lines = np.concatenate([_cut_rings(face, chords), cuts])
    parts = np.asarray(shapely.get_parts(shapely.polygonize(lines)), dtype=object)
    shapely.prepare(face)
    parts = parts[shapely.contains(face, shapely.point_on_surface(parts))]
    if len(parts) < 2 or not shapely.is_valid(parts).all() or shapely.area(parts).sum() != shapely.area(face):
        return whole
    parts = parts[np.lexsort(shapely.bounds(parts).T)]
    again = _is_hollow(parts) & (rounds > 1)
    return np.concatenate(
        [
            _parts(p, built, junctions, spacing, rounds - 1) if more else np.array([p], dtype=object)
            for p, more in zip(parts, again, strict=True)
        ]
    )


def _cut_rings(face: Any, chords: NDArray[np.float64]) -> NDArray[np.object_]:
    """Rings of a face, cut at the ends of the chords."""
    ends = packed(chords.reshape(-1, 2).astype(np.int64))
    lines = []
    for ring in shapely.get_rings(face):
        xy = shapely.get_coordinates(ring)
        at = np.flatnonzero(np.isin(packed(xy[:-1].astype(np.int64)), ends))
        if len(at):
            xy = np.concatenate([xy[at[0] : -1], xy[: at[0] + 1]])
            at = at - at[0]
        bounds = [*at.tolist(), len(xy) - 1] if len(at) else [0, len(xy) - 1]
        lines += [shapely.LineString(xy[i : j + 1]) for i, j in pairwise(bounds)]
    return np.array(lines, dtype=object)


def _chords(face: Any, width: float, junctions: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cuts (K, 2, 2) across a strip: at corners, sharpest first, at neighbours' borders, then anywhere."""
    rim = _rim(face, width)
    least = max(3.0 * width, LEAST_M * CM)
    kind = np.full(len(rim.xy), len(GAPS))
    kind[np.r_[True, np.diff(rim.along // least) != 0]] = 2
    met = np.flatnonzero(np.isin(packed(rim.xy.astype(np.int64)), junctions))
    kind[met[np.r_[True, np.diff(rim.along[met] // (least / 2.0)) != 0]] if len(met) else met] = 1
    kind[rim.turn > CORNER] = len(GAPS)
    kind[rim.turn < -CORNER] = 0
    start, end = _across(face, rim, np.flatnonzero(kind < len(GAPS)), width)
    chords = np.stack([rim.xy[start], rim.xy[end]], axis=1)
    length = np.hypot(*(chords[:, 1] - chords[:, 0]).T)
    merit = np.where(kind[start] == 0, np.round(rim.turn[start], 6), length)
    order = np.lexsort((chords[:, 0, 1], chords[:, 0, 0], merit, kind[start]))
    taken = chords[_apart(chords, order, least * np.array(GAPS)[kind[start]])]
    touching = shapely.intersection(shapely.linestrings(taken), shapely.boundary(face))
    return np.asarray(taken[shapely.get_num_coordinates(touching) == 2])


def _rim(face: Any, width: float) -> _Rim:
    """Vertices of a face with the way its rings turn there, seen over a stretch of half its width."""
    found = [_ring(shapely.get_coordinates(ring), i, width) for i, ring in enumerate(_rings(face))]
    return _Rim(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _rings(face: Any) -> NDArray[np.object_]:
    return np.asarray(shapely.get_rings(shapely.orient_polygons(face)), dtype=object)


def _ring(xy: NDArray[np.float64], number: int, width: float) -> tuple[NDArray[Any], ...]:
    """Fields of :class:`_Rim` for one closed ring, its ground on the left."""
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    total = along[-1]
    view = min(max(width / 2.0, 2.0 * CM), total / 8.0)
    place = along[:-1]

    def at(metres: NDArray[np.float64]) -> NDArray[np.float64]:
        where = np.mod(metres, total)
        return np.column_stack([np.interp(where, along, xy[:, k]) for k in (0, 1)])

    into, out = xy[:-1] - at(place - view), at(place + view) - xy[:-1]
    turn = np.arctan2(into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0], (into * out).sum(axis=1))
    way = into / np.hypot(*into.T)[:, None] + out / np.hypot(*out.T)[:, None]
    inward = np.column_stack([-way[:, 1], way[:, 0]]) / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    same = np.ones(len(place))
    return xy[:-1], (same * number).astype(np.int64), place, same * total, turn, inward


def _across(
    face: Any, rim: _Rim, start: NDArray[np.int64], width: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Vertices on the other side of the strip, straight inward from each; those without one are left out."""
    if not len(start):
        return start, start
    rays = shapely.linestrings(
        np.stack(
            [rim.xy[start] + rim.inward[start], rim.xy[start] + rim.inward[start] * REACH * width], axis=1
        )
    )
    border = shapely.boundary(face)
    hits, ray = shapely.get_coordinates(shapely.intersection(rays, border), return_index=True)
    away = np.hypot(*(hits - rim.xy[start[ray]]).T)
    order = np.lexsort((away, ray))
    first = order[np.r_[True, ray[order][1:] != ray[order][:-1]]] if len(order) else order
    start = start[ray[first]]
    _, end = KDTree(rim.xy).query(hits[first]) if len(first) else (start, start)
    round_ring = np.abs(rim.along[start] - rim.along[end])
    round_ring = np.minimum(round_ring, rim.total[start] - round_ring)
    length = np.hypot(*(rim.xy[end] - rim.xy[start]).T)
    opposite = (length > 0) & ((rim.ring[start] != rim.ring[end]) | (round_ring > 2.0 * length))
    start, end = start[opposite], end[opposite]
    chords = shapely.linestrings(np.stack([rim.xy[start], rim.xy[end]], axis=1))
    shapely.prepare(face)
    clear = shapely.covers(face, chords)
    return start[clear], end[clear]


def _apart(
    chords: NDArray[np.float64], order: NDArray[np.int64], gap: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Cuts in order of merit, each at least its gap from those taken before."""
    middle = chords.mean(axis=1)
    taken: list[int] = []
    for i in order.tolist():
        if (np.hypot(*(middle[taken] - middle[i]).T) >= gap[i]).all():
            taken.append(i)
    return np.array(taken, dtype=np.int64)
