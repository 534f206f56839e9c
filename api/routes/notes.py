"""Notes and objections on plans, and the minutes that print them."""

# ruff: noqa: PLC0415 - the templates are slow to import

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response, status

from api import answers_review, minutes, pages, security
from api.context import SettingsDep, StoreDep
from api.routes.plans import PlanId
from api.schemas import NoteIn, ResolveIn
from api.settings import Lang
from spatial import planning

router = APIRouter()
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The note's number in its plan")]


@router.get(
    "/v1/plans/{plan_id}/notes", tags=["plans"], response_model=answers_review.Notes, summary="意见 / Notes"
)
def notes(_: security.Reader, store: StoreDep, plan_id: PlanId) -> dict[str, Any]:
    """List the notes and objections on a plan; a thread is a note and what replies to it."""
    return {"notes": planning.notes(store, plan_id)}


@router.post(
    "/v1/plans/{plan_id}/notes", tags=["plans"], response_model=answers_review.Note,
    status_code=status.HTTP_201_CREATED, summary="提意见 / Write a note",
)  # fmt: skip
def add_note(who: security.Inspector, store: StoreDep, plan_id: PlanId, asked: NoteIn) -> Any:
    """Write a note on the plan, pinned on the map or not, or answer one; open pages show it at once."""
    point = None if asked.geometry is None else asked.geometry.coordinates
    return planning.add_note(
        store, plan_id, asked.text, who=who.name, point=point, node=asked.node, reply_to=asked.reply_to,
        objection=asked.objection,
    )  # fmt: skip


@router.post(
    "/v1/plans/{plan_id}/notes/{number}/resolve", tags=["plans"], response_model=answers_review.Note,
    summary="了结意见 / Resolve a thread",
)  # fmt: skip
def resolve(
    who: security.Planner, store: StoreDep, plan_id: PlanId, number: Number, asked: ResolveIn | None = None
) -> Any:
    """Resolve the thread of a note, or (``resolved`` false) open it again."""
    resolved = asked is None or asked.resolved
    return planning.resolve_note(store, plan_id, number, who=who.name, resolved=resolved)


@router.get("/plan/{plan_id}/minutes", include_in_schema=False)
def minutes_page(
    _: security.Reader, request: Request, store: StoreDep, settings: SettingsDep, plan_id: PlanId,
    lang: Annotated[Lang | None, Query()] = None,
) -> Response:  # fmt: skip
    """Draw the minutes of a plan: its review, its notes, and a map of where they are pinned; for A4."""
    from maps.minutes import minutes_page as draw

    return pages.page(request, draw(minutes.gathered(store, plan_id), lang=lang or settings.lang))
