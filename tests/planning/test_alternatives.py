"""Alternatives that differ, and the staffing dial, on the drawn town."""

from __future__ import annotations

import numpy as np
import pytest

from spatial import planning
from spatial.errors import BadParameter, Infeasible
from spatial.planning.choosing import stays
from spatial.planning.dial import level_of_post
from spatial.store import plans
from tests.planning.drawn import COMMUNITY, TOWERS, TOWN, VILLAGE


def numbers(made):
    """Grids of each level, dedicated ones included, by area."""
    return {r.area_code: [s.grids + s.dedicated for s in r.levels] for r in made}


def test_alternatives_are_named_plans_that_differ_by_what_is_measured(drafted):
    found = planning.alternatives(drafted.store, TOWERS, who="li", count=3)
    assert 1 <= len(found.found) <= 3
    assert found.found[0].style == "features"
    with drafted.store.transaction() as tx:
        about = [plans.get(tx, one.plans[0].plan_id).about for one in found.found]
    assert [a["style"] for a in about] == [one.style for one in found.found]
    assert [a["name"]["zh"] for a in about] == [one.zh for one in found.found]
    ids = [one.plans[0].plan_id for one in found.found]
    assert planning.differences(drafted.store, ids) == found.differences
    assert all(max(d.moved) >= 0.05 for d in found.differences)


def test_a_place_with_one_right_answer_has_no_alternative(drafted):
    found = planning.alternatives(drafted.store, COMMUNITY, who="li")
    assert [one.style for one in found.found] == ["features"]
    assert found.differences == []


def test_with_an_edition_the_alternative_closest_to_today_moves_nobody(published):
    found = planning.alternatives(published.store, TOWERS, who="li", count=5)
    assert "today" in [one.style for one in found.found] or len(found.found) == 1
    for one in found.found:
        if one.style == "today":
            card = planning.score_plan(published.store, one.plans[0].plan_id)
            assert [level.change.moved for level in card.levels] == [0, 0, 0]


@pytest.mark.parametrize("count", [1, 6])
def test_so_many_alternatives_are_refused(drafted, count):
    with pytest.raises(BadParameter) as refused:
        planning.alternatives(drafted.store, COMMUNITY, who="li", count=count)
    assert refused.value.code == "bad_count"


def test_plans_of_two_grounds_are_not_compared(drafted):
    with pytest.raises(BadParameter) as refused:
        planning.differences(drafted.store, [drafted.plans[COMMUNITY], drafted.plans[VILLAGE]])
    assert refused.value.code == "other_ground"


def test_who_stays_is_counted_after_matching():
    people = np.array([10, 10, 10, 5])
    assert stays(people, np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])) == (35, 35)
    assert stays(people, np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])) == (25, 35)
    assert stays(people, np.array([0, 0, -1, 1]), np.array([0, 0, 0, 1])) == (25, 25)


def test_so_many_liaisons(drafted):
    (made,) = planning.propose(drafted.store, TOWERS, who="li", staff={"liaison": 26})
    assert numbers([made])[TOWERS][2] == 26
    assert [s.out_of_band for s in made.levels] == [0, 0, 0]
    (made,) = planning.propose(drafted.store, TOWERS, who="li", staff={"网格助理员": 6, "网格联络员": 24})
    assert numbers([made])[TOWERS][1:] == [6, 24]


def test_people_of_a_town_are_shared_over_its_divisions(drafted):
    made = numbers(planning.propose(drafted.store, TOWN, who="li", staff={"liaison": 70}))
    assert made[COMMUNITY][2] + made[TOWERS][2] + made[VILLAGE][1] == 70


@pytest.mark.parametrize(("number", "nearest"), [(41, 40), (39, 40), (500, 40)])
def test_numbers_that_do_not_go_are_refused_with_those_that_would(drafted, number, nearest):
    # two houses of 16 are 32 households: each is a grid of its own, 40 in all
    with pytest.raises(Infeasible) as refused:
        planning.propose(drafted.store, COMMUNITY, who="li", staff={"liaison": number})
    data = refused.value.data
    assert (refused.value.code, data["asked"], data["nearest"]) == ("staff", number, nearest)
    assert data["low"] <= nearest <= data["high"]


def test_posts_by_any_of_their_names():
    assert level_of_post("网格联络员") == level_of_post("grid liaison") == level_of_post("Liaison")
    assert level_of_post("member") == level_of_post("level1") == {"community": 1, "village": 1}
    with pytest.raises(BadParameter) as refused:
        level_of_post("mayor")
    assert refused.value.code == "bad_post"


@pytest.mark.parametrize("staff", [{"assistant": 3}, {"liaison": 0}])
def test_posts_that_a_village_does_not_have_and_nobody_are_refused(drafted, staff):
    with pytest.raises(BadParameter):
        planning.propose(drafted.store, VILLAGE, who="li", staff=staff)
