"""The place file: sound files come through whole, and every kind of bad input is named with row and field."""

from __future__ import annotations

import contextlib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from spatial.errors import BadCoordinates, BadFile, BadInput, BadRows
from spatial.ground.crs import from_wgs84
from spatial.ground.model import AREA_COLUMNS, BUILDING_COLUMNS, FEATURE_COLUMNS, HOUSEHOLD_COLUMNS
from spatial.readers.placefile import read_place
from tests.fixtures.makers import (
    LAT,
    LON,
    D,
    Drawn,
    bowtie,
    register,
    scrambled,
    square,
    swapped,
    truncated,
    unknown_crs,
)

SHARED = Path(__file__).parents[3] / "shared" / "data"


def _codes(place):
    return [row.code for row in place.report]


def test_a_sound_file_comes_through_whole(tmp_path):
    place = read_place(Drawn().write(tmp_path))
    assert tuple(place.areas.columns) == AREA_COLUMNS
    assert tuple(place.buildings.columns) == BUILDING_COLUMNS
    assert tuple(place.features.columns) == FEATURE_COLUMNS
    assert tuple(place.households.columns) == HOUSEHOLD_COLUMNS
    assert list(place.areas["division"]) == ["community", "village"]
    assert list(place.areas["parent"]) == ["141126100", "141126100"]
    assert list(place.buildings["households"]) == [24, 24, 12, 1, 2, 1]
    assert list(place.buildings["group"])[3:] == ["一组", "一组", "二组"]
    assert place.buildings["levels"].isna().sum() == 1
    assert dict(zip(place.features["layer"], place.features["class"], strict=True)) == {
        "roads": "residential",
        "water_lines": "stream",
    }
    assert list(place.places["kind"]) == ["quarter"]
    assert place.crs == "EPSG:4326"
    assert place.report == []
    assert len(place.sha256) == 64


def test_only_boundary_and_buildings_are_needed(tmp_path):
    place = read_place(Drawn(layers={}).write(tmp_path))
    assert len(place.features) == len(place.places) == len(place.households) == 0
    assert tuple(place.features.columns) == FEATURE_COLUMNS


@pytest.mark.parametrize("epsg", [4490, 4546, 4525, 32649, 3857])
def test_any_declared_system_comes_to_4326(tmp_path, epsg):
    place = read_place(Drawn().move(epsg).write(tmp_path))
    wanted = Drawn().buildings.geometry.to_numpy()
    assert place.crs == f"EPSG:{epsg}"
    assert shapely.hausdorff_distance(place.buildings.geometry.to_numpy(), wanted).max() < 1e-7


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_systems_without_a_code_come_by_the_flag(tmp_path, system):
    drawn = Drawn()
    for frame in (drawn.boundary, drawn.buildings, *drawn.layers.values()):
        moved = shapely.transform(
            frame.geometry.to_numpy(), lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], system))
        )
        frame.geometry = gpd.GeoSeries(moved, index=frame.index, crs=4326)
    place = read_place(drawn.write(tmp_path), crs=system)
    wanted = Drawn().buildings.geometry.to_numpy()
    assert shapely.hausdorff_distance(place.buildings.geometry.to_numpy(), wanted).max() < 1e-9
    assert _codes(place) == ["crs_by_flag"] * 5
    assert place.crs == {"gcj02": "GCJ-02", "bd09": "BD-09"}[system]


def test_flags_fill_what_the_file_lacks_and_nothing_else(tmp_path):
    drawn = Drawn()
    drawn.boundary = drawn.boundary.iloc[:1][["name", "geometry"]]
    drawn.buildings = drawn.buildings.iloc[:3]
    path = drawn.write(tmp_path)
    place = read_place(path, code="141126100001", name="别名")
    assert place.areas.iloc[0][["code", "name", "division", "parent"]].tolist() == [
        "141126100001",
        "甲社区",
        "community",
        "141126100",
    ]
    assert _codes(place) == ["flag_unused"]
    other = read_place(path, code="141126100001", division="village", parent="141126101")
    assert other.areas.iloc[0][["division", "parent"]].tolist() == ["village", "141126101"]
    assert len({place.sha256, other.sha256, read_place(path, code="141126100001").sha256}) == 2


