"""Second stage: make a division cheaper by dividing windows of grids anew and moving border cells."""

from __future__ import annotations

import numpy as np
from numba import njit

from spatial.partition.kernels import (
    OUT_OF_BAND,
    Bools,
    Floats,
    Ints,
    Net,
    Rule,
    Words,
    best_cut,
    crowding,
    draw,
    grid_loads,
    grid_sums,
    induce,
    members,
    misfit,
    raggedness,
    rows_of,
    shuffle,
    split_into,
    total_price,
    trapped,
    unevenness,
)


@njit(cache=True, error_model="numpy", nogil=True)
def grid_links(net: Net, label: Ints, k: int) -> tuple[Ints, Ints]:
    """List the pairs of grids that touch, each once, by the first grid."""
    first = np.full(k, -1, np.int64)
    later = np.full(len(net.a), -1, np.int64)
    for e in range(len(net.a) - 1, -1, -1):
        g = min(label[net.a[e]], label[net.b[e]])
        if label[net.a[e]] != label[net.b[e]]:
            later[e] = first[g]
            first[g] = e
    seen = np.full(k, -1, np.int64)
    low = np.empty(len(net.a), np.int64)
    high = np.empty(len(net.a), np.int64)
    count = 0
    for g in range(k):
        e = first[g]
        while e >= 0:
            h = max(label[net.a[e]], label[net.b[e]])
            if seen[h] != g:
                seen[h] = g
                low[count], high[count] = g, h
                count += 1
            e = later[e]
    return low[:count], high[:count]


@njit(cache=True, error_model="numpy", nogil=True)
def window_of(first: int, second: int, width: int, ptr: Ints, near: Ints, state: Words) -> Ints:
    """Grow a window of neighbouring grids from a pair, by chance."""
    grids = np.empty(width, np.int64)
    inside = np.zeros(len(ptr), np.bool_)
    grids[0], grids[1] = first, second
    inside[first] = inside[second] = True
    count = 2
    while count < width:
        chosen = -1
        met = 0
        for j in range(count):
            for q in range(ptr[grids[j]], ptr[grids[j] + 1]):
                if not inside[near[q]]:
                    met += 1
                    if draw(state) * met < 1.0:
                        chosen = near[q]
        if chosen < 0:
            break
        grids[count] = chosen
        inside[chosen] = True
        count += 1
    return grids[:count]


@njit(cache=True, error_model="numpy", nogil=True)
def redivide(net: Net, label: Ints, grids: Ints, rule: Rule, trees: int, state: Words) -> bool:
    """Divide the union of some grids anew; keep it if it is cheaper. Says whether it was."""
    k = len(grids)
    nodes = np.empty(len(label), np.int64)
    before = np.empty(len(label), np.int64)
    count = 0
    for i in range(len(label)):
        for j in range(k):
            if label[i] == grids[j]:
                nodes[count], before[count] = i, j
                count += 1
    nodes, before = nodes[:count], before[:count]
    window = induce(net, nodes, np.full(len(label), -1, np.int64))
    price = total_price(window, before, k, rule) - 1e-9
    if k == 2:
        _, after, made = best_cut(window, k, rule, trees, price, state)
        made = 2 * made
    else:
        after, made = split_into(window, k, rule, trees, state)
    if made < k or total_price(window, after, k, rule) >= price:
        return False
    for i in range(count):
        label[nodes[i]] = grids[after[i]]
    return True


@njit(cache=True, error_model="numpy", nogil=True)
def recombine(
    net: Net, label: Ints, k: int, rule: Rule, width: int, trees: int, sweeps: int, state: Words
) -> int:
    """Divide windows of touching grids anew, sweep by sweep, until a sweep gains nothing.

    Parameters
    ----------
    net, label, k
        The region and its division into k grids; ``label`` is changed in place.
    rule
        Band and prices.
    width
        Grids in a window: 2 recombines pairs, 3 triples.
    trees, sweeps
        Random trees a cut, greatest number of sweeps.
    state
        Chance; advanced.

    Returns
    -------
    Number of windows gained.
    """
    gained = 0
    fresh = np.ones(k, np.bool_)
    for _ in range(sweeps):
        g, h = grid_links(net, label, k)
        ptr, near, _link = rows_of(k, g, h)
        order = np.arange(len(g))
        shuffle(order, state)
        touched = np.zeros(k, np.bool_)
        changed = 0
        for p in order:
            if not (fresh[g[p]] or fresh[h[p]]):
                continue
            grids = window_of(int(g[p]), int(h[p]), width, ptr, near, state)
            if redivide(net, label, grids, rule, trees, state):
                gained += 1
                changed += 1
                for j in grids:
                    touched[j] = True
        fresh = touched
        if changed == 0:
            break
    return gained


