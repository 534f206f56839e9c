"""Regions: bridges, stacks, oversize cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.partition.graph import components
from spatial.partition.region import region_of, whole_net
from spatial.policy import Band
from tests.partition.sketch import connected, graph_of, parts, table, voronoi_town

BAND = Band(10, 20, 15)


def region(graph, band=BAND, cells=None):
    cells = np.arange(graph.n) if cells is None else np.array(cells)
    return region_of(graph, whole_net(graph), np.full(graph.n, -1, np.int64), cells, band)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_what_is_connected_over_a_tree_of_bridges_is_connected_within_each_part(seed, size):
    graph = voronoi_town(seed, 60, numbers=(0, 1, 2), drop=0.5)
    chance = np.random.default_rng(seed)
    for piece in region(graph, Band(500, 1000, 700)).pieces:
        grown, net = {int(chance.integers(len(piece.nodes)))}, piece.net
        for _ in range(size):
            fringe = {int(j) for i in grown for j in net.neighbour[net.ptr[i] : net.ptr[i + 1]]} - grown
            if fringe:
                grown.add(sorted(fringe)[int(chance.integers(len(fringe)))])
        cells = set(piece.nodes[sorted(grown)].tolist())
        for part in parts(graph, range(graph.n)):
            assert not part & cells or connected(graph, part & cells)


def test_bridges_make_one_tree_over_the_parts():
    graph = voronoi_town(5, 60, numbers=(0, 1, 2), drop=0.6)
    apart = int(components(graph.n, graph.a, graph.b).max())
    found = region(graph, Band(500, 1000, 700))
    assert sum(int((piece.net.cost < 0).sum()) for piece in found.pieces) == apart > 0
    assert len(found.pieces) == 1


def test_parts_that_fit_stay_apart_and_one_that_does_not_joins_the_nearest():
    graph = table("5 5 5 . 3 . . . 5 5 5")
    found = region(graph)
    assert [piece.nodes.tolist() for piece in found.pieces] == [[0, 1, 2, 3], [4, 5, 6]]


def test_oversize_cells_come_out_and_take_the_open_ground_only_they_touch():
    graph = table("""
        0 30 5
        . 0 5
    """)
    found = region(graph)
    assert [nodes.tolist() for nodes in found.lumps] == [[1, 0]]
    assert [piece.nodes.tolist() for piece in found.pieces] == [[2, 3, 4]]


def test_a_stairwell_that_fits_is_never_split():
    tower = graph_of(np.array([6, 6, 6, 15, 15, 5]), np.array([0, 1, 0, 3, 2]), np.array([1, 2, 3, 4, 5]))
    tower = replace(tower, face=np.array([0, 0, 0, 1, 1, 2]))
    found = region(tower)
    assert found.node_of.tolist() == [0, 0, 0, 1, 2, 3]
    assert found.pieces[0].net.households.tolist() == [18, 15, 15, 5]
    assert found.pieces[0].net.area_m2.tolist() == pytest.approx([300, 100, 100, 100])
