"""A register of households (XLSX, CSV) matched to buildings: by estate and building, stairwell, floor, room.

Names of people are never kept: of the column 户主 only its place among the headings is known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from spatial.errors import Where
from spatial.readers.addresses import (
    HEADS,
    NO,
    STATUSES,
    floor_of_room,
    room_of,
    stairwell_in_room,
    stairwell_of,
)
from spatial.readers.building_names import Directory, estate_key, range_of
from spatial.readers.rooms import MOST_ROWS, room_frame
from spatial.readers.tables import heading, read_code, read_tables, without_floats
from spatial.readers.text import floor_of, plain
from spatial.readers.words import Findings, bad_file

if TYPE_CHECKING:
    import os

    from spatial.ground.model import ReportRow
    from spatial.readers.tables import Table, Words

WORDS: Words = {
    "bid": ("bid", "房屋编号", "楼栋编号", "楼栋编码", "建筑编号", "建筑编码"),
    "estate": ("小区名称", "小区", "所属小区", "小区名", "楼盘", "楼盘名称", "estate"),
    "building": (
        "楼栋", "楼栋号", "楼栋名称", "幢", "幢号", "栋", "栋号", "楼号", "楼幢", "楼幢号", "座", "座号",
        "楼", "楼名", "建筑名称", "房屋名称", "院落", "building",
    ),
    "stairwell": ("单元", "单元号", "门洞", "stairwell", "unit"),
    "floor": ("楼层", "楼层号", "所在层", "所在楼层", "层", "floor"),
    "room": ("房间号", "房号", "房间", "室", "室号", "户号", "门牌", "门牌号", "room"),
    "head": ("户主", "户主姓名", "姓名", "head"),
    "relation": ("与户主关系", "户主关系", "关系", "relation"),
    "same": ("人户一致", "人户是否一致", "是否人户一致"),
    "status": ("状态", "居住状态", "房屋状态", "住户状态", "入住情况", "使用情况", "住户类型", "status"),
    "n": ("户数", "n", "households"),
}  # fmt: skip
"""Our columns and the headings of real registers (docs/readers.md)."""
NEEDED = (("building", "bid"),)
_NUMBERED = ("building", "stairwell", "floor", "room", "n")


@dataclass(frozen=True)
class Register:
    """A register read.

    Parameters
    ----------
    rows
        One row = one room or ``n`` households; columns ``HOUSEHOLD_COLUMNS``, index 0..n-1.
    report
        What was repaired, set aside or noted; the first row sums up.
    """

    rows: pd.DataFrame
    report: list[ReportRow]


@dataclass(frozen=True)
class _Row:
    """One row of a sheet, understood."""

    row: int
    bid: str
    stairwell: str | None
    floor: int | None
    room: str | None
    status: str | None
    relation: str | None
    n: int

    @property
    def door(self) -> tuple[Any, ...]:
        return (self.bid, self.stairwell, self.floor, self.room)


@dataclass
class _Reading:
    """One sheet under way: what it is matched against, and what was found."""

    table: Table
    directory: Directory
    findings: Findings
    counts: Counter[str] = field(default_factory=Counter)
    sample: str = "-"

    def note(self, code: str, row: int, column: str, value: str | None, why: str = "") -> None:
        """Note something about a cell."""
        where = Where(layer=self.table.name, row=row, field=heading(self.table, column), value=value)
        self.findings.note(code, where, why)


def read_register(path: str | os.PathLike[str], buildings: pd.DataFrame) -> Register:
    """Read a register of households.

    Parameters
    ----------
    path
        XLSX, or CSV in UTF-8 or GB18030; every sheet with known headings is read.
    buildings
        One row a building, columns bid and name (the estate is part of the name: 凤城小区3号楼).

    Raises
    ------
    BadFile
        As :func:`spatial.readers.tables.read_tables`; ``register_matches_nothing``.
    """
    findings, directory = Findings(), Directory(buildings)
    rows: list[_Row] = []
    counts: Counter[str] = Counter()
    sample = "-"
    for table in read_tables(Path(path), WORDS, NEEDED, findings):
        reading = _Reading(without_floats(table, _NUMBERED), directory, findings)
        found = [part for number, cells in reading.table.rows for part in _parts(reading, number, cells)]
        rows += _households(reading, found)
        counts += reading.counts
        counts["rows"] += len(table.rows)
        sample = reading.sample if sample == "-" else sample
    if counts["rows"] and not counts["matched"]:
        where = Where(layer=Path(path).name, value=str(counts["rows"]))
        raise bad_file("register_matches_nothing", where=where, why=sample)
    frame = room_frame(
        [r.bid for r in rows], [r.stairwell for r in rows], [r.floor for r in rows], [r.room for r in rows],
        [r.status for r in rows], [r.n for r in rows],
    )  # fmt: skip
    summary = Findings()
    _summarise(summary, Path(path).name, counts, frame)
    return Register(frame, summary.report + findings.report)


def _summarise(findings: Findings, name: str, counts: Counter[str], frame: pd.DataFrame) -> None:
    told = {
        "rows": len(frame), "n": int(frame["n"].sum()), "read": counts["rows"], "aside": counts["aside"],
        "members": counts["members"], "inferred": counts["inferred"],
    }  # fmt: skip
    zh = (
        "读取 {read} 行，得 {rows} 间、{n} 户，搁置 {aside} 行；"
        "家庭成员 {members} 行不另计户；{inferred} 行的楼层由房号推出"
    )
    en = (
        "{read} rows read, {rows} rooms and {n} households, {aside} rows set aside; {members} rows of members"
        " are no households; the floor of {inferred} rows was told by the room"
    )
    findings.note("register_summary", Where(layer=name, value=zh.format(**told)), en.format(**told))


def _parts(reading: _Reading, number: int, cells: tuple[Any, ...]) -> list[_Row]:
    """Rows that a row of the sheet stands for: none where it was set aside, several for a range."""
    bids = _bids(reading, number, cells)
    if not bids:
        reading.counts["aside"] += 1
        return []
    n = _count(reading, number, cells)
    if n is None:
        reading.counts["aside"] += 1
        return []
    reading.counts["matched"] += 1
    table = reading.table
    room = room_of(table.cell(cells, "room"))
    row = _Row(
        number,
        bids[0],
        stairwell_of(table.cell(cells, "stairwell"))
        if "stairwell" in table.columns
        else stairwell_in_room(room),
        _floor(reading, number, cells, room),
        room,
        _status(reading, number, cells),
        plain(table.cell(cells, "relation")),
        n,
    )
    if len(bids) == 1:
        return [row]
    share, rest = divmod(n, len(bids))
    return [replace(row, bid=bid, n=share + (i < rest)) for i, bid in enumerate(bids)]


def _bids(reading: _Reading, number: int, cells: tuple[Any, ...]) -> list[str]:
    """Buildings that a row names: one, several for a range with a count, none where it was set aside."""
    table, directory = reading.table, reading.directory
    if "bid" in table.columns:
        bid = read_code(table, cells, "bid", number, reading.findings)
        if bid and directory.has(bid):
            return [bid]
        if bid or "building" not in table.columns:
            code = "register_unmatched" if bid else "register_building_missing"
            reading.note(code, number, "bid", bid, "、".join(directory.candidates(None, bid or "")) or "-")
            return []
    building, estate = plain(table.cell(cells, "building")), plain(table.cell(cells, "estate"))
    if building is None:
        reading.note("register_building_missing", number, "building", None)
        return []
    found = directory.find(estate, building)
    if len(found) == 1:
        return found
    names = None if found else range_of(building)
    if names is not None:
        return _spread(reading, number, cells, building, estate)
    said = building if not estate or estate_key(estate) in building else f"{estate}{building}"
    reading.sample = said if reading.sample == "-" else reading.sample
    if found:
        reading.note("register_ambiguous", number, "building", said, "、".join(directory.labels(found)[:5]))
    else:
        near = directory.candidates(estate, building)
        reading.note("register_unmatched", number, "building", said, "、".join(near) or "-")
    return []


def _spread(
    reading: _Reading, number: int, cells: tuple[Any, ...], building: str, estate: str | None
) -> list[str]:
    """Buildings of a range, where the row gives a count and every one of them is known; else set aside."""
    names = range_of(building) or []
    found = [reading.directory.numbered(estate, name) for name in names]
    counted = plain(reading.table.cell(cells, "n"))
    if not names or counted is None or any(len(bids) != 1 for bids in found):
        reading.note("building_range", number, "building", building)
        return []
    reading.note("building_range_spread", number, "building", building, counted)
    return [bids[0] for bids in found]


def _count(reading: _Reading, number: int, cells: tuple[Any, ...]) -> int | None:
    text = plain(reading.table.cell(cells, "n"))
    if text is None:
        return 1
    digits = text.removesuffix("户")
    if digits.isdigit() and int(digits) <= MOST_ROWS:
        return int(digits)
    reading.note("n_not_read", number, "n", text)
    return None


def _floor(reading: _Reading, number: int, cells: tuple[Any, ...], room: str | None) -> int | None:
    """Floor by its column; by the room's number only in a sheet that has no such column."""
    if "floor" not in reading.table.columns:
        floor = floor_of_room(room)
        reading.counts["inferred"] += floor is not None
        return floor
    cell = reading.table.cell(cells, "floor")
    try:
        return floor_of(cell)
    except ValueError:
        reading.note("floor_not_read", number, "floor", plain(cell))
        return None


