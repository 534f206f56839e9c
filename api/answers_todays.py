"""What the routes about today's grids and about reasons answer."""

from __future__ import annotations

from typing import Any

from api.schemas import Wire


class ReportRow(Wire):
    """What reading repaired, set aside or noted."""

    layer: str
    row: int | None
    ref: str | None
    field: str | None
    action: str
    code: str
    zh: str
    en: str
    geometry: dict[str, Any] | None


class BegunPlan(Wire):
    """A plan that began from today's grids; ``mended`` is GeoJSON: kind, m2, node and name of the grid."""

    area_code: str
    area_name: str
    plan_id: int
    grids: int
    mended: dict[str, Any]
    report: list[ReportRow]


class Begun(Wire):
    """Plans that began from today's grids, and what was said of the file."""

    plans: list[BegunPlan]
    report: list[ReportRow]
