"""What is weighed once the bands hold: drawn towns where each weight decides where the border runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spatial.partition.propose import Leanings, propose
from spatial.policy import STYLES, WEIGHT_NAMES, Weights
from tests.partition.sketch import SMALL, table

BLOCK = """
    5 5 5 5 5 5
    5 5 5 5 5 5
    5 5 5 5 5 5
    5 5 5 5 5 5
"""
"""60 m x 40 m, 120 households, two grids at level 1: the short border runs from north to south."""


def weighed(**weights: float):
    return replace(SMALL, weights=Weights(**weights))


def halves(graph, policy, **given) -> str:
    """How the border of level 1 runs."""
    labels = propose(graph, "community", policy, **given).levels[0]
    east, north = graph.xy_m[:, 0] > 30, graph.xy_m[:, 1] > -20
    return next(
        (name for name, side in (("north-south", east), ("east-west", north))
         if len(set(zip(labels.tolist(), side.tolist(), strict=True))) == 2), "other",
    )  # fmt: skip


@pytest.mark.parametrize("layer", ["zone", "affinity"])
def test_areas_that_fit_in_one_grid_stay_whole_unless_they_weigh_nothing(layer):
    graph = table(BLOCK)
    graph = replace(graph, **{layer: (graph.xy_m[:, 1] < -20).astype(np.int64)})
    assert halves(graph, weighed()) == "east-west"
    assert halves(graph, weighed(zones=0.0, affinity=0.0)) == "north-south"


def test_an_area_too_large_for_one_grid_asks_for_nothing():
    graph = table(BLOCK)
    graph = replace(graph, zone=np.zeros(graph.n, np.int64))
    assert halves(graph, weighed(zones=10.0)) == "north-south"


def test_borders_in_force_stay_unless_they_weigh_nothing():
    graph = table(BLOCK)
    before = (graph.xy_m[:, 1] < -20).astype(np.int64)
    leanings = Leanings(before=(before, np.full(graph.n, -1)))
    assert halves(graph, weighed(), leanings=leanings) == "east-west"
    assert halves(graph, weighed(keep=0.0), leanings=leanings) == "north-south"


def test_compact_or_along_features():
    graph = table("""
        5 5 5 5 5 5
        5 5 5 5 5 5
        - - - - - -
        5 5 5 5 5 5
        5 5 5 5 5 5
    """)
    assert halves(graph, weighed()) == "east-west"
    assert halves(graph, replace(SMALL, weights=STYLES["features"][2])) == "east-west"
    assert halves(graph, replace(SMALL, weights=STYLES["compact"][2])) == "north-south"
    assert halves(graph, weighed(features=0.0)) == "north-south"


def test_bands_come_before_every_weight():
    graph = table(BLOCK)
    graph = replace(graph, zone=(graph.xy_m[:, 0] > 10).astype(np.int64))
    graph = replace(graph, zone=np.where(graph.xy_m[:, 0] > 50, 2, graph.zone))
    found = propose(graph, "community", weighed(zones=10.0))
    assert [g.in_band for g in found.grids] == [True] * len(found.grids)


def test_every_weight_has_a_name_in_both_languages():
    assert set(WEIGHT_NAMES) == set(Weights.__dataclass_fields__)
    assert all(zh and en for zh, en in WEIGHT_NAMES.values())
