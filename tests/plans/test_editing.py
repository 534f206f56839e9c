"""Drawn edits with one right answer: paint, merge, reshape, drag, draw, fill, floors; what they refuse."""

import numpy as np
import pytest
import shapely

from spatial.errors import CutRefused, NotFound, Refused
from spatial.ground.seam import prove
from spatial.plans import Node, apply, grid_shapes, merge, paint
from spatial.plans.dragging import drag
from spatial.plans.filling import Links, fill
from spatial.plans.floors import cells_on_floors
from spatial.plans.handles import simplified
from spatial.plans.reshaping import draw, reshape
from spatial.policy import Band
from tests.plans.test_moves import undone
from tests.plans.town import LEAVES, NODES, plan

BANDS = (Band(20, 50, 40), Band(10, 25, 20))
OPEN = """
    aaaabbbb
    aaaabbbb
    aaaabbbb
    aaaabbbb
"""
"""Two faces of open ground, side by side, 40 m x 40 m each."""
TWO = [
    Node(0, None, 0, "basic", "凤城社区"),
    Node(1, 0, 1, "ordinary", "东", "1"),
    Node(2, 0, 1, "ordinary", "西", "2"),
]


def two(table=OPEN):
    return plan({"a": 1, "b": 2}, TWO, table=table)


def area_m2(state, node):
    return grid_shapes(state, nodes=[node])[node].area / 1e4


def proved(state, d):
    faces = np.array([f.polygon for f in state.faces.values()], dtype=object)
    assert prove(faces, d.outline) == []


def refused(code, action, *args, error=Refused, **named):
    with pytest.raises(error) as caught:
        action(*args, **named)
    assert caught.value.code == code
    return caught.value


def reshaped(state, node, line):
    return reshape(state, grid_shapes(state), node, line.coords)


# -- paint, merge, floors -----------------------------------------------------------------------------------


def test_paint_takes_emptied_grids_and_parents_with_it():
    state, _, _ = plan(LEAVES, NODES)
    undone(state, paint(state, [2, 5], 3))  # all of grid 2-01, the only one of grid 2
    assert sorted(state.nodes) == [0, 1, 3, 4]
    assert state.cells_of(3) == [0, 2, 3, 5]


def test_merge_across_parents_keeps_the_larger_ones_parent():
    state, _, _ = plan(LEAVES, NODES, households={"C": 40})
    undone(state, merge(state, [4, 5]))
    assert state.nodes[5].parent == 2
    assert state.cells_of(5) == [1, 2, 4, 5]
    assert 4 not in state.nodes


def test_merge_of_three_that_hang_together_by_the_middle_one():
    state, _, _ = plan(LEAVES, NODES, households={"B": 40})
    undone(state, merge(state, [3, 4, 5]))
    assert state.cells_of(4) == [0, 1, 2, 3, 4, 5]
    assert sorted(state.nodes) == [0, 1, 4]


def test_merge_apart_is_refused_unless_in_parts():
    state, _, _ = plan(LEAVES, NODES)
    error = refused("merge_apart", merge, state, [3, 5])
    assert error.data["parts"] == [[3], [5]]
    undone(state, merge(state, [3, 5], parts=True))
    assert state.cells_of(3) == [0, 2, 3, 5]


def test_floors_of_a_stairwell():
    state, _, _ = plan(LEAVES, NODES, runs={"A": [9, 9, 9]})
    assert cells_on_floors(state, "A", "1", (4, 9)) == [1, 2]
    assert cells_on_floors(state, "A", None, (9, 1)) == [0, 1, 2]
    assert refused("run_torn", cells_on_floors, state, "A", "1", (3, 5)).data["cells"] == [0, 1]
    refused("stairwell_not_stacked", cells_on_floors, state, "B", None, (1, 2))
    refused("no_such_floor", cells_on_floors, state, "A", "1", (10, 12), error=NotFound)
    refused("no_such_stairwell", cells_on_floors, state, "A", "2", (1, 2), error=NotFound)


def test_a_stairwell_that_fits_one_parent_is_not_torn():
    state, _, _ = plan(LEAVES, NODES, runs={"A": [9, 9]})
    with pytest.raises(Refused) as caught:
        apply(state, paint(state, [1], 5), state.rev, bands=BANDS)
    assert caught.value.code == "stairwell_split"
    assert set(caught.value.data["cells"]) == {0, 1}
    apply(state, paint(state, [0, 1], 5), state.rev, bands=BANDS)


# -- reshape ------------------------------------------------------------------------------------------------


