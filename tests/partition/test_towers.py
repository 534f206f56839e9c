"""Stairwells cut between floors: each kept to itself, so that a floor tells its grid."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.partition.propose import propose
from spatial.policy import LINGQUAN
from tests.partition.sketch import SMALL, stacked, table
from tests.partition.test_propose import assert_sound

EIGHT = """
    2 0 3 0 2 1 3 0
    0 52 0 48 0 54 0 2
    3 2 1 2 3 0 2 1
    0 51 0 52 3 49 0 3
    2 3 18 17 2 3 1 2
    0 53 0 50 2 2 3 1
    1 2 3 0 2 1 3 0
"""


def split_leaves(graph, labels) -> dict[int, tuple[int, int]]:
    """Of each leaf that holds floors of a stairwell and not all: such stairwells, households of the rest."""
    runs = np.bincount(graph.face)[graph.face]
    found = {}
    for leaf in np.unique(labels[(runs > 1) & (labels >= 0)]):
        cells = np.flatnonzero(labels == leaf)
        held = np.bincount(graph.face[cells], minlength=graph.n)
        parts = (runs[cells] > 1) & (held[graph.face[cells]] < runs[cells])
        if parts.any():
            rest = int(graph.households[cells[~parts]].sum())
            found[int(leaf)] = len(np.unique(graph.face[cells[parts]])), rest
    return found


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_floors_of_two_stairwells_never_share_a_leaf(seed):
    graph = stacked(table(EIGHT))
    proposal = propose(graph, "community", LINGQUAN, seed=seed)
    leaves = split_leaves(graph, proposal.levels[2])
    assert len(leaves) >= 24
    assert {stairwells for stairwells, _ in leaves.values()} == {1}
    assert all(g.in_band for g in proposal.grids if g.level == 3)


def test_a_tower_alone_fills_its_own_leaves():
    graph = stacked(table("5 5 5 5\n5 30 5 5\n5 5 5 5"))
    proposal = propose(graph, "community", SMALL)
    assert set(split_leaves(graph, proposal.levels[1]).values()) == {(1, 0)}
    assert_sound(graph, proposal)


def test_ground_that_fits_nowhere_joins_the_tower_it_touches():
    graph = stacked(table("4 40 . 36 3"))
    proposal = propose(graph, "community", SMALL)
    leaves = split_leaves(graph, proposal.levels[1])
    assert {stairwells for stairwells, _ in leaves.values()} == {1}
    assert sorted(rest for _, rest in leaves.values() if rest) == [3, 4]
    assert all(g.in_band for g in proposal.grids if g.level == 2)


def test_a_stairwell_that_no_run_of_floors_can_share_out_takes_company():
    graph = stacked(table("21 3 3 3"))  # seven floors of 3: 12 and 9
    proposal = propose(graph, "community", SMALL)
    assert [g.in_band for g in proposal.grids if g.level == 2] == [True, True]
