"""Ways on foot: paths, slopes and crossings, in drawn cases whose seconds can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from spatial.ground.terrain import Terrain
from spatial.ground.walkways import pace, walkways
from spatial.partition.graph import cell_graph
from spatial.partition.walking import NO_WAY_S, barred, on_foot
from spatial.policy import LINGQUAN
from tests.ground.test_faces import BLOCK, LEFT, RIGHT, ground_of
from tests.places import LATTICE, place_file

FLAT = 3.6 / (6.0 * np.exp(-3.5 * 0.05)) / 2 + 3.6 / (6.0 * np.exp(-3.5 * 0.05)) / 2
"""Seconds a metre on a flat path: Tobler's 5.04 km/h."""
RIVER = ("water_lines", "river", "屈产河", shapely.LineString([(4000, -5000), (4000, 9000)]))


def walked(features, terrain=None, buildings=None):
    place = place_file(BLOCK, buildings or {"1": (LEFT, 3), "2": (RIGHT, 4)}, features=features)
    ground = ground_of(place, BLOCK)
    return on_foot(cell_graph(ground, LINGQUAN), walkways(ground, place.features, terrain))


def seconds(graph, one=0, other=1):
    """Between two cells, from house to house."""
    (link,) = np.flatnonzero((graph.a == one) & (graph.b == other))
    return graph.walk_s[link]


def test_tobler_walks_fastest_gently_downhill_and_slower_the_steeper():
    flat, gentle, steep = pace(np.array([0.0, 0.1, 0.5]))
    assert flat == pytest.approx(3.6 / 5.037, rel=1e-3)
    assert flat < gentle < steep
    assert pace(np.array([-0.3])) == pytest.approx(pace(np.array([0.3])))


def test_across_open_ground_one_walks_straight_at_three_fifths_of_the_speed():
    graph = walked([])
    metres = np.hypot(*(graph.xy_m[0] - graph.xy_m[1]))
    assert seconds(graph) == pytest.approx(metres * FLAT / 0.6)
    assert not barred(graph).any()


def test_nobody_walks_over_a_river_and_a_stream_takes_a_minute():
    graph = walked([RIVER])
    assert graph.walk_s.min() > NO_WAY_S
    assert barred(graph).all()
    stream = walked([("water_lines", "stream", None, RIVER[3])])
    assert seconds(stream) == pytest.approx(seconds(walked([])) + 60.0, abs=2.0)


@pytest.mark.parametrize(
    "kind", [("rail", "rail"), ("walls", "wall"), ("gullies", "gully"), ("roads", "rail")]
)
def test_what_else_bars_walkers(kind):
    assert barred(walked([(*kind, None, RIVER[3])])).all()


def test_a_bridge_is_a_crossing_and_a_road_that_ends_at_the_bank_is_none():
    bridge = shapely.LineString([(0, 2000), (900, 2000), (900, 500), (7100, 500), (7100, 2000), (8000, 2000)])
    graph = walked([RIVER, ("roads", "residential", "大桥路", bridge)])
    ends = [int(np.argmax(graph.households == n)) for n in (3, 4)]
    link = np.flatnonzero((graph.a == min(ends)) & (graph.b == max(ends)))
    assert len(link)
    assert graph.walk_s[link].max() < 120
    dead_end = shapely.LineString([(0, 500), (4000, 500)])
    assert barred(walked([RIVER, ("roads", "residential", None, dead_end)]))[0]


def test_a_gate_in_a_wall_is_walked_through_and_a_whole_wall_is_not():
    wall = [
        shapely.LineString([(4000, -100), (4000, 1800)]),
        shapely.LineString([(4000, 2200), (4000, 4100)]),
    ]
    gate = walked([("walls", "wall", None, one) for one in wall])
    assert not barred(gate).any()
    assert barred(walked([("walls", "wall", None, shapely.union_all(wall).convex_hull)])).all()


def test_a_slope_makes_the_way_longer():
    heights = np.tile(np.linspace(0, 40, 17, dtype=np.float32), (13, 1))  # 40 m up over 160 m, west to east
    land = Terrain(heights, LATTICE.origin_e - 40.0, LATTICE.origin_n + 90.0, 10.0, 10.0, LATTICE.epsg)
    steep, flat = walked([], land), walked([])
    rise = pace(np.array([0.25]))[0] * np.hypot(1.0, 0.25)
    assert seconds(steep) / seconds(flat) == pytest.approx(rise / FLAT, rel=1e-3)


def test_motorways_are_no_paths():
    street = shapely.LineString([(0, 500), (8000, 500)])
    place = place_file(BLOCK, {"1": (LEFT, 3)}, features=[("roads", "motorway", None, street)])
    ground = ground_of(place, BLOCK)
    assert walkways(ground, place.features, None).nodes == len(ground.faces)
