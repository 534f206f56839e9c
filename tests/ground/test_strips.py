"""Strips of open ground: parted at corners and neighbours' borders, and nothing else changed."""

from __future__ import annotations

import numpy as np
import shapely

from spatial.ground.seam import prove
from tests.ground.test_faces import face_of, ground_of
from tests.places import place_file

TOWN = shapely.box(0, 0, 20_000, 16_000)
ESTATE = shapely.box(2_000, 2_000, 18_000, 14_000)
HOUSES = {
    "1": (shapely.box(5_000, 6_000, 7_000, 10_000), 9),
    "2": (shapely.box(12_000, 6_000, 14_000, 10_000), 8),
}


def open_faces(ground):
    return ground.faces[[w is None for w in ground.footprints]]


def test_ground_round_a_walled_estate_is_parted_at_its_corners_and_where_the_houses_border_meets_the_wall():
    ground = ground_of(
        place_file(TOWN, HOUSES, features=[("walls", "wall", "凤城小区", ESTATE.boundary)]), TOWN
    )
    around = open_faces(ground)
    assert len(around) == 6
    assert (shapely.get_num_interior_rings(around) == 0).all()
    corners = shapely.points([(2_000, 2_000), (18_000, 2_000), (2_000, 14_000), (18_000, 14_000)])
    meeting = shapely.intersects(around[:, None], corners[None, :]).sum(axis=0)
    assert meeting.tolist() == [2, 2, 2, 2]
    inner = ground.faces[[face_of(ground, b) for b in HOUSES]]
    assert (
        (shapely.length(shapely.intersection(around[:, None], inner[None, :])) > 100).sum(axis=1) == 1
    ).all()
    assert shapely.area(around).sum() == TOWN.area - ESTATE.area
    assert prove(ground.faces, ground.outline) == []
    inside = ground.faces[[face_of(ground, b) for b in HOUSES]]
    assert shapely.area(inside).sum() == ESTATE.area


def test_parts_of_a_strip_are_neighbours_with_no_feature_between_them():
    ground = ground_of(
        place_file(TOWN, HOUSES, features=[("walls", "wall", "凤城小区", ESTATE.boundary)]), TOWN
    )
    bare = np.array([w is None for w in ground.footprints])
    between = ground.edges[bare[ground.edges["a"]] & bare[ground.edges["b"]]]
    assert len(between) == 6
    assert between["barrier"].isna().all()
    other = ground.edges.drop(between.index)
    assert set(other.loc[bare[other["a"]] | bare[other["b"]], "feature"]) == {"凤城小区"}


def test_a_long_verge_is_cut_where_its_neighbours_meet_it():
    verge = shapely.box(0, 14_800, 20_000, 16_000)
    lanes = [
        ("roads", "residential", None, shapely.LineString([(x, 0), (x, 14_800)])) for x in (6_000, 14_000)
    ]
    features = [("landuse", "grass", "绿地", verge), *lanes]
    places = {str(x): (shapely.box(x - 500, 6_000, x + 500, 8_000), 5) for x in (3_000, 10_000, 17_000)}
    ground = ground_of(place_file(TOWN, places, features=features), TOWN)
    parts = open_faces(ground)
    assert sorted(round(b) for b in shapely.bounds(parts)[:, 0]) == [0, 6_000, 14_000]


def test_a_square_without_buildings_stays_one_face():
    square = shapely.box(8_000, 5_000, 12_000, 11_000)
    ground = ground_of(
        place_file(
            TOWN,
            HOUSES | {"1": (shapely.box(3_000, 6_000, 5_000, 10_000), 9)},
            features=[("landuse", "park", "公园", square)],
        ),
        TOWN,
    )
    assert [shapely.equals(f, square) for f in open_faces(ground)] == [True]
