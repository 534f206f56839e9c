"""Divides: ridges between valleys, found in drawn terrain and kept where land is open."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.ground.divides import divides, open_ridges
from spatial.ground.landscape import Barriers
from spatial.ground.terrain import Terrain

EPSG, CELL = 4546, 10.0
NONE = Barriers(np.empty(0, dtype=object), np.empty(0, dtype=np.int64), np.empty(0, dtype=object))


def terrain(height, rows=160, columns=240):
    """Heights of a function of metres east and north of the south-west corner."""
    north, east = np.mgrid[rows:0:-1, 0:columns].astype(float) * CELL + [[[-CELL / 2]], [[CELL / 2]]]
    return Terrain(height(east, north).astype(np.float32), 0.0, rows * CELL, CELL, CELL, EPSG)


def valleys(east, north):
    """Three valleys that fall to the south, 800 m apart; ridges at 800 and 1,600 m east."""
    return 40.0 * np.cos(2 * np.pi * east / 800.0) + 0.05 * north


def test_the_ridges_between_valleys_are_found():
    found = divides(terrain(valleys))
    long = found[shapely.length(found) > 1_000.0]
    assert len(long) == 2
    middle = sorted(shapely.get_x(shapely.centroid(long)).tolist())
    assert middle == pytest.approx([800.0, 1_600.0], abs=15.0)
    bounds = shapely.bounds(long)
    assert (bounds[:, 2] - bounds[:, 0] < 60.0).all()


def test_flat_land_and_one_slope_have_no_divides():
    assert shapely.length(divides(terrain(lambda east, north: 0.1 * north + 0.0 * east))).sum() < 4_000.0
    assert len(divides(Terrain(np.zeros((30, 30), np.float32), 0.0, 300.0, CELL, CELL, EPSG))) == 0


def test_what_is_not_known_counts_as_low_and_nothing_fails():
    holed = terrain(valleys)
    holed.heights[40:60, 100:120] = np.nan
    assert len(divides(holed)) > 0
    blank = Terrain(np.full((20, 20), np.nan, np.float32), 0.0, 200.0, CELL, CELL, EPSG)
    assert len(divides(blank)) == 0


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 40), st.integers(3, 40))
def test_divides_meet_at_their_ends_only_and_lie_in_the_terrain(seed, rows, columns):
    heights = np.random.default_rng(seed).uniform(0, 300, (rows, columns)).astype(np.float32)
    land = Terrain(heights, 0.0, rows * 90.0, 90.0, 90.0, EPSG)
    found = divides(land)
    assert shapely.covers(shapely.box(*land.bounds), found).all()
    assert np.array_equal(shapely.to_wkb(found), shapely.to_wkb(divides(land)))


LINE = shapely.LineString([(0, 50_000), (100_000, 50_000)])
GROUND = shapely.box(10_000, 0, 90_000, 100_000)


def kept(houses=(), barriers=NONE):
    return open_ridges(
        np.array([LINE], dtype=object),
        np.array([GROUND], dtype=object),
        np.array(list(houses), dtype=object),
        barriers,
    )


def test_a_divide_is_kept_in_the_areas_that_want_it():
    (line,) = kept()
    assert line.bounds == pytest.approx((10_000, 50_000, 90_000, 50_000), abs=2_500)


def test_a_divide_stops_before_a_house():
    house = shapely.box(49_000, 50_500, 51_000, 51_500)
    lines = kept([house])
    assert len(lines) == 2
    assert (shapely.distance(lines, house) >= 4_000.0 - 1).all()


def test_a_divide_along_a_road_or_the_outline_says_nothing_new_but_one_across_does():
    road = shapely.LineString([(10_000, 51_000), (50_000, 51_000)])
    across = shapely.LineString([(70_000, 0), (70_000, 100_000)])
    barriers = Barriers(
        np.array([road, across], dtype=object), np.array([0, 0]), np.array([None, None], dtype=object)
    )
    (line,) = kept(barriers=barriers)
    assert line.bounds[0] == pytest.approx(50_000, abs=3_000)
    assert line.bounds[2] == pytest.approx(90_000, abs=2_500)
    edge = shapely.box(0, 49_000, 100_000, 100_000)
    assert (
        len(
            open_ridges(
                np.array([LINE], dtype=object), np.array([edge], dtype=object), np.empty(0, object), NONE
            )
        )
        == 0
    )
