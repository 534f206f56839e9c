"""One level of a plan: every parent's region gets its number of grids, is divided and refined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from spatial.partition.feasible import Room, spread, wanted_count
from spatial.partition.graph import CellGraph, Ints
from spatial.partition.kernels import Net
from spatial.partition.region import Piece, Region, region_of, whole_piece
from spatial.partition.search import FAST, Effort, hasty, solve, thorough
from spatial.policy import Band

FEW = 60
"""Basic grids of up to so many cells are searched thoroughly: it costs next to nothing."""
DECISIVE = 0.3
"""Share of the households in cells above half the next maximum from which the cells decide the numbers."""


def never(_done: int, _count: int) -> bool:
    """No limit: a step that tells nobody."""
    return False


def divide_level(
    graph: CellGraph,
    net: Net,
    parents: Ints,
    bands: tuple[Band, Band | None],
    *,
    seed: int,
    total: int | None = None,
    below: int | None = None,
    effort: Effort = FAST,
    ground: Ints | None = None,
    step: Callable[[int, int], bool] = never,
) -> Ints:
    """Divide every parent into the grids of one level.

    Parameters
    ----------
    graph, net
        The basic grid and its net.
    parents
        (n,) label of each cell's parent, -1 for cells that are not divided further.
    bands
        Bands of this level and of the next one (None at the last).
    seed
        Chance; each piece draws from its own stream.
    total
        Number of grids that all parents together must get, or None.
    below
        Number asked for at the next level, or None.
    effort
        How hard to search.
    ground
        See ``region_of``; None where nothing is held.
    step
        Called with (parents done, parents); says whether a limit has passed, and the rest is done in haste.

    Returns
    -------
    (n,) labels 0, 1, ... numbered parent by parent; -1 where ``parents`` is. Where ``total`` can't be met
    with all grids in band there are fewer or more.
    """
    place = np.full(graph.n, -1, np.int64)
    owners = np.unique(parents[parents >= 0])
    last = bands[1] is None
    regions = [
        region_of(graph, net, place, np.flatnonzero(parents == p), bands[0], apart=last, ground=ground)
        for p in owners
    ]
    counts = _counts(regions, bands[0], total)
    effort = _looking_ahead(regions, bands[1], below, thorough(effort) if graph.n <= FEW else effort)
    jobs: list[list[_Job]] = []
    for done, (region, ks) in enumerate(zip(regions, counts, strict=True)):
        late = partial(step, done, len(regions))
        effort = hasty(effort) if late() else effort
        own = _jobs(region, ks, bands, seed, effort, late)
        if region.towers and any(job.missed for job in own):
            mixed = region_of(graph, net, place, region.cells, bands[0], apart=False, ground=ground)
            other = _jobs(mixed, _counts([mixed], bands[0], None)[0], bands, seed, effort, late)
            if sum(job.missed for job in other) < sum(job.missed for job in own):
                regions[done], own = mixed, other
        jobs.append(own)
    if total is not None:
        flat = [job for one in jobs for job in one]
        _walk(flat, total - sum(len(region.lumps) for region in regions), bands, effort, late)
        rest = iter(flat)
        jobs = [[next(rest) for _ in one] for one in jobs]
    return _numbered(graph.n, regions, jobs)


def spans(graph: CellGraph, net: Net, parents: Ints, band: Band) -> dict[int, Room]:
    """Say between how many grids each parent fits, by its households and what is not split."""
    place = np.full(graph.n, -1, np.int64)
    found = {}
    for p in np.unique(parents[parents >= 0]):
        region = region_of(graph, net, place, np.flatnonzero(parents == p), band)
        rooms = _rooms(region.pieces, band)
        lumps = len(region.lumps)
        found[int(p)] = Room(lumps + sum(r.low for r in rooms), lumps + sum(r.high for r in rooms))
    return found


def divide_whole(
    net: Net, k: int, bands: tuple[Band, Band | None], *, seed: int, effort: Effort = FAST
) -> Ints:
    """Divide a connected net into k grids; parameters as in ``divide_level``."""
    return solve(whole_piece(net, bands[0]), k, bands, seed=seed, fixed=True, effort=effort)


@dataclass(frozen=True)
class _Job:
    """A piece, the number of grids it gets, and its division; ``missed`` grids are out of band."""

    piece: Piece
    k: int
    seed: int
    label: Ints
    missed: int


def _jobs(
    region: Region, counts: Sequence[int], bands: tuple[Band, Band | None], seed: int, effort: Effort,
    late: Callable[[], bool],
) -> list[_Job]:  # fmt: skip
    """Divide the pieces of a region."""
    first = int(region.cells[0]) * 1_000_003 + seed * 7_919
    return [
        _job(piece, k, bands, first + int(piece.nodes[0]), fixed=False, effort=effort, late=late)
        for piece, k in zip(region.pieces, counts, strict=True)
    ]


def _looking_ahead(
    regions: Sequence[Region], after: Band | None, below: int | None, effort: Effort
) -> Effort:
    """Tell the search how large the grids of the next level will be, where single cells don't decide that."""
    if not below or after is None or after.maximum is None:
        return effort
    pieces = [piece for region in regions for piece in region.pieces]
    households = sum(piece.households for piece in pieces)
    bulky = sum(int(piece.net.households[2 * piece.net.households > after.maximum].sum()) for piece in pieces)
    if not households or bulky > DECISIVE * households:
        return effort
    return replace(effort, child_mean=households / below)


