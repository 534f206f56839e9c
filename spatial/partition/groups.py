"""Villagers' groups as level 1 of a village: every cell goes to the nearest group over the ground."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from spatial.partition.graph import Bools, CellGraph, Ints

CROSSING = 4.0
"""How many times longer a step over a fully followed border is taken to be."""


def spread_groups(graph: CellGraph, free: Bools) -> Ints:
    """Give every free cell to a villagers' group.

    Cells that name a group keep it; the others go to the group nearest over the graph, the step between two
    cells being their distance, longer across a barrier. Ground no path reaches goes to the group nearest as
    the crow flies. A group without a household makes no grid: its cells count as open ground.

    Parameters
    ----------
    graph
        The village.
    free
        (n,) cells to give out (all but the dedicated grids').

    Returns
    -------
    (n,) the group's code per cell; -1 for cells not free, and everywhere if no group has households.
    """
    result = np.full(graph.n, -1, np.int64)
    named = free & (graph.group >= 0)
    size = int(graph.group.max(initial=-1)) + 1
    lived_in = np.bincount(graph.group[named], graph.households[named], size) > 0
    seeds = np.flatnonzero(named & np.append(lived_in, False)[graph.group])
    if not len(seeds):
        return result
    source = _nearest(graph, free, seeds)
    result[free] = graph.group[source[free]]
    return result


def _nearest(graph: CellGraph, free: Bools, seeds: Ints) -> Ints:
    """Give the seed nearest to each free cell; lower seeds win ties."""
    inside = free[graph.a] & free[graph.b]
    a, b = graph.a[inside], graph.b[inside]
    length, followed = graph.length_m[inside], graph.followed_m[inside]
    strength = np.divide(followed, length, out=np.zeros(len(a)), where=length > 0)
    metres = np.hypot(*(graph.xy_m[a] - graph.xy_m[b]).T) + 1e-6
    matrix = coo_matrix((metres * (1.0 + (CROSSING - 1.0) * strength), (a, b)), shape=(graph.n, graph.n))
    _, _, found = dijkstra(
        matrix.tocsr(), directed=False, indices=seeds, min_only=True, return_predecessors=True
    )
    source: Ints = found.astype(np.int64)
    lost = np.flatnonzero(free & (source < 0))
    if len(lost):
        reached = np.flatnonzero(free & (source >= 0))
        at = cKDTree(graph.xy_m[reached]).query(graph.xy_m[lost])[1]
        source[lost] = source[reached[at]]
    return source
