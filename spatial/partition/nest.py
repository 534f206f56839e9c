"""All levels of a plan, one inside the other: divided, repaired, brought to the numbers asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.errors import Cancelled, Infeasible
from spatial.partition.across import repair_across
from spatial.partition.clock import Clock
from spatial.partition.graph import CellGraph, Ints, by_first, components
from spatial.partition.kernels import Net
from spatial.partition.level import divide_level, spans
from spatial.partition.repair import UNPROVEN, Nest, Rungs, bargain, misses, repair
from spatial.partition.search import FAST, Effort
from spatial.policy import Band

Progress = Callable[[str, str, int, int], None]

ATTEMPTS = 2
"""How often all levels are divided where numbers are asked for and are not met in band."""
HARD = Effort(trees=20, retrees=8, starts=2, mends=200, restarts=6, noise=1.0)
"""How hard a parent is searched again that was left with a grid out of band and no proof."""


@dataclass(frozen=True)
class Plan:
    """What is to be divided.

    Parameters
    ----------
    graph, nets
        The basic grids side by side, and their net at each level.
    area
        (n,) the basic grid of each cell; -1 for dedicated ground.
    groups
        (n,) villagers' group of each cell: 0, 1, ..., -1 where level 1 has to be proposed.
    bands
        The band of each level.
    wanted
        Number of ordinary grids asked for at each level, or None.
    names
        Names of the basic grids, or nothing.
    held
        For each level (n,) number of the grid that a lock holds, -1 where the level is proposed; empty
        without locks. What a lock holds at one level under a free one, it holds at all finer ones.
    """

    graph: CellGraph
    nets: tuple[Net, ...]
    area: Ints
    groups: Ints
    bands: tuple[Band, ...]
    wanted: list[int | None]
    names: tuple[str, ...]
    held: tuple[Ints, ...] = ()

    def held_at(self, number: int) -> Ints:
        """Number of the grid of a level that each cell is held in by a lock; -1 where it is free."""
        return self.held[number - 1] if self.held else np.full(self.graph.n, -1, np.int64)

    def bands_at(self, number: int) -> tuple[Band, Band | None]:
        """Band of a level and of the next one, None at the last."""
        return self.bands[number - 1], self.bands[number] if number < len(self.bands) else None


def best_levels(
    plan: Plan,
    seed: int,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    effort: Effort = FAST,
    clock: Clock | None = None,
) -> list[Ints]:
    """Divide all levels; where numbers are asked for, again by other chances until they are met in band.

    Returns
    -------
    (n,) labels of each level; -1 on dedicated ground.

    Raises
    ------
    Infeasible
        Numbers asked for are not met; code ``targets``.
    Cancelled
        ``cancelled`` said so.
    """
    clock = clock or Clock()
    asked = plan.wanted != [None] * len(plan.bands)
    best: list[Ints] | None = None
    least = math.inf
    refusal: Infeasible | None = None
    for attempt in range(ATTEMPTS if asked else 1):
        if attempt and clock.over():
            break
        pressed = replace(effort, crowd=effort.crowd * 1.5**attempt)
        try:
            levels = _levels(plan, seed + attempt * 7_777, pressed, progress, cancelled, clock)
        except Infeasible as error:
            refusal = refusal or error
            continue
        if not asked:
            return levels
        weight = sum(_faults(plan, levels))
        if weight < least:
            best, least = levels, weight
        if not weight:
            break
    if best is None and refusal is not None:
        raise refusal
    return best or []


def _faults(plan: Plan, levels: Sequence[Ints]) -> list[int]:
    """Weigh what is out of band at each level."""
    found: list[int] = []
    above = plan.area
    for labels, band in zip(levels, plan.bands, strict=True):
        free = np.where(plan.held_at(len(found) + 1) < 0, above, -1)
        found.append(sum(misses(plan.graph, labels, free, band).values()))
        above = labels
    return found


def _levels(
    plan: Plan, seed: int, effort: Effort, progress: Progress | None,
    cancelled: Callable[[], bool] | None, clock: Clock,
) -> list[Ints]:  # fmt: skip
    """Divide level by level, each repaired across the borders of its parents."""
    levels: list[Ints] = []
    for number in range(1, len(plan.bands) + 1):
        step = _step(number, progress, cancelled, clock)
        step(0, 1)
        chance = seed * 100 + number
        if number == 1:
            levels.append(_first_level(plan, chance, effort, step))
        else:
            levels = _next_level(plan, levels, chance, effort, step)
        wanted = plan.wanted[number - 1]
        if wanted is not None and int(levels[-1].max()) + 1 != wanted:
            raise _unmet(plan, levels)
    return levels


def _first_level(plan: Plan, seed: int, effort: Effort, step: Callable[[int, int], bool]) -> Ints:
    """Take the villagers' groups as they are given and divide the basic grids that have none."""
    held = plan.held_at(1)
    known = with_held(np.where(held < 0, plan.groups, -1), held)
    given = int(known.max()) + 1
    free = np.where(known < 0, plan.area, -1)
    if free.max() < 0:
        return by_first(known)
    total = None if plan.wanted[0] is None else plan.wanted[0] - given
    below = plan.wanted[1] if len(plan.wanted) > 1 and not given else None
    ground = _ground(plan, plan.area)
    labels = _divide(plan, 1, free, seed, total, step, effort, below, ground)
    labels = _search_again(plan, 1, free, labels, seed, ground, fixed=total is not None, step=step)
    return by_first(np.where(labels >= 0, labels + given, known))