@njit(cache=True, error_model="numpy", nogil=True)
def mend(net: Net, label: Ints, k: int, rule: Rule, tries: int, trees: int, state: Words) -> int:
    """Divide windows of 2 to 6 grids around grids out of band anew, until all are in band or tries run out.

    Returns the number of grids still out of band. ``label`` is changed in place.
    """
    for attempt in range(tries + 1):
        households = grid_sums(net, label, k)[0]
        bad = np.flatnonzero((households < rule.minimum) | (households > rule.maximum))
        if len(bad) == 0 or attempt == tries:
            return len(bad)
        low, high = grid_links(net, label, k)
        ptr, near, _ = rows_of(k, low, high)
        one = bad[int(draw(state) * len(bad))]
        if ptr[one] == ptr[one + 1]:
            continue
        other = near[ptr[one] + int(draw(state) * (ptr[one + 1] - ptr[one]))]
        grids = window_of(one, other, 2 + attempt % 5, ptr, near, state)
        redivide(net, label, grids, rule, trees, state)
    return 0


@njit(cache=True, error_model="numpy", nogil=True)
def stays_connected(net: Net, label: Ints, node: int, seen: Ints, stamp: int) -> bool:
    """Say whether a node's grid stays connected, and not empty, when the node leaves it."""
    g = label[node]
    wanted = 0
    start = -1
    for q in range(net.ptr[node], net.ptr[node + 1]):
        if label[net.neighbour[q]] == g:
            wanted += 1
            start = net.neighbour[q]
            seen[start] = -stamp
    if wanted == 0:
        return False
    if wanted == 1:
        return True
    stack = np.empty(len(seen), np.int64)
    stack[0] = start
    top = 1
    seen[start] = stamp
    seen[node] = stamp
    wanted -= 1
    while top > 0 and wanted > 0:
        top -= 1
        x = stack[top]
        for q in range(net.ptr[x], net.ptr[x + 1]):
            y = net.neighbour[q]
            if label[y] == g and seen[y] != stamp:
                if seen[y] == -stamp:
                    wanted -= 1
                seen[y] = stamp
                stack[top] = y
                top += 1
    return wanted == 0


@njit(cache=True, error_model="numpy", nogil=True)
def border_nodes(net: Net, label: Ints, inside: Bools) -> Ints:
    """List the nodes that touch another grid; ``inside`` is scratch, False everywhere before and after."""
    a, b = net.a, net.b
    nodes = np.empty(len(label), np.int64)
    count = 0
    for e in range(len(a)):
        if label[a[e]] != label[b[e]]:
            for x in (a[e], b[e]):
                if not inside[x]:
                    inside[x] = True
                    nodes[count] = x
                    count += 1
    for i in range(count):
        inside[nodes[i]] = False
    return nodes[:count]


@njit(cache=True, error_model="numpy", nogil=True)
def other_grid(net: Net, label: Ints, node: int, state: Words) -> int:
    """Give one of the other grids a node touches, by chance; its own if it touches none."""
    neighbour = net.neighbour
    start, end = net.ptr[node], net.ptr[node + 1]
    if start == end:
        return int(label[node])
    first = start + int(draw(state) * (end - start))
    for turn in range(end - start):
        q = first + turn
        if q >= end:
            q -= end - start
        if label[neighbour[q]] != label[node]:
            return int(label[neighbour[q]])
    return int(label[node])


@njit(cache=True, error_model="numpy", nogil=True)
def pair_trapped(net: Net, label: Ints, g: int, h: int, rule: Rule) -> float:
    """Price the households trapped in two grids."""
    return trapped(net, members(label, g), label, g, rule) + trapped(net, members(label, h), label, h, rule)


@njit(cache=True, error_model="numpy", nogil=True)
def trap_gain(net: Net, label: Ints, node: int, h: int, rule: Rule) -> float:
    """Price of the households trapped by giving a node to grid h, less those trapped before."""
    g = label[node]
    before = pair_trapped(net, label, g, h, rule)
    label[node] = h
    after = pair_trapped(net, label, g, h, rule)
    label[node] = g
    return after - before


