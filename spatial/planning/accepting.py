"""Accept a grid out of band while its plan is still a draft, signed and dated, and take that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.errors import Locked, NotFound, Where
from spatial.planning.acceptance import wanted
from spatial.planning.desk import Work, work
from spatial.planning.reading import flaws, nodes
from spatial.policy import LINGQUAN, Policy
from spatial.store import notices, plans

if TYPE_CHECKING:
    from spatial.planning.views import FlawView, NodeView
    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class AcceptedView:
    """A grid whose reason was accepted or is not any more, and all flaws of its plan."""

    node: NodeView
    flaws: list[FlawView]


def accept_reason(
    store: Store, plan_id: int, *, node: int, reason: str, who: str, policy: Policy = LINGQUAN
) -> AcceptedView:
    """Accept the reason of a grid out of band in somebody's name, dated now; a later one replaces it.

    Raises
    ------
    Flawed
        ``reason_not_proved``: the reason does not hold for the grid as it stands.
    Locked
        ``published_already``.
    NotFound
        ``no_such_plan``.
    """
    with store.transaction() as tx:
        found = _draft(tx, plan_id, policy)
        for grid, code in wanted(found.measured.standing, [{"node": node, "reason": reason}]):
            plans.accept(tx, plan_id, grid, code, who)
        return _view(tx, plan_id, node, policy)


def withdraw_acceptance(store: Store, plan_id: int, *, node: int, policy: Policy = LINGQUAN) -> AcceptedView:
    """Take back the acceptance of a grid, whoever gave it.

    Raises
    ------
    NotFound
        ``not_accepted``, ``no_such_plan``.
    Locked
        ``published_already``.
    """
    with store.transaction() as tx:
        found = _draft(tx, plan_id, policy)
        if node not in found.accepted or node not in found.state.nodes:
            raise NotFound(
                "not_accepted",
                zh=f"网格 {node} 没有已接受的理由。", en=f"No reason of grid {node} is accepted.",
                where=(Where(ref=str(node)),),
            )  # fmt: skip
        plans.withdraw(tx, plan_id, node)
        return _view(tx, plan_id, node, policy)


def _draft(tx: Transaction, plan_id: int, policy: Policy) -> Work:
    found = work(tx, plan_id, policy, lock=True)
    if found.row.edition_id is not None:
        raise Locked(
            "published_already",
            zh=f"方案 {plan_id} 已发布，接受的理由随版本保存，不能再改。",
            en=f"Plan {plan_id} is published: what was accepted stays with its edition.",
        )
    return found


def _view(tx: Transaction, plan_id: int, node: int, policy: Policy) -> AcceptedView:
    """Read the grid and the flaws anew, and tell open pages to do the same."""
    notices.tell(tx, {"plan": plan_id, "accepted": node})
    found = work(tx, plan_id, policy)
    return AcceptedView(nodes(found, {node})[0], flaws(tx, found))
