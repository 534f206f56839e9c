"""Registers of cases: times, categories, states, persons left out; and New York's 311 records."""

from __future__ import annotations

import pandas as pd
import pytest

from spatial.duty.model import CASE_COLUMNS
from spatial.errors import BadFile
from spatial.readers.cases import read_cases
from spatial.readers.requests311 import read_requests
from tests.fixtures.makers import LAT, LON
from tests.fixtures.tables import csv_file, workbook
from tests.readers.test_placefile import SHARED

HEAD = ["事件编号", "类别", "小类", "描述", "状态", "登记时间", "派发时间", "结案时间", "经度", "纬度",
        "坐标系", "网格编码", "上报人", "联系电话"]  # fmt: skip


def _line(number, category="消防", sub="通道堵塞", text="通道堆物", state="已归档",
          grid="141126100201001", at=(LON, LAT),
          times=("2026-03-01 09:00", "2026-03-01 10:00", "2026/3/2 8:30")):  # fmt: skip
    return [number, category, sub, text, state, *times, *at, "wgs84", grid, "甲某", "13812345678"]


def _read(tmp_path, *rows, **flags):
    return read_cases(csv_file(tmp_path / "c.csv", [HEAD, *rows]), **flags)


def _codes(file):
    return [row.code for row in file.report]


def test_a_register_row_is_read_whole(tmp_path):
    file = _read(tmp_path, _line("S1"))
    assert tuple(file.cases.columns) == CASE_COLUMNS
    row = file.cases.iloc[0]
    assert (row["number"], row["category"], row["subcategory"]) == ("S1", "fire", "blocked_exit")
    assert row["category_words"] == "消防/通道堵塞"
    assert row["state"] == "archived"
    assert row["reported_at"] == pd.Timestamp("2026-03-01 01:00", tz="UTC")
    assert row["closed_at"] == pd.Timestamp("2026-03-02 00:30", tz="UTC")
    assert pd.isna(row["due_at"])
    assert (row.geometry.x, row.geometry.y) == (LON, LAT)


def test_no_person_is_read(tmp_path):
    file = _read(tmp_path, _line("S1", text="甲户反映，电话 13812345678，证件 14112619800101001X"))
    told = next(row for row in file.report if row.code == "persons_dropped")
    assert "上报人、联系电话" in told.zh
    assert file.cases["description"][0] == "甲户反映，电话 138****5678，证件 [证件号]"
    assert "persons_masked" in _codes(file)
    assert "甲某" not in file.cases.to_csv() + "".join(row.zh for row in file.report)


def test_a_case_of_a_time_to_come_is_set_aside(tmp_path):
    file = _read(
        tmp_path, _line("S1", times=("2135-03-01", "", "")), _line("S2", times=("2026-03-01", "", ""))
    )
    assert file.cases["number"].tolist() == ["S2"]
    (told,) = [row for row in file.report if row.code == "report_time_ahead"]
    assert (told.ref, told.action) == ("S1", "set_aside")


def test_times_before_the_case_are_not_taken(tmp_path):
    file = _read(tmp_path, _line("S1", times=("2026-03-01", "2026-02-01", "不详")))
    assert file.cases[["dispatched_at", "closed_at"]].isna().all(axis=None)
    assert _codes(file) == ["persons_dropped", "date_not_read", "times_out_of_order", "rows_read"]


def test_a_case_without_a_readable_time_of_registration_is_set_aside(tmp_path):
    rows = [_line(f"S{i}", times=(time, "", "")) for i, time in enumerate(("昨天", "", "2026-03-01"))]
    file = _read(tmp_path, *rows)
    assert file.cases["number"].tolist() == ["S2"]
    told = [row for row in file.report if row.code == "no_report_time"]
    assert [(row.ref, row.field, row.action) for row in told] == [
        ("S0", "reported_at", "set_aside"),
        ("S1", "reported_at", "set_aside"),
    ]


def test_words_that_are_not_known(tmp_path):
    file = _read(tmp_path, _line("S1", category="外星", sub=None, state="飞走"), _line("S2", sub="别的"))
    assert list(file.cases["category"]) == ["other", "fire"]
    assert list(file.cases["state"]) == ["registered", "archived"]
    assert {"kind_not_read", "status_not_read"} <= set(_codes(file))


def test_grid_codes_of_nineteen_digits_in_number_cells(tmp_path):
    rows = [HEAD, _line("S1", grid=1411261002010010101), _line("S2", grid="1411261002010010101")]
    file = read_cases(workbook(tmp_path / "c.xlsx", rows), county="141126")
    assert list(file.cases["place_code"]) == [None, "1411261002010010101"]
    assert [(row.code, row.row) for row in file.report if row.field == "网格编码"] == [
        ("code_digits_lost", 2)
    ]


def test_cases_of_another_county_missing_and_doubled_numbers(tmp_path):
    rows = [_line("S1"), _line("S2", grid="150703100201001"), _line(None), _line("S1"), _line("合计")]
    file = _read(tmp_path, *rows, county="141126")
    assert list(file.cases["number"]) == ["S1"]
    told = [(row.code, row.row) for row in file.report if row.action == "set_aside"]
    assert told == [("total_row", 6), ("other_county", 3), ("id_missing", 4), ("id_twice", 5)]


def test_a_register_without_times_is_refused(tmp_path):
    with pytest.raises(BadFile) as caught:
        read_cases(csv_file(tmp_path / "c.csv", [["编号", "类别"], ["1", "消防"]]))
    assert caught.value.code == "table_column_missing"


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
def test_the_311_records():
    file = read_requests(SHARED / "nyc311_2014_2019_sample1000.csv")
    assert (len(file.cases), len(file.unplaced)) == (893, 107)
    assert _codes(file).count("point_missing") == 107
    assert _codes(file).count("times_out_of_order") == 10
    assert file.report[-1].zh.endswith("读取 893 行，搁置 107 行。")
    assert (
        file.cases["closed_at"].dropna() >= file.cases["reported_at"][file.cases["closed_at"].notna()]
    ).all()
    assert (file.cases["category"] == "other").mean() < 0.2
    assert file.cases["reported_at"].dt.tz is not None


def test_steps_in_one_cell_are_read_in_order_and_a_broken_one_is_named(tmp_path):
    steps = [
        "派发@2026-11-01 09:30@网格长；accept@2026-11-01T01:00+00:00@网格员; ;归档@2026-11-02T09:00+08:00",
        "受理@昨天@网格员;派发@2026-11-01 09:30@网格长;盖章@2026-11-01 09:40@网格长", None,
    ]  # fmt: skip
    head = ["事件编号", "类别", "登记时间", "经度", "纬度", "办理过程", "是否满意"]
    rows = [
        [f"A{i}", "消防", "2026-11-01 08:00", LON, LAT, told, said]
        for i, (told, said) in enumerate(zip(steps, ("是", "否", None), strict=True))
    ]
    file = read_cases(csv_file(tmp_path / "c.csv", [head, *rows], "utf-8-sig"), crs="wgs84")
    first, second, third = file.cases["steps"]
    assert [(s["kind"], s["at"], s["who"]) for s in first] == [
        ("accept", "2026-11-01T01:00:00+00:00", "网格员"),
        ("dispatch", "2026-11-01T09:30:00+08:00", "网格长"),
        ("archive", "2026-11-02T09:00:00+08:00", "-"),
    ]  # fmt: skip
    assert [s["kind"] for s in second] == ["dispatch"]
    assert [(r.row, r.ref) for r in file.report if r.code == "step_not_read"] == [(3, "A1")] * 2
    assert third == []
    assert file.cases["satisfied"].tolist() == [True, False, None]
