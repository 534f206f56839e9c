"""Propose the nested grids of a basic grid: the procedure, stage by stage.

1. carve out the dedicated grids;
2. level by level: feasibility, number of grids, divide, refine (``level``); in a village the villagers'
   groups are level 1 (``groups``);
3. a grid out of band is proven to be unavoidable (``prove``), or the border of its parent is moved
   (``repair``) and the parent searched again, harder.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from spatial.errors import Cancelled, Infeasible
from spatial.partition.carve import Note, carve_dedicated
from spatial.partition.graph import Bools, CellGraph, Ints, by_first
from spatial.partition.groups import spread_groups
from spatial.partition.kernels import Net
from spatial.partition.level import FAST, Effort, divide_level
from spatial.partition.prove import Reason, reasons_for
from spatial.partition.region import whole_net
from spatial.partition.repair import UNPROVEN, Rungs, misses, repair
from spatial.partition.score import part_counts
from spatial.policy import Band, Division, Kind, Policy

__all__ = ["Note", "Proposal", "ProposedGrid", "carve_dedicated", "propose"]

Progress = Callable[[str, str, int, int], None]

ATTEMPTS = 4
"""How often all levels are divided where numbers are asked for and a grid is left out of band."""
WHOLE, CUT = 3, 0.5
"""So many times stairwells that fit stay whole; then those above half the maximum may be cut."""
HARD = Effort(trees=20, retrees=8, starts=2, mends=200, restarts=6, noise=1.0)
"""How hard a parent is searched again that was left with a grid out of band and no proof."""


@dataclass(frozen=True)
class ProposedGrid:
    """One grid of a proposal.

    Parameters
    ----------
    level, label
        Where its cells stand in ``Proposal.levels``: ``levels[level - 1] == label``.
    parent_label
        Label of its parent one level up, None at level 1.
    kind
        ``ordinary`` or ``dedicated``.
    households, registered
        What the bands count, and all.
    parts
        Connected parts.
    in_band
        Whether the band holds; None for dedicated grids and levels without a band.
    reason
        Why it is out of band, proven; None if it is in band, or if nothing proves it (a fault).
    area
        Code of the dedicated area (``CellGraph.dedicated``) or villagers' group (``CellGraph.group``) that
        the grid is made from, or None.
    """

    level: int
    label: int
    parent_label: int | None
    kind: Kind
    households: int
    registered: int
    parts: int
    in_band: bool | None
    reason: Reason | None
    area: int | None = None


@dataclass(frozen=True)
class Proposal:
    """Nested grids proposed for one basic grid.

    Parameters
    ----------
    levels
        For each level (n,) labels per cell; -1 only where the branch ends above (dedicated grids have no
        children).
    grids
        Every grid, by level and label.
    bands
        The band of each level.
    notes
        What a planner should know.
    """

    levels: list[Ints]
    grids: list[ProposedGrid]
    bands: tuple[Band, ...]
    notes: list[Note]


def propose(
    graph: CellGraph,
    division: Division,
    policy: Policy,
    *,
    seed: int = 0,
    targets: tuple[int, ...] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Proposal:
    """Propose the nested grids of one basic grid.

    The same graph, policy, seed and targets give the same labels.

    Parameters
    ----------
    graph
        The basic grid.
    division, policy
        Say the levels and their bands.
    seed
        Chance.
    targets
        Number of grids at each level, dedicated ones included at level 1; else the number nearest the
        policy's target size.
    progress
        Called with stage (Chinese, English), done, total.
    cancelled
        Asked between parents.

    Raises
    ------
    Infeasible
        ``nothing_to_divide``: no household in the basic grid. ``targets``: can't be met.
    Cancelled
        ``cancelled`` said so.
    """
    bands = policy.bands[division]
    net = whole_net(graph)
    dedicated, notes = carve_dedicated(graph)
    free = dedicated < 0
    if not int(graph.households[free].sum()):
        raise Infeasible(
            "nothing_to_divide",
            zh="该基础网格内没有住户，无法划分。请先导入户数。",
            en="This basic grid holds no household: nothing to divide. Import its households first.",
        )
    wanted = _ordinary_targets(targets, dedicated, len(bands))
    groups = spread_groups(graph, free) if division == "village" else np.full(graph.n, -1, np.int64)
    plan = _Plan(graph, net, np.where(free, 0, -1), groups, bands, wanted)
    levels = _best_levels(plan, seed, progress, cancelled)
    notes += _group_notes(graph, groups)
    return _finish(graph, levels, bands, dedicated, groups, notes)


@dataclass(frozen=True)
class _Plan:
    """What is to be divided: ordinary ground (``above`` 0, else -1), groups, bands, numbers asked for."""

    graph: CellGraph
    net: Net
    above: Ints
    groups: Ints
    bands: tuple[Band, ...]
    wanted: list[int | None]


def _best_levels(
    plan: _Plan, seed: int, progress: Progress | None, cancelled: Callable[[], bool] | None
) -> list[Ints]:
    """Divide all levels; where numbers are asked for, again by other chances until all are in band.

    Stairwells that fit a grid are cut between floors only where the numbers can't be met otherwise.
    """
    asked = plan.wanted != [None] * len(plan.bands)
    best: list[Ints] | None = None
    least = math.inf
    refusal: Infeasible | None = None
    for attempt in range(ATTEMPTS if asked else 1):
        effort = replace(FAST, crowd=FAST.crowd * 1.5**attempt, whole=1.0 if attempt < WHOLE else CUT)
        try:
            levels = _levels(plan, seed + attempt * 7_777, effort, progress, cancelled)
        except Infeasible as error:
            refusal = refusal or error
            continue
        above, weight = plan.above, 0
        for labels, band in zip(levels, plan.bands, strict=True):
            weight += sum(misses(plan.graph, labels, above, band).values())
            above = labels
        if weight < least:
            best, least = levels, weight
        if not weight:
            break
    if best is None and refusal is not None:
        raise refusal
    return best or []


def _levels(
    plan: _Plan, seed: int, effort: Effort, progress: Progress | None, cancelled: Callable[[], bool] | None
) -> list[Ints]:
    """Divide level by level, each repaired across the borders of its parents."""
    graph, net, bands, wanted = plan.graph, plan.net, plan.bands, plan.wanted
    given = bool(plan.groups.max() >= 0)
    levels: list[Ints] = []
    for number, band in enumerate(bands, start=1):
        step = _step(number, progress, cancelled)
        step(0, 1)
        if number == 1 and given:
            levels.append(by_first(plan.groups))
            _check_groups(int(levels[0].max()) + 1, wanted[0])
            continue
        here = (band, bands[number] if number < len(bands) else None)
        parents = levels[-1] if levels else plan.above
        chance, total = seed * 100 + number, wanted[number - 1]
        below = wanted[number] if number < len(bands) else None
        labels = _divide(graph, net, parents, here, chance, total, step, effort, below)
        if number > 1 and not (number == 2 and given):
            grand = levels[-2] if number > 2 else plan.above
            rungs = Rungs(bands[number - 2], band, here[1])
            levels[-1], labels = repair(
                graph, net, grand, parents, labels, rungs, seed=chance, fixed=total is not None
            )
            parents = levels[-1]
        labels = _search_again(graph, net, parents, labels, here, chance, total is not None, step)
        levels.append(by_first(labels))
    return levels


def _group_notes(graph: CellGraph, groups: Ints) -> list[Note]:
    """Name the villagers' groups that make no grid because no counted household lives there."""
    if groups.max() < 0:
        return []
    lost = np.setdiff1d(graph.group[graph.group >= 0], groups)
    return [
        Note(
            "group_without_households",
            zh="村民小组没有计入的住户，并入相邻小组。",
            en="A villagers' group without counted households was joined to its neighbours.",
            data={"group": int(code)},
        )
        for code in lost
    ]


