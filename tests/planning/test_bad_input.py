"""The traps of real files, each met by an import: what, where, what to do, in two languages."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from spatial import planning, watch
from spatial.errors import BadCoordinates, BadFile, BadRows
from spatial.ground.crs import from_wgs84
from spatial.readers.hazards import read_hazards
from spatial.store import places
from tests.fixtures.makers import LAT, LON, D, Drawn, square, swapped
from tests.fixtures.tables import MERGED, REGISTER, csv_file, workbook
from tests.readers.test_osm import CODE, town

TOWN = "141126100"
FLOORS = sa.text("SELECT stairwell, floor, room FROM household WHERE bid = '1' ORDER BY id")


def refused(store, kind, path, **flags):
    """The refusal of an import, which keeps nothing."""
    with pytest.raises(kind) as caught:
        planning.import_place(store, path, **flags)
    with store.transaction() as tx:
        assert places.list_places(tx) == []
    return caught.value


def told(store, path, **flags):
    """Rows of an import's report by code; the store keeps the same rows."""
    done = planning.import_place(store, path, **flags)
    with store.transaction() as tx:
        kept = places.reports(tx, places.town_of(tx, done.areas[0].code))
    assert [row.zh for row in kept[0].rows] == [row.zh for row in done.report]
    return {row.code: row for row in done.report}, done


def registered(tmp_path, rows, **merged):
    """A place of three named buildings, and a register of them."""
    drawn = Drawn()
    drawn.buildings["name"] = [f"凤城小区{i}号楼" for i in range(1, 7)]
    return drawn.write(tmp_path), workbook(tmp_path / "台账.xlsx", rows, **merged)


def households(store, path, register):
    """The import's report by code, and the households of its first basic grid."""
    report, done = told(store, path, households=register)
    return report, done.areas[0].households


@pytest.mark.parametrize("field", ["code", "parent"])
def test_codes_read_as_floats(store, tmp_path, field):
    drawn = Drawn()
    drawn.boundary[field] = [141126100001.0, 141126100200.0] if field == "code" else [141126100.0] * 2
    error = refused(store, BadRows, drawn.write(tmp_path))
    assert error.code == "code_not_text"
    assert [(w.layer, w.row, w.field) for w in error.where] == [
        ("boundary", 1, field),
        ("boundary", 2, field),
    ]
    assert "改为文本" in error.zh
    assert "make the column text" in error.en


def test_codes_of_buildings_that_lost_digits_in_a_spreadsheet(store, tmp_path):
    rows = [["房屋编号", "户数"], [1.41126100001e18, 5], ["1", 7]]
    report, count = households(store, *registered(tmp_path, rows))
    assert report["code_digits_lost"].row == 2
    assert "文本" in report["code_digits_lost"].zh
    assert count == 7 + 24 + 12  # the two other buildings keep their own


def test_the_town_of_the_wrong_county(store, tmp_path):
    drawn = Drawn()
    drawn.boundary["code"] = ["150703100001", "150703100200"]
    drawn.boundary["parent"] = "150703100"
    report, _ = told(store, drawn.write(tmp_path))
    assert "内蒙古" in report["code_elsewhere"].zh
    assert "check it by the code" in report["code_elsewhere"].en


def test_a_row_of_the_wrong_county_among_others(store, tmp_path):
    drawn = Drawn()
    third = drawn.boundary.iloc[[0]].assign(code="150703100001", name="丙社区", parent="150703100")
    third = third.set_geometry([square(0, 4, 2)], crs=4326)
    drawn.boundary = gpd.GeoDataFrame(pd.concat([drawn.boundary, third], ignore_index=True), crs=4326)
    report, _ = told(store, drawn.write(tmp_path))
    assert (report["county_differs"].row, report["county_differs"].ref) == (3, "150703")
    assert "141126" in report["county_differs"].zh


def test_swapped_coordinates_in_part_of_a_place(store, tmp_path):
    drawn = Drawn()
    drawn.buildings = swapped(drawn.buildings, [2, 5])
    error = refused(store, BadCoordinates, drawn.write(tmp_path))
    assert (error.code, [w.row for w in error.where]) == ("lonlat_swapped", [2, 5])
    assert "经度放在前面" in error.zh


