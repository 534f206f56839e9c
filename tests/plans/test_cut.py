from itertools import pairwise

import numpy as np
import pytest
import shapely
from shapely import LineString, Polygon, box

from spatial.errors import CutRefused
from spatial.ground.seam import prove
from spatial.plans import Assign, Cut, FaceRow, Join, apply, face_id
from spatial.plans.cut import cut_face, densify
from spatial.plans.shapes import area_cm2_doubled
from tests.drawing import densified, draw
from tests.plans.test_moves import refused, undone
from tests.plans.town import LEAVES, NODES, plan, snapshot


def face(polygon: Polygon, footprint=None) -> FaceRow:
    polygon = densified(polygon, 2)
    return FaceRow(face_id(polygon), polygon, footprint)


SQUARE = box(0, 0, 3000, 3000)
HOUSE = box(1000, 1000, 2000, 2000)


def parts_of(row: FaceRow, *line: tuple[float, float]):
    result = cut_face(row, line, 2.0)
    whole, *parts = area_cm2_doubled([row.polygon, *result.parts])
    assert whole == sum(parts)
    assert prove(np.array(result.parts, dtype=object), row.polygon) == []
    vertices = set(map(tuple, shapely.get_coordinates(row.polygon)))
    assert {tuple(map(float, result.line[i])) for i in (0, -1)} <= vertices
    steps = np.diff(np.array(result.line), axis=0)
    assert np.hypot(steps[:, 0], steps[:, 1]).max() <= 200
    assert cut_face(row, result.line, 2.0) == result  # what is stored can be made again exactly
    return result.parts


def test_a_cut_makes_two_parts_the_building_s_first():
    first, second = parts_of(face(SQUARE, HOUSE), (-100, 513), (1502.7, 708.2), (3090, 420))
    assert first.contains(HOUSE)
    assert not second.intersects(HOUSE)


def test_ends_a_little_inside_or_on_the_border_are_snapped():
    first, second = parts_of(face(SQUARE), (50, 2070), (2850, 2130))
    assert first.area > second.area
    parts_of(face(SQUARE), (0, 611), (3000, 577))


def test_bends_holes_and_notches():
    ring = SQUARE.difference(box(1200, 1200, 1800, 1800))
    parts = parts_of(face(ring), (-50, 300), (2600, 350), (2700, 3050))
    assert sorted(len(p.interiors) for p in parts) == [0, 1]
    # From the hole round to the hole again.
    inner, _ = parts_of(face(ring), (1200, 1400), (600, 1400), (600, 600), (1400, 600), (1400, 1200))
    assert inner.is_valid


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("cut_misses", [(-900, -500), (-500, -500)]),
        ("cut_misses", [(500, 500), (500, 600)]),
        ("cut_misses", [(0, 500), (1500, 600)]),
        ("cut_misses", [(700, 700), (700, 700)]),
        ("cut_misses", []),
        ("cut_crosses_itself", [(0, 500), (900, 500), (900, 900), (500, 900), (500, 0)]),
        ("cut_leaves_face", [(0, 500), (1500, 500), (1500, -500), (2500, -500), (2500, 500), (3000, 500)]),
        ("cut_leaves_face", [(-5000, 500), (3000, 500)]),
        ("cut_crosses_building", [(0, 1500), (3000, 1500)]),
        ("cut_touches_twice", [(0, 600), (1400, 0), (3000, 600)]),
        ("cut_sliver", [(0, 2980), (20, 3000)]),
        ("cut_sliver", [(0, 0), (0, 1000)]),
    ],
)
def test_refusals(code, line):
    row = face(SQUARE, HOUSE)
    with pytest.raises(CutRefused) as caught:
        cut_face(row, line, 2.0)
    assert caught.value.code in {code} | ({"cut_touches_twice"} if line == [(0, 0), (0, 1000)] else set())
    assert caught.value.zh
    if len(line) > 1 and line[0] != line[1]:
        assert caught.value.data["lattice_geometry"]["type"] == "LineString"


def test_two_wings_of_one_building_are_not_parted():
    wings = shapely.union(box(500, 500, 900, 900), box(2000, 2000, 2500, 2500))
    with pytest.raises(CutRefused) as caught:
        cut_face(face(SQUARE, wings), [(0, 3000), (3000, 0)], 2.0)
    assert caught.value.code == "cut_crosses_building"