def _ordinary_targets(targets: tuple[int, ...] | None, dedicated: Ints, levels: int) -> list[int | None]:
    """Turn the targets into numbers of ordinary grids."""
    if targets is None:
        return [None] * levels
    if len(targets) != levels:
        raise Infeasible(
            "targets",
            zh=f"应给出{levels}级的网格数，实际给出{len(targets)}级。",
            en=f"Give a number of grids for each of the {levels} levels; {len(targets)} were given.",
            data={"levels": levels, "given": len(targets)},
        )
    carved = len(np.unique(dedicated[dedicated >= 0]))
    return [targets[0] - carved, *targets[1:]]


def _check_groups(groups: int, wanted: int | None) -> None:
    if wanted is not None and wanted != groups:
        raise Infeasible(
            "targets",
            zh=f"第1级要求{wanted}个网格，但已给出{groups}个村民小组。",
            en=f"{wanted} grids were asked for at level 1, but {groups} villagers' groups are given.",
            data={"level": 1, "total": wanted, "low": groups, "high": groups},
        )


def _step(
    number: int, progress: Progress | None, cancelled: Callable[[], bool] | None
) -> Callable[[int, int], None]:
    """Report progress of a level and stop if asked to."""

    def step(done: int, total: int) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled("cancelled", zh="已取消，未保留任何结果。", en="Cancelled; nothing was kept.")
        if progress is not None:
            progress(f"划分第{number}级", f"dividing level {number}", done, total)

    return step


