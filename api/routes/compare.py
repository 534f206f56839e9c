"""Compare two plans: their figures, the households that change grid, the borders that moved; and the page."""

# ruff: noqa: PLC0415 - shapely and the templates are slow to import

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import answers, comparing, pages, security
from api.context import SettingsDep, StoreDep
from api.geojson import feature_collection
from api.schemas import Wire
from api.settings import Lang
from spatial import lookup, planning

router = APIRouter()
PlanOf = Annotated[int, Query(ge=1, le=2**31 - 1)]


class NodeRef(Wire):
    """A grid of one of the plans."""

    id: int
    short: str
    name: str


class MovedHome(Wire):
    """Households of a building, or of part of it, in another finest grid; ``floors`` runs, ends included."""

    bid: str
    name: str | None
    stairwell: str | None
    floors: list[tuple[int, int]]
    households: int
    registered: int
    a: NodeRef | None
    b: NodeRef | None


class MovedBorder(Wire):
    """Metres of inner border of one level: in one plan alone, in the other alone, in both."""

    level: int
    only_a_m: float
    only_b_m: float
    both_m: float


class Figures(Wire):
    """Two plans compared; ``moved`` are households by level, grids matched."""

    area_code: str
    area_name: str
    households: int
    moved: dict[int, int]
    homes: list[MovedHome]
    borders: list[MovedBorder]


class Compared(Figures):
    """The same with the score cards, and the lines that only one plan has (``side`` a or b) as GeoJSON."""

    plans: list[answers.ScoreCard]
    lines: dict[str, Any]


@router.get(
    "/v1/plans/compare", tags=["plans"], responses={200: {"model": Compared}}, response_class=Response,
    summary="比较两个方案 / Compare two plans",
)  # fmt: skip
def compare(_: security.Reader, store: StoreDep, a: PlanOf, b: PlanOf) -> Response:
    """Compare two plans of one ground: score cards, households in another grid, borders that moved."""
    found = planning.compare_plans(store, a, b)
    cards = [comparing.worded(planning.score_plan(store, one)) for one in (a, b)]
    figures = Figures.model_validate(found).model_dump(mode="json") | {"plans": cards}
    text = json.dumps(figures, ensure_ascii=False)
    return Response(f'{text[:-1]},"lines":{feature_collection(found.lines)}}}', media_type="application/json")


@router.get("/maps/compare", include_in_schema=False)
def compare_page(
    _: security.Reader, request: Request, store: StoreDep, settings: SettingsDep, a: PlanOf, b: PlanOf,
    lang: Annotated[Lang | None, Query()] = None,
) -> Response:  # fmt: skip
    """Draw two plans over one another with a slider, and their tables."""
    from maps.compare import compare_page as draw

    spoken = lang or settings.lang
    found, cards = planning.compare_plans(store, a, b), [planning.score_plan(store, one) for one in (a, b)]
    titles = planning.plan_titles(store, [a, b])
    sample = lookup.is_sample(store, [found.area_code])
    return pages.page(
        request, draw(found, (a, b), titles, comparing.table(cards, spoken), lang=spoken, sample=sample)
    )
