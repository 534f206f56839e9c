"""What is answered about reasons, as pydantic models made from the use cases' dataclasses."""

from __future__ import annotations

from typing import Any, Literal

from api.schemas import Wire


class Obstacle(Wire):
    """Ground of which some grid must be out of band."""

    code: Literal["no_k", "lump", "lumps", "part"]
    households: int
    grids: int
    deviation: float
    buildings: list[str]


class LevelRange(Wire):
    """Between ``low`` and ``high`` ordinary grids fit a level; ``aim`` are nearest to the target size."""

    level: int
    post_zh: str
    post_en: str
    minimum: int | None
    maximum: int | None
    households: int
    low: int
    high: int
    aim: int
    given: bool
    dedicated: int
    fits: bool
    obstacles: list[Obstacle]
    zh: str
    en: str


class AreaRange(Wire):
    """What one basic grid can be divided into."""

    area_code: str
    area_name: str
    division: Literal["community", "village"]
    households: int
    registered: int
    fits: bool
    levels: list[LevelRange]
    zh: str
    en: str


class AreaRanges(Wire):
    """What each basic grid asked for can be divided into, before anything is searched."""

    areas: list[AreaRange]


class Side(Wire):
    """One of two grids, now and with the other border; the way to its middle is the 95th percentile."""

    node: int
    label: str
    households: int
    households_after: int
    polsby_popper: float
    polsby_popper_after: float
    walk_m: float | None
    walk_m_after: float | None


class Course(Wire):
    """A border: metres, those on features, the features, and its line (GeoJSON, null within a tower)."""

    metres: float
    followed_m: float
    features_zh: list[str]
    features_en: list[str]
    geometry: dict[str, Any] | None


class WhyNot(Wire):
    """A border and the next-best one; ``other`` null where no other keeps both grids in band."""

    plan: int
    rev: int
    sides: list[Side]
    now: Course
    other: Course | None
    cells: list[int]
    buildings: list[str]
    price: float | None
    price_after: float | None
    exact: bool
    zh: str
    en: str
