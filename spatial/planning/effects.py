"""What the edits since a revision did: each touched grid then and now, flaws that came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.planning.desk import as_if, work
from spatial.planning.history import state_at
from spatial.planning.previewing import Preview, compared
from spatial.policy import LINGQUAN, Policy

if TYPE_CHECKING:
    from spatial.store.engine import Store


def effect(store: Store, plan_id: int, *, since: int, policy: Policy = LINGQUAN) -> Preview:
    """Compare a plan with how it stood at a revision, as `spatial.planning.preview` compares what would be.

    Cases and hazard points are today's on both sides: what differs is whose ground they lie in.

    Raises
    ------
    BadParameter
        ``rev``: the plan has no such revision.
    NotFound
        ``no_such_plan``.
    """
    with store.transaction() as tx:
        now = work(tx, plan_id, policy)
        then = as_if(now, state_at(tx, now, since), policy)
        moved = [cell for cell, leaf in now.state.assign.items() if then.state.assign.get(cell, leaf) != leaf]
        return compared(tx, then, now, moved)