def test_numbers_of_buildings_become_text(tmp_path):
    drawn = Drawn()
    drawn.buildings["bid"] = [1, 2, 3, 4, 5, 6]
    drawn.households = register(bid=[1, 1], n=[3, 4])
    place = read_place(drawn.write(tmp_path))
    assert list(place.buildings["bid"]) == ["1", "2", "3", "4", "5", "6"]
    assert place.buildings["households"].iloc[0] == 7


def test_the_register_beats_the_column(tmp_path):
    drawn = Drawn()
    drawn.buildings["households"] = [np.nan, 24.0, 12.0, 1.0, 2.0, 1.0]
    drawn.households = register(
        bid=["1"] * 5,
        stairwell=["１单元", "1单元", "无", "2", None],
        floor=["3层", "３F", "负一层", "B1", "十二楼"],
        room=["301", "302", None, None, "1201"],
        status=["常住户", "租房户", "底商", "vacant", None],
    )
    place = read_place(drawn.write(tmp_path))
    rows = place.households
    assert list(rows["stairwell"]) == ["1单元", "1单元", None, "2", None]
    assert list(rows["floor"]) == [3, 3, -1, -1, 12]
    assert list(rows["status"]) == ["resident", "renter", "shop", "vacant", None]
    assert list(rows["n"]) == [1] * 5
    assert place.buildings["households"].iloc[0] == 3


# -- the file as a whole -----------------------------------------------------------------------------------


def test_a_missing_and_an_empty_file(tmp_path):
    with pytest.raises(BadFile) as missing:
        read_place(tmp_path / "no.gpkg")
    assert missing.value.code == "file_missing"
    (tmp_path / "empty.gpkg").touch()
    with pytest.raises(BadFile) as empty:
        read_place(tmp_path / "empty.gpkg")
    assert empty.value.code == "file_empty"


@pytest.mark.parametrize("content", [b"hello", b"SQLite format 3\x00", b"PK\x03\x04" + b"\0" * 5000])
def test_a_foreign_file(tmp_path, content):
    path = tmp_path / "foreign.gpkg"
    path.write_bytes(content)
    with pytest.raises(BadFile) as caught:
        read_place(path)
    assert caught.value.code == "file_broken"


@pytest.mark.parametrize("part", [0.001, 0.05, 0.3, 0.5, 0.8, 0.99])
def test_a_truncated_file(tmp_path, part):
    path = truncated(Drawn().write(tmp_path), part)
    with pytest.raises(BadFile) as caught:
        read_place(path)
    assert caught.value.code == "file_broken"
    assert caught.value.where[0].value == "place.gpkg"


@pytest.mark.parametrize("seed", range(8))
def test_a_scrambled_file_is_named_or_sound(tmp_path, seed):
    path = scrambled(Drawn().write(tmp_path), seed)
    try:
        told = str(len(read_place(path).buildings))
    except BadInput as error:
        told = error.zh
    assert told


def test_noise_anywhere_in_a_file_ends_in_a_named_error_or_none(tmp_path):
    whole = Drawn().write(tmp_path).read_bytes()
    rng, path = np.random.default_rng(7), tmp_path / "noise.gpkg"
    for _ in range(15):
        content = bytearray(whole)
        for at in rng.integers(100, len(content), size=20):
            content[at] = int(rng.integers(256))
        path.write_bytes(content)
        with contextlib.suppress(BadInput):
            read_place(path)


@pytest.mark.parametrize("layer", ["boundary", "buildings"])
def test_a_missing_layer(tmp_path, layer):
    drawn = Drawn()
    path = tmp_path / "place.gpkg"
    kept = "buildings" if layer == "boundary" else "boundary"
    pyogrio.write_dataframe(getattr(drawn, kept), path, layer=kept)
    with pytest.raises(BadFile) as caught:
        read_place(path)
    assert (caught.value.code, caught.value.where[0].layer) == ("layer_missing", layer)


@pytest.mark.parametrize("layer", ["boundary", "buildings"])
def test_a_layer_without_rows(tmp_path, layer):
    drawn = Drawn()
    setattr(drawn, layer, getattr(drawn, layer).iloc[:0])
    with pytest.raises(BadFile) as caught:
        read_place(drawn.write(tmp_path))
    assert (caught.value.code, caught.value.where[0].layer) == ("layer_empty", layer)


@pytest.mark.parametrize("field", ["bid", "households"])
def test_a_missing_column(tmp_path, field):
    drawn = Drawn()
    drawn.buildings = drawn.buildings.drop(columns=field)
    with pytest.raises(BadFile) as caught:
        read_place(drawn.write(tmp_path))
    assert (caught.value.code, caught.value.where[0].field) == ("column_missing", field)


