"""The seam proof: polygons tile an outline exactly, tolerance 0, shown on integer coordinates.

Every polygon is turned so that its interior lies left of each edge. If the directed edges of all polygons,
opposite ones cancelled, leave exactly the directed edges of the outline, the winding numbers of the polygons
add up to the outline's at every point of the plane: each point is covered once, none twice, none outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CM2_PER_M2 = 10_000.0


@dataclass(frozen=True)
class Flaw:
    """One place where a coverage fails; geometry in lattice centimetres.

    ``kind``: ``gap`` (covered by none), ``overlap`` (covered by several, or outside the outline), ``edge``
    (edges that do not meet vertex by vertex) or ``invalid`` (a polygon that is no simple polygon).
    """

    kind: Literal["gap", "overlap", "edge", "invalid"]
    geometry: Any
    faces: tuple[int, ...]
    area_m2: float


@dataclass(frozen=True)
class Edges:
    """Directed edges of many polygons, interior on the left.

    ``xy`` is (E, 4) int64 centimetres x1, y1, x2, y2; ``owner`` (E,) the position of the polygon.
    """

    xy: NDArray[np.int64]
    owner: NDArray[np.int64]


def directed_edges(polygons: NDArray[np.object_]) -> Edges:
    """List the directed edges of (multi)polygons, exteriors counter-clockwise, holes clockwise.

    Parameters
    ----------
    polygons
        (N,) Polygons or MultiPolygons on the lattice (whole-number coordinates).
    """
    parts, part_of = shapely.get_parts(polygons, return_index=True)
    rings, ring_of = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    coords, of = shapely.get_coordinates(rings, return_index=True)
    points = np.rint(coords).astype(np.int64)
    same = of[1:] == of[:-1]
    xy = np.concatenate([points[:-1][same], points[1:][same]], axis=1)
    owner = part_of[ring_of[of[:-1][same]]] if len(of) else np.empty(0, dtype=np.int64)
    return Edges(xy.reshape(-1, 4), np.asarray(owner, dtype=np.int64))


def undirected(xy: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give each edge its undirected form (lower end first) and whether it was turned round."""
    turned = (xy[:, 0] > xy[:, 2]) | ((xy[:, 0] == xy[:, 2]) & (xy[:, 1] > xy[:, 3]))
    return np.where(turned[:, None], xy[:, [2, 3, 0, 1]], xy), turned


def packed(points: NDArray[np.int64]) -> NDArray[np.int64]:
    """One whole number a lattice point, in the order of x, then y (coordinates stay below 2^23)."""
    return np.asarray((points[:, 0] << 32) + points[:, 1], dtype=np.int64)


