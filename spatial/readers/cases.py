"""A register of cases (XLSX, CSV) read as a cases frame; columns about persons are never read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from spatial.duty.cases import STATES, state_of
from spatial.duty.categories import CATEGORIES, category_of
from spatial.duty.masking import mask_numbers
from spatial.duty.model import CASE_COLUMNS, CASE_TIMES
from spatial.errors import Where
from spatial.readers.addresses import stairwell_of
from spatial.readers.cells import ISO, read_flag, read_time
from spatial.readers.hazards import of_county, usable_number
from spatial.readers.points import Placing, read_point
from spatial.readers.steps import read_steps
from spatial.readers.tables import heading, read_tables, sound_code
from spatial.readers.text import floor_of, plain
from spatial.readers.words import Findings

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from spatial.ground.model import ReportRow
    from spatial.readers.tables import Table, Words

WORDS: Words = {
    "number": ("number", "case_id", "编号", "事件编号", "案件编号", "工单号", "事件id", "工单编号"),
    "category": ("category", "类别", "事件类别", "一级类别", "大类", "事件大类", "事件类型", "类型"),
    "subcategory": ("subcategory", "二级类别", "小类", "事件小类"),
    "description": ("description", "描述", "事件描述", "问题描述", "内容", "事件内容", "事由"),
    "state": ("state", "status", "状态", "事件状态", "办理状态"),
    "reported_at": ("reported_at", "created", "登记时间", "上报时间", "创建时间", "发生时间", "受理登记时间"),
    "accepted_at": ("accepted_at", "accepted", "受理时间"),
    "dispatched_at": ("dispatched_at", "dispatched", "派发时间", "派遣时间", "派单时间"),
    "fed_back_at": ("fed_back_at", "fed_back", "反馈时间", "处置时间", "处置完成时间"),
    "closed_at": ("closed_at", "closed", "archived", "结案时间", "办结时间", "归档时间"),
    "due_at": ("due_at", "due", "截止时间", "应办结时间", "办理时限"),
    "steps": ("steps", "chain", "办理过程", "流转过程", "流转记录"),
    "satisfied": ("satisfied", "是否满意", "满意"),
    "stairwell": ("stairwell", "单元", "单元号"),
    "floor": ("floor", "楼层"),
    "place": ("place", "地点", "地址", "事发地点", "位置", "详细地址"),
    "place_code": ("place_code", "网格编码", "网格代码", "行政区划代码", "区划代码", "grid_code"),
    "lon": ("lon", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "crs": ("crs", "坐标系", "坐标系统"),
    "person": (
        "上报人", "报告人", "报事人", "姓名", "联系人", "投诉人", "当事人", "电话", "联系电话", "手机",
        "手机号", "身份证", "身份证号", "证件号码", "上报人电话", "reporter", "phone", "who",
    ),
}  # fmt: skip
NEEDED = (("number",), ("category",), ("reported_at",))


@dataclass(frozen=True)
class CaseFile:
    """A register of cases read.

    Parameters
    ----------
    cases
        Columns ``CASE_COLUMNS``; every row has a point.
    unplaced
        The rows without a point that can be taken, under the same columns.
    report
        What was repaired, set aside or noted; the last row counts.
    """

    cases: gpd.GeoDataFrame
    unplaced: pd.DataFrame
    report: list[ReportRow]


@dataclass(frozen=True)
class Form:
    """How one source writes its cases.

    Parameters
    ----------
    words
        Headings of our columns.
    zone
        Zone of times that name none.
    times
        Formats of times.
    categories
        Category of the source: ours, as ``key`` or ``key/subkey``; of others the words are looked up.
    states
        State of the source in lower case: ours.
    source
        Name of the source; the file's where empty.
    needed
        Of each group one column must be there.
    """

    words: Words = field(default_factory=lambda: WORDS)
    zone: str = "Asia/Shanghai"
    times: tuple[str, ...] = ISO
    categories: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    needed: tuple[tuple[str, ...], ...] = NEEDED


OURS = Form()


def read_cases(
    path: str | os.PathLike[str],
    *,
    crs: str | None = None,
    area: Any | None = None,
    county: str | None = None,
    form: Form = OURS,
) -> CaseFile:
    """Read a register of cases.

    Parameters
    ----------
    path
        XLSX or CSV: number, category, description, times, longitude, latitude, system.
    crs
        System of the positions of rows that do not name one.
    area
        Ground (EPSG:4326 polygons) that it is about: tells swapped and stray points.
    county
        Six digits: rows whose code belongs to another county are set aside.
    form
        How the source writes.

    Raises
    ------
    BadFile
        As :func:`spatial.readers.tables.read_tables`; ``crs_missing``.
    """
    findings, placing = Findings(), Placing(crs, area)
    tomorrow = pd.Timestamp.now(tz="UTC") + pd.Timedelta(days=1)
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    aside = masked = 0
    for table in read_tables(Path(path), form.words, form.needed, findings):
        _tell_persons(table, form.words, findings)
        here = placing.checked(table)
        for row, cells in table.rows:
            number = usable_number(table, cells, row, seen, findings)
            if number is None or not of_county(table, cells, row, number, county, findings):
                aside += 1
                continue
            read = _row(table, row, cells, number, form, findings)
            time = read["reported_at"]
            if pd.isna(time) or time > tomorrow:
                where = Where(layer=table.name, row=row, ref=number, field="reported_at")
                if pd.isna(time):
                    findings.note("no_report_time", where)
                else:
                    findings.note("report_time_ahead", where, f"{time:%Y-%m-%d %H:%M}")
                aside += 1
                continue
            read["geometry"] = read_point(table, cells, row, number, here, findings)
            masked += read.pop("masked")
            rows.append(read)
    if masked:
        findings.note("persons_masked", Where(layer=Path(path).name, field="description", value=str(masked)))
    return _case_file(rows, Path(path).name, aside, findings)


def _row(
    table: Table, row: int, cells: tuple[Any, ...], number: str, form: Form, findings: Findings
) -> dict[str, Any]:
    """One case under ``CASE_COLUMNS`` without its point; ``masked`` whether its description was."""
    category, subcategory, said = _category(table, row, cells, form, findings)
    told = plain(table.cell(cells, "description"))
    description = mask_numbers(told) if told else None
    return {
        "row": row,
        "number": number,
        "category": category,
        "subcategory": subcategory,
        "category_words": said,
        "description": description,
        "state": _state(table, row, cells, form, findings),
        **_times(table, row, cells, number, form, findings),
        "steps": read_steps(table, row, cells, number, form.zone, findings),
        "satisfied": read_flag(table, cells, "satisfied"),
        "stairwell": stairwell_of(table.cell(cells, "stairwell")),
        "floor": _floor(table, row, cells, findings),
        "place": plain(table.cell(cells, "place")),
        "place_code": sound_code(table, cells, "place_code"),
        "source": form.source or table.name,
        "masked": description != told,
    }


def _category(
    table: Table, row: int, cells: tuple[Any, ...], form: Form, findings: Findings
) -> tuple[str, str | None, str | None]:
    """Category and subcategory by key, and the words of the source."""
    one, two = plain(table.cell(cells, "category")), plain(table.cell(cells, "subcategory"))
    said = "/".join(word for word in (one, two) if word) or None
    mapped = form.categories.get(one or "")
    found = category_of(mapped) if mapped else category_of(said) or category_of(one)
    if found is None and not form.categories:
        where = Where(layer=table.name, row=row, field=heading(table, "category"), value=said or "-")
        findings.note("kind_not_read", where, "、".join(zh for zh, _, _ in CATEGORIES.values()))
    return (*(found or ("other", None)), said)


def _state(table: Table, row: int, cells: tuple[Any, ...], form: Form, findings: Findings) -> str:
    word = plain(table.cell(cells, "state"))
    if word is None:
        return "registered"
    state = form.states.get(word.lower()) or state_of(word)
    if state is None:
        where = Where(layer=table.name, row=row, field=heading(table, "state"), value=word)
        findings.note("status_not_read", where, "、".join(zh for zh, _ in STATES.values()))
    return state or "registered"


def _times(
    table: Table, row: int, cells: tuple[Any, ...], ref: str, form: Form, findings: Findings
) -> dict[str, pd.Timestamp]:
    """Times of a case in UTC; one before the case was reported is not taken, and told."""
    times = {
        name: read_time(table, cells, name, row, findings, zone=form.zone, formats=form.times)
        for name in CASE_TIMES
    }
    for name, time in times.items():
        if time < times["reported_at"]:
            value = plain(table.cell(cells, name))
            where = Where(layer=table.name, row=row, field=heading(table, name), value=value, ref=ref)
            findings.note("times_out_of_order", where)
            times[name] = pd.NaT
    return times


def _floor(table: Table, row: int, cells: tuple[Any, ...], findings: Findings) -> int | None:
    cell = table.cell(cells, "floor")
    try:
        return floor_of(cell)
    except ValueError:
        where = Where(layer=table.name, row=row, field=heading(table, "floor"), value=plain(cell))
        findings.note("floor_not_read", where)
        return None


def _tell_persons(table: Table, words: Words, findings: Findings) -> None:
    named = [title for title in table.headings if title and title.lower() in words.get("person", ())]
    if named:
        findings.note("persons_dropped", Where(layer=table.name, value="、".join(named)))


def _case_file(rows: list[dict[str, Any]], name: str, aside: int, findings: Findings) -> CaseFile:
    frame = pd.DataFrame(rows, columns=list(CASE_COLUMNS), dtype=object)
    for column in CASE_COLUMNS:
        if column in CASE_TIMES:
            frame[column] = pd.to_datetime(frame[column], utc=True)
        elif column not in {"row", "floor"}:
            frame[column] = frame[column].astype(object)
    frame["row"], frame["floor"] = frame["row"].astype("int64"), frame["floor"].astype("Int64")
    placed = frame["geometry"].notna().to_numpy()
    findings.note(
        "rows_read", Where(layer=name, value=str(int(placed.sum()))), str(aside + int((~placed).sum()))
    )
    cases = gpd.GeoDataFrame(frame[placed].reset_index(drop=True), geometry="geometry", crs=4326)
    return CaseFile(cases, frame[~placed].reset_index(drop=True), findings.report)
