"""Repair across parents: where a parent's children can't all be in band, its border with a sibling moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spatial.errors import Infeasible
from spatial.partition.graph import Bools, CellGraph, Ints
from spatial.partition.kernels import Net
from spatial.partition.level import Effort, divide_level
from spatial.partition.prove import reasons_for
from spatial.policy import Band

QUICK = Effort(passes=20, mends=40, restarts=0)
"""How hard each pair of parents is searched."""
UNPROVEN = 1000
"""How much worse a grid out of band without proof is than one with."""


@dataclass(frozen=True)
class Rungs:
    """The bands around one level: of the parents, of the level, of its children (None below the last)."""

    above: Band
    band: Band
    after: Band | None


def misses(graph: CellGraph, labels: Ints, parents: Ints, band: Band) -> dict[int, int]:
    """Weigh the grids out of band of each parent: unproven ones, and those a moved border could help.

    Lumps and parents whose households fit no number weigh nothing. Parents without a miss are left out.
    """
    found: dict[int, int] = {}
    for g, reason in reasons_for(graph, labels, parents, band).items():
        if reason is None or reason.code in ("part", "lumps"):
            p = int(parents[np.flatnonzero((labels == g) & (parents >= 0))[0]])
            found[p] = found.get(p, 0) + (UNPROVEN if reason is None else 1)
    return found


def repair(
    graph: CellGraph,
    net: Net,
    grand: Ints,
    parents: Ints,
    labels: Ints,
    rungs: Rungs,
    *,
    seed: int,
    fixed: bool,
    tries: int = 5,
) -> tuple[Ints, Ints]:
    """Divide a failing parent and a sibling anew, and then both their children, while that helps.

    Parameters
    ----------
    graph, net
        The basic grid and its net.
    grand, parents, labels
        (n,) labels two levels up, one level up and of the level; -1 outside.
    rungs
        The bands around the level.
    seed
        Chance.
    fixed
        Whether the number of children must stay.
    tries
        Pairs tried for each failing parent.

    Returns
    -------
    Parents and labels after; both parents stay in band if they were, and keep their labels.
    """
    for p in misses(graph, labels, parents, rungs.band):
        siblings = _siblings(graph, grand, parents, p)
        for attempt in range(tries if siblings else 0):
            window = (parents == p) | (parents == siblings[attempt % len(siblings)])
            pair = p, siblings[attempt % len(siblings)]
            found = _redivide(
                graph,
                net,
                window,
                len(np.unique(labels[window])) if fixed else None,
                rungs,
                seed=seed + 101 * p + attempt,
            )
            if found is None:
                continue
            new_parents, new_labels = parents.copy(), labels.copy()
            new_parents[window] = np.array(pair)[found[0][window]]
            new_labels[window] = found[1][window] + int(labels.max()) + 1
            before = misses(graph, np.where(window, labels, -1), np.where(window, parents, -1), rungs.band)
            after = misses(
                graph, np.where(window, new_labels, -1), np.where(window, new_parents, -1), rungs.band
            )
            if sum(after.values()) < sum(before.values()):
                parents, labels = new_parents, new_labels
            if not sum(after.values()):
                break
    return parents, labels


def _siblings(graph: CellGraph, grand: Ints, parents: Ints, p: int) -> list[int]:
    """Parents that touch p under the same grandparent, the longest common border first."""
    u, v = parents[graph.a], parents[graph.b]
    same = (grand[graph.a] == grand[graph.b]) & (u >= 0) & (v >= 0) & (u != v)
    common: dict[int, float] = {}
    for near, far in ((u, v), (v, u)):
        at = same & (near == p)
        for q, metres in zip(far[at].tolist(), graph.length_m[at].tolist(), strict=True):
            common[q] = common.get(q, 0.0) + metres
    return sorted(common, key=lambda q: (-common[q], q))


def _redivide(
    graph: CellGraph, net: Net, window: Bools, total: int | None, rungs: Rungs, *, seed: int
) -> tuple[Ints, Ints] | None:
    """Divide two parents' ground into two, and those into children; None if the two are not in band."""
    one = np.where(window, 0, -1)
    try:
        pair = divide_level(graph, net, one, (rungs.above, rungs.band), seed=seed, total=2, effort=QUICK)
        households = np.bincount(pair[window], graph.households[window], 2)
        if not all(rungs.above.holds(int(h)) for h in households):
            return None
        children = divide_level(
            graph, net, pair, (rungs.band, rungs.after), seed=seed, total=total, effort=QUICK
        )
    except Infeasible:
        return None
    return pair, children
