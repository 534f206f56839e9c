"""Grids of a village made compact on foot: what one walks counts, not the shape of fields and slopes.

Runs over a division that is in band already and keeps it so; numbers of grids and connected parts stay.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from spatial.partition.graph import CellGraph, Floats, Ints, least_of
from spatial.partition.kernels import (
    Net,
    Words,
    draw,
    grid_loads,
    grid_sums,
    induce,
    raggedness,
    random_tree,
    shuffle,
    sums_below,
)
from spatial.partition.refine import grid_links, other_grid, stays_connected
from spatial.partition.region import contract
from spatial.partition.stacks import stacks
from spatial.partition.walking import NO_WAY_S
from spatial.policy import Band

WALK = 1.5
"""Price of a grid whose households walk as far to each other as neighbours in this village do."""
SHAPE = 0.05
"""Price of 1 / Polsby-Popper here, where faces are large; beside walking it only keeps tongues away."""
EVEN = 1.0
"""Price of a grid of twice the mean number of households, or of none."""
SWEEPS, TREES, PASSES, HEAT = 6, 12, 30, 0.2


class Paces(NamedTuple):
    """What walking costs in one parent.

    ``apart`` (n, n) price of two households of two nodes being in one grid, before the mean is taken;
    ``households`` of each node; ``minimum, maximum`` the band; ``mean`` of a grid; ``scale_m`` side
    of a typical grid; ``even`` and ``mean_load`` as in ``kernels.Rule``.
    """

    apart: Floats
    households: Ints
    minimum: int
    maximum: int
    mean: float
    scale_m: float
    even: float
    mean_load: float


class Sums(NamedTuple):
    """Sums of every grid: households, price of their pairs, area, ring, load."""

    households: Ints
    pairs: Floats
    area: Floats
    ring: Floats
    load: Floats


def compact_on_foot(graph: CellGraph, net: Net, parents: Ints, labels: Ints, band: Band, seed: int) -> Ints:
    """Move borders inside every parent so that its grids' households walk less to each other.

    The price of a division is that of its borders (metres that follow no feature) and, grid by grid, the mean
    way between its households: sum over pairs of h_i h_j t_ij / H, the seconds being the shortest ways inside
    the parent; and how uneven its grids are in households and, where it is weighed, in load.

    Parameters
    ----------
    graph, net
        The basic grids, with ways on foot; their net.
    parents, labels
        (n,) grid of the level above, and of this one, of each cell; -1 for none.
    band
        Of this level.
    seed
        Chance.

    Returns
    -------
    (n,) labels, the same numbers as before.
    """
    if graph.walk_s is None or band.minimum is None or band.maximum is None:
        return labels
    moved = labels.copy()
    for parent in np.unique(parents[parents >= 0]).tolist():
        cells = np.flatnonzero((parents == parent) & (labels >= 0))
        grids, at = np.unique(labels[cells], return_inverse=True)
        if len(grids) < 2:
            continue
        node_of = stacks(graph.face[cells], graph.households[cells], band)
        node_label = np.empty(int(node_of.max()) + 1, np.int64)
        node_label[node_of] = at
        if (node_label[node_of] != at).any():
            continue
        local = contract(net, cells, node_of)
        paces, keyed = _paces(graph, cells, node_of, local, band, len(grids))
        state = np.array([(seed * 1_000_003 + int(cells[0])) & 0xFFFFFFFFFFFFFFFF], np.uint64)
        _improve(keyed, node_label, len(grids), paces, state)
        moved[cells] = grids[node_label[node_of]]
    return moved


def _paces(graph: CellGraph, cells: Ints, node_of: Ints, net: Net, band: Band, k: int) -> tuple[Paces, Net]:
    """Price walking in one parent; give its net with trees that grow along easy ways."""
    assert graph.walk_s is not None  # noqa: S101 - asked by the caller
    n = len(net.households)
    place = np.full(graph.n, -1, np.int64)
    place[cells] = node_of
    u, v = place[graph.a], place[graph.b]
    inside = (u >= 0) & (v >= 0) & ~graph.bridge
    link = least_of(u[inside], v[inside], net.a, net.b, graph.walk_s[inside])
    steps = coo_matrix((link, (net.a, net.b)), shape=(n, n)).tocsr()
    way = np.minimum(dijkstra(steps, directed=False), NO_WAY_S)
    usual = _usual(way, net.households, band.target)
    price = WALK / (band.target * usual)
    keyed = net._replace(barrier=0.5 * net.barrier + link / (link + np.median(link)))
    scale = float(np.sqrt(max(net.area_m2.sum(), 1.0) / k))
    return (
        Paces(
            way * price,
            net.households,
            band.minimum or 0,
            band.maximum or 0,
            float(net.households.sum()) / k,
            scale,
            net.even if net.load.any() else 0.0,
            float(net.load.sum()) / k,
        ),
        keyed,
    )


def _usual(way: Floats, households: Ints, target: int) -> float:
    """Seconds between neighbours: the mean way from a household to the nearest ``target`` ones, median."""
    lived = np.flatnonzero(households > 0)
    order = np.argsort(way[np.ix_(lived, lived)], axis=1, kind="stable")
    sorted_way = np.take_along_axis(way[np.ix_(lived, lived)], order, axis=1)
    up = np.cumsum(households[lived][order], axis=1)
    near = np.where(up <= max(target, int(up[:, 0].max())), households[lived][order], 0)
    return max(float(np.median((near * sorted_way).sum(axis=1) / near.sum(axis=1))), 1.0)


@njit(cache=True, error_model="numpy", nogil=True)
def _improve(net: Net, label: Ints, k: int, paces: Paces, state: Words) -> None:
    """Divide pairs of grids anew, then move single nodes, then pairs again."""
    for _ in range(SWEEPS):
        low, high = grid_links(net, label, k)
        order = np.arange(len(low))
        shuffle(order, state)
        gained = 0
        for turn in range(len(order)):
            p = int(order[turn])
            if _redivide(net, label, low[p], high[p], paces, state):
                gained += 1
        _move(net, label, k, paces, state)
        if gained == 0:
            break


@njit(cache=True, error_model="numpy", nogil=True)
def _spread(nodes: Ints, paces: Paces) -> float:
    """Price of all pairs of households of some nodes."""
    total = 0.0
    for i in range(len(nodes)):
        h = paces.households[nodes[i]]
        if h > 0:
            for j in range(i):
                total += h * paces.households[nodes[j]] * paces.apart[nodes[i], nodes[j]]
    return total


@njit(cache=True, error_model="numpy", nogil=True)
def _redivide(net: Net, label: Ints, g: int, h: int, paces: Paces, state: Words) -> bool:
    """Cut the union of two grids anew along the best edge of some random trees, if that is cheaper."""
    nodes = np.flatnonzero((label == g) | (label == h))
    window = induce(net, nodes, np.full(len(label), -1, np.int64))
    inside = np.zeros(len(nodes), np.int64)
    for i in range(len(nodes)):
        inside[i] = 1 if label[nodes[i]] == g else 0
    best = _split_price(window, nodes, inside, paces)
    found = inside
    for _ in range(TREES):
        order, parent = random_tree(window, 1.0, state)
        if len(order) < len(nodes):
            return False
        side, price = _best_edge(window, nodes, order, parent, paces, best)
        if price < best - 1e-9:
            best, found = price, side
    if found is inside:
        return False
    for i in range(len(nodes)):
        label[nodes[i]] = g if found[i] == 1 else h
    return True


@njit(cache=True, error_model="numpy", nogil=True)
def _of_grid(
    pairs: float, households: int, area_m2: float, ring_m: float, load: float, paces: Paces
) -> float:
    """Price of one grid: the mean way between its households, its shape, how far from mean size and load."""
    uneven = households / paces.mean - 1.0
    price = pairs / households + SHAPE * raggedness(area_m2, ring_m) + EVEN * uneven * uneven
    if paces.even > 0.0:
        off = load / paces.mean_load - 1.0
        price += paces.even * off * off
    return float(price)


@njit(cache=True, error_model="numpy", nogil=True)
def _split_price(window: Net, nodes: Ints, inside: Ints, paces: Paces) -> float:
    """Price of two grids as they stand; a grid out of band is none to be touched."""
    price = 0.0
    for e in range(len(window.a)):
        if inside[window.a[e]] != inside[window.b[e]]:
            price += window.cost[e] / paces.scale_m
    households, area, ring = grid_sums(window, inside, 2)
    load = grid_loads(window, inside, 2)
    for mark in (0, 1):
        if households[mark] < paces.minimum or households[mark] > paces.maximum:
            return -np.inf
        pairs = _spread(nodes[inside == mark], paces)
        price += _of_grid(pairs, households[mark], area[mark], ring[mark], load[mark], paces)
    return price


@njit(cache=True, error_model="numpy", nogil=True)
def _best_edge(
    window: Net, nodes: Ints, order: Ints, parent: Ints, paces: Paces, limit: float
) -> tuple[Ints, float]:
    """Cut a tree at its cheapest edge with both sides in band; the side below the edge is 1."""
    m = len(nodes)
    below = sums_below(window, order, parent, paces.maximum)
    pairs, across = _pairs_below(nodes, order, parent, paces)
    root = order[0]
    best, chosen = limit, -1
    for q in range(1, m):
        x = order[q]
        n1, n2 = below.households[x], below.households[root] - below.households[x]
        if min(n1, n2) < paces.minimum or max(n1, n2) > paces.maximum:
            continue
        rest = pairs[root] - across[x] + pairs[x]
        ring, area, outer = below.length_m[x], below.area_m2[x], below.outer_m[x]
        load, other = below.load[x], below.load[root] - below.load[x]
        price = below.cost[x] / paces.scale_m
        outside = ring + below.outer_m[root] - outer
        price += _of_grid(pairs[x], n1, area, ring + outer, load, paces)
        price += _of_grid(rest, n2, below.area_m2[root] - area, outside, other, paces)
        if price < best:
            best, chosen = price, q
    side = np.zeros(m, np.int64)
    if chosen >= 0:
        side[order[chosen]] = 1
        for q in range(chosen + 1, m):
            if side[parent[order[q]]] == 1:
                side[order[q]] = 1
    return side, best


@njit(cache=True, error_model="numpy", nogil=True)
def _pairs_below(nodes: Ints, order: Ints, parent: Ints, paces: Paces) -> tuple[Floats, Floats]:
    """Price of the pairs inside each subtree, and of those with at least one end in it, counted per end."""
    m = len(nodes)
    depth = np.zeros(m, np.int64)
    for q in range(1, m):
        depth[order[q]] = depth[parent[order[q]]] + 1
    pairs = np.zeros(m)
    ends = np.zeros(m)
    for i in range(m):
        hi = paces.households[nodes[i]]
        if hi == 0:
            continue
        for j in range(i):
            hj = paces.households[nodes[j]]
            if hj == 0:
                continue
            price = hi * hj * paces.apart[nodes[i], nodes[j]]
            ends[i] += price
            ends[j] += price
            x, y = i, j
            while x != y:
                if depth[x] >= depth[y]:
                    x = parent[x]
                else:
                    y = parent[y]
            pairs[x] += price
    for q in range(m - 1, 0, -1):
        pairs[parent[order[q]]] += pairs[order[q]]
        ends[parent[order[q]]] += ends[order[q]]
    return pairs, ends


@njit(cache=True, error_model="numpy", nogil=True)
def _sums_of(net: Net, label: Ints, k: int, paces: Paces) -> Sums:
    """Sum up every grid of a division."""
    households, area, ring = grid_sums(net, label, k)
    pairs = np.zeros(k)
    for g in range(k):
        pairs[g] = _spread(np.flatnonzero(label == g), paces)
    return Sums(households, pairs, area, ring, grid_loads(net, label, k))


@njit(cache=True, error_model="numpy", nogil=True)
def _move(net: Net, label: Ints, k: int, paces: Paces, state: Words) -> None:
    """Give border nodes to neighbouring grids, at first by chance even at a small loss; keep the cheapest."""
    sums = _sums_of(net, label, k, paces)
    kept, now, least = label.copy(), 0.0, 0.0
    seen = np.zeros(len(label), np.int64)
    order = np.arange(len(label))
    stamp = 0
    for done in range(PASSES):
        warm = max(0.0, HEAT * (1.0 - done / (0.75 * PASSES)))
        shuffle(order, state)
        for turn in range(len(order)):
            x = int(order[turn])
            h = other_grid(net, label, x, state)
            if h == label[x] or not _stay_in_band(sums, label[x], h, paces.households[x], paces):
                continue
            stamp += 1
            limit = -warm * np.log(1.0 - draw(state)) - 1e-9
            now += _give(net, label, x, h, sums, paces, limit, seen, stamp)
        if now < least - 1e-9:
            least = now
            kept[:] = label
    label[:] = kept


@njit(cache=True, error_model="numpy", nogil=True)
def _give(
    net: Net, label: Ints, x: int, h: int, sums: Sums, paces: Paces, limit: float, seen: Ints, stamp: int
) -> float:
    """Give a node to grid h if that costs less than a limit and parts nothing; what it costs, else 0."""
    g = label[x]
    n, m2, weight = paces.households[x], net.area_m2[x], net.load[x]
    to_g, to_h = _to_grids(label, x, g, h, paces)
    ring_g, ring_h, border = _rings(net, label, x, g, h, sums.ring[g], sums.ring[h])
    price = border / paces.scale_m
    load_g, load_h = sums.load[g] - weight, sums.load[h] + weight
    price += _of_grid(sums.pairs[g] - to_g, sums.households[g] - n, sums.area[g] - m2, ring_g, load_g, paces)
    price += _of_grid(sums.pairs[h] + to_h, sums.households[h] + n, sums.area[h] + m2, ring_h, load_h, paces)
    for i in (g, h):
        price -= _of_grid(sums.pairs[i], sums.households[i], sums.area[i], sums.ring[i], sums.load[i], paces)
    if price >= limit or not stays_connected(net, label, x, seen, stamp):
        return 0.0
    label[x] = h
    sums.households[g] -= n
    sums.households[h] += n
    sums.pairs[g] -= to_g
    sums.pairs[h] += to_h
    sums.area[g] -= m2
    sums.area[h] += m2
    sums.ring[g], sums.ring[h] = ring_g, ring_h
    sums.load[g], sums.load[h] = load_g, load_h
    return float(price)


@njit(cache=True, error_model="numpy", nogil=True)
def _stay_in_band(sums: Sums, g: int, h: int, n: int, paces: Paces) -> bool:
    """Whether grids g and h are in band, and stay so when n households change over."""
    giver, taker = sums.households[g], sums.households[h]
    if giver > paces.maximum or taker < paces.minimum:
        return False
    return bool(giver - n >= paces.minimum and taker + n <= paces.maximum)


@njit(cache=True, error_model="numpy", nogil=True)
def _to_grids(label: Ints, x: int, g: int, h: int, paces: Paces) -> tuple[float, float]:
    """Price of the pairs of a node with two grids."""
    to_g, to_h = 0.0, 0.0
    n = paces.households[x]
    if n > 0:
        for y in range(len(label)):
            if label[y] == g:
                to_g += n * paces.households[y] * paces.apart[x, y]
            elif label[y] == h:
                to_h += n * paces.households[y] * paces.apart[x, y]
    return to_g, to_h


@njit(cache=True, error_model="numpy", nogil=True)
def _rings(
    net: Net, label: Ints, x: int, g: int, h: int, ring_g: float, ring_h: float
) -> tuple[float, float, float]:
    """Rings of two grids when a node goes from one to the other, and the price that borders gain."""
    around, to_g, to_h, border = net.outer_m[x], 0.0, 0.0, 0.0
    for q in range(net.ptr[x], net.ptr[x + 1]):
        e = net.link[q]
        around += net.length_m[e]
        if label[net.neighbour[q]] == g:
            to_g += net.length_m[e]
            border += net.cost[e]
        elif label[net.neighbour[q]] == h:
            to_h += net.length_m[e]
            border -= net.cost[e]
    return ring_g - around + 2.0 * to_g, ring_h + around - 2.0 * to_h, border
