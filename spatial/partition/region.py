"""A parent's ground made ready for dividing: stacks whole, oversize cells out, parts told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spatial.partition.exact import sums_fit
from spatial.partition.feasible import Room, lump_room, natural_count, room
from spatial.partition.graph import Bools, CellGraph, Floats, Ints, components, merge_links
from spatial.partition.kernels import Net, induce, rows_of
from spatial.partition.stacks import stacks, towers
from spatial.partition.walking import shortest_bridges
from spatial.policy import Band

OVERRUN = 0.15
"""Price of a metre of border that follows a feature fully, beside 1 for a metre that follows none."""
KEPT_BRIDGE = 2.0
"""What it costs, in sides of a typical grid, to let a grid reach over a bridge between two parts."""


FEW = 4
"""Pieces of up to so many full grids are asked by subset sums whether they fit."""


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
    towers
        Stairwells cut between floors that were kept apart.
    """

    cells: Ints
    node_of: Ints
    pieces: list[Piece]
    lumps: list[Ints]
    towers: int = 0


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
        np.zeros(graph.n),
        0.0,
    )


def region_of(
    graph: CellGraph,
    net: Net,
    place: Ints,
    cells: Ints,
    band: Band,
    *,
    apart: bool = True,
    ground: Ints | None = None,
) -> Region:
    """Make a parent's cells ready for dividing.

    Parts of the parent stay apart where each fits a number of grids by itself; one that does not is joined to
    the part nearest on foot by a single bridge. Bridges form a tree over the parts, so a grid that is
    connected with them is connected within each part. A stairwell that is cut between its floors is a piece
    of its own too: only ground that fits no number of grids by itself joins it, and no second such stairwell
    if anything else is there.

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
    apart
        Whether stairwells that are cut between floors are kept apart.
    ground
        (n,) connected ground that each cell lies in with all that locks hold: no bridge leads over a locked
        grid between parts of the same ground. None where nothing is held.
    """
    local = induce(net, cells, place)
    node_of = stacks(graph.face[cells], local.households, band)
    face = graph.face[cells]
    if int(node_of.max()) + 1 < len(cells):
        first = np.unique(node_of, return_index=True)[1]
        local, face = merged(local, node_of), face[first]
    n = len(local.households)
    part = components(n, local.a, local.b)
    oversize = np.zeros(n, np.bool_) if band.maximum is None else local.households > band.maximum
    tower = towers(local, face, band) if apart else np.full(n, -1, np.int64)
    if not oversize.any() and part.max() == 0 and tower.max() < 0:
        return Region(cells, node_of, [_piece(local, np.arange(n), band)], [])
    scale = KEPT_BRIDGE * float(np.sqrt(local.area_m2.sum() * band.target / max(local.households.sum(), 1)))
    links = _bridges(graph, cells, node_of, part, oversize)
    if ground is not None and len(links):
        of_node = ground[cells[np.unique(node_of, return_index=True)[1]]]
        links = links[of_node[links[:, 0]] != of_node[links[:, 1]]]
    local = _with_bridges(local, links, scale)
    return _take_apart(local, cells, node_of, oversize, tower, band)


def contract(net: Net, cells: Ints, node_of: Ints) -> Net:
    """Cut some cells out of a net and merge them into nodes.

    Parameters
    ----------
    net
        The net of all cells.
    cells
        Cells to cut out.
    node_of
        Node 0, 1, ... of each of them.
    """
    return merged(induce(net, cells, np.full(len(net.households), -1, np.int64)), node_of)


def in_one_piece(graph: CellGraph, net: Net, cells: Ints, node_of: Ints, scale_m: float) -> Net:
    """Cut some cells out of a net as nodes, and join the parts that they lie in by the shortest ways.

    Parameters
    ----------
    graph, net
        The basic grid and its net.
    cells, node_of
        Cells to cut out, ascending, and the node 0, 1, ... of each of them.
    scale_m
        Metres that it costs to let a grid reach over such a way.
    """
    local = contract(net, cells, node_of)
    n = len(local.households)
    part = components(n, local.a, local.b)
    return _with_bridges(local, _bridges(graph, cells, node_of, part, np.zeros(n, np.bool_)), scale_m)


