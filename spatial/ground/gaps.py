"""Ground between outlines that none of them holds: gaps, hairlines, holes; in lattice centimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from spatial.ground.seam import CM2_PER_M2, directed_edges, edge_keys, undirected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CM = 100.0
GAP_CM = 2_000.0
"""Ground between outlines that none of them holds: gaps, hairlines, holes; in lattice centimetres."""
SLIVER_CM = 10.0
"""Overlaps and gaps narrower than this on average come from digitising and go to the longer neighbour."""


@dataclass(frozen=True)
class Disputed:
    """Ground that several outlines claim (``overlap``) or that none between them does (``gap``).

    ``areas`` are positions of the outlines concerned; geometry in lattice centimetres.
    """

    kind: Literal["overlap", "gap"]
    areas: tuple[int, ...]
    geometry: Any

    @property
    def area_m2(self) -> float:
        """Its area in square metres."""
        return float(shapely.area(self.geometry)) / CM2_PER_M2


def hairlines(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Strips between outlines that are too narrow to be ground, those open at their ends too."""
    if len(polygons) < 2:
        return np.empty(0, dtype=object)
    solid = shapely.union_all(polygons)
    wider = shapely.buffer(solid, SLIVER_CM, join_style="mitre")
    closed = shapely.buffer(wider, -SLIVER_CM, join_style="mitre")
    strips = shapely.get_parts(shapely.difference(closed, solid, grid_size=1.0))
    strips = strips[shapely.area(strips) > 0]
    return np.array([s for s in strips if len(sides(s, polygons)) > 1], dtype=object)


def open_gaps(outlines: NDArray[np.object_], known: Sequence[Disputed] = ()) -> list[Disputed]:
    """Find strips between outlines that are open at their ends, so that no ring closes them in."""
    if len(outlines) < 2:
        return []
    solid = shapely.union_all(np.append(outlines, [d.geometry for d in known]))
    half = GAP_CM / 2.0
    closed = shapely.buffer(shapely.buffer(solid, half, join_style="mitre"), -half, join_style="mitre")
    strips = shapely.get_parts(shapely.difference(closed, solid, grid_size=1.0))
    strips = strips[shapely.area(strips) >= CM2_PER_M2]
    strips = strips[~shapely.is_empty(shapely.buffer(strips, -1.0))]
    found = []
    for strip in strips:
        who = sides(strip, outlines)
        if len(who) >= 2:
            found.append(Disputed("gap", who, strip))
    return found


def holes_between(outlines: NDArray[np.object_]) -> list[Disputed]:
    """Find the holes of a town that no freezing leaves: closed in by several outlines, or a hairline in one.

    Parameters
    ----------
    outlines
        (A,) frozen outlines on the lattice, neighbours with the same vertices.
    """
    whole = shapely.union_all(outlines, grid_size=1.0)
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    holes = shapely.polygons(np.array(rings, dtype=object))
    edges = directed_edges(np.concatenate([outlines, holes]))
    keys = edge_keys(undirected(edges.xy)[0])
    of_hole = edges.owner >= len(outlines)
    hole_at = dict(zip(keys[of_hole].tolist(), (edges.owner[of_hole] - len(outlines)).tolist(), strict=True))
    around: list[set[int]] = [set() for _ in rings]
    for key, owner in zip(keys[~of_hole].tolist(), edges.owner[~of_hole].tolist(), strict=True):
        if key in hole_at:
            around[hole_at[key]].add(owner)
    thin = 2.0 * shapely.area(holes) < SLIVER_CM * shapely.length(holes)
    return [
        Disputed("gap", tuple(sorted(who)), hole)
        for hole, who, hairline in zip(holes, around, thin, strict=True)
        if len(who) > 1 or hairline
    ]


def sides(strip: Any, outlines: NDArray[np.object_]) -> tuple[int, ...]:
    """Outlines that a strip runs along, for more than its width."""
    near = shapely.STRtree(outlines).query(strip, predicate="dwithin", distance=2.0)
    along = shapely.length(shapely.intersection(shapely.boundary(strip), shapely.buffer(outlines[near], 2.0)))
    width = 2.0 * float(shapely.area(strip)) / float(shapely.length(strip))
    return tuple(int(i) for i in np.sort(near[along > width]))
