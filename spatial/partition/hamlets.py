"""Villagers' groups where none are given: hamlets, joined or divided to the size of a group.

A hamlet is what hangs together on foot: dwellings of which each has another one at most `HAMLET_S` away.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

from spatial.partition.compact import compact_on_foot
from spatial.partition.graph import Bools, CellGraph, Floats, Ints, by_first, components
from spatial.partition.level import divide_level
from spatial.partition.region import whole_net
from spatial.partition.walking import along_paths, walks
from spatial.policy import Band

HAMLET_S = 180.0
"""Seconds on foot between two dwellings beyond which they are of different hamlets."""
FAR_S = 900.0
"""A hamlet farther than this from the next, and large enough for a grid, is a group however small."""
GROUP = Band(56, 112, 80)
"""Households of a villagers' group: 4,710 to 9,420 over 84 groups in the town of the story."""


def propose_groups(graph: CellGraph, free: Bools, finest: Band, seed: int) -> Ints | None:
    """Propose the villagers' groups of a village.

    Hamlets too small for a group join the nearest on foot while both fit in one; those too large are divided,
    along features and compact on foot. A hamlet that could not hold one grid of the finest level joins its
    neighbour in any case.

    Parameters
    ----------
    graph
        The village, with ways on foot.
    free
        (n,) cells to give out.
    finest
        Band of the grids below.
    seed
        Chance.

    Returns
    -------
    (n,) group 0, 1, ... of each free cell, else -1; None where nothing is known of ways on foot.
    """
    if graph.walk_s is None:
        return None
    lived = np.flatnonzero(free & (graph.households > 0))
    owner, ends, seconds = _tree(graph, free, lived)
    hamlet = _joined(graph.households[lived], ends, seconds, graph.xy_m[lived], finest.minimum or 1)
    labels = np.full(graph.n, -1, np.int64)
    labels[free] = hamlet[owner[free]]
    held = np.bincount(labels[free], graph.households[free])
    large = free & (held[labels] > (GROUP.maximum or 0))
    if large.any():
        net, parents = whole_net(graph), np.where(large, labels, -1)
        parts = divide_level(graph, net, parents, (GROUP, finest), seed=seed)
        parts = compact_on_foot(graph, net, parents, parts, GROUP, seed)
        labels = np.where(large, int(labels.max()) + 1 + parts, labels)
    return by_first(labels)


def _tree(graph: CellGraph, free: Bools, lived: Ints) -> tuple[Ints, Ints, Floats]:
    """Span the dwellings by the shortest ways between them (Mehlhorn 1988).

    Returns
    -------
    The dwelling (position in ``lived``) nearest to each cell, -1 off free ground; (d, 2) dwellings joined;
    seconds between them, ascending.
    """
    steps = walks(graph, free)
    away, source = along_paths(steps, lived)
    place = np.full(graph.n, -1, np.int64)
    place[lived] = np.arange(len(lived))
    owner = np.where(source >= 0, place[source], -1)
    lost = np.flatnonzero(free & (owner < 0))
    if len(lost):
        owner[lost] = cKDTree(graph.xy_m[lived]).query(graph.xy_m[lost])[1]
    step = steps.tocoo()
    u, v = owner[step.row], owner[step.col]
    between = (u != v) & np.isfinite(away[step.row] + away[step.col])
    way = (away[step.row] + step.data + away[step.col])[between]
    u, v = np.minimum(u, v)[between], np.maximum(u, v)[between]
    order = np.lexsort((way, v, u))
    u, v, way = u[order], v[order], way[order]
    first = np.r_[True, (u[1:] != u[:-1]) | (v[1:] != v[:-1])] if len(u) else np.zeros(0, np.bool_)
    spanned = coo_matrix((way[first], (u[first], v[first])), shape=(len(lived), len(lived)))
    tree = minimum_spanning_tree(spanned.tocsr()).tocoo()
    order = np.lexsort((tree.col, tree.row, tree.data))
    return owner, np.stack([tree.row, tree.col], axis=1)[order].astype(np.int64), tree.data[order]


def _joined(households: Ints, ends: Ints, seconds: Floats, xy_m: Floats, least: int) -> Ints:
    """Join dwellings to hamlets and small hamlets to groups, the nearest first; give the group of each."""
    near = seconds <= HAMLET_S
    group = components(len(households), ends[near, 0], ends[near, 1])
    held = np.bincount(group, households).astype(np.int64)
    for u, v in ends[~near].tolist():
        g, h = int(group[u]), int(group[v])
        small = min(held[g], held[h]) < (GROUP.minimum or 0)
        if g != h and small and held[g] + held[h] <= (GROUP.maximum or 0):
            held[g] += held[h]
            held[h] = 0
            group[group == h] = g
    crow = _crow(group, held, xy_m, least)
    ways = np.append(seconds[~near], np.full(len(crow), np.inf))
    for (u, v), way in zip([*ends[~near].tolist(), *crow], ways.tolist(), strict=True):
        g, h = int(group[u]), int(group[v])
        small = min(held[g], held[h])
        if g != h and (small < least or (2 * small < (GROUP.minimum or 0) and way <= FAR_S)):
            held[g] += held[h]
            held[h] = 0
            group[group == h] = g
    return by_first(group)


def _crow(group: Ints, held: Ints, xy_m: Floats, least: int) -> list[tuple[int, int]]:
    """For every group too small for a grid the nearest dwelling of another as the crow flies."""
    pairs = []
    for small in np.flatnonzero((held > 0) & (held < least)).tolist():
        mine, others = np.flatnonzero(group == small), np.flatnonzero(group != small)
        if len(others):
            away, at = cKDTree(xy_m[others]).query(xy_m[mine])
            pairs.append((int(mine[np.argmin(away)]), int(others[at[np.argmin(away)]])))
    return pairs
