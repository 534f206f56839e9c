"""Totals of a town shared over its basic grids."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.errors import Infeasible
from spatial.partition.feasible import lump_room, nested_span
from spatial.partition.targets import share_over, share_targets
from spatial.policy import LINGQUAN
from tests.partition.sketch import table


def test_the_story_is_feasible():
    households = [2900, 2600, 2750, 2800, 2700, 2650, 2800]
    shares = share_targets((60, 212, 1113), households, "community", LINGQUAN, (2, 2, 2, 2, 2, 1, 1))
    assert np.sum(shares, axis=0).tolist() == [60, 212, 1113]
    for share, n, carved in zip(shares, households, (2, 2, 2, 2, 2, 1, 1), strict=True):
        low, high = nested_span((share[0] - carved, *share[1:]), LINGQUAN.bands["community"])
        assert low <= n <= high


def test_the_story_of_the_villages():
    households = [300 + 12 * i for i in range(18)]
    groups = [4, 5] * 6 + [5] * 6
    shares = share_targets((84, 471), households, "village", LINGQUAN, [0] * 18, groups)
    assert np.sum(shares, axis=0).tolist() == [84, 471]
    assert [share[0] for share in shares] == groups


def test_all_sixty_residential_would_need_grids_of_exactly_three_hundred():
    low, high = nested_span((60, 212), LINGQUAN.bands["community"])
    assert (low, high) == (18_000, 21_200)


def test_out_of_reach_says_between_what():
    with pytest.raises(Infeasible) as refusal:
        share_targets((5, 20, 90), [1200], "community", LINGQUAN, (0,))
    assert refusal.value.data == {"level": 1, "total": 5, "low": 3, "high": 4}


def test_an_area_without_number_gets_the_nearest_and_binds_nothing_below():
    assert share_targets((1, 2, 8), [120], "community", LINGQUAN, (0,)) == [(1, 2, 8)]


@given(st.lists(st.integers(600, 4000), min_size=1, max_size=6))
def test_every_total_between_the_bounds_is_met_and_none_outside(households):
    bands = LINGQUAN.bands["community"]
    low = sum(-(-n // bands[0].maximum) for n in households)
    high = sum(n // bands[0].minimum for n in households)
    for total in range(low, high + 1):
        shares = share_targets((total,), households, "community", LINGQUAN, [0] * len(households))
        assert sum(share[0] for share in shares) == total
    for total in (low - 1, high + 1):
        with pytest.raises(Infeasible):
            share_targets((total,), households, "community", LINGQUAN, [0] * len(households))


def test_lumps_narrow_what_arithmetic_allows():
    band = LINGQUAN.bands["community"][2]
    assert lump_room([12] * 10, band) == (10, 10)
    assert lump_room([9, 9, 9, 9], band) == (2, 3)


def test_shares_lean_towards_the_natural_number():
    one, two = table("\n".join(["12 12 12 12 12"] * 5)), table("\n".join(["2 2 2 3 3 3"] * 20))
    shares = share_over((2, 6, 43), [one, two], "community", LINGQUAN)
    assert [share[2] for share in shares] == [25, 18]
