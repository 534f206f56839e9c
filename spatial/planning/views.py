"""What the planning use cases answer: plain data, no geometry but GeoJSON in EPSG:4326."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import geopandas as gpd

    from spatial.ground.model import ReportRow

    Progress = Callable[[str, str, int, int], None]
    """Called with the stage in Chinese and English, what is done, and how much there is."""
    Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class AreaResult:
    """What an import made of one basic grid.

    ``new`` is False where its ground was there already; ``derived`` are the households that nobody counted.
    """

    code: str
    name: str
    division: str
    ground_id: int
    new: bool
    buildings: int
    households: int
    registered: int
    faces: int
    cells: int
    derived: int = 0


@dataclass(frozen=True)
class ImportResult:
    """What an import made, and every row that it repaired, set aside, disputed or noted."""

    areas: list[AreaResult]
    report: list[ReportRow]


@dataclass(frozen=True)
class LevelSummary:
    """Grids of one level: ``grids`` ordinary ones, ``in_band`` None where no band applies."""

    level: int
    grids: int
    dedicated: int
    in_band: int | None
    out_of_band: int
    households: int


@dataclass(frozen=True)
class ProposeResult:
    """One basic grid's proposal; ``edition_id`` where it was published at once."""

    area_code: str
    area_name: str
    plan_id: int
    levels: list[LevelSummary]
    score: dict[str, Any]
    notes: list[dict[str, Any]]
    edition_id: int | None = None


@dataclass(frozen=True)
class LevelBand:
    """Name and band of one level of a plan."""

    level: int
    minimum: int | None
    maximum: int | None
    post_zh: str
    post_en: str


@dataclass(frozen=True)
class ReasonView:
    """Why a grid is out of band; ``proved`` is False where nothing proves that it must be."""

    code: str | None
    proved: bool
    zh: str
    en: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Acceptance:
    """Who accepted a grid out of band, and when (ISO 8601)."""

    reason: str
    who: str
    at: str


@dataclass(frozen=True)
class NodeView:
    """One grid of a plan with its sums; ``was`` is the code and name of the old grid that it began from."""

    id: int
    parent: int | None
    level: int
    kind: str
    name: str
    label: str
    short: str
    locked: bool
    households: int
    registered: int
    buildings: int
    cells: int
    in_band: bool | None
    reason: ReasonView | None
    accepted: Acceptance | None
    was: dict[str, str | None] | None = None


@dataclass(frozen=True)
class FlawView:
    """One flaw of a plan; ``blocking`` ones forbid publishing, out of band until its reason is accepted."""

    kind: Literal[
        "out_of_band", "disconnected", "unassigned", "dedicated_households", "empty", "gap", "overlap",
        "edge", "invalid", "disputed",
    ]  # fmt: skip
    node_id: int | None
    zh: str
    en: str
    blocking: bool
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True)
class PlanView:
    """A plan as it stands; ``can_undo`` and ``can_redo`` are of who asked.

    ``reproducible`` is False where a limit by the clock ended its search: the next run may differ.
    ``review`` is a key of `spatial.plans.review.STATES`.
    """

    id: int
    area_code: str
    area_name: str
    name: str | None
    division: str
    ground_id: int
    rev: int
    published: bool
    can_undo: bool
    can_redo: bool
    levels: list[LevelBand]
    nodes: list[NodeView]
    flaws: list[FlawView]
    score: dict[str, Any]
    reproducible: bool
    review: str = "draft"


@dataclass(frozen=True)
class PlanDelta:
    """What one action changed: the touched grids anew, and all flaws.

    ``cells`` are the cells that changed grid, ``assigned`` who holds them now; ``removed`` the grids that are
    gone; ``faces_changed``: ground was cut or joined: ``cells_removed`` are the cells that went with it,
    ``new_cells`` those that came, laid out as ``plan_cells`` does, or None; ``grids`` are the grids whose
    polygon is another now, laid out as ``plan_grids`` does. A grid among ``nodes`` without cells has none any
    more.
    """

    rev: int
    nodes: list[NodeView]
    removed: list[int]
    cells: list[int]
    assigned: dict[int, int | None]
    flaws: list[FlawView]
    faces_changed: bool
    can_undo: bool
    can_redo: bool
    grids: gpd.GeoDataFrame
    cells_removed: list[int]
    new_cells: gpd.GeoDataFrame | None


@dataclass(frozen=True)
class PlanRow:
    """One plan in a list; ``review`` is a key of `spatial.plans.review.STATES`."""

    id: int
    area_code: str
    area_name: str
    name: str | None
    rev: int
    published: bool
    who: str
    made_at: dt.datetime
    review: str = "draft"


@dataclass(frozen=True)
class EditionView:
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
