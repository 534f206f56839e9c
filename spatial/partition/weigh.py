"""What is weighed once the bands hold, as the price of a metre of border at each level.

A border along a feature is cheap; so is one that the edition in force has there. A border inside a zone, an
estate or a habit area that would fit in one grid is dear, and so is one through a grid in force. Load is
weighed by the grid: the further from the mean of its parent, the dearer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.partition.graph import Bools, CellGraph, Floats, Ints
from spatial.partition.kernels import Net
from spatial.partition.region import OVERRUN, whole_net
from spatial.policy import Band, Weights

ZONE_INSIDE = 1.0
"""What a metre through a functional zone costs more, beside 1 for a metre that follows no feature."""
AFFINITY_INSIDE = 1.5
"""The same through an estate or habit area."""
KEPT_INSIDE = 0.6
"""The same through a grid in force."""
KEPT_BORDER = 0.6
"""What a metre on a border in force costs less."""
UNEVEN = 4.0
"""What a grid of twice the mean load costs, in sides of a typical grid."""
LEAST = 0.05
"""No metre costs less."""
LEAST_SHAPE = 0.05
"""The weight of the shape divides all prices; no less than this."""


@dataclass(frozen=True)
class Leanings:
    """What weighs in one basic grid beside what its graph says.

    Parameters
    ----------
    before
        For each level (n,) number of the grid in force that holds each cell, -1 for none; empty without an
        edition in force.
    load
        (n,) what each cell weighs on who holds its grid: people, frail residents, past cases; None where
        nothing but households counts.
    """

    before: tuple[Ints, ...] = ()
    load: Floats | None = None


def level_nets(
    graph: CellGraph, bands: Sequence[Band], weights: Weights, leanings: Leanings
) -> tuple[Net, ...]:
    """Make the net of each level, its borders priced by what is weighed.

    Parameters
    ----------
    graph
        The basic grids, side by side.
    bands
        Bands of the levels: only an area that fits in one grid of a level is asked to stay whole there.
    weights
        How much each aim weighs.
    leanings
        What weighs beside.
    """
    plain = whole_net(graph)
    if leanings.load is not None:
        plain = plain._replace(load=leanings.load, even=weights.load * UNEVEN)
    return tuple(
        _priced(plain, graph, band, weights, leanings.before[level] if leanings.before else None)
        for level, band in enumerate(bands)
    )


def _priced(plain: Net, graph: CellGraph, band: Band, weights: Weights, before: Ints | None) -> Net:
    """Price the borders of one level."""
    dearer = weights.zones * ZONE_INSIDE * _inside(plain, graph, graph.zone, band)
    dearer = dearer + weights.affinity * AFFINITY_INSIDE * _inside(plain, graph, graph.affinity, band)
    followed = plain.barrier
    pull = min(weights.features, 1.0) * followed
    dearer = dearer + max(weights.features - 1.0, 0.0) * (1.0 - followed)
    if before is not None:
        known = (before[plain.a] >= 0) & (before[plain.b] >= 0)
        same = before[plain.a] == before[plain.b]
        dearer = dearer + weights.keep * KEPT_INSIDE * (known & same)
        pull = pull + weights.keep * KEPT_BORDER * (known & ~same)
    metre = np.maximum(1.0 + OVERRUN - pull, LEAST) + dearer
    return plain._replace(
        cost=plain.length_m * metre / max(weights.shape, LEAST_SHAPE),
        barrier=np.minimum(pull, 1.0) - dearer,
    )


def _inside(net: Net, graph: CellGraph, area: Ints, band: Band) -> Floats:
    """Say of each link whether it lies inside an area that fits in one grid."""
    named = area >= 0
    held = np.bincount(area[named], graph.households[named], int(area.max(initial=-1)) + 1)
    whole: Bools = (held > 0) & (held <= (np.inf if band.maximum is None else band.maximum))
    fits = np.append(whole, False)[area]
    within: Bools = (area[net.a] == area[net.b]) & fits[net.a]
    return within.astype(np.float64)


def on_nodes(leanings: Leanings, node_of: Ints) -> Leanings:
    """Give the leanings of nodes of one or several cells: a node is in the grid of its first cell.

    Loads are summed.
    """
    first = np.unique(node_of, return_index=True)[1]
    load = None if leanings.load is None else np.bincount(node_of, leanings.load).astype(np.float64)
    return replace(leanings, before=tuple(one[first] for one in leanings.before), load=load)


def beside(leanings: Sequence[Leanings], sizes: Sequence[int], levels: int) -> Leanings:
    """Put the leanings of several basic grids side by side; numbers of grids in force stay apart."""
    load = None
    if any(one.load is not None for one in leanings):
        load = np.concatenate([
            np.zeros(size) if one.load is None else one.load
            for one, size in zip(leanings, sizes, strict=True)
        ])  # fmt: skip
    if not any(one.before for one in leanings):
        return Leanings(load=load)
    columns = []
    for level in range(levels):
        made, column = 0, []
        for one, size in zip(leanings, sizes, strict=True):
            own = one.before[level] if one.before else np.full(size, -1, np.int64)
            column.append(np.where(own >= 0, own + made, -1))
            made += int(own.max(initial=-1)) + 1
        columns.append(np.concatenate(column))
    return Leanings(before=tuple(columns), load=load)
