"""What a check says: statements that hold or fail, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from spatial.ground.model import ReportRow

Subject = Literal[
    "code", "outline", "seam", "nesting", "buildings", "households", "band", "reason", "town", "disputed",
    "ground", "stored",
]  # fmt: skip
NOWHERE = -1
"""Row of the grid that holds a cell, where none does."""


@dataclass(frozen=True)
class Proof:
    """One statement about a town, basic grid or grid, and whether it holds; geometry is GeoJSON, EPSG:4326.

    ``system`` is what was computed with: ``lattice`` (whole centimetres) or ``EPSG:4326`` (as stored).
    """

    subject: Subject
    area_code: str
    code: str | None
    ok: bool
    zh: str
    en: str
    geometry: dict[str, Any] | None = None
    system: Literal["lattice", "EPSG:4326"] = "lattice"


@dataclass(frozen=True)
class CheckResult:
    """What a check found; ``ok`` is False if one proof fails."""

    ok: bool
    areas: list[dict[str, Any]]
    report: list[ReportRow]
    proofs: list[Proof] = field(default_factory=list)
