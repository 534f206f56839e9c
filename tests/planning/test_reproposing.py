"""A part proposed again in place: one move, the rest untouched, undone like any other."""

from __future__ import annotations

import pytest

from spatial import planning
from spatial.errors import BadParameter, Infeasible, Refused, StaleRevision
from spatial.planning import reproposing
from tests.planning.drawn import COMMUNITY
from tests.planning.test_stages import act, leaf_of, line


def corner(*places):
    return {"type": "Polygon", "coordinates": [line(*places, places[0])["coordinates"]]}


WEST, EAST = corner((0, 0), (79, 0), (79, 49), (0, 49)), corner((245, 55), (319, 55), (319, 99), (245, 99))


def again(store, plan_id, **part):
    rev = part.pop("base_rev", None)
    rev = planning.plan(store, plan_id).rev if rev is None else rev
    return reproposing.repropose(store, plan_id, base_rev=rev, who="li", **part)


def whole(store, plan_id):
    """All of a plan that an undo has to bring back."""
    view = planning.plan(store, plan_id)
    cells = planning.plan_cells(store, plan_id)
    return [(n.id, n.parent, n.name, n.label, n.locked) for n in view.nodes], cells["node_id"].tolist()


def spoil(store, plan_id):
    """Merge two houses in the west and two in the east."""
    for one, two in (("001-000", "001-001"), ("001-310", "001-311")):
        act(store, plan_id, kind="merge", nodes=[leaf_of(store, plan_id, bid).id for bid in (one, two)])


def test_a_part_is_mended_in_one_move_and_undone(drafted):
    store, plan_id = drafted.store, drafted.plans[COMMUNITY]
    spoil(store, plan_id)
    before = whole(store, plan_id)
    east = leaf_of(store, plan_id, "001-310")
    delta = again(store, plan_id, polygon=WEST)
    assert delta.rev == 3
    assert leaf_of(store, plan_id, "001-000").id != leaf_of(store, plan_id, "001-001").id
    assert leaf_of(store, plan_id, "001-310") == east
    bad = [f for f in planning.plan(store, plan_id).flaws if f.kind == "out_of_band"]
    assert [f.node_id for f in bad] == [east.id]
    last = planning.plan_moves(store, plan_id)[-1]
    assert "重划" in last.words["zh"]
    planning.undo(store, plan_id, base_rev=3, who="li")
    assert whole(store, plan_id) == before
    planning.redo(store, plan_id, base_rev=4, who="li")
    assert leaf_of(store, plan_id, "001-000").households == 16


def test_grids_name_the_part_too_and_locks_stay(drafted):
    store, plan_id = drafted.store, drafted.plans[COMMUNITY]
    spoil(store, plan_id)
    kept = leaf_of(store, plan_id, "001-000")
    act(store, plan_id, kind="tree", op="lock", node=kept.id)
    again(store, plan_id, nodes=[n.id for n in planning.plan(store, plan_id).nodes if n.level == 1])
    assert leaf_of(store, plan_id, "001-000").households == 32
    assert leaf_of(store, plan_id, "001-310").households == 16


def test_ground_that_was_cut_is_proposed_again_too(drafted):
    """A lasso works after a split by a line, which the proposal of a whole plan refuses."""
    store, plan_id = drafted.store, drafted.plans[COMMUNITY]
    spoil(store, plan_id)
    cell = next(c for c in planning.plan_cells(store, plan_id).itertuples() if c.bid == "001-100")
    left, bottom, right, _ = cell.geometry.bounds
    cut = {"type": "LineString", "coordinates": [[left - 1e-6, bottom + 2e-5], [right + 1e-6, bottom + 2e-5]]}
    act(store, plan_id, kind="cut", face=cell.face, line=cut)
    again(store, plan_id, polygon=WEST)
    assert leaf_of(store, plan_id, "001-000").households == 16


def test_what_can_not_be_done_is_refused(drafted, monkeypatch):
    store, plan_id = drafted.store, drafted.plans[COMMUNITY]
    for part, code in (
        ({"polygon": WEST}, "nothing_changes"),
        ({"polygon": corner((900, 900), (910, 900), (910, 910))}, "no_part"),
        ({}, "no_part"),
        ({"polygon": WEST, "targets": [None, None, 60]}, "targets"),
        ({"polygon": WEST, "targets": [3]}, "bad_targets"),
    ):
        with pytest.raises((Refused, BadParameter, Infeasible)) as refused:
            again(store, plan_id, **part)
        assert refused.value.code == code
    spoil(store, plan_id)
    with pytest.raises(StaleRevision):
        again(store, plan_id, polygon=WEST, base_rev=0)
    monkeypatch.setattr(reproposing, "MOST_CELLS", 4)
    with pytest.raises(Refused) as large:
        again(store, plan_id, polygon=WEST)
    assert (large.value.code, large.value.data["most"]) == ("part_too_large", 4)
    assert large.value.where[0].geometry["type"] in {"Polygon", "MultiPolygon"}