# -- coordinate systems ------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["boundary", "buildings"])
def test_a_missing_crs(tmp_path, layer):
    drawn = Drawn()
    setattr(drawn, layer, getattr(drawn, layer).set_crs(None, allow_override=True))
    path = drawn.write(tmp_path)
    with pytest.raises(BadFile) as caught:
        read_place(path)
    assert (caught.value.code, caught.value.where[0].layer, caught.value.where[0].field) == (
        "crs_missing",
        layer,
        "crs",
    )
    assert "--crs" in caught.value.en
    assert len(read_place(path, crs="wgs84").buildings) == 6


def test_an_unknown_crs(tmp_path):
    path = unknown_crs(Drawn().write(tmp_path))
    with pytest.raises(BadFile) as caught:
        read_place(path)
    assert (caught.value.code, caught.value.where[0].layer) == ("crs_unknown", "buildings")
    assert "54321" in caught.value.en
    assert len(read_place(path, crs="EPSG:4326").buildings) == 6


def test_an_unknown_crs_flag(tmp_path):
    with pytest.raises(BadCoordinates) as caught:
        read_place(Drawn().write(tmp_path), crs="mars")
    assert caught.value.code == "unknown_crs"


def test_a_system_of_heights_is_no_system_of_places(tmp_path):
    with pytest.raises(BadCoordinates) as caught:
        read_place(Drawn().write(tmp_path), crs="EPSG:5773")
    assert caught.value.code == "unknown_crs"


def test_a_flag_against_a_metric_declaration(tmp_path):
    with pytest.raises(BadFile) as caught:
        read_place(Drawn().move(4546).write(tmp_path), crs="gcj02")
    assert caught.value.code == "crs_conflict"


@pytest.mark.parametrize("layer", ["boundary", "buildings"])
def test_a_swapped_layer(tmp_path, layer):
    drawn = Drawn()
    setattr(drawn, layer, swapped(getattr(drawn, layer)))
    with pytest.raises(BadCoordinates) as caught:
        read_place(drawn.write(tmp_path))
    where = caught.value.where
    assert (caught.value.code, where[0].layer, where[0].row, where[0].field) == (
        "lonlat_swapped",
        layer,
        1,
        "geometry",
    )
    assert len(where) == len(getattr(drawn, layer))


def test_some_swapped_rows_are_all_named(tmp_path):
    drawn = Drawn()
    drawn.buildings = swapped(drawn.buildings, rows=[2, 5])
    with pytest.raises(BadCoordinates) as caught:
        read_place(drawn.write(tmp_path))
    assert caught.value.code == "lonlat_swapped"
    assert [where.row for where in caught.value.where] == [2, 5]


@pytest.mark.parametrize("epsg", [4326, 32632])
def test_swapped_buildings_where_both_numbers_could_be_latitudes(tmp_path, epsg):
    drawn = Drawn()
    for frame in (drawn.boundary, drawn.buildings, *drawn.layers.values()):
        frame.geometry = frame.geometry.translate(11.5 - LON, 50.0 - LAT)
    drawn.move(epsg)
    drawn.buildings = swapped(drawn.buildings)
    with pytest.raises(BadCoordinates) as caught:
        read_place(drawn.write(tmp_path))
    assert caught.value.code == "lonlat_swapped"
    assert len(caught.value.where) == 6


def test_nothing_inside(tmp_path):
    drawn = Drawn()
    drawn.buildings.geometry = drawn.buildings.geometry.translate(0.1, 0)
    with pytest.raises(BadCoordinates) as caught:
        read_place(drawn.write(tmp_path))
    assert (caught.value.code, caught.value.where[0].layer) == ("nothing_inside", "buildings")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_coordinates_that_are_no_numbers(tmp_path, bad):
    ring = shapely.get_coordinates(square(1, 1, 0.5))
    ring[1, 0] = bad
    drawn = Drawn().shape("buildings", 3, shapely.Polygon(ring))
    with pytest.raises(BadCoordinates) as caught:
        read_place(drawn.write(tmp_path))
    assert (caught.value.code, caught.value.where[0].row) == ("not_finite", 3)


def test_coordinates_out_of_range(tmp_path):
    drawn = Drawn().shape("buildings", 2, shapely.Point(411000, 4096000))
    with pytest.raises(BadCoordinates) as caught:
        read_place(drawn.write(tmp_path))
    assert (caught.value.code, caught.value.where[0].row) == ("out_of_range", 2)


