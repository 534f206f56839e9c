"""Ways over the ground, from cell to cell and longer across a barrier; what is nearest that way.

Where a ground's paths are known a step is seconds on foot (`on_foot`), else metres.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from spatial.partition.graph import Bools, CellGraph, Floats, Ints
from spatial.partition.kernels import rows_of

if TYPE_CHECKING:
    from spatial.ground.walkways import Walkways

CROSSING = 4.0
"""How many times longer a step over a fully followed border is taken to be."""
NO_WAY = 1e7
"""Metres added where no way leads, only the crow's."""
NO_WAY_S = 3_600.0
"""Seconds added to a step between cells where no way leads."""
DETOUR_S = 900.0
"""A way around a barrier that takes longer than this is none."""
STAIRS_S = 15.0
"""From one run of floors to the next."""
STEP_S = 1e-3
"""Least seconds of a step: a step of 0 would be none."""


def on_foot(graph: CellGraph, ways: Walkways) -> CellGraph:
    """Add the seconds on foot between neighbouring cells to a graph.

    From face to face by the shortest way over paths and open ground, which may lead a little way outside; if
    there is none of at most `DETOUR_S`, the crow's flight and `NO_WAY_S`.

    Parameters
    ----------
    graph
        The basic grid.
    ways
        Of the ground that the graph was made of.
    """
    a, b = graph.face[graph.a], graph.face[graph.b]
    network = rows_of(ways.nodes, ways.u, ways.v)
    order = np.argsort(a, kind="stable")
    found = np.empty(len(a))
    found[order] = _ways(*network, ways.seconds, a[order], b[order], DETOUR_S)
    crow = np.hypot(*(graph.xy_m[graph.a] - graph.xy_m[graph.b]).T)
    seconds = np.where(np.isfinite(found), found, NO_WAY_S + crow)
    seconds = np.where(graph.vertical, STAIRS_S, seconds)
    return replace(graph, walk_s=np.maximum(seconds, STEP_S))


def barred(graph: CellGraph) -> Bools:
    """Say between which neighbouring cells no way leads; nowhere if nothing is known of paths."""
    if graph.walk_s is None:
        return np.zeros(len(graph.a), np.bool_)
    return np.asarray(graph.walk_s >= NO_WAY_S, dtype=np.bool_)


@njit(cache=True, error_model="numpy", nogil=True)
def _ways(ptr: Ints, near: Ints, link: Ints, seconds: Floats, start: Ints, end: Ints, limit: float) -> Floats:
    """Shortest way of each pair of nodes (Dijkstra 1959), inf beyond the limit; pairs are sorted by start."""
    found = np.full(len(start), np.inf)
    best = np.full(len(ptr) - 1, np.inf)
    wanted = np.zeros(len(ptr) - 1, np.bool_)
    first = 0
    while first < len(start):
        last, count = first, 0
        while last < len(start) and start[last] == start[first]:
            count += 0 if wanted[end[last]] else 1
            wanted[end[last]] = True
            last += 1
        touched = _settle(ptr, near, link, seconds, start[first], wanted, count, limit, best)
        for pair in range(first, last):
            if not wanted[end[pair]]:
                found[pair] = best[end[pair]]
        for pair in range(first, last):
            wanted[end[pair]] = False
        for node in touched:
            best[node] = np.inf
        first = last
    return found


@njit(cache=True, error_model="numpy", nogil=True)
def _settle(
    ptr: Ints,
    near: Ints,
    link: Ints,
    seconds: Floats,
    start: int,
    wanted: Bools,
    left: int,
    limit: float,
    best: Floats,
) -> list[int]:
    """Walk from a node until all that are wanted are reached, and want them no more; what was touched."""
    best[start] = 0.0
    touched = [start]
    heap = [(0.0, start)]
    while len(heap) > 0 and left > 0:
        so_far, node = heapq.heappop(heap)
        if so_far > best[node]:
            continue
        if wanted[node]:
            wanted[node] = False
            left -= 1
        for q in range(ptr[node], ptr[node + 1]):
            after = so_far + seconds[link[q]]
            if after < best[near[q]] and after <= limit:
                if best[near[q]] == np.inf:
                    touched.append(near[q])
                best[near[q]] = after
                heapq.heappush(heap, (after, near[q]))
    return touched


def walks(graph: CellGraph, free: Bools) -> Any:
    """Give the steps between cells as a sparse matrix of seconds if paths are known, else of metres.

    Parameters
    ----------
    graph
        The basic grid.
    free
        (n,) cells that may be walked over.
    """
    inside = free[graph.a] & free[graph.b]
    a, b = graph.a[inside], graph.b[inside]
    if graph.walk_s is not None:
        return coo_matrix((graph.walk_s[inside], (a, b)), shape=(graph.n, graph.n)).tocsr()
    length, followed = graph.length_m[inside], graph.followed_m[inside]
    strength = np.divide(followed, length, out=np.zeros(len(a)), where=length > 0)
    metres = np.hypot(*(graph.xy_m[a] - graph.xy_m[b]).T) + 1e-6
    matrix = coo_matrix((metres * (1.0 + (CROSSING - 1.0) * strength), (a, b)), shape=(graph.n, graph.n))
    return matrix.tocsr()


def along_paths(steps: Any, seeds: Ints) -> tuple[Floats, Ints]:
    """Give the way to every cell from the nearest of some, and which it is; inf and -1 without a way."""
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
