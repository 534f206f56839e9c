"""A parent's ground made ready for dividing: stacks whole, oversize cells out, parts told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from spatial.partition.feasible import Room, lump_room, natural_count, room
from spatial.partition.graph import Bools, CellGraph, Floats, Ints, components, merge_links
from spatial.partition.kernels import Net, induce, rows_of
from spatial.policy import Band

OVERRUN = 0.15
"""Price of a metre of border that follows a feature fully, beside 1 for a metre that follows none."""
KEPT_BRIDGE = 2.0
"""What it costs, in sides of a typical grid, to let a grid reach over a bridge between two parts."""


@dataclass(frozen=True)
class Piece:
    """Ground to be divided on its own: connected, bridges included, without oversize nodes.

    Parameters
    ----------
    nodes
        Nodes of the region.
    net
        Their net.
    households, natural
        Sum, and the number of grids that comes of itself.
    room
        Numbers of grids that fit.
    """

    nodes: Ints
    net: Net
    households: int
    natural: float
    room: Room


@dataclass(frozen=True)
class Region:
    """One parent's cells as nodes.

    Parameters
    ----------
    cells
        Cells of the parent, ascending.
    node_of
        Node of each of them; the floor runs of a stairwell that fits in one grid are one node.
    pieces
        What has to be divided.
    lumps
        Nodes of each oversize grid: one oversize node, and open ground that nobody else can take.
    """

    cells: Ints
    node_of: Ints
    pieces: list[Piece]
    lumps: list[Ints]


def whole_net(graph: CellGraph) -> Net:
    """Make the net of all cells of a graph, with borders priced by what they follow."""
    order = np.lexsort((graph.b, graph.a))
    a, b = graph.a[order], graph.b[order]
    length, followed = graph.length_m[order], graph.followed_m[order]
    return Net(
        *rows_of(graph.n, a, b),
        a,
        b,
        length,
        length - followed + OVERRUN * length,
        np.divide(followed, length, out=np.zeros(len(a)), where=length > 0),
        graph.households,
        graph.area_m2,
        graph.outer_m,
    )


def region_of(graph: CellGraph, net: Net, place: Ints, cells: Ints, band: Band, whole: float = 1.0) -> Region:
    """Make a parent's cells ready for dividing.

    Parts of the parent stay apart where each fits a number of grids by itself; one that does not is joined to
    its nearest neighbour by a single bridge. Bridges form a tree over the parts, so a grid that is connected
    with them is connected within each part.

    Parameters
    ----------
    graph, net
        The basic grid and its net.
    place
        Scratch array over all cells, -1 everywhere.
    cells
        Cells of the parent, ascending.
    band
        The band of the children.
    whole
        Stairwells of up to this share of the band's maximum are never cut between floors.
    """
    local = induce(net, cells, place)
    node_of = _stacks(graph.face[cells], local.households, band, whole)
    xy = graph.xy_m[cells]
    if int(node_of.max()) + 1 < len(cells):
        first = np.unique(node_of, return_index=True)[1]
        local, xy = _contract(local, node_of), xy[first]
    n = len(local.households)
    part = components(n, local.a, local.b)
    oversize = np.zeros(n, np.bool_) if band.maximum is None else local.households > band.maximum
    if not oversize.any() and part.max() == 0:
        return Region(cells, node_of, [_piece(local, np.arange(n), band)], [])
    scale = KEPT_BRIDGE * float(np.sqrt(local.area_m2.sum() * band.target / max(local.households.sum(), 1)))
    local = _with_bridges(local, _bridges(xy, part, oversize), scale)
    return _take_apart(local, cells, node_of, oversize, band)


def lump_sizes(graph: CellGraph, cells: Ints, band: Band) -> list[int]:
    """Give the households of what is not split at a level: stairwells that fit in a grid, else floor runs."""
    node_of = _stacks(graph.face[cells], graph.households[cells], band)
    sizes = np.bincount(node_of, graph.households[cells]).astype(np.int64)
    return [int(h) for h in np.sort(sizes[sizes > 0])]


def _stacks(face: Ints, households: Ints, band: Band, share: float = 1.0) -> Ints:
    """Give the floor runs of a face one node where together they fit in one grid."""
    n = len(face)
    faces, place, count = np.unique(face, return_inverse=True, return_counts=True)
    if len(faces) == n:
        return np.arange(n)
    total = np.bincount(place, households, len(faces))
    whole = (count > 1) & (total <= (np.inf if band.maximum is None else share * band.maximum))
    key = np.where(whole[place], place, len(faces) + np.arange(n))
    _, first, node = np.unique(key, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[node]


def _contract(net: Net, node_of: Ints) -> Net:
    """Merge nodes of a net."""
    n = int(node_of.max()) + 1
    u, v = node_of[net.a], node_of[net.b]
    a, b, length, followed = merge_links(u, v, net.length_m, net.barrier * net.length_m)
    cost = merge_links(u, v, net.length_m, net.cost)[3]
    barrier = np.divide(followed, length, out=np.zeros(len(a)), where=length > 0)

    def sums(values: Ints | Floats) -> Floats:
        return np.bincount(node_of, values, n).astype(np.float64)

    return Net(
        *rows_of(n, a, b),
        a,
        b,
        length,
        cost,
        barrier,
        sums(net.households).astype(np.int64),
        sums(net.area_m2),
        sums(net.outer_m),
    )


def _bridges(xy: Floats, part: Ints, oversize: Bools) -> Ints:
    """Join the parts by a minimum spanning tree of nearest nodes (Prim), oversize ones only if they must."""
    usable = ~oversize
    for p in np.unique(part):
        if not usable[part == p].any():
            usable[part == p] = True
    inside = part == 0
    links = []
    for _ in range(int(part.max())):
        near = np.flatnonzero(inside & usable)
        far = np.flatnonzero(~inside & usable)
        metres, at = cKDTree(xy[near]).query(xy[far])
        best = int(np.argmin(metres))
        links.append((near[at[best]], far[best]))
        inside |= part == part[far[best]]
    return np.array(links, dtype=np.int64).reshape(-1, 2)


def _with_bridges(net: Net, links: Ints, scale_m: float) -> Net:
    """Add bridges to a net: no length, and a reward for letting a border run there."""
    a = np.concatenate([net.a, links.min(axis=1)])
    b = np.concatenate([net.b, links.max(axis=1)])
    none = np.zeros(len(links))
    ptr, neighbour, link = rows_of(len(net.households), a, b)
    return net._replace(
        ptr=ptr,
        neighbour=neighbour,
        link=link,
        a=a,
        b=b,
        length_m=np.concatenate([net.length_m, none]),
        cost=np.concatenate([net.cost, none - scale_m]),
        barrier=np.concatenate([net.barrier, none]),
    )


def _take_apart(net: Net, cells: Ints, node_of: Ints, oversize: Bools, band: Band) -> Region:
    """Take the oversize nodes out and join what fits no number of grids by itself over the bridges."""
    n = len(net.households)
    free = ~(oversize[net.a] | oversize[net.b])
    bridge = net.cost < 0.0
    owner = components(n, net.a[free & ~bridge], net.b[free & ~bridge])
    owner = _join_misfits(net, owner, oversize, np.flatnonzero(free & bridge), band)
    lumps: dict[int, list[int]] = {int(x): [int(x)] for x in np.flatnonzero(oversize)}
    pieces = []
    place = np.full(n, -1, np.int64)
    for p in np.unique(owner[~oversize]):
        nodes = np.flatnonzero((owner == p) & ~oversize)
        host = _host(net, nodes, oversize) if net.households[nodes].sum() == 0 else None
        if host is None:
            pieces.append(_piece(induce(net, nodes, place), nodes, band))
        else:
            lumps[host].extend(int(x) for x in nodes)
    return Region(cells, node_of, pieces, [np.array(one, dtype=np.int64) for one in lumps.values()])


def _join_misfits(net: Net, owner: Ints, oversize: Bools, bridges: Ints, band: Band) -> Ints:
    """Join pieces that fit no number of grids over the bridges, the smallest first, until nothing can be."""
    owner = owner.copy()
    while True:
        live = [int(e) for e in bridges if owner[net.a[e]] != owner[net.b[e]]]
        if not live:
            return owner
        total = np.bincount(owner, net.households, len(owner)).astype(np.int64)
        bulky = np.bincount(owner, _bulky(net, band) & ~oversize, len(owner)).astype(np.int64)
        ends = sorted({int(owner[net.a[e]]) for e in live} | {int(owner[net.b[e]]) for e in live})
        misfits = [p for p in ends if not _fits(room(int(total[p]), band, bulky=int(bulky[p])))]
        if not misfits:
            return owner
        small = min(misfits, key=lambda p: (total[p], p))
        e = next(e for e in live if small in {int(owner[net.a[e]]), int(owner[net.b[e]])})
        owner[owner == owner[net.a[e]]] = owner[net.b[e]]


def _fits(fitting: Room) -> bool:
    return fitting.fits and fitting.high >= 1


def _bulky(net: Net, band: Band) -> Bools:
    """Nodes of which no two share a grid."""
    if band.maximum is None:
        return np.zeros(len(net.households), np.bool_)
    return 2 * net.households > band.maximum


def _piece(net: Net, nodes: Ints, band: Band) -> Piece:
    lumps = [int(h) for h in net.households]
    return Piece(nodes, net, sum(lumps), natural_count(lumps, band), lump_room(lumps, band))


def _host(net: Net, nodes: Ints, oversize: Bools) -> int | None:
    """Give the oversize node that open ground should join: the one with the dearest common border."""
    best: dict[int, float] = {}
    for x in nodes:
        for q in range(net.ptr[x], net.ptr[x + 1]):
            y = int(net.neighbour[q])
            if oversize[y]:
                best[y] = best.get(y, 0.0) + float(net.cost[net.link[q]])
    return max(best, key=lambda y: (best[y], -y)) if best else None
