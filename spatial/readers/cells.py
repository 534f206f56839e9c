"""Cells of a register read as numbers, dates, times and yes or no; what can't be read is noted."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from spatial.errors import Where
from spatial.readers.tables import heading
from spatial.readers.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.readers.tables import Table
    from spatial.readers.words import Findings

YES = frozenset({"是", "有", "已", "已发", "已发放", "已编制", "y", "yes", "true", "1", "√"})
NO = frozenset({"否", "无", "未", "没有", "未发", "未发放", "n", "no", "false", "0", "×"})
TEN_THOUSAND = 10_000.0
ISO = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m", "%Y",
)  # fmt: skip
AMERICAN = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%m/%d/%Y")
_NUMBER = re.compile(r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?")
_ONES = re.compile(r"元|立方米|m3|m³|方(?!量)")
_UNIT = re.compile(r"(万)?(?:元|人|户|立方米|m3|m³|方)?")


def read_number(table: Table, cells: Sequence[Any], column: str, row: int, findings: Findings) -> float:
    """Number of a cell, NaN where it is empty or can't be read.

    Columns called ``*_wan*`` are in 10,000: a cell or heading that says 元 or 立方米 without 万 is
    divided, but a heading that is the column's own name (``scale_wan_m3``) says 10,000 itself.
    Others are in ones: 万 multiplies.
    """
    text = plain(table.cell(cells, column))
    if text is None:
        return float("nan")
    title = heading(table, column)
    match = _NUMBER.match(text.replace(" ", ""))
    unit = _UNIT.fullmatch(text.replace(" ", "")[match.end() :]) if match else None
    if match is None or unit is None or float(match[0].replace(",", "")) < 0:
        where = Where(layer=table.name, row=row, field=title, value=text)
        findings.note("number_not_read", where)
        return float("nan")
    number, said = float(match[0].replace(",", "")), text if title == column else title + text
    if "_wan" not in column:
        return number * (TEN_THOUSAND if "万" in said else 1.0)
    return number / (TEN_THOUSAND if "万" not in said and _ONES.search(said) else 1.0)


def read_flag(table: Table, cells: Sequence[Any], column: str) -> bool | None:
    """Yes or no; None where the cell is empty or says neither."""
    cell = table.cell(cells, column)
    word = "" if cell is None or (isinstance(cell, float) and pd.isna(cell)) else str(cell).strip().lower()
    return True if word in YES else False if word in NO else None


def read_date(
    table: Table,
    cells: Sequence[Any],
    column: str,
    row: int,
    findings: Findings,
    formats: Sequence[str] = ISO,
) -> dt.date | None:
    """Date of a cell, None where it is empty or can't be read."""
    moment = _moment(table, cells, column, row, findings, formats)
    return None if moment is None else moment.date()


def read_time(
    table: Table,
    cells: Sequence[Any],
    column: str,
    row: int,
    findings: Findings,
    *,
    zone: str,
    formats: Sequence[str] = ISO,
) -> pd.Timestamp:
    """Time of a cell in UTC; NaT where it is empty or can't be read.

    A time without a zone is of ``zone``; one that the clocks show twice is the earlier.
    """
    moment = _moment(table, cells, column, row, findings, formats)
    if moment is None:
        return pd.NaT
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return pd.Timestamp(local).tz_convert("UTC")


def _moment(
    table: Table, cells: Sequence[Any], column: str, row: int, findings: Findings, formats: Sequence[str]
) -> dt.datetime | None:
    cell = table.cell(cells, column)
    text = plain(cell)
    if text is None:
        return None
    if isinstance(cell, dt.datetime):  # pandas' timestamps too
        return cell if not isinstance(cell, pd.Timestamp) else cell.to_pydatetime()
    if isinstance(cell, dt.date):
        return dt.datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - the zone is the caller's
    said = re.sub(r"[年月.](?=\d)", "-", text) if formats is ISO else text
    said = re.sub(r"[日年月]", "", said.replace("/", "-")) if formats is ISO else said
    for form in formats:
        try:
            return dt.datetime.strptime(said, form)  # noqa: DTZ007 - the zone is the caller's
        except ValueError:
            continue
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        where = Where(layer=table.name, row=row, field=heading(table, column), value=text)
        findings.note("date_not_read", where)
        return None
