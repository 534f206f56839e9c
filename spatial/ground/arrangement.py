"""The planar arrangement of lines on the lattice, and the labels of its pieces.

Lines are noded by snap rounding to whole centimetres; the frozen outline takes no part in the rounding:
inner lines end short of it and are joined to its nearest vertex, so that no neighbour is ever changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import KDTree

from spatial.ground.seam import directed_edges, edge_keys, undirected

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE = -1
CLEAR_CM = 5.0
"""Lines further apart than this do not meet by rounding."""


@dataclass(frozen=True)
class Pieces:
    """Polygons of an arrangement, and the edges between them.

    ``xy`` (E, 4) int64 are the undirected edges; ``left`` and ``right`` (E,) the pieces on either side, NONE
    outside the outline. ``points`` lie inside each piece.
    """

    polygons: NDArray[np.object_]
    points: NDArray[np.object_]
    xy: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    length: NDArray[np.float64]


def inner_lines(lines: NDArray[np.object_], outline: Any, band_cm: float) -> NDArray[np.object_]:
    """Clip lines to a band's width inside the outline and join their ends to its nearest vertices."""
    inside = shapely.buffer(outline, -band_cm, join_style="mitre")
    shapely.prepare(inside)
    whole = shapely.contains_properly(inside, lines)
    clipped = shapely.intersection(lines[~whole], inside)
    parts = shapely.get_parts(np.concatenate([lines[whole], clipped]))
    parts = parts[(shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 0)]
    return np.concatenate([parts, _joins(parts, outline, band_cm)])


def _joins(lines: NDArray[np.object_], outline: Any, band_cm: float) -> NDArray[np.object_]:
    """Short lines from ends in the band to the outline's nearest vertex."""
    if not len(lines):
        return np.empty(0, dtype=object)
    ends = np.unique(
        np.concatenate(
            [
                shapely.get_coordinates(shapely.get_point(lines, 0)),
                shapely.get_coordinates(shapely.get_point(lines, -1)),
            ]
        ),
        axis=0,
    )
    border = shapely.boundary(outline)
    shapely.prepare(border)
    ends = ends[shapely.dwithin(border, shapely.points(ends), band_cm * 1.5 + 1.0)]
    if not len(ends):
        return np.empty(0, dtype=object)
    vertices = shapely.get_coordinates(border)
    _, nearest = KDTree(vertices).query(ends)
    joins: NDArray[np.object_] = shapely.linestrings(np.stack([ends, vertices[nearest]], axis=1))
    shapely.prepare(outline)
    return np.asarray(joins[shapely.covers(outline, joins) & (shapely.length(joins) > 0)], dtype=object)


def node(lines: NDArray[np.object_], noded: NDArray[np.object_], spacing_cm: float) -> NDArray[np.object_]:
    """Node lines into an arrangement on the lattice, a vertex at least every ``spacing_cm`` along each.

    ``noded`` holds the lines that lie there already (the outline's border to begin with); their vertices are
    dense enough and stay where they are.
    """
    dense = shapely.segmentize(lines, spacing_cm)
    return np.asarray(
        shapely.get_parts(shapely.union_all(np.concatenate([dense, noded]), grid_size=1.0)), dtype=object
    )


def node_into(
    lines: NDArray[np.object_], noded: NDArray[np.object_], spacing_cm: float
) -> NDArray[np.object_]:
    """Node lines into an arrangement as :func:`node` does, but leave alone what meets nothing.

    For lines that meet each other with their ends alone, as ridges nearly always do. Those that touch the
    arrangement or cross each other are noded, with its straight pieces near by; the rest is rounded as it is.
    Much faster where lines are many. Should rounding bend a line into one that was left out, the seam proof
    fails and :func:`node` has to do it.
    """
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    tree = shapely.STRtree(noded)
    end, met = tree.query(ends, predicate="dwithin", distance=CLEAR_CM)
    crossing, crossed = tree.query(lines, predicate="intersects")
    busy = _tangled(lines)
    busy[end % len(lines)] = busy[crossing] = True
    met = np.union1d(met, crossed)
    pieces, of = segments(noded[met])
    landing = shapely.STRtree(shapely.linestrings(pieces))
    close = np.zeros(len(pieces), dtype=bool)
    close[landing.query(lines[busy], predicate="dwithin", distance=CLEAR_CM)[1]] = True
    dense = shapely.segmentize(lines, spacing_cm)
    fresh = shapely.union_all(np.concatenate([dense[busy], landing.geometries[close]]), grid_size=1.0)
    free = shapely.transform(dense[~busy], rounded)
    return np.concatenate([np.delete(noded, met), _runs(pieces, of, ~close), shapely.get_parts(fresh), free])


