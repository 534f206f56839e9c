"""One level of a plan: every parent's region gets its number of grids, is divided and refined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.errors import Infeasible
from spatial.partition.divide import divide
from spatial.partition.exact import groups_fit
from spatial.partition.feasible import Room, spread, wanted_count
from spatial.partition.graph import CellGraph, Ints
from spatial.partition.kernels import OUT_OF_BAND, Net, Rule, Words, total_price
from spatial.partition.refine import mend, polish, recombine
from spatial.partition.region import Piece, Region, region_of
from spatial.policy import Band

SMALL = 40
"""Pieces of up to so many nodes are searched exactly where the heuristic leaves a grid out of band."""
NEARBY = 6
"""So many numbers of grids are tried at most where the first leaves one out of band."""
DECISIVE = 0.3
"""Share of the households in cells above half the next maximum from which the cells decide the numbers."""
ROOMY = 0.6
"""Share of the way from the mean child to the end of its band that look-ahead counts on."""


@dataclass(frozen=True)
class Effort:
    """How hard one level is searched; counts moves, never seconds.

    Parameters
    ----------
    trees
        Random trees tried for each first cut.
    retrees
        The same when a window of grids is divided anew.
    starts
        Whole divisions tried per piece.
    sweeps
        Sweeps of recombination.
    passes, heat
        Passes of border moves, and the loss they may take at first.
    mends
        Windows tried around grids out of band.
    restarts
        Divisions from other seeds where mending failed.
    noise, shape, look, crowd
        See ``Rule``.
    child_mean
        Households of a grid of the next level by the number asked for there; 0 where none is.
    whole
        Stairwells of up to this share of the maximum are not cut between floors (always 1 at the last level).
    """

    trees: int = 10
    retrees: int = 5
    starts: int = 2
    sweeps: int = 6
    passes: int = 40
    heat: float = 0.3
    mends: int = 60
    restarts: int = 4
    noise: float = 0.6
    shape: float = 0.35
    look: bool = False
    crowd: float = 8.0
    child_mean: float = 0.0
    whole: float = 1.0


FAST = Effort()


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
    step: Callable[[int, int], None] | None = None,
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
    step
        Called with (parents done, parents).

    Returns
    -------
    (n,) labels 0, 1, ... numbered parent by parent; -1 where ``parents`` is.

    Raises
    ------
    Infeasible
        ``total`` can't be met; code ``targets``.
    """
    place = np.full(graph.n, -1, np.int64)
    owners = np.unique(parents[parents >= 0])
    whole = effort.whole if bands[1] is not None else 1.0
    regions = [region_of(graph, net, place, np.flatnonzero(parents == p), bands[0], whole) for p in owners]
    counts = _counts(regions, bands[0], total)
    effort = _looking_ahead(regions, bands[1], below, effort)
    jobs: list[list[_Job]] = []
    for done, (region, ks) in enumerate(zip(regions, counts, strict=True)):
        if step:
            step(done, len(regions))
        first = int(region.cells[0]) * 1_000_003 + seed * 7_919
        jobs.append(
            [
                _job(piece, k, bands, first + int(piece.nodes[0]), fixed=False, effort=effort)
                for piece, k in zip(region.pieces, ks, strict=True)
            ]
        )
    if total is not None:
        flat = [job for one in jobs for job in one]
        _walk(flat, total - sum(len(region.lumps) for region in regions), bands, effort)
        rest = iter(flat)
        jobs = [[next(rest) for _ in one] for one in jobs]
    labels, made = _numbered(graph.n, regions, jobs)
    if total is not None and made != total:
        raise _unmet(total, made, made)
    return labels


@dataclass(frozen=True)
class _Job:
    """A piece, the number of grids it gets, and its division; ``missed`` grids are out of band."""

    piece: Piece
    k: int
    seed: int
    label: Ints
    missed: int


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
    piece: Piece, k: int, bands: tuple[Band, Band | None], seed: int, *, fixed: bool, effort: Effort
) -> _Job:
    """Divide a piece and count what is out of band."""
    label = solve(piece, k, bands, seed=seed, fixed=fixed, effort=effort)
    households = np.bincount(label, piece.net.households)
    missed = sum(not bands[0].holds(int(h)) for h in households)
    return _Job(piece, len(households), seed, label, missed)


