"""A register of hidden-danger points (XLSX, CSV, GeoPackage, GeoJSON ...) read as a hazards frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from spatial.duty.hazards import GRADES, TYPES, grade_of, state_of, threat_grade, type_of
from spatial.duty.model import HAZARD_COLUMNS, HAZARD_NUMBERS
from spatial.errors import Where
from spatial.readers import tables
from spatial.readers.cells import read_date, read_flag, read_number
from spatial.readers.danger_areas import draws_areas, join_areas, sound_area, tell_undrawn
from spatial.readers.points import Placing, read_point
from spatial.readers.shapes import POINT, POLYGONS
from spatial.readers.system import given_system, system_of, to_4326
from spatial.readers.tables import heading, read_code, read_tables, sound_code, table_of_layer
from spatial.readers.text import plain
from spatial.readers.vector import open_vector
from spatial.readers.words import Findings

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from spatial.ground.model import ReportRow
    from spatial.readers.tables import Table, Words

WORDS: Words = {
    "number": (
        "number", "hid", "id", "编号", "统一编号", "隐患点编号", "灾害点编号", "野外编号", "隐患点编码",
        "点号",
    ),
    "name": ("name", "名称", "隐患点名称", "灾害点名称", "地质灾害名称"),
    "kind": ("kind", "type", "类型", "灾害类型", "隐患类型", "隐患点类型", "灾种", "灾害种类"),
    "trend": ("trend", "变化趋势", "发展趋势", "趋势", "稳定性"),
    "county": ("county", "县", "县区", "县名称", "所在县", "区县"),
    "town": ("town", "乡镇", "乡", "镇", "所在乡镇", "乡镇街道"),
    "village": ("village", "村", "行政村", "所在村", "村社区"),
    "group": ("group", "组", "村民小组", "小组"),
    "place_code": ("place_code", "code", "行政区划代码", "区划代码", "乡镇代码", "村代码", "行政区代码"),
    "place": ("place", "位置", "地理位置", "详细位置", "具体位置", "地址"),
    "lon": ("lon", "longitude", "经度", "东经", "经度e"),
    "lat": ("lat", "latitude", "纬度", "北纬", "纬度n"),
    "crs": ("crs", "坐标系", "坐标系统"),
    "scale_wan_m3": ("scale_wan_m3", "体积", "方量", "规模体积"),
    "scale": ("scale", "规模等级", "规模", "灾害规模"),
    "grade": ("grade", "险情等级", "险情级别", "险情规模等级", "威胁等级"),
    "property_wan": ("property_wan", "威胁财产", "潜在经济损失", "威胁资产", "威胁财产价值"),
    "households": ("households", "威胁户数", "受威胁户数", "户数"),
    "people": ("people", "威胁人数", "威胁人口", "受威胁人数", "人数"),
    "frail": ("frail", "老弱病残", "是否有老弱病残", "有无老弱病残"),
    "found_on": ("found_on", "发现时间", "发生时间", "首次发现时间", "发现日期"),
    "trigger": ("trigger", "诱发因素", "引发因素"),
    "monitoring": ("monitoring", "监测方法", "监测方式", "监测手段"),
    "warning": ("warning", "预警手段", "报警方式", "预警信号", "预警方式"),
    "plan": ("plan", "防灾预案", "有无预案", "是否有预案", "应急预案"),
    "cards": ("cards", "两卡", "两卡发放", "两卡是否发放", "明白卡"),
    "last_drill": ("last_drill", "演练时间", "最近演练", "最近演练时间", "演练日期"),
    "state": ("state", "状态", "治理状态", "隐患点状态"),
    "struck_off_on": ("struck_off_on", "核销时间", "核销日期", "销号时间"),
    "struck_off_why": ("struck_off_why", "核销原因", "销号原因"),
    "review": ("review", "审核", "审核意见", "两级审核"),
    "responsible": ("responsible", "责任人", "防灾责任人", "负责人"),
    "responsible_post": ("responsible_post", "责任人职务"),
    "responsible_phone": ("responsible_phone", "责任人电话", "责任人联系电话", "负责人电话"),
    "monitor": ("monitor", "monitors", "监测人", "监测员", "群测群防员", "监测责任人"),
    "monitor_phone": ("monitor_phone", "监测人电话", "监测员电话", "监测人联系电话", "群测群防员电话"),
}  # fmt: skip
MONITORS = 6
"""As many monitors a point may have, numbered in columns of their own."""
WORDS |= {
    f"monitor_{i}{column}": (f"monitor_{i}{column}", *(f"{word}{i}{zh}" for word in WORDS["monitor"][2:]))
    for i in range(1, MONITORS + 1)
    for column, zh in (("", ""), ("_phone", "电话"))
}
NEEDED = (("number",), ("kind",))
MAPS = {".gpkg", ".geojson", ".json", ".shp", ".kml", ".kmz", ".zip"}
_TEXTS = ("name", "trend", "trigger", "monitoring", "warning", "struck_off_why", "review")


@dataclass(frozen=True)
class HazardFile:
    """A register of hazards read.

    Parameters
    ----------
    hazards
        Columns ``HAZARD_COLUMNS``; every row has a point.
    unplaced
        The rows without a point that can be taken, under the same columns.
    report
        What was repaired, set aside or noted; the last row counts.
    """

    hazards: gpd.GeoDataFrame
    unplaced: pd.DataFrame
    report: list[ReportRow]


def read_hazards(
    path: str | os.PathLike[str],
    *,
    crs: str | None = None,
    area: Any | None = None,
    county: str | None = None,
) -> HazardFile:
    """Read a register of hidden-danger points.

    Parameters
    ----------
    path
        XLSX or CSV with longitude and latitude; or a file with points, or polygons (danger areas), or a layer
        of each, joined by number.
    crs
        System of the positions where the rows or the file do not say it.
    area
        Ground (EPSG:4326 polygons) that it is about: tells swapped and stray points.
    county
        Six digits: rows whose code belongs to another county are set aside.

    Raises
    ------
    BadFile
        As :func:`spatial.readers.tables.read_tables` and :func:`spatial.readers.vector.open_vector`;
        ``crs_missing``.
    """
    findings, placing = Findings(), Placing(crs, area)
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    aside = 0
    sheets = sorted(_tables(Path(path), crs, findings), key=lambda sheet: draws_areas(sheet[1]))
    drawn = False
    for sheet, shapes in sheets:
        joins = bool(rows) and draws_areas(shapes)
        table = tables.checked(sheet, NEEDED[:1] if joins else NEEDED, findings, WORDS)
        if joins:
            table, lost = join_areas(rows, table, shapes or {}, findings)
            aside, drawn = aside + lost, True
        reading = Reading(table, shapes, placing.checked(table), county, findings)
        for row, cells in table.rows:
            read = _row(reading, row, cells, seen)
            rows += [read] if read else []
            aside += read is None
    if drawn:
        tell_undrawn(rows, findings)
    return hazard_file(rows, Path(path).name, aside, findings)


@dataclass(frozen=True)
class Reading:
    """One sheet or layer under way; ``shapes`` its geometries by row number, in EPSG:4326."""

    table: Table
    shapes: dict[int, Any] | None
    placing: Placing
    county: str | None
    findings: Findings


def _tables(path: Path, crs: str | None, findings: Findings) -> Iterable[tuple[Table, dict[int, Any] | None]]:
    if path.suffix.lower() not in MAPS and not path.is_dir():
        for table in read_tables(path, WORDS, NEEDED, findings):
            yield table, None
        return
    source, given = open_vector(path), given_system(crs)
    for name in source.layers:
        layer = source.read(name)
        table = table_of_layer(layer, WORDS)
        if layer.geometry is None:
            yield table, None
            continue
        geometry = to_4326(layer, system_of(layer, given, findings))
        yield table, {i + 1: shape for i, shape in enumerate(geometry)}


def _row(reading: Reading, row: int, cells: tuple[Any, ...], seen: set[str]) -> dict[str, Any] | None:
    """One hazard under ``HAZARD_COLUMNS``, or None where its row was set aside."""
    table, findings = reading.table, reading.findings
    number = usable_number(table, cells, row, seen, findings)
    if number is None or not of_county(table, cells, row, number, reading.county, findings):
        return None
    area, point = _shape(reading, row, number, cells)
    read: dict[str, Any] = dict.fromkeys(HAZARD_COLUMNS)
    read |= {"row": row, "number": number, "danger_area": area, "geometry": point, "source": table.name}
    read |= {column: plain(table.cell(cells, column)) for column in (*_TEXTS, "scale")}
    read |= {name: read_number(table, cells, name, row, findings) for name in HAZARD_NUMBERS}
    read |= {
        name: read_date(table, cells, name, row, findings)
        for name in ("found_on", "last_drill", "struck_off_on")
    }
    read |= {name: read_flag(table, cells, name) for name in ("frail", "plan", "cards")}
    read |= {"place": _place(table, cells), "place_code": sound_code(table, cells, "place_code")}
    read["kind"] = kind_of(table, cells, row, findings)
    read["state"] = state_of(plain(table.cell(cells, "state"))) or "registered"
    read["grade"] = _grade(table, cells, row, read, findings)
    read["responsible"] = _person(table, cells, "responsible")
    monitors = ("monitor", *(f"monitor_{i}" for i in range(1, MONITORS + 1)))
    read["monitors"] = [found for role in monitors if (found := _person(table, cells, role))]
    return read


def usable_number(
    table: Table, cells: tuple[Any, ...], row: int, seen: set[str], findings: Findings
) -> str | None:
    """Number of a row as text; None (told) where it has none, a damaged or a repeated one."""
    lost = tables.code_text(table.cell(cells, "number"))[2]
    number = read_code(table, cells, "number", row, findings)
    if number is None or number in seen:
        if not lost:
            where = Where(layer=table.name, row=row, field=heading(table, "number"), value=number)
            findings.note("id_twice" if number else "id_missing", where)
        return None
    seen.add(number)
    return number


def of_county(
    table: Table, cells: tuple[Any, ...], row: int, ref: str, county: str | None, findings: Findings
) -> bool:
    """Say whether a row's code is of the county that is wanted; a row without code is taken."""
    code = read_code(table, cells, "place_code", row, findings)
    if county is None or code is None or code.startswith(county):
        return True
    where = Where(layer=table.name, row=row, field=heading(table, "place_code"), value=code, ref=ref)
    findings.note("other_county", where, county)
    return False


