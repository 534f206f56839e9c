"""Between how many grids drawn areas fit, and why they don't, before any search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.partition.outlook import outlook
from spatial.partition.propose import propose
from spatial.policy import LINGQUAN, Band, Policy
from tests.partition.sketch import SMALL, graph_of, stacked, table, voronoi_town


def row(households: list[int]):
    """Cells in a row."""
    n = len(households)
    return graph_of(np.array(households), np.arange(n - 1), np.arange(1, n))


def ranges(graph, division="community", policy=LINGQUAN):
    return [(one.low, one.high, one.aim) for one in outlook(graph, division, policy)]


def obstacles(graph, division="community", policy=SMALL):
    return [[(o.code, o.cells, o.grids) for o in one.obstacles] for one in outlook(graph, division, policy)]


@pytest.mark.parametrize("households", [501, 550, 599])
def test_501_to_599_fit_no_number_at_level_one(households):
    top, middle, finest = outlook(row([1] * households), "community", LINGQUAN)
    assert [o.code for o in top.obstacles] == ["no_k"]
    (why,) = top.obstacles
    assert (why.households, why.grids) == (households, 1 if households < 546 else 2)
    assert (top.fits, middle.fits, finest.fits) == (False, True, True)


@pytest.mark.parametrize(("households", "low", "high"), [(300, 1, 1), (500, 1, 1), (600, 2, 2), (1650, 4, 5)])
def test_the_arithmetic_of_level_one(households, low, high):
    assert ranges(row([1] * households))[0][:2] == (low, high)


def test_the_error_of_the_nearest_number_is_told():
    (why,) = outlook(row([1] * 550), "community", LINGQUAN)[0].obstacles
    assert why.deviation == pytest.approx(25 / 300, abs=1e-4)


def test_levels_narrow_each_other():
    """Two grids of at least 60 at level 1 hold 6 to 12 of level 2 among 120 households."""
    assert ranges(row([1] * 120), policy=SMALL) == [(2, 2, 2), (6, 12, 8)]


def test_a_parent_that_no_children_fit_rules_its_size_out():
    """Grids of 30 to 35 have no children of 20 to 25, though 65 households fit both by themselves."""
    odd = Policy(bands={"community": (Band(30, 35, 33), Band(20, 25, 22)), "village": ()})
    top, finest = outlook(row([1] * 65), "community", odd)
    assert (top.low, top.high, top.fits) == (2, 2, True)
    assert [(o.code, o.cells, o.deviation) for o in finest.obstacles] == [("no_k", (), 0.0)]


def test_stairwells_of_twelve_decide_by_subset_sums():
    """250 stairwells of 12: one each at level 3; 5 to 8 of them (60-96) at level 2; 25 to 41 at level 1."""
    assert ranges(row([12] * 250)) == [(7, 10, 8), (32, 50, 33), (250, 250, 250)]


def test_lumps_that_never_add_up():
    assert obstacles(table("9 9 9")) == [[("no_k", (0, 1, 2), 1)], [("lumps", (0, 1, 2), 2)]]


def test_a_lump_and_the_part_behind_it():
    assert obstacles(table("5 30 5 5"))[1] == [("lump", (1,), 1), ("part", (0,), 1)]


def test_a_tower_cut_into_floors_is_no_lump():
    assert obstacles(stacked(table("40 40")))[1] == []


def test_an_island_too_small_finds_company_over_a_bridge():
    assert obstacles(table("5 5 5 5 . 5\n5 5 5 5 . .\n5 5 5 5 . ."))[1] == []


def test_everything_in_one_tower():
    (lump, finest) = obstacles(table("0 80 0\n0 0 0"))
    assert (lump, finest) == ([], [("lump", (1,), 1)])


def test_villagers_groups_are_given_and_bound_one_by_one():
    group = np.array([0] * 4 + [1] * 5)
    graph = replace(row([5] * 4 + [1] * 5), group=group)
    top, finest = outlook(graph, "village", SMALL)
    assert (top.low, top.high, top.given, top.fits) == (2, 2, True, True)
    assert (finest.low, finest.high) == (2, 3)
    assert [(o.code, o.cells, o.group) for o in finest.obstacles] == [("no_k", (4, 5, 6, 7, 8), 1)]


def test_dedicated_ground_comes_on_top():
    graph = row([5] * 20 + [0, 0])
    graph = replace(graph, dedicated=np.array([-1] * 20 + [0, 1]))
    assert [one.dedicated for one in outlook(graph, "community", SMALL)] == [2, 0]


def test_nobody_at_home():
    assert ranges(table("0 0"), policy=SMALL) == [(0, 0, 0), (0, 0, 0)]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.integers(0, 10_000), st.integers(20, 90), st.sampled_from([(0, 1, 2, 3), (0, 3, 11, 12), (0, 9, 25)])
)
def test_every_proposal_lies_in_its_range_or_has_an_obstacle(seed, n, numbers):
    graph = voronoi_town(seed, n, numbers=numbers, drop=0.1)
    proposal = propose(graph, "community", SMALL, seed=seed)
    for one in outlook(graph, "community", SMALL):
        grids = [g for g in proposal.grids if g.level == one.level]
        if all(g.in_band for g in grids):
            assert one.fits
            assert one.low <= len(grids) <= one.high
        if not one.fits:
            assert any(not g.in_band for g in grids)
