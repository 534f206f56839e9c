"""Villages: groups in several places, parts too small to stand alone, what is said about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spatial.partition.propose import propose
from tests.partition.sketch import SMALL, parts, table


def of_groups(drawing: str, households: str):
    """A village from two drawings: the group's letter of each cell (``-`` for none), and its households."""
    graph = table(households)
    letters = [mark for line in drawing.split("\n") for mark in line.split() if mark not in ".|"]
    codes = np.array([-1 if mark == "-" else ord(mark) - ord("a") for mark in letters])
    return replace(graph, group=codes)


GROUPS = """
    a a a b | a b b a a a
    a a a b | a b b a a a
    a a a b | b b b a a a
"""
HOMES = """
    5 5 5 4 | 3 4 4 5 5 5
    5 5 5 4 | 4 4 4 5 5 5
    5 5 5 4 | 4 4 4 5 5 5
"""


def test_a_small_part_joins_the_part_of_its_group_that_is_nearest_on_foot():
    graph = of_groups(GROUPS, HOMES)
    proposal = propose(graph, "village", SMALL)
    small = [4, 14]  # 3 and 4 households behind a wall, one cell from the west part, two from the east part
    labels = proposal.levels[1]
    assert len(set(labels[small].tolist())) == 1
    others = np.setdiff1d(np.flatnonzero(labels == labels[4]), small)
    assert len(others) > 0
    assert (graph.xy_m[others, 0] > 70).all()
    assert (graph.group[others] == 0).all()
    assert all(g.in_band for g in proposal.grids if g.level == 2)


def test_groups_and_grids_in_several_parts_are_said():
    graph = of_groups(GROUPS, HOMES)
    proposal = propose(graph, "village", SMALL)
    said = {note.code: note for note in proposal.notes}
    assert set(said) == {"group_in_parts", "grid_in_parts"}
    group = said["group_in_parts"]
    assert (group.data["group"], group.data["parts"], group.data["households"]) == (0, 3, [45, 45, 7])
    assert "3片" in group.zh
    assert "45, 45, 7" in group.en
    grid = said["grid_in_parts"]
    assert (grid.data["level"], grid.data["parts"]) == (2, 2)
    assert 7 in grid.data["households"]
    assert len(parts(graph, np.flatnonzero(proposal.levels[1] == grid.data["label"]))) == 2


def test_a_group_in_one_place_is_not_mentioned():
    assert propose(of_groups("a a b b", "6 6 7 7"), "village", SMALL).notes == []


def test_parts_that_can_stand_alone_stay_apart():
    graph = of_groups("a a b b a a", "6 6 7 7 8 8")
    proposal = propose(graph, "village", SMALL)
    assert [note.code for note in proposal.notes] == ["group_in_parts"]
    assert [g.parts for g in proposal.grids if g.level == 2] == [1, 1, 1]
