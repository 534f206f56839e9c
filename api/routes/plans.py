"""Plans: propose, read, edit, undo, redo, publish."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response, status

from api import answers, answers_why, security
from api.context import SettingsDep, StoreDep
from api.edits import MoveIn
from api.figures import FIGURES
from api.geojson import COLLECTION, GeoJSON, feature_collection
from api.schemas import Code, PublishIn, UndoIn
from api.wishing import ProposeIn
from spatial import planning
from spatial.planning.views import PlanDelta

router = APIRouter(prefix="/v1/plans", tags=["plans"])
PlanId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Area = Annotated[Code | None, Query(description="9 digits a town, 12 a basic grid")]
DELTA: dict[int | str, dict[str, Any]] = {200: {"model": answers.Delta}}
Revision = Annotated[int | None, Query(ge=0, le=2**31 - 1)]
Grid = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="a grid of the finest level")]
Lon = Annotated[float | None, Query(ge=-180, le=180, description="EPSG:4326")]
Lat = Annotated[float | None, Query(ge=-90, le=90, description="EPSG:4326")]
Level = Annotated[int | None, Query(ge=1, le=3)]
Node = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="a grid of that level")]


@router.post(
    "",
    response_model=answers.Proposals,
    status_code=status.HTTP_201_CREATED,
    summary="提出方案 / Propose plans",
)
def propose(who: security.Planner, store: StoreDep, asked: ProposeIn) -> dict[str, Any]:
    """Divide a basic grid, or each of a town's; the same seed, wishes and edition give the same plan."""
    plans = planning.propose(
        store, asked.area, who=who.name, seed=asked.seed, targets=asked.numbers(), staff=asked.staff,
        wishes=asked.wishes(asked.weights),
    )  # fmt: skip
    return {"plans": plans}


@router.get("", response_model=answers.PlanList, summary="方案列表 / Plans")
def list_plans(_: security.Reader, store: StoreDep, area: Area = None) -> dict[str, Any]:
    """List plans, the newest first."""
    return {"plans": planning.plans(store, area=area)}


@router.get("/in-hand", response_model=answers.PlanList, summary="全镇在编方案 / Plans in hand")
def plans_in_hand(_: security.Reader, store: StoreDep, area: Annotated[Code, Query()]) -> dict[str, Any]:
    """List one plan of each basic grid: the newest that was edited or published, else the newest."""
    return {"plans": planning.plans_in_hand(store, area)}


@router.get("/{plan_id}", response_model=answers.Plan, summary="一个方案 / One plan")
def get_plan(who: security.Reader, store: StoreDep, plan_id: PlanId) -> Any:
    """Show a plan: its grids with households, bands and reasons, its flaws, what who asks may undo."""
    return planning.plan(store, plan_id, who=who.name)


@router.get(
    "/{plan_id}/grids", response_class=GeoJSON, responses=COLLECTION, summary="方案的网格 / A plan's grids"
)
def plan_grids(
    _: security.Reader, store: StoreDep, plan_id: PlanId, level: Level = None, rev: Revision = None
) -> GeoJSON:
    """Read the plan's grids as GeoJSON; with ``rev`` as they stood at that revision."""
    if rev is not None:
        return GeoJSON(feature_collection(planning.grids_at(store, plan_id, rev, level=level)))
    return GeoJSON(feature_collection(planning.plan_grids(store, plan_id, level=level)))


@router.get(
    "/{plan_id}/view", response_class=GeoJSON, responses=COLLECTION, summary="供浏览的网格 / Grids to look at"
)
def plan_view(_: security.Reader, store: StoreDep, plan_id: PlanId) -> GeoJSON:
    """Read the plan's grids as GeoJSON to be looked at only: simplified once per shared edge."""
    return GeoJSON(feature_collection(planning.plan_view(store, plan_id)))


@router.get(
    "/{plan_id}/cells", response_class=GeoJSON, responses=COLLECTION, summary="方案的单元 / A plan's cells"
)
def plan_cells(_: security.Reader, store: StoreDep, plan_id: PlanId) -> GeoJSON:
    """Read the plan's cells, each with its grid, as GeoJSON."""
    return GeoJSON(feature_collection(planning.plan_cells(store, plan_id)))


@router.get(
    "/{plan_id}/borders",
    response_class=GeoJSON,
    responses=COLLECTION,
    summary="边界依据 / What borders follow",
)
def plan_borders(
    _: security.Reader, store: StoreDep, plan_id: PlanId, level: Level = None, node: Node = None
) -> GeoJSON:
    """Read the borders of the plan's grids, or of one, as lines: the feature each follows, and metres."""
    return GeoJSON(feature_collection(planning.plan_borders(store, plan_id, level=level, node=node)))


