"""Carry an action out on a copy of a plan in memory: for an edit that is then saved, and for a preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spatial.errors import Locked, StaleRevision, WanggeError
from spatial.planning.actions import compiled
from spatial.planning.pointing import offered, pointed
from spatial.plans.apply import apply
from spatial.plans.review import refuse_edits
from spatial.store import moves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.planning.desk import Work
    from spatial.plans.journal import Touched
    from spatial.plans.moves import Move
    from spatial.plans.tree import PlanState
    from spatial.policy import Policy
    from spatial.store.engine import Transaction


@dataclass(frozen=True)
class Done:
    """An action carried out in memory: the plan after it, its move, what takes it back, what it touched."""

    state: PlanState
    move: Move
    inverse: Move
    touched: Touched


def carried_out(
    tx: Transaction, found: Work, action: Mapping[str, Any], base_rev: int, policy: Policy
) -> Done:
    """Carry out an action on a copy of a plan; errors as `move`, each with its place on the map."""
    state = found.state.copy()
    try:
        todo = compiled(found, action, policy)
        inverse, touched = apply(state, todo, base_rev, bands=policy.bands[found.ground.division])
    except StaleRevision as stale:
        raise pointed(_with_changes(tx, found.row.id, base_rev, stale), found) from stale
    except WanggeError as error:
        raise pointed(offered(error, action, found), found) from error
    return Done(state, todo, inverse, touched)


def still_draft(found: Work) -> None:
    """Refuse (``Locked``: ``published_already``, ``under_review``) to edit a plan that is closed."""
    if found.row.edition_id is not None:
        raise Locked(
            "published_already",
            zh=f"方案 {found.row.id} 已发布，不能再改；请另建方案。",
            en=f"Plan {found.row.id} is published and can't be changed; make another.",
        )
    refuse_edits(found.row.id, found.row.review)


def _with_changes(tx: Transaction, plan_id: int, base_rev: int, stale: StaleRevision) -> StaleRevision:
    """Name in a stale revision's data whose moves changed what was touched, and when."""
    cells, grids = set(stale.data.get("cells", ())), set(stale.data.get("nodes", ()))
    cut = bool(stale.data.get("faces"))
    changes = [
        {
            "rev": one.rev, "who": one.who, "at": one.at.isoformat(), "kind": one.kind,
            "words": one.about.get("words", {}),
            "cells": sorted(cells.intersection(one.about.get("cells", ()))),
            "nodes": sorted(grids.intersection([*one.about.get("grids", ()), *one.about.get("removed", ())])),
        }
        for one in moves.since(tx, plan_id, base_rev)
        if cells.intersection(one.about.get("cells", ()))
        or grids.intersection([*one.about.get("grids", ()), *one.about.get("removed", ())])
        or (cut and one.about.get("faces"))
    ]  # fmt: skip
    return StaleRevision(
        stale.code, zh=stale.zh, en=stale.en, where=stale.where, data=stale.data | {"changes": changes}
    )
