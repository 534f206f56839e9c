"""Propose the grids of a basic grid, or of every basic grid of a town; one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spatial.errors import Infeasible
from spatial.partition.graph import CellGraph, cell_graph
from spatial.partition.propose import Proposal, propose_town
from spatial.partition.score import score
from spatial.partition.targets import share_over
from spatial.planning.feasibility import range_of
from spatial.planning.publishing import publish_in
from spatial.planning.views import LevelSummary, ProposeResult
from spatial.plans.start import begin
from spatial.plans.treework import free_name
from spatial.policy import LINGQUAN, Policy
from spatial.store import editions, grounds, places, plans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from spatial.ground.model import Ground
    from spatial.partition.propose import Note, ProposedGrid
    from spatial.planning.feasibility import AreaRange
    from spatial.planning.views import Cancelled, Progress
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction


def propose(
    store: Store,
    area: str,
    *,
    who: str,
    seed: int = 0,
    targets: Mapping[str, tuple[int, ...]] | None = None,
    publish: bool = False,
    valid_from: dt.date | None = None,
    policy: Policy = LINGQUAN,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
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
        Chance: the same ground, policy, targets and seed give the same plan.
    targets
        Grids wanted per level by division, of all areas together, dedicated ones included at level 1.
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
        No such place.
    Infeasible
        ``no_ground``, ``nothing_to_divide``, ``targets``.
    Flawed
        With ``publish``: a flaw forbids it; nothing is kept.
    """
    with store.transaction() as tx:
        found = _grounds(tx, area)
        graphs = [cell_graph(ground, policy) for _, _, ground in found]
        for (name, _, ground), graph in zip(found, graphs, strict=True):
            if foreseen is not None:
                foreseen(range_of(name, ground, graph, policy))
        proposals = _divide(found, graphs, targets, seed, policy, progress, cancelled)
        results = [
            _keep(
                tx, name, ground_id, ground, graph, proposal, who=who, seed=seed,
                asked=ground.division in (targets or {}), policy=policy,
            )
            for (name, ground_id, ground), graph, proposal in zip(found, graphs, proposals, strict=True)
        ]  # fmt: skip
        if publish:
            day = valid_from or editions.today(tx)
            ids = publish_in(
                tx, [r.plan_id for r in results], valid_from=day, who=who, accept="proved", policy=policy
            )
            results = [replace(r, edition_id=ids[r.plan_id]) for r in results]
    return results


def _grounds(tx: Transaction, area: str) -> list[tuple[str, int, Ground]]:
    """Name, ground id and newest ground of each basic grid that a code names."""
    found = []
    for basic in places.basic_of(tx, area):
        row = grounds.latest(tx, basic.code)
        if row is not None:
            found.append((basic.name, row.id, grounds.load_ground(tx, row.id)))
    if not found:
        raise Infeasible(
            "no_ground",
            zh=f"{area} 还没有导入地块数据，请先运行 wangge import。",
            en=f"{area} has no ground yet: run wangge import first.",
        )
    return found


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


