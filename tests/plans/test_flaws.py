import numpy as np

from spatial.plans import Assign, Tree, adjacency, apply, cell_links, find_flaws, find_pieces
from spatial.policy import Band
from tests.plans.town import LEAVES, NODES, plan

BANDS = (Band(20, 40, 30), Band(10, 20, 15))


def flaws(state, bands=BANDS):
    faces = sorted(state.faces)
    pairs = adjacency(np.array([state.faces[f].polygon for f in faces], dtype=object))
    links = cell_links(state, faces, pairs["a"].to_numpy(), pairs["b"].to_numpy())
    ids = np.array(sorted(state.cells))
    pieces = find_pieces(ids, state.labels_of(ids.tolist(), range(len(bands) + 1)), links)
    found = find_flaws(state, bands, pieces)
    assert all(f.zh and f.en for f in found)
    return [(f.kind, f.node, f.cells) for f in found]


def test_a_good_plan_has_no_flaws():
    assert flaws(plan(LEAVES, NODES)[0]) == []


def test_out_of_band_by_what_the_policy_counts():
    state, _, _ = plan(LEAVES, NODES, households={"A": 15})
    assert flaws(state) == [("out_of_band", 1, ()), ("out_of_band", 3, ())]
    assert flaws(state, (Band(None, None, 80), Band(10, 30, 15))) == []


def test_disconnected_unassigned_dedicated_and_empty():
    state, _, _ = plan(LEAVES, NODES)
    apply(state, Assign((5,), None), 0)
    apply(state, Assign((5, 3), 4), 1)  # 4: B E D F, 3: A
    apply(state, Assign((4,), 3), 2)  # 3: A E touch at a corner only, 4: B | D | F
    apply(state, Tree("kind", node=5, kind="dedicated"), 3)
    apply(state, Tree("create", parent=2), 4)
    apply(state, Assign((1,), None), 5)
    assert flaws(state) == [
        ("out_of_band", 2, ()),
        ("dedicated_households", 5, ()),
        ("empty", 6, ()),
        ("disconnected", 3, (4,)),
        ("disconnected", 4, (5,)),
        ("unassigned", None, (1,)),
    ]


def test_parts_of_the_ground_are_no_flaw():
    state, _, _ = plan({"A": 3, "B": 3, "C": 4, "D": 4}, NODES[:2] + NODES[3:5], table="AAB.CD", levels=2)
    apply(state, Assign((3,), 3), 0)
    apply(state, Assign((0,), 4), 1)
    # 3: B, D in two parts of the ground; 4: A, C likewise.
    assert [f for f in flaws(state) if f[0] == "disconnected"] == []


def test_floor_runs_hang_together_one_after_the_other():
    state, _, _ = plan(LEAVES, NODES, runs={"A": [5, 5, 5]})
    apply(state, Assign((1,), 4), 0)
    assert [f for f in flaws(state) if f[0] == "disconnected"] == [
        ("disconnected", 3, (2,)),
        ("disconnected", 4, (1,)),
    ]