def whole_piece(net: Net, band: Band) -> Piece:
    """Take a connected net as one piece, to be divided as it stands."""
    return _piece(net, np.arange(len(net.households)), band)


def merged(net: Net, node_of: Ints) -> Net:
    """Merge nodes of a net: node 0, 1, ... of each of its own."""
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
        sums(net.load),
        net.even,
    )


def _bridges(graph: CellGraph, cells: Ints, node_of: Ints, part: Ints, oversize: Bools) -> Ints:
    """Join the parts by the shortest ways between their nodes, oversize ones only if they must."""
    usable = ~oversize
    for p in np.unique(part):
        if not usable[part == p].any():
            usable[part == p] = True
    if part.max() == 0:
        return np.zeros((0, 2), np.int64)
    return node_of[shortest_bridges(graph, cells, part[node_of], usable[node_of])]


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


def _take_apart(net: Net, cells: Ints, node_of: Ints, oversize: Bools, tower: Ints, band: Band) -> Region:
    """Take oversize nodes and towers out; what fits no number of grids by itself joins what it touches."""
    n = len(net.households)
    free = ~(oversize[net.a] | oversize[net.b])
    inner = free & (net.cost >= 0.0) & (tower[net.a] == tower[net.b])
    owner = components(n, net.a[inner], net.b[inner])
    owner = _join_misfits(net, owner, oversize, tower, np.flatnonzero(free & ~inner), band)
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
    alone = [np.array(one, dtype=np.int64) for one in lumps.values()]
    return Region(cells, node_of, pieces, alone, len(np.unique(tower[tower >= 0])))


def _join_misfits(net: Net, owner: Ints, oversize: Bools, tower: Ints, links: Ints, band: Band) -> Ints:
    """Join pieces that fit no number of grids to a neighbour, the smallest first, until nothing can be.

    Over a common border rather than over a bridge, the longest first; two towers only if nothing else is
    there.
    """
    owner = owner.copy()
    while True:
        live = links[owner[net.a[links]] != owner[net.b[links]]]
        if not len(live):
            return owner
        ends = np.unique(owner[np.concatenate([net.a[live], net.b[live]])])
        misfits = [int(p) for p in ends if not _fits(net.households[(owner == p) & ~oversize], band)]
        if not misfits:
            return owner
        total = np.bincount(owner, net.households, len(owner))
        small = min(misfits, key=lambda p: (total[p], p))
        owner[owner == small] = _company(net, owner, tower, live, small)


def _company(net: Net, owner: Ints, tower: Ints, links: Ints, small: int) -> int:
    """Choose the piece that a misfit joins."""
    u, v = owner[net.a[links]], owner[net.b[links]]
    mine = (u == small) | (v == small)
    other, first, at = np.unique(
        np.where(u[mine] == small, v[mine], u[mine]), return_index=True, return_inverse=True
    )
    touching = links[mine]
    metres = np.bincount(at, net.length_m[touching], len(other))
    real = np.bincount(at, net.cost[touching] >= 0.0, len(other)) > 0
    towers = np.unique(owner[tower >= 0])
    both = np.isin(other, towers) & bool(np.isin(small, towers))
    return int(other[np.lexsort((first, -metres, ~real, both))[0]])


def _fits(households: Ints, band: Band) -> bool:
    """Whether some number of grids fits, by arithmetic, and for few nodes by what subset sums allow."""
    total = int(households.sum())
    bulky = 0 if band.maximum is None else int((2 * households > band.maximum).sum())
    fitting = room(total, band, bulky=bulky)
    if not fitting.fits or fitting.high < 1:
        return False
    few = band.minimum is not None and band.maximum is not None and total <= FEW * band.maximum
    return not few or sums_fit(households.tolist(), band.minimum or 0, band.maximum or 0) is not False


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