def test_densify_keeps_what_is_short_enough():
    line = np.array([[0.0, 0.0], [200.0, 0.0], [200.0, 1000.0]])
    once = densify(line, 2.0)
    assert (densify(once, 2.0) == once).all()
    assert np.hypot(*np.diff(once, axis=0).T).max() <= 200


def test_cut_and_join_in_a_plan():
    state, names, drawing = plan(LEAVES, NODES, runs={"A": [5, 6]})
    runs = [c.id for c in state.runs(names["A"])]
    line = tuple(drawing.line((0.5, 0), (0.5, 3)).coords)
    start = snapshot(state)
    touched = undone(state, Cut(names["A"], line))
    assert touched.cells_removed == tuple(runs)
    assert touched.cells_added == (7, 8, 9)
    assert len(touched.faces_added) == 2
    assert touched.faces_removed == (names["A"],)
    assert touched.nodes == ()  # the grid's ground is the same
    assert state.assign[9] == 3
    assert state.cells[9].households == 0
    assert [state.cells[c].households for c in (7, 8)] == [5, 6]
    assert prove(np.array([f.polygon for f in state.faces.values()], dtype=object), drawing.outline) == []
    refused("already_cut", state, Cut(names["A"], line))
    refused("stale", state, Assign((0,), 4), 0)
    with_house, open_ground = touched.faces_added
    apply(state, Assign((9,), 4), state.rev)
    refused("join_apart", state, Join((with_house, open_ground)))
    apply(state, Assign((9,), 3), state.rev)
    refused("not_a_cut", state, Join((with_house, names["B"])))
    apply(state, Join((open_ground, with_house)), state.rev)
    assert snapshot(state) == start


def test_a_cut_ends_on_a_shared_vertex_and_changes_no_neighbour():
    d = draw(
        """
        AB
        CB
    """,
        size_m=30,
        spacing_m=2,
    )
    row = FaceRow("a", d.polygons["A"])
    parts = cut_face(row, [(1511, 3000), (1490, 6000)], 2.0).parts
    everything = np.array([*parts, d.polygons["B"], d.polygons["C"]], dtype=object)
    assert prove(everything, d.outline) == []


def test_random_cuts_of_an_irregular_coverage_keep_it_exact():
    rng = np.random.default_rng(7)
    frame = densified(box(0, 0, 20_000, 20_000), 2)
    seeds = shapely.multipoints(rng.uniform(500, 19_500, (30, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame))
    polygons = _on_lattice(shapely.intersection(cells, box(0, 0, 20_000, 20_000)))
    outline = shapely.coverage_union_all(polygons)
    assert prove(polygons, outline) == []
    made = 0
    for _ in range(400):
        i = int(rng.integers(len(polygons)))
        left, bottom, right, top = polygons[i].bounds
        x, y = rng.uniform((left, bottom), (right, top), (2, 2)).T
        reach = shapely.intersection(
            polygons[i],
            LineString(
                [(3 * x[0] - 2 * x[1], 3 * y[0] - 2 * y[1]), (3 * x[1] - 2 * x[0], 3 * y[1] - 2 * y[0])]
            ),
        )
        if reach.geom_type != "LineString" or reach.is_empty:
            continue
        try:
            parts = cut_face(FaceRow("f", polygons[i]), reach.coords, 2.0).parts
        except CutRefused:
            continue
        made += 1
        polygons = np.array([*polygons[:i], *polygons[i + 1 :], *parts], dtype=object)
    assert made > 200
    assert prove(polygons, outline) == []
    assert shapely.coverage_union_all(polygons).normalize() == outline.normalize()


def _on_lattice(polygons):
    """Round to whole centimetres and add vertices the same way from both sides of every edge."""
    out = []
    for polygon in polygons:
        ring = np.rint(shapely.get_coordinates(polygon.exterior))
        points = []
        for p, q in pairwise(ring):
            low, high = sorted([tuple(p), tuple(q)])
            edge = densify(np.array([low, high]), 2.0)
            points.extend((edge if tuple(p) == low else edge[::-1])[:-1])
        out.append(Polygon(points))
    return np.array(out, dtype=object)


def test_face_ids_know_the_ring_only():
    ring = SQUARE.difference(HOUSE)
    turned = Polygon(
        np.roll(ring.exterior.coords[:-1], 2, axis=0)[::-1], [h.coords[::-1] for h in ring.interiors]
    )
    assert face_id(ring) == face_id(turned)
    assert face_id(ring) != face_id(SQUARE)
    assert face_id(SQUARE) != face_id(densified(SQUARE, 2))
    assert LineString([(0, 0), (1, 1)]).is_simple
