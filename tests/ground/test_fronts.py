"""Fronts: strips along the outside of a wall go with the ground behind it; wide faces run round nothing."""

from __future__ import annotations

import shapely

from spatial.ground.seam import prove
from tests.ground.test_faces import face_of, ground_of
from tests.ground.test_strips import HOUSES, open_faces
from tests.places import place_file

BLOCK = shapely.box(0, 0, 20_000, 16_000)
COMPOUND = shapely.box(600, 600, 19_400, 15_400)


def walled(ring, *more):
    return [("walls", "wall", "凤城小区", ring.boundary), *more]


def test_an_estate_reaches_over_its_wall_to_the_middle_of_the_street():
    ground = ground_of(place_file(BLOCK, HOUSES, features=walled(COMPOUND)), BLOCK)
    assert len(open_faces(ground)) == 0
    assert len(ground.faces) == 2
    assert prove(ground.faces, ground.outline) == []
    assert shapely.area(ground.faces).sum() == BLOCK.area
    middle = shapely.intersection(*ground.faces)
    assert middle.bounds[1] < 600
    assert middle.bounds[3] > 15_400


def test_a_wall_on_a_border_that_somebody_drew_parts_what_it_parts():
    zone = ("zones", "residential", "居住区", COMPOUND)
    ground = ground_of(place_file(BLOCK, HOUSES, features=walled(COMPOUND, zone)), BLOCK)
    around = open_faces(ground)
    assert shapely.area(around).sum() == BLOCK.area - COMPOUND.area
    inside = ground.faces[[face_of(ground, b) for b in HOUSES]]
    assert shapely.area(inside).sum() == COMPOUND.area


def test_an_alley_between_two_walls_goes_to_one_side_and_the_other_wall_stays_a_border():
    west, east = shapely.box(0, 0, 9_700, 16_000), shapely.box(10_300, 0, 20_000, 16_000)
    sides = [("walls", "wall", "东墙", shapely.LineString([(9_700, 0), (9_700, 16_000)]))]
    sides += [("walls", "wall", "西墙", shapely.LineString([(10_300, 0), (10_300, 16_000)]))]
    ground = ground_of(place_file(BLOCK, HOUSES, features=sides), BLOCK)
    assert len(open_faces(ground)) == 0
    left, right = (ground.faces[face_of(ground, b)] for b in HOUSES)
    assert (left.area, right.area) in {
        (west.area, BLOCK.area - west.area),
        (BLOCK.area - east.area, east.area),
    }
    assert ground.edges["length_m"].to_numpy()[ground.edges["barrier"] == "wall"].sum() > 159


def test_a_verge_with_a_wall_along_a_small_part_of_it_stays_open():
    verge = shapely.box(0, 15_000, 20_000, 16_000)
    wall = ("walls", "wall", None, shapely.LineString([(0, 15_000), (3_000, 15_000)]))
    rest = ("roads", "residential", None, shapely.LineString([(3_000, 15_000), (20_000, 15_000)]))
    ground = ground_of(place_file(BLOCK, HOUSES, features=[wall, rest]), BLOCK)
    left = shapely.area(open_faces(ground)).sum()
    assert 0 < left < verge.area
    assert shapely.union_all(open_faces(ground)).bounds[0] >= 2_000


def test_a_wide_face_of_a_building_does_not_run_round_an_estate():
    outside = shapely.box(8_000, 17_500, 10_000, 18_500)
    town = shapely.box(-3_000, -3_000, 23_000, 20_000)
    estate = shapely.box(0, 0, 20_000, 16_000)
    ground = ground_of(place_file(town, HOUSES | {"3": (outside, 0)}, features=walled(estate)), town)
    office = ground.faces[face_of(ground, "3")]
    assert shapely.covers(office, outside)
    assert office.bounds[1] > 14_000
    assert len(open_faces(ground)) >= 3
    assert prove(ground.faces, ground.outline) == []
    assert shapely.area(ground.faces).sum() == town.area
