"""Villagers' groups as level 1 of a village: every cell goes to the nearest group over the ground."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from spatial.partition.graph import Bools, CellGraph, Ints
from spatial.partition.walking import along_paths, walks


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
    source = along_paths(walks(graph, free), seeds)[1]
    lost = np.flatnonzero(free & (source < 0))
    if len(lost):
        reached = np.flatnonzero(free & (source >= 0))
        at = cKDTree(graph.xy_m[reached]).query(graph.xy_m[lost])[1]
        source[lost] = source[reached[at]]
    return source
