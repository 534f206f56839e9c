"""What the use cases refuse leaves every table as it was; what they repair stands in the report."""

import pytest
import shapely
from shapely.geometry import shape

from spatial import planning
from spatial.errors import BadInput, BadParameter, CutRefused, Flawed, NotFound, Refused, StaleRevision
from tests.fixtures import makers
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, LATTICE, TOWN
from tests.planning.ledger import counts, ledger
from tests.planning.test_stages import leaf_of, line, planning_cells

EAST = f"{TOWN}003"


def small(code=COMMUNITY, name="凤城社区"):
    """Half a community: 160 m x 100 m, 320 households."""
    return drawn.community(code, name, halves=1)


# -- the same file twice -----------------------------------------------------------------------------------


def test_same_file_twice_changes_no_row(store, tmp_path):
    place = drawn.drawn(small()).write(tmp_path)
    first = planning.import_place(store, place)
    before = ledger(store)
    again = planning.import_place(store, place)
    assert [a.new for a in first.areas] == [True]
    assert [(a.new, a.ground_id) for a in again.areas] == [(False, first.areas[0].ground_id)]
    assert ledger(store) == before


def test_same_file_twice_with_disputed_ground_changes_no_row(store, tmp_path):
    place = drawn.drawn(small(), small(EAST, "东街社区").shifted(150)).write(tmp_path)
    planning.import_place(store, place)
    before = ledger(store)
    again = planning.import_place(store, place)
    assert [a.new for a in again.areas] == [False, False]
    assert [r.code for r in again.report].count("disputed_overlap") == 1
    assert ledger(store) == before


def test_same_file_twice_says_the_same_twice(store, tmp_path):
    site = small()
    site.buildings["001-000"] = (shapely.box(-500, 600, 2_000, 1_800), 16)  # across the outline
    site.buildings["001-001"] = (shapely.box(1_800, 600, 4_400, 1_800), 16)  # over its neighbour
    site.buildings["far"] = (shapely.box(90_000, 600, 92_000, 1_800), 16)
    place = drawn.drawn(site).write(tmp_path)
    first = planning.import_place(store, place)
    before = ledger(store)
    again = planning.import_place(store, place)
    assert len(first.report) >= 2
    assert [(r.code, r.ref) for r in again.report] == [(r.code, r.ref) for r in first.report]
    assert ledger(store) == before


def test_same_file_of_a_published_town_changes_no_row(published):
    before = ledger(published.store)
    again = planning.import_place(published.store, published.place)
    assert [a.new for a in again.areas] == [False] * 3
    assert ledger(published.store) == before


def test_same_content_in_another_file_makes_no_ground(store, tmp_path):
    site = small()
    planning.import_place(store, drawn.drawn(site).write(tmp_path, "a.gpkg"))
    grounds = counts(store)["ground"], counts(store)["face"]
    place = drawn.drawn(site)
    place.layers["about"] = place.buildings.iloc[:0]
    again = planning.import_place(store, place.write(tmp_path, "b.gpkg"))
    assert [a.new for a in again.areas] == [False]
    assert (counts(store)["ground"], counts(store)["face"]) == grounds


# -- outlines that do not fit ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shift_m", "code", "kind", "box_m"),
    [
        (150, "disputed_overlap", "overlap", (150, 0, 160, 100)),
        (165, "disputed_gap", "gap", (160, 0, 165, 100)),
    ],
)
def test_disputed_ground_is_reported_and_blocks_publishing(
    store, tmp_path, today, shift_m, code, kind, box_m
):
    place = drawn.drawn(small(), small(EAST, "东街社区").shifted(shift_m)).write(tmp_path)
    report = planning.import_place(store, place).report
    (row,) = [r for r in report if r.code == code]
    assert row.action == "disputed"
    assert {COMMUNITY, EAST} <= set(row.ref.split(" / "))
    assert LATTICE.to_lattice(shape(row.geometry)).bounds == tuple(m * 100 for m in box_m)
    plans = planning.propose(store, TOWN, who="li")
    before = ledger(store)
    for area in plans:
        with pytest.raises(Flawed) as refusal:
            planning.publish(store, [area.plan_id], valid_from=today, who="li", accept="proved")
        (where,) = [w for w in refusal.value.where if w.field == "disputed"]
        assert LATTICE.to_lattice(shape(where.geometry)).bounds == tuple(m * 100 for m in box_m)
        (flaw,) = [f for f in planning.plan(store, area.plan_id).flaws if f.kind == "disputed"]
        assert flaw.blocking
    with pytest.raises(Flawed):
        planning.propose(store, TOWN, who="li", publish=True)
    assert ledger(store) == before
    assert kind in code


def test_hairline_between_outlines_is_mended_not_disputed(store, tmp_path):
    place = drawn.drawn(small(), small(EAST, "东街社区").shifted(160.04)).write(tmp_path)
    codes = [r.code for r in planning.import_place(store, place).report]
    assert "disputed_gap" not in codes
    assert all(planning.propose(store, TOWN, who="li", publish=True))


