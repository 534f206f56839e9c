"""A limit by the clock: a whole plan all the same, marked; without one nothing changes."""

from __future__ import annotations

import time

import numpy as np
import pytest

from spatial.partition.clock import Clock
from spatial.partition.propose import propose, propose_town
from spatial.partition.warm import drawn_square
from spatial.policy import LINGQUAN
from tests.partition.sketch import SMALL, voronoi_town
from tests.partition.test_propose import assert_sound


def codes(proposal):
    return [note.code for note in proposal.notes]


def test_a_limit_that_has_passed_still_gives_a_whole_plan_and_says_so():
    graph = voronoi_town(4, 160)
    found = propose(graph, "community", SMALL, seed=1, clock=Clock(0.0))
    assert_nested(graph, found)
    assert codes(found).count("not_reproducible") == 1
    note = next(note for note in found.notes if note.code == "not_reproducible")
    assert "0 秒" in note.zh
    assert "Not reproducible" in note.en


def assert_nested(graph, proposal):
    """Every cell in one grid of each level, each inside one of the level above."""
    for above, below in zip(proposal.levels, proposal.levels[1:], strict=False):
        pairs = set(zip(below.tolist(), above.tolist(), strict=True))
        assert len({child for child, _ in pairs}) == len(pairs)
    assert min(int(level.min()) for level in proposal.levels) >= 0
    assert len(proposal.levels[0]) == graph.n


@pytest.mark.parametrize("limit_s", [None, 3_600.0])
def test_a_limit_that_is_not_reached_changes_nothing(limit_s):
    graph = voronoi_town(4, 160)
    plain = propose(graph, "community", SMALL, seed=1)
    found = propose(graph, "community", SMALL, seed=1, clock=Clock(limit_s))
    assert all(np.array_equal(a, b) for a, b in zip(plain.levels, found.levels, strict=True))
    assert codes(found) == codes(plain)
    assert_sound(graph, found)


def test_the_search_ends_soon_after_the_limit():
    squares = [drawn_square(seed) for seed in range(6)]
    start = time.monotonic()
    propose_town(squares, "community", LINGQUAN, mode="best")
    whole = time.monotonic() - start
    start = time.monotonic()
    found = propose_town(squares, "community", LINGQUAN, mode="best", clock=Clock(whole / 20))
    assert time.monotonic() - start < whole / 2
    assert all("not_reproducible" in codes(one) for one in found)
