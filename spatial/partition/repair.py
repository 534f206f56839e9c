"""Repair across parents: where a parent's children can't all be in band, its border with a sibling moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spatial.errors import Infeasible
from spatial.partition.graph import Bools, CellGraph, Ints, by_first
from spatial.partition.kernels import Net
from spatial.partition.level import Effort, divide_level
from spatial.partition.prove import reasons_for
from spatial.policy import Band

QUICK = Effort(passes=20, mends=40, restarts=0, look=True)
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
    tries: int = 12,
) -> tuple[Ints, Ints]:
    """Divide a failing parent and siblings around it anew, and then all their children, while that helps.

    Pairs are tried first, then triples; where the number of parents is free, one parent more as well.

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
        Whether the numbers of parents and of children must stay.
    tries
        Windows tried for each failing parent.

    Returns
    -------
    Parents and labels after; the parents stay in band if they were.
    """
    for p in misses(graph, labels, parents, rungs.band):
        before = misses(graph, labels, parents, rungs.band)
        for attempt in range(tries if p in before else 0):
            chosen = _window(graph, grand, parents, p, attempt)
            if len(chosen) < 2:
                break
            window = np.isin(parents, chosen)
            kept = len(np.unique(labels[window])) if fixed else None
            count = len(chosen) + (0 if fixed else attempt % 2)
            found = _redivide(graph, net, window, count, kept, rungs, seed=seed + 101 * p + attempt)
            if found is None:
                continue
            new_parents = np.where(window, found[0] + int(parents.max()) + 1, parents)
            new_labels = np.where(window, found[1] + int(labels.max()) + 1, labels)
            after = misses(graph, new_labels, new_parents, rungs.band)
            if sum(after.values()) < sum(before.values()):
                parents, labels = new_parents, new_labels
                break
    return by_first(parents), by_first(labels)


def _window(graph: CellGraph, grand: Ints, parents: Ints, p: int, attempt: int) -> list[int]:
    """Choose a failing parent and one or two siblings around it, other ones at each attempt."""
    siblings = _siblings(graph, grand, parents, p)
    if not siblings:
        return [p]
    first = siblings[(attempt // 2) % len(siblings)]
    if attempt < 2 * len(siblings):
        return [p, first]
    near = [q for q in siblings + _siblings(graph, grand, parents, first) if q not in (p, first)]
    return [p, first, *near[(attempt // 3) % len(near) :][:1]] if near else [p, first]


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
    graph: CellGraph, net: Net, window: Bools, count: int, total: int | None, rungs: Rungs, *, seed: int
) -> tuple[Ints, Ints] | None:
    """Divide the ground of some parents into parents anew, and those into children; None if not in band."""
    one = np.where(window, 0, -1)
    try:
        fresh = divide_level(
            graph, net, one, (rungs.above, rungs.band), seed=seed, total=count, below=total, effort=QUICK
        )
        households = np.bincount(fresh[window], graph.households[window], count)
        if not all(rungs.above.holds(int(h)) for h in households):
            return None
        children = divide_level(
            graph, net, fresh, (rungs.band, rungs.after), seed=seed, total=total, effort=QUICK
        )
    except Infeasible:
        return None
    return fresh, children
