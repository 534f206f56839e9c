"""Load: grids of one parent bear alike where loads are given, and nothing changes where none are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spatial.partition.propose import Leanings, propose
from spatial.policy import LINGQUAN, Weights
from tests.partition.sketch import SMALL, table, voronoi_town

ROW = table("""
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2
""")
"""150 m x 20 m, 60 households: one grid at level 1, some of 10 to 20 at level 2."""


def spread(proposal, load):
    """Coefficient of variation of the load over the finest grids."""
    totals = np.bincount(proposal.levels[1], load)
    return float(totals.std() / totals.mean())


def test_a_heavy_end_gets_smaller_grids():
    load = np.where(ROW.xy_m[:, 0] < 75, 3.0, 1.0)
    plain = propose(ROW, "community", SMALL, seed=1)
    even = propose(ROW, "community", SMALL, seed=1, leanings=Leanings(load=load))
    assert spread(even, load) < 0.6 * spread(plain, load)
    assert all(g.in_band for g in even.grids if g.level == 2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_loads_are_spread_more_evenly_over_a_random_town_in_the_same_bands(seed):
    graph = voronoi_town(seed, 200)
    load = graph.households * np.random.default_rng(seed).choice([1.0, 1.0, 1.0, 6.0], graph.n)
    plain = propose(graph, "community", SMALL, seed=seed)
    even = propose(graph, "community", SMALL, seed=seed, leanings=Leanings(load=load))
    assert spread(even, load) < spread(plain, load)
    assert sum(g.in_band is False for g in even.grids) <= sum(g.in_band is False for g in plain.grids)


def test_without_weight_loads_change_nothing():
    graph = voronoi_town(5, 150)
    load = np.arange(graph.n, dtype=np.float64)
    plain = propose(graph, "community", SMALL, seed=2)
    policy = replace(SMALL, weights=Weights(load=0.0))
    found = propose(graph, "community", policy, seed=2, leanings=Leanings(load=load))
    assert all(np.array_equal(a, b) for a, b in zip(plain.levels, found.levels, strict=True))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_walking_in_a_village_does_not_undo_what_load_weighs(seed):
    graph = voronoi_town(seed, 150)
    chance = np.random.default_rng(seed)
    graph = replace(graph, walk_s=chance.uniform(20, 60, len(graph.a)))
    load = graph.households * chance.choice([1.0, 1.0, 1.0, 6.0], graph.n)
    policy = replace(LINGQUAN, weights=Weights(load=4.0))
    plain = propose(graph, "village", policy, seed=seed)
    even = propose(graph, "village", policy, seed=seed, leanings=Leanings(load=load))
    assert spread(even, load) < 0.95 * spread(plain, load)
    assert sum(g.in_band is False for g in even.grids) <= sum(g.in_band is False for g in plain.grids)
