"""A staff list (XLSX, CSV) read as a frame: posts by their grid's code, or by area, level and seat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from spatial.duty.staff import STAFF_GIVEN
from spatial.errors import Where
from spatial.readers.cells import read_date
from spatial.readers.tables import heading, read_code, read_tables
from spatial.readers.text import chinese_number, plain
from spatial.readers.words import Findings

if TYPE_CHECKING:
    import os

    from spatial.ground.model import ReportRow
    from spatial.readers.tables import Table, Words

WORDS: Words = {
    "holder": ("holder", "姓名", "网格员姓名", "人员姓名"),
    "post": ("post", "岗位", "职务", "岗位名称"),
    "code": ("code", "网格编码", "网格代码", "区划代码"),
    "phone": ("phone", "电话", "联系电话", "工作电话", "手机"),
    "time": ("time", "专兼职", "专职兼职"),
    "body": ("body", "责任单位", "单位", "所在单位"),
    "level": ("level", "网格级别", "网格层级", "级别", "层级"),
    "seat": ("seat", "ordinal", "网格序号", "席位", "第几网格"),
    "until": ("until", "离任时间", "离岗时间", "任期至", "离任日期"),
}
NEEDED = (("post",), ("code",))


@dataclass(frozen=True)
class StaffFile:
    """A staff list read: columns ``row`` and ``STAFF_GIVEN``, and what was repaired, set aside or noted."""

    staff: pd.DataFrame
    report: list[ReportRow]


def read_staff(path: str | os.PathLike[str]) -> StaffFile:
    """Read a staff list; names and work phones are kept, nothing else about persons.

    Raises
    ------
    BadFile
        As :func:`spatial.readers.tables.read_tables`.
    """
    findings = Findings()
    rows = [
        _row(table, row, cells, findings)
        for table in read_tables(Path(path), WORDS, NEEDED, findings)
        for row, cells in table.rows
    ]
    return StaffFile(pd.DataFrame(rows, columns=["row", *STAFF_GIVEN], dtype=object), findings.report)


def _row(table: Table, row: int, cells: tuple[Any, ...], findings: Findings) -> dict[str, Any]:
    read: dict[str, Any] = {
        c: plain(table.cell(cells, c)) for c in ("holder", "post", "phone", "time", "body")
    }
    read |= {"row": row, "code": read_code(table, cells, "code", row, findings)}
    read |= {name: _count(table, row, cells, name, findings) for name in ("level", "seat")}
    return read | {"until": read_date(table, cells, "until", row, findings)}


def _count(table: Table, row: int, cells: tuple[Any, ...], column: str, findings: Findings) -> int | None:
    """Whole number of a cell such as 2, 二级 or 第12网格; None where it is empty or says none."""
    text = plain(table.cell(cells, column))
    if text is None:
        return None
    bare = re.sub(r"\.0+$|[第级层号网格个\s]", "", text)
    try:
        return int(bare) if bare.isdigit() else chinese_number(bare)
    except (KeyError, ValueError):
        where = Where(layer=table.name, row=row, field=heading(table, column), value=text)
        findings.note("number_not_read", where)
        return None
