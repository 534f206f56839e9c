"""What notes, reviews and impacts answer, as pydantic models made from the use cases' dataclasses."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from api.answers import Review
from api.schemas import Wire


class Note(Wire):
    """A note; ``lon``, ``lat`` degrees, EPSG:4326; who resolved a thread stands on its first note."""

    number: int
    reply_to: int | None
    text: str
    who: str
    at: dt.datetime
    objection: bool
    node: int | None
    lon: float | None
    lat: float | None
    resolved_by: str | None
    resolved_at: dt.datetime | None


class Notes(Wire):
    """Notes of a plan, by number."""

    notes: list[Note]


class ReviewStep(Wire):
    """A step of a review; ``own``: approved by who submitted it."""

    kind: Literal["submit", "return", "approve"]
    state: Review
    rev: int
    who: str
    at: dt.datetime
    text: str | None
    own: bool


class Record(Wire):
    """The state of a plan's review and every step, the oldest first."""

    review: Review
    steps: list[ReviewStep]


class GridRef(Wire):
    """A grid by its code, with its short number and name."""

    code: str
    short: str
    name: str


class GridChange(Wire):
    """What goes from a grid to one of another code."""

    level: int
    old: GridRef | None
    new: GridRef | None
    households: int
    m2: float


class BuildingChange(Wire):
    """Households of a building, or part of one, whose finest grid has another code; nobody is named."""

    bid: str
    name: str | None
    stairwell: str | None
    floors: list[tuple[int, int]]
    level: int
    old: GridRef | None
    new: GridRef | None
    node: int | None
    households: int
    registered: int


class PointChange(Wire):
    """An open case or a hazard point that goes to a grid of another code."""

    id: int
    number: str
    kind: str
    old: GridRef | None
    new: GridRef | None
    lon: float
    lat: float


class PostChange(Wire):
    """A post whose grid ends, or (``old`` null) a new one to fill."""

    post: str
    post_zh: str
    post_en: str
    old: GridRef | None
    new: GridRef | None
    holders: int


class Impact(Wire):
    """What publishing a plan from a day on would change."""

    plan: int
    rev: int
    area_code: str
    area_name: str
    valid_from: dt.date
    edition: int | None
    households: int
    moved: dict[int, int]
    kept: int
    added: list[GridRef]
    retired: list[GridRef]
    grids: list[GridChange]
    buildings: list[BuildingChange]
    cases: list[PointChange]
    hazards: list[PointChange]
    posts: list[PostChange]
