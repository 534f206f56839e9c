"""Compiled nouns that divide and refine share: a net of cells, its rule, random trees, and what a grid costs.

Everything here is deterministic: chance comes from a one-word state (splitmix64) that the caller hands over.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

FOUR_PI = 4.0 * np.pi
OUT_OF_BAND = 100.0
"""Price of one grid out of band, far above any border."""
TRAPPED = 12.0
"""Price of households that the next level could not put in band."""
NO_CUT = 1e18


class Net(NamedTuple):
    """Nodes (cells or stacks of cells) and links of one piece of ground.

    ``ptr, neighbour, link`` are the links of each node in compressed rows; ``a, b`` their ends; ``length_m``
    the common border; ``cost`` its price when a border runs there; ``barrier`` followed metres per metre, 0
    to 1; ``outer_m`` the ring of a node towards what is not in the net; ``load`` what a node weighs on who
    holds its grid, ``even`` the price of a grid of twice the mean load, or of none (0: load is not weighed).
    """

    ptr: Ints
    neighbour: Ints
    link: Ints
    a: Ints
    b: Ints
    length_m: Floats
    cost: Floats
    barrier: Floats
    households: Ints
    area_m2: Floats
    outer_m: Floats
    load: Floats
    even: float


class Rule(NamedTuple):
    """What is asked of the grids of one level.

    ``minimum, maximum`` the band; ``next_minimum, next_maximum`` the next level's (0 where there is none or
    no cell is above it); ``scale_m`` the side of a typical grid, border prices are in sides; ``shape`` the
    price of 1 / Polsby-Popper; ``noise`` how far random trees stray from the barriers; ``look`` asks whether
    every small node would find company at the next level; ``crowd`` prices a grid whose households, at
    ``child_least`` to ``child_most`` a child, fit no share of children of ``child_mean`` (0: no total asked);
    ``even`` prices a grid of twice the ``mean_load``, or of none (0: not weighed).
    """

    minimum: int
    maximum: int
    next_minimum: int
    next_maximum: int
    scale_m: float
    shape: float
    noise: float
    look: bool
    child_least: float
    child_mean: float
    child_most: float
    crowd: float
    even: float
    mean_load: float


class Below(NamedTuple):
    """Sums over the part of a tree that hangs on each node."""

    households: Ints
    bulky: Ints
    area_m2: Floats
    outer_m: Floats
    length_m: Floats
    cost: Floats
    load: Floats


@njit(cache=True, error_model="numpy", nogil=True)
def draw(state: Words) -> float:
    """Draw a number in [0, 1) and advance the state (splitmix64)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, error_model="numpy", nogil=True)
def shuffle(items: Ints, state: Words) -> None:
    """Shuffle in place (Fisher-Yates)."""
    for i in range(len(items) - 1, 0, -1):
        j = int(draw(state) * (i + 1))
        items[i], items[j] = items[j], items[i]


@njit(cache=True, error_model="numpy", nogil=True)
def members(label: Ints, g: int) -> Ints:
    """Nodes of one grid, ascending."""
    count = 0
    for i in range(len(label)):
        if label[i] == g:
            count += 1
    nodes = np.empty(count, np.int64)
    count = 0
    for i in range(len(label)):
        if label[i] == g:
            nodes[count] = i
            count += 1
    return nodes


@njit(cache=True, error_model="numpy", nogil=True)
def rows_of(n: int, a: Ints, b: Ints) -> tuple[Ints, Ints, Ints]:
    """Turn links into compressed rows: pointer, neighbour, link."""
    ptr = np.zeros(n + 1, np.int64)
    for e in range(len(a)):
        ptr[a[e] + 1] += 1
        ptr[b[e] + 1] += 1
    for i in range(n):
        ptr[i + 1] += ptr[i]
    fill = ptr[:-1].copy()
    neighbour = np.empty(2 * len(a), np.int64)
    link = np.empty(2 * len(a), np.int64)
    for e in range(len(a)):
        for u, v in ((a[e], b[e]), (b[e], a[e])):
            neighbour[fill[u]] = v
            link[fill[u]] = e
            fill[u] += 1
    return ptr, neighbour, link


