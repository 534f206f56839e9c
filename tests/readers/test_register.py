"""Registers of households: as offices write them, matched to buildings, every row that is not taken named."""

from __future__ import annotations

import contextlib

import numpy as np
import pandas as pd
import pytest

from spatial.errors import BadFile
from spatial.ground.model import HOUSEHOLD_COLUMNS
from spatial.readers.household_register import read_register
from spatial.readers.placefile import read_place
from tests.fixtures.makers import Drawn
from tests.fixtures.tables import MERGED, REGISTER, csv_file, workbook

BUILDINGS = pd.DataFrame(
    {
        "bid": ["b1", "b2", "b3", "b4", "b5", "b6"],
        "name": ["凤城小区1号楼", "凤城小区2号楼", "凤城小区3号楼", "凤城小区4号楼", "龙台小区3号楼", None],
    },
    dtype=object,
)


def _codes(register):
    return [row.code for row in register.report]


def _row(register, code):
    return next(row for row in register.report if row.code == code)


def _read(tmp_path, rows, **merged):
    return read_register(workbook(tmp_path / "r.xlsx", rows, **merged), BUILDINGS)


def _one(tmp_path, headings, *rows):
    return _read(tmp_path, [headings, *rows])


def test_a_workbook_as_offices_write_it(tmp_path):
    register = _read(tmp_path, REGISTER, merged=MERGED)
    assert tuple(register.rows.columns) == HOUSEHOLD_COLUMNS
    assert [
        tuple(row) for row in register.rows.astype(object).where(register.rows.notna(), None).to_numpy()
    ] == [
        ("b3", "1单元", 15, "1502", "resident", 1),
        ("b3", "2单元", 3, "302", "away", 1),
        ("b4", None, -1, "B101", "renter", 1),
        ("b4", None, 1, "101", "shop", 1),
        ("b4", "1单元", 2, "201", "vacant", 1),
    ]


def test_every_row_that_is_not_taken_is_named(tmp_path):
    register = _read(tmp_path, REGISTER, merged=MERGED)
    told = {row.code: (row.row, row.action) for row in register.report}
    assert told["register_unmatched"] == (10, "set_aside")
    assert told["building_range"] == (11, "set_aside")
    assert told["register_building_missing"] == (12, "set_aside")
    assert told["head_missing"] == (13, "set_aside")
    assert told["total_row"] == (14, "set_aside")
    assert told["remark_row"] == (15, "set_aside")
    assert "12户" in _row(register, "total_row").zh
    assert register.report[0].code == "register_summary"
    assert "搁置 3 行" in register.report[0].zh


@pytest.mark.parametrize(
    "head",
    [
        [["住址", None, None, "户主", "状态"], ["楼栋", "单元", "房号", None, None]],
        [["楼栋", "住址", None, "户主", "状态"], [None, "单元", "房号", None, None]],
        [["楼栋", "单元", "房号", None, None], [None, None, None, "户主", "状态"]],
    ],
)
def test_headings_over_two_rows_that_nobody_merged(tmp_path, head):
    rows = [
        ["凤城小区3号楼", "1单元", "302", "张*", "空置"],
        ["凤城小区3号楼", "2单元", "401", "李*", "出租"],
    ]
    register = _read(tmp_path, [["住户台账"], *head, *rows])
    assert register.rows[["stairwell", "room", "status"]].to_numpy().tolist() == [
        ["1单元", "302", "vacant"], ["2单元", "401", "renter"],
    ]  # fmt: skip
    assert set(_codes(register)) <= {"register_summary", "remark_row"}


def test_an_unmatched_row_is_told_the_nearest_buildings(tmp_path):
    register = _one(
        tmp_path, ["小区", "楼栋", "房号"], ["凤成小区", "3号楼", 101], ["凤城小区", "1号楼", 101]
    )
    assert "凤城小区3号楼 (b3)" in _row(register, "register_unmatched").zh
    assert list(register.rows["bid"]) == ["b1"]


