"""Borders of a plan: every metre of every grid's outline is told once, with what it follows."""

from collections import defaultdict

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.plans import grid_shapes
from spatial.plans.borders import NONE, TOWN_BORDER, borders_of, stretches
from tests.plans.test_describe import barriers, flat
from tests.plans.town import LEAVES, NODES, plan


def told(state, lines, level=None, neighbours=()):
    borders = borders_of(state, lines, list(neighbours))
    rows = stretches(state, borders, level)
    return borders, {
        (row.left, row.right, None if row.feature == NONE else borders.features[row.feature].zh): row
        for row in rows.itertuples(index=False)
    }


def test_a_border_is_told_by_feature_with_its_metres_and_the_rest_as_none():
    state, _, drawing = flat("AAABBB\nAAABBB\nAAABBB", ["A", "B"])
    road = drawing.line((3, -1), (3, 2))
    _, found = told(state, barriers(("main_road", "凤城路", road)))
    assert found[1, 2, "凤城路"].metres == 20
    assert found[1, 2, None].metres == 10
    assert found[1, 2, "凤城路"].line.equals(drawing.line((3, 0), (3, 2)))
    assert found[1, NONE, None].metres == found[2, NONE, None].metres == 90
    assert {row.level for row in found.values() if row.right == NONE} == {0}


def test_a_border_has_the_highest_level_that_it_parts():
    state, _, _ = plan(LEAVES, list(NODES))
    _, leaves = told(state, barriers())
    assert {(a, b): row.level for (a, b, _), row in leaves.items() if b != NONE} == {(3, 4): 2, (4, 5): 1}
    _, top = told(state, barriers(), level=1)
    assert [(a, b) for a, b, _ in top if b != NONE] == [(1, 2)]
    assert top[1, 2, None].metres == leaves[4, 5, None].metres


def test_beyond_the_outline_lies_a_basic_grid_or_nothing_of_the_town():
    state, _, drawing = flat("AAB\nAAB", ["A"])
    rest = drawing.polygons["B"]
    state.faces = {k: f for k, f in state.faces.items() if not f.polygon.equals(rest)}
    state.cells = {k: c for k, c in state.cells.items() if c.face in state.faces}
    borders = borders_of(state, barriers(), [("龙泉社区", rest)])
    rows = stretches(state, borders)
    assert {borders.neighbours[r.beyond].zh: r.metres for r in rows.itertuples()} == {
        "龙泉社区": 20,
        TOWN_BORDER.zh: 60,
    }


def test_towards_ground_given_to_no_grid_a_border_has_one_side():
    state, _, _ = flat("AAB\nAAB", ["A"])
    rows = stretches(state, borders_of(state, barriers(), []))
    assert [(r.left, r.right, r.beyond == NONE, r.metres) for r in rows.itertuples()] == [
        (1, NONE, True, 20),
        (1, NONE, False, 60),
    ]


@settings(deadline=None)
@given(held=st.lists(st.integers(0, 2), min_size=20, max_size=20), street=st.integers(0, 5))
def test_the_metres_of_all_stretches_are_each_grids_perimeter(held, street):
    letters = "ABCDEFGHIJKLMNOPQRST"
    table = "\n".join(letters[i : i + 5] for i in range(0, 20, 5))
    used = ["".join(c for c, n in zip(letters, held, strict=True) if n == grid) for grid in range(3)]
    state, _, drawing = flat(table, used)
    _, found = told(state, barriers(("lane", None, drawing.line((street, -1), (street, 5)))))
    metres = defaultdict(float)
    lines = defaultdict(float)
    for (left, right, _), row in found.items():
        for side in (left, right):
            metres[side] += row.metres
            lines[side] += row.line.length / 100
    for node, shape in grid_shapes(state, 1).items():
        assert metres[node] == pytest.approx(shapely.length(shape) / 100)
        assert lines[node] == pytest.approx(metres[node])
