"""Keep a proposal as a plan: its tree named, its notes and reasons in JSON types."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spatial.partition.score import score
from spatial.planning.dedicated import too_small
from spatial.planning.hamlets import name_hamlets
from spatial.planning.locking import keep_held
from spatial.planning.views import LevelSummary, ProposeResult
from spatial.plans.start import begin
from spatial.plans.treework import free_name
from spatial.store import plans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.partition.propose import Note, Proposal, ProposedGrid
    from spatial.planning.sites import Site
    from spatial.plans.tree import PlanState
    from spatial.policy import Policy
    from spatial.store.engine import Transaction


def keep(
    tx: Transaction, site: Site, proposal: Proposal, who: str, seed: int, policy: Policy, *,
    asked: bool, about: Mapping[str, Any],
) -> ProposeResult:  # fmt: skip
    """Store a proposal as a plan; ``about`` is what it remembers beside its own."""
    ground = site.ground
    state = _draft(site, proposal, policy)
    if any(note.code == "groups_proposed" for note in proposal.notes):
        name_hamlets(tx, site.ground_id, ground, state)
    dedicated = [i for i, leaf in state.assign.items() if state.nodes[leaf].kind == "dedicated"]
    card = score(
        site.graph, proposal.levels, proposal.bands, dedicated=np.array(sorted(dedicated), dtype=np.int64)
    ).to_json()
    notes = [_note(n, site) for n in proposal.notes] + too_small(tx, site.ground_id, ground)
    reasons = _reasons(state, proposal)
    met = [sum(g.level == n for g in proposal.grids) for n in range(1, len(proposal.bands) + 1)]
    kept = {
        "seed": seed, "targets": met if asked else None, "score": card, "notes": notes,
        "reproducible": all(note["code"] != "not_reproducible" for note in notes),
        "weights": asdict(policy.weights), **site.fixed.about, **about,
    }  # fmt: skip
    plan_id = plans.create(tx, site.ground_id, state, who=who, about=kept, reasons=reasons)
    return ProposeResult(ground.area_code, site.name, plan_id, _summaries(proposal), card, notes)


def _note(note: Note, site: Site) -> dict[str, Any]:
    """A note in JSON types; a villagers' group and a dedicated area by name."""
    layers = {"group": site.ground.cells["group"], "dedicated": site.ground.layers["dedicated"]}
    for key, names in layers.items():
        if key not in note.data:
            continue
        listed = sorted({str(one) for one in names.dropna()})
        code = note.data[key]
        name = listed[code] if code < len(listed) else site.fixed.dedicated.get(code, "")
        data = {**note.data, key: name}
        return {"code": note.code, "zh": f"{name}：{note.zh}", "en": f"{name}: {note.en}", "data": data}
    return {"code": note.code, "zh": note.zh, "en": note.en, "data": note.data}


def _draft(site: Site, proposal: Proposal, policy: Policy) -> PlanState:
    """Make the plan of a proposal; dedicated grids take the name of what they are, held ones keep theirs."""
    name, ground = site.name, site.ground
    dedicated = {(g.level, g.label): g.area for g in proposal.grids if g.kind == "dedicated"}
    state = begin(ground, name, proposal.levels, policy, dedicated=dedicated)
    listed = sorted({str(d) for d in ground.layers["dedicated"] if isinstance(d, str)})
    for grid in proposal.grids:
        if grid.kind == "dedicated" and grid.area is not None:
            node = _node_of(state, proposal, grid)
            title = site.fixed.dedicated.get(grid.area) or f"{name}{listed[grid.area]}"
            state.nodes[node] = replace(state.nodes[node], name=free_name(state, state.root.id, title))
    keep_held(state, site.fixed)
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
