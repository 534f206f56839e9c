"""Labels: whose face every piece of the arrangement belongs to, and the faces that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from spatial.ground.arrangement import NONE, Pieces, dissolve, spread
from spatial.ground.fronts import behind_walls
from spatial.ground.landscape import NO_BARRIER, Barriers, follow
from spatial.ground.strips import part_strips

if TYPE_CHECKING:
    from numpy.typing import NDArray

CM = 100.0
CM2 = 10_000.0
THIN_M = 1.5
"""Open faces narrower than this on average are slivers and join a neighbour."""
SMALL_M2 = 12.0


@dataclass(frozen=True)
class Cut:
    """Faces of one try: polygons, the unit of each (NONE: open ground), what edges follow, built parts."""

    pieces: Pieces
    unit: NDArray[np.int64]
    line: NDArray[np.int64]
    walls: NDArray[np.object_]


def faces_of(pieces: Pieces, unit: NDArray[np.int64], barriers: Barriers, spacing: float) -> Cut:
    """Label every piece, merge by label, let slivers join neighbours, part strips, join those along walls."""
    line = follow(pieces.xy, barriers)
    open_edge = line == NO_BARRIER
    labels = _open_labels(pieces, spread(unit, pieces, open_edge), open_edge)
    merged, into, kept = dissolve(pieces, labels)
    for _ in range(4):
        owner = _main_parts(pieces, unit, merged, into)
        loose = _loose(merged, owner)
        if not loose.any():
            break
        start = np.where(loose, NONE, np.arange(len(merged.polygons)))
        joined = spread(start, merged, np.ones(len(merged.xy), dtype=bool))
        labels = np.where(joined == NONE, np.arange(len(joined)), joined)[into]
        merged, into, kept = dissolve(pieces, labels)
    owner = _main_parts(pieces, unit, merged, into)
    cut = Cut(merged, owner, line[kept], _walls(pieces, unit, into, owner))
    return _with_fronts(_parted(cut, spacing), barriers)


def _parted(cut: Cut, spacing: float) -> Cut:
    """Part the strips; the part that its building stands in stays a building's face."""
    pieces, origin, edge = part_strips(cut.pieces, cut.walls, spacing)
    unit, walls = cut.unit[origin], cut.walls[origin]
    parted = np.flatnonzero((unit != NONE) & (np.bincount(origin)[origin] > 1))
    bare = parted[~shapely.covers(pieces.polygons[parted], walls[parted])]
    unit[bare], walls[bare] = NONE, None
    return Cut(pieces, unit, np.where(edge == NONE, NO_BARRIER, cut.line[edge]), walls)


def _with_fronts(cut: Cut, barriers: Barriers) -> Cut:
    """Let strips along the outside of walls go with the ground behind."""
    label = behind_walls(cut.pieces, cut.unit == NONE, cut.line, barriers)
    pieces, into, kept = dissolve(cut.pieces, label)
    unit, walls = np.full(len(pieces.polygons), NONE), np.full(len(pieces.polygons), None, dtype=object)
    host = label == np.arange(len(label))
    unit[into[host]], walls[into[host]] = cut.unit[host], cut.walls[host]
    return Cut(pieces, unit, cut.line[kept], walls)


def _walls(
    pieces: Pieces, unit: NDArray[np.int64], into: NDArray[np.int64], owner: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Built part of each face, with the face's own vertices along shared walls; None on open ground."""
    out = np.full(len(owner), None, dtype=object)
    built = np.flatnonzero((unit != NONE) & (unit == owner[into]))
    order = built[np.argsort(into[built], kind="stable")]
    fresh = np.flatnonzero(into[order][1:] != into[order][:-1]) + 1
    for group in np.split(order, fresh) if len(order) else []:
        parts = pieces.polygons[group]
        out[into[group[0]]] = parts[0] if len(parts) == 1 else shapely.coverage_union_all(parts)
    return out


def _open_labels(
    pieces: Pieces, labels: NDArray[np.int64], open_edge: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Give ground without a building a label for each stretch that no barrier parts."""
    out = labels.copy()
    rest = np.flatnonzero(out == NONE)
    if not len(rest):
        return out
    number = np.full(len(out), NONE, dtype=np.int64)
    number[rest] = np.arange(len(rest))
    both = (pieces.left != NONE) & (pieces.right != NONE) & open_edge
    a, b = number[pieces.left[both]], number[pieces.right[both]]
    inner = (a != NONE) & (b != NONE)
    links = coo_matrix((np.ones(int(inner.sum())), (a[inner], b[inner])), shape=(len(rest), len(rest)))
    _, stretch = connected_components(links, directed=False)
    out[rest] = stretch + (int(labels.max()) + 1 if len(labels) else 0)
    return out


def _main_parts(
    pieces: Pieces, unit: NDArray[np.int64], merged: Pieces, into: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Unit of each merged piece: the one whose footprint lies in it, by its largest part."""
    out = np.full(len(merged.polygons), NONE, dtype=np.int64)
    built = np.flatnonzero((unit != NONE) & (into != NONE))
    if not len(built):
        return out
    pairs, at = np.unique(np.stack([unit[built], into[built]], axis=1), axis=0, return_inverse=True)
    area = np.bincount(at.ravel(), shapely.area(pieces.polygons[built]), len(pairs))
    for group, tie in ((0, 1), (1, 0)):
        order = np.lexsort((pairs[:, tie], -area, pairs[:, group]))
        largest = order[np.r_[True, np.diff(pairs[order, group]) > 0]]
        pairs, area = pairs[largest], area[largest]
    out[pairs[:, 1]] = pairs[:, 0]
    return out


def _loose(merged: Pieces, unit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Open faces too small or too thin to stand by themselves."""
    area = shapely.area(merged.polygons) / CM2
    perimeter = shapely.length(merged.polygons) / CM
    thin = 2.0 * area < THIN_M * perimeter
    return np.asarray((unit == NONE) & ((area < SMALL_M2) | thin), dtype=bool)