def _walk(jobs: list[_Job], total: int, bands: tuple[Band, Band | None], effort: Effort) -> None:
    """Give pieces one grid more (or fewer), the most willing first, until there are so many as asked for.

    A piece that would leave its band is passed over while others can; ``jobs`` is changed in place.
    """
    once = replace(effort, restarts=2)
    failed: dict[tuple[int, int], _Job] = {}
    left = total - sum(job.k for job in jobs)
    while left:
        step = 1 if left > 0 else -1
        able = [
            i
            for i, job in enumerate(jobs)
            if max(job.piece.room.low, 1) <= job.k + step <= job.piece.room.high
        ]
        if not able:
            return
        fresh = [i for i in able if (i, jobs[i].k + step) not in failed]
        if fresh:
            i = min(fresh, key=lambda i: (_tension(jobs[i], step), i))
            job = _job(jobs[i].piece, jobs[i].k + step, bands, jobs[i].seed, fixed=True, effort=once)
            if job.missed > jobs[i].missed or job.k != jobs[i].k + step:
                failed[i, jobs[i].k + step] = job
                continue
        else:
            i = min(able, key=lambda i: (failed[i, jobs[i].k + step].missed - jobs[i].missed, i))
            job = failed[i, jobs[i].k + step]
            if job.k != jobs[i].k + step:
                return
        jobs[i] = job
        left -= step


def _tension(job: _Job, step: int) -> float:
    """Say how far a grid more (or fewer) takes a piece from its natural number; 1 is the end of its room."""
    piece = job.piece
    reach = piece.room.high - piece.natural if step > 0 else piece.natural - piece.room.low
    return step * (job.k + step - piece.natural) / max(reach, 0.5)


def _numbered(n: int, regions: Sequence[Region], jobs: Sequence[Sequence[_Job]]) -> tuple[Ints, int]:
    """Number the grids of all regions one after the other; give the labels per cell and how many."""
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
    return labels, made


def _counts(regions: Sequence[Region], band: Band, total: int | None) -> list[list[int]]:
    """Choose the number of grids of every piece: nearest the target size, or summing to the total."""
    wanted = [
        [wanted_count(piece.households, band, piece.room) for piece in region.pieces] for region in regions
    ]
    if total is None:
        return wanted
    lumps = sum(len(region.lumps) for region in regions)
    pieces = [piece for region in regions for piece in region.pieces]
    flat = [k for ks in wanted for k in ks]
    rooms = [
        Room(max(p.room.low, 1), p.room.high) if p.room.fits and p.room.high else Room(k, k)
        for p, k in zip(pieces, flat, strict=True)
    ]
    shares = spread(total - lumps, rooms, [p.natural for p in pieces])
    if shares is None:
        raise _unmet(total, lumps + sum(r.low for r in rooms), lumps + sum(r.high for r in rooms))
    rest = iter(shares)
    return [[next(rest) for _ in region.pieces] for region in regions]


def _unmet(total: int, low: int, high: int) -> Infeasible:
    return Infeasible(
        "targets",
        zh=f"要求{total}个网格，但按户数只能划分{low}至{high}个。请改目标数或户数幅度。",
        en=f"{total} grids were asked for, but the households fit {low} to {high}. "
        "Change the target or the band.",
        data={"total": total, "low": low, "high": high},
    )


