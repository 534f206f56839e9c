"""Repair across grandparents: touching parents of different grandparents are divided anew together."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from spatial.partition.graph import Bools, CellGraph, Ints
from spatial.partition.repair import Nest, misses, redivide, siblings
from spatial.partition.score import part_counts
from spatial.policy import Band

TRIES = 4
"""Chances that each window gets."""


def repair_across(nest: Nest, top: Band, within: Ints, *, fixed: bool) -> None:
    """Move the border between grandparents where a parent's children can't be in band otherwise.

    Parameters
    ----------
    nest
        Changed in place, ``grand`` as well; grandparents stay in band and in no more parts.
    top
        Band of the grandparents.
    within
        (n,) the ground within which borders may move: the basic grid of each cell; -1 where none may.
    fixed
        Whether the numbers of parents and of children must stay.
    """
    for p in misses(nest.graph, nest.labels, nest.parents, nest.rungs.band):
        windows = _windows(nest, within, p)
        for turn in range(TRIES if windows else 0):
            if any(_moved(nest, chosen, top, turn, fixed=fixed) for chosen in windows):
                break


def _windows(nest: Nest, within: Ints, p: int) -> list[tuple[int, ...]]:
    """Pairs of a parent and a cousin, then triples with a sibling of either."""
    pairs = [(p, q) for q in _cousins(nest, within, p)]
    return pairs + [
        (*pair, r) for pair in pairs for one in reversed(pair) for r in siblings(nest, one) if r not in pair
    ]


def _cousins(nest: Nest, within: Ints, p: int) -> list[int]:
    """Parents that touch p under another grandparent, the longest common border first."""
    graph = nest.graph
    common: dict[int, float] = {}
    for near, far in ((graph.a, graph.b), (graph.b, graph.a)):
        at = (nest.parents[near] == p) & (nest.parents[far] >= 0) & (nest.grand[near] != nest.grand[far])
        at &= (within[near] == within[far]) & (within[near] >= 0)
        for q, metres in zip(nest.parents[far[at]].tolist(), graph.length_m[at].tolist(), strict=True):
            common[q] = common.get(q, 0.0) + metres
    return sorted(common, key=lambda q: (-common[q], q))


def _moved(nest: Nest, chosen: tuple[int, ...], top: Band, turn: int, *, fixed: bool) -> bool:
    """Divide some parents anew and keep that if less is out of band and all grandparents stay sound."""
    window = np.isin(nest.parents, chosen)
    kept = len(np.unique(nest.labels[window])) if fixed else None
    seed = nest.seed + 503 * turn + 7 * chosen[0] + sum(chosen)
    found = redivide(nest, window, len(chosen), kept, seed, up=turn % 2 == 1)
    if found is None or nest.weight(window, *found) >= nest.weight(window, nest.parents, nest.labels):
        return False
    ends = [int(nest.grand[np.flatnonzero(nest.parents == one)[0]]) for one in chosen]
    for order in sorted(set(permutations(ends))):
        grand = np.where(window, np.array(order)[np.maximum(found[0], 0)], nest.grand)
        if all(_sound(nest.graph, nest.grand == g, grand == g, top) for g in set(ends)):
            nest.put(window, *found)
            nest.grand = grand
            return True
    return False


def _sound(graph: CellGraph, before: Bools, after: Bools, band: Band) -> bool:
    """Whether a grandparent is in band and in no more parts than before."""
    parts = [int(part_counts(graph, np.where(one, 0, -1), 1)[0]) for one in (before, after)]
    return band.holds(int(graph.households[after].sum())) and parts[1] <= parts[0]