def test_swapped_coordinates_in_part_of_a_register(store, tmp_path):
    planning.import_place(store, Drawn().write(tmp_path))
    rows = [
        ["统一编号", "名称", "类型", "经度", "纬度"],
        ["h1", "甲点", "滑坡", LON + D, LAT + D], ["h2", "乙点", "崩塌", LAT + D, LON + D],
    ]  # fmt: skip
    file = csv_file(tmp_path / "隐患点.csv", rows)
    area = shapely.box(LON, LAT, LON + 8 * D, LAT + 4 * D)
    read = read_hazards(file, crs="wgs84", area=area)
    row = next(row for row in read.report if row.code == "point_swapped")
    assert (row.row, row.ref, row.action) == (3, "h2", "repaired")
    done = watch.import_hazards(store, read.hazards, town=TOWN, who="li", file=file.name, source_sha="0")
    assert done.new == 2


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_a_file_of_another_system_declared_wgs84(store, tmp_path, system):
    drawn = Drawn(layers={})
    drawn.boundary = drawn.boundary.iloc[:1].set_geometry([square(0, 0, 20)], crs=4326)
    homes = [square(0.2 + 4.7 * (i % 5), 0.2 + 2.1 * (i // 5), 0.3) for i in range(50)]
    moved = shapely.transform(
        np.array(homes, dtype=object), lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], system))
    )
    frame = {"bid": [str(i) for i in range(50)], "households": 1}
    drawn.buildings = gpd.GeoDataFrame(frame, geometry=moved, crs=4326)
    path = drawn.write(tmp_path)
    report, done = told(store, path)
    name = {"gcj02": "GCJ-02", "bd09": "BD-09"}[system]
    assert f"moving by {name} would put 100% inside" in report["crs_hint"].en
    assert "--crs" in report["crs_hint"].zh
    assert done.areas[0].buildings < 50  # nothing is moved unasked


def test_full_width_digits(store, tmp_path):
    drawn = Drawn()
    drawn.boundary["code"] = ["１４１１２６１００００１", "141126100200"]
    drawn.households = pd.DataFrame({"bid": ["1", "1"], "floor": ["３层", "4层"], "n": [5, 6]})
    report, done = told(store, drawn.write(tmp_path))
    assert "141126100001" in report["text_normalised"].zh
    assert (report["cells_full_width"].field, report["cells_full_width"].layer) == ("floor", "households")
    assert done.areas[0].code == "141126100001"


def test_a_range_of_buildings(store, tmp_path):
    rows = [
        ["小区", "楼栋", "户数"],
        ["凤城小区", "1-10幢", None],
        ["凤城小区", "1-2幢", 9],
        ["凤城小区", "3幢", 4],
    ]
    report, count = households(store, *registered(tmp_path, rows))
    assert (report["building_range"].row, report["building_range"].action) == (2, "set_aside")
    assert "每栋一行" in report["building_range"].zh
    assert report["building_range_spread"].row == 3
    assert count == 13


def test_none_and_basements(store, tmp_path):
    rows = [
        ["小区", "楼栋", "单元", "楼层", "房号"],
        ["凤城小区", "1幢", "无", "负一层", "无"], ["凤城小区", "1幢", "1", "B1", "B101"],
        ["凤城小区", "1幢", "1", "夹层", "102"],
    ]  # fmt: skip
    path, register = registered(tmp_path, rows)
    report, count = households(store, path, register)
    assert (report["floor_not_read"].row, count) == (4, 3 + 24 + 12)
    with store.transaction() as tx:
        found = tx.execute(FLOORS).all()
    assert [tuple(row) for row in found] == [(None, -1, None), ("1单元", -1, "B101"), ("1单元", None, "102")]


def test_merged_headings_and_totals_at_the_bottom(store, tmp_path):
    report, _ = households(store, *registered(tmp_path, REGISTER, merged=MERGED))
    assert (report["total_row"].row, report["total_row"].action) == (14, "set_aside")
    assert report["remark_row"].row == 15
    assert "5 户" in report["register_summary"].zh


def test_a_total_in_the_place_itself(store, tmp_path):
    drawn = Drawn()
    drawn.households = pd.DataFrame({"bid": ["1", "合计"], "n": [5, 64]})
    error = refused(store, BadRows, drawn.write(tmp_path))
    assert (error.code, error.where[0].row, error.where[0].value) == ("household_unknown_building", 2, "合计")
    assert "合计行请删去" in error.zh


def test_an_extract_without_buildings(store, tmp_path):
    extract = town()
    extract.ways = {n: way for n, way in extract.ways.items() if "building" not in way[1]}
    error = refused(store, BadFile, extract.write(tmp_path / "town.osm.pbf"), boundary="灵泉镇", **CODE)
    assert error.code == "osm_no_buildings"
    assert "请换用含房屋的数据" in error.zh
    assert "use data that has them" in error.en
