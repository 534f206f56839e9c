"""Faces and cells: drawn cases with exact answers, and properties over random ground."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spatial.ground.faces import build_ground
from spatial.ground.outline import freeze
from spatial.ground.seam import prove
from spatial.policy import LINGQUAN
from tests.drawing import draw
from tests.places import CODE, LATTICE, place_file


def ground_of(place, outline, code=CODE):
    division = place.areas["division"].iloc[0]
    spacing = np.array([LINGQUAN.node_spacing_m[division]])
    frozen = freeze(np.array([outline], dtype=object), spacing, np.empty(0, dtype=object))
    return build_ground(place, code, frozen.outlines[0], LATTICE, LINGQUAN)


def face_of(ground, bid):
    return int(ground.cells.loc[ground.cells["bid"] == bid, "face"].iloc[0])


TWO = draw(
    """
    ABB.
    ABB.
""",
    size_m=20,
)
BLOCK = shapely.box(0, 0, 8000, 4000)
LEFT, RIGHT = shapely.box(1000, 1000, 2000, 3000), shapely.box(6000, 1000, 7000, 3000)


def test_two_houses_share_open_ground_along_the_middle_line():
    ground = ground_of(place_file(BLOCK, {"1": (LEFT, 3), "2": (RIGHT, 4)}), BLOCK)
    assert len(ground.faces) == 2
    west = ground.faces[face_of(ground, "1")]
    assert shapely.bounds(west)[2] == pytest.approx(4000, abs=30)
    assert ground.cells["households"].tolist() == [3, 4]


def test_a_road_takes_the_border_away_from_the_middle_line():
    road = shapely.LineString([(3000, 0), (3000, 4000)])
    place = place_file(
        BLOCK, {"1": (LEFT, 3), "2": (RIGHT, 4)}, features=[("roads", "residential", "凤城路", road)]
    )
    ground = ground_of(place, BLOCK)
    assert shapely.bounds(ground.faces[face_of(ground, "1")])[2] == 3000
    (edge,) = ground.edges.itertuples()
    assert (edge.barrier, edge.feature, edge.length_m) == ("minor_road", "凤城路", pytest.approx(40.0))


def test_a_lane_that_dangles_short_of_the_next_line_is_carried_on():
    lane = shapely.LineString([(3000, 0), (3000, 3200)])
    place = place_file(BLOCK, {"1": (LEFT, 3), "2": (RIGHT, 4)}, features=[("roads", "footway", None, lane)])
    ground = ground_of(place, BLOCK)
    assert shapely.bounds(ground.faces[face_of(ground, "1")])[2] == pytest.approx(3000, abs=2)
    assert ground.edges["barrier"].tolist()[0] in {"lane", None}


@pytest.mark.parametrize(("gap_cm", "reaches"), [(1_400, True), (1_600, False)])
def test_a_lane_reaches_the_next_line_within_the_tolerance_and_no_farther(gap_cm, reaches):
    street = shapely.LineString([(0, 3_500), (8_000, 3_500)])
    lane = shapely.LineString([(2_200, 0), (2_200, 3_500 - gap_cm)])
    features = [("roads", "residential", "凤城路", street), ("roads", "footway", "槐树巷", lane)]
    ground = ground_of(place_file(BLOCK, {"1": (LEFT, 3), "2": (RIGHT, 4)}, features=features), BLOCK)
    west_of_right = shapely.bounds(ground.faces[face_of(ground, "2")])[0]
    assert west_of_right == pytest.approx(2_200 if reaches else 4_000, abs=30)
    assert LINGQUAN.dangle_m == 15.0


def test_a_road_drawn_through_a_building_does_not_cut_it():
    road = shapely.LineString([(0, 2000), (8000, 2000)])
    place = place_file(BLOCK, {"1": (LEFT, 3), "2": (RIGHT, 4)}, features=[("roads", "primary", None, road)])
    ground = ground_of(place, BLOCK)
    for bid, footprint in (("1", LEFT), ("2", RIGHT)):
        assert shapely.area(shapely.difference(footprint, ground.faces[face_of(ground, bid)])) == 0


def test_a_wide_river_is_a_face_of_its_own_and_its_centre_line_is_no_border():
    river = shapely.box(3000, 0, 5000, 4000)
    features = [
        ("water_areas", "water", "屈产河", river),
        ("water_lines", "river", "屈产河", shapely.LineString([(4000, 0), (4000, 4000)])),
    ]
    ground = ground_of(place_file(BLOCK, {"1": (LEFT, 3), "2": (RIGHT, 4)}, features=features), BLOCK)
    open_faces = [f for f, w in zip(ground.faces, ground.footprints, strict=True) if w is None]
    assert len(open_faces) == 1
    assert shapely.equals(open_faces[0], river)
    assert set(ground.edges["barrier"]) == {"shore"}


def test_overlapping_footprints_leave_shared_ground_to_the_larger():
    big, small = shapely.box(1000, 1000, 4000, 3000), shapely.box(3500, 1500, 4500, 2500)
    ground = ground_of(place_file(BLOCK, {"big": (big, 3), "small": (small, 4)}), BLOCK)
    assert shapely.area(shapely.difference(big, ground.faces[face_of(ground, "big")])) == 0
    assert [r.code for r in ground.report] == ["footprints_overlap"]
    assert ground.report[0].ref == "small"


def test_a_building_inside_another_joins_it_with_its_households():
    big, small = shapely.box(1000, 1000, 4000, 3000), shapely.box(2000, 1500, 2500, 2500)
    ground = ground_of(place_file(BLOCK, {"big": (big, 3), "small": (small, 4)}), BLOCK)
    assert ground.cells.set_index("bid").at["big", "households"] == 7
    assert "small" not in set(ground.cells["bid"])
    assert [r.code for r in ground.report] == ["building_joined"]


def test_a_building_known_as_a_point_gets_a_face():
    ground = ground_of(
        place_file(BLOCK, {"1": (shapely.Point(1500, 2000), 3), "2": (shapely.Point(6500, 2000), 4)}), BLOCK
    )
    assert len(ground.faces) == 2


def test_stairwells_are_slices_in_order_along_the_building():
    slab = shapely.box(1000, 1500, 7000, 2500)
    rows = [("1", f"{w}单元", None, None, 10) for w in (1, 2, 3)]
    ground = ground_of(place_file(BLOCK, {"1": (slab, 0)}, households=rows), BLOCK)
    cells = ground.cells.sort_values("stairwell")
    assert cells["stairwell"].tolist() == ["1单元", "2单元", "3单元"]
    centres = shapely.get_x(shapely.centroid(ground.footprints[cells["face"].to_numpy()]))
    assert centres.tolist() == pytest.approx([2000, 4000, 6000], abs=5)


def test_a_tower_is_stacked_by_floors_and_small_stairwells_are_not():
    tower = shapely.box(1000, 1000, 3000, 3000)
    rows = [("1", "1单元", f, None, 4) for f in range(1, 19)] + [
        ("2", "1单元", f, None, 2) for f in range(1, 7)
    ]
    ground = ground_of(place_file(BLOCK, {"1": (tower, 0), "2": (RIGHT, 0)}, households=rows), BLOCK)
    runs = ground.cells[ground.cells["bid"] == "1"]
    assert len(runs) == 18
    assert runs["floor_low"].tolist() == list(range(1, 19))
    assert runs["face"].nunique() == 1
    assert ground.cells[ground.cells["bid"] == "2"]["floor_low"].isna().all()


def test_statuses_decide_who_is_counted():
    rows = [("1", None, None, s, 1) for s in ("resident", "renter", "vacant", "away", "shop", None)]
    ground = ground_of(place_file(BLOCK, {"1": (LEFT, 99), "2": (RIGHT, 4)}, households=rows), BLOCK)
    cell = ground.cells.set_index("bid").loc["1"]
    assert (cell["households"], cell["registered"]) == (3, 5)


def test_a_boundary_of_three_parts_with_a_hole_is_covered_exactly():
    drawing = draw(
        """
        AAAA..BB
        A..A..BB
        AAAA....
        ......CC
    """,
        size_m=30,
    )
    outline = drawing.polygon("ABC")
    house = shapely.box(1000, 1000 + 9000, 2000, 2000 + 9000)
    ground = ground_of(place_file(outline, {"1": (house, 3)}), outline)
    assert prove(ground.faces, ground.outline) == []
    assert shapely.area(ground.faces).sum() == shapely.area(outline)


def test_ground_without_buildings_or_roads_is_one_face():
    ground = ground_of(place_file(BLOCK, {}), BLOCK)
    assert len(ground.faces) == 1
    assert ground.cells["households"].sum() == 0


coordinate = st.integers(0, 160)


@st.composite
def towns(draw_):
    """A random town: crossing roads, overlapping and outlying buildings, ponds."""
    roads = draw_(st.lists(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=4), max_size=5))
    boxes = draw_(
        st.lists(
            st.tuples(coordinate, coordinate, st.integers(4, 30), st.integers(4, 30), st.integers(0, 40)),
            max_size=12,
        )
    )
    turn = draw_(st.floats(0, 90))
    features = [
        ("roads", "residential", f"路{i}", shapely.LineString(np.array(r) * 100.0))
        for i, r in enumerate(roads)
        if len(set(r)) > 1
    ]
    buildings = {
        str(i): (
            shapely.set_precision(
                shapely.affinity.rotate(shapely.box(x * 100, y * 100, (x + w) * 100, (y + h) * 100), turn),
                1.0,
            ),
            n,
        )
        for i, (x, y, w, h, n) in enumerate(boxes)
    }
    return features, buildings


OUTLINE = shapely.Polygon([(0, 0), (9000, -700), (16000, 0), (15000, 9000), (16000, 15000), (500, 16000)])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(towns())
def test_whatever_the_town_the_ground_is_seamless_and_no_building_is_cut(town):
    features, buildings = town
    place = place_file(OUTLINE, buildings, features=features)
    ground = ground_of(place, OUTLINE)
    assert prove(ground.faces, ground.outline) == []
    standing = np.array([w is not None for w in ground.footprints])
    inside = shapely.area(shapely.difference(ground.footprints[standing], ground.faces[standing]))
    assert (inside < 6_000).all(), "only rounding along walls, and the band along the outline"
    inner = shapely.buffer(ground.outline, -200)
    kept = shapely.intersection(ground.footprints[standing], inner)
    lost = shapely.area(shapely.difference(kept, ground.faces[standing]))
    assert (lost <= shapely.length(ground.footprints[standing])).all(), "a centimetre along the wall"
    mine = place.buildings["bid"].isin(ground.cells["bid"])
    assert ground.cells["households"].sum() >= place.buildings.loc[mine, "households"].sum()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(towns(), st.randoms(use_true_random=False), st.integers(-5000, 5000))
def test_row_order_changes_nothing_and_a_shift_only_coordinates(town, random, shift):
    features, buildings = town
    first = ground_of(place_file(OUTLINE, buildings, features=features), OUTLINE)
    bids = list(buildings)
    random.shuffle(bids)
    lines = list(features)
    random.shuffle(lines)
    again = ground_of(place_file(OUTLINE, {b: buildings[b] for b in bids}, features=lines), OUTLINE)
    assert again.face_ids.tolist() == first.face_ids.tolist()
    pd.testing.assert_frame_equal(again.cells, first.cells)
    pd.testing.assert_frame_equal(again.edges, first.edges)

    def move(g):
        return shapely.transform(g, lambda xy: xy + shift)

    moved = ground_of(
        place_file(
            move(OUTLINE),
            {b: (move(g), n) for b, (g, n) in buildings.items()},
            features=[(*f[:3], move(f[3])) for f in features],
        ),
        move(OUTLINE),
    )
    assert shapely.equals_exact(move(first.faces), moved.faces).all()
    pd.testing.assert_frame_equal(moved.cells.drop(columns="id"), first.cells.drop(columns="id"))


def test_the_ground_says_what_it_is():
    ground = ground_of(place_file(BLOCK, {"1": (LEFT, 3)}), BLOCK)
    assert {f.name for f in dataclasses.fields(ground)} >= {"faces", "cells", "edges", "outer_m"}
    assert ground.outer_m.sum() == pytest.approx(240.0, abs=0.1)
