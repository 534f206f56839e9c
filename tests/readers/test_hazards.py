"""Registers of hazards: units, grades, persons, positions in any state, and NASA's catalogue."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from spatial.duty.model import HAZARD_COLUMNS
from spatial.errors import BadFile
from spatial.ground.crs import from_wgs84
from spatial.readers.hazards import read_hazards
from spatial.readers.landslides import read_landslides
from tests.fixtures.makers import LAT, LON, D, square
from tests.fixtures.tables import csv_file, workbook
from tests.readers.test_placefile import SHARED

COUNTY = shapely.box(110.4, 36.7, 111.2, 37.3)
HEAD = ["统一编号", "名称", "类型", "乡镇", "村", "行政区划代码", "经度", "纬度", "体积(万立方米)",
        "险情等级", "威胁财产(万元)", "威胁户数", "威胁人数", "发现时间", "两卡发放", "责任人",
        "责任人电话", "监测人"]  # fmt: skip


def _line(number, kind="滑坡", code="141126100201", at=(LON, LAT), grade="小型", people=12, **more):
    row = [number, f"{number}点", kind, "灵泉镇", "塔底村", code, *at, 3.5, grade, 60, 4, people,
           "2013年8月5日", "是", "甲某", "13800000000", "乙某"]  # fmt: skip
    for title, value in more.items():
        row[HEAD.index(title)] = value
    return row


def _read(tmp_path, *rows, **flags):
    return read_hazards(workbook(tmp_path / "h.xlsx", [HEAD, *rows]), **({"crs": "wgs84"} | flags))


def _told(file, code):
    return [(row.row, row.ref) for row in file.report if row.code == code]


def test_a_register_row_is_read_whole(tmp_path):
    file = _read(tmp_path, _line("H1"))
    assert tuple(file.hazards.columns) == HAZARD_COLUMNS
    row = file.hazards.iloc[0]
    assert (row["number"], row["kind"], row["state"], row["grade"]) == ("H1", "landslide", "registered", "IV")
    assert (row["scale_wan_m3"], row["property_wan"], row["households"], row["people"]) == (3.5, 60, 4, 12)
    assert row["found_on"] == dt.date(2013, 8, 5)
    assert row["cards"] is True
    assert row["place"] == "灵泉镇塔底村"
    assert row["responsible"] == {"name": "甲某", "post": None, "phone": "13800000000"}
    assert row["monitors"] == [{"name": "乙某", "post": None, "phone": None}]
    assert row["danger_area"] is None
    assert (row.geometry.x, row.geometry.y) == (LON, LAT)
    assert [r.code for r in file.report] == ["rows_read"]


def test_units_are_those_of_the_heading(tmp_path):
    head = ["编号", "类型", "经度", "纬度", "体积（立方米）", "威胁财产（元）", "威胁人数"]
    rows = [head, ["1", "崩塌", LON, LAT, "20,000", 5_000_000, "约十人"]]
    file = read_hazards(workbook(tmp_path / "h.xlsx", rows), crs="wgs84")
    assert (file.hazards["scale_wan_m3"][0], file.hazards["property_wan"][0]) == (2.0, 500.0)
    assert np.isnan(file.hazards["people"][0])
    assert _told(file, "number_not_read") == [(2, None)]


def test_a_column_called_by_our_own_name_is_in_its_unit(tmp_path):
    head = ["number", "kind", "lon", "lat", "scale_wan_m3", "property_wan"]
    rows = [head, ["1", "滑坡", LON, LAT, 2.29, 138.3], ["2", "滑坡", LON, LAT, "22900立方米", "1383000元"]]
    hazards = read_hazards(workbook(tmp_path / "h.xlsx", rows), crs="wgs84").hazards
    assert hazards["scale_wan_m3"].tolist() == [2.29, 2.29]
    assert hazards["property_wan"].tolist() == [138.3, 138.3]


def test_swapped_coordinates_in_part_of_a_register(tmp_path):
    rows = [_line(f"H{i}", at=(LON + i * D, LAT) if i % 3 else (LAT, LON + i * D)) for i in range(9)]
    file = _read(tmp_path, *rows, area=COUNTY)
    assert [ref for _, ref in _told(file, "point_swapped")] == ["H0", "H3", "H6"]
    assert np.allclose(file.hazards.geometry.x, LON + np.arange(9) * D)


def test_without_an_area_a_swapped_point_is_not_guessed(tmp_path):
    file = _read(tmp_path, _line("H0", at=(LAT, LON)), _line("H1"))
    assert _told(file, "point_maybe_swapped") == [(2, "H0")]
    assert list(file.hazards["number"]) == ["H1"]
    assert list(file.unplaced["number"]) == ["H0"]


def test_the_town_of_the_wrong_county(tmp_path):
    rows = [
        _line("H0"),
        _line("H1", code="150703100201"),
        _line("H2", code=141126100201.0),
        _line("H3", code=None),
    ]
    file = _read(tmp_path, *rows, county="141126")
    assert _told(file, "other_county") == [(3, "H1")]
    assert list(file.hazards["number"]) == ["H0", "H2", "H3"]
    assert list(file.hazards["place_code"])[:2] == ["141126100201", "141126100201"]
    assert [row.row for row in file.report if row.code == "code_from_number"] == [4]


def test_numbers_that_lost_their_digits(tmp_path):
    file = _read(
        tmp_path, _line(1.41126100002030001e17), _line("141126100002030001"), _line("141126100002030001")
    )
    assert [(row.code, row.row) for row in file.report[:2]] == [("code_digits_lost", 2), ("id_twice", 4)]
    assert list(file.hazards["number"]) == ["141126100002030001"]


def test_positions_in_any_writing(tmp_path):
    gcj = [float(v[0]) for v in from_wgs84(LON, LAT, "gcj02")]
    head = ["编号", "类型", "经度", "纬度", "坐标系"]
    rows = [
        head,
        ["1", "滑坡", "110°50′24″", "37°0′0″", "WGS84"],
        ["2", "滑坡", *gcj, "GCJ-02"],
        ["3", "滑坡", LON, LAT, "CGCS2000"],
        ["4", "滑坡", LON, LAT, "北京54"],
        ["5", "滑坡", None, None, "wgs84"],
        ["6", "滑坡", "不详", LAT, "wgs84"],
        ["7", "滑坡", 0, 0, "wgs84"],
        ["8", "滑坡", LON, LAT, None],
    ]
    file = read_hazards(csv_file(tmp_path / "h.csv", rows, "gb18030"))
    assert list(file.hazards["number"]) == ["1", "2", "3"]
    assert np.allclose(shapely.get_coordinates(file.hazards.geometry.to_numpy()), (LON, LAT), atol=1e-8)
    assert _told(file, "point_no_crs") == [(5, "4"), (9, "8")]
    assert _told(file, "point_missing") == [(6, "5")]
    assert _told(file, "point_not_read") == [(7, "6"), (8, "7")]


def test_positions_of_no_named_system_are_refused(tmp_path):
    with pytest.raises(BadFile) as caught:
        _read(tmp_path, _line("H0"), crs=None)
    assert caught.value.code == "crs_missing"


def test_a_point_far_from_the_area_is_told(tmp_path):
    file = _read(tmp_path, _line("H0", at=(111.3, 37.0)), area=COUNTY)
    told = next(row for row in file.report if row.code == "point_outside")
    assert "8.9 km" in told.en
    assert len(file.hazards) == 1


def test_grades_are_kept_and_checked(tmp_path):
    file = _read(
        tmp_path, _line("H0", grade="Ⅲ级"), _line("H1", grade="大", people=500), _line("H2", grade="甲")
    )
    assert list(file.hazards["grade"]) == ["III", None, None]
    told = next(row for row in file.report if row.code == "grade_differs")
    assert (told.row, "应为 IV" in told.zh) == (2, True)
    assert [row.row for row in file.report if row.code == "kind_not_read"] == [3, 4]


def test_a_kind_that_is_not_known_is_other(tmp_path):
    file = _read(tmp_path, _line("H0", kind="洪水"), _line("H1", kind="窑洞垮塌"), _line("H2", kind=None))
    assert list(file.hazards["kind"]) == ["other", "collapse", "other"]
    assert [row.row for row in file.report if row.code == "kind_not_read"] == [2, 4]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_drawn_danger_areas_and_points(tmp_path, suffix):
    shapes = [square(0, 0), shapely.Point(LON, LAT), shapely.LineString([(LON, LAT), (LON + D, LAT)])]
    frame = gpd.GeoDataFrame({"编号": ["1", "2", "3"], "类型": ["滑坡"] * 3}, geometry=shapes, crs=4326)
    pyogrio.write_dataframe(frame, tmp_path / f"h{suffix}")
    file = read_hazards(tmp_path / f"h{suffix}")
    assert list(file.hazards["number"]) == ["1", "2"]
    assert file.hazards["danger_area"][0].equals_exact(square(0, 0), 1e-6, normalize=True)
    assert file.hazards["danger_area"][1] is None
    assert square(0, 0).contains(file.hazards.geometry[0])
    assert _told(file, "feature_not_point") == [(3, "3")]


glc = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")


@glc
def test_the_catalogue_comes_whole():
    file = read_landslides(SHARED / "glc_china.csv")
    assert len(file.hazards) == 426
    assert file.hazards["accuracy_m"].isna().sum() == 127
    assert (file.hazards["accuracy_m"] == 50_000).sum() == 80
    event = file.hazards.set_index("number").loc["5276"]
    assert (event["kind"], event["deaths"], event["found_on"]) == ("landslide", 8, dt.date(2013, 8, 5))
    assert COUNTY.contains(event.geometry)


@glc
def test_an_event_placed_in_another_province_is_told():
    file = read_landslides(SHARED / "glc_china.csv")
    told = next(row for row in file.report if row.code == "place_differs")
    assert (told.ref, told.row) == ("684", 2)
    assert "Shanxi" in told.en
    assert "Shaanxi" in told.en


@glc
def test_the_event_placed_730_km_away_by_its_county():
    loufan = gpd.GeoDataFrame(
        {"english": ["Loufan"]}, geometry=[shapely.box(111.7, 38.0, 111.9, 38.2)], crs=4326
    )
    counties = gpd.read_file(SHARED / "luliang_counties_fastgeocn.gpkg").to_crs(4326)
    counties["english"] = counties["name"].map({"石楼县": "Shilou", "柳林县": "Liulin", "方山县": "Fangshan"})
    both = gpd.GeoDataFrame(pd.concat([loufan, counties], ignore_index=True), crs=4326)
    told = {r.ref: r.en for r in read_landslides(SHARED / "glc_china.csv", counties=both).report if r.ref}
    km = int(told["684"].split("about ")[1].split(" km")[0])
    assert abs(km - 730) < 40
    assert "Liulin" in told["833"]
    assert "2303" not in told  # Fangshan of Beijing
    assert "5276" not in told


def _layers(path, areas, *, kind=True):
    """A register of three points and a layer of areas, each (number, polygon)."""
    points = gpd.GeoDataFrame(
        {"编号": ["H1", "H2", "H3"], "类型": "滑坡", "威胁户数": [4, 43, 9], "威胁人数": [10, 111, 20],
         "monitor_1": ["甲", None, None], "monitor_2": ["乙", None, None],
         "monitor_2_phone": ["1001", None, None]},
        geometry=gpd.points_from_xy([LON, LON + D, LON + 2 * D], [LAT] * 3), crs=4326,
    )  # fmt: skip
    drawn = gpd.GeoDataFrame(
        {"编号": [number for number, _ in areas]} | ({"类型": "滑坡"} if kind else {}),
        geometry=[shape for _, shape in areas], crs=4326,
    )  # fmt: skip
    drawn.to_file(path, layer="areas", driver="GPKG")
    points.to_file(path, layer="points", driver="GPKG")
    return read_hazards(path)


def test_areas_in_a_layer_of_their_own_join_the_points_by_number(tmp_path):
    one, two, far = square(LON, LAT), square(LON + D, LAT), square(LON + 9 * D, LAT)
    file = _layers(tmp_path / "h.gpkg", [("H1", one), ("H3", two), ("H3", far)])
    assert list(file.hazards["number"]) == ["H1", "H2", "H3"]
    first, second, third = file.hazards["danger_area"]
    assert shapely.equals(first, one)
    assert second is None
    assert shapely.equals(third, shapely.union(two, far))
    assert _told(file, "id_twice") == []
    assert _told(file, "area_not_drawn") == [(2, "H2")]
    assert "43 households and 111 people" in next(r.en for r in file.report if r.code == "area_not_drawn")
    assert [m["name"] for m in file.hazards["monitors"][0]] == ["甲", "乙"]
    assert file.hazards["monitors"][0][1]["phone"] == "1001"


def test_an_area_of_no_point_is_named_or_a_hazard_of_its_own_where_its_kind_is_known(tmp_path):
    stray = [("H1", square(LON, LAT)), ("H9", square(LON + 9 * D, LAT))]
    file = _layers(tmp_path / "a.gpkg", stray, kind=False)
    assert [r.row for r in file.report if r.code == "area_no_point"] == [2]
    assert list(file.hazards["number"]) == ["H1", "H2", "H3"]
    whole = _layers(tmp_path / "b.gpkg", stray)
    assert list(whole.hazards["number"]) == ["H1", "H2", "H3", "H9"]
    assert whole.hazards["danger_area"].notna().tolist() == [True, False, False, True]