def _status(reading: _Reading, number: int, cells: tuple[Any, ...]) -> str | None:
    """Status by its column; a household that does not live where it is registered is away."""
    word = plain(reading.table.cell(cells, "status"))
    if word is not None:
        status = STATUSES.get(word.lower())
        if status is None:
            reading.note("status_not_read", number, "status", word, "、".join(STATUSES))
        return status
    same = plain(reading.table.cell(cells, "same"))
    return "away" if same is not None and same.lower() in NO else None


def _households(reading: _Reading, rows: list[_Row]) -> list[_Row]:
    """Rows that are a household: one a head where relations are given, else every row."""
    if "relation" not in reading.table.columns:
        _note_twice(reading, rows)
        return rows
    _note_twice(reading, [row for row in rows if _is_head(row)])
    heads = {row.door for row in rows if _is_head(row)}
    kept: list[_Row] = []
    lost: set[tuple[Any, ...]] = set()
    for row in rows:
        if _is_head(row) or (row.relation is None and row.door not in heads):
            kept.append(row)
        else:
            reading.counts["members"] += 1
    counted = {row.door for row in kept}
    for row in rows:
        if row.door not in counted and row.door not in lost:
            lost.add(row.door)
            reading.note("head_missing", row.row, "relation", row.relation)
    return kept


def _is_head(row: _Row) -> bool:
    return row.relation is not None and row.relation.lower() in HEADS


def _note_twice(reading: _Reading, rows: list[_Row]) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if row.room is None:
            continue
        if row.door in first:
            reading.note("room_twice", row.row, "room", str(first[row.door]))
        first.setdefault(row.door, row.row)
