"""Floor runs of one stairwell: whole where they fit in a grid, else a tower that is cut between floors."""

from __future__ import annotations

import numpy as np

from spatial.partition.exact import runs_fit
from spatial.partition.graph import CellGraph, Ints
from spatial.partition.kernels import Net
from spatial.policy import Band


def lump_sizes(graph: CellGraph, cells: Ints, band: Band) -> list[int]:
    """Give the households of what is not split at a level: stairwells that fit in a grid, else floor runs."""
    node_of = stacks(graph.face[cells], graph.households[cells], band)
    sizes = np.bincount(node_of, graph.households[cells]).astype(np.int64)
    return [int(h) for h in np.sort(sizes[sizes > 0])]


def stacks(face: Ints, households: Ints, band: Band) -> Ints:
    """Give the floor runs of a face one node where together they fit in one grid.

    Parameters
    ----------
    face, households
        (n,) face and households of each cell.
    band
        The band of the grids.

    Returns
    -------
    (n,) node 0, 1, ... of each cell, by first appearance.
    """
    n = len(face)
    faces, place, count = np.unique(face, return_inverse=True, return_counts=True)
    if len(faces) == n:
        return np.arange(n)
    total = np.bincount(place, households, len(faces))
    whole = (count > 1) & (total <= (np.inf if band.maximum is None else band.maximum))
    key = np.where(whole[place], place, len(faces) + np.arange(n))
    _, first, node = np.unique(key, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[node]


def towers(net: Net, face: Ints, band: Band) -> Ints:
    """Find the stairwells that are cut between floors and can make grids in band alone.

    Parameters
    ----------
    net
        The nodes; stairwells that fit in one grid are one node already.
    face
        (n,) face of each node.
    band
        The band of the grids.

    Returns
    -------
    (n,) a number for each such stairwell, -1 elsewhere.
    """
    n = len(face)
    faces, at, count = np.unique(face, return_inverse=True, return_counts=True)
    tower = np.full(n, -1, np.int64)
    if len(faces) == n or band.minimum is None or band.maximum is None:
        return tower
    for f in np.flatnonzero(count > 1):
        nodes = np.flatnonzero(at == f)
        climb = _climb(net, nodes)
        if runs_fit(net.households[climb].tolist(), band.minimum, band.maximum):
            tower[nodes] = f
    return tower


def _climb(net: Net, nodes: Ints) -> Ints:
    """Put the floor runs of one stairwell in order from one end of their chain; fewer if it is broken."""
    mine = {int(x) for x in nodes}
    near = {x: [int(y) for y in net.neighbour[net.ptr[x] : net.ptr[x + 1]] if int(y) in mine] for x in mine}
    at = min(mine, key=lambda x: (len(near[x]), x))
    order, seen = [at], {at}
    while ahead := [y for y in near[at] if y not in seen]:
        at = ahead[0]
        order.append(at)
        seen.add(at)
    return np.array(order, dtype=np.int64)
