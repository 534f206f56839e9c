"""Propose the grids of a basic grid, or of every basic grid of a town; one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spatial.errors import Cancelled, Infeasible
from spatial.partition.clock import Clock
from spatial.partition.propose import Proposal, propose_town
from spatial.partition.targets import share_over
from spatial.planning.bearing import kept_of
from spatial.planning.dial import staffed
from spatial.planning.feasibility import range_of
from spatial.planning.keeping import keep
from spatial.planning.publishing import publish_in
from spatial.planning.sites import sites_of
from spatial.planning.wishes import Wishes
from spatial.policy import LINGQUAN, Policy
from spatial.store import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from spatial.planning.feasibility import AreaRange
    from spatial.planning.sites import Site
    from spatial.planning.views import Cancelled as Asked
    from spatial.planning.views import Progress, ProposeResult
    from spatial.store.engine import Store, Transaction

    Targets = Mapping[str, tuple[int | None, ...]]


def propose(
    store: Store,
    area: str,
    *,
    who: str,
    seed: int = 0,
    targets: Targets | None = None,
    staff: Mapping[str, int] | None = None,
    wishes: Wishes | None = None,
    publish: bool = False,
    valid_from: dt.date | None = None,
    policy: Policy = LINGQUAN,
    progress: Progress | None = None,
    cancelled: Asked | None = None,
    foreseen: Callable[[AreaRange], None] | None = None,
) -> list[ProposeResult]:
    """Propose nested grids and keep them as plans.

    Parameters
    ----------
    store
        The database.
    area
        A basic grid (12 digits), or a town (9) for all of its basic grids that have a ground.
    who
        Whose proposal it is; with ``publish`` the name under which proven reasons are accepted.
    seed
        Chance: the same ground, edition in force, policy, wishes, targets and seed give the same plan.
    targets
        Grids wanted per level by division, of all areas together, dedicated ones included at level 1; None
        at a level whose number is left open.
    staff
        People by post (``liaison``, ``网格联络员``, ``level3``), instead of targets: as many grids of the
        level that the post holds, the other levels left open.
    wishes
        Weights, locks, a plan to start from, mode and limit; locks are those of one basic grid.
    publish
        Publish at once from ``valid_from`` (today in Asia/Shanghai by default).
    policy
        Bands and weights.
    progress, cancelled
        Told and asked between parents.
    foreseen
        Told, before anything is searched, between how many grids each area fits, or why it does not.

    Raises
    ------
    NotFound
        No such place, or base plan.
    BadParameter
        Wishes that name no cell or plan of the area; ``locks_of_a_town``.
    Refused
        ``locks_contradict``, ``cut_faces``, ``nothing_to_propose``.
    Infeasible
        ``no_ground``, ``nothing_to_divide``, ``targets``, ``staff``.
    Flawed
        With ``publish``: a flaw forbids it; nothing is kept.
    Cancelled
        ``cancelled`` said so; nothing is kept.
    """
    wishes = wishes or Wishes()
    policy = replace(policy, weights=wishes.weights or policy.weights)
    with store.transaction() as tx:
        sites = sites_of(tx, area, policy, wishes, progress, cancelled)
        if foreseen is not None:
            for site in sites:
                foreseen(range_of(site.name, site.ground, site.graph, policy))

        def attempt(numbers: Targets | None) -> list[ProposeResult]:
            return propose_in(
                tx, sites, who=who, seed=seed, targets=numbers, policy=policy, progress=progress,
                cancelled=cancelled, wishes=wishes,
            )  # fmt: skip

        results = staffed(sites, staff, policy, attempt) if staff else attempt(targets)
        if publish:
            day = valid_from or editions.today(tx)
            ids = publish_in(
                tx, [r.plan_id for r in results], valid_from=day, who=who, accept="proved", policy=policy
            )
            results = [replace(r, edition_id=ids[r.plan_id]) for r in results]
    return results


def propose_in(
    tx: Transaction, sites: Sequence[Site], *, who: str, policy: Policy, seed: int = 0,
    targets: Targets | None = None, progress: Progress | None = None, cancelled: Asked | None = None,
    wishes: Wishes | None = None, about: Mapping[str, Any] | None = None,
) -> list[ProposeResult]:  # fmt: skip
    """Divide and keep, inside a transaction; ``about`` is kept with each plan. See `propose`."""
    wishes = wishes or Wishes()
    proposals = divide(sites, targets, seed, policy, progress, cancelled, wishes)
    about = {**kept_of(wishes), **(about or {})}
    kept = []
    for site, proposal in zip(sites, proposals, strict=True):
        asked = site.ground.division in (targets or {})
        kept.append(keep(tx, site, proposal, who, seed, policy, asked=asked, about=about))
        if cancelled is not None and cancelled():
            raise Cancelled("cancelled", zh="已取消，未保留任何结果。", en="Cancelled; nothing was kept.")
    return kept


def _told(progress: Progress | None, names: list[str], done: int, total: int) -> Progress | None:
    """Progress of one area, or of some together, among several."""
    if progress is None:
        return None
    alone = len(names) == 1
    place_zh = names[0] if alone else f"{names[0]}等{len(names)}处"
    place_en = names[0] if alone else f"{names[0]} and {len(names) - 1} more"

    def tell(zh: str, en: str, step: int, steps: int) -> None:
        progress(
            f"{place_zh} {zh}", f"{place_en} {en}", done * 100 + step * 100 // max(steps, 1), total * 100
        )

    return tell


def divide(
    sites: Sequence[Site],
    targets: Targets | None,
    seed: int,
    policy: Policy,
    progress: Progress | None,
    cancelled: Asked | None,
    wishes: Wishes,
) -> list[Proposal]:
    """Divide every basic grid: with the others of its division where these have totals, else alone."""
    jobs: list[tuple[list[int], tuple[int | None, ...] | None]] = []
    for division, totals in (targets or {}).items():
        mine = [i for i, site in enumerate(sites) if site.ground.division == division]
        if not mine:
            raise Infeasible(
                "targets_without_area",
                zh=f"给出了 {division} 的目标数，但范围内没有这一类基础网格。",
                en=f"Targets for {division} were given, but no such basic grid is among the areas.",
            )
        if whole := tuple(k for k in totals if k is not None) if None not in totals else ():
            share_over(whole, [sites[i].graph for i in mine], sites[mine[0]].ground.division, policy)
        jobs.append((mine, tuple(totals)))
    alone = [i for i, site in enumerate(sites) if site.ground.division not in (targets or {})]
    jobs += [([i], None) for i in alone]
    proposals: dict[int, Proposal] = {}
    clock = Clock(wishes.limit_s)
    for done, (mine, wanted) in enumerate(jobs):
        own = [sites[i] for i in mine]
        names = [site.name for site in own]
        made = propose_town(
            [site.graph for site in own], own[0].ground.division, policy, names=names, seed=seed,
            totals=wanted, leanings=[site.leanings for site in own],
            locks=[site.fixed.locks for site in own],
            mode=wishes.mode, clock=clock, progress=_told(progress, names, done, len(jobs)),
            cancelled=cancelled,
        )  # fmt: skip
        proposals.update(zip(mine, made, strict=True))
    return [proposals[i] for i in range(len(sites))]
