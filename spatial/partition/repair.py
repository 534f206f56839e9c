"""Repair across parents: windows of sibling parents are divided anew until bands hold and numbers are met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from spatial.partition.feasible import natural_count
from spatial.partition.graph import Bools, CellGraph, Ints, by_first, components
from spatial.partition.kernels import Net
from spatial.partition.level import divide_level, divide_whole
from spatial.partition.prove import reasons_for
from spatial.partition.region import contract
from spatial.partition.search import Effort
from spatial.partition.stacks import lump_sizes
from spatial.policy import Band

QUICK = Effort(passes=20, mends=40, restarts=0, look=True)
"""How hard each window is searched."""
LIGHT = Effort(passes=20, mends=40, restarts=0)
"""How hard each window is searched that is asked for one grid more (or fewer)."""
UNPROVEN = 1000
"""How much worse a grid out of band without proof is than one with."""
ROUNDS = 3
"""So often every window is asked for one grid more (or fewer), by other chances."""
REFUSALS = 120
"""So many refusals end a round."""


@dataclass(frozen=True)
class Rungs:
    """The bands around one level: of the parents, of the level, of its children (None below the last)."""

    above: Band
    band: Band
    after: Band | None


@dataclass
class Nest:
    """Two levels of a plan under repair, one inside the other.

    Parameters
    ----------
    graph, net
        The basic grid and its net.
    grand, parents, labels
        (n,) labels two levels up (-1 where the parents' borders must stay), one level up and of the level; -1
        outside. The last two change.
    rungs
        The bands around the level.
    seed
        Chance.
    ground
        See ``region_of``; None where nothing is held.
    ask
        Called before each window: it raises where the user has cancelled, and says whether a limit has
        passed, after which nothing is divided anew.
    """

    graph: CellGraph
    net: Net
    grand: Ints
    parents: Ints
    labels: Ints
    rungs: Rungs
    seed: int
    ground: Ints | None = None
    ask: Callable[[], bool] = lambda: False

    @property
    def made(self) -> int:
        """Number of grids at the level."""
        return len(np.unique(self.labels[self.labels >= 0]))

    def put(self, window: Bools, parents: Ints, labels: Ints) -> None:
        """Put a window's new division in place."""
        self.parents = np.where(window, parents + int(self.parents.max()) + 1, self.parents)
        self.labels = np.where(window, labels + int(self.labels.max()) + 1, self.labels)

    def weight(self, window: Bools, parents: Ints, labels: Ints) -> int:
        """Weigh what is out of band in a window."""
        inside = np.where(window, parents, -1)
        return sum(misses(self.graph, np.where(window, labels, -1), inside, self.rungs.band).values())


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


def repair(nest: Nest, *, fixed: bool, tries: int = 12) -> None:
    """Divide a failing parent and siblings around it anew, and then all their children, while that helps.

    Pairs are tried first, then triples; where the number of parents is free, one parent more as well; from
    the top down first, then children first. The parents stay in band if they were.

    Parameters
    ----------
    nest
        Changed in place.
    fixed
        Whether the numbers of parents and of children must stay.
    tries
        Windows tried for each failing parent, twice.
    """
    for p in misses(nest.graph, nest.labels, nest.parents, nest.rungs.band):
        for turn in range(2 * tries if (nest.parents == p).any() else 0):
            up, attempt = divmod(turn, tries)
            chosen = _window(nest, p, attempt)
            if len(chosen) < 2:
                break
            window = np.isin(nest.parents, chosen)
            kept = len(np.unique(nest.labels[window])) if fixed else None
            count = len(chosen) + (0 if fixed else attempt % 2)
            found = redivide(nest, window, count, kept, nest.seed + 101 * p + turn, up=up == 1)
            if found is None:
                continue
            if nest.weight(window, *found) < nest.weight(window, nest.parents, nest.labels):
                nest.put(window, *found)
                break


def bargain(nest: Nest, total: int) -> None:
    """Ask windows of one to three parents, the most willing first, for a grid more (or fewer) at the level.

    Ends when there are ``total`` grids or no window gives any more; bands stay as they are.
    """
    for turn in range(ROUNDS):
        refused: set[tuple[int, ...]] = set()
        while left := total - nest.made:
            step = 1 if left > 0 else -1
            offers = islice(_offers(nest, step, refused), REFUSALS - len(refused))
            if not any(_gives(nest, one, step, turn, refused) for one in offers):
                break


def _gives(nest: Nest, chosen: tuple[int, ...], step: int, turn: int, refused: set[tuple[int, ...]]) -> bool:
    """Divide a window into one child more (or fewer) if that leaves no more out of band than now."""
    window = np.isin(nest.parents, chosen)
    wanted = len(np.unique(nest.labels[window])) + step
    chance = nest.seed + 977 * turn + 31 * chosen[0]
    found = redivide(nest, window, len(chosen), wanted, chance, up=turn % 2 == 1, effort=LIGHT)
    if found is not None and nest.weight(window, *found) <= nest.weight(window, nest.parents, nest.labels):
        nest.put(window, *found)
        return True
    refused.add(chosen)
    return False


def _offers(nest: Nest, step: int, refused: set[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Give the windows that were not asked yet: single parents, pairs, triples, the most willing first."""
    graph, band = nest.graph, nest.rungs.band
    every = [int(p) for p in np.unique(nest.parents[nest.parents >= 0])]
    cells = {p: np.flatnonzero(nest.parents == p) for p in every}
    excess = {
        p: len(np.unique(nest.labels[own])) - natural_count(lump_sizes(graph, own, band), band)
        for p, own in cells.items()
    }
    pairs = _pairs(nest)
    near: dict[int, set[int]] = {p: set() for p in every}
    for p, q in pairs:
        near[p].add(q)
        near[q].add(p)
    triples = {tuple(sorted((p, q, r))) for p, q in pairs for r in (near[p] | near[q]) - {p, q}}
    for windows in ([(p,) for p in every], pairs, triples):
        fresh = [w for w in windows if w not in refused]
        yield from sorted(fresh, key=lambda w: (step * sum(excess[p] for p in w), w))


def _pairs(nest: Nest) -> list[tuple[int, int]]:
    """Pairs of parents that touch under the same grandparent, each once."""
    graph = nest.graph
    u, v = nest.parents[graph.a], nest.parents[graph.b]
    here, there = nest.grand[graph.a], nest.grand[graph.b]
    same = (here == there) & (here >= 0) & (u >= 0) & (v >= 0) & (u != v)
    return sorted({(min(p, q), max(p, q)) for p, q in zip(u[same].tolist(), v[same].tolist(), strict=True)})


def _window(nest: Nest, p: int, attempt: int) -> list[int]:
    """Choose a failing parent and one or two siblings around it, other ones at each attempt."""
    beside = siblings(nest, p)
    if not beside:
        return [p]
    first = beside[(attempt // 2) % len(beside)]
    if attempt < 2 * len(beside):
        return [p, first]
    near = [q for q in beside + siblings(nest, first) if q not in (p, first)]
    return [p, first, *near[(attempt // 3) % len(near) :][:1]] if near else [p, first]


def siblings(nest: Nest, p: int) -> list[int]:
    """Parents that touch p under the same grandparent, the longest common border first."""
    graph = nest.graph
    u, v = nest.parents[graph.a], nest.parents[graph.b]
    here, there = nest.grand[graph.a], nest.grand[graph.b]
    same = (here == there) & (here >= 0) & (u >= 0) & (v >= 0) & (u != v)
    common: dict[int, float] = {}
    for near, far in ((u, v), (v, u)):
        at = same & (near == p)
        for q, metres in zip(far[at].tolist(), graph.length_m[at].tolist(), strict=True):
            common[q] = common.get(q, 0.0) + metres
    return sorted(common, key=lambda q: (-common[q], q))


def redivide(
    nest: Nest,
    window: Bools,
    count: int,
    total: int | None,
    seed: int,
    *,
    up: bool = False,
    effort: Effort = QUICK,
) -> tuple[Ints, Ints] | None:
    """Divide some ground into parents and children anew; None if the parents miss their band or it is late.

    Parameters
    ----------
    nest
        The levels.
    window
        (n,) the ground.
    count, total
        Parents wanted; children wanted, or None for as many as come of themselves.
    seed
        Chance.
    up
        Not from the top down, but into children first, which are then put together into parents.
    effort
        How hard to search.

    Returns
    -------
    (n,) labels 0, 1, ... of parents and of children, -1 outside the window.
    """
    if nest.ask():
        return None
    one = np.where(window, 0, -1)
    if count == 1:
        labels = _children(nest, one, total, seed, effort)
        return None if labels is None else (one, labels)
    if up:
        labels = _children(nest, one, total, seed, effort)
        parents = None if labels is None else _put_together(nest, window, labels, count, seed)
    else:
        parents = _parents(nest, one, count, total, seed, effort)
        labels = None if parents is None else _children(nest, parents, total, seed, effort)
    if parents is None or labels is None:
        return None
    households = np.bincount(parents[window], nest.graph.households[window], count)
    if not all(nest.rungs.above.holds(int(h)) for h in households):
        return None
    return parents, labels


def _parents(nest: Nest, one: Ints, count: int, below: int | None, seed: int, effort: Effort) -> Ints | None:
    """Divide a window into so many parents; None if others came of it."""
    bands = nest.rungs.above, nest.rungs.band
    found = divide_level(
        nest.graph,
        nest.net,
        one,
        bands,
        seed=seed,
        total=count,
        below=below,
        effort=effort,
        ground=nest.ground,
    )
    return found if int(found.max()) + 1 == count else None


def _children(nest: Nest, parents: Ints, total: int | None, seed: int, effort: Effort) -> Ints | None:
    """Divide the parents of a window into so many children; None if others came of it."""
    bands = nest.rungs.band, nest.rungs.after
    found = divide_level(
        nest.graph, nest.net, parents, bands, seed=seed, total=total, effort=effort, ground=nest.ground
    )
    return found if total is None or int(found.max()) + 1 == total else None


def _put_together(nest: Nest, window: Bools, labels: Ints, count: int, seed: int) -> Ints | None:
    """Put the children of a window together into so many parents; None if the window is in several parts."""
    cells = np.flatnonzero(window)
    net = contract(nest.net, cells, by_first(labels[cells]))
    if components(len(net.households), net.a, net.b).max() > 0:
        return None
    found = divide_whole(net, count, (nest.rungs.above, None), seed=seed, effort=QUICK)
    if int(found.max()) + 1 != count:
        return None
    parents = np.full(len(labels), -1, np.int64)
    parents[cells] = found[by_first(labels[cells])]
    return parents