def test_names_of_people_are_nowhere(tmp_path):
    register = _read(tmp_path, REGISTER, merged=MERGED)
    everything = register.rows.to_csv() + "".join(f"{row.zh}{row.en}{row.ref}" for row in register.report)
    assert not any(name in everything for name in ("甲某", "乙某", "丙某", "丁某", "戊某", "己某", "庚某"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_in_both_encodings(tmp_path, encoding):
    rows = [
        ["小区名称", "楼栋", "单元", "楼层", "房号", "状态"],
        ["凤城小区", "㐂" * 0 + "3栋", "1", "十二层", "1201", "租户"],
    ]
    register = read_register(csv_file(tmp_path / "r.csv", rows, encoding), BUILDINGS)
    assert register.rows.iloc[0].to_dict() == {
        "bid": "b3", "stairwell": "1单元", "floor": 12, "room": "1201", "status": "renter", "n": 1,
    }  # fmt: skip


def test_numbers_that_a_csv_holds_as_floats_are_whole(tmp_path):
    rows = [["小区名称", "楼栋", "单元", "楼层", "房号"], ["凤城小区", "3.0", "2.0", "12.0", "1201.0"]]
    register = read_register(csv_file(tmp_path / "r.csv", rows, "utf-8-sig"), BUILDINGS)
    assert register.rows.iloc[0][["bid", "stairwell", "floor", "room"]].tolist() == [
        "b3", "2单元", 12, "1201",
    ]  # fmt: skip


def test_the_floor_is_never_inferred_beside_a_column_of_floors(tmp_path):
    register = _one(
        tmp_path, ["小区", "楼栋", "楼层", "房号"],
        ["凤城", "3幢", None, 1502], ["凤城", "3幢", "夹层", 1602], ["凤城", "3幢", "负一层", "01"],
    )  # fmt: skip
    assert [None if pd.isna(floor) else floor for floor in register.rows["floor"]] == [None, None, -1]
    assert _row(register, "floor_not_read").row == 3


def test_a_range_with_a_count_is_spread_evenly(tmp_path):
    register = _one(
        tmp_path, ["小区", "楼栋", "户数"], ["凤城小区", "1～3幢", 50], ["凤城小区", "2、4号楼", "7户"]
    )
    assert list(zip(register.rows["bid"], register.rows["n"], strict=True)) == [
        ("b1", 17), ("b2", 17), ("b3", 16), ("b2", 4), ("b4", 3),
    ]  # fmt: skip
    assert _codes(register).count("building_range_spread") == 2


def test_a_range_with_a_count_over_a_building_that_is_not_there_is_set_aside(tmp_path):
    register = _one(tmp_path, ["小区", "楼栋", "户数"], ["凤城小区", "1-10幢", 500], ["凤城小区", "1幢", 5])
    assert _row(register, "building_range").row == 2
    assert register.rows["n"].sum() == 5


def test_a_building_that_several_estates_have_needs_its_estate(tmp_path):
    register = _one(tmp_path, ["楼栋", "房号"], ["3号楼", 101], ["龙台小区3号楼", 102], ["1号楼", 103])
    assert _row(register, "register_ambiguous").row == 2
    assert list(register.rows["bid"]) == ["b5", "b1"]


def test_one_room_twice_counts_twice_and_is_told(tmp_path):
    register = _one(tmp_path, ["小区", "楼栋", "房号"], ["凤城", "1幢", 101], ["凤城", "1幢", 101])
    assert len(register.rows) == 2
    assert _row(register, "room_twice").row == 3


def test_codes_that_became_floats(tmp_path):
    buildings = pd.DataFrame({"bid": ["141126100001", "7"], "name": [None, None]}, dtype=object)
    rows = [["房屋编号", "房号"], [141126100001.0, 101], [7.0, 102], [1.4112610000101e18, 103]]
    register = read_register(workbook(tmp_path / "r.xlsx", rows), buildings)
    assert list(register.rows["bid"]) == ["141126100001", "7"]
    assert _codes(register).count("code_from_number") == 2
    assert _row(register, "code_digits_lost").row == 4


@pytest.mark.parametrize("n", ["-3", "三", "1.5"])
def test_counts_that_are_none(tmp_path, n):
    register = _one(tmp_path, ["小区", "楼栋", "户数"], ["凤城", "1幢", n], ["凤城", "2幢", 2])
    assert (_row(register, "n_not_read").row, register.rows["n"].sum()) == (2, 2)


def test_a_count_beyond_belief_is_named(tmp_path):
    register = _one(tmp_path, ["楼栋", "户数"], ["凤城小区1号楼", "9" * 21], ["凤城小区2号楼", 3])
    assert _row(register, "n_not_read").row == 2
    assert register.rows["n"].tolist() == [3]


def test_one_room_with_two_heads_is_told(tmp_path):
    head = ["楼栋", "房号", "与户主关系"]
    room = ["凤城小区1号楼", "101"]
    register = _one(tmp_path, head, [*room, "户主"], [*room, "配偶"], [*room, "户主"])
    assert (_row(register, "room_twice").row, register.rows["n"].sum()) == (4, 2)


def test_a_status_that_is_not_known_is_named(tmp_path):
    register = _one(tmp_path, ["小区", "楼栋", "状态"], ["凤城", "1幢", "待定"])
    assert register.rows["status"].isna().all()
    assert _row(register, "status_not_read").row == 2


def test_a_register_of_another_place_is_refused(tmp_path):
    with pytest.raises(BadFile) as caught:
        _one(tmp_path, ["小区", "楼栋", "房号"], ["天安里", "77号楼", 101])
    assert caught.value.code == "register_matches_nothing"
    assert "天安里77号楼" in caught.value.zh


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "r.csv", "file_empty"),
        (b"\xff\xfe\x00\x00\x80", "r.csv", "table_encoding"),
        (b"a,b\n1,2\n", "r.csv", "table_no_header"),
        ("小区,户主\n凤城,甲\n".encode(), "r.csv", "table_column_missing"),
        (b"PK\x03\x04 no workbook", "r.xlsx", "table_broken"),
        (b"\xd0\xcf\x11\xe0", "r.xls", "format_unknown"),
    ],
)
def test_files_that_are_no_register(tmp_path, content, name, code):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile) as caught:
        read_register(path, BUILDINGS)
    assert caught.value.code == code


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.97])
def test_a_workbook_cut_short(tmp_path, part):
    path = workbook(tmp_path / "r.xlsx", REGISTER)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(BadFile) as caught:
        read_register(path, BUILDINGS)
    assert caught.value.code == "table_broken"


