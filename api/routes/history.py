"""Plans over time: their history, what changed since, what happens now, copies and names."""

from __future__ import annotations

from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Query, Request, Response, status
from fastapi.responses import StreamingResponse

from api import answers, patterns, security
from api.context import StoreDep
from api.live import Live
from api.routes.plans import DELTA, PlanId, delta_answer
from api.schemas import CopyIn, NameIn
from spatial import planning

router = APIRouter(prefix="/v1/plans", tags=["plans"])
Since = Annotated[int, Query(ge=0, le=2**31 - 1, description="Revision that is known already")]
LastSeen = Annotated[str | None, Header(alias="Last-Event-ID", pattern=patterns.EVENT)]
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "object"}}}}
}


@router.get("/{plan_id}/moves", response_model=answers.History, summary="操作历史 / History")
def plan_moves(_: security.Reader, store: StoreDep, plan_id: PlanId, since: Since = 0) -> dict[str, Any]:
    """List who did what and when, undone or not, the oldest first."""
    return {"moves": planning.plan_moves(store, plan_id, since)}


@router.get("/{plan_id}/changes", responses=DELTA, summary="之后的变化 / Changes since")
def plan_changes(who: security.Reader, store: StoreDep, plan_id: PlanId, since: Since) -> Response:
    """Say what changed after a revision, as an edit is answered."""
    return delta_answer(planning.changes(store, plan_id, since=since, who=who.name))


@router.get("/{plan_id}/events", responses=STREAM, summary="实时事件 / Live events")
async def events(
    who: security.Reader, request: Request, store: StoreDep, plan_id: PlanId, since: Since = 0,
    last_seen: LastSeen = None,
) -> StreamingResponse:  # fmt: skip
    """Tell of moves after ``since`` (or the Last-Event-ID) as they happen, and who else has the plan open."""
    known = since if last_seen is None else int(last_seen)
    await run_sync(planning.plan_moves, store, plan_id, known)  # an unknown plan is refused before the stream
    live: Live = request.app.state.live
    return StreamingResponse(
        live.events(plan_id, who.name, known), media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )  # fmt: skip


@router.post(
    "/{plan_id}/copy", response_model=answers.Plan, status_code=status.HTTP_201_CREATED,
    summary="复制方案 / Copy a plan",
)  # fmt: skip
def copy(who: security.Planner, store: StoreDep, plan_id: PlanId, asked: CopyIn) -> Any:
    """Copy the plan as it stands, or stood at a revision, under a name."""
    made = planning.copy_plan(store, plan_id, name=asked.name, who=who.name, rev=asked.rev)
    return planning.plan(store, made, who=who.name)


@router.patch("/{plan_id}", response_model=answers.Plan, summary="命名方案 / Name a plan")
def rename(who: security.Planner, store: StoreDep, plan_id: PlanId, asked: NameIn) -> Any:
    """Name the plan."""
    planning.name_plan(store, plan_id, asked.name)
    return planning.plan(store, plan_id, who=who.name)
