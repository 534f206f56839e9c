"""What the plan and edition routes answer, as pydantic models made from the use cases' dataclasses."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from api.schemas import Wire

Kind = Literal["basic", "ordinary", "dedicated"]
Review = Literal["draft", "submitted", "returned", "approved"]


class LevelSummary(Wire):
    """Grids of one level; ``in_band`` null where no band applies."""

    level: int
    grids: int
    dedicated: int
    in_band: int | None
    out_of_band: int
    households: int


class Proposed(Wire):
    """One basic grid's proposal."""

    area_code: str
    area_name: str
    plan_id: int
    levels: list[LevelSummary]
    score: dict[str, Any]
    notes: list[dict[str, Any]]
    edition_id: int | None


class Proposals(Wire):
    """A proposal for each basic grid asked for."""

    plans: list[Proposed]


class LevelBand(Wire):
    """Band and post of one level."""

    level: int
    minimum: int | None
    maximum: int | None
    post_zh: str
    post_en: str


class Reason(Wire):
    """Why a grid is out of band, and whether that is proved."""

    code: str | None
    proved: bool
    zh: str
    en: str
    data: dict[str, Any]


class Accepted(Wire):
    """Who accepted a grid out of band, and when."""

    reason: str
    who: str
    at: str


class Was(Wire):
    """Code and name of an old grid, as its file has them."""

    code: str | None
    name: str | None


class Node(Wire):
    """One grid of a plan with its sums; ``was`` is the old grid that it began from, if it did."""

    id: int
    parent: int | None
    level: int
    kind: Kind
    name: str
    label: str
    short: str
    locked: bool
    households: int
    registered: int
    buildings: int
    cells: int
    in_band: bool | None
    reason: Reason | None
    accepted: Accepted | None
    was: Was | None = None


class Flaw(Wire):
    """One flaw; a blocking one forbids publishing."""

    kind: str
    node_id: int | None
    zh: str
    en: str
    blocking: bool
    geometry: dict[str, Any] | None


class Load(Wire):
    """Spread of households over grids: percentiles, Gini coefficient, coefficient of variation."""

    p10: float
    p50: float
    p90: float
    gini: float
    cv: float


class Walk(Wire):
    """Way of households to the middle of their grid, metres and seconds; ``cut_off`` have none inside it."""

    p50_m: float
    p95_m: float
    cut_off: int
    p50_s: float | None = None
    p95_s: float | None = None


class Kept(Wire):
    """Named areas, those cut, and those of more households than a grid may hold, which are not counted."""

    areas: int
    cut: int
    too_large: int


class Change(Wire):
    """Households against the edition in force, and those in a grid of another code."""

    edition: int
    households: int
    moved: int


class LevelCard(Wire):
    """Figures of one level of a plan; null where it has none."""

    level: int
    post_zh: str
    post_en: str
    grids: int
    in_band: float
    in_band_strict: float
    households_in_band: float
    followed: float | None
    offered: float | None
    followed_relative: float | None
    border_km: float
    polsby_popper: float
    polsby_popper_weighted: float
    scattered: int
    load: Load | None
    walk: Walk | None
    zones: Kept | None
    estates: Kept | None
    change: Change | None
    burden: Load | None


class FigureWords(Wire):
    """A figure's name in both languages."""

    zh: str
    en: str


class ScoreCard(Wire):
    """Score card of a plan; ``words`` names each figure by its path, such as ``load.gini``."""

    plan: int
    area_code: str
    area_name: str
    rev: int
    levels: list[LevelCard]
    words: dict[str, FigureWords]


class Plan(Wire):
    """A plan as it stands."""

    id: int
    area_code: str
    area_name: str
    name: str | None
    division: Literal["community", "village"]
    ground_id: int
    rev: int
    published: bool
    can_undo: bool
    can_redo: bool
    levels: list[LevelBand]
    nodes: list[Node]
    flaws: list[Flaw]
    score: dict[str, Any]
    reproducible: bool
    review: Review


class DeltaFigures(Wire):
    """What one edit changed in figures: the touched grids anew, and all flaws."""

    rev: int
    nodes: list[Node]
    removed: list[int]
    cells: list[int]
    assigned: dict[int, int | None]
    flaws: list[Flaw]
    faces_changed: bool
    cells_removed: list[int]
    can_undo: bool
    can_redo: bool


class Delta(DeltaFigures):
    """What one edit changed: figures, all flaws; as GeoJSON the grids whose polygon is another, new cells."""

    grids: dict[str, Any]
    new_cells: dict[str, Any]


class MoveRow(Wire):
    """One action of a plan's history; ``words`` in both languages, to stand after a name."""

    rev: int
    who: str
    at: dt.datetime
    kind: str
    step: Literal["do", "undo", "redo"]
    origin: int
    undone: bool
    words: dict[str, str]
    grids: list[int]
    removed: list[int]
    cells: list[int]
    faces: bool


class History(Wire):
    """Actions on a plan, the oldest first."""

    moves: list[MoveRow]


class PlanRow(Wire):
    """One plan in a list."""

    id: int
    area_code: str
    area_name: str
    name: str | None
    rev: int
    published: bool
    who: str
    made_at: dt.datetime
    review: Review


class PlanList(Wire):
    """Plans, the newest first."""

    plans: list[PlanRow]


class Edition(Wire):
    """An edition of one basic grid, in force ``[valid_from, valid_to)``."""

    id: int
    area_code: str
    area_name: str
    plan_id: int | None
    release: int
    valid_from: dt.date
    valid_to: dt.date | None
    who: str
    grids: int


class EditionList(Wire):
    """Editions, the newest first."""

    editions: list[Edition]
