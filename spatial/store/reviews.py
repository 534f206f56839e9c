"""The record of a plan's review: every step with who, when and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from spatial.store import notices

if TYPE_CHECKING:
    from datetime import datetime

    from spatial.store.engine import Transaction
    from spatial.store.plans import PlanRow


@dataclass(frozen=True)
class ReviewRow:
    """One step of a review (a key of `spatial.plans.review.STEPS`) and the state that it led to.

    ``rev`` is the plan's revision then; ``own`` whether who submitted the plan approved it.
    """

    kind: str
    state: str
    rev: int
    who: str
    at: datetime
    text: str | None
    own: bool


def add(
    tx: Transaction, plan: PlanRow, *, kind: str, state: str, who: str, text: str | None, own: bool
) -> None:
    """Write a step into the record of a plan that is locked, and tell the pages that have it open."""
    tx.execute(
        sa.text(
            "INSERT INTO review (plan_id, county_code, kind, state, rev, who, at, text, own)"
            " VALUES (:plan, :county, :kind, :state, :rev, :who, clock_timestamp(), :text, :own)"
        ),
        {
            "plan": plan.id, "county": plan.area_code[:6], "kind": kind, "state": state, "rev": plan.rev,
            "who": who, "text": text, "own": own,
        },
    )  # fmt: skip
    notices.tell(tx, {"plan": plan.id, "news": "review"})


def record(tx: Transaction, plan_id: int) -> list[ReviewRow]:
    """List the steps of a plan's review, the oldest first."""
    rows = tx.execute(
        sa.text("SELECT kind, state, rev, who, at, text, own FROM review WHERE plan_id = :plan ORDER BY id"),
        {"plan": plan_id},
    )
    return [ReviewRow(*row) for row in rows]