def test_reshape_moves_the_border_to_the_line():
    state, _, d = two()
    line = d.line((4, 0), (2, 1), (2, 3), (4, 4))  # from the border's north end, into a, to its south end
    undone(state, reshaped(state, 1, line))
    gone = shapely.Polygon(line.coords).area / 1e4
    assert area_m2(state, 1) == pytest.approx(1600 - gone, abs=1)
    assert area_m2(state, 2) == pytest.approx(1600 + gone, abs=1)
    assert shapely.hausdorff_distance(shapely.intersection(*grid_shapes(state, 1).values()), line) < 150
    proved(state, d)


def test_reshape_from_outside_brings_ground_in():
    state, _, d = two()
    undone(state, reshaped(state, 1, d.line((4, 1), (6, 1), (6, 3), (4, 3))))
    assert area_m2(state, 1) == 2000
    assert area_m2(state, 2) == 1200
    proved(state, d)


def test_reshape_without_a_grid_takes_the_one_under_the_line():
    state, _, d = two()
    undone(state, reshaped(state, None, d.line((4.2, 1), (2, 1), (2, 3), (4, 3.0))))
    assert area_m2(state, 1) == 1200


def test_reshape_keeps_buildings_whole():
    state, _, d = plan(LEAVES, NODES)
    house = d.building("A", 1000)
    undone(state, reshaped(state, 3, d.line((3, 0.2), (1.4, 1.5), (3, 2.8))))  # through A's east half
    shapes = grid_shapes(state)
    assert shapes[3].covers(house) or shapes[4].covers(house)
    proved(state, d)


def test_reshape_of_a_grid_above_moves_leaves_below():
    state, _, d = plan(LEAVES, NODES)
    undone(state, reshaped(state, 1, d.line((6, 0), (5, 1.5), (6, 3))))
    assert area_m2(state, 2) > 1800
    assert grid_shapes(state)[5].area == grid_shapes(state)[2].area
    proved(state, d)


@pytest.mark.parametrize(
    ("line", "code", "x"),
    [
        (((3, 1), (1, 2), (4, 3)), "reshape_misses", 3),  # begins 10 m off the border
        (((4, 0.5), (2, 1), (6, 2), (2, 3), (4, 3.5)), "reshape_touches_twice", 4),
        (((4, 0.5), (1, 3), (1, 1), (4, 3)), "cut_crosses_itself", None),
        (((4, 0), (6, -3), (6, 5), (4, 4)), "reshape_outside", 6),
    ],
)
def test_reshape_refuses_and_says_where(line, code, x):
    state, _, d = two()
    error = refused(code, reshaped, state, 1, d.line(*line), error=CutRefused)
    place = shapely.geometry.shape(error.data["lattice_geometry"])
    assert not place.is_empty
    if x is not None:
        assert place.intersects(shapely.box(x * 1000 - 50, -1e5, x * 1000 + 50, 1e5))


def test_reshape_that_nobody_could_take():
    state, _, d = plan({"a": 1}, TWO[:2], table="aaaa\naaaa\naaaa\naaaa")
    refused("reshape_nobody", reshaped, state, 1, d.line((0, 2), (2, 2), (4, 2)))


# -- handles and drag ---------------------------------------------------------------------------------------

FOUR = """
    aaaabbbb
    aaaabbbb
    aaaabbbb
    aaaabbbb
    ccccdddd
    ccccdddd
    ccccdddd
    ccccdddd
"""


def four():
    nodes = [TWO[0], *(Node(i, 0, 1, "ordinary", f"第{i}网格", str(i)) for i in range(1, 5))]
    return plan({"a": 1, "b": 2, "c": 3, "d": 4}, nodes, table=FOUR)


def dragged(state, start, target, level=1):
    return drag(state, grid_shapes(state), simplified(state, level), start, target)


def test_handles_are_junctions_and_corners_not_every_vertex():
    state, _, d = four()
    net = simplified(state, 1)
    kinds = {tuple(p): net.kind(i) for i, p in enumerate(net.handles.tolist())}
    assert kinds == {d.at(*at): "junction" for at in [(4, 0), (4, 8), (0, 4), (8, 4), (4, 4)]}
    assert len(net.a) == 4


def test_a_dragged_junction_moves_all_grids_at_it():
    state, _, d = four()
    undone(state, dragged(state, d.at(4, 4), d.at(6, 4)))
    # Two triangles of 40 m x 20 m / 2 change hands: b and d lose them to a and c.
    assert [area_m2(state, n) for n in (1, 2, 3, 4)] == pytest.approx([2000, 1200, 2000, 1200], abs=1)
    proved(state, d)


