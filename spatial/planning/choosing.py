"""Alternatives: plans of one place that really differ, and what the difference is, measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from spatial.errors import BadParameter, Where
from spatial.planning.alike import of_one_ground
from spatial.planning.bearing import kept_of
from spatial.planning.keeping import keep
from spatial.planning.proposing import divide
from spatial.planning.sites import sites_of
from spatial.planning.wishes import Wishes
from spatial.plans.matching import homes, matched
from spatial.policy import LINGQUAN, STYLES, Policy
from spatial.store import plans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from spatial.partition.propose import Proposal
    from spatial.planning.proposing import Targets
    from spatial.planning.sites import Site
    from spatial.planning.views import Cancelled, Progress, ProposeResult
    from spatial.store.engine import Store

MOST = 5
"""So many alternatives at most."""
DIFFERS = 0.05
"""Share of the households in another grid of some level from which two plans count as different."""


@dataclass(frozen=True)
class Alternative:
    """One way to divide a place: what it is called, and its plan for each basic grid."""

    style: str
    zh: str
    en: str
    plans: list[ProposeResult]


@dataclass(frozen=True)
class Difference:
    """How far two plans, or two sets of plans, differ.

    Parameters
    ----------
    one, other
        Positions in the list asked about.
    moved
        For each level the share of the households that are in another grid, the grids of the two matched so
        that as many households as possible stay (Kuhn 1955).
    """

    one: int
    other: int
    moved: list[float]


@dataclass(frozen=True)
class Alternatives:
    """Plans that differ, and by how much each pair does."""

    found: list[Alternative]
    differences: list[Difference]


def alternatives(
    store: Store,
    area: str,
    *,
    who: str,
    count: int = 3,
    seed: int = 0,
    targets: Targets | None = None,
    wishes: Wishes | None = None,
    policy: Policy = LINGQUAN,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Alternatives:
    """Propose several plans that weigh differently, and keep those that really differ.

    Along features, compact, closest to the edition in force (where one is), areas kept whole (where zones or
    habit areas are named), the usual weights; a plan too near to one before it is left out. So there may be
    fewer than asked for.

    Parameters
    ----------
    count
        2 to 5.

    Other parameters and errors as in `spatial.planning.proposing.propose`; weights are the alternatives' own.
    """
    wishes = wishes or Wishes()
    if not 2 <= count <= MOST:
        raise BadParameter(
            "bad_count",
            zh=f"备选方案数须为 2 至 {MOST}，给出的是 {count}。",
            en=f"Ask for 2 to {MOST} alternatives, not {count}.",
            where=(Where(field="alternatives", value=str(count)),),
        )
    with store.transaction() as tx:
        sites = sites_of(tx, area, policy, wishes, progress, cancelled)
        chosen: list[tuple[str, list[Proposal]]] = []
        for style in _styles(sites):
            if len(chosen) == count:
                break
            told = None if progress is None else _told(progress, style, len(chosen), count)
            own = replace(policy, weights=STYLES[style][2])
            made = divide(sites, targets, seed, own, told, cancelled, wishes)
            if all(max(_moved(sites, made, other)) >= DIFFERS for _, other in chosen):
                chosen.append((style, made))
        found = []
        for style, made in chosen:
            zh, en, weights = STYLES[style]
            own, about = (
                replace(policy, weights=weights),
                {"style": style, "name": {"zh": zh, "en": en}, **kept_of(wishes)},
            )
            kept = [
                keep(
                    tx, site, one, who, seed, own, asked=site.ground.division in (targets or {}), about=about
                )
                for site, one in zip(sites, made, strict=True)
            ]
            found.append(Alternative(style, zh, en, kept))
    pairs = combinations(range(len(chosen)), 2)
    return Alternatives(
        found, [Difference(i, j, _moved(sites, chosen[i][1], chosen[j][1])) for i, j in pairs]
    )


def _styles(sites: Sequence[Site]) -> Iterator[str]:
    """Styles that can make a difference here."""
    for style in STYLES:
        if style == "today" and not any(site.leanings.before for site in sites):
            continue
        named = any((site.graph.zone >= 0).any() or (site.graph.affinity >= 0).any() for site in sites)
        if style == "whole" and not named:
            continue
        yield style


def _told(progress: Progress, style: str, done: int, count: int) -> Progress:
    """Progress of one alternative among several."""
    zh, en, _ = STYLES[style]

    def tell(stage_zh: str, stage_en: str, step: int, steps: int) -> None:
        progress(
            f"方案“{zh}” {stage_zh}", f'alternative "{en}": {stage_en}',
            done * 100 + step * 100 // max(steps, 1), count * 100,
        )  # fmt: skip

    return tell


def _moved(sites: Sequence[Site], one: Sequence[Proposal], other: Sequence[Proposal]) -> list[float]:
    """Share of the households in another grid at each level, of all areas that have the level."""
    sums: list[list[int]] = []
    for site, a, b in zip(sites, one, other, strict=True):
        for level, (x, y) in enumerate(zip(a.levels, b.levels, strict=True)):
            stay, all_ = stays(site.graph.households, x, y)
            sums += [[0, 0]] * (level + 1 - len(sums))
            sums[level] = [sums[level][0] + stay, sums[level][1] + all_]
    return [1.0 - stay / all_ if all_ else 0.0 for stay, all_ in sums]


def stays(households: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[int, int]:
    """Count the households that stay in their grid, grids matched as well as can be, and all of them.

    Parameters
    ----------
    households
        (n,) per cell.
    one, other
        (n,) grid of each cell, -1 for none.

    Examples
    --------
    >>> stays(np.array([5, 5, 2]), np.array([0, 0, 1]), np.array([7, 8, 8]))
    (7, 12)
    """
    used = (one >= 0) & (other >= 0) & (households > 0)
    same = matched(households, one, other)
    stay = np.array([same.get(int(x)) == int(y) for x, y in zip(one, other, strict=True)], dtype=np.bool_)
    return int(households[used & stay].sum()), int(households[used].sum())


def differences(store: Store, plan_ids: Sequence[int]) -> list[Difference]:
    """Measure how far stored plans of one ground differ, pair by pair.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    BadParameter
        ``other_ground``: plans of different grounds have no cells in common.
    """
    with store.transaction() as tx:
        found = of_one_ground(tx, plan_ids, field="plans")
    out = []
    for i, j in combinations(range(len(found)), 2):
        a, b = found[i].state, found[j].state
        here, there = homes(a), homes(b)
        both = [key for key in here if key in there]
        mine, theirs = [here[key].id for key in both], [there[key].id for key in both]
        people = np.array([a.counted(a.cells[c]) for c in mine], dtype=np.int64)
        levels = range(1, a.levels + 1)
        shares = [stays(people, a.labels(mine, level), b.labels(theirs, level)) for level in levels]
        out.append(Difference(i, j, [1.0 - stay / all_ if all_ else 0.0 for stay, all_ in shares]))
    return out


def plan_titles(store: Store, plan_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Give what plans are called, Chinese and English: their style, else by their number.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    """
    with store.transaction() as tx:
        rows = [plans.get(tx, plan_id) for plan_id in plan_ids]
    out = {}
    for row in rows:
        style = STYLES.get(row.about.get("style", ""))
        out[row.id] = style[:2] if style else (f"方案 {row.id}", f"Plan {row.id}")
    return out
