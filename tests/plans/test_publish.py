import dataclasses

import numpy as np
import pandas as pd

from spatial.plans import (
    Assign,
    Cut,
    Stack,
    adjacency,
    apply,
    face_links,
    grid_shapes,
    groups_of,
    numbering_frame,
    stacks,
)
from spatial.plans.codes import number, short
from tests.plans.town import LEAVES, NODES, plan


def test_a_drawn_plan_is_numbered():
    state, _, _ = plan(LEAVES, NODES)
    frame = numbering_frame(state, grid_shapes(state))
    assert frame.loc[3].tolist() == [1, 2, 1500, 3000]
    assert pd.isna(frame.loc[1, "parent"])
    codes = number(frame, "141126100001").map(short)
    assert codes.to_dict() == {1: "1", 2: "2", 3: "1-01", 4: "1-02", 5: "2-01"}


def test_groups_name_the_grids_that_most_of_them_live_in():
    state, _, _ = plan(LEAVES, NODES, households={"A": 30})
    for cell, group in {0: "一组", 3: "一组", 1: "二组", 5: "三组"}.items():
        state.cells[cell] = dataclasses.replace(state.cells[cell], group=group)
    assert groups_of(state) == {1: "一组"}


def test_stacked_floors():
    state, _, _ = plan(LEAVES, NODES, runs={"A": [20, 20, 20]})
    assert stacks(state) == {}
    apply(state, Assign((3,), 3), 0)
    apply(state, Assign((5,), 4), 1)  # 3 holds all of A and B
    assert stacks(state) == {}
    apply(state, Assign((1, 2), 5), 2)
    assert stacks(state)[5] == Stack("A", "1", 4, 9)  # whatever else it holds: C and F
    assert stacks(state)[3] == Stack("A", "1", 1, 3)
    apply(state, Assign((4, 7), 4), 3)
    assert stacks(state)[2] == stacks(state)[5] == Stack("A", "1", 4, 9)
    apply(state, Assign((3,), 4), 4)
    assert stacks(state)[3] == Stack("A", "1", 1, 3)
    apply(state, Assign((1,), 3), 5)
    apply(state, Assign((0,), 5), 6)
    assert 5 not in stacks(state)  # floors 1-3 and 7-9


def test_neighbours_follow_the_cuts():
    state, names, d = plan(LEAVES, NODES)
    ground = sorted(state.faces)
    pairs = adjacency(np.array([state.faces[f].polygon for f in ground], dtype=object))
    apply(state, Cut(names["A"], tuple(d.line((0.5, 0), (0.5, 3)).coords)), 0)
    part = apply(state, Cut(names["B"], tuple(d.line((3, 2.6), (6, 2.6)).coords)), 1)[1].faces_added[0]
    apply(state, Cut(part, tuple(d.line((3.6, 0), (3.6, 3)).coords)), 2)
    listed, a, b = face_links(state, ground, pairs["a"].to_numpy(), pairs["b"].to_numpy())
    full = adjacency(np.array([state.faces[f].polygon for f in listed], dtype=object))
    assert {frozenset(p) for p in zip(a, b, strict=True)} == {
        frozenset(p) for p in full[["a", "b"]].to_numpy().tolist()
    }
    assert len(a) == len(full)
