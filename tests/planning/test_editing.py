"""Edits through the use cases: preview and move agree, undo comes from the store, refusals have a place."""

from time import perf_counter

import numpy as np
import pytest
import shapely
from shapely.geometry import mapping, shape

from spatial import planning
from spatial.errors import BadParameter, CutRefused, Locked, Refused, StaleRevision
from spatial.planning import desk
from tests.planning.drawn import COMMUNITY, LATTICE, TOWERS
from tests.planning.ledger import ledger
from tests.planning.test_refusals import refused
from tests.planning.test_stages import act, leaf_of, line, planning_cells, state_of

SCRIPT = "<script>alert(1)</script>"
"""A name is text and nothing else, whatever it says."""


@pytest.fixture
def plan(drafted):
    return drafted.store, drafted.plans[COMMUNITY]


def previewed(store, plan_id, **action):
    rev = planning.plan(store, plan_id).rev
    return planning.preview(store, plan_id, base_rev=rev, action=action)


def square(west, south, east, north):
    """GeoJSON of a square drawn in lattice metres."""
    return mapping(LATTICE.to_lonlat(shapely.box(west * 100, south * 100, east * 100, north * 100)))


def across(store, plan_id, node, share):
    """GeoJSON of a line through a grid from west to east, at a share of its height."""
    grids = planning.plan_grids(store, plan_id).set_index("node_id")
    shape_ = LATTICE.to_lattice(grids.geometry[node])
    west, south, east, north = shape_.bounds
    y = south + share * (north - south)
    inside = shapely.get_parts(shapely.intersection(shape_, shapely.LineString([(west, y), (east, y)])))
    return mapping(LATTICE.to_lonlat(max(inside, key=lambda one: one.length)))


def afresh(store):
    """Let the next reader load the plan from the tables."""
    with store.transaction() as tx:
        desk.clear(tx)


def actions(store, plan_id):
    """One action of each kind that is composed, on the plan as it stands."""
    pair = [leaf_of(store, plan_id, bid).id for bid in ("001-000", "001-001")]
    act(store, plan_id, kind="merge", nodes=pair, parts=True)
    one, two = leaf_of(store, plan_id, "001-000"), leaf_of(store, plan_id, "001-100")
    return [
        {"kind": "paint", "cells": planning_cells(store, plan_id, "001-002"), "to": two.id},
        {"kind": "split_into", "node": one.id, "n": 2},
        {"kind": "merge", "nodes": [one.id, two.id], "parts": True},
        {"kind": "reshape", "node": one.id, "line": across(store, plan_id, one.id, 0.8)},
        {
            "kind": "draw",
            "parent": one.parent,
            "polygon": square(-5, -5, 23, 30),
            "name": "<script>alert(1)</script>",
        },
    ]


def test_a_preview_says_what_the_move_then_does_and_keeps_nothing(plan):
    store, plan_id = plan
    before, cell = ledger(store), planning_cells(store, plan_id, "001-000")
    source, target = leaf_of(store, plan_id, "001-000"), leaf_of(store, plan_id, "001-100")
    action = {"kind": "paint", "cells": cell, "to": target.id}
    said = previewed(store, plan_id, **action)
    assert ledger(store) == before
    rows = {row.node: row for row in said.touched}
    assert (rows[source.id].gone, rows[source.id].after, rows[source.id].state_before) == (
        True,
        None,
        "in_band",
    )
    assert (rows[target.id].before.households, rows[target.id].after.households) == (16, 32)
    assert rows[target.id].state_after == "over"
    parents = {row.level: [r for r in said.parents if r.level == row.level] for row in said.parents}
    assert sorted((r.before.households, r.after.households) for r in parents[2]) == [(80, 64), (80, 96)]
    (cross,) = said.crosses
    assert (cross.from_, cross.to, cross.level) == (source.parent, target.parent, 2)
    assert "80 户变为 64 户" in cross.zh
    assert "80 户变为 96 户" in cross.zh
    assert [f.node_id for f in said.flaws_new if f.kind == "out_of_band"] == [target.id]
    act(store, plan_id, **action)
    after = {n.id: n for n in planning.plan(store, plan_id).nodes}
    assert source.id not in after
    assert after[target.id].households == rows[target.id].after.households


def test_every_composed_action_is_undone_and_redone_from_the_store(plan):
    store, plan_id = plan
    todo = actions(store, plan_id)
    start = state_of(store, plan_id)
    for action in todo:
        act(store, plan_id, **action)
        afresh(store)
        end = state_of(store, plan_id)
        assert end != start
        if action["kind"] == "draw":
            assert SCRIPT in {n.name for n in planning.plan(store, plan_id).nodes}
        rev = planning.plan(store, plan_id).rev
        planning.undo(store, plan_id, base_rev=rev, who="li")
        afresh(store)
        assert state_of(store, plan_id) == start
        planning.redo(store, plan_id, base_rev=rev + 1, who="li")
        assert state_of(store, plan_id) == end
        assert not [f for f in planning.plan(store, plan_id).flaws if f.kind in {"gap", "overlap", "edge"}]
        planning.undo(store, plan_id, base_rev=rev + 2, who="li")


