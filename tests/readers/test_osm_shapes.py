"""OpenStreetMap extracts as people draw them: what is not whole is repaired or named, never a crash."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spatial import checking
from spatial.errors import WanggeError
from spatial.readers.placefile import read_place
from tests.fixtures.makers import LAT, LON, D
from tests.readers.test_osm import CODE, ring, town

WHOLE = {"w1001", "w1002", "w1003", "w1004"}


def read(tmp_path, extract, name="town.osm.pbf", **flags):
    """The place, and its report by code."""
    place = read_place(extract.write(tmp_path / name), boundary="灵泉镇", **(CODE | flags))
    return place, {row.code: row for row in place.report}


def relation(extract, *members, **tags):
    return extract.relation(list(members), **{"type": "multipolygon", "building": "house", **tags})


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_relations_that_lack_members_are_named(tmp_path, name):
    extract = town()
    half, outer = extract.way(ring(1, 2, 0.3)[:3]), extract.way(ring(3, 2, 0.3), closed=True)
    lost = [
        relation(extract, ("way", 99999, "outer")),
        relation(extract, ("way", half, "outer"), ("way", 99999, "outer")),
        relation(extract, ("way", outer, "outer"), ("way", 99998, "inner")),
        relation(extract, ("relation", 5000, "outer")),
    ]
    wood = extract.relation([("way", 7, "outer")], type="multipolygon", landuse="forest")
    untyped = extract.relation([("way", outer, "outer")], building="yes")
    place, told = read(tmp_path, extract, name)
    assert set(place.buildings["bid"]) == WHOLE
    rows = {r.layer: r.zh for r in place.report if r.code == "osm_relation_broken"}
    assert all(f"r{number}" in rows["buildings"] for number in lost)
    assert f"r{wood}" in rows["landuse"]
    assert f"r{untyped}" in told["osm_relation_untyped"].en


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_a_building_with_a_courtyard_keeps_it(tmp_path, name):
    extract = town()
    outer, inner = extract.way(ring(1, 2, 0.4), closed=True), extract.way(ring(1.1, 2.1, 0.2), closed=True)
    number = relation(extract, ("way", outer, "outer"), ("way", inner, "inner"))
    place, _ = read(tmp_path, extract, name)
    shape = place.buildings.set_index("bid").geometry[f"r{number}"]
    assert [len(part.interiors) for part in shapely.get_parts(shape)] == [1]


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_ways_that_are_short_open_or_lack_nodes(tmp_path, name):
    extract = town()
    one = extract.way(ring(1, 2, 0.3)[:1], building="house")
    none = extract.way([], building="house")
    opened = extract.way(ring(2, 3, 0.3), building="house")
    straight = extract.way(ring(3, 3, 0.3)[:2], building="house")
    lacking = extract.way(ring(0.2, 0.2, 0.3), closed=True, building="house")
    extract.ways[lacking][0][1] = 999_999
    place, told = read(tmp_path, extract, name)
    assert set(place.buildings["bid"]) == WHOLE | {f"w{opened}", f"w{lacking}"}
    assert f"w{one}, w{none}" in told["osm_way_short"].zh
    assert f"w{lacking}" in told["osm_way_incomplete"].zh
    assert f"w{opened}" in told["osm_way_open"].zh
    assert f"w{straight}" in told["osm_way_short"].zh
    assert place.buildings.geometry.is_valid.all()


def test_nodes_in_one_dense_list_as_real_extracts_have_them(tmp_path):
    extract = town()
    extract.dense = True
    whole, told = read(tmp_path, extract)
    assert set(whole.buildings["bid"]) == WHOLE
    assert "osm_way_incomplete" not in told
    lacking = extract.way(ring(0.2, 0.2, 0.3), closed=True, building="house")
    extract.ways[lacking][0][1] = 999_999
    _, told = read(tmp_path, extract)
    assert f"w{lacking}" in told["osm_way_incomplete"].zh
    assert list(whole.places["name"]) == ["凤城"]


def test_buildings_that_are_a_node_only(tmp_path):
    extract = town()
    number = extract.node(LON + 2.5 * D, LAT + 2.5 * D, building="house", name="独院")
    extract.node(LON + 1.1 * D, LAT + 1.1 * D, building="yes")  # inside 甲楼
    place, told = read(tmp_path, extract)
    assert set(place.buildings["bid"]) == WHOLE | {f"n{number}"}
    assert f"n{number}" in told["osm_points"].en
    lone = place.buildings.set_index("bid").loc[f"n{number}"]
    assert (lone["name"], lone["households"], lone.geometry.geom_type) == ("独院", 1, "Point")


@pytest.mark.parametrize(
    ("levels", "height", "stored", "told"),
    [
        ("5-6", "", 6, False), ("5;6", "", 6, False), ("2.5", "", 2, False), ("3 floors", "", 3, False),
        ("", "12 m", None, False), ("", "12,5", None, False), ("many", "", None, True),
        ("0", "", None, False),
    ],
)  # fmt: skip
def test_levels_and_heights_as_people_write_them(tmp_path, levels, height, stored, told):
    extract = town()
    number = extract.way(
        ring(1, 2, 0.3), closed=True, building="apartments", building_levels=levels, height=height
    )
    place, report = read(tmp_path, extract)
    row = place.buildings.set_index("bid").loc[f"w{number}"]
    assert (
        None if stored is None else int(row["levels"]) if row["levels"] == row["levels"] else None
    ) == stored
    assert ("levels_unread" in report) == told
    if height:
        area = float(place.buildings.to_crs(4546).set_index(place.buildings["bid"]).area[f"w{number}"])
        assert row["households"] == round(area * 4 * 0.85 / 95)


def parted():
    """The town with two areas of admin_level 10 in it, and a settlement that bears the town's name."""
    extract = town()
    for x, name in ((0, "甲村"), (2, "乙村")):
        edge = extract.way(ring(x, 0, 2, 4), closed=True)
        extract.relation(
            [("way", edge, "outer")], type="boundary", boundary="administrative", name=name, admin_level="10"
        )
    extract.way(ring(0, 0, 3), closed=True, place="town", name="灵泉镇")
    return extract


