"""Review a plan: submitted, returned with a comment, or approved; each function is one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.errors import Locked, Refused, Where
from spatial.planning.noting import spoken
from spatial.plans.review import STATES, step_taken
from spatial.store import plans, reviews

if TYPE_CHECKING:
    from spatial.store.engine import Store
    from spatial.store.plans import PlanRow
    from spatial.store.reviews import ReviewRow


def review_plan(
    store: Store, plan_id: int, kind: str, *, who: str, text: str | None = None, by_another: bool = False
) -> list[ReviewRow]:
    """Take one step of a plan's review.

    Parameters
    ----------
    store
        The database.
    plan_id
        The plan.
    kind
        A key of `spatial.plans.review.STEPS`: submit, return, approve.
    who
        Who takes it.
    text
        A comment; to return a plan it is needed.
    by_another
        Whether who submitted a plan may not approve it. Otherwise the record says that it was the same.

    Returns
    -------
    list of ReviewRow
        The whole record, the oldest step first.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    BadParameter
        ``comment_needed``, ``too_long``.
    Refused
        ``review_state``, ``own_plan``.
    Locked
        ``published_already``.
    """
    said = None if text is None or not text.strip() else spoken(text)
    with store.transaction() as tx:
        row = plans.get(tx, plan_id, lock=True)
        if row.edition_id is not None:
            raise Locked(
                "published_already",
                zh=f"方案 {plan_id} 已发布，不再审核；请另建方案。",
                en=f"Plan {plan_id} is published: there is nothing to review. Make another.",
            )
        submitter = next((r.who for r in reversed(reviews.record(tx, plan_id)) if r.kind == "submit"), None)
        state, own = step_taken(
            row.review, kind, who=who, submitter=submitter, text=said, by_another=by_another
        )
        reviews.add(tx, row, kind=kind, state=state, who=who, text=said, own=own)
        return reviews.record(tx, plan_id)


def review_record(store: Store, plan_id: int) -> list[ReviewRow]:
    """List the steps of a plan's review, the oldest first; NotFound (``no_such_plan``)."""
    with store.transaction() as tx:
        plans.get(tx, plan_id)
        return reviews.record(tx, plan_id)


def refuse_unreviewed(row: PlanRow, *, drafts: bool) -> None:
    """Refuse to publish what is under review or was returned; drafts too unless they may be published.

    Raises
    ------
    Refused
        ``not_approved``.
    """
    if row.review == "approved" or (row.review == "draft" and drafts):
        return
    zh, en = STATES[row.review]
    raise Refused(
        "not_approved",
        zh=f"方案 {row.id} 现在是“{zh}”，审核通过后才能发布。",
        en=f"Plan {row.id} is {en}: it is published after it has been approved.",
        where=(Where(ref=row.area_code, field="review", value=row.review),),
        data={"plan": row.id, "state": row.review},
    )