# -- rows --------------------------------------------------------------------------------------------------


def _refused(tmp_path, drawn, **flags):
    with pytest.raises(BadRows) as caught:
        read_place(drawn.write(tmp_path), **flags)
    error = caught.value
    assert error.zh
    assert len(error.data["faults"]) == len(error.where)
    return error.code, [(where.layer, where.row, where.field, where.value) for where in error.where]


@pytest.mark.parametrize(
    ("values", "code", "row", "value"),
    [
        ([24, -1, 12, 1, 2, 1], "households_negative", 2, "-1"),
        ([24.0, np.nan, 12, 1, 2, 1], "households_missing", 2, None),
        ([24, 1, 12.5, 1, 2, 1], "households_fraction", 3, "12.5"),
        ([24, 1, np.inf, 1, 2, 1], "households_fraction", 3, "inf"),
        (["二十四", None, None, None, None, None], "rows_bad", 1, "二十四"),
        (["24"] * 6, "households_not_number", 1, "24"),
    ],
)
def test_bad_households(tmp_path, values, code, row, value):
    drawn = Drawn()
    drawn.buildings["households"] = values
    found, where = _refused(tmp_path, drawn)
    assert found == code
    assert where[0] == ("buildings", row, "households", value)


def test_every_bad_row_is_listed_at_once(tmp_path):
    drawn = Drawn()
    drawn.buildings["households"] = [-1, 1, -3, 1, 2, 1]
    drawn.boundary["code"] = ["14112610001", "141126100200"]
    code, where = _refused(tmp_path, drawn)
    assert code == "rows_bad"
    assert [(layer, row) for layer, row, _, _ in where] == [
        ("boundary", 1),
        ("buildings", 1),
        ("buildings", 3),
    ]


@pytest.mark.parametrize(
    ("codes", "code", "where"),
    [
        ([141126100001, 141126100200], "code_not_text", (1, "141126100001")),
        ([141126100001.0, 141126100200.0], "code_not_text", (1, "141126100001.0")),
        (["141126100001", "14112610020"], "code_not_12_digits", (2, "14112610020")),
        (["141126100001", "1.41126E+11"], "code_not_12_digits", (2, "1.41126E+11")),
        (["141126100001", None], "code_missing", (2, None)),
        (["141126100001", "141126100001"], "code_duplicate", (2, "141126100001")),
        (["141126100001", "141126100900"], "division_missing", (2, "141126100900")),
    ],
)
def test_bad_codes(tmp_path, codes, code, where):
    drawn = Drawn()
    drawn.boundary["code"] = codes
    found, rows = _refused(tmp_path, drawn)
    assert found == code
    assert (rows[0][0], rows[0][1], rows[0][3]) == ("boundary", *where)


def test_a_missing_code_tells_of_the_flag(tmp_path):
    drawn = Drawn()
    drawn.boundary = drawn.boundary.drop(columns="code").iloc[:1]
    with pytest.raises(BadRows) as caught:
        read_place(drawn.write(tmp_path))
    assert caught.value.code == "code_missing"
    assert "--code" in caught.value.zh


def test_one_code_can_not_fill_two_rows(tmp_path):
    drawn = Drawn()
    drawn.boundary = drawn.boundary.drop(columns="code")
    code, where = _refused(tmp_path, drawn, code="141126100001")
    assert code == "code_missing"
    assert [row for _, row, _, _ in where] == [1, 2]


@pytest.mark.parametrize(
    ("field", "values", "code"),
    [
        ("name", ["甲社区", None], "name_missing"),
        ("name", ["甲社区", "甲社区"], "name_duplicate"),
        ("division", ["community", "hamlet"], "division_unknown"),
        ("parent", ["141126100", "14112610"], "parent_not_9_digits"),
    ],
)
def test_bad_names(tmp_path, field, values, code):
    drawn = Drawn()
    drawn.boundary[field] = values
    found, where = _refused(tmp_path, drawn)
    assert (found, where[0][1], where[0][2]) == (code, 2, field)


def test_parent_stored_as_a_number(tmp_path):
    drawn = Drawn()
    drawn.boundary["parent"] = [141126100, 141126100]
    found, where = _refused(tmp_path, drawn)
    assert (found, where[0]) == ("code_not_text", ("boundary", 1, "parent", "141126100"))


