"""The town around a plan: which plan of each basic grid is in hand, and grids fit to be looked at."""

import numpy as np
import pytest
import shapely

from spatial import planning
from spatial.errors import NotFound
from tests.places import TOWN
from tests.planning.drawn import COMMUNITY, TOWERS, VILLAGE
from tests.planning.test_stages import leaf_of
from tests.planning.test_undo import Planner


def test_one_plan_of_each_basic_grid_the_newest_unless_an_older_one_was_edited(drafted):
    store, first = drafted.store, drafted.plans
    assert [(p.area_code, p.id) for p in planning.plans_in_hand(store, TOWN)] == sorted(first.items())
    made = planning.copy_plan(store, first[COMMUNITY], name="试划", who="王五")
    assert {p.area_code: p.id for p in planning.plans_in_hand(store, TOWN)}[COMMUNITY] == made
    Planner(store, first[COMMUNITY], "张三").give("001-000", "001-001")
    assert {p.area_code: p.id for p in planning.plans_in_hand(store, TOWN)} == first
    assert [p.id for p in planning.plans_in_hand(store, VILLAGE)] == [first[VILLAGE]]
    with pytest.raises(NotFound):
        planning.plans_in_hand(store, "000000000")
    assert {p.area_code for p in planning.plans(store, area=TOWN)} == {COMMUNITY, VILLAGE, TOWERS}


def test_to_look_at_neighbours_meet_and_the_upper_levels_are_their_unions(drafted):
    for plan_id in drafted.plans.values():
        exact = planning.plan_grids(drafted.store, plan_id).set_index("node_id")
        view = planning.plan_view(drafted.store, plan_id).set_index("node_id")
        assert list(view.index) == list(exact.index)
        stacked = exact.index[exact.geometry.to_numpy() == view.geometry.to_numpy()]
        base = view[view["leaf"] & ~view.index.isin(stacked)]
        assert shapely.coverage_is_valid(base.geometry.to_numpy())
        assert (
            shapely.get_num_coordinates(view.geometry).sum()
            < shapely.get_num_coordinates(exact.geometry).sum()
        )
        for node, row in view[~view["leaf"]].iterrows():
            children = view[view["parent"] == node].geometry.to_numpy()
            assert (
                shapely.area(shapely.symmetric_difference(row.geometry, shapely.union_all(children))) < 1e-13
            )
        assert np.abs(shapely.area(view.geometry) - shapely.area(exact.geometry)).max() < 5e-9


def test_a_leaf_that_changed_is_seen(drafted):
    plan_id = drafted.plans[COMMUNITY]
    before = planning.plan_view(drafted.store, plan_id).set_index("node_id").geometry
    target = leaf_of(drafted.store, plan_id, "001-001").id
    Planner(drafted.store, plan_id, "张三").give("001-000", "001-001")
    after = planning.plan_view(drafted.store, plan_id).set_index("node_id").geometry
    assert after[target].area > before[target].area
