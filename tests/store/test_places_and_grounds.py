"""Places and grounds go in and come out equal, to the last lattice vertex."""

import dataclasses
import time

import numpy as np
import pandas as pd
import pytest
import shapely

from spatial.errors import NotFound, Refused
from spatial.ground.crs import Lattice
from spatial.ground.households import tally
from spatial.ground.model import CELL_COLUMNS, EDGE_COLUMNS, Ground, ReportRow
from spatial.ground.seam import prove
from spatial.store import grounds, places
from tests.places import CODE, LATTICE, TOWN, VILLAGE
from tests.store.community import HOUSES, OUTLINE, make_ground, make_place, save_area, save_ground


def same_columns(ours, theirs):
    for column in theirs.columns:
        left, right = ours[column], theirs[column]
        assert left.isna().tolist() == right.isna().tolist(), column
        assert left.dropna().tolist() == right.dropna().tolist(), column


def assert_same(ours: Ground, theirs: Ground):
    assert ours.lattice == theirs.lattice
    assert (ours.area_code, ours.division) == (theirs.area_code, theirs.division)
    assert shapely.equals_identical(ours.outline, theirs.outline)
    assert shapely.equals_identical(ours.faces, theirs.faces).all()
    assert ours.face_ids.tolist() == theirs.face_ids.tolist()
    assert shapely.to_wkb(ours.footprints).tolist() == shapely.to_wkb(theirs.footprints).tolist()
    assert ours.outer_m.tolist() == theirs.outer_m.tolist()
    assert list(ours.cells.columns) == list(CELL_COLUMNS)
    assert list(ours.edges.columns) == list(EDGE_COLUMNS)
    same_columns(ours.cells, theirs.cells)
    same_columns(ours.edges, theirs.edges)
    same_columns(ours.layers, theirs.layers)
    assert ours.report == theirs.report


def test_the_lattice_of_the_first_import_stays(tx):
    first = places.ensure_town(tx, TOWN, "灵泉镇", LATTICE)
    again = places.ensure_town(tx, TOWN, "", Lattice(4547, 1, 2))
    assert again == first
    assert again.lattice == LATTICE
    assert places.ensure_town(tx, TOWN, "灵泉", LATTICE).name == "灵泉"


def test_places_by_code(tx):
    save_area(tx)
    places.save_basic(tx, VILLAGE, name="上庄村", division="village", parent=TOWN)
    assert [place.code for place in places.list_places(tx)] == [TOWN, CODE, VILLAGE]
    assert [place.code for place in places.basic_of(tx, TOWN)] == [CODE, VILLAGE]
    assert [place.code for place in places.basic_of(tx, CODE)] == [CODE]
    assert places.town_of(tx, VILLAGE).code == TOWN
    assert places.get(tx, VILLAGE).division == "village"
    assert set(places.outlines(tx, places.town_of(tx, TOWN))) == {CODE}


def test_an_outline_comes_back_to_the_vertex_and_stays_unless_given(tx):
    outline = shapely.segmentize(OUTLINE, 333).buffer(0)
    outline = shapely.transform(outline, np.rint)
    save_area(tx, outline)
    places.save_basic(tx, CODE, name="凤城", division="community", parent=TOWN)
    back = places.outlines(tx, places.town_of(tx, TOWN))[CODE]
    assert shapely.equals_identical(back, outline)
    assert places.get(tx, CODE).name == "凤城"


def test_an_unknown_place(tx):
    for question in (places.get, places.town_of, places.basic_of):
        with pytest.raises(NotFound) as caught:
            question(tx, "999999999999")
        assert "999999999999" in caught.value.zh
    with pytest.raises(NotFound):
        places.save_basic(tx, CODE, name="x", division="community", parent=TOWN)
    with pytest.raises(NotFound):
        grounds.load_ground(tx, 1)


def test_a_basic_grid_stays_with_its_town(store):
    with store.transaction() as tx:
        save_area(tx)
        places.ensure_town(tx, "141126101", "罗村镇", LATTICE)
    with pytest.raises(Refused, match="belongs to town"), store.transaction() as tx:
        places.save_basic(tx, CODE, name="x", division="community", parent="141126101")
    with store.transaction() as tx:
        assert places.get(tx, CODE).name == "凤城社区"