def test_a_dragged_corner_moves_the_border_of_two():
    state, _, d = two()
    undone(state, reshaped(state, 1, d.line((4, 0), (2, 2), (4, 4))))
    net = simplified(state, 1)
    assert [net.kind(i) for i in range(len(net.handles))].count("corner") == 1
    undone(state, dragged(state, d.at(2, 2), d.at(6, 2)))
    assert area_m2(state, 1) == pytest.approx(2000, abs=10)
    proved(state, d)


def test_an_end_on_the_outline_slides_along_it():
    state, _, d = two()
    undone(state, dragged(state, d.at(4, 0), d.at(2, -1)))
    assert area_m2(state, 1) == pytest.approx(1200, abs=1)
    proved(state, d)


def test_drag_refuses_a_fold_a_place_outside_and_what_is_no_handle():
    state, _, d = two()
    undone(state, reshaped(state, 1, d.line((4, 0), (2, 1), (2, 3), (4, 4))))
    fold = refused("drag_folds", dragged, state, d.at(2, 1), d.at(3.5, 3.9), error=CutRefused)
    assert shapely.geometry.shape(fold.data["lattice_geometry"]).length > 0
    refused("reshape_outside", dragged, state, d.at(2, 1), d.at(9, 4), error=CutRefused)
    refused("no_such_handle", dragged, state, d.at(1, 1), d.at(2, 2), error=NotFound)
    refused("nothing_changes", dragged, state, d.at(2, 1), d.at(2, 1))


def test_a_junction_dragged_into_open_ground_cuts_it_in_three():
    state, _, d = four()
    undone(state, dragged(state, d.at(4, 4), d.at(6, 6)))
    assert [area_m2(state, n) for n in (1, 2, 3, 4)] == pytest.approx([2400, 1600, 1600, 800], abs=50)
    proved(state, d)


# -- draw, fill ---------------------------------------------------------------------------------------------


def test_a_drawn_grid_takes_what_lies_inside():
    state, _, d = two()
    undone(state, draw(state, 0, shapely.box(*d.at(2, 3), *d.at(6, 1)), name="广场"))
    (new,) = [n for n in state.nodes.values() if n.name == "广场"]
    assert (new.parent, new.level) == (0, 1)
    assert [area_m2(state, n) for n in (1, 2, new.id)] == [1200, 1200, 800]
    proved(state, d)


def test_a_grid_drawn_in_a_leaf_leaves_it_a_child_for_the_rest():
    state, _, d = two()
    undone(state, draw(state, 1, shapely.box(*d.at(0, 4), *d.at(2, 0)), kind="dedicated"))
    rest, new = state.children(1)
    assert (rest.kind, new.kind) == ("ordinary", "dedicated")
    assert [area_m2(state, n.id) for n in (rest, new)] == [800, 800]


def test_draw_over_a_whole_grid_takes_its_place():
    state, _, d = two()
    undone(state, draw(state, 0, shapely.box(*d.at(-1, 5), *d.at(4.1, -1))))
    assert 1 not in state.nodes
    assert state.cells_of(3) == [0]


def test_draw_refusals():
    state, _, d = two()
    bow = shapely.Polygon([d.at(1, 1), d.at(3, 3), d.at(3, 1), d.at(1, 3)])
    refused("cut_crosses_itself", draw, state, 0, bow, error=CutRefused)
    refused("reshape_outside", draw, state, 0, shapely.box(*d.at(20, 3), *d.at(30, 1)), error=CutRefused)
    tiny = shapely.box(*d.at(1, 1), *d.at(1.05, 0.95))
    refused("draw_holds_nothing", draw, state, 0, tiny, error=CutRefused)


def links(pairs, metres=10.0):
    a, b = np.array(pairs, dtype=np.int64).T
    return Links(a, b, np.full(len(a), metres))


GRID = [(0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5)]
"""Cells A-F of the drawn plan, by who touches whom."""


def test_fill_gives_what_is_unassigned_to_who_has_room():
    state, _, _ = plan({"A": 3, "D": 3, "B": 4, "E": 4, "F": 5}, NODES, households={"B": 15})
    undone(state, fill(state, None, links(GRID), BANDS))  # C: 4 would hold 35, 5 holds 20
    assert state.assign[2] == 5


def test_fill_returns_an_island_to_its_neighbours():
    state, _, _ = plan(LEAVES | {"C": 3}, NODES)
    undone(state, fill(state, 3, links(GRID), BANDS))
    assert state.cells_of(3) == [0, 3]
    assert state.assign[2] == 5  # 4 holds 20 and may hold 25, 5 holds 10
    refused("nothing_to_fill", fill, state, 3, links(GRID), BANDS)
