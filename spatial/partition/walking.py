"""Ways over the ground, from cell to cell and longer across a barrier; what is nearest that way."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from spatial.partition.graph import Bools, CellGraph, Floats, Ints

CROSSING = 4.0
"""How many times longer a step over a fully followed border is taken to be."""
NO_WAY = 1e7
"""Metres added where no way leads, only the crow's."""


def walks(graph: CellGraph, free: Bools) -> Any:
    """Give the steps between cells as a sparse matrix of metres.

    Parameters
    ----------
    graph
        The basic grid.
    free
        (n,) cells that may be walked over.
    """
    inside = free[graph.a] & free[graph.b]
    a, b = graph.a[inside], graph.b[inside]
    length, followed = graph.length_m[inside], graph.followed_m[inside]
    strength = np.divide(followed, length, out=np.zeros(len(a)), where=length > 0)
    metres = np.hypot(*(graph.xy_m[a] - graph.xy_m[b]).T) + 1e-6
    matrix = coo_matrix((metres * (1.0 + (CROSSING - 1.0) * strength), (a, b)), shape=(graph.n, graph.n))
    return matrix.tocsr()


def along_paths(steps: Any, seeds: Ints) -> tuple[Floats, Ints]:
    """Give the metres to every cell from the nearest of some, and which it is; inf and -1 without a way."""
    metres, _, found = dijkstra(steps, directed=False, indices=seeds, min_only=True, return_predecessors=True)
    return metres, np.where(np.isfinite(metres), found, -1).astype(np.int64)


def shortest_bridges(graph: CellGraph, cells: Ints, part: Ints, usable: Bools) -> Ints:
    """Join the parts of a grid's ground by a tree of the shortest ways between them (Prim).

    Ways may lead over anybody's ground; where there is none, the crow's flight counts.

    Parameters
    ----------
    graph
        The basic grid.
    cells
        (k,) cells of the grid.
    part, usable
        (k,) the part that each lies in, and whether a bridge may end there; each part has a usable cell.

    Returns
    -------
    (parts - 1, 2) positions in ``cells``, the shortest bridge first.
    """
    steps = walks(graph, np.ones(graph.n, np.bool_))
    inside = part == part[0]
    links: list[tuple[float, int, int]] = []
    place = np.full(graph.n, -1, np.int64)
    place[cells] = np.arange(len(cells))
    for _ in range(len(np.unique(part)) - 1):
        near, far = np.flatnonzero(inside & usable), np.flatnonzero(~inside & usable)
        metres, source = along_paths(steps, cells[near])
        crow, at = cKDTree(graph.xy_m[cells[near]]).query(graph.xy_m[cells[far]])
        walked = np.where(np.isfinite(metres[cells[far]]), metres[cells[far]], NO_WAY + crow)
        best = int(np.argmin(walked))
        start = place[source[cells[far[best]]]] if walked[best] < NO_WAY else near[at[best]]
        links.append((float(walked[best]), int(start), int(far[best])))
        inside |= part == part[far[best]]
    return np.array([pair for _, *pair in sorted(links)], dtype=np.int64).reshape(-1, 2)
