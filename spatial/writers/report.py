"""The report of an import as CSV, Chinese and English, for a spreadsheet."""

from __future__ import annotations

import csv
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from spatial.ground.model import ReportRow
from spatial.writers.atomic import replacing

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

_COLUMNS = tuple(f.name for f in fields(ReportRow) if f.name != "geometry")


def write_report(path: str | os.PathLike[str], report: Iterable[ReportRow]) -> None:
    """Write report rows as CSV (UTF-8 with a mark, so that spreadsheets read the Chinese).

    The columns are the fields of :class:`~spatial.ground.model.ReportRow` but the geometry, then lon and lat
    (EPSG:4326) where the row has a point.
    """
    with replacing(Path(path)) as draft, draft.open("w", encoding="utf-8-sig", newline="") as handle:
        table = csv.writer(handle)
        table.writerow([*_COLUMNS, "lon", "lat"])
        for row in report:
            point = row.geometry if row.geometry and row.geometry["type"] == "Point" else None
            table.writerow(
                [*(getattr(row, name) for name in _COLUMNS), *(point["coordinates"] if point else ("", ""))]
            )
