"""What an imported area can be divided into, in words, before anything is searched."""

import pytest

from spatial import planning
from spatial.errors import Infeasible, NotFound
from tests.planning import drawn


def test_a_drawn_town_says_its_ranges_area_by_area(drafted):
    town = {one.area_code: one for one in planning.feasible(drafted.store, drawn.TOWN)}
    community, village = town[drawn.COMMUNITY], town[drawn.VILLAGE]
    assert [(x.low, x.high, x.aim) for x in community.levels] == [(2, 2, 2), (8, 10, 8), (40, 40, 40)]
    assert [(x.given, x.low, x.high) for x in village.levels] == [(True, 3, 3), (False, 6, 6)]
    assert community.fits
    assert village.fits
    assert "1级 640 户可分 2 个（目标规模约 2 个）" in community.zh
    assert "level 2: 640 households fit 8-10 grids, 8 of the target size" in community.en
    assert village.levels[0].zh == "1级按村民小组 3 个"


def test_houses_above_the_maximum_are_named(store, tmp_path):
    planning.import_place(store, drawn.drawn(drawn.community(halves=1, each=24)).write(tmp_path))
    (one,) = planning.feasible(store, drawn.COMMUNITY)
    finest = one.levels[2]
    assert (one.fits, finest.low, finest.high) == (False, 20, 20)
    assert {o.code for o in finest.obstacles} == {"lump"}
    assert "20 个不可再分的单元超过 20 户（最多 24 户）：001-000、001-001、001-002等" in finest.zh
    assert "20 indivisible cells hold more than 20 (at most 24): 001-000, 001-001, 001-002 ..." in finest.en


def test_households_that_fit_no_number_say_the_nearest(store, tmp_path):
    site = drawn.community(halves=1, each=16)
    site.buildings = {b: (shape, 26) for b, (shape, _) in site.buildings.items()}
    planning.import_place(store, drawn.drawn(site).write(tmp_path))
    (one,) = planning.feasible(store, drawn.COMMUNITY)
    (why,) = one.levels[0].obstacles
    assert (why.code, why.households, why.grids) == ("no_k", 520, 1)
    assert "520 户分几个都不在 300-500 户内，分 1 个偏差最小（4.0%）" in one.levels[0].zh


def test_a_proposal_tells_its_areas_first(store, tmp_path):
    planning.import_place(store, drawn.drawn(drawn.community(halves=1)).write(tmp_path))
    told = []
    planning.propose(store, drawn.COMMUNITY, who="li", foreseen=told.append)
    assert told == planning.feasible(store, drawn.COMMUNITY)


def test_places_without_ground_are_refused(store):
    with pytest.raises(NotFound):
        planning.feasible(store, "141126100009")


def test_a_town_without_ground_says_what_to_do(drafted):
    with drafted.store.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM plan")
        tx.exec_driver_sql("DELETE FROM ground")
    with pytest.raises(Infeasible) as refusal:
        planning.feasible(drafted.store, drawn.COMMUNITY)
    assert refusal.value.code == "no_ground"
