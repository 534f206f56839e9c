"""How far geometry lies from a place, for a message."""

import numpy as np
import pytest
import shapely

from spatial.readers.system import distance_km

L_SHAPED = np.array([shapely.Polygon([(0, 0), (0.1, 0), (0.1, 0.01), (0.01, 0.01), (0.01, 0.1), (0, 0.1)])])


def test_a_point_within_the_box_of_a_place_but_outside_of_it_is_away():
    assert distance_km(np.array([shapely.Point(0.02, 0.05)]), L_SHAPED) == pytest.approx(1.11, abs=0.01)


def test_the_nearest_counts_and_one_inside_is_not_away():
    far, near, inside = shapely.Point(1.1, 0), shapely.Point(0.1, 0.02), shapely.Point(0.005, 0.005)
    assert distance_km(np.array([far, near]), L_SHAPED) == pytest.approx(1.11, abs=0.01)
    assert distance_km(np.array([far, inside]), L_SHAPED) == 0.0


def test_a_degree_of_longitude_is_shorter_in_the_north():
    area = np.array([shapely.box(110, 60, 110.1, 60.0001)])
    assert distance_km(np.array([shapely.Point(111.1, 60)]), area) == pytest.approx(55.7, abs=0.2)
