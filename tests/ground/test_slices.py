"""Slices: one piece of a footprint a stairwell, equal in area, in order along the building."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.ground.slices import slice_units

SLAB = shapely.box(0, 0, 6_000, 1_200)
ELL = shapely.Polygon([(0, 0), (4_000, 0), (4_000, 1_000), (1_000, 1_000), (1_000, 3_000), (0, 3_000)])
YARD = shapely.box(0, 0, 4_000, 3_000) - shapely.box(1_000, 1_000, 3_000, 2_000)


def shapes(*geoms):
    return np.array(geoms, dtype=object)


def test_a_slab_is_cut_into_equal_widths_named_from_west_to_east():
    units = slice_units(shapes(SLAB), [["1单元", "2单元", "3单元"]])
    assert units.stairwell.tolist() == ["1单元", "2单元", "3单元"]
    assert [g.bounds[0] for g in units.geoms] == pytest.approx([0, 2_000, 4_000])


@pytest.mark.parametrize(
    ("footprint", "count"), [(ELL, 2), (ELL, 5), (YARD, 3), (SLAB, 12), (shapely.Point(0, 0).buffer(900), 4)]
)
def test_slices_are_equal_in_area_and_tile_the_footprint(footprint, count):
    units = slice_units(shapes(footprint), [[str(i) for i in range(count)]])
    assert len(units.geoms) == count
    areas = shapely.area(units.geoms)
    assert areas.sum() == pytest.approx(footprint.area, rel=1e-9)
    if not any(shapely.get_type_id(g) == 6 for g in units.geoms) and footprint is not YARD:
        assert areas == pytest.approx(np.full(count, footprint.area / count), rel=1e-3)
    assert shapely.area(shapely.union_all(units.geoms)) == pytest.approx(footprint.area, rel=1e-9)
    assert (shapely.get_type_id(units.geoms) == shapely.GeometryType.POLYGON).all()


def test_what_a_cut_leaves_apart_goes_to_a_neighbour():
    comb = shapely.union_all([shapely.box(0, 0, 6_000, 500)] + [
        shapely.box(x, 500, x + 500, 2_500) for x in (0, 2_750, 5_500)
    ])  # fmt: skip
    turned = shapely.transform(comb, lambda xy: np.column_stack([xy[:, 1], xy[:, 0]]))
    for footprint in (comb, turned):
        units = slice_units(shapes(footprint), [["a", "b", "c", "d"]])
        assert (shapely.get_type_id(units.geoms) == shapely.GeometryType.POLYGON).all()
        assert shapely.area(units.geoms).sum() == pytest.approx(footprint.area, rel=1e-6)


def test_buildings_without_stairwells_stay_whole_and_nothing_is_nothing():
    units = slice_units(shapes(SLAB, ELL), [[], ["甲"]])
    assert units.geoms.tolist() == [SLAB, ELL]
    assert units.stairwell.tolist() == [None, "甲"]
    assert units.building.tolist() == [0, 1]
    assert len(slice_units(np.empty(0, dtype=object), []).geoms) == 0


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)), min_size=3, max_size=12),
    st.integers(2, 9),
    st.floats(0, 360),
)
def test_any_convex_building_is_cut_into_equal_areas(points, count, angle):
    hull = shapely.convex_hull(shapely.multipoints(points))
    if shapely.get_dimensions(hull) < 2 or hull.area < 1e5:
        return
    turned = shapely.transform(hull, lambda xy: np.rint(xy @ rotation(angle)))
    if not turned.is_valid or turned.area < 1e5:
        return
    units = slice_units(shapes(turned), [[str(i) for i in range(count)]])
    assert shapely.area(units.geoms) == pytest.approx(np.full(count, turned.area / count), rel=1e-4)


def rotation(angle):
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.array([[c, s], [-s, c]])