@njit(cache=True, error_model="numpy", nogil=True)
def induce(net: Net, nodes: Ints, place: Ints) -> Net:
    """Cut a window out of a net; borders to what is outside become outer ring.

    ``place`` is a scratch array over the net's nodes, -1 everywhere before and after.
    """
    m = len(nodes)
    ptr, neighbour, link = net.ptr, net.neighbour, net.link
    lengths, costs, barriers = net.length_m, net.cost, net.barrier
    households = np.empty(m, np.int64)
    area = np.empty(m)
    outer = np.empty(m)
    load = np.empty(m)
    ends = 0
    for i in range(m):
        x = nodes[i]
        place[x] = i
        households[i], area[i], outer[i] = net.households[x], net.area_m2[x], net.outer_m[x]
        load[i] = net.load[x]
        ends += ptr[x + 1] - ptr[x]
    a = np.empty(ends, np.int64)
    b = np.empty(ends, np.int64)
    length = np.empty(ends)
    cost = np.empty(ends)
    barrier = np.empty(ends)
    count = 0
    for i in range(m):
        for q in range(ptr[nodes[i]], ptr[nodes[i] + 1]):
            j = place[neighbour[q]]
            e = link[q]
            if j < 0:
                outer[i] += lengths[e]
            elif j > i:
                a[count], b[count] = i, j
                length[count], cost[count], barrier[count] = lengths[e], costs[e], barriers[e]
                count += 1
    for i in range(m):
        place[nodes[i]] = -1
    a, b = a[:count], b[:count]
    rows, near, by = rows_of(m, a, b)
    return Net(
        rows, near, by, a, b, length[:count], cost[:count], barrier[:count], households, area, outer, load,
        net.even,
    )  # fmt: skip


@njit(cache=True, error_model="numpy", nogil=True)
def root_of(forest: Ints, x: int) -> int:
    """Find a node's root, halving the path."""
    while forest[x] != x:
        forest[x] = forest[forest[x]]
        x = forest[x]
    return x


@njit(cache=True, error_model="numpy", nogil=True)
def shaken(barrier: Floats, noise: float, state: Words) -> Ints:
    """Order links by barrier and some noise, the weakest first: a counting sort into a bucket a link."""
    count = len(barrier)
    slots = np.empty(count, np.int64)
    first = np.zeros(count + 1, np.int64)
    least, most = 0.0, 1.0
    for e in range(count):
        least, most = min(least, barrier[e]), max(most, barrier[e])
    per_unit = count / (most - least + noise)
    for e in range(count):
        slot = min(int((barrier[e] - least + noise * draw(state)) * per_unit), count - 1)
        slots[e] = slot
        first[slot + 1] += 1
    for slot in range(count):
        first[slot + 1] += first[slot]
    order = np.empty(count, np.int64)
    for e in range(count):
        order[first[slots[e]]] = e
        first[slots[e]] += 1
    return order


@njit(cache=True, error_model="numpy", nogil=True)
def blocks(net: Net, most: int, noise: float, state: Words) -> Ints:
    """Merge nodes over the weakest barriers into blocks of at most so many households.

    Returns the block 0, 1, ... of each node, by first appearance.
    """
    m = len(net.households)
    a, b = net.a, net.b
    forest = np.arange(m)
    total = net.households.copy()
    for e in shaken(net.barrier, noise, state):
        u, v = root_of(forest, a[e]), root_of(forest, b[e])
        if u != v and net.length_m[e] > 0.0 and total[u] + total[v] <= most:
            forest[u] = v
            total[v] += total[u]
    number = np.full(m, -1, np.int64)
    found = np.empty(m, np.int64)
    count = 0
    for x in range(m):
        root = root_of(forest, x)
        if number[root] < 0:
            number[root] = count
            count += 1
        found[x] = number[root]
    return found