def kind_of(table: Table, cells: tuple[Any, ...], row: int, findings: Findings) -> str:
    """Key of a row's kind; other (told) where the word is not known."""
    word = plain(table.cell(cells, "kind"))
    kind = type_of(word)
    if kind is None:
        where = Where(layer=table.name, row=row, field=heading(table, "kind"), value=word or "-")
        findings.note("kind_not_read", where, "、".join(zh for zh, _, _ in TYPES.values()))
    return kind or "other"


def hazard_file(rows: list[dict[str, Any]], name: str, aside: int, findings: Findings) -> HazardFile:
    """Frame the rows: those with a point, and those without."""
    frame = pd.DataFrame(rows, columns=list(HAZARD_COLUMNS), dtype=object)
    for column in HAZARD_COLUMNS:
        frame[column] = frame[column].astype(float if column in HAZARD_NUMBERS else object)
    frame["row"] = frame["row"].astype("int64")
    placed = frame["geometry"].notna().to_numpy()
    findings.note(
        "rows_read", Where(layer=name, value=str(int(placed.sum()))), str(aside + int((~placed).sum()))
    )
    hazards = gpd.GeoDataFrame(frame[placed].reset_index(drop=True), geometry="geometry", crs=4326)
    return HazardFile(hazards, frame[~placed].reset_index(drop=True), findings.report)


