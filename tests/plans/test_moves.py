import json

import pytest

from spatial.errors import BadParameter, Locked, NotFound, Refused, StaleRevision
from spatial.plans import Assign, Batch, Cut, Join, Tree, apply, count, from_json, to_json
from spatial.plans.tree import PlanState
from spatial.policy import Band
from tests.plans.town import LEAVES, NODES, plan, snapshot

BANDS = (Band(30, 60, 45), Band(10, 20, 15))


@pytest.fixture
def state() -> PlanState:
    return plan(LEAVES, NODES)[0]


def refused(code: str, state: PlanState, move, base_rev: int | None = None, bands=None):
    before = snapshot(state), state.rev, state.next_cell, state.next_node
    with pytest.raises(Refused) as caught:
        apply(state, move, state.rev if base_rev is None else base_rev, bands=bands)
    assert caught.value.code == code
    assert caught.value.zh
    assert caught.value.en
    assert before == (snapshot(state), state.rev, state.next_cell, state.next_node)
    return caught.value


def undone(state: PlanState, move):
    """Apply a move, check that its inverse (through JSON) takes it back, and the inverse's makes it again."""
    before = snapshot(state)
    inverse, touched = apply(state, move, state.rev)
    after = snapshot(state)
    back, _ = apply(state, from_json(json.loads(json.dumps(to_json(inverse)))), state.rev)
    assert snapshot(state) == before
    again, _ = apply(state, from_json(json.loads(json.dumps(to_json(back)))), state.rev)
    assert snapshot(state) == after
    assert again == inverse
    return touched


def test_assign_moves_cells_and_tells_what_it_touched(state):
    inverse, touched = apply(state, Assign((1, 4), 3), 0)
    assert inverse == Assign((1, 4), 4)
    assert (touched.rev, touched.cells, touched.nodes) == (1, (1, 4), (3, 4))
    assert touched.counted == (0, 1, 3, 4)
    assert count(state)[3].households == 40
    assert count(state)[1].households == 40
    assert count(state)[1].buildings == 4


def test_assign_from_several_sources_is_undone_at_once(state):
    undone(state, Assign((0, 2, 4), 4))
    apply(state, Assign((0,), None), state.rev)
    assert 0 not in state.assign
    undone(state, Assign((0, 1, 2), 5))


def test_assign_refusals(state):
    refused("not_a_leaf", state, Assign((0,), 1))
    refused("no_cells", state, Assign((), 3))
    refused("nothing_changes", state, Assign((0,), 3))
    for move in (Assign((99,), 3), Assign((0,), 99)):
        with pytest.raises(NotFound):
            apply(state, move, 0)
    with pytest.raises(BadParameter):
        apply(state, Assign((0,), 4), 7)


def test_stale_only_where_something_changed(state):
    apply(state, Assign((0,), 4), 0)
    error = refused("stale", state, Assign((0,), 5), 0)
    assert isinstance(error, StaleRevision)
    assert error.data["cells"] == [0]
    assert error.data["nodes"] == [4]
    refused("stale", state, Assign((3,), 5), 0)  # its grid has lost a building since
    apply(state, Tree("rename", node=5, name="东片"), 0)  # the rest goes through
    apply(state, Assign((0,), 5), state.rev)
    refused("stale", state, Assign((99,), 5), 0)  # gone, or never there: somebody changed the plan since


def test_locked_grids_refuse(state):
    undone(state, Tree("lock", node=1))
    for move in (
        Assign((0,), 4),
        Assign((2,), 3),
        Tree("create", parent=1),
        Tree("rename", node=4, name="x"),
        Tree("reparent", node=5, parent=1),
        Tree("lock", node=1),
    ):
        with pytest.raises(Refused) as caught:
            apply(state, move, state.rev)
        assert isinstance(caught.value, Locked) or caught.value.code == "nothing_changes"
    apply(state, Tree("unlock", node=1), state.rev)
    apply(state, Assign((0,), 4), state.rev)


