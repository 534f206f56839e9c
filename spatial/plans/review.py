"""The review of a plan: states and steps as data, and the one rule of what may follow what."""

from __future__ import annotations

from dataclasses import dataclass

from spatial.errors import BadParameter, Locked, Refused, Where

STATES: dict[str, tuple[str, str]] = {
    "draft": ("草稿", "draft"),
    "submitted": ("待审核", "submitted"),
    "returned": ("已退回", "returned"),
    "approved": ("已通过", "approved"),
}
"""Key -> Chinese, English."""
SHUT = frozenset({"submitted", "approved"})
"""States in which a plan takes no edits: what is reviewed is what will be published."""


@dataclass(frozen=True)
class Step:
    """One step of a review.

    Parameters
    ----------
    zh, en
        Words.
    before, after
        States in which it may happen, and the state that it leads to.
    text
        Whether it needs a comment.
    judges
        Whether it passes the plan, so that a policy may ask for somebody else than who submitted it.
    """

    zh: str
    en: str
    before: frozenset[str]
    after: str
    text: bool = False
    judges: bool = False


STEPS: dict[str, Step] = {
    "submit": Step("提交审核", "submit", frozenset({"draft", "returned"}), "submitted"),
    "return": Step("退回", "return", frozenset({"submitted", "approved"}), "returned", text=True),
    "approve": Step("通过", "approve", frozenset({"submitted"}), "approved", judges=True),
}


def step_taken(
    state: str, kind: str, *, who: str, submitter: str | None, text: str | None, by_another: bool
) -> tuple[str, bool]:
    """Take one step of a review.

    Parameters
    ----------
    state
        The plan's, a key of ``STATES``.
    kind
        A key of ``STEPS``.
    who, submitter
        Who takes the step, and who submitted the plan last.
    text
        The comment.
    by_another
        Whether who submitted a plan may not approve it.

    Returns
    -------
    state, own
        The state that it leads to, and whether the plan is approved by who submitted it: kept in the record.

    Raises
    ------
    BadParameter
        ``comment_needed``.
    Refused
        ``review_state``: not in this state; ``own_plan``: who submitted it may not approve it.
    """
    step = STEPS[kind]
    if step.text and not (text or "").strip():
        raise BadParameter(
            "comment_needed",
            zh=f"“{step.zh}”须写明意见：哪里要改，怎样改。",
            en=f"To {step.en} a plan, say what is to be changed.",
            where=(Where(field="text"),),
        )  # fmt: skip
    if state not in step.before:
        raise _wrong_state(state, kind, step)
    own = step.judges and who == submitter
    if own and by_another:
        raise Refused(
            "own_plan",
            zh=f"方案由 {who} 提交，须由他人审核。",
            en=f"{who} submitted this plan: somebody else has to approve it.",
            where=(Where(field="who"),),
        )
    return step.after, own


def _wrong_state(state: str, kind: str, step: Step) -> Refused:
    zh, en = STATES[state]
    may = [key for key, one in STEPS.items() if state in one.before]
    return Refused(
        "review_state",
        zh=f"方案现在是“{zh}”，不能“{step.zh}”。可以：{'、'.join(STEPS[key].zh for key in may)}。",
        en=f"The plan is {en}: no {kind} now. It may: {', '.join(may)}.",
        where=(Where(field="review", value=state),),
        data={"state": state, "may": may},
    )


def refuse_edits(plan_id: int, state: str) -> None:
    """Refuse to edit a plan that is under review or approved; Locked (``under_review``)."""
    if state in SHUT:
        zh, en = STATES[state]
        raise Locked(
            "under_review",
            zh=f"方案 {plan_id} {zh}，不能再改。要改请先退回，或复制为新方案。",
            en=f"Plan {plan_id} is {en} and takes no edits. Return it first, or copy it.",
            data={"state": state},
        )