def rounded(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Nearest lattice points, halves upwards, as GEOS rounds."""
    return np.floor(xy + 0.5)


def _tangled(lines: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Lines that meet others elsewhere than end to end, or are so short that rounding may undo them."""
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    crossing = ~shapely.touches(lines[one], lines[other])
    out = np.asarray(shapely.length(lines) < 2.0 * CLEAR_CM, dtype=bool)
    out[one[crossing]] = out[other[crossing]] = True
    return out


def segments(lines: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Straight pieces (S, 2, 2) of lines in their order, and the line of each."""
    coords, of = shapely.get_coordinates(lines, return_index=True)
    same = of[1:] == of[:-1]
    return np.stack([coords[:-1][same], coords[1:][same]], axis=1), of[:-1][same]


def _runs(
    pieces: NDArray[np.float64], of: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Lines of the chosen pieces; those that follow each other on one line stay together."""
    at = np.flatnonzero(chosen)
    if not len(at):
        return np.empty(0, dtype=object)
    fresh = np.r_[True, (np.diff(at) > 1) | (np.diff(of[at]) > 0)]
    where = np.flatnonzero(fresh)
    coords = np.insert(pieces[at, 1], where, pieces[at[where], 0], axis=0)
    run = np.cumsum(fresh) - 1
    return np.asarray(shapely.linestrings(coords, indices=np.insert(run, where, run[where])), dtype=object)


def pieces_of(noded: NDArray[np.object_], outline: Any) -> Pieces:
    """Polygonize noded lines into the pieces that lie on the outline's ground."""
    polygons = np.asarray(shapely.get_parts(shapely.polygonize(noded)), dtype=object)
    points = shapely.point_on_surface(polygons)
    shapely.prepare(outline)
    keep = shapely.contains(outline, points) & (shapely.area(polygons) > 0)
    polygons, points = polygons[keep], points[keep]
    return with_edges(polygons, points)


def with_edges(polygons: NDArray[np.object_], points: NDArray[np.object_]) -> Pieces:
    """Pieces of polygons that share their vertices, with a point inside each."""
    edges = directed_edges(polygons)
    forward, turned = undirected(edges.xy)
    keys = edge_keys(forward)
    count = int(keys.max()) + 1 if len(keys) else 0
    xy = np.zeros((count, 4), dtype=np.int64)
    xy[keys] = forward
    left = np.full(count, NONE, dtype=np.int64)
    right = np.full(count, NONE, dtype=np.int64)
    left[keys[~turned]] = edges.owner[~turned]
    right[keys[turned]] = edges.owner[turned]
    length = np.hypot(*(xy[:, 2:] - xy[:, :2]).T.astype(np.float64))
    return Pieces(polygons, points, xy, left, right, length)


def spread(labels: NDArray[np.int64], pieces: Pieces, open_edge: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Spread labels over unlabelled pieces across open edges, round by round, longest shared border first.

    Parameters
    ----------
    labels
        (M,) label of each piece, NONE where it has none yet.
    pieces
        The arrangement.
    open_edge
        (E,) edges that labels may cross.
    """
    out = labels.copy()
    usable = open_edge & (pieces.left != NONE) & (pieces.right != NONE)
    a = np.concatenate([pieces.left[usable], pieces.right[usable]])
    b = np.concatenate([pieces.right[usable], pieces.left[usable]])
    length = np.tile(pieces.length[usable], 2)
    while True:
        front = (out[a] == NONE) & (out[b] != NONE)
        if not front.any():
            return out
        out = _adopt(out, a[front], out[b[front]], length[front])


def _adopt(
    labels: NDArray[np.int64], piece: NDArray[np.int64], label: NDArray[np.int64], length: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Give each piece the label it shares most border with (ties: the lower label)."""
    order = np.lexsort((label, piece))
    piece, label, length = piece[order], label[order], length[order]
    start = np.flatnonzero(np.r_[True, (piece[1:] != piece[:-1]) | (label[1:] != label[:-1])])
    total = np.add.reduceat(length, start)
    piece, label = piece[start], label[start]
    best = np.lexsort((label, -total, piece))
    first = best[np.r_[True, piece[best][1:] != piece[best][:-1]]]
    out = labels.copy()
    out[piece[first]] = label[first]
    return out


def dissolve(
    pieces: Pieces, labels: NDArray[np.int64]
) -> tuple[Pieces, NDArray[np.int64], NDArray[np.bool_]]:
    """Merge pieces of one label.

    A label whose pieces are not connected gives several merged pieces. Vertices stay where they are.

    Returns
    -------
    merged, into, kept
        The merged pieces; the one that each old piece went into; the old edges that still part two of them.
    """
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.r_[True, labels[order][1:] != labels[order][:-1]])
    groups = np.split(order, starts[1:])
    unions = [
        pieces.polygons[group[0]] if len(group) == 1 else shapely.coverage_union_all(pieces.polygons[group])
        for group in groups
    ]
    polygons, group_of = shapely.get_parts(np.array(unions, dtype=object), return_index=True)
    into = np.empty(len(labels), dtype=np.int64)
    into[order] = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    first = np.searchsorted(group_of, np.arange(len(groups)))
    parts = np.bincount(group_of, minlength=len(groups))
    into = first[into]
    split = np.flatnonzero(parts[group_of[into]] > 1)
    if len(split):
        piece, part = shapely.STRtree(polygons).query(pieces.points[split], predicate="intersects")
        same = group_of[part] == group_of[into[split[piece]]]
        into[split[piece[same]]] = part[same]
    points = np.empty(len(polygons), dtype=object)
    points[into] = pieces.points
    left = np.where(pieces.left == NONE, NONE, into[pieces.left])
    right = np.where(pieces.right == NONE, NONE, into[pieces.right])
    kept = left != right
    merged = Pieces(polygons, points, pieces.xy[kept], left[kept], right[kept], pieces.length[kept])
    return merged, into, kept
