from __future__ import annotations

import numpy as np
import shapely

from spatial.ground.seam import directed_edges, doubled_area, prove, unproved
from tests.drawing import draw


def faces(drawing):
    return np.array(list(drawing.polygons.values()), dtype=object)


def test_letters_that_tile_are_proved():
    drawing = draw("""
        AAB
        ACB
        DDD
    """)
    assert prove(faces(drawing), drawing.outline) == []


def test_a_hole_between_faces_is_a_gap_with_its_place_and_area():
    drawing = draw("""
        AAA
        A.A
        AAA
    """)
    whole = draw("""
        AAA
        AAA
        AAA
    """)
    (flaw,) = prove(faces(drawing), whole.outline)
    assert (flaw.kind, flaw.area_m2, flaw.faces) == ("gap", 100.0, ())
    assert flaw.geometry.equals(shapely.box(1000, 1000, 2000, 2000))


def test_an_overlap_names_both_faces():
    drawing = draw("""
        AAB
    """)
    both = np.array([drawing.polygons["A"], drawing.polygon("AB")], dtype=object)
    flaws = prove(both, drawing.outline)
    assert [f.kind for f in flaws] == ["overlap"]
    assert flaws[0].faces == (0, 1)
    assert flaws[0].area_m2 == 200.0


def test_a_face_outside_the_outline_is_an_overlap():
    drawing = draw("""
        AB
    """)
    flaws = prove(faces(drawing), drawing.polygons["A"])
    assert [(f.kind, f.faces) for f in flaws] == [("overlap", (1,))]


def test_a_t_junction_that_one_side_lacks_is_found_though_no_area_is_wrong():
    left = shapely.box(0, 0, 1000, 2000)
    right = np.array([shapely.box(1000, 0, 2000, 1000), shapely.box(1000, 1000, 2000, 2000)], dtype=object)
    outline = draw("""
        AA
        AA
    """).outline
    flaws = prove(np.append(right, left), outline)
    assert flaws
    assert {f.kind for f in flaws} == {"edge"}


def test_a_bow_tie_is_invalid():
    bow = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    flaws = prove(np.array([bow], dtype=object), shapely.box(0, 0, 1000, 1000))
    assert flaws[0].kind == "invalid"


def test_one_centimetre_is_enough_to_fail():
    drawing = draw("""
        AB
    """)
    a, b = faces(drawing)
    moved = shapely.transform(b, lambda xy: xy + np.where(xy == [1000.0, 0.0], [1.0, 0.0], 0.0))
    assert prove(np.array([a, moved], dtype=object), drawing.outline)


def test_areas_are_exact_integers_where_floats_would_round():
    big = 2**23 - 1
    square = shapely.box(-big, -big, big, big)
    edges = directed_edges(np.array([square], dtype=object))
    assert int(doubled_area(edges, 1)[0]) == 2 * (2 * big) ** 2


def test_many_outlines_at_once_are_told_apart_though_their_flaws_would_cancel():
    a, b, c, d = faces(draw("ABCD"))
    ab, cd = shapely.union_all([a, b]), shapely.union_all([c, d])
    bow = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    groups = [
        ([a, b], ab),  # tiled
        ([a, c], ab),  # c for b, and the next has b for c: together every edge cancels
        ([b, d], cd),
        ([bow], bow),
        ([c, d], cd),
        ([c, d, d], cd),
    ]
    tiles = [np.array(some, dtype=object) for some, _ in groups]
    outlines = np.array([outline for _, outline in groups], dtype=object)
    found = unproved(tiles, outlines).tolist()
    assert found == [1, 2, 3, 5]
    assert found == [
        i for i, (some, outline) in enumerate(zip(tiles, outlines, strict=True)) if prove(some, outline)
    ]
    assert unproved([], np.array([], dtype=object)).tolist() == []