def test_handles_are_dragged_and_brought_back(plan):
    store, plan_id = plan
    start, handles = state_of(store, plan_id), planning.plan_handles(store, plan_id, level=2)
    points = handles[handles["kind"].isin(["junction", "corner"])]
    borders = handles[handles["kind"] == "border"]
    assert shapely.within(points.geometry, shapely.buffer(shapely.union_all(borders.geometry), 1e-9)).all()
    moved = 0
    for row in points.itertuples():
        place = LATTICE.to_lattice(row.geometry)
        to = LATTICE.to_lonlat(shapely.Point(place.x + 900, place.y + 700))
        ends = {"from": [row.geometry.x, row.geometry.y], "to": [to.x, to.y]}
        try:
            act(store, plan_id, kind="drag", level=2, **ends)
        except Refused as error:
            assert not shape(error.where[0].geometry).is_empty  # noqa: PT017 - most fold, or change nothing
            continue
        moved += 1
        planning.undo(store, plan_id, base_rev=planning.plan(store, plan_id).rev, who="li")
    assert moved
    assert state_of(store, plan_id) == start


def test_floors_are_handed_over_in_section(drafted):
    store, plan_id = drafted.store, drafted.plans[TOWERS]
    tower = planning.tower(store, plan_id, "塔1")
    assert [s.stairwell for s in tower.stairwells] == ["1", "2"]
    cells = [c for s in tower.stairwells for c in s.cells]
    assert sum(c.households for c in cells) == 144
    low = tower.stairwells[0].cells[0]
    target = next(c.node for c in tower.stairwells[0].cells if c.node != low.node)
    act(store, plan_id, kind="hand", bid="塔1", stairwell="1", floors=list(low.floors), to=target)
    assert planning.tower(store, plan_id, "塔1").stairwells[0].cells[0].node == target


def test_a_stairwell_torn_between_parents_is_refused_with_an_offer(drafted):
    store, plan_id = drafted.store, drafted.plans[TOWERS]
    one, two = (planning.tower(store, plan_id, "塔1").stairwells[i] for i in (0, 1))
    action = {"kind": "paint", "cells": [one.cells[0].cell], "to": two.cells[0].node}
    error = refused(store, plan_id, Refused, **action)
    assert error.code == "stairwell_split"
    assert error.where[0].geometry
    assert error.data["offer"]["cells"] == sorted(c.cell for c in one.cells)
    act(store, plan_id, **error.data["offer"])


def test_who_may_not_edit_is_told_where(plan, published):
    store, plan_id = plan
    leaf = leaf_of(store, plan_id, "001-000")
    act(store, plan_id, kind="tree", op="lock", node=leaf.id)
    across = {"kind": "split", "node": leaf.id, "line": line((-5, 10), (45, 12))}
    with pytest.raises(Refused) as caught:
        previewed(store, plan_id, **across)
    assert caught.value.where[0].geometry
    other = leaf_of(store, plan_id, "001-100")
    cells = planning_cells(store, plan_id, "001-000")
    error = refused(store, plan_id, Locked, kind="paint", cells=cells, to=other.id)
    assert shape(error.where[0].geometry).area > 0
    for edit in (planning.move, planning.preview):
        named = {} if edit is planning.preview else {"who": "li"}
        with pytest.raises(Locked) as closed:
            edit(
                published.store, published.plans[COMMUNITY], base_rev=0,
                action={"kind": "paint", "cells": cells, "to": other.id}, **named,
            )  # fmt: skip
        assert closed.value.code == "published_already"


def test_an_old_revision_shows_what_changed_and_the_rest_goes_through(plan):
    store, plan_id = plan
    target = leaf_of(store, plan_id, "001-100")
    mine, theirs = (planning_cells(store, plan_id, b) for b in ("001-000", "001-310"))
    act(store, plan_id, kind="paint", cells=mine, to=leaf_of(store, plan_id, "001-001").id)
    error = refused(store, plan_id, StaleRevision, base_rev=0, kind="paint", cells=mine, to=target.id)
    assert shape(error.where[0].geometry).area > 0
    assert [one["who"] for one in error.data["changes"]] == ["li"]
    elsewhere = leaf_of(store, plan_id, "001-311").id
    planning.move(
        store, plan_id, base_rev=0, action={"kind": "paint", "cells": theirs, "to": elsewhere}, who="wang"
    )


def test_a_drawing_of_a_hundred_thousand_points_is_refused_at_once(plan):
    store, plan_id = plan
    angle = np.linspace(0, 2 * np.pi, 100_000)
    ring = np.stack([110.84 + 1e-3 * np.cos(angle), 37.0 + 1e-3 * np.sin(angle)], axis=1)
    polygon = {"type": "Polygon", "coordinates": [[*ring.tolist(), ring[0].tolist()]]}
    start = perf_counter()
    error = refused(store, plan_id, BadParameter, kind="draw", parent=0, polygon=polygon)
    assert error.code == "too_many_points"
    assert shape(error.where[0].geometry).area > 0
    assert perf_counter() - start < 3


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ({"kind": "reshape", "line": line((60, 30), (70, 32))}, "reshape_misses"),
        ({"kind": "draw", "parent": 0, "polygon": square(9_000, 9_000, 9_100, 9_100)}, "reshape_outside"),
        ({"kind": "split", "node": 1, "line": line((9_000, 0), (9_100, 0))}, "split_parent"),
        ({"kind": "reshape", "node": 1, "line": line((20, 20), (60, 60), (60, 20), (20, 60))},
         "cut_crosses_itself"),
    ],
)  # fmt: skip
def test_a_drawing_that_can_not_be_says_where(plan, action, code):
    store, plan_id = plan
    error = refused(store, plan_id, (CutRefused, Refused), **action)
    assert error.code == code
    assert not shape(error.where[0].geometry).is_empty