def _next_level(
    plan: Plan, levels: list[Ints], seed: int, effort: Effort, step: Callable[[int, int], bool]
) -> list[Ints]:
    """Divide the finest level so far; gives all levels, the borders of those above moved where need be.

    Parents that hold a locked grid, or are locked themselves, keep their borders.
    """
    number = len(levels) + 1
    band, total, held = plan.bands[number - 1], plan.wanted[number - 1], plan.held_at(number)
    parents = np.where(held < 0, levels[-1], -1)
    total = None if total is None else total - len(np.unique(held[held >= 0]))
    if parents.max() < 0:
        return [*levels, by_first(held)]
    below = plan.wanted[number] if number < len(plan.bands) else None
    ground = _ground(plan, levels[-1])
    labels = _divide(plan, number, parents, seed, total, step, effort, below, ground)
    loose = ~np.isin(levels[-1], levels[-1][(held >= 0) | (plan.held_at(number - 1) >= 0)])
    above = levels[-2] if number > 2 else np.where(plan.groups < 0, plan.area, -1)
    grand = np.where(loose, above, -1)
    rungs = Rungs(_sized(plan.bands[number - 2]), _sized(band), plan.bands_at(number)[1])
    nest = Nest(plan.graph, plan.nets[number - 1], grand, parents, labels, rungs, seed, ground)
    nest.ask = lambda: step(0, 1)
    repair(nest, fixed=total is not None)
    nest.labels = _search_again(
        plan, number, nest.parents, nest.labels, seed, ground, fixed=total is not None, step=step
    )
    if total is not None:
        bargain(nest, total)
    if number == 2:
        return [_rejoined(nest.parents, levels[-1], held), with_held(nest.labels, held)]
    within = np.where(plan.groups < 0, plan.area, -1)
    if number == 3 and not plan.held:
        repair_across(nest, plan.bands[0], within, fixed=total is not None)
    grand = np.where(nest.grand >= 0, nest.grand, above)
    return [
        *levels[:-2], by_first(grand), _rejoined(nest.parents, levels[-1], held),
        with_held(nest.labels, held),
    ]  # fmt: skip


def _ground(plan: Plan, parents: Ints) -> Ints | None:
    """Number the connected parts of the parents, what locks hold included; None without locks."""
    if not plan.held:
        return None
    same = parents[plan.graph.a] == parents[plan.graph.b]
    return components(plan.graph.n, plan.graph.a[same], plan.graph.b[same])


def with_held(labels: Ints, held: Ints) -> Ints:
    """Put the grids that locks hold beside the others; numbered by their first cells."""
    return by_first(np.where(held >= 0, held + int(labels.max(initial=-1)) + 1, labels))


def _rejoined(parents: Ints, before: Ints, held: Ints) -> Ints:
    """Put cells held back into their parents, which may be numbered anew but keep their borders."""
    free = held < 0
    now = np.full(int(before.max()) + 1, -1, np.int64)
    now[before[free & (before >= 0)]] = parents[free & (before >= 0)]
    alone = int(parents.max()) + 1 + before
    return by_first(np.where(free, parents, np.where(now[before] >= 0, now[before], alone)))