def solve(
    piece: Piece,
    k: int,
    bands: tuple[Band, Band | None],
    *,
    seed: int,
    fixed: bool = False,
    effort: Effort = FAST,
) -> Ints:
    """Divide one piece into k grids: all in band if the search or, for a small piece, any division can.

    Where k is not fixed and fails, the neighbouring numbers that fit are tried as well.
    """
    if k < 2:
        return np.zeros(len(piece.nodes), np.int64)
    state = np.array([seed & 0xFFFFFFFFFFFFFFFF], np.uint64)
    rule = rule_of(piece, k, bands, effort)
    best = _search(piece.net, k, rule, effort, state)
    price = _price(piece.net, best, rule)
    if price < OUT_OF_BAND or not piece.room.fits:
        return best
    others = sorted(range(max(piece.room.low, 2), piece.room.high + 1), key=lambda j: (abs(j - k), j))[
        1:NEARBY
    ]
    for j in ([] if fixed else others) + [k] * effort.restarts:
        label = _search(piece.net, j, rule_of(piece, j, bands, effort), effort, state)
        if _price(piece.net, label, rule) < price - 1e-9:
            best, price = label, _price(piece.net, label, rule)
        if price < OUT_OF_BAND:
            return best
    exact = _exactly(piece.net, bands[0]) if len(piece.nodes) <= SMALL and not fixed else None
    if exact is None:
        return best
    _refine(piece.net, exact, rule, effort, state)
    return exact


def rule_of(piece: Piece, k: int, bands: tuple[Band, Band | None], effort: Effort) -> Rule:
    """Turn a band into what the kernels ask for."""
    band, after = bands
    big = (
        after is not None
        and after.maximum is not None
        and (effort.look or bool((piece.net.households > after.maximum).any()))
    )
    return Rule(
        band.minimum or 0,
        band.maximum or 0,
        (after.minimum or 0) if big and after else 0,
        (after.maximum or 0) if big and after else 0,
        float(np.sqrt(max(piece.net.area_m2.sum(), 1.0) / k)),
        effort.shape,
        effort.noise,
        effort.look and big,
        *_child_sizes(after, effort.child_mean),
        effort.crowd if effort.child_mean else 0.0,
    )


def _child_sizes(after: Band | None, mean: float) -> tuple[float, float, float]:
    """Least, mean and most households of a child, with some room left towards the ends of its band."""
    if after is None or after.minimum is None or after.maximum is None or not mean:
        return 1.0, 1.0, 1.0
    return (
        mean - ROOMY * max(mean - after.minimum, 0.0),
        mean,
        mean + ROOMY * max(after.maximum - mean, 0.0),
    )


def _search(net: Net, k: int, rule: Rule, effort: Effort, state: Words) -> Ints:
    """Run the heuristic once: divide, then refine."""
    label: Ints = divide(net, k, rule, effort.trees, effort.starts, state)
    _refine(net, label, rule, effort, state)
    return label


def _refine(net: Net, label: Ints, rule: Rule, effort: Effort, state: Words) -> None:
    """Make a division cheaper in place."""
    made = int(label.max()) + 1
    if made < 2:
        return
    recombine(net, label, made, rule, 2, effort.retrees, effort.sweeps, state)
    polish(net, label, made, rule, effort.passes, effort.heat, state)
    if made > 2:
        recombine(net, label, made, rule, 3, effort.retrees, 2, state)
    recombine(net, label, made, rule, 2, effort.retrees, 2, state)
    if rule.maximum > 0:
        mend(net, label, made, rule, effort.mends, effort.retrees, state)
    polish(net, label, made, rule, effort.passes, effort.heat / 3.0, state)


def _price(net: Net, label: Ints, rule: Rule) -> float:
    return float(total_price(net, label, int(label.max()) + 1, rule))


def _exactly(net: Net, band: Band) -> Ints | None:
    """Search a small piece exactly; None where there is no division in band, or none was found in budget."""
    near = [set(net.neighbour[net.ptr[i] : net.ptr[i + 1]].tolist()) for i in range(len(net.households))]
    found = groups_fit(net.households.tolist(), near, band.minimum or 0, band.maximum or 0)
    if not isinstance(found, list):
        return None
    label = np.full(len(near), -1, np.int64)
    for g, group in enumerate(found):
        label[list(group)] = g
    while (label < 0).any():
        loose = [i for i in np.flatnonzero(label < 0) if any(label[j] >= 0 for j in near[i])]
        if not loose:
            return None
        label[loose[0]] = max(label[j] for j in near[loose[0]])
    return label