@njit(cache=True, error_model="numpy", nogil=True)
def random_tree(net: Net, noise: float, state: Words) -> tuple[Ints, Ints]:
    """Grow a random spanning tree that crosses strong barriers seldom.

    Returns the nodes from the root outwards and the parent of each (-1 at the root); fewer nodes than the net
    has if it is not connected.
    """
    m = len(net.households)
    forest = np.arange(m)
    a = np.empty(max(m - 1, 0), np.int64)
    b = np.empty(max(m - 1, 0), np.int64)
    one, other = net.a, net.b
    count = 0
    for e in shaken(net.barrier, noise, state):
        u, v = root_of(forest, one[e]), root_of(forest, other[e])
        if u != v:
            forest[u] = v
            a[count], b[count] = one[e], other[e]
            count += 1
            if count == m - 1:
                break
    ptr, neighbour, _ = rows_of(m, a[:count], b[:count])
    parent = np.full(m, -2, np.int64)
    order = np.empty(m, np.int64)
    order[0] = int(draw(state) * m)
    parent[order[0]] = -1
    reached = 1
    done = 0
    while done < reached:
        x = order[done]
        done += 1
        for q in range(ptr[x], ptr[x + 1]):
            if parent[neighbour[q]] == -2:
                parent[neighbour[q]] = x
                order[reached] = neighbour[q]
                reached += 1
    return order[:reached], parent


@njit(cache=True, error_model="numpy", nogil=True)
def sums_below(net: Net, order: Ints, parent: Ints, maximum: int) -> Below:
    """Sum households, area and border over the subtree of each node, in one pass over the links."""
    m = len(net.households)
    households = net.households.copy()
    bulky = np.zeros(m, np.int64)
    area = net.area_m2.copy()
    outer = net.outer_m.copy()
    length = np.zeros(m)
    cost = np.zeros(m)
    load = net.load.copy()
    depth = np.zeros(m, np.int64)
    for q in range(1, m):
        depth[order[q]] = depth[parent[order[q]]] + 1
    for i in range(m):
        bulky[i] = 1 if 2 * households[i] > maximum else 0
    a, b, lengths, costs = net.a, net.b, net.length_m, net.cost
    for e in range(len(a)):
        x, y = a[e], b[e]
        metres, price = lengths[e], costs[e]
        length[x] += metres
        length[y] += metres
        cost[x] += price
        cost[y] += price
        while x != y:
            if depth[x] >= depth[y]:
                x = parent[x]
            else:
                y = parent[y]
        length[x] -= 2.0 * metres
        cost[x] -= 2.0 * price
    for q in range(m - 1, 0, -1):
        x = order[q]
        p = parent[x]
        households[p] += households[x]
        bulky[p] += bulky[x]
        area[p] += area[x]
        outer[p] += outer[x]
        length[p] += length[x]
        cost[p] += cost[x]
        load[p] += load[x]
    return Below(households, bulky, area, outer, length, cost, load)


@njit(cache=True, error_model="numpy", nogil=True)
def misfit(households: int, k: int, bulky: int, rule: Rule) -> float:
    """Price a piece of k grids: 0 if k fits its households, else 1 and the relative deviation."""
    if rule.maximum <= 0:
        return 0.0 if households >= k else 2.0
    if households == 0:
        return 4.0
    if households < k * rule.minimum:
        return 1.0 + (k * rule.minimum - households) / (k * rule.minimum)
    if households > k * rule.maximum:
        return 1.0 + (households - k * rule.maximum) / (k * rule.maximum)
    return 1.0 if bulky > k else 0.0