@njit(cache=True, error_model="numpy", nogil=True)
def move_gain(
    net: Net, label: Ints, node: int, h: int, households: Ints, area_m2: Floats, ring_m: Floats, rule: Rule
) -> tuple[float, float, float]:
    """Price of giving a node to grid h (negative is better), and the new rings of the two grids."""
    ptr, neighbour, link, length, cost = net.ptr, net.neighbour, net.link, net.length_m, net.cost
    g = label[node]
    to_g = 0.0
    to_h = 0.0
    border = 0.0
    around = net.outer_m[node]
    for q in range(ptr[node], ptr[node + 1]):
        e = link[q]
        around += length[e]
        if label[neighbour[q]] == g:
            to_g += length[e]
            border += cost[e]
        elif label[neighbour[q]] == h:
            to_h += length[e]
            border -= cost[e]
    ring_g = ring_m[g] - around + 2.0 * to_g
    ring_h = ring_m[h] + around - 2.0 * to_h
    n = net.households[node]
    price = border / rule.scale_m
    price += OUT_OF_BAND * (misfit(households[g] - n, 1, 0, rule) - misfit(households[g], 1, 0, rule))
    price += OUT_OF_BAND * (misfit(households[h] + n, 1, 0, rule) - misfit(households[h], 1, 0, rule))
    if rule.crowd > 0.0:
        price += crowding(households[g] - n, rule) - crowding(households[g], rule)
        price += crowding(households[h] + n, rule) - crowding(households[h], rule)
    price += rule.shape * (
        raggedness(area_m2[g] - net.area_m2[node], ring_g)
        - raggedness(area_m2[g], ring_m[g])
        + raggedness(area_m2[h] + net.area_m2[node], ring_h)
        - raggedness(area_m2[h], ring_m[h])
    )
    return price, ring_g, ring_h


@njit(cache=True, error_model="numpy", nogil=True)
def load_gain(load: Floats, g: int, h: int, moved: float, rule: Rule) -> float:
    """Price of moving some load from grid g to grid h."""
    if rule.even <= 0.0:
        return 0.0
    before = unevenness(load[g], 1, rule) + unevenness(load[h], 1, rule)
    return unevenness(load[g] - moved, 1, rule) + unevenness(load[h] + moved, 1, rule) - before


@njit(cache=True, error_model="numpy", nogil=True)
def polish(net: Net, label: Ints, k: int, rule: Rule, passes: int, heat: float, state: Words) -> float:
    """Give border nodes to neighbouring grids, at first by chance even at a loss, at last only at a gain.

    Parameters
    ----------
    net, label, k, rule
        The region, its division (changed in place, never to a dearer one) and its rule.
    passes
        Passes over all nodes; the heat falls evenly to nothing at three quarters of them.
    heat
        Loss that is taken with probability 1/e in the first pass.
    state
        Chance; advanced.

    Returns
    -------
    The price after.
    """
    start = total_price(net, label, k, rule)
    kept = label.copy()
    households, area, ring = grid_sums(net, label, k)
    load = grid_loads(net, label, k)
    seen = np.zeros(len(label), np.int64)
    inside = np.zeros(len(label), np.bool_)
    stamp = 0
    for done in range(passes):
        warm = max(0.0, heat * (1.0 - done / (0.75 * passes)))
        order = border_nodes(net, label, inside)
        shuffle(order, state)
        moved = 0
        for turn in range(len(order)):
            node = int(order[turn])
            g = label[node]
            h = other_grid(net, label, node, state)
            if h == g:
                continue
            price, ring_g, ring_h = move_gain(net, label, node, h, households, area, ring, rule)
            price += load_gain(load, g, h, net.load[node], rule)
            limit = -1e-9
            if warm > 0.0:
                limit -= warm * np.log(1.0 - draw(state))
            if price >= limit:
                continue
            stamp += 1
            if not stays_connected(net, label, node, seen, stamp):
                continue
            if rule.next_maximum > 0 and price + trap_gain(net, label, node, h, rule) >= limit:
                continue
            label[node] = h
            households[g] -= net.households[node]
            households[h] += net.households[node]
            area[g] -= net.area_m2[node]
            area[h] += net.area_m2[node]
            load[g] -= net.load[node]
            load[h] += net.load[node]
            ring[g], ring[h] = ring_g, ring_h
            moved += 1
        if moved == 0 and warm == 0.0:
            break
    end = total_price(net, label, k, rule)
    if end > start:
        label[:] = kept
        return start
    return end
