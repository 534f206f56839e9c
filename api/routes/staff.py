"""Staff: which posts are held, with work phones, and which grids nobody holds. Never names of persons."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from api import security
from api.context import StoreDep
from api.routes.cases import Area, Grid, sees_persons
from api.schemas import Code, Wire
from spatial import staffing

router = APIRouter(prefix="/v1/staff", tags=["staff"])


class PostHeld(Wire):
    """A post held; the phone is masked but for planners."""

    code: str
    post: str
    phone: str | None
    time: Literal["full", "part"] | None
    body: str | None


class Vacancy(Wire):
    """A grid in force, the post that its level wants, and how many hold it."""

    code: str
    short: str
    name: str
    level: int
    kind: str
    area_code: str
    post: str | None
    post_zh: str | None
    post_en: str | None
    holders: int
    vacant: bool


class StaffList(Wire):
    """Posts held, by code."""

    staff: list[PostHeld]


class Vacancies(Wire):
    """Grids in force, by code."""

    grids: list[Vacancy]


@router.get("", response_model=StaffList, summary="岗位 / Posts held")
def list_staff(who: security.Reader, store: StoreDep, area: Area = None, grid: Grid = None) -> dict[str, Any]:
    """List the posts held in a town or basic grid, or in a grid and below it."""
    found = staffing.list_staff(store, area=area, grid=grid, shown="all" if sees_persons(who) else "masked")
    return {"staff": found.to_dict(orient="records")}


@router.get("/vacancies", response_model=Vacancies, summary="空缺岗位 / Vacancies")
def vacancies(
    _: security.Reader,
    store: StoreDep,
    area: Annotated[Code, Query(description="9 digits a town, 12 a basic grid")],
    *,
    vacant: Annotated[bool, Query(description="Only the grids that nobody holds")] = False,
) -> dict[str, Any]:
    """Tell for each grid in force whether its post is held."""
    found = staffing.vacancies(store, area)
    return {"grids": (found[found["vacant"]] if vacant else found).to_dict(orient="records")}