def test_wide_ground_between_outlines_is_nobodys(store, tmp_path):
    place = drawn.drawn(small(), small(EAST, "东街社区").shifted(190)).write(tmp_path)
    assert [r.code for r in planning.import_place(store, place).report] == []


def test_corrected_outlines_settle_the_dispute(store, tmp_path):
    planning.import_place(
        store, drawn.drawn(small(), small(EAST, "东街社区").shifted(150)).write(tmp_path, "a.gpkg")
    )
    report = planning.import_place(
        store, drawn.drawn(small(), small(EAST, "东街社区").shifted(160)).write(tmp_path, "b.gpkg")
    ).report
    assert [r.code for r in report if r.action == "disputed"] == []
    assert "disputed" not in counts(store)
    assert len(planning.propose(store, TOWN, who="li", publish=True)) == 2


# -- refused imports ---------------------------------------------------------------------------------------


def negative(folder):
    place = drawn.drawn(small())
    place.buildings.loc[3, "households"] = -2
    return place.write(folder, "bad.gpkg")


def short_code(folder):
    return drawn.drawn(small(f"{TOWN}01")).write(folder, "bad.gpkg")


def torn(folder):
    return makers.truncated(drawn.drawn(small()).write(folder, "bad.gpkg"), 0.4)


def empty(folder):
    path = folder / "bad.gpkg"
    path.touch()
    return path


def swapped(folder):
    place = drawn.drawn(small())
    place.buildings = makers.swapped(place.buildings)
    return place.write(folder, "bad.gpkg")


def systemless(folder):
    return makers.unknown_crs(drawn.drawn(small()).write(folder, "bad.gpkg"))


def elsewhere(folder):
    return drawn.drawn(small(), parent="141126101").write(folder, "bad.gpkg")


@pytest.mark.parametrize(
    ("make", "error", "code"),
    [
        (negative, BadInput, "households_negative"),
        (short_code, BadInput, "code_not_12_digits"),
        (torn, BadInput, None),
        (empty, BadInput, "file_empty"),
        (swapped, BadInput, None),
        (systemless, BadInput, "crs_unknown"),
        (elsewhere, Refused, "other_town"),
    ],
)
def test_refused_import_leaves_every_table_as_it_was(store, tmp_path, make, error, code):
    planning.import_place(store, drawn.drawn(small()).write(tmp_path))
    before = ledger(store)
    with pytest.raises(error) as refusal:
        planning.import_place(store, make(tmp_path))
    assert code is None or refusal.value.code == code
    assert refusal.value.zh
    assert ledger(store) == before


def test_refused_import_names_row_and_field(store, tmp_path):
    with pytest.raises(BadInput) as refusal:
        planning.import_place(store, negative(tmp_path))
    (where,) = refusal.value.where
    assert (where.layer, where.row, where.field, where.value) == ("buildings", 4, "households", "-2")
    assert set(ledger(store)) & {"place", "ground"}
    assert not counts(store).keys() & {"place", "ground", "building", "import_report"}


# -- moves -------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(drafted):
    return drafted.store, drafted.plans[COMMUNITY]


def refused(store, plan_id, error, *, base_rev=None, **action):
    """The error of an action; nothing has changed after it."""
    before = ledger(store)
    rev = planning.plan(store, plan_id).rev if base_rev is None else base_rev
    with pytest.raises(error) as refusal:
        planning.move(store, plan_id, base_rev=rev, action=action, who="li")
    assert ledger(store) == before
    assert refusal.value.zh
    return refusal.value


def test_old_revision_is_refused_only_where_something_changed(plan):
    store, plan_id = plan
    leaves = [leaf_of(store, plan_id, f"001-00{n}") for n in range(4)]
    action = {"kind": "give", "building": "001-000", "to": leaves[1].id}
    planning.move(store, plan_id, base_rev=0, action=action, who="li")
    stale = refused(
        store, plan_id, StaleRevision, base_rev=0, kind="give", building="001-001", to=leaves[2].id
    )
    assert stale.data["base_rev"] == 0
    assert stale.data["rev"] == 1
    assert leaves[1].id in stale.data["nodes"]
    # elsewhere on the map revision 0 is as good as ever
    action = {"kind": "give", "building": "001-002", "to": leaves[3].id}
    assert planning.move(store, plan_id, base_rev=0, action=action, who="wang").rev == 2


def test_undo_takes_back_ones_own_and_not_what_others_built_on(plan):
    store, plan_id = plan
    a, b, c = (leaf_of(store, plan_id, f"001-00{n}") for n in range(3))
    cell = planning_cells(store, plan_id, "001-000")
    give = {"kind": "give", "building": "001-000"}
    planning.move(store, plan_id, base_rev=0, action=give | {"to": b.id}, who="li")
    planning.move(store, plan_id, base_rev=1, action=give | {"to": c.id}, who="wang")
    before = ledger(store)
    with pytest.raises(StaleRevision):
        planning.undo(store, plan_id, base_rev=1, who="li")
    with pytest.raises(Refused, match="nothing of yours"):
        planning.undo(store, plan_id, base_rev=2, who="zhao")
    assert ledger(store) == before
    planning.undo(store, plan_id, base_rev=2, who="wang")
    planning.undo(store, plan_id, base_rev=3, who="li")
    assert planning_cells(store, plan_id, "001-000") == cell
    assert leaf_of(store, plan_id, "001-000").id == a.id


