"""What others would do with the same graph: METIS, KaHIP and GerryChain, wrapped so that they can win.

None of them knows bands or nested levels. The wrapper divides level by level, tries every number of grids
that the band allows (eight at most, those nearest the target first) and keeps the division with most
households in band, then the cheapest borders.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spatial.partition.graph import CellGraph, Floats, Ints, components
from spatial.policy import Band

TRIES = 8
"""Numbers of grids tried for one parent."""
OVERRUN = 0.15
"""Price of a metre along a feature beside a metre along none: the same for every method."""
PRICE_SCALE = 10.0
"""METIS and KaHIP want whole numbers."""
BLOCK = 0.5
"""Borders followed more than this part GerryChain's regions (street blocks)."""


@dataclass(frozen=True)
class Piece:
    """A parent's cells as a peer sees them: n cells, links u-v with their prices."""

    households: Ints
    u: Ints
    v: Ints
    price: Floats
    block: Ints

    @property
    def n(self) -> int:
        """Cells."""
        return len(self.households)


Divide = Callable[[Piece, Band, int, int], Ints]
"""(piece, band, number of grids, seed) -> label of each cell.

A RuntimeError, ValueError or LookupError says that it failed.
"""


def prices(graph: CellGraph) -> Floats:
    """Price of every adjacency when a border runs there."""
    return graph.length_m - graph.followed_m + OVERRUN * graph.length_m


def blocks(graph: CellGraph) -> Ints:
    """Street blocks: cells that no strong feature parts."""
    weak = graph.followed_m < BLOCK * graph.length_m
    return components(graph.n, graph.a[weak], graph.b[weak])


def nested(
    graph: CellGraph, divide: Divide, bands: tuple[Band, ...], *, seed: int, seeds: int, first: bool
) -> list[Ints]:
    """Divide level by level with one peer.

    Parameters
    ----------
    graph
        The community.
    divide
        The peer.
    bands
        One a level.
    seed, seeds
        First seed, and how many are tried for each number of grids.
    first
        Stop at the first number of grids with everybody in band.
    """
    price, block = prices(graph), blocks(graph)
    parent, levels = np.zeros(graph.n, np.int64), []
    for band in bands:
        label, made = np.empty(graph.n, np.int64), 0
        for p in np.unique(parent):
            for cells in _divisible(graph, np.flatnonzero(parent == p), band):
                found = _best(_piece(graph, price, block, cells), divide, band, seed, seeds, first=first)
                label[cells] = made + found
                made += int(found.max()) + 1
        levels.append(label)
        parent = label
    return levels


def _divisible(graph: CellGraph, cells: Ints, band: Band) -> list[Ints]:
    """Cells above the maximum each by itself, and the connected pieces of the rest."""
    over = graph.households[cells] > (band.maximum or 0)
    if not over.any():
        return [cells]
    rest = cells[~over]
    kept = np.zeros(graph.n, np.bool_)
    kept[rest] = True
    inside = kept[graph.a] & kept[graph.b]
    part = components(graph.n, graph.a[inside], graph.b[inside])[rest]
    return [cells[[i]] for i in np.flatnonzero(over)] + [rest[part == p] for p in np.unique(part)]


def _piece(graph: CellGraph, price: Floats, block: Ints, cells: Ints) -> Piece:
    place = np.full(graph.n, -1, np.int64)
    place[cells] = np.arange(len(cells))
    u, v = place[graph.a], place[graph.b]
    inside = (u >= 0) & (v >= 0)
    return Piece(graph.households[cells], u[inside], v[inside], price[inside], block[cells])