@pytest.mark.parametrize(
    ("bids", "code", "row"),
    [
        (["1", "2", "2", "4", "5", "6"], "bid_duplicate", 3),
        (["1", "2", None, "4", "5", "6"], "bid_missing", 3),
        ([1, 2, 3.5, 4, 5, 6], "bid_not_text", 3),
    ],
)
def test_bad_building_numbers(tmp_path, bids, code, row):
    drawn = Drawn()
    drawn.buildings["bid"] = bids
    found, where = _refused(tmp_path, drawn)
    assert (found, where[0][1], where[0][2]) == (code, row, "bid")


@pytest.mark.parametrize(
    ("columns", "code", "field"),
    [
        ({"bid": ["1", "99"]}, "household_unknown_building", "bid"),
        ({"bid": ["1", "1"], "n": [1, -1]}, "n_negative", "n"),
        ({"bid": ["1", "1"], "n": [1, 1.5]}, "n_not_number", "n"),
        ({"bid": ["1", "1"], "n": ["一", "二"]}, "n_not_number", "n"),
        ({"bid": ["1", "1"], "floor": ["3", "1-6"]}, "floor_unread", "floor"),
        ({"bid": ["1", "1"], "status": ["常住户", "不详"]}, "status_unknown", "status"),
    ],
)
def test_a_bad_register(tmp_path, columns, code, field):
    drawn = Drawn()
    drawn.households = register(**columns)
    found, where = _refused(tmp_path, drawn)
    assert (found, where[-1][:3]) == (code, ("households", 2, field))


def test_a_register_without_building_numbers(tmp_path):
    drawn = Drawn()
    drawn.households = register(room=["301"])
    with pytest.raises(BadFile) as caught:
        read_place(drawn.write(tmp_path))
    assert (caught.value.code, caught.value.where[0].layer) == ("column_missing", "households")


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "boundary_empty"),
        (shapely.Polygon(), "boundary_empty"),
        (shapely.Point(LON, LAT), "boundary_not_polygon"),
        (shapely.Polygon([(LON, LAT), (LON + D, LAT), (LON, LAT)]), "boundary_empty"),
    ],
)
def test_a_boundary_without_area(tmp_path, shape, code):
    found, where = _refused(tmp_path, Drawn().shape("boundary", 2, shape))
    assert (found, where[0][:3]) == (code, ("boundary", 2, "geometry"))


# -- repaired, set aside, noted ----------------------------------------------------------------------------


def test_a_crossing_boundary_is_repaired_and_told(tmp_path):
    place = read_place(Drawn().shape("boundary", 2, bowtie(4, 0, 4)).write(tmp_path))
    row = place.report[0]
    assert (row.code, row.action, row.layer, row.row, row.ref) == (
        "boundary_repaired",
        "repaired",
        "boundary",
        2,
        "141126100200",
    )
    assert row.geometry["type"] == "Point"
    assert place.areas.geometry.is_valid.all()


def test_a_crossing_footprint_is_repaired_and_told(tmp_path):
    place = read_place(Drawn().shape("buildings", 4, bowtie(5, 1, 0.5)).write(tmp_path))
    row = place.report[0]
    assert (row.code, row.layer, row.row, row.ref, row.field) == (
        "building_repaired",
        "buildings",
        4,
        "4",
        "geometry",
    )
    assert "m²" in row.en
    assert place.buildings.geometry.is_valid.all()


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "building_empty"),
        (shapely.Polygon(), "building_empty"),
        (shapely.LineString([(LON, LAT), (LON + D, LAT)]), "building_not_polygon"),
        (square(-2, 0, 0.5), "building_outside"),
    ],
)
def test_buildings_set_aside_with_their_households(tmp_path, shape, code):
    drawn = Drawn().shape("buildings", 2, shape)
    drawn.households = register(bid=["1", "2"], n=[5, 24])
    place = read_place(drawn.write(tmp_path))
    row = place.report[0]
    assert (row.code, row.action, row.row, row.ref) == (code, "set_aside", 2, "2")
    assert "24" in row.zh
    assert list(place.buildings["bid"]) == ["1", "3", "4", "5", "6"]
    assert list(place.buildings.index) == [0, 1, 2, 3, 4]
    assert list(place.households["bid"]) == ["1"]


