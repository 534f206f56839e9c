"""How hard is searched: small basic grids reach the optimum, both modes give the same again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spatial.partition.graph import CellGraph, Ints, components
from spatial.partition.level import divide_level
from spatial.partition.propose import propose
from spatial.partition.region import OVERRUN, whole_net
from spatial.partition.search import FAST
from spatial.partition.warm import drawn_square
from spatial.policy import LINGQUAN, Band
from tests.partition.sketch import table

BAND = Band(20, 30, 25)
METRES_ONLY = replace(FAST, shape=0.0, overrun=OVERRUN)


def price(graph: CellGraph, label: Ints) -> float:
    metres = (1 + OVERRUN) * graph.length_m - graph.followed_m
    return float(metres[label[graph.a] != label[graph.b]].sum())


def optimum(graph: CellGraph) -> float:
    """The cheapest of all connected halves in band, by looking at every one."""
    least = np.inf
    for bits in range(1, 2 ** (graph.n - 1)):
        label = bits >> np.arange(graph.n) & 1
        held = np.bincount(label, graph.households, 2)
        same = label[graph.a] == label[graph.b]
        if (
            min(held) >= 20
            and max(held) <= 30
            and components(graph.n, graph.a[same], graph.b[same]).max() == 1
        ):
            least = min(least, price(graph, label))
    return least


@pytest.mark.parametrize("seed", range(5))
def test_a_small_basic_grid_gets_the_cheapest_division_there_is(seed: int):
    graph = table("""
        3 4 5 2
        6 1 4 5
        2 5 3 6
    """)
    chance = np.random.default_rng(seed)
    graph = replace(graph, followed_m=graph.length_m * chance.choice([0.0, 0.6, 1.0], len(graph.length_m)))
    start = np.zeros(graph.n, np.int64)
    found = divide_level(graph, whole_net(graph), start, (BAND, None), seed=seed, effort=METRES_ONLY)
    assert price(graph, found) == pytest.approx(optimum(graph))


@pytest.mark.parametrize("mode", ["fast", "best"])
def test_same_again(mode):
    square = drawn_square(3)
    once = propose(square, "community", LINGQUAN, seed=2, mode=mode).levels
    again = propose(square, "community", LINGQUAN, seed=2, mode=mode).levels
    assert all(np.array_equal(x, y) for x, y in zip(once, again, strict=True))