@njit(cache=True, error_model="numpy", nogil=True)
def raggedness(area_m2: float, ring_m: float) -> float:
    """1 / Polsby-Popper of a piece, at most 20; 0 for a piece without ground (upper floors)."""
    if area_m2 <= 0.0:
        return 0.0
    return min(20.0, ring_m * ring_m / (FOUR_PI * area_m2))


@njit(cache=True, error_model="numpy", nogil=True)
def is_stuck(net: Net, start: int, inside: Ints, mark: int, rule: Rule, seen: Ints, fringe: Ints) -> bool:
    """Say whether a node below the next minimum finds no company in its grid, the smallest neighbours first.

    ``seen`` (0 everywhere before the first call; ``start + 1`` marks this one) and ``fringe`` are scratch.
    Open ground is walked over freely.
    """
    total = net.households[start]
    seen[start] = start + 1
    ends = 0
    node = start
    while total < rule.next_minimum:
        for q in range(net.ptr[node], net.ptr[node + 1]):
            y = net.neighbour[q]
            if inside[y] == mark and seen[y] != start + 1 and ends < len(fringe):
                seen[y] = start + 1
                fringe[ends] = y
                ends += 1
        if ends == 0:
            return True
        least = 0
        for j in range(1, ends):
            if net.households[fringe[j]] < net.households[fringe[least]]:
                least = j
        node = fringe[least]
        ends -= 1
        fringe[least] = fringe[ends]
        total += net.households[node]
        if total > rule.next_maximum:
            return True
    return False


@njit(cache=True, error_model="numpy", nogil=True)
def stuck_in(net: Net, nodes: Ints, inside: Ints, mark: int, rule: Rule) -> float:
    """Count the nodes of a grid that could be in no child in band for want of company."""
    count = 0.0
    seen = np.zeros(len(net.households), np.int64)
    fringe = np.empty(len(nodes), np.int64)
    for x in nodes:
        if 0 < net.households[x] < rule.next_minimum and is_stuck(net, x, inside, mark, rule, seen, fringe):
            count += 1.0
    return count


