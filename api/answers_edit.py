"""What the editing routes answer beside the change itself: a preview, a tower's floors, handles."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.answers import Flaw
from api.schemas import Wire

State = Literal["in_band", "under", "over", "no_band"]


class Held(Wire):
    """What a grid holds; cases are the open ones, hazard points those not struck off."""

    households: int
    registered: int
    buildings: int
    cells: int
    cases: int
    hazards: int
    area_m2: float


class Change(Wire):
    """One grid before and after, null where it is not there; ``band`` null where none applies."""

    node: int
    name: str
    label: str
    level: int
    before: Held | None
    after: Held | None
    band: tuple[int, int] | None
    state_before: State | None
    state_after: State | None
    new: bool
    gone: bool


class Cross(Wire):
    """Cells that change parent, in words with both totals."""

    zh: str
    en: str
    from_: int = Field(serialization_alias="from")
    to: int
    level: int
    cells: list[int]


class PreviewFigures(Wire):
    """What an edit would do in figures; nothing is stored."""

    rev: int
    touched: list[Change]
    parents: list[Change]
    crosses: list[Cross]
    flaws_new: list[Flaw]
    flaws_gone: list[Flaw]


class Preview(PreviewFigures):
    """What an edit would do: figures, and the borders that would be new as GeoJSON lines."""

    lines: dict[str, Any]


class TowerCell(Wire):
    """One cell of a stairwell; ``floors`` null where the stairwell is not cut between floors."""

    cell: int
    face: str
    floors: tuple[int, int] | None
    households: int
    registered: int
    node: int | None


class Stairwell(Wire):
    """A stairwell's cells, the lowest first."""

    stairwell: str | None
    cells: list[TowerCell]


class Tower(Wire):
    """A building, stairwell by stairwell; ``levels`` null where its number of floors is not known."""

    bid: str
    name: str | None
    levels: int | None
    stairwells: list[Stairwell]


class TransferredPlan(Wire):
    """A plan that a transfer made, going on from ``before``; ``node`` the grid that has the building now."""

    plan_id: int
    before: int
    area_code: str
    node: int | None


class Transfer(Wire):
    """The plan that lost the building, then the one that gained it."""

    plans: list[TransferredPlan]
