"""Courtyards: several houses inside one wall with a gate stay in one grid, with their way to the gate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from spatial.partition.compounds import with_compounds
from spatial.partition.graph import cell_graph
from spatial.partition.propose import propose
from spatial.policy import LINGQUAN, Band
from tests.ground.test_faces import ground_of
from tests.places import place_file

BLOCK = shapely.box(0, 0, 16_000, 6_000)
TWO = replace(LINGQUAN, bands={**LINGQUAN.bands, "community": (Band(1, 100, 50), Band(10, 20, 15))})


def courtyard(gate_cm=300, *, wall=True):
    """Four houses in a yard in the middle of a row of eight; its wall has a gate to the south."""
    houses = {
        f"{i}": (shapely.box(x, y, x + 800, y + 800), 4)
        for i, (x, y) in enumerate((x, y) for x in range(1_000, 16_000, 2_000) for y in (1_200, 3_600))
    }
    left, right, middle = 4_600, 8_600, 6_600
    ring = shapely.LineString([
        (middle + gate_cm / 2, 400), (right, 400), (right, 5_400), (left, 5_400), (left, 400),
        (middle - gate_cm / 2, 400),
    ])  # fmt: skip
    features = [("walls", "wall", "大院", ring)] if wall else []
    ground = ground_of(place_file(BLOCK, houses, features=features), BLOCK)
    inside = [b for b, (shape, _) in houses.items() if shapely.Polygon(ring.coords).contains(shape)]
    return ground, ground.cells["bid"].isin(inside).to_numpy()


def test_what_lies_inside_one_wall_is_one_compound_though_the_wall_has_a_gate():
    ground, inside = courtyard()
    graph = with_compounds(cell_graph(ground, LINGQUAN), ground)
    assert inside.sum() == 4
    assert len(set(graph.affinity[inside])) == 1
    assert graph.affinity[inside][0] >= 0
    lived = graph.households > 0
    assert (graph.affinity[lived & ~inside] == -1).all()


def test_no_border_runs_through_the_courtyard_whatever_the_chance():
    ground, inside = courtyard()
    graph = with_compounds(cell_graph(ground, TWO), ground)
    for seed in range(12):
        finest = propose(graph, "community", TWO, seed=seed).levels[1]
        assert len(set(finest[inside])) == 1, seed
        assert all(10 <= n <= 20 for n in np.bincount(finest, graph.households))


def test_without_a_wall_there_is_no_compound_and_a_named_habit_area_stands():
    ground, _ = courtyard(wall=False)
    graph = cell_graph(ground, LINGQUAN)
    assert (with_compounds(graph, ground).affinity == -1).all()
    ground, inside = courtyard()
    named = replace(cell_graph(ground, LINGQUAN), affinity=np.where(inside, 3, -1))
    assert with_compounds(named, ground).affinity.max() == 3