def _job(
    piece: Piece, k: int, bands: tuple[Band, Band | None], seed: int, *, fixed: bool, effort: Effort,
    late: Callable[[], bool],
) -> _Job:  # fmt: skip
    """Divide a piece and count what is out of band."""
    label = solve(piece, k, bands, seed=seed, fixed=fixed, effort=effort, late=late)
    households = np.bincount(label, piece.net.households)
    missed = sum(not bands[0].holds(int(h)) for h in households)
    return _Job(piece, len(households), seed, label, missed)


def _walk(
    jobs: list[_Job], total: int, bands: tuple[Band, Band | None], effort: Effort, late: Callable[[], bool]
) -> None:
    """Give pieces one grid more (or fewer), the most willing first, until there are so many as asked for.

    A piece that would leave its band keeps its number; ``jobs`` is changed in place.
    """
    once = replace(effort, restarts=2)
    failed: set[tuple[int, int]] = set()
    left = total - sum(job.k for job in jobs)
    while left:
        step = 1 if left > 0 else -1
        able = [
            i
            for i, job in enumerate(jobs)
            if max(job.piece.room.low, 1) <= job.k + step <= job.piece.room.high
            and (i, job.k + step) not in failed
        ]
        if not able:
            return
        i = min(able, key=lambda i: (_tension(jobs[i], step), i))
        job = _job(jobs[i].piece, jobs[i].k + step, bands, jobs[i].seed, fixed=True, effort=once, late=late)
        if job.missed > jobs[i].missed or job.k != jobs[i].k + step:
            failed.add((i, jobs[i].k + step))
            continue
        jobs[i] = job
        left -= step


def _tension(job: _Job, step: int) -> float:
    """Say how far a grid more (or fewer) takes a piece from its natural number; 1 is the end of its room."""
    piece = job.piece
    reach = piece.room.high - piece.natural if step > 0 else piece.natural - piece.room.low
    return step * (job.k + step - piece.natural) / max(reach, 0.5)


def _numbered(n: int, regions: Sequence[Region], jobs: Sequence[Sequence[_Job]]) -> Ints:
    """Number the grids of all regions one after the other; give the labels per cell."""
    labels = np.full(n, -1, np.int64)
    made = 0
    for region, own in zip(regions, jobs, strict=True):
        node_label = np.full(int(region.node_of.max()) + 1, -1, np.int64)
        for job in own:
            node_label[job.piece.nodes] = made + job.label
            made += int(job.label.max()) + 1
        for nodes in region.lumps:
            node_label[nodes] = made
            made += 1
        labels[region.cells] = node_label[region.node_of]
    return labels


def _rooms(pieces: Sequence[Piece], band: Band) -> list[Room]:
    """Numbers of grids that each piece may get; the nearest count where none fits."""
    wanted = [wanted_count(piece.households, band, piece.room) for piece in pieces]
    return [
        Room(max(p.room.low, 1), p.room.high) if p.room.fits and p.room.high else Room(k, k)
        for p, k in zip(pieces, wanted, strict=True)
    ]


def _counts(regions: Sequence[Region], band: Band, total: int | None) -> list[list[int]]:
    """Choose the number of grids of every piece: nearest the target size, or with a total, near it."""
    if total is None:
        return [[wanted_count(p.households, band, p.room) for p in region.pieces] for region in regions]
    pieces = [piece for region in regions for piece in region.pieces]
    rooms = _rooms(pieces, band)
    low, high = sum(r.low for r in rooms), sum(r.high for r in rooms)
    left = total - sum(len(region.lumps) for region in regions)
    shares = spread(min(max(left, low), high), rooms, [p.natural for p in pieces]) or [r.low for r in rooms]
    rest = iter(shares)
    return [[next(rest) for _ in region.pieces] for region in regions]
