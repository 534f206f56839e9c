"""Before any search: between how many grids an area fits at each level, and what can't be in band at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.partition.carve import carve_dedicated
from spatial.partition.exact import sums_fit
from spatial.partition.feasible import (
    Room,
    deviation,
    lump_room,
    nearest_count,
    nested_span,
    room,
    subset_band,
    wanted_count,
)
from spatial.partition.graph import Bools, CellGraph, Ints
from spatial.partition.groups import spread_groups
from spatial.partition.prove import ReasonCode
from spatial.partition.region import Piece, Region, region_of, whole_net
from spatial.partition.stacks import lump_sizes
from spatial.policy import Band, Division, Policy

NO_GROUP = -1


@dataclass(frozen=True)
class Obstacle:
    """Ground of which some grid must be out of band, however it is divided.

    Parameters
    ----------
    code
        As the grid's reason will be: ``no_k`` (the whole parent fits no number of grids), ``part`` (so does a
        part of it among oversize cells), ``lumps`` (its indivisible cells can't be put together), ``lump``
        (one cell above the maximum).
    cells
        Its cells with households, ascending positions; none where the bands of the levels contradict each
        other for this number of households.
    households
        Their sum.
    grids, deviation
        The number of grids that errs least, and by how much their mean lies outside the band, relative to the
        bound it breaks; 0 where only single cells err.
    group
        Code of the villagers' group, -1 where none is given.
    """

    code: ReasonCode
    cells: tuple[int, ...]
    households: int
    grids: int
    deviation: float
    group: int = NO_GROUP


@dataclass(frozen=True)
class LevelOutlook:
    """What one level may look like.

    Parameters
    ----------
    level, band, households
        Level, its band, households to be divided.
    low, high
        No fewer and no more ordinary grids than these; grids of an obstacle are counted in.
    aim
        The number nearest to the policy's target size.
    given
        Villagers' groups are this level as they stand.
    dedicated
        Dedicated grids that come on top.
    obstacles
        What can't be in band, the most households first.
    """

    level: int
    band: Band
    households: int
    low: int
    high: int
    aim: int
    given: bool
    dedicated: int
    obstacles: tuple[Obstacle, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing is known that forbids all grids in band."""
        return not self.obstacles


def outlook(graph: CellGraph, division: Division, policy: Policy) -> list[LevelOutlook]:
    """Say between how many grids an area fits at each level, and what can't be in band.

    Parameters
    ----------
    graph
        The basic grid.
    division, policy
        Say the bands.

    Returns
    -------
    One a level. The numbers are bounds that hold for every division; an obstacle is a proof. Nothing is
    searched, so where nothing is found the search may still end with a grid out of band.
    """
    bands = policy.bands[division]
    dedicated = carve_dedicated(graph)[0]
    free = dedicated < 0
    groups = spread_groups(graph, free) if division == "village" else np.full(graph.n, NO_GROUP)
    carved = len(np.unique(dedicated[~free]))
    levels = [
        _level(graph, free, groups, number, band, carved if number == 1 else 0)
        for number, band in enumerate(bands, start=1)
    ]
    if groups.max(initial=NO_GROUP) >= 0:
        return levels
    return _nested(levels, [lump_sizes(graph, np.flatnonzero(free), band) for band in bands])


def _level(graph: CellGraph, free: Bools, groups: Ints, number: int, band: Band, carved: int) -> LevelOutlook:
    """Look at one level by itself, over the ground of each parent that is known beforehand."""
    households = int(graph.households[free].sum())
    if number == 1 and groups.max(initial=NO_GROUP) >= 0:
        given = len(np.unique(groups[groups >= 0]))
        return LevelOutlook(number, band, households, given, given, given, True, carved, ())
    net, place = whole_net(graph), np.full(graph.n, -1, np.int64)
    low = high = aim = 0
    obstacles: list[Obstacle] = []
    for group in np.unique(groups[free]).tolist():
        cells = np.flatnonzero(free & (groups == group))
        found = _ground(graph, region_of(graph, net, place, cells, band, apart=False), band, group)
        obstacles += found.obstacles
        low, high, aim = low + found.room.low, high + found.room.high, aim + found.aim
    ordered = sorted(obstacles, key=lambda o: (-o.households, o.cells))
    return LevelOutlook(number, band, households, low, high, aim, False, carved, tuple(ordered))


@dataclass(frozen=True)
class _Ground:
    """What the ground of one parent fits: numbers of grids, the number aimed at, and what fits none."""

    room: Room
    aim: int
    obstacles: list[Obstacle]


def _ground(graph: CellGraph, region: Region, band: Band, group: int) -> _Ground:
    """Sum up the pieces and oversize cells of one parent's ground."""
    lived = [piece for piece in region.pieces if piece.households]
    alone = len(lived) == 1 and not region.lumps
    obstacles = [_obstacle(graph, region, nodes[:1], "lump", 1, band, group) for nodes in region.lumps]
    low = high = aim = len(obstacles)
    for piece in lived:
        code = _misfit(piece, band, alone=alone)
        if code:
            k = nearest_count(piece.households, band)
            obstacles.append(_obstacle(graph, region, piece.nodes, code, k, band, group))
            low, high, aim = low + k, high + k, aim + k
        else:
            fitting = _room(piece, band)
            low, high = low + fitting.low, high + fitting.high
            aim += wanted_count(piece.households, band, fitting)
    return _Ground(Room(low, high), aim, obstacles)


def _misfit(piece: Piece, band: Band, *, alone: bool) -> ReasonCode | None:
    """Say why a piece fits no number of grids, if it does not."""
    simple = room(piece.households, band)
    if not simple.fits or simple.high < 1:
        return "no_k" if alone else "part"
    if band.minimum is None or band.maximum is None:
        return None
    if not _room(piece, band).fits:
        return "lumps"
    lumps = piece.net.households.tolist()
    return "lumps" if sums_fit(lumps, band.minimum, band.maximum) is False else None


def _room(piece: Piece, band: Band) -> Room:
    """Numbers of grids that a piece fits, by what sums its cells can have."""
    lumps = piece.net.households.tolist()
    narrow = subset_band(lumps, band)
    if narrow is None:
        return Room(1, 0)
    found = lump_room(lumps, narrow)
    return Room(max(found.low, 1), found.high)


def _obstacle(
    graph: CellGraph, region: Region, nodes: Ints, code: ReasonCode, k: int, band: Band, group: int
) -> Obstacle:
    """Name the peopled cells of some nodes that fit no number of grids; k errs least."""
    cells = region.cells[np.isin(region.node_of, nodes)]
    lived = cells[graph.households[cells] > 0]
    households = int(graph.households[lived].sum())
    return Obstacle(
        code, tuple(lived.tolist()), households, k, round(deviation(households, k, band), 4), group
    )


def _nested(levels: Sequence[LevelOutlook], lumps: Sequence[Sequence[int]]) -> list[LevelOutlook]:
    """Narrow each level's numbers to those that some numbers of the others go with.

    A level that has obstacles, or no band, binds nothing: what its grids hold is not known.
    """
    bands = [
        (subset_band(own, one.band) if one.fits else None) or replace(one.band, minimum=None, maximum=None)
        for one, own in zip(levels, lumps, strict=True)
    ]
    rooms = [Room(one.low, one.high) for one in levels]
    households = levels[0].households
    for number in range(1, len(levels)):
        if households and not _goes(households, rooms[: number + 1], bands[: number + 1], ()):
            at = levels[number]
            clash = Obstacle("no_k", (), households, at.aim, 0.0)
            return [*levels[:number], replace(at, obstacles=(*at.obstacles, clash)), *levels[number + 1 :]]
    ends = [_ends(households, rooms, bands, number) for number in range(len(levels))]
    return [
        replace(one, low=end.low, high=end.high, aim=min(max(one.aim, end.low), end.high))
        for one, end in zip(levels, ends, strict=True)
    ]


def _ends(households: int, rooms: Sequence[Room], bands: Sequence[Band], level: int) -> Room:
    """Least and greatest number of a level that goes with some numbers of all the others."""
    low, high = rooms[level]

    def able(k: int) -> bool:
        tried = [*rooms[:level], Room(k, k), *rooms[level + 1 :]]
        return _goes(households, tried, bands, ())

    least = next((k for k in range(low, high + 1) if able(k)), low)
    return Room(least, next((k for k in range(high, least, -1) if able(k)), least))


def _goes(households: int, rooms: Sequence[Room], bands: Sequence[Band], above: tuple[int, ...]) -> bool:
    """Whether some numbers of grids, each in its room and no fewer than above, hold the households."""
    if len(above) == len(rooms):
        return True
    low, high = rooms[len(above)]
    for k in range(max(low, above[-1] if above else 0), high + 1):
        least, most = nested_span((*above, k), bands[: len(above) + 1])
        if least > households and math.isfinite(least):
            return False
        if least <= households <= most and _goes(households, rooms, bands, (*above, k)):
            return True
    return False