def _best(piece: Piece, divide: Divide, band: Band, seed: int, seeds: int, *, first: bool) -> Ints:
    total = int(piece.households.sum())
    least, most = max(1, -(-total // (band.maximum or 1))), max(1, total // (band.minimum or 1))
    wanted = range(least, most + 1) if least <= most else [max(1, round(total / band.target))]
    best, label = None, np.zeros(piece.n, np.int64)
    for k in sorted(wanted, key=lambda k: abs(k - total / band.target))[:TRIES]:
        for turn in range(seeds):
            try:
                found = divide(piece, band, k, seed * 100 + turn) if k > 1 else np.zeros(piece.n, np.int64)
            except (RuntimeError, ValueError, LookupError):
                continue
            found = np.unique(found, return_inverse=True)[1]
            worth = _worth(piece, found, band)
            if best is None or worth > best:
                best, label = worth, found
        if first and best is not None and best[0] > 1 - 1e-9:
            break
    return label


def _worth(piece: Piece, label: Ints, band: Band) -> tuple[float, float]:
    """Share of households in band (one oversize cell alone excused) less 0.2 for each loose part; borders."""
    k = int(label.max()) + 1
    total = np.bincount(label, piece.households, k)
    largest = np.zeros(k)
    np.maximum.at(largest, label, piece.households)
    low, high = band.minimum or 0, band.maximum or 0
    good = ((total >= low) & (total <= high)) | ((largest > high) & (total == largest))
    same = label[piece.u] == label[piece.v]
    parts = int(components(piece.n, piece.u[same], piece.v[same]).max()) + 1
    share = float((piece.households * good[label]).sum()) / max(float(piece.households.sum()), 1.0)
    return share - 0.2 * (parts - k), -float(piece.price[~same].sum())


def _rows(piece: Piece) -> tuple[Ints, Ints, Ints]:
    """Compressed rows: pointer, neighbour, whole-number price."""
    u, v = np.r_[piece.u, piece.v], np.r_[piece.v, piece.u]
    price = np.maximum(1, (np.r_[piece.price, piece.price] * PRICE_SCALE)).astype(np.int64)
    order = np.argsort(u, kind="stable")
    return np.searchsorted(u[order], np.arange(piece.n + 1)), v[order], price[order]


@contextmanager
def _silent() -> Iterator[None]:
    """METIS prints from C: send its standard output nowhere."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("w", encoding="ascii") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def metis(piece: Piece, band: Band, k: int, seed: int) -> Ints:
    """METIS k-way, contiguous, with the imbalance that the band leaves."""
    import pymetis  # noqa: PLC0415

    pointer, neighbour, price = _rows(piece)
    slack = max(1, int(((band.maximum or 1) / (piece.households.sum() / k) - 1) * 1000))
    options = pymetis.Options(contig=1, seed=seed, ufactor=slack)
    with _silent():
        _, label = pymetis.part_graph(
            k, pymetis.CSRAdjacency(pointer.tolist(), neighbour.tolist()), vweights=piece.households.tolist(),
            eweights=price.tolist(), recursive=False, options=options,
        )  # fmt: skip
    return np.array(label)


def kahip(piece: Piece, band: Band, k: int, seed: int) -> Ints:
    """KaHIP's kaffpa, mode strong."""
    import kahip as solver  # noqa: PLC0415

    pointer, neighbour, price = _rows(piece)
    slack = max(0.01, (band.maximum or 1) / (float(piece.households.sum()) / k) - 1)
    _, label = solver.kaffpa(
        piece.households.tolist(),
        pointer.tolist(),
        price.tolist(),
        neighbour.tolist(),
        k,
        slack,
        True,
        seed,
        2,
    )
    return np.array(label)


def gerrychain(piece: Piece, band: Band, k: int, seed: int) -> Ints:
    """GerryChain's recursive_tree_part with a surcharge for leaving a street block."""
    import networkx as nx  # noqa: PLC0415
    from gerrychain import Graph  # noqa: PLC0415
    from gerrychain.partition.initial_partition_generators import recursive_tree_part  # noqa: PLC0415
    from gerrychain.tree import bipartition_tree  # noqa: PLC0415

    aim = float(piece.households.sum()) / k
    spread = min((band.maximum or 0) / aim - 1, 1 - (band.minimum or 0) / aim)
    plain = nx.Graph()
    plain.add_nodes_from(
        (i, {"pop": int(h), "block": int(b)})
        for i, (h, b) in enumerate(zip(piece.households, piece.block, strict=True))
    )
    plain.add_edges_from(zip(piece.u.tolist(), piece.v.tolist(), strict=True))
    graph = Graph.from_networkx(plain)
    cut = functools.partial(
        bipartition_tree, max_attempts=300, warn_attempts=10**9, region_surcharge={"block": 1.0}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = recursive_tree_part(
            graph, range(k), aim, "pop", spread if spread > 0 else 0.1, bipartition_tree_fn=cut, rng=seed
        )
    label = np.zeros(piece.n, np.int64)
    for node, part in found.items():
        label[graph.original_nx_node_id_for_internal_node_id(node)] = part
    return label


@dataclass(frozen=True)
class Peer:
    """A method to stand beside: its package, how it divides and how often it may try."""

    package: str
    divide: Divide
    seeds: int
    first: bool


PEERS = {
    "METIS": Peer("pymetis", metis, 10, False),
    "KaHIP strong": Peer("kahip", kahip, 1, False),
    "GerryChain": Peer("gerrychain", gerrychain, 1, True),
}


def absent() -> list[str]:
    """Packages of peers that are not installed, area-splitter and OR-Tools among them."""
    wanted = [peer.package for peer in PEERS.values()] + ["area_splitter", "ortools"]
    return [name for name in wanted if importlib.util.find_spec(name) is None]
