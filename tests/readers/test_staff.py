"""Staff lists: posts by grid code, or by area, level and seat, in the words that offices use."""

import datetime as dt

import pytest

from spatial.errors import BadFile
from spatial.readers.staff import read_staff
from tests.fixtures.tables import csv_file, workbook

HEAD = ["岗位", "网格编码", "网格级别", "网格序号", "姓名", "离任时间", "身份证号"]


def test_level_and_seat_in_any_writing(tmp_path):
    rows = [
        ["网格员", "141126100001", "一级", "第12网格", "甲", None, "14112619800101001X"],
        ["网格联络员", "141126100001", 3.0, "十二", "乙", "2025年12月31日", None],
        ["网格长", "141126100001", 0, None, "丙", None, None],
        ["网格员", "141126100001", "二", "中间那个", "丁", None, None],
    ]
    read = read_staff(workbook(tmp_path / "s.xlsx", [HEAD, *rows]))
    assert read.staff["level"].tolist() == [1, 3, 0, 2]
    assert read.staff["seat"].tolist() == [12, 12, None, None]
    assert read.staff["until"][1] == dt.date(2025, 12, 31)
    assert [(r.code, r.row) for r in read.report] == [("number_not_read", 5)]
    assert "14112619800101001X" not in read.staff.to_csv()


def test_codes_that_lost_their_digits_are_not_taken(tmp_path):
    rows = [["网格员", "1.41126E+14"], ["网格员", 141126100001.0]]
    read = read_staff(workbook(tmp_path / "s.xlsx", [HEAD[:2], *rows]))
    assert read.staff["code"].tolist() == [None, "141126100001"]
    assert [(r.code, r.row) for r in read.report] == [("code_digits_lost", 2), ("code_from_number", 3)]


def test_a_list_without_codes_is_refused(tmp_path):
    with pytest.raises(BadFile) as caught:
        read_staff(csv_file(tmp_path / "s.csv", [["岗位", "姓名"], ["网格员", "甲"]], "gb18030"))
    assert caught.value.code == "table_column_missing"
