"""The next-best border between two drawn grids, with exact answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.partition import another as searching
from spatial.partition.another import Limits, another_border
from spatial.policy import Band
from tests.partition.sketch import stacked, table, voronoi_town

BAND = Band(10, 20, 15)


def other(graph, labels, band=BAND):
    """The other division of grids 0 and 1."""
    labels = np.array(labels)
    first, second = (np.flatnonzero(labels == g) for g in (0, 1))
    held = [int(graph.households[cells].sum()) for cells in (first, second)]
    return another_border(graph, first, second, band, Limits.of([tuple(held)], [band]))


def test_the_border_moves_to_the_next_wall():
    """Six houses of 5: 15 and 15 now, parted by no wall; 20 and 10 are parted by one."""
    graph = table("5 5 5 5 | 5 5")
    found = other(graph, [0, 0, 0, 1, 1, 1])
    assert found.first.tolist() == [True, True, True, True, False, False]
    assert (found.moved.tolist(), found.exact) == ([3], True)
    assert found.price < found.price_now


def test_the_second_best_is_told_where_the_present_one_is_best():
    graph = table("5 5 | 5 5 5 5")
    found = other(graph, [0, 0, 1, 1, 1, 1])
    assert found.first.tolist() == [True, True, True, False, False, False]
    assert found.moved.tolist() == [2]
    assert found.price > found.price_now


def test_no_other_place_keeps_both_in_band():
    assert other(table("10 10"), [0, 1]) is None
    assert other(table("9 9 9 9"), [0, 0, 1, 1]) is None


def test_open_ground_alone_is_no_other_division():
    assert other(table("10 0 0 10"), [0, 0, 1, 1]) is None


def test_a_ragged_border_is_drawn_straight():
    found = other(table("3 3 3 3\n3 3 3 3\n3 3 3 3"), [0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1])
    assert found.first.reshape(3, 4).tolist() == [[True, True, False, False]] * 3
    assert found.moved.tolist() == [5, 10]


def test_stairwells_stay_whole():
    graph = stacked(table("25 5 12"), above=20, floor=5)  # the first is a tower of five runs
    mixed = replace(graph, face=np.where(graph.face == 0, 0, graph.face))
    labels = np.where(mixed.face == 0, 0, 1)
    assert other(mixed, labels, Band(10, 40, 25)) is not None
    assert other(mixed, labels, Band(10, 30, 25)).moved.tolist() == [1]


def test_a_grid_out_of_band_gets_no_worse():
    assert other(table("5 3 9 9"), [0, 0, 1, 1]) is None
    found = other(table("5 3 4 10"), [0, 0, 1, 1])
    assert found.first.tolist() == [True, True, True, False]


def test_parents_of_cousins_keep_their_bands():
    assert Limits.of([(15, 15), (60, 100)], [BAND, Band(60, 100, 80)]) == Limits(15, 20)
    assert Limits.of([(15, 15), (70, 95)], [BAND, Band(60, 100, 80)]) == Limits(10, 20)
    assert Limits.of([(8, 15)], [BAND]) == Limits(8, 13)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(8, 15))
def test_trees_find_what_looking_at_all_finds(seed, n):
    graph = voronoi_town(seed, n, numbers=(0, 2, 3, 5))
    order = np.argsort(graph.xy_m[:, 0])
    labels = np.zeros(n, np.int64)
    labels[order[np.cumsum(graph.households[order]) > graph.households.sum() / 2]] = 1
    total = int(graph.households.sum())
    band = Band(total // 3, total - total // 3, total // 2)
    every = other(graph, labels, band)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "EXACT", 0)
        some = other(graph, labels, band)
    assert (every is None) == (some is None)
    if every is not None:
        assert some.price >= every.price - 1e-9
        assert some.price <= every.price * 1.05 + 1e-9
        for side in (every.first, ~every.first):
            assert band.holds(int(graph.households[every.cells[side]].sum()))
