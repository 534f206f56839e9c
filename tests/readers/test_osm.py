"""OpenStreetMap extracts: layers by tags, boundaries, derived households, broken shapes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from spatial.errors import BadFile
from spatial.ground.crs import from_wgs84
from spatial.readers.derive import DERIVED, derive
from spatial.readers.features import joined, read_features
from spatial.readers.gpkg import GeoPackage
from spatial.readers.placefile import read_place
from spatial.readers.words import Findings
from tests.fixtures.makers import LAT, LON, D, square
from tests.fixtures.osm import Extract
from tests.fixtures.tables import csv_file
from tests.readers.test_placefile import SHARED

CODE = {"code": "141126100001"}


def ring(x, y, width=1.0, height=None):
    """Corners of a rectangle, x, y, width and height in units of about 100 m."""
    height = width if height is None else height
    at = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return [(LON + a * D, LAT + b * D) for a, b in at]


def town():
    """A town of 4 x 4 units: three dwellings, a shop, one building far away, and all the lines."""
    extract = Extract()
    edge = extract.way(ring(0, 0, 4), closed=True)
    extract.relation(
        [("way", edge, "outer")], type="boundary", boundary="administrative", name="灵泉镇", admin_level="8"
    )
    extract.way(ring(1, 1, 0.3), closed=True, building="apartments", building_levels="6", name="甲楼")
    extract.way(ring(2, 1, 0.1), closed=True, building="yes")
    extract.way(ring(2, 2, 0.1), closed=True, building="house")
    extract.way(ring(3, 1, 0.2), closed=True, building="yes", shop="supermarket")
    extract.way(ring(9, 9, 0.2), closed=True, building="yes")
    line = [(LON, LAT + 1.7 * D), (LON + 4 * D, LAT + 1.7 * D)]
    extract.way(line, highway="residential", name="凤城路")
    extract.way(line, highway="construction")
    extract.way(line, railway="rail")
    extract.way(line, railway="rail", tunnel="yes")
    extract.way(line, waterway="stream")
    extract.way(line, barrier="wall")
    extract.way(ring(0, 3, 1), closed=True, natural="water", name="水库")
    extract.way(ring(1, 3, 1), closed=True, landuse="farmland")
    extract.node(LON + 2 * D, LAT + 2 * D, place="quarter", name="凤城")
    return extract


def _codes(place):
    return [row.code for row in place.report]


def _refused(wanted, *args, **flags):
    with pytest.raises(BadFile) as caught:
        read_place(*args, **flags)
    assert caught.value.code == wanted
    return caught.value


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_an_extract_becomes_a_place(tmp_path, name):
    place = read_place(town().write(tmp_path / name), boundary="灵泉镇", **CODE)
    assert list(place.areas["name"]) == ["灵泉镇"]
    assert sorted(place.buildings["btype"]) == ["apartments", "house", "yes", "yes"]
    assert all(bid.startswith("w") for bid in place.buildings["bid"])
    features = place.features.groupby("layer")["class"].agg(list).to_dict()
    assert features == {
        "roads": ["residential"], "rail": ["rail"], "water_lines": ["stream"], "walls": ["wall"],
        "water_areas": ["water"], "landuse": ["farmland"],
    }  # fmt: skip
    assert list(place.places["name"]) == ["凤城"]
    assert place.crs == "EPSG:4326"


def test_tags_say_where_one_gets_across(tmp_path):
    extract = town()
    line = [(LON + 0.5 * D, LAT + 2.5 * D), (LON + 3 * D, LAT + 2.5 * D)]
    extract.way(line, highway="residential", bridge="yes")
    extract.way(line, highway="footway", tunnel="yes")
    extract.way(line, highway="track", ford="yes", bridge="no")
    extract.way(line, highway="motorway", bridge="yes")
    extract.way(line, railway="rail", bridge="yes")
    extract.node(LON + 1.1 * D, LAT + 2.1 * D, railway="level_crossing")
    extract.node(LON + 1.2 * D, LAT + 2.1 * D, barrier="gate")
    extract.node(LON + 1.3 * D, LAT + 2.1 * D, barrier="kerb")
    place = read_place(extract.write(tmp_path / "town.osm"), boundary="灵泉镇", **CODE)
    found = place.features[place.features["layer"] == "crossings"]
    kinds = dict.fromkeys(("gate", "level_crossing"), "Point") | dict.fromkeys(
        ("bridge", "ford", "tunnel"), "LineString"
    )
    assert sorted(zip(found["class"], found.geom_type, strict=True)) == sorted(kinds.items())
    roads = place.features[place.features["layer"] == "roads"]
    assert sorted(roads["class"]) == ["motorway", "residential", "residential", "track"]


def test_households_are_derived_and_the_report_says_so(tmp_path):
    place = read_place(town().write(tmp_path / "town.osm"), boundary="灵泉镇", **CODE)
    by_type = place.buildings.set_index("name")["households"]
    area = float(place.buildings.to_crs(4546).area.max())
    assert by_type["甲楼"] == round(area * 6 * 0.85 / 95)
    told = [row for row in place.report if row.code == "households_derived"]
    assert len(told) == 3
    assert all("derived" in row.en and "推算" in row.zh for row in told)
    assert "levels_assumed" in _codes(place)
    assert place.derived == set(place.buildings["bid"])


def test_a_dwelling_that_is_drawn_twice_is_counted_once(tmp_path):
    once = read_place(town().write(tmp_path / "once.osm"), boundary="灵泉镇", **CODE)
    extract = town()
    extract.way(ring(1, 1, 0.3), closed=True, building="apartments", building_levels="6", name="甲楼")
    extract.way(ring(1.1, 1.1, 0.1), closed=True, building="apartments", building_levels="6")  # a part of it
    twice = read_place(extract.write(tmp_path / "twice.osm"), boundary="灵泉镇", **CODE)
    assert len(twice.buildings) == len(once.buildings) + 2
    assert twice.buildings["households"].sum() == once.buildings["households"].sum()
    (told,) = [row for row in twice.report if "wholly on another" in row.en]
    assert told.en.startswith("The households of 2 buildings")


def test_a_register_beats_what_is_derived(tmp_path):
    rows = [["楼栋", "户数"], ["甲楼", 7]]
    register = csv_file(tmp_path / "r.csv", rows, "gb18030")
    place = read_place(town().write(tmp_path / "t.osm"), boundary="灵泉镇", households=register, **CODE)
    counted = place.buildings.set_index("bid")
    assert set(counted.index) - place.derived == set(place.households["bid"])
    assert counted.loc[place.households["bid"], "households"].tolist() == [7]


def test_a_village_is_derived_by_the_rural_rule(tmp_path):
    path = town().write(tmp_path / "town.osm")
    place = read_place(path, boundary="灵泉镇", code="141126100201")
    assert sorted(place.buildings["households"])[:3] == [0, 1, 1]


@pytest.mark.parametrize("name", ["r5000", "relation/5000", "5000", "灵泉镇"])
def test_a_relation_is_named_in_several_ways(tmp_path, name):
    assert len(read_place(town().write(tmp_path / "t.osm.pbf"), boundary=name, **CODE).buildings) == 4


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg"])
def test_the_boundary_may_be_a_file(tmp_path, suffix):
    outline = tmp_path / f"outline{suffix}"
    frame = gpd.GeoDataFrame(
        {"code": ["141126100001"], "name": ["甲社区"]}, geometry=[square(0, 0, 2)], crs=4326
    )
    pyogrio.write_dataframe(frame, outline)
    place = read_place(town().write(tmp_path / "town.osm"), boundary=outline)
    assert list(place.areas["name"]) == ["甲社区"]
    assert len(place.buildings) == 3


def test_buildings_beside_the_boundary_are_counted_not_listed(tmp_path):
    outline = tmp_path / "o.geojson"
    triangle = shapely.Polygon([(LON, LAT), (LON + 2.9 * D, LAT), (LON, LAT + 2.9 * D)])
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[triangle], crs=4326), outline)
    place = read_place(town().write(tmp_path / "town.osm"), boundary=outline, name="甲", **CODE)
    assert len(place.buildings) == 1
    assert [row.zh[:8] for row in place.report if row.code == "osm_outside"] == ["数据里另有 2 "]


def test_the_boundary_is_needed_and_the_extract_says_what_it_has(tmp_path):
    path = town().write(tmp_path / "town.osm")
    assert "灵泉镇 (r5000, admin_level 8)" in _refused("boundary_needed", path).zh
    assert "灵泉镇 (r5000, admin_level 8)" in _refused("boundary_not_found", path, boundary="罗村镇").zh


def test_two_relations_of_one_name(tmp_path):
    extract = town()
    edge = extract.way(ring(5, 0, 2), closed=True)
    extract.relation([("way", edge, "outer")], type="boundary", boundary="administrative", name="灵泉镇")
    error = _refused("boundary_several", extract.write(tmp_path / "town.osm"), boundary="灵泉镇")
    assert "r5000, r5001" in error.en


def test_a_relation_whose_ways_are_missing_is_not_whole(tmp_path):
    extract = town()
    extract.relation([("way", 99999, "outer")], type="boundary", boundary="administrative", name="罗村镇")
    path = extract.write(tmp_path / "town.osm.pbf")
    for name in ("罗村镇", "r5001"):
        error = _refused("boundary_not_whole", path, boundary=name)
        assert "w99999" in error.zh
        assert "osmium extract" in error.en


def test_an_extract_without_buildings(tmp_path):
    extract = town()
    extract.ways = {n: way for n, way in extract.ways.items() if "building" not in way[1]}
    error = _refused("osm_no_buildings", extract.write(tmp_path / "town.osm"), boundary="灵泉镇", **CODE)
    assert "building" in error.en
    extract = town()
    path = extract.write(tmp_path / "town.osm.pbf")
    outline = tmp_path / "o.geojson"
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[square(20, 20, 1)], crs=4326), outline)
    _refused("osm_no_buildings", path, boundary=outline, name="乙", **CODE)


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_broken_shapes_are_repaired_or_named(tmp_path, name):
    extract = town()
    a, b, c, d = ring(1, 2, 0.3)
    extract.way([a, c, b, d], closed=True, building="yes")  # crosses itself
    flat = extract.way(ring(3, 3, 0.2)[:2], closed=True, building="yes")  # a line and back
    lost = extract.way(ring(3, 0, 0.2), closed=True, building="house")  # one node is not in the extract
    extract.ways[lost][0][1] = 999_999
    rest = [
        extract.way(ring(2, 0, 0.2), closed=True, **tag)
        for tag in ({"building": "yes"}, {"landuse": "grass"})
    ]
    for way in rest:  # one node is left of it: GDAL makes a ring of two points
        refs = extract.ways[way][0]
        refs[:] = [999_997, refs[1], 999_998, 999_999, 999_997]
    half = extract.way(ring(0.5, 0.5, 0.2))  # an outer ring that does not close
    ajar = extract.relation([("way", half, "outer")], type="multipolygon", building="house")
    extract.relation([("way", 99999, "outer")], type="multipolygon", building="house")
    outer, inner = extract.way(ring(1, 3, 0.3), closed=True), extract.way(ring(1.2, 3.2, 0.3), closed=True)
    extract.relation([("way", outer, "outer"), ("way", inner, "inner")], type="multipolygon", building="yes")
    place = read_place(extract.write(tmp_path / name), boundary="灵泉镇", **CODE)
    assert shapely.is_valid(place.buildings.geometry.to_numpy()).all()
    told = {(row.code, row.ref) for row in place.report}
    assert {("building_empty", f"w{flat}"), ("building_empty", f"w{rest[0]}")} <= told
    assert "building_repaired" in _codes(place)
    assert "osm_shape_lost" in _codes(place)
    opened = next(row for row in place.report if row.code == "osm_relation_open")
    assert f"r{ajar}" in opened.zh
    short = next(row for row in place.report if row.code == "osm_way_short")
    whole = next(row for row in place.report if row.code == "osm_way_incomplete")
    assert f"w{rest[0]}" in short.zh
    assert (f"w{lost}" in whole.zh, f"w{rest[0]}" in whole.zh) == (True, False)


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.95])
def test_an_extract_cut_short(tmp_path, name, part):
    path = town().write(tmp_path / name)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(BadFile) as caught:
        read_place(path, boundary="灵泉镇", **CODE)
    assert caught.value.code in {"file_empty", "file_broken", "boundary_not_found"}


def test_an_extract_keeps_its_system_when_the_boundary_is_of_another(tmp_path):
    outline = tmp_path / "o.geojson"
    moved = shapely.transform(
        square(0, 0, 4), lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02"))
    )
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[moved], crs=4326), outline)
    path = town().write(tmp_path / "town.osm")
    place = read_place(path, boundary=outline, crs="gcj02", name="甲", **CODE)
    assert [row.layer for row in place.report if row.code == "crs_by_flag"] == ["boundary"]
    assert len(place.buildings) == 4


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
@pytest.mark.parametrize(
    ("file", "urban", "share"),
    [
        ("dense_beijing_xiwangzhuang", True, 0.99),
        ("town_guixi_jiangxi", True, 0.96),  # five stand on industrial land
        ("rural_hamlets_neudrossenfeld", False, 0.95),
        ("valley_balzers", False, 0.95),
    ],
)
def test_the_rule_derives_what_the_shared_data_say(file, urban, share):
    package, findings = GeoPackage(SHARED / f"{file}.gpkg"), Findings()
    layer, uses = package.read("buildings"), package.read("landuse")
    landuse = joined([read_features(uses, uses.geometry, findings)])
    rows = layer.rows.assign(
        use=["office" if rule == "non-dwelling" else None for rule in layer.rows["hh_rule"]]
    )
    counts = derive(rows, layer.geometry, np.full(len(rows), urban), landuse, DERIVED, findings)
    ruled = layer.rows["hh_rule"].str.contains("area|1 \\+|outbuilding").to_numpy()
    given = layer.rows["households"].to_numpy()
    assert (np.abs(counts - given) <= np.maximum(1, 0.02 * given))[ruled].mean() > share
    assert abs(counts[ruled].sum() - given[ruled].sum()) < 0.06 * given.sum()
