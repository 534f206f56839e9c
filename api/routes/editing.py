"""What an editor asks beside the edit itself: a preview, the floors of a tower."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api import answers_edit, security
from api.context import StoreDep
from api.edits import MoveIn
from api.geojson import COLLECTION, GeoJSON, feature_collection
from api.routes.history import Since
from api.routes.plans import Level, PlanId
from spatial import planning
from spatial.planning import effects
from spatial.planning.previewing import Preview

router = APIRouter(prefix="/v1/plans", tags=["plans"])
PREVIEW: dict[int | str, dict[str, Any]] = {200: {"model": answers_edit.Preview}}
Bid = Annotated[str, Query(min_length=1, max_length=100, description="a building's bid")]


@router.post("/{plan_id}/preview", responses=PREVIEW, summary="预览调整 / What an edit would do")
def preview(_: security.Planner, store: StoreDep, plan_id: PlanId, asked: MoveIn) -> Response:
    """Say what an edit would do, grid by grid before and after; nothing is stored. Errors as for the edit."""
    return preview_answer(planning.preview(store, plan_id, base_rev=asked.base_rev, action=asked.plain))


@router.get(
    "/{plan_id}/handles",
    response_class=GeoJSON,
    responses=COLLECTION,
    summary="边界的拖动点 / Handles of borders",
)
def handles(_: security.Reader, store: StoreDep, plan_id: PlanId, level: Level = None) -> GeoJSON:
    """Read junctions and corners of a level's borders as points, and the simplified borders as lines."""
    return GeoJSON(feature_collection(planning.plan_handles(store, plan_id, level=level)))


@router.get("/{plan_id}/effect", responses=PREVIEW, summary="改动的结果 / What edits did")
def plan_effect(_: security.Reader, store: StoreDep, plan_id: PlanId, since: Since) -> Response:
    """Say what the edits since a revision did, grid by grid then and now."""
    return preview_answer(effects.effect(store, plan_id, since=since))


@router.get("/{plan_id}/tower", response_model=answers_edit.Tower, summary="楼栋剖面 / A building's floors")
def tower(_: security.Reader, store: StoreDep, plan_id: PlanId, bid: Bid) -> Any:
    """Show a building's stairwells and floors, and which grid holds each."""
    return planning.tower(store, plan_id, bid)


def preview_answer(found: Preview) -> Response:
    """Write a preview; its lines are written once, with 9 decimals."""
    figures = answers_edit.PreviewFigures.model_validate(found).model_dump_json(by_alias=True)
    text = f'{figures[:-1]},"lines":{feature_collection(found.lines)}}}'
    return Response(text, media_type="application/json")