def _divide(
    graph: CellGraph,
    net: Net,
    parents: Ints,
    bands: tuple[Band, Band | None],
    seed: int,
    total: int | None,
    step: Callable[[int, int], None],
    effort: Effort = FAST,
    below: int | None = None,
) -> Ints:
    """Divide a level once."""
    sized = _sized(bands[0]), bands[1]
    return divide_level(
        graph, net, parents, sized, seed=seed, total=total, below=below, effort=effort, step=step
    )


def _search_again(
    graph: CellGraph,
    net: Net,
    parents: Ints,
    labels: Ints,
    bands: tuple[Band, Band | None],
    seed: int,
    fixed: bool,
    step: Callable[[int, int], None],
) -> Ints:
    """Search those parents again, harder, that keep a grid out of band without proof."""
    faults = {
        p: weight for p, weight in misses(graph, labels, parents, bands[0]).items() if weight >= UNPROVEN
    }
    if not faults:
        return labels
    again = np.isin(parents, list(faults))
    kept = len(np.unique(labels[again])) if fixed else None
    fresh = _divide(graph, net, np.where(again, parents, -1), bands, seed + 31, kept, step, HARD)
    merged = np.where(again, fresh + int(labels.max()) + 1, labels)
    left = misses(graph, np.where(again, merged, -1), np.where(again, parents, -1), bands[0])
    return merged if sum(left.values()) < sum(faults.values()) else labels


def _sized(band: Band) -> Band:
    """Give a level without band a band around its target size, to keep its grids alike."""
    if band.minimum is not None and band.maximum is not None:
        return band
    return Band(max(1, band.target // 2), max(2, band.target + band.target // 2), band.target)


def _finish(
    graph: CellGraph,
    levels: list[Ints],
    bands: tuple[Band, ...],
    dedicated: Ints,
    groups: Ints,
    notes: list[Note],
) -> Proposal:
    """Add the dedicated grids to level 1 and describe every grid."""
    free: Bools = dedicated < 0
    grids: list[ProposedGrid] = []
    parents = np.where(free, 0, -1)
    for number, (labels, band) in enumerate(zip(levels, bands, strict=True), start=1):
        reasons = reasons_for(graph, labels, parents, band)
        parents = labels.copy()
        if number == 1:
            labels[~free] = int(labels.max()) + 1 + by_first(dedicated)[~free]
        grids += _describe(graph, labels, number, levels, reasons, band, dedicated, groups)
    return Proposal(levels, grids, bands, notes)


def _describe(
    graph: CellGraph,
    labels: Ints,
    number: int,
    levels: list[Ints],
    reasons: dict[int, Reason | None],
    band: Band,
    dedicated: Ints,
    groups: Ints,
) -> list[ProposedGrid]:
    """Describe the grids of one level."""
    used = labels >= 0
    k = int(labels.max()) + 1
    first = np.full(k, -1, np.int64)
    first[labels[used][::-1]] = np.flatnonzero(used)[::-1]
    households = np.bincount(labels[used], graph.households[used], k).astype(np.int64)
    registered = np.bincount(labels[used], graph.registered[used], k).astype(np.int64)
    parts = part_counts(graph, labels, k)
    grids = []
    for g in range(k):
        cell = first[g]
        carved = int(dedicated[cell])
        kind: Kind = "dedicated" if carved >= 0 else "ordinary"
        banded = kind == "ordinary" and band.minimum is not None
        area = carved if carved >= 0 else int(groups[cell]) if number == 1 else -1
        grids.append(
            ProposedGrid(
                level=number,
                label=g,
                parent_label=None if number == 1 else int(levels[number - 2][cell]),
                kind=kind,
                households=int(households[g]),
                registered=int(registered[g]),
                parts=int(parts[g]),
                in_band=band.holds(int(households[g])) if banded else None,
                reason=reasons.get(g),
                area=area if area >= 0 else None,
            )
        )
    return grids
