"""The overview of a town: its page, the same as files, and the same as JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api import overview, pages, security
from api.context import SettingsDep, StoreDep
from api.schemas import Code, Wire
from api.settings import Lang
from maps.overview_words import say
from spatial import overview as counted
from spatial import signpost
from spatial.duty import figures
from spatial.writers.sheet import csv_bytes, xlsx_bytes

router = APIRouter()
Area = Annotated[Code | None, Query(description="A town or basic grid; without it the first town")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LevelFigures(Wire):
    """Grids of one level; ``sizes`` are the households of each that is not dedicated, ascending."""

    level: int
    post_zh: str | None
    post_en: str | None
    minimum: int | None
    maximum: int | None
    wanted: int | None
    grids: int
    dedicated: int
    households: int
    registered: int
    sizes: list[int]
    median: float | None
    banded: int
    in_band: int
    reasons: dict[str, int]
    posts: int
    held: int


class Duty(Wire):
    """Cases, those whose time is up (``cases_due``) and how many were closed by then, hazard points."""

    cases_open: int
    cases_closed: int
    cases_due: int
    cases_on_time: int
    hazards: int
    threatened: int


class Figures(Wire):
    """A division (``code`` null) or basic grid; ``levels`` is empty where nothing is in force.

    ``derived``: households in force that nobody counted, by a rule.
    """

    code: str | None
    name: str
    division: str
    areas: int
    levels: list[LevelFigures]
    duty: Duty
    derived: int


class Overview(Wire):
    """What is in force on ``day``; ``duty`` is of all, with what lies in no basic grid."""

    code: str
    name: str
    sample: bool
    day: str
    release: int
    divisions: list[Figures]
    areas: list[Figures]
    duty: Duty


@router.get("/v1/overview", response_model=Overview, tags=["maps"], summary="全镇概况 / A town at a glance")
def read_overview(_: security.Reader, store: StoreDep, area: Area = None) -> dict[str, Any]:
    """Read the grids in force against what was wanted and against their bands, posts, cases, hazards."""
    found = counted.overview(store, area)
    return vars(found) | {"day": found.day.isoformat()}


@router.get("/maps/overview", include_in_schema=False)
def overview_page(
    _: security.Reader, request: Request, store: StoreDep, settings: SettingsDep, area: Area = None,
    lang: Annotated[Lang | None, Query()] = None,
    download: Annotated[Literal["csv", "xlsx"] | None, Query()] = None,
) -> Response:  # fmt: skip
    """Draw the overview, or give its table as a file."""
    from maps.overview import overview_page as draw  # noqa: PLC0415 - folium is slow to import

    found, lang = counted.overview(store, area), lang or settings.lang
    if download:
        return _file(found, download, lang)
    sign = signpost.signpost(store, found.code)
    return pages.page(request, draw(found, lang=lang, area=area, towns=sign.towns, disputes=sign.disputes))


def _file(found: figures.Overview, kind: Literal["csv", "xlsx"], lang: Lang) -> Response:
    """Give the table as CSV or XLSX; a sample says so in each row, in its file's name, on the sheet's tab."""
    heads, rows = overview.heads(lang), list(overview.rows(found, lang))
    if found.sample:
        heads, rows = [*heads, say("note", lang)], [[*row, say("sample", lang)] for row in rows]
    mark = {"zh": "（示例数据）", "en": " (sample data)"}[lang] if found.sample else ""
    content, media = (
        (csv_bytes(heads, rows), "text/csv; charset=utf-8")
        if kind == "csv"
        else (xlsx_bytes(say("title", lang) + mark, heads, rows), XLSX)
    )
    name = f"wangge-overview-{found.code}{'-sample' if found.sample else ''}-{found.day}.{kind}"
    sent = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media, headers=sent)