def _step(
    number: int, progress: Progress | None, cancelled: Callable[[], bool] | None, clock: Clock
) -> Callable[[int, int], bool]:
    """Report progress of a level and stop if asked to; say whether the limit has passed."""

    def step(done: int, total: int) -> bool:
        if cancelled is not None and cancelled():
            raise Cancelled("cancelled", zh="已取消，未保留任何结果。", en="Cancelled; nothing was kept.")
        if progress is not None:
            progress(f"划分第{number}级", f"dividing level {number}", done, total)
        return clock.over()

    return step


def _divide(
    plan: Plan,
    number: int,
    parents: Ints,
    seed: int,
    total: int | None,
    step: Callable[[int, int], bool],
    effort: Effort = FAST,
    below: int | None = None,
    ground: Ints | None = None,
) -> Ints:
    """Divide a level once."""
    band, after = plan.bands_at(number)
    return divide_level(
        plan.graph, plan.nets[number - 1], parents, (_sized(band), after), seed=seed, total=total,
        below=below, effort=effort, ground=ground, step=step,
    )  # fmt: skip


def _search_again(
    plan: Plan,
    number: int,
    parents: Ints,
    labels: Ints,
    seed: int,
    ground: Ints | None,
    *,
    fixed: bool,
    step: Callable[[int, int], bool],
) -> Ints:
    """Search those parents again, harder, that keep a grid out of band without proof."""
    band = plan.bands[number - 1]
    found = misses(plan.graph, labels, parents, band)
    faults = {p: weight for p, weight in found.items() if weight >= UNPROVEN}
    if not faults or step(0, 1):
        return labels
    again = np.isin(parents, list(faults))
    kept = len(np.unique(labels[again])) if fixed else None
    fresh = _divide(plan, number, np.where(again, parents, -1), seed + 31, kept, step, HARD, None, ground)
    if fixed and int(fresh.max()) + 1 != kept:
        return labels
    merged = np.where(again, fresh + int(labels.max()) + 1, labels)
    left = misses(plan.graph, np.where(again, merged, -1), np.where(again, parents, -1), band)
    return merged if sum(left.values()) < sum(faults.values()) else labels


def _sized(band: Band) -> Band:
    """Give a level without band a band around its target size, to keep its grids alike."""
    if band.minimum is not None and band.maximum is not None:
        return band
    return Band(max(1, band.target // 2), max(2, band.target + band.target // 2), band.target)


def _unmet(plan: Plan, levels: Sequence[Ints]) -> Infeasible:
    """Say which level of which basic grids can't have so many grids, and how many they could have."""
    level = len(levels)
    above = levels[-2] if level > 1 else plan.area
    total, made = plan.wanted[level - 1], int(levels[-1].max()) + 1
    found = spans(plan.graph, plan.nets[level - 1], above, _sized(plan.bands[level - 1]))
    rows = []
    for area in np.unique(plan.area[plan.area >= 0]):
        here = plan.area == area
        parents = np.unique(above[here & (above >= 0)]).tolist()
        rows.append(
            {
                "area": plan.names[area] if plan.names else int(area),
                "grids": len(np.unique(levels[-1][here & (levels[-1] >= 0)])),
                "low": sum(found[p].low for p in parents),
                "high": sum(found[p].high for p in parents),
            }
        )
    low, high = sum(r["low"] for r in rows), sum(r["high"] for r in rows)
    places = "；".join(f"{r['area']}{r['grids']}（{r['low']}至{r['high']}）" for r in rows if plan.names)
    names = "; ".join(f"{r['area']} {r['grids']} ({r['low']} to {r['high']})" for r in rows if plan.names)
    return Infeasible(
        "targets",
        zh=f"第{level}级要求{total}个网格，按户数可划分{low}至{high}个，按楼栋单元实际最接近{made}个"
        + (f"：{places}。" if places else "。")
        + "请改目标数或户数幅度。",
        en=f"{total} grids were asked for at level {level}; the households fit {low} to {high}, and as the "
        f"stairwells lie the nearest found is {made}"
        + (f": {names}. " if names else ". ")
        + "Change the target or the band.",
        data={"level": level, "total": total, "low": low, "high": high, "nearest": made, "areas": rows},
    )
