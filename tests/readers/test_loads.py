"""Tables of loads: what is read, and every faulty row at once."""

from __future__ import annotations

import pytest

from spatial.errors import BadRows
from spatial.readers.loads import read_loads
from tests.fixtures.tables import csv_file


def test_buildings_and_stairwells(tmp_path):
    rows = [["楼栋编号", "单元", "重点人员"], ["001", "1单元", 3], ["002", "", 0.5]]
    assert read_loads(csv_file(tmp_path / "负荷.csv", rows)) == [("001", "1单元", 3.0), ("002", None, 0.5)]


def test_every_faulty_row_is_named(tmp_path):
    rows = [["bid", "load"], ["1", "many"], ["2", -1], ["3", "nan"], ["", 4], ["5", 5]]
    with pytest.raises(BadRows) as refused:
        read_loads(csv_file(tmp_path / "loads.csv", rows))
    assert [where.row for where in refused.value.where] == [2, 3, 4, 5]
