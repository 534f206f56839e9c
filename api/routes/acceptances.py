"""Acceptances: a grid out of band signed for in a draft, and who would hold the draft's grids."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, status

from api import answers, security
from api.context import StoreDep
from api.routes.plans import PlanId
from api.schemas import Acceptance, Wire
from spatial.planning import accepting, posts

router = APIRouter(prefix="/v1/plans", tags=["plans"])
NodeId = Annotated[int, Path(ge=1, le=2**31 - 1, description="a grid of the plan")]


class AcceptedOut(Wire):
    """A grid whose reason was accepted or is not any more, and all flaws of its plan."""

    node: answers.Node
    flaws: list[answers.Flaw]


class PostOut(Wire):
    """A grid of a draft with the code that it would carry, and how many hold its post; ``kept``: in force."""

    node: int
    code: str
    short: str
    kept: bool
    post: str
    post_zh: str
    post_en: str
    holders: int


class Posts(Wire):
    """Grids of a draft, by level, then code."""

    posts: list[PostOut]


@router.post(
    "/{plan_id}/acceptances", response_model=AcceptedOut, status_code=status.HTTP_201_CREATED,
    summary="接受超出区间的理由 / Accept a reason",
)  # fmt: skip
def accept(who: security.Planner, store: StoreDep, plan_id: PlanId, asked: Acceptance) -> Any:
    """Accept, by name and date, the proved reason of a grid out of band; publishing takes it as it stands."""
    return accepting.accept_reason(store, plan_id, node=asked.node, reason=asked.reason, who=who.name)


@router.delete(
    "/{plan_id}/acceptances/{node}", response_model=AcceptedOut, summary="撤回接受 / Withdraw an acceptance"
)
def withdraw(_: security.Planner, store: StoreDep, plan_id: PlanId, node: NodeId) -> Any:
    """Take back the acceptance of a grid."""
    return accepting.withdraw_acceptance(store, plan_id, node=node)


@router.get("/{plan_id}/posts", response_model=Posts, summary="草稿的岗位 / Who would hold its grids")
def plan_posts(_: security.Reader, store: StoreDep, plan_id: PlanId) -> dict[str, Any]:
    """Tell for each grid of a draft who would hold its post if it were published today."""
    return {"posts": posts.plan_posts(store, plan_id)}
