"""The score card, in figures one can work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.partition.score import score
from spatial.policy import Band
from tests.partition.sketch import table


def test_a_square_split_along_a_wall():
    graph = table("""
        4 4 | 6 6
        4 4 | 6 6
    """)
    labels = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    card = score(graph, [labels], [Band(10, 20, 15)]).levels[0]
    assert (card.grids, card.in_band, card.households_in_band) == (2, 0.5, 16 / 40)
    assert card.polsby_popper == pytest.approx(np.pi / 4)
    assert (card.followed, card.border_km) == (1.0, 0.02)
    assert card.offered == pytest.approx(20 / 100)
    assert card.followed_relative == pytest.approx(5.0)


def test_a_lump_is_excused_and_told():
    graph = table("30 0 5 5")
    card = score(graph, [np.array([0, 0, 1, 1])], [Band(10, 20, 15)]).levels[0]
    assert (card.in_band, card.in_band_strict, card.lumps, card.households_in_band) == (1.0, 0.5, 1, 1.0)


def test_scattered_and_empty_grids_are_counted_and_dedicated_ones_left_out():
    graph = table("5 0 5 0 0")
    card = score(graph, [np.array([0, 1, 0, 2, 2])], [Band(10, 20, 15)], dedicated=np.array([3, 4])).levels[0]
    assert (card.grids, card.scattered, card.empty) == (2, 1, 1)