def edge_keys(xy: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number undirected edges: equal numbers for equal edges. (E,) int64, dense from 0.

    ``xy`` is (E, 4), or (E, 5): edges of different outlines, the last column, are never equal.
    """
    if not len(xy):
        return np.empty(0, dtype=np.int64)
    columns = [packed(xy[:, 2:4]), packed(xy[:, :2]), *xy[:, 4:].T]
    order = np.lexsort(columns)
    fresh = np.zeros(len(xy), dtype=np.bool_)
    for column in (one[order] for one in columns):
        fresh[1:] |= column[1:] != column[:-1]
    keys = np.empty(len(xy), dtype=np.int64)
    keys[order] = np.cumsum(fresh)
    return keys


def doubled_area(edges: Edges, count: int) -> NDArray[np.int64]:
    """Twice the area of each polygon in square centimetres, exact (shoelace on integers)."""
    x1, y1, x2, y2 = edges.xy.T
    out = np.zeros(count, dtype=np.int64)
    np.add.at(out, edges.owner, x1 * y2 - x2 * y1)
    return out


def leftover(polygons: NDArray[np.object_], outline: Any) -> NDArray[np.int64]:
    """Edges that neither cancel between polygons nor lie on the outline: (K, 4) int64, empty when proved."""
    inner = directed_edges(polygons)
    outer = directed_edges(np.array([outline], dtype=object))
    xy = np.concatenate([inner.xy, outer.xy[:, [2, 3, 0, 1]]])
    forward, turned = undirected(xy)
    return np.asarray(forward[_uncancelled(forward, turned)], dtype=np.int64)


def _uncancelled(forward: NDArray[np.int64], turned: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(E,) whether edges in their undirected form (see `edge_keys`) are left when opposite ones cancel."""
    keys = edge_keys(forward)
    balance = np.zeros(int(keys.max()) + 1 if len(keys) else 0, dtype=np.int64)
    np.add.at(balance, keys, np.where(turned, -1, 1))
    return np.asarray(balance[keys] != 0)


def prove(polygons: NDArray[np.object_], outline: Any) -> list[Flaw]:
    """Prove that polygons tile an outline; the list of flaws is empty when they do.

    Parameters
    ----------
    polygons
        (N,) Polygons or MultiPolygons in lattice centimetres, whole numbers.
    outline
        Polygon or MultiPolygon that they should tile, with the same vertices along its border.

    Returns
    -------
    list of Flaw
        Invalid polygons, gaps, overlaps, and edges that do not meet.
    """
    flaws = [
        Flaw("invalid", polygons[i], (int(i),), float(shapely.area(polygons[i])) / CM2_PER_M2)
        for i in np.flatnonzero(~shapely.is_valid(polygons) | shapely.is_empty(polygons))
    ]
    rest = leftover(polygons, outline)
    if len(rest):
        flaws += _locate(np.unique(rest, axis=0), polygons, outline)
    return flaws


def unproved(tiles: Sequence[NDArray[np.object_]], outlines: NDArray[np.object_]) -> NDArray[np.int64]:
    """Find the outlines that their tiles do not tile: all at once, what `prove` says one by one.

    Parameters
    ----------
    tiles
        (K,) arrays of Polygons or MultiPolygons, those of each outline.
    outlines
        (K,) Polygons or MultiPolygons.

    Returns
    -------
    (F,) int64
        Positions of those that `prove` finds flaws in, ascending.
    """
    if not len(outlines):
        return np.empty(0, dtype=np.int64)
    polygons = np.concatenate(tiles)
    of = np.repeat(np.arange(len(tiles)), [len(some) for some in tiles])
    bad = of[~shapely.is_valid(polygons) | shapely.is_empty(polygons)]
    inner, outer = directed_edges(polygons), directed_edges(outlines)
    forward, turned = undirected(np.concatenate([inner.xy, outer.xy[:, [2, 3, 0, 1]]]))
    whose = np.concatenate([of[inner.owner], outer.owner])
    left = _uncancelled(np.column_stack([forward, whose]), turned)
    return np.unique(np.concatenate([bad, whose[left]]))


def _locate(rest: NDArray[np.int64], polygons: NDArray[np.object_], outline: Any) -> list[Flaw]:
    """Turn unmatched edges into gaps and overlaps where they enclose ground, else into edge flaws."""
    lines = shapely.linestrings(rest.reshape(-1, 2, 2).astype(np.float64))
    noded = shapely.get_parts(shapely.union_all(lines))
    pockets = shapely.get_parts(shapely.polygonize(noded))
    pockets = pockets[shapely.area(pockets) > 0]
    valid = np.where(shapely.is_valid(polygons), polygons, shapely.make_valid(polygons))
    tree = shapely.STRtree(valid)
    flaws: list[Flaw] = []
    for pocket in pockets:
        point = shapely.point_on_surface(pocket)
        owners = tuple(int(i) for i in np.sort(tree.query(point, predicate="intersects")))
        area = float(shapely.area(pocket)) / CM2_PER_M2
        within = bool(shapely.intersects(outline, point))
        if within and not owners:
            flaws.append(Flaw("gap", pocket, (), area))
        elif len(owners) > 1 or (owners and not within):
            flaws.append(Flaw("overlap", pocket, owners, area))
    if not flaws:
        near = tuple(int(i) for i in np.unique(tree.query(shapely.union_all(lines), predicate="intersects")))
        flaws.append(Flaw("edge", shapely.union_all(lines), near, 0.0))
    return flaws
