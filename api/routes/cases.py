"""Cases: read as GeoJSON, registered at a point, followed through their states."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, status
from pydantic import BaseModel, Field

from api import patterns, security
from api.context import StoreDep
from api.errors import crs_required
from api.geojson import COLLECTION, GeoJSON, feature_collection
from api.routes.grids import parse_bbox
from api.schemas import Code, Day, Strict, Wire
from spatial import casework
from spatial.duty.cases import STATES, TRANSITIONS
from spatial.duty.categories import CATEGORIES

if TYPE_CHECKING:
    import geopandas as gpd

    from spatial.duty.cases import Case

router = APIRouter(prefix="/v1/cases", tags=["cases"])
RowId = Annotated[int, Path(ge=1, le=2**53)]
Area = Annotated[Code | None, Query(description="9 digits a town, 12 a basic grid")]
Grid = Annotated[
    str | None,
    Query(pattern=patterns.GRID, description="A grid and all below it", examples=["141126100001003"]),
]


def one_of(words: Iterable[str], **more: Any) -> Any:
    """Declare a text that is one of some words."""
    return Field(pattern=f"^({'|'.join(words)})$", **more)


class Paged(BaseModel):
    """Which rows a page holds; an empty filter filters nothing."""

    bbox: str | None = Field(None, description="left,bottom,right,top in WGS 84")
    since: Day | None = Field(None, description="First day (Asia/Shanghai)")
    until: Day | None = Field(None, description="Day after the last (Asia/Shanghai)")
    category: str | None = Field(None, max_length=60)
    area: Code | None = Field(None, description="9 digits a town, 12 a basic grid")
    grid: str | None = Field(None, pattern=patterns.GRID, description="A grid and all below it")
    limit: int = Field(100, ge=1, le=1000)
    after: str | None = Field(None, max_length=60, description="Follow `next` of the page before")

    def asked(self) -> dict[str, Any]:
        """Give the filters as the use cases take them."""
        return {**self.model_dump(), "bbox": parse_bbox(self.bbox)}


class CaseQuery(Paged):
    """Filters of cases; `category` is a key or word, `category/subcategory` both levels."""

    state: str | None = one_of(STATES, default=None)


class EventOut(Wire):
    """One event of a case; ``who`` and ``to`` are shown to planners only."""

    kind: str
    state: str
    at: dt.datetime
    who: str | None
    to: str | None
    note: str | None


class CaseOut(Wire):
    """A case with its grid by the edition in force when it was registered; position in WGS 84."""

    id: int
    number: str
    category: str
    subcategory: str | None
    description: str
    state: str
    reach: str
    reported_at: dt.datetime
    lon: float
    lat: float
    area_code: str | None
    grid: str | None
    edition: int | None
    due_at: dt.datetime | None
    satisfied: bool | None
    events: list[EventOut]


class CaseIn(Strict):
    """A case at a point; ``crs`` names the system of ``lon`` and ``lat``."""

    category: str = Field(max_length=60, examples=list(CATEGORIES)[:3])
    subcategory: str | None = Field(None, max_length=60)
    description: str = Field(max_length=casework.LONGEST)
    lon: float
    lat: float
    crs: str | None = Field(None, description="wgs84, cgcs2000, gcj02, bd09 or EPSG:n; required")
    stairwell: str | None = Field(None, max_length=40)
    floor: int | None = Field(None, ge=-20, le=300)


class EventIn(Strict):
    """What happens to a case."""

    kind: str = one_of(TRANSITIONS)
    note: str | None = Field(None, max_length=casework.LONGEST)
    to: str | None = Field(None, max_length=100, description="Who is to do it, where it is dispatched")


@router.get("", response_class=GeoJSON, responses=COLLECTION, summary="事件 / Cases")
def list_cases(
    who: security.Reader, store: StoreDep, request: Request, query: Annotated[CaseQuery, Query()]
) -> GeoJSON:
    """Read cases as GeoJSON, the newest first; `next` is the address of the next page, null on the last.

    The description, free text, is shown to inspectors and above.
    """
    found = casework.list_cases(store, **query.asked())
    shown = found if security.ROLES.index(who.role) >= 2 else found.drop(columns=["description"])
    return GeoJSON(page(shown, request))


@router.get("/{case_id}", response_model=CaseOut, summary="一个事件 / One case")
def get_case(who: security.Inspector, store: StoreDep, case_id: RowId) -> Any:
    """Show a case with its events."""
    return _shown(casework.case(store, case_id), who)


@router.post(
    "", response_model=CaseOut, status_code=status.HTTP_201_CREATED, summary="登记事件 / Register a case"
)
def register(who: security.Inspector, store: StoreDep, asked: CaseIn) -> Any:
    """Register a case at a point: it is given its grid by the edition in force."""
    if not asked.crs:
        raise crs_required()
    made = casework.register(
        store, asked.category, asked.lon, asked.lat, asked.crs, asked.description, who.name,
        subcategory=asked.subcategory, stairwell=asked.stairwell, floor=asked.floor,
    )  # fmt: skip
    return _shown(made, who)


@router.post(
    "/{case_id}/events",
    response_model=CaseOut,
    status_code=status.HTTP_201_CREATED,
    summary="办理 / Follow a case",
)
def follow(who: security.Inspector, store: StoreDep, case_id: RowId, asked: EventIn) -> Any:
    """Let an event happen to a case; 409 where its state does not allow it, with what it does allow."""
    done = casework.follow(store, case_id, asked.kind, who.name, note=asked.note, to=asked.to)
    return _shown(done, who)


def sees_persons(who: security.Identity) -> bool:
    """Say whether names of accounts and whole phone numbers are shown."""
    return who.role in {"planner", "admin"}


def page(found: gpd.GeoDataFrame, request: Request) -> str:
    """Write a page as a FeatureCollection with ``next``, the address of the page that follows, or null."""
    following = next_page(found.attrs.get("next"), request)
    return f'{feature_collection(found)[:-1]},"next":{json.dumps(following)}}}'


def next_page(cursor: str | None, request: Request) -> str | None:
    """Address of the page after a cursor: the same question, asked from there on; None after the last."""
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
    return None if cursor is None else f"{request.url.path}?{urlencode([*query, ('after', cursor)])}"


def _shown(case: Case, who: security.Identity) -> dict[str, Any]:
    whole = sees_persons(who)
    events = [
        {
            "kind": e.kind, "state": e.state, "at": e.at, "note": e.note,
            "who": e.who if whole or e.who == who.name else None, "to": e.to if whole else None,
        }
        for e in case.events
    ]  # fmt: skip
    return {**vars(case), "events": events}