@njit(cache=True, error_model="numpy", nogil=True)
def trapped(net: Net, nodes: Ints, inside: Ints, mark: int, rule: Rule) -> float:
    """Price the households of one grid that its own children could not hold in band.

    Cells above the next maximum will stand alone; what connects without them must fit a number of children.
    ``inside[i] == mark`` says that node i is in the grid.
    """
    price = 0.0
    seen = np.zeros(len(net.households), np.bool_)
    stack = np.empty(len(nodes), np.int64)
    for start in nodes:
        if seen[start] or net.households[start] > rule.next_maximum:
            continue
        seen[start] = True
        stack[0] = start
        top = 1
        total = 0
        bulky = 0
        while top > 0:
            top -= 1
            x = stack[top]
            total += net.households[x]
            bulky += 1 if 2 * net.households[x] > rule.next_maximum else 0
            for q in range(net.ptr[x], net.ptr[x + 1]):
                y = net.neighbour[q]
                if inside[y] == mark and not seen[y] and net.households[y] <= rule.next_maximum:
                    seen[y] = True
                    stack[top] = y
                    top += 1
        least = max((total + rule.next_maximum - 1) // rule.next_maximum, bulky)
        if total > 0 and least > total // max(rule.next_minimum, 1):
            price += 1.0
    if rule.look:
        price += stuck_in(net, nodes, inside, mark, rule)
    return TRAPPED * price


@njit(cache=True, error_model="numpy", nogil=True)
def grid_sums(net: Net, label: Ints, k: int) -> tuple[Ints, Floats, Floats]:
    """Households, area and ring of every grid."""
    households = np.zeros(k, np.int64)
    area = np.zeros(k)
    ring = np.zeros(k)
    for i in range(len(label)):
        households[label[i]] += net.households[i]
        area[label[i]] += net.area_m2[i]
        ring[label[i]] += net.outer_m[i]
    for e in range(len(net.a)):
        if label[net.a[e]] != label[net.b[e]]:
            ring[label[net.a[e]]] += net.length_m[e]
            ring[label[net.b[e]]] += net.length_m[e]
    return households, area, ring


@njit(cache=True, error_model="numpy", nogil=True)
def crowding(households: int, rule: Rule) -> float:
    """Price a grid whose households fit only more (or fewer) children than its share of those asked for."""
    if rule.crowd <= 0.0:
        return 0.0
    share = households / rule.child_mean
    over = np.ceil(households / rule.child_most) - share
    under = share - np.floor(households / rule.child_least)
    return float(rule.crowd * max(0.0, over, under))


@njit(cache=True, error_model="numpy", nogil=True)
def grid_loads(net: Net, label: Ints, k: int) -> Floats:
    """Load of every grid."""
    load = np.zeros(k)
    for i in range(len(label)):
        load[label[i]] += net.load[i]
    return load


@njit(cache=True, error_model="numpy", nogil=True)
def unevenness(load: float, k: int, rule: Rule) -> float:
    """Price ground of k grids by how far their load is from the mean."""
    if rule.even <= 0.0:
        return 0.0
    off = load / (k * rule.mean_load) - 1.0
    return float(rule.even * k * off * off)


@njit(cache=True, error_model="numpy", nogil=True)
def total_price(net: Net, label: Ints, k: int, rule: Rule) -> float:
    """Price a division: every grid by itself (band, shape, trapped households) and every border."""
    price = 0.0
    for e in range(len(net.a)):
        if label[net.a[e]] != label[net.b[e]]:
            price += net.cost[e] / rule.scale_m
    households, area, ring = grid_sums(net, label, k)
    load = grid_loads(net, label, k)
    for g in range(k):
        price += unevenness(load[g], 1, rule)
        price += OUT_OF_BAND * misfit(households[g], 1, 0, rule) + rule.shape * raggedness(area[g], ring[g])
        price += crowding(households[g], rule)
        if rule.next_maximum > 0:
            price += trapped(net, members(label, g), label, g, rule)
    return price


@njit(cache=True, error_model="numpy", nogil=True)
def share_of(n1: int, b1: int, n2: int, b2: int, k: int, rule: Rule) -> tuple[int, float]:
    """Give the first piece its number of the k grids, so that both fit if they can; and the misfit."""
    if k == 2:
        return 1, misfit(n1, 1, b1, rule) + misfit(n2, 1, b2, rule)
    total = max(n1 + n2, 1)
    aim = min(max(int(n1 * k / total + 0.5), 1), k - 1)
    if rule.maximum > 0:
        low = max((n1 + rule.maximum - 1) // rule.maximum, b1, k - n2 // max(rule.minimum, 1), 1)
        high = min(n1 // max(rule.minimum, 1), k - max((n2 + rule.maximum - 1) // rule.maximum, b2), k - 1)
        if low <= high:
            return min(max(aim, low), high), 0.0
    best = aim
    least = 1e9
    for k1 in range(max(1, aim - 1), min(k - 1, aim + 1) + 1):
        price = misfit(n1, k1, b1, rule) + misfit(n2, k - k1, b2, rule)
        if price < least:
            best, least = k1, price
    return best, least


@njit(cache=True, error_model="numpy", nogil=True)
def slack(households: int, k: int, rule: Rule) -> float:
    """Say how near to an end of its room a piece of several grids lies: 0 in the middle, 1 at an end."""
    if k < 2 or rule.maximum <= 0:
        return 0.0
    middle = 0.5 * k * (rule.minimum + rule.maximum)
    half = max(0.5 * k * (rule.maximum - rule.minimum), 0.5)
    return min(1.5, abs(households - middle) / half)


@njit(cache=True, error_model="numpy", nogil=True)
def cheapest_edge(
    below: Below, order: Ints, k: int, rule: Rule, limit: float, k_before: int
) -> tuple[int, float, int]:
    """Find the tree edge where a cut costs less than a limit, by border, shape of both sides and room left.

    Returns the place in the order of the node below it (-1: none), the price and the grids below it.
    """
    households, bulky, area, outer = below.households, below.bulky, below.area_m2, below.outer_m
    length, cost = below.length_m, below.cost
    root = order[0]
    chosen, best, best_k = -1, limit, k_before
    for q in range(1, len(order)):
        x = order[q]
        n1, n2 = households[x], households[root] - households[x]
        k1, off = share_of(n1, bulky[x], n2, bulky[root] - bulky[x], k, rule)
        price = OUT_OF_BAND * off
        if price >= best:
            continue
        price += cost[x] / (rule.scale_m * np.sqrt(min(k1, k - k1)))
        if price >= best:
            continue
        price += rule.shape * (
            raggedness(area[x], length[x] + outer[x])
            + raggedness(area[root] - area[x], length[x] + outer[root] - outer[x])
        )
        if price >= best:
            continue
        price += max(0.0, max(slack(n1, k1, rule), slack(n2, k - k1, rule)) - 0.5)
        if k1 == 1:
            price += crowding(n1, rule)
        if k - k1 == 1:
            price += crowding(n2, rule)
        price += unevenness(below.load[x], k1, rule)
        price += unevenness(below.load[root] - below.load[x], k - k1, rule)
        if price < best:
            chosen, best, best_k = q, price, k1
    return chosen, best, best_k


@njit(cache=True, error_model="numpy", nogil=True)
def best_cut(net: Net, k: int, rule: Rule, trees: int, limit: float, state: Words) -> tuple[float, Ints, int]:
    """Cut a net in two along an edge of the best of some random trees, for less than a limit.

    Returns the price (``NO_CUT`` if it can't be cut so), a side 0/1 for each node, and the number of grids of
    side 1; 0 of them if there is no cut.
    """
    m = len(net.households)
    side = np.zeros(m, np.int64)
    best = limit
    best_k = 0
    for _ in range(trees):
        order, parent = random_tree(net, rule.noise, state)
        if len(order) < m:
            return NO_CUT, side, 0
        chosen, best, best_k = cheapest_edge(
            sums_below(net, order, parent, rule.maximum), order, k, rule, best, best_k
        )
        if chosen >= 0:
            side[:] = 0
            side[order[chosen]] = 1
            for q in range(chosen + 1, m):
                if side[parent[order[q]]] == 1:
                    side[order[q]] = 1
    return (best if best_k else NO_CUT), side, best_k


@njit(cache=True, error_model="numpy", nogil=True)
def split_into(net: Net, k: int, rule: Rule, trees: int, state: Words) -> tuple[Ints, int]:
    """Divide a connected net into k grids by cutting it in two again and again.

    Returns the labels 0, 1, ... and how many there are: fewer than k where nodes ran out.
    """
    m = len(net.households)
    label = np.zeros(m, np.int64)
    place = np.full(m, -1, np.int64)
    todo = np.empty((k + 1, 2), np.int64)
    todo[0, 0], todo[0, 1] = 0, k
    open_ = 1
    made = 1
    while open_ > 0:
        open_ -= 1
        g, kg = todo[open_, 0], todo[open_, 1]
        nodes = members(label, g)
        if kg < 2 or len(nodes) < 2:
            continue
        piece = net if len(nodes) == m else induce(net, nodes, place)
        price, side, k1 = best_cut(piece, kg, rule, trees, NO_CUT, state)
        if price >= NO_CUT:
            continue
        for i in range(len(nodes)):
            if side[i] == 1:
                label[nodes[i]] = made
        todo[open_, 0], todo[open_, 1] = g, kg - k1
        todo[open_ + 1, 0], todo[open_ + 1, 1] = made, k1
        open_ += 2
        made += 1
    return label, made