def test_several_areas_each_with_its_code(tmp_path):
    path = parted().write(tmp_path / "town.osm.pbf")
    place = read_place(path, boundary="r5001=141126100001, 乙村=141126100200")
    assert place.areas[["code", "name", "division"]].to_numpy().tolist() == [
        ["141126100001", "甲村", "community"], ["141126100200", "乙村", "village"],
    ]  # fmt: skip
    assert len(place.buildings) == 4


def test_the_border_is_meant_where_a_settlement_bears_its_name(tmp_path):
    place = read_place(parted().write(tmp_path / "town.osm"), boundary="灵泉镇", **CODE)
    assert "r5000" in next(row.zh for row in place.report if row.code == "boundary_relation")
    drawn = read_place(tmp_path / "town.osm", boundary="w1016", **CODE)
    assert drawn.areas.geometry.iloc[0].area < place.areas.geometry.iloc[0].area


def test_parts_of_buildings_are_no_buildings(tmp_path):
    extract = town()
    extract.way(ring(1, 2, 0.3), closed=True, **{"building:part": "yes"})
    assert set(read(tmp_path, extract)[0].buildings["bid"]) == WHOLE


# -- noise -------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["", "yes", "no", "house", "5-6", "-1", "12 m", "tall", "1e400", "９", "nan", "无", "outer"]
)
KEYS = st.sampled_from(
    ["building", "building:levels", "height", "type", "boundary", "landuse", "name", "natural"]
)


def pick(data, things):
    return data.draw(st.sampled_from(sorted(things)))


def drop_node(data, extract):
    del extract.nodes[pick(data, extract.nodes)]


def drop_way(data, extract):
    del extract.ways[pick(data, extract.ways)]


def turn_refs(data, extract):
    refs, _ = extract.ways[pick(data, extract.ways)]
    refs[:] = data.draw(st.permutations(refs))


def cut_refs(data, extract):
    refs, _ = extract.ways[pick(data, extract.ways)]
    del refs[data.draw(st.integers(0, max(len(refs), 1))) :]


def move_node(data, extract):
    number = pick(data, extract.nodes)
    step = st.sampled_from([0.0, 1e-7, 3e-4, -2e-3, 0.5, 90.0])
    lon, lat, tags = extract.nodes[number]
    extract.nodes[number] = (lon + data.draw(step), lat + data.draw(step), tags)


def tag(data, extract):
    things = data.draw(st.sampled_from([extract.ways, extract.relations]))
    things[pick(data, things)][1][data.draw(KEYS)] = data.draw(WORDS)


def relate(data, extract):
    kind = st.sampled_from(["way", "node", "relation"])
    number = st.sampled_from([*sorted(extract.ways), 1, 5000, 424242])
    member = st.tuples(kind, number, st.sampled_from(["outer", "inner", "", "label"]))
    members = data.draw(st.lists(member, max_size=4))
    extract.relation(members, type="multipolygon", building="yes")


MANGLES = (drop_node, drop_way, turn_refs, cut_refs, move_node, tag, relate)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_noise_ends_in_a_ground_or_in_a_named_error(data):
    extract = town()
    for mangle in data.draw(st.lists(st.sampled_from(MANGLES), min_size=1, max_size=6)):
        mangle(data, extract)
    name = data.draw(st.sampled_from(["town.osm", "town.osm.pbf"]))
    with tempfile.TemporaryDirectory() as folder:
        path = extract.write(Path(folder) / name)
        # whatever is raised must be one of our own errors, which carry their words in both languages
        with suppress(WanggeError):
            found = checking.check(path, boundary="灵泉镇", **CODE)
            assert all(proof.ok for proof in found.proofs)
            assert all(row.zh and row.en for row in found.report)