@router.get(
    "/{plan_id}/buildings",
    response_class=GeoJSON,
    responses=COLLECTION,
    summary="方案的楼栋 / A plan's buildings",
)
def plan_buildings(_: security.Reader, store: StoreDep, plan_id: PlanId) -> GeoJSON:
    """Read the footprints of the plan's ground as GeoJSON."""
    return GeoJSON(feature_collection(planning.plan_buildings(store, plan_id)))


@router.get(
    "/{plan_id}/features", response_class=GeoJSON, responses=COLLECTION, summary="方案的底图 / Features"
)
def plan_features(_: security.Reader, store: StoreDep, plan_id: PlanId) -> GeoJSON:
    """Read roads, water and the like of the plan's ground as GeoJSON."""
    return GeoJSON(feature_collection(planning.plan_features(store, plan_id)))


@router.get("/{plan_id}/score", response_model=answers.ScoreCard, summary="得分卡 / Score card")
def plan_score(_: security.Reader, store: StoreDep, plan_id: PlanId) -> dict[str, Any]:
    """Measure the plan: bands, borders, shapes, load, walking, areas cut, changes, named in zh and en."""
    words = {path: {"zh": name.zh, "en": name.en} for path, name in FIGURES.items()}
    return asdict(planning.score_plan(store, plan_id)) | {"words": words}


@router.get(
    "/{plan_id}/why-not",
    response_model=answers_why.WhyNot,
    summary="边界为何不在别处 / Why not there?",
)
def why_not(
    _: security.Reader, store: StoreDep, plan_id: PlanId, a: Grid = None, b: Grid = None, lon: Lon = None,
    lat: Lat = None,
) -> Any:  # fmt: skip
    """Find the next-best place for the border between two finest grids, or nearest a point, and its price."""
    between = None if a is None or b is None else (a, b)
    at = None if lon is None or lat is None else (lon, lat)
    return planning.why_not(store, plan_id, between=between, at=at)


@router.post("/{plan_id}/moves", responses=DELTA, summary="调整方案 / Edit a plan")
def move(who: security.Planner, store: StoreDep, plan_id: PlanId, asked: MoveIn) -> Response:
    """Apply one edit; 409 if a touched cell or grid has changed since ``base_rev``: who, what and when."""
    done = planning.move(
        store, plan_id, base_rev=asked.base_rev, action=asked.plain, who=who.name, client_id=asked.client_id
    )
    return delta_answer(done)


@router.post("/{plan_id}/undo", responses=DELTA, summary="撤销 / Undo")
def undo(who: security.Planner, store: StoreDep, plan_id: PlanId, asked: UndoIn) -> Response:
    """Take back one's own last edit."""
    done = planning.undo(store, plan_id, base_rev=asked.base_rev, who=who.name, client_id=asked.client_id)
    return delta_answer(done)


@router.post("/{plan_id}/redo", responses=DELTA, summary="重做 / Redo")
def redo(who: security.Planner, store: StoreDep, plan_id: PlanId, asked: UndoIn) -> Response:
    """Bring back what one's own last undo took back."""
    done = planning.redo(store, plan_id, base_rev=asked.base_rev, who=who.name, client_id=asked.client_id)
    return delta_answer(done)


@router.post(
    "/{plan_id}/publish",
    response_model=answers.EditionList,
    status_code=status.HTTP_201_CREATED,
    summary="发布 / Publish",
)
def publish(
    who: security.Planner, store: StoreDep, settings: SettingsDep, plan_id: PlanId, asked: PublishIn
) -> dict[str, Any]:
    """Publish the plan as an edition; flaws that forbid it are listed with their place on the map."""
    accept, drafts = asked.model_dump()["accept"], settings.review == "optional"
    editions = planning.publish(
        store, [plan_id], valid_from=asked.valid_from, who=who.name, accept=accept, drafts=drafts
    )
    return {"editions": editions}


def delta_answer(delta: PlanDelta) -> Response:
    """Write what an edit changed; its polygons are written once, with 9 decimals, and validated by nobody."""
    figures = answers.DeltaFigures.model_validate(delta).model_dump_json()
    new_cells = feature_collection(delta.new_cells)
    text = f'{figures[:-1]},"grids":{feature_collection(delta.grids)},"new_cells":{new_cells}}}'
    return Response(text, media_type="application/json")
