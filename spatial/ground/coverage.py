"""The outlines of a town as one coverage: where they overlap, leave ground between them, or do not meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.ground.gaps import holes_between, open_gaps, sides
from spatial.ground.seam import Flaw, directed_edges, edge_keys, leftover, prove, undirected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def gaps_between(outlines: NDArray[np.object_]) -> list[Flaw]:
    """Find the ground between outlines that none of them holds: holes, and strips open at their ends.

    Parameters
    ----------
    outlines
        (A,) outlines on the lattice.
    """
    holes = holes_between(outlines)
    found = [*holes, *open_gaps(outlines, holes)]
    return [
        Flaw("gap", g.geometry, tuple(sorted({*g.areas, *sides(g.geometry, outlines)})), g.area_m2)
        for g in found
    ]


def outline_flaws(outlines: NDArray[np.object_], mine: Iterable[int]) -> list[Flaw]:
    """Prove that some outlines of a town meet all the others exactly; no flaw when they do.

    Parameters
    ----------
    outlines
        (A,) outlines of all basic grids of the town, on the lattice.
    mine
        Positions of those to be proved: a flaw between others only is none of theirs.

    Returns
    -------
    list of Flaw
        Overlaps and gaps that one of them has a part in, else the edges of theirs that do not meet the
        neighbour's vertex by vertex.
    """
    wanted = frozenset(mine)
    if not len(outlines):
        return []
    whole = shapely.union_all(outlines, grid_size=1.0)
    seams = prove(outlines, whole)
    flaws = [f for f in [*seams, *gaps_between(outlines)] if f.kind != "edge" and wanted & {*f.faces}]
    return flaws if flaws or not seams else _unmatched(outlines, whole, wanted)


def _unmatched(outlines: NDArray[np.object_], whole: Any, wanted: frozenset[int]) -> list[Flaw]:
    """Edges of some outlines that neither a neighbour shares nor the rim."""
    rest = np.unique(leftover(outlines, whole), axis=0)
    every = directed_edges(outlines)
    keys = edge_keys(np.concatenate([rest, undirected(every.xy)[0]]))
    flaws = []
    for i in sorted(wanted):
        mine = rest[np.isin(keys[: len(rest)], keys[len(rest) :][every.owner == i])]
        if len(mine):
            lines = shapely.multilinestrings(shapely.linestrings(mine.reshape(-1, 2, 2).astype(np.float64)))
            near = shapely.STRtree(outlines).query(lines, predicate="dwithin", distance=1.0)
            flaws.append(Flaw("edge", lines, tuple(int(n) for n in np.sort(near)), 0.0))
    return flaws