def _shape(reading: Reading, row: int, ref: str, cells: tuple[Any, ...]) -> tuple[Any | None, Any | None]:
    """Danger area and point of a row."""
    table, findings = reading.table, reading.findings
    shape = (reading.shapes or {}).get(row)
    if shape is None or shape.is_empty:
        return None, read_point(table, cells, row, ref, reading.placing, findings)
    kind = int(shapely.get_type_id(shape))
    if kind in POLYGONS:
        area = sound_area(shape)
        return area, reading.placing.seen(area.point_on_surface(), table.name, row, ref, findings)
    if kind != POINT:
        where = Where(layer=table.name, row=row, field="geometry", ref=ref, value=shape.geom_type)
        findings.note("feature_not_point", where)
        return None, None
    return None, reading.placing.seen(shape, table.name, row, ref, findings)


def _place(table: Table, cells: tuple[Any, ...]) -> str | None:
    """County, town, village, group and place in words, each once."""
    words = [plain(table.cell(cells, c)) for c in ("county", "town", "village", "group", "place")]
    said = "".join(dict.fromkeys(word for word in words[:-1] if word))
    last = words[-1] or ""
    return (last if last.startswith(said) else said + last) or None


def _grade(
    table: Table, cells: tuple[Any, ...], row: int, read: dict[str, Any], findings: Findings
) -> str | None:
    """Grade as the register says; told where its own people and property make another."""
    word = plain(table.cell(cells, "grade"))
    grade = grade_of(word)
    title = heading(table, "grade")
    if word and grade is None:
        where = Where(layer=table.name, row=row, field=title, value=word)
        findings.note("kind_not_read", where, "、".join(GRADES))
    known = [None if value != value else value for value in (read["people"], read["property_wan"])]  # noqa: PLR0124
    if grade and any(value is not None for value in known) and threat_grade(*known) != grade:
        where = Where(layer=table.name, row=row, field=title, value=grade, ref=read["number"])
        findings.note("grade_differs", where, threat_grade(*known))
    return grade


def _person(table: Table, cells: tuple[Any, ...], role: str) -> dict[str, str | None] | None:
    name, post, phone = (
        plain(table.cell(cells, column)) for column in (role, f"{role}_post", f"{role}_phone")
    )
    return {"name": name, "post": post, "phone": phone} if name or phone else None
