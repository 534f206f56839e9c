"""Propose a part of a plan again, in place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from api import security
from api.context import StoreDep
from api.routes.plans import DELTA, PlanId, delta_answer
from api.schemas import ClientId, Strict
from api.wishing import Count, Polygon

router = APIRouter(prefix="/v1/plans", tags=["plans"])


class ReproposeIn(Strict):
    """The part: finest grids that ``polygon`` touches, or those in ``nodes``; what is locked stays."""

    base_rev: int = Field(ge=0)
    polygon: Polygon | None = None
    nodes: list[Annotated[int, Field(ge=0)]] = Field(default_factory=list, max_length=10_000)
    targets: tuple[Count | None, ...] | None = Field(
        None, description="grids wanted in the part by level; null leaves a level open"
    )
    seed: int = Field(0, ge=0, le=2**32 - 1)
    client_id: ClientId | None = None


@router.post("/{plan_id}/repropose", responses=DELTA, summary="重划一部分 / Propose a part again")
def repropose(who: security.Planner, store: StoreDep, plan_id: PlanId, asked: ReproposeIn) -> Response:
    """Propose up to 300 cells again, all the rest as it is: one edit, to be undone like any other."""
    from spatial.planning import reproposing  # noqa: PLC0415 - brings numba

    polygon = None if asked.polygon is None else asked.polygon.model_dump()
    delta = reproposing.repropose(
        store, plan_id, base_rev=asked.base_rev, who=who.name, polygon=polygon, nodes=asked.nodes,
        targets=asked.targets, seed=asked.seed, client_id=asked.client_id,
    )  # fmt: skip
    return delta_answer(delta)
