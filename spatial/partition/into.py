"""One grid divided into the number of grids that a planner asks for, alike in households, along features."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spatial.errors import Infeasible
from spatial.partition.level import divide_whole
from spatial.partition.region import in_one_piece
from spatial.partition.search import FAST, thorough
from spatial.partition.stacks import stacks
from spatial.partition.weigh import Leanings, level_nets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.partition.graph import CellGraph, Ints
    from spatial.policy import Band, Weights

FEW = 200
"""Grids of up to so many nodes are searched thoroughly: it takes a moment."""
PLAY = 0.15
"""How far grids may stray from equal shares where no number in band can be had."""


def divide_into(
    graph: CellGraph, cells: Ints, n: int, level: int, bands: Sequence[Band], weights: Weights
) -> Ints:
    """Divide some cells into exactly ``n`` grids.

    Each is connected as far as the cells are; in band where the households allow it, else near an equal
    share. Floor runs of a stairwell that fits in one grid stay together unless there would be too few of
    them.

    Parameters
    ----------
    graph
        The basic grid.
    cells
        (m,) the cells, ascending.
    n
        Number of grids, 2 at least.
    level
        Their level: 1, 2, ...
    bands, weights
        Bands of the levels, and what is weighed.

    Returns
    -------
    (m,) labels 0 .. n - 1; the same input gives the same labels.

    Raises
    ------
    Infeasible
        ``too_few_cells``: what is not split is less than ``n``.
    """
    band = _fitting(bands[level - 1], int(graph.households[cells].sum()), n)
    node_of = stacks(graph.face[cells], graph.households[cells], band)
    if int(node_of.max(initial=-1)) + 1 < n:
        node_of = np.arange(len(cells))
    nodes = int(node_of.max(initial=-1)) + 1
    if nodes < n:
        raise _too_few(nodes, n)
    net = level_nets(graph, bands, weights, Leanings())[level - 1]
    scale_m = float(np.sqrt(graph.area_m2[cells].sum() / n))
    local = in_one_piece(graph, net, cells, node_of, scale_m)
    below = bands[level] if level < len(bands) else None
    effort = thorough(FAST) if nodes <= FEW else FAST
    label = divide_whole(local, n, (band, below), seed=0, effort=effort)[node_of]
    made = len(np.unique(label))
    if made < n:
        raise _too_few(made, n)
    return label


def _fitting(band: Band, households: int, n: int) -> Band:
    """The level's band aimed at an equal share, or a band around that share where the level's can't hold."""
    share = households / n
    low, high = band.minimum, band.maximum
    if low is not None and high is not None and low * n <= households <= high * n:
        return replace(band, target=max(round(share), 1))
    return replace(
        band, minimum=max(int(share * (1 - PLAY)), 1), maximum=max(int(share * (1 + PLAY)) + 1, 2),
        target=max(round(share), 1),
    )  # fmt: skip


def _too_few(nodes: int, n: int) -> Infeasible:
    return Infeasible(
        "too_few_cells",
        zh=f"这个网格只有 {nodes} 个不可再分的单元，分不成 {n} 个网格；请改少一些，或先切开地块。",
        en=f"The grid has {nodes} cells that can't be divided, not enough for {n} grids: ask for fewer.",
        data={"found": nodes, "n": n},
    )
