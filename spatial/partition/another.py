"""The next-best border between two grids: the cheapest other division of their ground that keeps all in band.

Small pairs are looked through whole (``exact``); in larger ones many random trees are cut at every link and
the best cuts refined. A division counts as another one if at least one building changes grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from spatial.partition.graph import Bools, CellGraph, Floats, Ints, components, merge_links
from spatial.partition.region import OVERRUN
from spatial.partition.search import FAST
from spatial.partition.stacks import stacks
from spatial.policy import Band

EXACT = 15
"""Pairs of up to so many nodes are looked through whole."""
TREES = 150
"""Random trees that larger pairs are cut by."""
NOISES = (1.0, 4.0, 16.0)
"""How far the trees stray from the barriers, beside those of the search."""
FOUR_PI = 4.0 * np.pi


@dataclass(frozen=True)
class Another:
    """Another division of the ground of two grids.

    Parameters
    ----------
    first
        (n,) whether a cell of the pair (ascending, as in ``cells``) is in the first grid.
    cells
        (n,) positions of the pair's cells.
    moved
        Positions of the cells with households that change grid.
    price, price_now
        Border prices by which it was chosen, of the other division and of the present one: metres that follow
        no feature, in sides of a typical grid, and what the shapes cost.
    exact
        Whether every division was looked at.
    """

    first: Bools
    cells: Ints
    moved: Ints
    price: float
    price_now: float
    exact: bool


@dataclass(frozen=True)
class Limits:
    """Households that the first of the two grids may hold after, both ends included."""

    low: int
    high: int

    @staticmethod
    def of(pairs: Sequence[tuple[int, int]], bands: Sequence[Band]) -> Limits:
        """Work out what all levels ask of the first grid.

        Parameters
        ----------
        pairs
            Households of the two grids at each level at which they differ, the finest first.
        bands
            The bands of these levels. A grid that is out of band now may stay as far out as it is.
        """
        first, second = pairs[0]
        low, high = 1, first + second - 1
        for (a, b), band in zip(pairs, bands, strict=True):
            if band.minimum is None or band.maximum is None:
                continue
            low = max(low, first - a + min(band.minimum, a), first + b - max(band.maximum, b))
            high = min(high, first - a + max(band.maximum, a), first + b - min(band.minimum, b))
        return Limits(low, high)


def another_border(
    graph: CellGraph, first: Ints, second: Ints, band: Band, limits: Limits, *, seed: int = 0
) -> Another | None:
    """Find the cheapest other division of the ground of two grids.

    Parameters
    ----------
    graph
        The basic grid.
    first, second
        Cells of the two grids.
    band
        Of their level: stairwells that fit in a grid stay whole.
    limits
        Households of the first grid after.
    seed
        Chance, for larger pairs.

    Returns
    -------
    The division, or None where there is none (proven if the pair is small) or none was found.
    """
    pair = _pair(graph, first, second, band)
    n = len(pair.households)
    if n < 2 or limits.low > limits.high:
        return None
    exact = n <= EXACT
    sides = _every(n) if exact else _by_trees(pair, seed)
    sides = _allowed(pair, np.concatenate([sides, ~sides]), limits)
    if not exact and len(sides):
        order = np.argsort(_prices(pair, sides), kind="stable")[:8]
        sides = np.concatenate([sides, *(_refined(pair, sides[i], limits) for i in order)])
    if not len(sides):
        return None
    prices = _prices(pair, sides)
    keys = [sides[:, i] for i in range(n)]
    best = sides[np.lexsort((*keys, np.round(prices, 9)))[0]]
    moved = pair.cells[(best != pair.now)[pair.node_of] & (graph.households[pair.cells] > 0)]
    price, now = _prices(pair, np.stack([best, pair.now]))
    return Another(best[pair.node_of], pair.cells, moved, float(price), float(now), exact)


def polsby_popper(graph: CellGraph, mine: Bools) -> float:
    """4 pi area / perimeter² of a grid (Polsby and Popper 1991); 0 for one without ground.

    Parameters
    ----------
    graph
        The basic grid.
    mine
        (n,) whether a cell is the grid's.
    """
    rim = mine[graph.a] != mine[graph.b]
    ring = float(graph.outer_m[mine].sum() + graph.length_m[rim].sum())
    return FOUR_PI * float(graph.area_m2[mine].sum()) / ring**2 if ring > 0 else 0.0


@dataclass(frozen=True)
class _Pair:
    """Two grids as nodes: stairwells that fit in a grid are one."""

    cells: Ints
    node_of: Ints
    now: Bools
    households: Ints
    area_m2: Floats
    ring_m: Floats
    a: Ints
    b: Ints
    length_m: Floats
    cost: Floats
    scale_m: float


def _pair(graph: CellGraph, first: Ints, second: Ints, band: Band) -> _Pair:
    cells = np.sort(np.concatenate([first, second]))
    node_of = stacks(graph.face[cells], graph.households[cells], band)
    mine = np.isin(cells, first)
    torn = np.flatnonzero(np.bincount(node_of, mine) * np.bincount(node_of, ~mine) > 0)
    node_of = np.where(np.isin(node_of, torn), len(cells) + np.arange(len(cells)), node_of)
    node_of = np.unique(node_of, return_inverse=True)[1].astype(np.int64)
    n = int(node_of.max()) + 1
    place = np.full(graph.n, -1, np.int64)
    place[cells] = node_of
    inner = (place[graph.a] >= 0) & (place[graph.b] >= 0)
    ends = place[graph.a[inner]], place[graph.b[inner]]
    a, b, length, followed = merge_links(*ends, graph.length_m[inner], graph.followed_m[inner])
    around = graph.outer_m.copy()
    for side in (graph.a, graph.b):
        touched = place[side] >= 0
        np.add.at(around, side[touched], graph.length_m[touched])
    within = place[graph.a] == place[graph.b]
    inside_m = np.bincount(place[graph.a[within & inner]], graph.length_m[within & inner], n)
    now = np.zeros(n, np.bool_)
    now[node_of[mine]] = True
    area = np.bincount(node_of, graph.area_m2[cells], n).astype(np.float64)
    bridges = _bridges(now, a, b)
    ring = np.bincount(node_of, around[cells], n) - 2.0 * inside_m
    none = np.zeros(len(bridges))
    return _Pair(
        cells, node_of, now, np.bincount(node_of, graph.households[cells], n).astype(np.int64), area,
        ring.astype(np.float64), np.concatenate([a, bridges[:, 0]]), np.concatenate([b, bridges[:, 1]]),
        np.append(length, none), np.append(length - followed + OVERRUN * length, none),
        float(np.sqrt(max(area.sum(), 1.0) / 2.0)),
    )  # fmt: skip


def _bridges(now: Bools, a: Ints, b: Ints) -> Ints:
    """Join the parts of each grid as it is: what is in several parts already may stay so."""
    n = len(now)
    same = now[a] == now[b]
    part = components(n, a[same], b[same])
    found = []
    for side in (True, False):
        firsts = [int(np.flatnonzero(part == p)[0]) for p in np.unique(part[now == side])]
        found += [(firsts[0], other) for other in firsts[1:]]
    return np.array(found, np.int64).reshape(-1, 2)


def _every(n: int) -> Bools:
    """Every way of putting n nodes on two sides, the last node always on the same one."""
    masks = np.arange(1, 1 << (n - 1))
    sides: Bools = (masks[:, None] >> np.arange(n)) & 1 == 1
    return sides


def _by_trees(pair: _Pair, seed: int) -> Bools:
    """The two sides of every link of many random trees, which rather cross weak barriers than strong ones."""
    n, chance = len(pair.households), np.random.default_rng(seed)
    strength = np.divide(
        (1.0 + OVERRUN) * pair.length_m - pair.cost, pair.length_m, out=np.zeros(len(pair.a)),
        where=pair.length_m > 0,
    )  # fmt: skip
    found = []
    for turn in range(TREES):
        noise = FAST.noise * NOISES[turn % len(NOISES)]
        weight = chance.random(len(pair.a)) * noise + strength + 1e-9
        tree = minimum_spanning_tree(coo_matrix((weight, (pair.a, pair.b)), shape=(n, n)))
        order, parent = breadth_first_order(tree, 0, directed=False)
        below = np.eye(n, dtype=np.bool_)
        for node in order[:0:-1]:
            below[parent[node]] |= below[node]
        found.append(below[order[1:]])
    return np.unique(np.concatenate(found), axis=0)


def _allowed(pair: _Pair, sides: Bools, limits: Limits) -> Bools:
    """Keep what holds the households asked for, moves a building, and leaves both sides connected."""
    households = sides @ pair.households
    lived = pair.households > 0
    changed = (sides ^ pair.now)[:, lived]
    sides = sides[
        (households >= limits.low) & (households <= limits.high)
        & changed.any(axis=1) & ~changed.all(axis=1)
    ]  # fmt: skip
    nearer = (sides ^ pair.now) @ pair.households * 2 <= pair.households.sum()
    sides = sides[nearer]
    sides = sides[_connected(pair, sides)]
    return sides[_connected(pair, ~sides)]


def _connected(pair: _Pair, sides: Bools) -> Bools:
    """Whether the nodes of each side hang together, side by side at once."""
    if not len(sides):
        return np.zeros(0, np.bool_)
    n = sides.shape[1]
    near = np.zeros((n, n), np.bool_)
    near[pair.a, pair.b] = near[pair.b, pair.a] = True
    seen = np.zeros_like(sides)
    seen[np.arange(len(sides)), sides.argmax(axis=1)] = True
    weights = near.astype(np.float32)
    while True:
        wider = seen | (sides & ((seen.astype(np.float32) @ weights) > 0))
        if (wider == seen).all():
            return np.asarray((seen == sides).all(axis=1), dtype=np.bool_)
        seen = wider


def _prices(pair: _Pair, sides: Bools) -> Floats:
    """Price of each division: its border, and the shapes of both grids."""
    crossing = sides[:, pair.a] != sides[:, pair.b]
    price = crossing @ pair.cost / pair.scale_m
    for one in (sides, ~sides):
        both = one[:, pair.a] & one[:, pair.b]
        ring = one @ pair.ring_m - 2.0 * (both @ pair.length_m)
        area = one @ pair.area_m2
        ragged = np.divide(ring * ring, FOUR_PI * area, out=np.zeros(len(sides)), where=area > 0)
        price = price + FAST.shape * np.minimum(ragged, 20.0)
    return np.asarray(price, dtype=np.float64)


def _refined(pair: _Pair, side: Bools, limits: Limits) -> Bools:
    """Move single nodes over the border while that is cheaper; every step stays allowed."""
    best, price = side, float(_prices(pair, side[None])[0])
    while True:
        crossing = best[pair.a] != best[pair.b]
        border = np.unique(np.concatenate([pair.a[crossing], pair.b[crossing]]))
        tried = np.repeat(best[None], len(border), axis=0)
        tried[np.arange(len(border)), border] ^= True
        tried = _allowed(pair, tried, limits)
        prices = _prices(pair, tried)
        if not len(tried) or prices.min() >= price - 1e-9:
            return best[None]
        best, price = tried[int(prices.argmin())], float(prices.min())