def test_tree_moves_and_their_inverse(state):
    touched = undone(state, Tree("create", parent=1))
    assert touched.nodes == (6,)
    assert (state.nodes[6].label, state.nodes[6].name) == ("1-03", "凤城社区1-03网格")
    undone(state, Tree("remove", node=6))
    undone(state, Tree("rename", node=3, name="老街"))
    undone(state, Tree("reparent", node=4, parent=2))
    assert (state.nodes[4].level, state.nodes[4].label) == (2, "2-02")
    assert count(state)[2].households == 40
    undone(state, Tree("kind", node=5, kind="dedicated"))


def test_first_child_takes_the_cells_and_the_last_gives_them_back(state):
    state.levels = 3
    undone(state, Tree("create", parent=3, name="细分"))
    new = state.next_node - 1
    assert state.cells_of(new) == [0, 3]
    undone(state, Tree("remove", node=new))
    assert state.cells_of(3) == [0, 3]


def test_tree_refusals(state):
    refused("too_deep", state, Tree("create", parent=3))
    refused("name_taken", state, Tree("create", parent=1, name="凤城社区1-01网格"))
    refused("name_taken", state, Tree("rename", node=4, name="凤城社区1-01网格"))
    refused("not_empty", state, Tree("remove", node=3))
    refused("has_children", state, Tree("remove", node=1))
    refused("is_basic", state, Tree("remove", node=0))
    refused("is_basic", state, Tree("kind", node=0, kind="dedicated"))
    refused("under_itself", state, Tree("reparent", node=1, parent=3))
    refused("parent_has_cells", state, Tree("reparent", node=4, parent=5))
    refused("too_deep", state, Tree("reparent", node=1, parent=2))
    refused("dedicated_has_children", state, Tree("kind", node=1, kind="dedicated"))
    with pytest.raises(BadParameter):
        apply(state, Tree("rename"), state.rev)


def test_a_batch_is_one_action_or_none(state):
    create = Tree("create", node=9, parent=2)
    assert undone(state, Batch((create, Assign((0, 1), 9)))).nodes == (3, 4, 9)
    refused("not_a_leaf", state, Batch((Assign((5,), 9), Assign((2,), 2))))


def test_a_stairwell_that_fits_in_one_parent_stays_in_one():
    state, _, _ = plan(LEAVES, NODES, runs={"A": [20, 20], "C": [40, 40]})
    # A's runs are cells 0 and 1 (40 households fit in 60), C's are 3 and 4 (80 do not).
    apply(state, Assign((0,), 4), state.rev, bands=BANDS)
    refused("stairwell_split", state, Assign((0,), 5), bands=BANDS)
    inverse, _ = apply(state, Assign((0, 1), 5), state.rev, bands=BANDS)
    apply(state, inverse, state.rev)
    refused("stairwell_split", state, Tree("reparent", node=4, parent=2), bands=BANDS)
    apply(state, Assign((3,), 4), state.rev, bands=BANDS)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "paint"},
        {"kind": "assign", "cells": ["1"], "to": 3},
        {"kind": "assign", "cells": [True], "to": 3},
        {"kind": "cut", "face": "a", "line": [[0, float("nan")], [1, 1]]},
        {"kind": "cut", "face": 3, "line": [[0, 0], [1, 1]]},
        {"kind": "join", "faces": ["a"]},
        {"kind": "tree", "op": "explode"},
        {"kind": "tree", "op": "rename", "node": 1, "name": " "},
        {"kind": "batch", "moves": [{"kind": "batch", "moves": []}]},
    ],
)
def test_unreadable_moves(data):
    with pytest.raises(BadParameter) as caught:
        from_json(data)
    assert caught.value.code == "bad_move"


def test_json_both_ways():
    for move in (
        Assign((1,), None),
        Cut("ab", ((0.0, 1.0), (2.0, 3.0)), (4, 5)),
        Join(("a", "b")),
        Tree("create", parent=1, kind="dedicated", name="学校", label="4"),
        Batch((Assign((1,), 2), Tree("lock", node=3))),
    ):
        assert from_json(json.loads(json.dumps(to_json(move)))) == move
