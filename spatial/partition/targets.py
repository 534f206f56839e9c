"""Totals asked for a town, shared over its basic grids by households so that every one can meet its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from spatial.errors import Infeasible
from spatial.partition.carve import carve_dedicated
from spatial.partition.feasible import (
    Room,
    lump_room,
    natural_count,
    nearest_count,
    nested_span,
    room,
    spread,
)
from spatial.partition.graph import CellGraph
from spatial.partition.stacks import lump_sizes
from spatial.policy import Band, Division, Policy


def share_targets(
    totals: Sequence[int],
    households_per_area: Sequence[int],
    division: Division,
    policy: Policy,
    dedicated_per_area: Sequence[int],
    groups_per_area: Sequence[int] | None = None,
    lumps_per_area: Sequence[Sequence[Sequence[int]]] | None = None,
) -> list[tuple[int, ...]]:
    """Share totals per level over basic grids of one division.

    Parameters
    ----------
    totals
        Grids wanted at levels 1, 2, ... of all areas together; level 1 counts dedicated grids too.
    households_per_area
        Households that the bands count, per area.
    division, policy
        Say the bands.
    dedicated_per_area
        Dedicated grids per area.
    groups_per_area
        Villagers' groups given per area; they are level 1 as they stand. 0 where none is given.
    lumps_per_area
        Per area and level the households of what is not split (``region.lump_sizes``); without them only the
        arithmetic binds.

    Returns
    -------
    Per area a tuple of the levels' numbers of grids, dedicated ones included at level 1; each level sums to
    its total.

    Raises
    ------
    Infeasible
        No sharing meets a total; code ``targets``, with the numbers between which it could lie.

    Examples
    --------
    >>> from spatial.policy import LINGQUAN
    >>> share_targets((10, 33), (1200, 1650), "community", LINGQUAN, (2, 1))
    [(5, 14), (5, 19)]
    """
    bands = policy.bands[division]
    levels = range(len(totals))
    shares: list[tuple[int, ...]] = [() for _ in households_per_area]
    for level in levels:
        rooms, naturals = [], []
        for i, households in enumerate(households_per_area):
            given = groups_per_area[i] if groups_per_area and level == 0 else 0
            lumps = lumps_per_area[i][level] if lumps_per_area else None
            rooms.append(Room(given, given) if given else _room(households, shares[i], bands, lumps))
            naturals.append(natural_count(lumps or [households], bands[level]))
        wanted = totals[level] - (sum(dedicated_per_area) if level == 0 else 0)
        found = spread(wanted, rooms, naturals)
        if found is None:
            extra = totals[level] - wanted
            raise _unmet(
                level + 1,
                totals[level],
                extra + sum(r.low for r in rooms),
                extra + sum(r.high for r in rooms),
            )
        shares = [(*share, k) for share, k in zip(shares, found, strict=True)]
    return [
        (share[0] + dedicated, *share[1:])
        for share, dedicated in zip(shares, dedicated_per_area, strict=True)
    ]


def share_over(
    totals: Sequence[int], graphs: Sequence[CellGraph], division: Division, policy: Policy
) -> list[tuple[int, ...]]:
    """Share totals over basic grids as their cells lie: stairwells, dedicated grids, villagers' groups.

    Parameters and errors as in ``share_targets``.
    """
    bands = policy.bands[division]
    free = [np.flatnonzero(carve_dedicated(graph)[0] < 0) for graph in graphs]
    return share_targets(
        totals,
        [int(graph.households[cells].sum()) for graph, cells in zip(graphs, free, strict=True)],
        division,
        policy,
        [
            len(np.unique(np.delete(graph.dedicated, cells)))
            for graph, cells in zip(graphs, free, strict=True)
        ],
        [_groups(graph, division) for graph in graphs],
        [
            [lump_sizes(graph, cells, band) for band in bands]
            for graph, cells in zip(graphs, free, strict=True)
        ],
    )


def _groups(graph: CellGraph, division: Division) -> int:
    """Villagers' groups with households, which are level 1 as they stand."""
    if division != "village":
        return 0
    free = carve_dedicated(graph)[0] < 0
    return len(np.unique(graph.group[free & (graph.group >= 0) & (graph.households > 0)]))


def _room(
    households: int, above: tuple[int, ...], bands: Sequence[Band], lumps: Sequence[int] | None
) -> Room:
    """Say which numbers of grids the next level of one area may have under those above it."""
    band = bands[len(above)]
    if not households:
        return Room(0, 0)
    simple = lump_room(lumps, band) if lumps else room(households, band)
    if not above:
        return (
            Room(max(1, simple.low), simple.high) if simple.fits and simple.high else _only(households, band)
        )
    loose = [
        _loosened(one) if not _holds(households, above[: i + 1], bands) else one
        for i, one in enumerate(bands)
    ]
    fitting = [
        k
        for k in range(max(above[-1], simple.low), max(simple.high, above[-1]) + 1)
        if _holds(households, (*above, k), loose)
    ]
    if fitting:
        return Room(fitting[0], fitting[-1])
    return (
        Room(max(above[-1], simple.low), simple.high)
        if simple.high >= above[-1]
        else Room(above[-1], above[-1])
    )


def _only(households: int, band: Band) -> Room:
    k = nearest_count(households, band)
    return Room(k, k)


def _holds(households: int, counts: tuple[int, ...], bands: Sequence[Band]) -> bool:
    low, high = nested_span(counts, bands[: len(counts)])
    return low <= households <= high


def _loosened(band: Band) -> Band:
    """A level that is out of band by arithmetic binds nothing below it."""
    return replace(band, minimum=None, maximum=None)


def _unmet(level: int, total: int, low: int, high: int) -> Infeasible:
    return Infeasible(
        "targets",
        zh=f"第{level}级要求{total}个网格，但按户数只能划分{low}至{high}个。请改目标数或户数幅度。",
        en=f"{total} grids were asked for at level {level}, but the households fit {low} to {high}. "
        "Change the target or the band.",
        data={"level": level, "total": total, "low": low, "high": high},
    )
