"""Outlines of neighbouring basic grids: frozen together, what is disputed named."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from spatial.ground.outline import fit, freeze
from spatial.ground.seam import directed_edges, edge_keys, prove, undirected
from tests.drawing import draw

NONE = np.empty(0, dtype=object)


def frozen(*polygons, spacing=2.0, crossings=NONE):
    return freeze(np.array(polygons, dtype=object), np.full(len(polygons), spacing), crossings)


def shared_edges(outlines):
    keys = edge_keys(undirected(directed_edges(outlines).xy)[0])
    return int((np.bincount(keys) == 2).sum())


def test_neighbours_digitised_with_different_vertices_get_the_same():
    west = shapely.box(0, 0, 10_000, 10_000)
    east = shapely.Polygon([(10_000, 0), (20_000, 0), (20_000, 10_000), (10_000, 10_000), (10_000, 3_333)])
    result = frozen(west, east)
    assert result.disputed == []
    assert prove(result.outlines, shapely.coverage_union_all(result.outlines)) == []
    assert shared_edges(result.outlines) >= 50


def test_no_edge_is_longer_than_the_spacing_and_villages_next_to_communities_take_the_finer():
    polygons = np.array([shapely.box(0, 0, 9_000, 9_000), shapely.box(9_000, 0, 18_000, 9_000)], dtype=object)
    result = freeze(polygons, np.array([2.0, 10.0]), NONE)
    xy = directed_edges(result.outlines).xy
    length = np.hypot(*(xy[:, 2:] - xy[:, :2]).T)
    on_shared = (xy[:, 0] == 9_000) & (xy[:, 2] == 9_000)
    assert length.max() <= 1_001
    assert length[on_shared].max() <= 201


def test_an_overlap_is_disputed_ground_and_belongs_to_nobody_yet():
    result = frozen(shapely.box(0, 0, 10_000, 10_000), shapely.box(9_000, 0, 20_000, 10_000))
    (ground,) = result.disputed
    assert (ground.kind, ground.areas, ground.area_m2) == ("overlap", (0, 1), 1_000.0)
    assert shapely.area(result.outlines[0]) / 1e4 == 9_000


@pytest.mark.parametrize("closed", [False, True])
def test_a_gap_between_two_is_disputed_ground_open_at_its_ends_or_closed(closed):
    west = shapely.box(0, 0, 10_000, 10_000)
    east = shapely.box(10_500, 0, 20_000, 10_000)
    if closed:
        bar = shapely.union_all(
            [
                shapely.box(0, -1_000, 20_000, 0),
                shapely.box(0, 10_000, 20_000, 11_000),
                shapely.box(19_000, -1_000, 21_000, 11_000),
            ]
        )
        east = shapely.union(east, bar)
    result = frozen(west, east)
    assert [(d.kind, d.areas) for d in result.disputed] == [("gap", (0, 1))]
    assert result.disputed[0].area_m2 == pytest.approx(500.0, rel=0.02)


def test_places_far_apart_and_courtyards_are_no_gap():
    drawing = draw(
        """
        AAAA......BB
        A..A......BB
        AAAA......BB
    """,
        size_m=30,
    )
    assert frozen(drawing.polygons["A"], drawing.polygons["B"]).disputed == []


def test_slivers_from_digitising_go_to_a_neighbour_and_are_counted():
    west = shapely.box(0, 0, 10_000, 10_000)
    east = shapely.Polygon([(10_000, 0), (20_000, 0), (20_000, 10_000), (10_000, 10_000), (9_996, 5_000)])
    result = frozen(west, east)
    assert result.disputed == []
    assert result.slivers.sum() == 1
    assert prove(result.outlines, shapely.coverage_union_all(result.outlines)) == []


def test_a_vertex_stands_where_a_road_crosses_the_outline():
    road = shapely.LineString([(-500, 3_137), (12_000, 3_137)])
    result = frozen(shapely.box(0, 0, 10_000, 10_000), spacing=10.0, crossings=np.array([road], dtype=object))
    vertices = {tuple(v) for v in shapely.get_coordinates(result.outlines[0])}
    assert {(0.0, 3_137.0), (10_000.0, 3_137.0)} <= vertices


def test_specks_are_dropped_and_real_parts_kept():
    speck = shapely.box(50_000, 0, 50_050, 50)
    part = shapely.box(30_000, 0, 31_000, 1_000)
    result = frozen(shapely.MultiPolygon([shapely.box(0, 0, 10_000, 10_000), speck, part]))
    assert len(shapely.get_parts(result.outlines[0])) == 2
    assert result.slivers.tolist() == [1]


@pytest.mark.parametrize("bulge_cm", [4, -4])
@pytest.mark.parametrize("frozen_first", [True, False])
def test_a_hairline_beside_an_outline_frozen_before_leaves_no_hole(bulge_cm, frozen_first):
    west = frozen(shapely.box(0, 0, 10_000, 10_000)).outlines[0]
    x = 10_000 + bulge_cm
    east = shapely.Polygon([(10_000, 0), (20_000, 0), (20_000, 10_000), (10_000, 10_000), (x, 5_000)])
    pair = [west, east] if frozen_first else [east, west]
    standing = np.array([frozen_first, not frozen_first])
    drawn = freeze(np.array(pair, dtype=object), np.full(2, 2.0), NONE, standing)
    fitted = fit(drawn.outlines[~standing][0], np.array([west], dtype=object))
    both = np.array([west, fitted], dtype=object)
    whole = shapely.union_all(both)
    assert (whole.geom_type, len(whole.interiors), whole.area) == ("Polygon", 0, 200_000_000)
    assert prove(both, whole) == []


def test_a_hairline_hole_is_mended_and_a_courtyard_stays():
    hairline = shapely.Polygon([(2_000, 2_000), (5_000, 2_000), (5_000, 2_003)])
    yard = shapely.box(6_000, 6_000, 7_000, 7_000)
    whole = shapely.box(0, 0, 10_000, 10_000)
    result = frozen(shapely.difference(whole, shapely.union(hairline, yard)))
    assert shapely.equals(result.outlines[0], shapely.difference(whole, yard))
    assert result.slivers.tolist() == [1]


def test_a_sliver_along_a_frozen_border_leaves_no_spike():
    """A piece meets the border between two of its vertices, and a centimetre of it runs on along it."""
    west = shapely.Polygon([(-500, -400), (0, -400), (0, -200), (0, 0), (0, 200), (-500, 200)])
    ring = [(300, -80), (1, -90), (0, -200), (0, -90), (0, 0), (0, 200), (300, 200)]
    fitted = fit(shapely.Polygon(ring), np.array([west], dtype=object))
    assert shapely.is_valid(fitted)
    assert fitted.equals(shapely.Polygon([(300, -80), (0, 0), (0, 200), (300, 200)]))


def test_a_vertex_goes_to_the_border_that_it_lies_on_not_across_a_strip():
    """The nearest vertex stands on the other side of a strip of 20 cm."""
    west = shapely.Polygon([(-500, 0), (0, 0), (0, 1000), (-500, 1000)])
    beyond = shapely.Polygon([(20, 400), (500, 400), (500, 500), (20, 500)])
    outline = shapely.Polygon([(0, 0), (400, 0), (10, 450), (0, 450)])
    fitted = fit(outline, np.array([west, beyond], dtype=object))
    assert shapely.is_valid(fitted)
    assert {(0.0, 0.0), (400.0, 0.0), (10.0, 450.0)} == set(fitted.exterior.coords)
