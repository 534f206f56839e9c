"""Borders as people see and grab them: simplified once per shared border, with its junctions and corners.

Geometry in lattice centimetres. A simplified vertex is always a vertex of the true border.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import shapely

from spatial.ground.seam import directed_edges, edge_keys, undirected
from spatial.plans.shapes import dissolve, holdings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon

    from spatial.plans.shapes import GridFaces
    from spatial.plans.tree import PlanState

SHARE = 0.12
"""How far a simplified border may stray, as a share of the side of a typical grid."""
LEAST_CM, MOST_CM = 200.0, 3_000.0
"""Bounds of that."""
OUTSIDE = -1
"""What lies beyond the outline, and ground of no grid."""


class Drawn(Protocol):
    """What is known of a plan's grids: their faces and their polygons, by id."""

    @property
    def of(self) -> Mapping[int, GridFaces]:
        """Faces of each grid."""

    @property
    def shapes(self) -> Mapping[int, MultiPolygon]:
        """Polygon of each grid."""


@dataclass(frozen=True)
class Simplified:
    """The grids of one level with simplified borders; branches that end above the level stand for themselves.

    Parameters
    ----------
    nodes
        (G,) ids of the grids, ascending.
    faces
        Ids of the faces of each.
    true, simple
        (G,) their ground, true and simplified; the basic grid's outline is kept.
    a, b
        (E,) positions of the grids on either side of each simplified border edge inside the basic grid.
    xy
        (E, 4) its ends.
    handles
        (H, 2) the ends of these edges, each once.
    at
        For each handle the positions of the grids that meet there, and whether it lies on the outline.
    """

    nodes: NDArray[np.int64]
    faces: tuple[tuple[str, ...], ...]
    true: NDArray[np.object_]
    simple: NDArray[np.object_]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    xy: NDArray[np.int64]
    handles: NDArray[np.int64]
    at: tuple[tuple[tuple[int, ...], bool], ...]

    def kind(self, handle: int) -> str:
        """A junction is where borders meet each other or the outline; every other handle is a corner."""
        grids, outer = self.at[handle]
        return "junction" if outer or len(grids) > 2 else "corner"


def simplified(state: PlanState, level: int, drawn: Drawn | None = None) -> Simplified:
    """Simplify the borders of a level, each once for the two grids that share it.

    The lowest run stands for a stacked face; ground of no grid is left out. ``drawn``, the faces of grids and
    their polygons where these are known, saves time and nothing else.
    """
    lowest, _ = holdings(state)
    by_grid: dict[int, list[str]] = {}
    for face, leaf in lowest.items():
        by_grid.setdefault(state.ancestor(leaf, level), []).append(face)
    nodes = sorted(by_grid)
    true = np.empty(len(nodes), dtype=object)
    true[:] = [_ground(state, n, by_grid[n], drawn) for n in nodes]
    side = float(np.sqrt(np.median(shapely.area(true)))) if nodes else 0.0
    stray = min(max(SHARE * side, LEAST_CM), MOST_CM)
    simple = shapely.coverage_simplify(true, stray, simplify_boundary=False)
    a, b, xy, outer = _shared(simple)
    handles, at = _handles(a, b, xy, outer)
    faces = tuple(tuple(sorted(by_grid[n])) for n in nodes)
    return Simplified(np.array(nodes, dtype=np.int64), faces, true, simple, a, b, xy, handles, at)


def _ground(state: PlanState, node: int, faces: Sequence[str], drawn: Drawn | None) -> MultiPolygon:
    """Ground of one grid, as it is drawn unless higher runs are drawn with it."""
    if drawn is not None and node in drawn.of and not drawn.of[node].parts:
        return drawn.shapes[node]
    return dissolve(np.array([state.faces[face].polygon for face in faces], dtype=object))


def _shared(
    simple: NDArray[np.object_],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Edges that two polygons share: owners and ends; and the ends of all other edges."""
    edges = directed_edges(simple)
    forward, _ = undirected(edges.xy)
    keys = edge_keys(forward)
    order = np.lexsort((edges.owner, keys))
    keys, owner, xy = keys[order], edges.owner[order], forward[order]
    same = keys[1:] == keys[:-1]
    twice = np.flatnonzero(same)
    alone = ~(np.r_[same, False] | np.r_[False, same])
    return owner[twice], owner[twice + 1], xy[twice], np.unique(xy[alone].reshape(-1, 2), axis=0)


def _handles(
    a: NDArray[np.int64], b: NDArray[np.int64], xy: NDArray[np.int64], outer: NDArray[np.int64]
) -> tuple[NDArray[np.int64], tuple[tuple[tuple[int, ...], bool], ...]]:
    points, place = np.unique(xy.reshape(-1, 2), axis=0, return_inverse=True)
    place = np.asarray(place).reshape(-1, 2)
    grids: list[set[int]] = [set() for _ in points]
    for (p, q), one, two in zip(place.tolist(), a.tolist(), b.tolist(), strict=True):
        grids[p] |= {one, two}
        grids[q] |= {one, two}
    rim = set(map(tuple, outer.tolist()))
    at = tuple((tuple(sorted(g)), tuple(p) in rim) for g, p in zip(grids, points.tolist(), strict=True))
    return points, at