def test_revision_that_never_was(plan):
    store, plan_id = plan
    assert refused(store, plan_id, BadParameter, base_rev=9, kind="give", building="001-000", to=20).code


@pytest.mark.parametrize(
    ("drawn_line", "code"),
    [
        (((200, 70), (210, 90)), "cut_misses"),
        (((3, 5), (3, 12)), "cut_misses"),
        (((3, -1), (3, 20), (5, 20), (1, 10), (5, 22)), "cut_crosses_itself"),
        (((3, -1), (3, 60)), "cut_leaves_face"),
        (((-1, 12), (26, 12)), "cut_crosses_building"),
    ],
)
def test_cut_that_is_none(plan, drawn_line, code):
    store, plan_id = plan
    cells = planning.plan_cells(store, plan_id)
    face = cells.loc[cells["bid"] == "001-000", "face"].item()
    error = refused(store, plan_id, CutRefused, kind="cut", face=face, line=line(*drawn_line))
    assert error.code == code


@pytest.mark.parametrize(
    "bad",
    [
        None, {}, {"type": "Point", "coordinates": [110.8, 37.0]}, {"type": "LineString", "coordinates": []},
        {"type": "LineString", "coordinates": [[110.8, 37.0]]}, {"type": "LineString", "coordinates": "x"},
        {"type": "LineString", "coordinates": [[110.8, float("nan")], [110.9, 37.0]]}, "LineString",
    ],
)  # fmt: skip
def test_line_that_is_none(plan, bad):
    store, plan_id = plan
    face = planning.plan_cells(store, plan_id)["face"].iloc[0]
    assert refused(store, plan_id, BadParameter, kind="cut", face=face, line=bad).code == "bad_line"


@pytest.mark.parametrize(
    "action",
    [
        {}, {"kind": "fly"}, {"kind": "give"}, {"kind": "give", "building": "001-000", "to": "x"},
        {"kind": "merge", "nodes": [20]}, {"kind": "merge"}, {"kind": "merge", "nodes": 3},
        {"kind": "split", "line": {"type": "LineString", "coordinates": [[110.8, 37.0], [110.9, 37.0]]}},
        {"kind": "give", "building": "001-000", "to": None}, {"kind": "cut", "line": {}},
        {"kind": "merge", "nodes": ["a", "b"]}, {"kind": "assign", "cells": "all", "to": 3},
    ],
)  # fmt: skip
def test_action_that_can_not_be_read(plan, action):
    store, plan_id = plan
    assert refused(store, plan_id, BadParameter, **action).where


def test_what_is_not_there(plan):
    store, plan_id = plan
    assert refused(store, plan_id, NotFound, kind="give", building="none", to=20).code == "no_such_building"
    assert refused(store, plan_id, NotFound, kind="give", building="001-000", to=999).code == "no_such_grid"
    assert refused(store, plan_id, NotFound, kind="cut", face="none", line=line((0, 0), (1, 1)))
    with pytest.raises(NotFound):
        planning.plan(store, 999_999)
    with pytest.raises(NotFound):
        planning.propose(store, "999999999", who="li")


def test_merge_of_grids_apart(plan):
    store, plan_id = plan
    far = leaf_of(store, plan_id, "001-004")
    same_block = [leaf_of(store, plan_id, f"001-00{n}") for n in range(5)]
    shapes = planning.plan_grids(store, plan_id, level=3).set_index("node_id").geometry
    apart = next(
        (a.id, b.id)
        for a in same_block
        for b in same_block
        if shapely.length(shapely.intersection(shapes[a.id], shapes[b.id])) == 0 and a.id != b.id
    )
    assert refused(store, plan_id, Refused, kind="merge", nodes=list(apart)).code == "merge_apart"
    assert refused(store, plan_id, Refused, kind="merge", nodes=[far.id, far.id]).code == "merge_itself"


def test_dispute_between_others_outlives_a_later_import(store, tmp_path, today):
    west, east = small(), small(EAST, "东街社区").shifted(130)  # 30 m of overlap: wider than any gap
    planning.import_place(store, drawn.drawn(west, east).write(tmp_path, "a.gpkg"))
    third = small(f"{TOWN}004", "北街社区").shifted(0, 400)
    planning.import_place(store, drawn.drawn(third).write(tmp_path, "b.gpkg"))
    assert counts(store)["disputed"] == 1
    (plan,) = planning.propose(store, COMMUNITY, who="li")
    with pytest.raises(Flawed) as refusal:
        planning.publish(store, [plan.plan_id], valid_from=today, who="li", accept="proved")
    assert [w.field for w in refusal.value.where if w.field == "disputed"] == ["disputed"]
    (plan,) = planning.propose(store, f"{TOWN}004", who="li", publish=True)
    assert plan.edition_id
