"""A table of loads (XLSX, CSV): what a building, or a stairwell, weighs on who holds its grid."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from spatial.errors import Where
from spatial.readers.tables import heading, read_tables
from spatial.readers.text import plain
from spatial.readers.words import Findings

if TYPE_CHECKING:
    import os

    from spatial.readers.tables import Words

WORDS: Words = {
    "bid": ("bid", "楼栋编号", "房屋编号", "建筑编号"),
    "stairwell": ("stairwell", "单元", "单元号", "门"),
    "load": ("load", "负荷", "权重", "人数", "重点人员", "工作量"),
}
NEEDED = (("bid",), ("load",))


def read_loads(path: str | os.PathLike[str]) -> list[tuple[str, str | None, float]]:
    """Read a table of loads: bid, stairwell (None: the whole building) and load, a number from 0.

    Raises
    ------
    BadFile
        As `spatial.readers.tables.read_tables`.
    BadRows
        ``load_bad``, ``bid_missing``: every faulty row at once.
    """
    findings = Findings()
    found = []
    for table in read_tables(Path(path), WORDS, NEEDED, findings):
        for row, cells in table.rows:
            bid, text = plain(table.cell(cells, "bid")), plain(table.cell(cells, "load"))
            where = Where(layer=table.name, row=row, field=heading(table, "load"), value=text or "", ref=bid)
            value = _number(text)
            if bid is None:
                findings.fault("bid_missing", where)
            elif value is None:
                findings.fault("load_bad", where)
            else:
                found.append((bid, plain(table.cell(cells, "stairwell")), value))
    findings.refuse_if_faulty()
    return found


def _number(text: str | None) -> float | None:
    """Read a finite number from 0; None where it is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
