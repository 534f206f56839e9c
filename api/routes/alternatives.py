"""Alternatives: propose plans that differ, compare plans, and the page that shows them side by side."""

# ruff: noqa: PLC0415 - shapely and the templates are slow to import

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, status

from api import answers, comparing, pages, patterns, security
from api.context import SettingsDep, StoreDep
from api.schemas import Code, Wire
from api.settings import Lang
from api.wishing import AlternativesIn
from spatial import planning

router = APIRouter()
Ids = Annotated[str, Query(pattern=patterns.PLANS, description="One to five plans of one ground: 1,2,3")]


class Difference(Wire):
    """Share of the households in another grid, by level, grids matched; positions in the list."""

    one: int
    other: int
    moved: list[float]


class Alternative(Wire):
    """One way to divide the place, and its plan for each basic grid."""

    style: str
    zh: str
    en: str
    plans: list[answers.Proposed]


class Alternatives(Wire):
    """Plans that differ, and by how much each pair does."""

    alternatives: list[Alternative]
    differences: list[Difference]


class Comparison(Wire):
    """Score cards of plans of one ground, and by how much each pair differs."""

    plans: list[answers.ScoreCard]
    differences: list[Difference]


@router.post(
    "/v1/plans/alternatives",
    tags=["plans"],
    response_model=Alternatives,
    status_code=status.HTTP_201_CREATED,
    summary="提出备选方案 / Propose alternatives",
)
def alternatives(who: security.Planner, store: StoreDep, asked: AlternativesIn) -> dict[str, Any]:
    """Propose plans that really differ: along features, compact, closest to today; fewer where there are."""
    found = planning.alternatives(
        store, asked.area, who=who.name, count=asked.count, seed=asked.seed, targets=asked.numbers(),
        wishes=asked.wishes(),
    )  # fmt: skip
    return {"alternatives": found.found, "differences": found.differences}


@router.get("/v1/comparison", tags=["plans"], response_model=Comparison, summary="比较方案 / Compare plans")
def comparison(_: security.Reader, store: StoreDep, plans: Ids) -> dict[str, Any]:
    """Compare plans of one ground: their score cards, and the households that change grid."""
    ids = [int(one) for one in plans.split(",")]
    cards = [comparing.worded(planning.score_plan(store, one)) for one in ids]
    return {"plans": cards, "differences": planning.differences(store, ids)}


@router.get("/maps/alternatives", include_in_schema=False)
def alternatives_page(
    _: security.Reader, request: Request, store: StoreDep, settings: SettingsDep, plans: Ids,
    area: Annotated[Code | None, Query()] = None, lang: Annotated[Lang | None, Query()] = None,
) -> Response:  # fmt: skip
    """Draw plans side by side, with one table."""
    from maps.alternatives import alternatives_page as draw

    ids, lang = [int(one) for one in plans.split(",")], lang or settings.lang
    return pages.page(request, draw(comparing.compared(store, ids, lang), lang=lang, area=area))