def _divide(
    found: list[tuple[str, int, Ground]],
    graphs: list[CellGraph],
    targets: Mapping[str, tuple[int, ...]] | None,
    seed: int,
    policy: Policy,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> list[Proposal]:
    """Divide every area: together with the others of its division where these have totals, else alone."""
    jobs: list[tuple[list[int], tuple[int, ...] | None]] = []
    for division, totals in (targets or {}).items():
        mine = [i for i, (_, _, ground) in enumerate(found) if ground.division == division]
        if not mine:
            raise Infeasible(
                "targets_without_area",
                zh=f"给出了 {division} 的目标数，但范围内没有这一类基础网格。",
                en=f"Targets for {division} were given, but no such basic grid is among the areas.",
            )
        share_over(totals, [graphs[i] for i in mine], found[mine[0]][2].division, policy)
        jobs.append((mine, tuple(totals)))
    alone = [i for i, (_, _, ground) in enumerate(found) if ground.division not in (targets or {})]
    jobs += [([i], None) for i in alone]
    proposals: dict[int, Proposal] = {}
    for done, (mine, wanted) in enumerate(jobs):
        names = [found[i][0] for i in mine]
        made = propose_town(
            [graphs[i] for i in mine], found[mine[0]][2].division, policy, names=names, seed=seed,
            totals=wanted, progress=_told(progress, names, done, len(jobs)), cancelled=cancelled,
        )  # fmt: skip
        proposals.update(zip(mine, made, strict=True))
    return [proposals[i] for i in range(len(found))]


def _keep(
    tx: Transaction, name: str, ground_id: int, ground: Ground, graph: CellGraph, proposal: Proposal, *,
    who: str, seed: int, asked: bool, policy: Policy,
) -> ProposeResult:  # fmt: skip
    state = _draft(ground, name, proposal, policy)
    dedicated = [i for i, leaf in state.assign.items() if state.nodes[leaf].kind == "dedicated"]
    card = score(
        graph, proposal.levels, proposal.bands, dedicated=np.array(sorted(dedicated), dtype=np.int64)
    ).to_json()
    notes = [_note(n, ground) for n in proposal.notes]
    reasons = _reasons(state, proposal)
    met = [sum(g.level == n for g in proposal.grids) for n in range(1, len(proposal.bands) + 1)]
    about = {"seed": seed, "targets": met if asked else None, "score": card, "notes": notes}
    plan_id = plans.create(tx, ground_id, state, who=who, about=about, reasons=reasons)
    return ProposeResult(ground.area_code, name, plan_id, _summaries(proposal), card, notes)


def _note(note: Note, ground: Ground) -> dict[str, Any]:
    """A note in JSON types; a villagers' group by its name."""
    if "group" not in note.data:
        return {"code": note.code, "zh": note.zh, "en": note.en, "data": note.data}
    groups = sorted({str(one) for one in ground.cells["group"].dropna()})
    name = groups[note.data["group"]]
    data = {**note.data, "group": name}
    return {"code": note.code, "zh": f"{name}：{note.zh}", "en": f"{name}: {note.en}", "data": data}


def _draft(ground: Ground, name: str, proposal: Proposal, policy: Policy) -> PlanState:
    """Make the plan of a proposal; dedicated grids take the name of what they are."""
    dedicated = {(g.level, g.label): g.area for g in proposal.grids if g.kind == "dedicated"}
    state = begin(ground, name, proposal.levels, policy, dedicated=dedicated)
    listed = sorted({str(d) for d in ground.layers["dedicated"] if isinstance(d, str)})
    for grid in proposal.grids:
        if grid.kind == "dedicated" and grid.area is not None:
            node = _node_of(state, proposal, grid)
            title = f"{name}{listed[grid.area]}"
            state.nodes[node] = replace(state.nodes[node], name=free_name(state, state.root.id, title))
    return state


def _node_of(state: PlanState, proposal: Proposal, grid: ProposedGrid) -> int:
    """Grid of the plan that a proposed grid became."""
    cell = int(np.argmax(proposal.levels[grid.level - 1] == grid.label))
    return state.ancestor(state.assign[cell], grid.level)


def _reasons(state: PlanState, proposal: Proposal) -> dict[int, dict[str, Any]]:
    """Reason of each grid out of band, by node."""
    return {
        _node_of(state, proposal, g): {"code": g.reason.code, "data": g.reason.data}
        for g in proposal.grids
        if g.reason is not None
    }


def _summaries(proposal: Proposal) -> list[LevelSummary]:
    out = []
    for level, band in enumerate(proposal.bands, start=1):
        grids = [g for g in proposal.grids if g.level == level]
        ordinary = [g for g in grids if g.kind == "ordinary"]
        out.append(
            LevelSummary(
                level, len(ordinary), len(grids) - len(ordinary),
                None if band.minimum is None else sum(g.in_band is True for g in ordinary),
                sum(g.in_band is False for g in ordinary), sum(g.households for g in ordinary),
            )
        )  # fmt: skip
    return out
