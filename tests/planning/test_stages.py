"""Drawn places through all stages: file, ground, proposal, moves, edition, look-up. Exact answers."""

from itertools import pairwise

import numpy as np
import pytest
import sqlalchemy as sa

from spatial import lookup, planning
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, LATTICE, TOWERS, VILLAGE


def tree(store, plan_id):
    """Grids of a plan by short number."""
    return {n.short: n for n in planning.plan(store, plan_id).nodes}


def leaf_of(store, plan_id, bid):
    """Short number of the leaf that holds a building of one cell."""
    cells = planning.plan_cells(store, plan_id)
    (node,) = set(cells.loc[cells["bid"] == bid, "node_id"])
    return next(n for n in planning.plan(store, plan_id).nodes if n.id == node)


def act(store, plan_id, **action):
    rev = planning.plan(store, plan_id).rev
    return planning.move(store, plan_id, base_rev=rev, action=action, who="li")


def line(*places):
    """GeoJSON of a line drawn in lattice metres."""
    xy = np.array(places, dtype=float) * 100
    return {"type": "LineString", "coordinates": LATTICE.coords_to_lonlat(xy).tolist()}


def state_of(store, plan_id):
    """What a plan says of its grids and cells, but for its revision."""
    cells = planning.plan_cells(store, plan_id)
    grids = planning.plan_grids(store, plan_id)
    return (
        sorted((int(r.cell), r.face, int(r.node_id), r.households) for r in cells.itertuples()),
        sorted((r.node_id, r.name, r.households, r.geometry.normalize().wkt) for r in grids.itertuples()),
    )  # fmt: skip


def spot(x_m, y_m):
    """Longitude and latitude of lattice metres."""
    return LATTICE.coords_to_lonlat(np.array([[x_m * 100.0, y_m * 100.0]]))[0]


# -- proposals ---------------------------------------------------------------------------------------------


def test_community_is_divided_by_river_roads_and_houses(drafted):
    plan = planning.plan(drafted.store, drafted.plans[COMMUNITY])
    by_level = {level: [n for n in plan.nodes if n.level == level] for level in range(4)}
    assert {level: [n.households for n in ns] for level, ns in by_level.items()} == {
        0: [640], 1: [320] * 2, 2: [80] * 8, 3: [16] * 40,
    }  # fmt: skip
    assert plan.flaws == []
    assert all(n.in_band for n in plan.nodes if n.level)
    grids = planning.plan_grids(drafted.store, plan.id, level=1).sort_values("short")
    boxes = LATTICE.to_lattice(grids.geometry.to_numpy())
    assert [b.bounds for b in boxes] == [(0, 0, 16_000, 10_000), (16_000, 0, 32_000, 10_000)]
    blocks = planning.plan_grids(drafted.store, plan.id, level=2)
    bounds = sorted(b.bounds for b in LATTICE.to_lattice(blocks.geometry.to_numpy()))
    assert bounds == sorted((x, y, x + 8_000, y + 5_000) for x in range(0, 32_000, 8_000) for y in (0, 5_000))


def test_village_takes_the_names_of_its_groups(drafted):
    plan = planning.plan(drafted.store, drafted.plans[VILLAGE])
    assert [(n.name, n.households) for n in plan.nodes if n.level == 1] == [
        ("前山村一组", 30), ("前山村二组", 30), ("前山村三组", 30),
    ]  # fmt: skip
    assert [n.households for n in plan.nodes if n.level == 2] == [15] * 6
    assert plan.flaws == []


def test_towers_are_stacked_by_floors(drafted):
    plan = planning.plan(drafted.store, drafted.plans[TOWERS])
    assert [n.households for n in plan.nodes if n.level == 2] == [72] * 6
    leaves = [n for n in plan.nodes if n.level == 3]
    assert len(leaves) == 24
    assert all(n.in_band for n in leaves)
    cells = planning.plan_cells(drafted.store, plan.id).dropna(subset=["floor_low"])
    stairwell_of = cells.groupby("node_id").apply(lambda f: {*zip(f["bid"], f["stairwell"], strict=True)})
    assert all(len(found) == 1 for found in stairwell_of)
    for (_, _), runs in cells.groupby(["bid", "stairwell"]):
        floors = [f for r in runs.itertuples() for f in range(int(r.floor_low), int(r.floor_high) + 1)]
        assert sorted(floors) == list(range(1, 19))