@pytest.mark.parametrize("seed", range(12))
def test_a_workbook_with_noise_in_it(tmp_path, seed):
    path = workbook(tmp_path / "r.xlsx", REGISTER)
    content, rng = bytearray(path.read_bytes()), np.random.default_rng(seed)
    for spot in rng.integers(0, len(content), 4):
        content[spot] = rng.integers(0, 256)
    path.write_bytes(bytes(content))
    with contextlib.suppress(BadFile):
        assert len(read_register(path, BUILDINGS).rows) > 0


def test_a_register_beats_the_households_of_a_place(tmp_path):
    rows = [["楼栋", "单元", "楼层", "房号"], *(["甲1号楼", 1, f, f"{f}01"] for f in range(1, 7))]
    register = workbook(tmp_path / "r.xlsx", rows)
    place = read_place(Drawn().write(tmp_path), households=register)
    assert list(place.buildings["households"]) == [6, 24, 12, 1, 2, 1]
    assert set(place.households["bid"]) == {"1"}
    assert place.report[0].code == "register_summary"
    assert place.sha256 != read_place(tmp_path / "place.gpkg").sha256


def test_a_register_may_be_all_that_tells_who_lives_there(tmp_path):
    drawn = Drawn()
    drawn.buildings = drawn.buildings.drop(columns="households")
    register = workbook(tmp_path / "r.xlsx", [["楼栋", "房号"], ["甲1号楼", 101]])
    place = read_place(drawn.write(tmp_path), households=register)
    assert list(place.buildings["households"]) == [1, 0, 0, 0, 0, 0]
    told = next(row for row in place.report if row.code == "households_not_in_register")
    assert told.zh.startswith("户籍表没有提到 5 栋")
