"""Review plans, see first what they would change, publish several at once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status

from api import answers, answers_review, impacts, security
from api.context import SettingsDep, StoreDep
from api.routes.plans import PlanId
from api.schemas import Day, ReleaseIn, ReturnIn, ReviewIn
from api.settings import Lang, Settings
from spatial import planning
from spatial.store.engine import Store
from spatial.writers.sheet import csv_bytes, xlsx_bytes

router = APIRouter(prefix="/v1", tags=["plans"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
From = Annotated[Day | None, Query(description="First day in force, Asia/Shanghai; without it today")]
Language = Annotated[Lang | None, Query()]


@router.get(
    "/plans/{plan_id}/review", response_model=answers_review.Record, summary="审核记录 / Record of a review"
)
def record(_: security.Reader, store: StoreDep, plan_id: PlanId) -> dict[str, Any]:
    """Show the state of a plan's review and who did what when."""
    return _recorded(planning.review_record(store, plan_id))


@router.post(
    "/plans/{plan_id}/submit", response_model=answers_review.Record, summary="提交审核 / Submit for review"
)
def submit(
    who: security.Planner, store: StoreDep, plan_id: PlanId, asked: ReviewIn | None = None
) -> dict[str, Any]:
    """Submit the plan; it takes no edits until it is returned."""
    text = None if asked is None else asked.text
    return _recorded(planning.review_plan(store, plan_id, "submit", who=who.name, text=text))


@router.post("/plans/{plan_id}/return", response_model=answers_review.Record, summary="退回 / Return")
def send_back(who: security.Planner, store: StoreDep, plan_id: PlanId, asked: ReturnIn) -> dict[str, Any]:
    """Return the plan with a comment; it takes edits again."""
    return _recorded(planning.review_plan(store, plan_id, "return", who=who.name, text=asked.text))


@router.post("/plans/{plan_id}/approve", response_model=answers_review.Record, summary="通过 / Approve")
def approve(
    who: security.Planner, store: StoreDep, settings: SettingsDep, plan_id: PlanId,
    asked: ReviewIn | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Approve the plan; whether by another than who submitted it is the deployer's policy."""
    text = None if asked is None else asked.text
    another = settings.review == "by_another"
    return _recorded(
        planning.review_plan(store, plan_id, "approve", who=who.name, text=text, by_another=another)
    )


@router.get("/plans/{plan_id}/impact", response_model=answers_review.Impact, summary="发布影响 / Impact")
def impact(_: security.Reader, store: StoreDep, plan_id: PlanId, valid_from: From = None) -> Any:
    """Say what publishing the plan would change: households, cases, hazards, posts, old code to new."""
    return planning.impact(store, plan_id, valid_from=valid_from)


@router.get("/plans/{plan_id}/impact.csv", summary="发布影响表 / Impact as CSV", response_class=Response)
def impact_csv(
    _: security.Reader, store: StoreDep, settings: SettingsDep, plan_id: PlanId, valid_from: From = None,
    lang: Language = None,
) -> Response:  # fmt: skip
    """Give the same as one table: UTF-8 with a mark, codes as text."""
    heads, rows = _table(store, plan_id, valid_from, lang, settings)
    return _file(csv_bytes(heads, rows), "text/csv; charset=utf-8", plan_id, "csv")


@router.get("/plans/{plan_id}/impact.xlsx", summary="发布影响表 / Impact as XLSX", response_class=Response)
def impact_xlsx(
    _: security.Reader, store: StoreDep, settings: SettingsDep, plan_id: PlanId, valid_from: From = None,
    lang: Language = None,
) -> Response:  # fmt: skip
    """Give the same as one sheet: codes in text cells."""
    heads, rows = _table(store, plan_id, valid_from, lang, settings)
    return _file(xlsx_bytes("impact", heads, rows), XLSX, plan_id, "xlsx")


@router.post(
    "/releases", response_model=answers.EditionList, status_code=status.HTTP_201_CREATED,
    summary="一并发布 / Publish several plans",
)  # fmt: skip
def release(
    who: security.Planner, store: StoreDep, settings: SettingsDep, asked: ReleaseIn
) -> dict[str, Any]:
    """Publish plans of one town in one go: all of them, or none."""
    given = asked.model_dump(exclude_none=True)
    editions = planning.publish(
        store, asked.plans, valid_from=asked.valid_from, who=who.name, accept=given["accept"],
        drafts=settings.review == "optional",
    )  # fmt: skip
    return {"editions": editions}


def _recorded(steps: Any) -> dict[str, Any]:
    return {"review": steps[-1].state if steps else "draft", "steps": steps}


def _table(
    store: Store, plan_id: int, valid_from: Any, lang: Lang | None, settings: Settings
) -> tuple[list[str], list[list[Any]]]:
    found = planning.impact(store, plan_id, valid_from=valid_from)
    spoken = lang or settings.lang
    return impacts.heads(spoken), impacts.rows(found, spoken)


def _file(content: bytes, media: str, plan_id: int, ending: str) -> Response:
    name = f"wangge-impact-{plan_id}.{ending}"
    sent = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media, headers=sent)
