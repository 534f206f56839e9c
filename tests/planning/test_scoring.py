"""The score card of drawn plans, in figures that follow from the drawing."""

import pytest

from spatial import lookup, planning
from spatial.errors import NotFound
from tests.planning import drawn


def test_a_drawn_community_has_the_figures_of_its_drawing(drafted):
    card = planning.score_plan(drafted.store, drafted.plans[drawn.COMMUNITY])
    assert (card.area_code, card.area_name) == (drawn.COMMUNITY, "凤城社区")
    top, middle, finest = card.levels
    assert [level.grids for level in card.levels] == [2, 8, 40]
    assert [level.in_band for level in card.levels] == [1, 1, 1]
    assert top.border_km == pytest.approx(0.1)
    # 16 m to either side of where the road crosses count half: 100 m - 32 m / 2
    assert top.followed == pytest.approx(0.84, abs=0.005)
    assert middle.load == finest.load.__class__(80, 80, 80, 0.0, 0.0)
    assert (finest.walk.p50_m, finest.walk.p95_m, finest.walk.cut_off) == (0, 0, 0)
    assert 0 < middle.walk.p50_m <= middle.walk.p95_m < top.walk.p95_m < 160
    assert top.polsby_popper == pytest.approx(top.polsby_popper_weighted)
    assert (top.zones, top.estates, top.change) == (None, None, None)


def test_a_plan_like_the_edition_in_force_moves_nobody_and_a_merge_moves_the_smaller(published):
    store = published.store
    (new,) = planning.propose(store, drawn.COMMUNITY, who="li")
    card = planning.score_plan(store, new.plan_id)
    assert [(level.change.households, level.change.moved) for level in card.levels] == [(640, 0)] * 3
    view = planning.plan(store, new.plan_id)
    blocks = [n for n in view.nodes if n.level == 2]
    leaves = [n for n in view.nodes if n.parent == blocks[0].id]
    planning.move(
        store, new.plan_id, base_rev=view.rev, who="li",
        action={"kind": "merge", "nodes": neighbours(store, new.plan_id, leaves)},
    )  # fmt: skip
    after = planning.score_plan(store, new.plan_id)
    assert [level.change.moved for level in after.levels] == [0, 0, 16]
    assert after.levels[2].grids == 39
    assert lookup.grids(store, area=drawn.COMMUNITY, level=3).shape[0] == 40


def neighbours(store, plan_id, leaves):
    found = planning.plan_borders(store, plan_id)
    ids = {n.id for n in leaves}
    return next(pair for pair in found["between"] if set(pair) <= ids)


def test_a_tower_has_no_way_to_walk_between_its_floors_but_the_stairs(drafted):
    card = planning.score_plan(drafted.store, drafted.plans[drawn.TOWERS])
    assert card.levels[2].walk.p95_m == pytest.approx(0, abs=1e-3)
    assert card.levels[2].walk.cut_off == 0


def test_no_such_plan(drafted):
    with pytest.raises(NotFound, match="999"):
        planning.score_plan(drafted.store, 999)
