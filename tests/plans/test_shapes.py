import numpy as np
import shapely

from spatial.ground.seam import prove
from spatial.plans import Assign, adjacency, apply, grid_shapes
from spatial.plans.shapes import cell_points
from tests.drawing import draw
from tests.plans.town import LEAVES, NODES, plan


def test_grids_tile_the_outline_and_children_their_parent():
    state, _, d = plan(LEAVES, NODES)
    for level in (1, 2):
        shapes = grid_shapes(state, level)
        assert prove(np.array(list(shapes.values()), dtype=object), d.outline) == []
    shapes = grid_shapes(state)
    assert prove(np.array([shapes[3], shapes[4]], dtype=object), shapes[1]) == []
    vertices = set(map(tuple, shapely.get_coordinates(shapes[3]))) - set(
        map(tuple, shapely.get_coordinates(shapes[1]))
    )
    assert all(x == 3000 for x, _ in vertices)  # only inner border vertices are not the parent's
    assert list(grid_shapes(state, nodes=[4])) == [4]


def test_patches_holes_and_corners():
    state, _, d = plan({"A": 3, "B": 4, "C": 4, "D": 3, "E": 3}, NODES, table="BBB\nBAB\nBBB\nDCE")
    shapes = grid_shapes(state, 2)
    assert len(shapes[3].geoms) == 3
    assert len(shapes[4].geoms[0].interiors) == 1
    assert prove(np.array(list(shapes.values()), dtype=object), d.outline) == []


def test_the_lowest_run_takes_the_face_and_others_the_building():
    state, _, d = plan(LEAVES, NODES, runs={"A": [5, 5]})
    apply(state, Assign((1,), 5), 0)
    shapes = grid_shapes(state)
    house = d.building("A", 1000)
    assert shapes[3].area == d.polygons["A"].area + d.polygons["D"].area
    assert shapes[5].covers(house)
    assert shapes[5].area == house.area + d.polygons["C"].area + d.polygons["F"].area
    assert shapes[2].equals(shapes[5])
    kept = {tuple(p) for x in "CF" for p in shapely.get_coordinates(d.polygons[x])}
    inner = {(x, 3000.0) for x in range(6200, 9000, 200)}
    assert kept - inner <= {tuple(p) for p in shapely.get_coordinates(shapes[5])}
    assert shapes[1].covers(d.polygons["A"])
    apply(state, Assign((0,), 5), 1)
    apply(state, Assign((1,), 4), 2)
    assert grid_shapes(state)[4].area == house.area + d.polygons["B"].area + d.polygons["E"].area
    apply(state, Assign((0,), 3), 3)
    assert grid_shapes(state)[1].area == sum(d.polygons[x].area for x in "ABDE")


def test_adjacency_leaves_corners_out():
    d = draw("AB\nCD", spacing_m=2)
    frame = adjacency(np.array(list(d.polygons.values()), dtype=object))
    assert frame.to_numpy().tolist() == [[0, 1, 10], [0, 2, 10], [1, 3, 10], [2, 3, 10]]


def test_points_of_cells_stand_on_their_building():
    state, _, d = plan(LEAVES, NODES)
    points = cell_points(state, [0, 5])
    assert d.building("A", 1000).contains(points[0])
    assert d.building("F", 1000).contains(points[1])
