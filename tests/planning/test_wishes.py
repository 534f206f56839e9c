"""Weights, locks and parts of a proposal, through the store; the drawn community has one right answer."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spatial import planning
from spatial.errors import BadParameter, NotFound, Refused
from spatial.planning.wishes import Wishes, weights_of
from spatial.policy import Weights
from spatial.store import plans
from tests.planning.drawn import COMMUNITY, LATTICE, TOWN, VILLAGE
from tests.planning.test_stages import act, leaf_of, line


def about(store, plan_id):
    with store.transaction() as tx:
        return plans.get(tx, plan_id).about


def again(store, plan_id, area=COMMUNITY, *, seed=5, **wishes):
    (made,) = planning.propose(store, area, who="li", seed=seed, wishes=Wishes(base_plan=plan_id, **wishes))
    return made.plan_id


def leaves(store, plan_id):
    """Buildings of every finest grid."""
    cells = planning.plan_cells(store, plan_id).dropna(subset=["bid"])
    return {frozenset(rows["bid"]) for _, rows in cells.groupby("node_id")}


def merge(store, plan_id, one, two):
    """Merge the grids of two houses, lock what comes of it, give its id."""
    nodes = [leaf_of(store, plan_id, bid).id for bid in (one, two)]
    act(store, plan_id, kind="merge", nodes=nodes)
    kept = leaf_of(store, plan_id, one)
    act(store, plan_id, kind="tree", op="rename", node=kept.id, name="老街两院")
    act(store, plan_id, kind="tree", op="lock", node=kept.id)
    return kept.id


def test_weights_are_kept_with_the_plan(drafted):
    wishes = Wishes(weights=weights_of({"features": 1.5}))
    (made,) = planning.propose(drafted.store, COMMUNITY, who="li", wishes=wishes)
    assert about(drafted.store, made.plan_id)["weights"]["features"] == 1.5
    assert about(drafted.store, drafted.plans[COMMUNITY])["weights"]["features"] == Weights().features


@pytest.mark.parametrize("given", [{"beauty": 1.0}, {"shape": -1.0}, {"shape": 11.0}, {"keep": float("nan")}])
def test_a_weight_that_is_none_is_refused(given):
    with pytest.raises(BadParameter) as refused:
        weights_of(given)
    assert refused.value.code == "bad_weight"


def test_a_locked_grid_stays_with_its_name_and_lock_and_the_rest_goes_around_it(drafted):
    store, first = drafted.store, drafted.plans[COMMUNITY]
    merge(store, first, "001-000", "001-001")
    second = again(store, first)
    kept = leaf_of(store, second, "001-000")
    assert (kept.name, kept.locked, kept.households) == ("老街两院", True, 32)
    assert kept.id == leaf_of(store, second, "001-001").id
    assert (kept.in_band, kept.reason.code, kept.reason.proved) == (False, "locked", True)
    others = [n for n in planning.plan(store, second).nodes if n.level and n.id != kept.id]
    assert all(n.in_band and not n.locked for n in others)
    assert about(store, second)["base_plan"] == first
    third = again(store, second, seed=6)
    assert leaf_of(store, third, "001-000").name == "老街两院"


def test_without_a_lock_the_plan_is_proposed_as_from_nothing(drafted):
    store, first = drafted.store, drafted.plans[COMMUNITY]
    nodes = [leaf_of(store, first, bid).id for bid in ("001-000", "001-001")]
    act(store, first, kind="merge", nodes=nodes)
    assert all(len(one) == 1 for one in leaves(store, again(store, first)))


def test_only_the_part_asked_for_is_proposed_again(drafted):
    store, first = drafted.store, drafted.plans[COMMUNITY]
    for one, two in (("001-000", "001-001"), ("001-310", "001-311")):
        act(store, first, kind="merge", nodes=[leaf_of(store, first, bid).id for bid in (one, two)])
    cells = planning.plan_cells(store, first)
    mine = frozenset(cells.loc[cells["bid"] == "001-000", "cell"].tolist())
    found = leaves(store, again(store, first, cells=mine))
    assert {"001-000"} in found
    assert {"001-310", "001-311"} in found
    corner = {
        "type": "Polygon",
        "coordinates": [line((250, 60), (300, 60), (300, 95), (250, 60))["coordinates"]],
    }
    found = leaves(store, again(store, first, within=corner))
    assert {"001-000", "001-001"} in found
    assert {"001-310"} in found


def test_all_locked_leaves_nothing_to_propose(drafted):
    store, first = drafted.store, drafted.plans[COMMUNITY]
    for node in [n.id for n in planning.plan(store, first).nodes if n.level == 1]:
        act(store, first, kind="tree", op="lock", node=node)
    with pytest.raises(Refused) as refused:
        again(store, first)
    assert refused.value.code == "nothing_to_propose"


def test_a_drawn_border_and_pairs_are_kept_and_remembered(drafted):
    store, first = drafted.store, drafted.plans[COMMUNITY]
    cells = planning.plan_cells(store, first)
    cell = {bid: int(rows["cell"].iloc[0]) for bid, rows in cells.dropna(subset=["bid"]).groupby("bid")}
    pair = (cell["001-000"], cell["001-003"])
    second = again(store, first, together=(pair,))
    assert leaf_of(store, second, "001-000").id == leaf_of(store, second, "001-003").id
    assert leaf_of(store, again(store, second), "001-003").households == 32
    middle = line((25, -3), (25, 60))  # between the first and second house of the south-western block
    third = again(store, first, borders=(middle,))
    assert about(store, third)["locks"]["apart"]
    with pytest.raises(Refused) as refused:
        again(store, second, apart=(pair,))
    assert refused.value.code == "locks_contradict"


def test_locks_of_a_villages_group_stay(drafted):
    store, first = drafted.store, drafted.plans[VILLAGE]
    node = next(n for n in planning.plan(store, first).nodes if n.level == 1)
    act(store, first, kind="tree", op="lock", node=node.id)
    second = again(store, first, VILLAGE)
    kept = [n for n in planning.plan(store, second).nodes if n.locked]
    assert [(n.name, n.households) for n in kept] == [(node.name, 30)]
    assert [n.households for n in planning.plan(store, second).nodes if n.level == 2] == [15] * 6


def test_what_can_not_be_asked_is_refused_by_name(drafted):
    store, first = drafted.store, drafted.plans[COMMUNITY]
    far = {
        "type": "LineString",
        "coordinates": LATTICE.coords_to_lonlat(np.array([[-9e4, 0], [-8e4, 0.0]])).tolist(),
    }
    for area, wishes, code in [
        (TOWN, {"base_plan": first}, "locks_of_a_town"),
        (VILLAGE, {"base_plan": first}, "wrong_area"),
        (COMMUNITY, {"base_plan": 9_999}, "no_such_plan"),
        (COMMUNITY, {"apart": ((0, 100_000),)}, "no_such_cell"),
        (COMMUNITY, {"together": ((4, 4),)}, "no_such_cell"),
        (COMMUNITY, {"borders": (far,)}, "border_meets_nothing"),
    ]:  # fmt: skip
        with pytest.raises((BadParameter, NotFound)) as refused:
            planning.propose(store, area, who="li", wishes=Wishes(**wishes))
        assert refused.value.code == code
    with pytest.raises(BadParameter) as refused:
        Wishes(cells=frozenset({1}))
    assert refused.value.code == "part_without_plan"


def test_a_plan_with_cut_faces_is_not_proposed_again(drafted):
    store, first = drafted.store, drafted.plans[COMMUNITY]
    cells = planning.plan_cells(store, first)
    face = cells.loc[cells["bid"] == "001-000", "face"].item()
    act(store, first, kind="cut", face=face, line=line((3, -1), (3, 32)))
    with pytest.raises(Refused) as refused:
        again(store, first)
    assert (refused.value.code, refused.value.where[0].ref) == ("cut_faces", face)


def test_borders_in_force_are_kept(published):
    # a river's weight alone would bring the same answer: ask what leans, and that it is taken
    (made,) = planning.propose(published.store, COMMUNITY, who="li", seed=3)
    card = planning.score_plan(published.store, made.plan_id)
    assert [level.change.moved for level in card.levels] == [0, 0, 0]
    assert json.dumps(about(published.store, made.plan_id))


def test_a_limit_by_the_clock_marks_the_plan(drafted):
    plain = planning.plan(drafted.store, drafted.plans[COMMUNITY])
    wishes = Wishes(limit_s=1e-9)
    (made,) = planning.propose(drafted.store, COMMUNITY, who="li", wishes=wishes)
    plan = planning.plan(drafted.store, made.plan_id)
    assert (plain.reproducible, plan.reproducible) == (True, False)
    assert "not_reproducible" in [note["code"] for note in made.notes]
    assert sum(node.households for node in plan.nodes if node.level == 3) == 640
    with pytest.raises(BadParameter) as refused:
        Wishes(limit_s=-1.0)
    assert refused.value.code == "bad_limit"


def test_mode_best_is_another_search_of_the_same_rules(drafted):
    (made,) = planning.propose(drafted.store, COMMUNITY, who="li", wishes=Wishes(mode="best"))
    plan = planning.plan(drafted.store, made.plan_id)
    assert plan.reproducible
    assert [n.households for n in plan.nodes if n.level == 3] == [16] * 40