def test_points_and_multipolygons_are_buildings(tmp_path):
    drawn = Drawn().shape("buildings", 4, shapely.Point(LON + 5 * D, LAT + D))
    drawn.shape("buildings", 5, shapely.MultiPolygon([square(5, 2, 0.2), square(5.5, 2, 0.2)]))
    place = read_place(drawn.write(tmp_path))
    assert list(place.buildings.geom_type)[3:5] == ["Point", "MultiPolygon"]


def test_heights_and_collections_do_no_harm(tmp_path):
    drawn = Drawn().shape("buildings", 4, shapely.force_3d(square(5, 1, 0.5), 900.0))
    drawn.shape("buildings", 5, shapely.GeometryCollection([square(5, 2, 0.5)]))
    place = read_place(drawn.write(tmp_path, "地点 #1?.gpkg"))
    assert _codes(place) == ["building_not_polygon"]
    assert not place.buildings.geometry.has_z.any()


def test_oddities_are_noted(tmp_path):
    drawn = Drawn().shape("buildings", 2, square(1, 1, 0.5))
    drawn.buildings["levels"] = ["6", "6", "six", "1", "1", None]
    drawn.boundary["name"] = ["甲社区", "乙村１"]
    drawn.boundary["parent"] = ["141126101", None]
    drawn.layers["tea_houses"] = drawn.layers["places"]
    place = read_place(drawn.write(tmp_path))
    assert sorted(_codes(place)) == [
        "building_same_shape",
        "layer_ignored",
        "levels_unread",
        "parent_by_code",
        "text_normalised",
    ]
    assert list(place.areas["parent"]) == ["141126100", "141126100"]
    assert list(place.areas["name"]) == ["甲社区", "乙村1"]


def test_a_place_may_say_which_households_nobody_counted(tmp_path):
    drawn = Drawn()
    drawn.buildings["derived"] = [True, False, True, False, False, False]
    place = read_place(drawn.write(tmp_path))
    assert place.derived == set(place.buildings["bid"].iloc[[0, 2]]) - set(place.households["bid"])


def test_a_parent_that_no_other_row_speaks_against_stays(tmp_path):
    drawn = Drawn()
    drawn.boundary["parent"] = ["141126101", "141126101"]
    place = read_place(drawn.write(tmp_path))
    assert _codes(place) == ["parent_differs", "parent_differs"]
    assert list(place.areas["parent"]) == ["141126101", "141126101"]


def test_features_are_repaired_or_set_aside(tmp_path):
    drawn = Drawn()
    shapes = [bowtie(1, 1), shapely.Polygon(), shapely.Point(LON, LAT), square(2, 2)]
    drawn.layers["zones"] = gpd.GeoDataFrame({"name": list("abcd")}, geometry=shapes, crs=4326)
    place = read_place(drawn.write(tmp_path))
    assert [(row.code, row.row) for row in place.report] == [
        ("feature_empty", 2),
        ("feature_kind", 3),
        ("feature_repaired", 1),
    ]
    assert list(place.features.query("layer == 'zones'")["name"]) == ["a", "d"]


# -- real places -------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared real places lie beside the repository, not in it")
@pytest.mark.parametrize(
    ("name", "code", "buildings", "households"),
    [
        ("dense_beijing_xiwangzhuang", "110108001001", 26, 747),
        ("town_guixi_jiangxi", "360681100001", 165, 4279),
        ("rural_hamlets_neudrossenfeld", "990000000201", 963, 1015),
        ("valley_balzers", "990000000202", 1394, 1394),
    ],
)
def test_real_places_go_in_as_they_are(name, code, buildings, households):
    place = read_place(SHARED / f"{name}.gpkg", code=code)
    assert {row.code for row in place.report} <= {"line_through_building"}
    assert (len(place.buildings), int(place.buildings["households"].sum())) == (buildings, households)
    assert place.areas.geometry.is_valid.all()
    assert place.buildings.geometry.is_valid.all()
    assert all(isinstance(bid, str) for bid in place.buildings["bid"])
    assert isinstance(place.households, pd.DataFrame)


def test_blanks_make_no_other_villagers_group_and_a_missing_one_is_told(tmp_path):
    drawn = Drawn()
    drawn.buildings["group"] = [None, None, None, "一组", " 一 组", None]
    place = read_place(drawn.write(tmp_path))
    assert list(place.buildings["group"])[3:5] == ["一组", "一组"]
    told = {row.code: row for row in place.report}
    assert (told["text_normalised"].row, told["text_normalised"].field) == (5, "group")
    assert told["group_missing"].zh.startswith("1 栋")
