"""Odd places from file to plan: each ends in grids or in a clear answer, never in an endless search."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import LineString, box

from spatial import planning
from spatial.errors import BadRows, Infeasible
from tests.planning import drawn


def proposed(store, folder, site, change=None):
    """Import a site and propose; the plan as it stands."""
    place = drawn.drawn(site)
    if change is not None:
        change(place)
    planning.import_place(store, place.write(folder))
    (made,) = planning.propose(store, site.code, who="li")
    return planning.plan(store, made.plan_id)


def lone(households: int) -> drawn.Site:
    """One house on 60 m x 60 m."""
    return drawn.Site(
        drawn.COMMUNITY,
        "独楼",
        box(0, 0, 6_000, 6_000),
        {"甲": (box(2_000, 2_000, 4_000, 4_000), households)},
    )


@pytest.mark.parametrize(("households", "reason"), [(16, None), (5, "no_k"), (700, "lump")])
def test_one_building_is_one_grid_at_every_level_with_its_reason(store, tmp_path, households, reason):
    plan = proposed(store, tmp_path, lone(households))
    assert [node.level for node in plan.nodes] == [0, 1, 2, 3]
    finest = plan.nodes[-1]
    assert (finest.households, finest.reason.code if finest.reason else None) == (households, reason)
    assert all(node.in_band or node.reason.proved for node in plan.nodes[1:])


def test_everybody_in_one_tower_among_empty_houses(store, tmp_path):
    site = drawn.community(halves=1)
    site.buildings = {b: (g, 320 if b == "001-000" else 0) for b, (g, _) in site.buildings.items()}
    plan = proposed(store, tmp_path, site)
    assert [(n.level, n.households) for n in plan.nodes if n.level] == [(1, 320), (2, 320), (3, 320)]
    assert [n.reason.code for n in plan.nodes if n.reason] == ["lump", "lump"]


@pytest.mark.parametrize("households", [float("nan"), -3.0])
def test_households_that_are_no_number_of_people(store, tmp_path, households):
    place = drawn.drawn(drawn.community(halves=1))
    place.buildings["households"] = place.buildings["households"].astype(float)
    place.buildings.loc[3, "households"] = households
    path = place.write(tmp_path)
    with pytest.raises(BadRows) as refusal:
        planning.import_place(store, path)
    assert (refusal.value.where[0].row, refusal.value.where[0].field) == (4, "households")


def test_nobody_at_all(store, tmp_path):
    with pytest.raises(Infeasible) as refusal:
        proposed(store, tmp_path, lone(0))
    assert refusal.value.code == "nothing_to_divide"
    (one,) = planning.feasible(store, drawn.COMMUNITY)
    assert (one.fits, one.zh) == (False, "没有住户，无法划分")


def test_no_roads_at_all(store, tmp_path):
    site = drawn.community(halves=1)
    site.lines = []
    plan = proposed(store, tmp_path, site)
    assert all(node.in_band for node in plan.nodes[1:])


def test_features_that_leave_the_area_end_at_its_outline(store, tmp_path):
    site = drawn.community(halves=1)
    site.lines.append(("roads", "primary", "国道", LineString([(-900_000, 5_000), (900_000, 5_000)])))
    plan = proposed(store, tmp_path, site)
    outline = planning.plan_grids(store, plan.id, level=3).geometry.union_all()
    box_m = shapely.transform(shapely.envelope(outline), lambda xy: xy)
    assert all(node.in_band for node in plan.nodes[1:])
    assert box_m.bounds[2] - box_m.bounds[0] < 0.01


def test_a_boundary_of_three_parts(store, tmp_path):
    site = drawn.community(halves=1)
    far = [box(40_000 + 30_000 * i, 0, 48_000 + 30_000 * i, 5_000) for i in range(2)]
    site.outline = shapely.MultiPolygon([site.outline, *far])
    for i, part in enumerate(far):
        x, y = part.bounds[:2]
        site.buildings[f"外{i}"] = (box(x + 1_000, y + 1_000, x + 2_000, y + 2_000), 16)
    plan = proposed(store, tmp_path, site)
    assert all(node.in_band for node in plan.nodes[1:])
    assert plan.nodes[0].households == 22 * 16
    grids = planning.plan_grids(store, plan.id, level=1)
    assert isinstance(grids, gpd.GeoDataFrame)
    assert shapely.get_num_geometries(grids.geometry.iloc[0]) == 3
