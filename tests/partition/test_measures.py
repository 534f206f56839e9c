"""Load, walking distance and areas kept whole, in figures one can work out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.partition.measures import Kept, kept, load, walk
from spatial.policy import Band
from tests.partition.sketch import table


def test_the_spread_of_load():
    found = load(np.array([20, 10, 10, 40]))
    assert (found.p10, found.p50) == (10, 15)
    assert found.p90 == pytest.approx(34)
    assert found.gini == pytest.approx((10 * -3 + 10 * -1 + 20 * 1 + 40 * 3) / (4 * 80))
    assert found.cv == pytest.approx(np.sqrt(150) / 20)
    assert load(np.array([], dtype=np.int64)) is None
    assert load(np.zeros(3, dtype=np.int64)) is None


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30).filter(any), st.integers(1, 9))
def test_gini_lies_between_0_and_1_and_knows_no_scale(households, times):
    one = load(np.array(households))
    assert -1e-12 <= one.gini < 1
    assert load(np.array(households) * times).gini == pytest.approx(one.gini)


def test_the_way_to_the_middle_goes_through_the_grid_and_is_weighed_by_households():
    graph = table("1 1 1 9 1")
    found = walk(graph, np.zeros(5, dtype=np.int64))
    assert (found.p50_m, found.p95_m, found.cut_off) == (pytest.approx(0), pytest.approx(30), 0)
    bent = table("""
        5 0 5
        0 0 0
        1 0 0
    """)
    labels = np.array([0, 1, 0, 0, 1, 0, 0, 0, 0])
    assert walk(bent, labels).p95_m == pytest.approx(60)


def test_a_household_cut_off_from_the_middle_is_told_and_has_no_way():
    found = walk(table("4 0 3"), np.array([0, 1, 0]))
    assert (found.p95_m, found.cut_off) == (0, 3)
    assert walk(table("0 0"), np.array([0, 0])) is None


def test_areas_cut_are_told_and_those_that_no_grid_can_hold_are_excused():
    graph = replace(table("4 4 4 4 9 9 0"), zone=np.array([0, 0, 1, 1, 2, 2, 0]))
    labels = np.array([0, 0, 0, 1, 1, 2, 2])
    assert kept(graph, graph.zone, labels, Band(1, 17, 9)) == Kept(areas=3, cut=1, too_large=1)
    assert kept(graph, graph.zone, labels, Band(None, None, 9)) == Kept(areas=3, cut=2, too_large=0)
    assert kept(graph, np.full(7, -1), labels, Band(1, 17, 9)) is None