def test_disputed_ground_and_reports(tx):
    save_area(tx)
    town = places.town_of(tx, TOWN)
    places.save_disputed(tx, town, "sha", [("overlap", [CODE, VILLAGE], shapely.box(0, 0, 100, 100))])
    found = places.disputed(tx, VILLAGE)
    assert found[["kind", "codes", "area_m2"]].values.tolist() == [["overlap", [CODE, VILLAGE], 1.0]]
    assert found.crs.to_epsg() == 4326
    places.save_disputed(tx, town, "sha", [])
    assert places.disputed(tx, TOWN).empty
    row = ReportRow("buildings", 7, "b7", "geometry", "repaired", "self_crossing", "自交", "crosses itself")
    places.save_report(tx, town, [row], source_sha="sha", file="place.gpkg", who="li")
    (report,) = places.reports(tx, town)
    assert (report.rows, report.file, report.who) == ([row], "place.gpkg", "li")


def test_a_ground_comes_back_equal(tx):
    ground = make_ground(make_place())
    ground_id, new = save_ground(tx)
    assert new
    back = grounds.load_ground(tx, ground_id)
    assert_same(back, ground)
    assert prove(back.faces, back.outline) == []
    assert back.cells["floor_low"].notna().any()


def test_the_same_file_twice_gives_no_new_ground(tx):
    first, _ = save_ground(tx)
    assert save_ground(tx) == (first, False)
    assert save_ground(tx, make_place("another file, the same rows")) == (first, False)
    other, new = save_ground(tx, make_place("sha-2", HOUSES | {"s1": (HOUSES["s1"][0], 11)}))
    assert new
    assert grounds.latest(tx, CODE).id == other
    assert grounds.load_ground(tx, first).cells["households"].sum() == 50 + 30


def test_layers_for_maps(tx):
    ground_id, _ = save_ground(tx)
    layers = grounds.load_layers(tx, ground_id)
    assert sorted(layers["buildings"]["bid"]) == sorted(HOUSES)
    assert layers["buildings"]["levels"].tolist() == [6] * 6
    assert layers["features"][["layer", "class", "name"]].values.tolist() == [
        ["roads", "footway", "凤城巷"], ["places", "square", "凤城"],
    ]  # fmt: skip
    assert layers["areas"]["code"].tolist() == [CODE]
    assert {frame.crs.to_epsg() for frame in layers.values()} == {4326}


def test_households_that_nobody_counted_are_marked(tx):
    whole = make_place()
    counted = [bid for bid in HOUSES if bid not in set(whole.households["bid"])]
    place = dataclasses.replace(whole, derived=frozenset(counted[:1]))
    ground_id, _ = save_ground(tx, place)
    said = grounds.frame(tx, "SELECT bid FROM household WHERE derived")["bid"].tolist()
    assert said == counted[:1]
    assert grounds.derived_households(tx, ground_id) == HOUSES[counted[0]][1]
    back = grounds.load_place(tx, ground_id)
    assert back.derived == place.derived
    assert (
        tally(back)
        .groupby("bid")[["households", "registered"]]
        .sum()
        .equals(tally(place).groupby("bid")[["households", "registered"]].sum())
    )


def test_4000_cells_are_written_soon(tx):
    place = make_place()
    small = make_ground(place)
    n = 4_000
    squares = shapely.segmentize(shapely.box(*_corners(n)), 200)
    cells = pd.DataFrame(
        {"id": [f"c{i:05}" for i in range(n)], "face": range(n), "floor_low": pd.NA, "floor_high": pd.NA,
         "bid": None,
         "stairwell": None,
         "households": 3, "registered": 3, "group": None}
    )  # fmt: skip
    a = np.arange(n - 1)
    edges = pd.DataFrame(
        {"a": a, "b": a + 1, "length_m": 20.0, "barrier": None, "strength": 0.0, "feature": None}
    )
    layers = pd.DataFrame(
        {column: [None] * n for column in ("zone", "affinity", "dedicated", "dedicated_kind")}, dtype=object
    )
    big = dataclasses.replace(
        small, faces=squares, face_ids=np.array([f"{i:016x}" for i in range(n)], dtype=object),
        footprints=squares, cells=cells, edges=edges, outer_m=np.zeros(n), layers=layers,
    )  # fmt: skip
    save_area(tx)
    begin = time.perf_counter()
    ground_id, _ = grounds.write_ground(tx, CODE, big, place)
    wrote_s = time.perf_counter() - begin
    begin = time.perf_counter()
    back = grounds.load_ground(tx, ground_id)
    read_s = time.perf_counter() - begin
    assert shapely.equals_identical(back.faces, squares).all()
    assert wrote_s < 4.5  # three times what it may take on a quiet machine
    assert read_s < 4.5


def _corners(n):
    x, y = np.divmod(np.arange(n), 64)
    return x * 2_000.0, y * 2_000.0, x * 2_000.0 + 2_000, y * 2_000.0 + 2_000