# -- moves -------------------------------------------------------------------------------------------------


def test_give_changes_exactly_two_branches_and_undo_takes_it_back(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    before = state_of(store, plan)
    source, target = leaf_of(store, plan, "001-000"), leaf_of(store, plan, "001-001")
    delta = act(store, plan, kind="give", building="001-000", to=target.id)
    counts = {n.id: n.households for n in delta.nodes}
    assert delta.removed == [source.id]  # it held this building only
    assert counts[target.id] == 32
    assert counts[source.parent] == 80
    assert {(f.kind, f.node_id) for f in delta.flaws if f.blocking} == {("out_of_band", target.id)}
    assert delta.can_undo
    back = planning.undo(store, plan, base_rev=delta.rev, who="li")
    assert back.rev == 2
    assert back.flaws == []
    assert not back.can_undo
    assert state_of(store, plan) == before


def test_merge_then_split_by_a_line(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    one, two = leaf_of(store, plan, "001-000"), leaf_of(store, plan, "001-001")
    delta = act(store, plan, kind="merge", nodes=[one.id, two.id])
    assert len(delta.removed) == 1
    kept = ({one.id, two.id} - set(delta.removed)).pop()
    assert {n.id: n.households for n in delta.nodes}[kept] == 32
    # the houses stand at x = 6-20 m and 30-44 m; the line goes between, and ends short of the border
    delta = act(store, plan, kind="split", node=kept, line=line((25, -3), (25, 30)))
    assert sorted(n.households for n in delta.nodes if n.level == 3) == [16, 16]
    assert [f for f in delta.flaws if f.blocking] == []
    assert leaf_of(store, plan, "001-000").id != leaf_of(store, plan, "001-001").id


def test_cut_makes_ground_that_is_given_away_and_joined_again(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    before = state_of(store, plan)
    cells = planning.plan_cells(store, plan)
    face = cells.loc[cells["bid"] == "001-000", "face"].item()
    delta = act(store, plan, kind="cut", face=face, line=line((3, -1), (3, 32)))
    assert delta.faces_changed
    assert len(delta.cells) == 2
    after = planning.plan_cells(store, plan)
    assert len(after) == len(cells) + 1
    west = after[after["cell"].isin(delta.cells) & after["bid"].isna()]
    assert len(west) == 1
    assert west["households"].item() == 0
    bounds = LATTICE.to_lattice(west.geometry.to_numpy())[0].bounds
    # the line's ends went to the nearest lattice vertices, two metres apart at most
    assert bounds[:2] == (0, 0)
    assert 200 <= bounds[2] <= 400
    planning.undo(store, plan, base_rev=delta.rev, who="li")
    assert state_of(store, plan) == before


def test_everything_undone_one_by_one_is_the_proposal_again(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    before = state_of(store, plan)
    one, two = leaf_of(store, plan, "001-000"), leaf_of(store, plan, "001-001")
    act(store, plan, kind="merge", nodes=[one.id, two.id])
    act(store, plan, kind="give", building="001-002", to=leaf_of(store, plan, "001-000").id)
    cells = planning.plan_cells(store, plan)
    face = cells.loc[cells["bid"] == "001-000", "face"].item()
    rev = act(store, plan, kind="cut", face=face, line=line((3, -1), (3, 32))).rev
    for _ in range(3):
        rev = planning.undo(store, plan, base_rev=rev, who="li").rev
    assert state_of(store, plan) == before


# -- editions and look-ups ---------------------------------------------------------------------------------


def test_moved_plan_is_published_and_found(drafted, today):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    one, two = leaf_of(store, plan, "001-000"), leaf_of(store, plan, "001-001")
    # the two houses change places: both grids keep 16 households
    act(
        store, plan, kind="batch",
        moves=[{"kind": "assign", "cells": planning_cells(store, plan, "001-000"), "to": two.id},
               {"kind": "assign", "cells": planning_cells(store, plan, "001-001"), "to": one.id}],
    )  # fmt: skip
    (edition,) = planning.publish(store, [plan], valid_from=today, who="li")
    assert (edition.area_code, edition.release, edition.grids) == (COMMUNITY, 1, 51)
    found = lookup.locate(store, *spot(13, 12), "wgs84")  # in the middle of the house 001-000
    assert found.status == "inside"
    assert found.edition == edition.id
    chain = found.matches[0].chain
    assert [g.level for g in chain] == [0, 1, 2, 3]
    assert chain[0].code == COMMUNITY
    assert all(below.code.startswith(above.code) for above, below in pairwise(chain))
    grids = lookup.grids(store, area=COMMUNITY)
    assert list(grids["level"].value_counts().sort_index()) == [1, 2, 8, 40]
    row = grids.set_index("code").loc[chain[-1].code]
    assert row["households"] == 16


def planning_cells(store, plan, bid):
    cells = planning.plan_cells(store, plan)
    return cells.loc[cells["bid"] == bid, "cell"].tolist()


def test_published_names_of_a_village(published):
    grids = lookup.grids(published.store, area=VILLAGE, level=1)
    assert grids["name"].tolist() == ["前山村一组", "前山村二组", "前山村三组"]


def test_stairwell_and_floors_in_the_published_view(published):
    with published.store.transaction() as tx:
        rows = tx.execute(
            sa.text(
                "SELECT stairwell, lower(floors), upper(floors), households FROM published.grids"
                " WHERE area_code = :area AND level = 3"
            ),
            {"area": TOWERS},
        ).all()
        others = tx.execute(
            sa.text(
                "SELECT count(*) FROM published.grids WHERE (stairwell IS NOT NULL OR floors IS NOT NULL)"
                " AND NOT (area_code = :area AND level = 3)"
            ),
            {"area": TOWERS},
        ).scalar_one()
    assert len(rows) == 24
    assert others == 0
    assert all(4 * (high - low) == n for _, low, high, n in rows)
    assert sorted(f for _, low, high, _ in rows for f in range(low, high)) == sorted(6 * [*range(1, 19)])


@pytest.mark.parametrize("floor", [1, 7, 18])
@pytest.mark.parametrize("stairwell", ["1", "2"])
def test_floor_decides_in_a_tower(published, floor, stairwell):
    # towers stand 500 m east; stairwell 1 is one half of tower 1 (x 15-30 m), stairwell 2 the other
    halves = {}
    for x in (518.0, 542.0):
        asked = lookup.locate(published.store, *spot(x, 22), "wgs84")
        assert asked.status == "ask_floor"
        assert len(asked.matches) == 4
        codes = [m.chain[-1].code for m in asked.matches]
        assert codes == sorted(codes)
        found = [
            lookup.locate(published.store, *spot(x, 22), "wgs84", stairwell=well, floor=floor)
            for well in ("1", "2")
        ]
        (right,) = [(w, f) for w, f in zip("12", found, strict=True) if f.status == "inside"]
        halves[right[0]] = right[1]
        wrong = next(f for f in found if f is not right[1])
        assert (wrong.status, len(wrong.matches)) == ("ask_floor", 4)
    grid = lookup.grids(published.store, code=halves[stairwell].matches[0].chain[-1].code).iloc[0]
    low, high = (int(v) for v in grid["floors"].strip("[)").split(","))
    assert grid["stairwell"] == stairwell
    assert low <= floor < high


def test_no_such_floor_is_asked_again(published):
    found = lookup.locate(published.store, *spot(518, 22), "wgs84", floor=40)
    assert found.status == "ask_floor"


def test_towers_of_a_community_find_all_of_their_households(published):
    site = drawn.towers()
    grids = lookup.grids(published.store, area=TOWERS)
    for level in range(4):
        assert grids.loc[grids["level"] == level, "households"].sum() == sum(
            n for _, n in site.buildings.values()
        )
