"""From a ground to a graph."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import shapely

from spatial.ground.model import CELL_COLUMNS, EDGE_COLUMNS
from spatial.partition.graph import cell_graph
from spatial.policy import Policy


def ground():
    """Three squares of 10 m in a row; the middle one carries a stairwell of two floor runs."""
    cells = pd.DataFrame(
        [
            ("a", 0, None, None, "b1", None, 3, 5, "东组"),
            ("b1", 1, 11, 20, "b2", "1", 12, 12, None),
            ("b2", 1, 1, 10, "b2", "1", 14, 15, None),
            ("c", 2, None, None, None, None, 0, 0, "西组"),
        ],
        columns=list(CELL_COLUMNS),
    )
    cells[["floor_low", "floor_high"]] = cells[["floor_low", "floor_high"]].astype("Int64")
    edges = pd.DataFrame(
        [(0, 1, 6.0, "lane", 0.5, "巷"), (0, 1, 4.0, None, 0.0, None), (1, 2, 10.0, "wall", 1.0, None)],
        columns=list(EDGE_COLUMNS),
    )
    layers = pd.DataFrame(
        {"zone": [None] * 4, "affinity": ["甲", "甲", "甲", None], "dedicated": [None, None, None, "学校"]}
    )
    return SimpleNamespace(
        faces=np.array([shapely.box(i * 1000, 0, (i + 1) * 1000, 1000) for i in range(3)], dtype=object),
        cells=cells,
        edges=edges,
        outer_m=np.array([30.0, 20.0, 30.0]),
        layers=layers,
    )


def test_edges_join_the_lowest_floor_runs():
    graph = cell_graph(ground(), Policy())
    assert list(zip(graph.a.tolist(), graph.b.tolist(), strict=True)) == [(0, 2), (2, 3), (1, 2)]
    assert graph.length_m.tolist() == [10.0, 10.0, 0.0]
    assert graph.followed_m.tolist() == [3.0, 10.0, 0.0]
    assert graph.vertical.tolist() == [False, False, True]


def test_the_lowest_run_takes_the_ground():
    graph = cell_graph(ground(), Policy())
    assert graph.area_m2.tolist() == [100.0, 0.0, 100.0, 100.0]
    assert graph.outer_m.tolist() == [30.0, 0.0, 20.0, 30.0]
    assert graph.xy_m[1].tolist() == graph.xy_m[2].tolist() == [15.0, 5.0]


def test_the_policy_says_what_counts():
    assert cell_graph(ground(), Policy()).households.tolist() == [3, 12, 14, 0]
    assert cell_graph(ground(), Policy(counts="registered")).households.tolist() == [5, 12, 15, 0]


def test_names_become_codes():
    graph = cell_graph(ground(), Policy())
    assert graph.group.tolist() == [0, -1, -1, 1]
    assert graph.affinity.tolist() == [0, 0, 0, -1]
    assert graph.dedicated.tolist() == [-1, -1, -1, 0]
