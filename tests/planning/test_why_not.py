"""The next-best border between two grids of a drawn plan, with its price in exact figures."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, box, shape

from spatial import planning
from spatial.errors import BadParameter, NotFound
from spatial.planning.courses import course_of
from spatial.policy import Band, Policy
from tests.places import LATTICE
from tests.planning import drawn
from tests.planning.test_stages import act, leaf_of

SMALL = Policy(bands={"community": (Band(20, 100, 60), Band(10, 20, 15)), "village": (Band(None, None, 40),)})


def street(households: list[int], lanes: dict[int, str]) -> drawn.Site:
    """Houses in a row, 30 m of ground each; streets across, before the houses named."""
    buildings = {
        f"h{i}": (box(i * 3_000 + 1_000, 1_000, i * 3_000 + 2_000, 2_000), n)
        for i, n in enumerate(households)
    }
    lines = [
        ("roads", "residential", name, LineString([(i * 3_000, -500), (i * 3_000, 3_500)]))
        for i, name in lanes.items()
    ]
    return drawn.Site(
        drawn.COMMUNITY, "长街", box(0, 0, len(households) * 3_000, 3_000), buildings, lines, levels=1
    )


@pytest.fixture
def plan(store, tmp_path):
    """Six houses of 5 with streets before the fifth and before the third: the border lies on one of them."""
    site = street([5] * 6, {2: "前街", 4: "后街"})
    planning.import_place(store, drawn.drawn(site).write(tmp_path))
    (made,) = planning.propose(store, drawn.COMMUNITY, who="li", policy=SMALL)
    return made.plan_id


def grids(store, plan):
    """Leaves of the first and of the last house."""
    return leaf_of(store, plan, "h0"), leaf_of(store, plan, "h5")


def test_the_other_street_is_the_next_best(store, plan):
    first, last = grids(store, plan)
    found = planning.why_not(store, plan, between=(first.id, last.id), policy=SMALL)
    one, two = found.sides
    assert {one.households, two.households} == {10, 20}
    assert (one.households_after, two.households_after) == (two.households, one.households)
    was, now = ("前街", "后街") if one.households == 10 else ("后街", "前街")
    assert (found.now.features_zh, found.other.features_zh) == ([was], [now])
    assert (found.now.followed_m, found.other.followed_m) == (30.0, 30.0)
    assert (found.buildings, found.exact) == (["h2", "h3"], True)
    assert found.zh.startswith(f"改沿{now}走，")
    assert found.zh.endswith("沿地物的长度不变")
    assert f"along {now}: " in found.en
    assert (one.polsby_popper_after, two.polsby_popper_after) == (two.polsby_popper, one.polsby_popper)
    assert one.walk_m is not None


def test_its_line_lies_where_the_street_lies(store, plan):
    first, last = grids(store, plan)
    found = planning.why_not(store, plan, between=(first.id, last.id), policy=SMALL)
    line = LATTICE.to_lattice(np.array([shape(found.other.geometry)], dtype=object))[0]
    x = 12_000 if found.sides[0].households == 10 else 6_000
    assert shapely.equals(shapely.simplify(line, 0), LineString([(x, 0), (x, 3_000)]))


def test_a_point_names_the_border_nearest_to_it(store, plan):
    first, last = grids(store, plan)
    whole = planning.why_not(store, plan, between=(first.id, last.id), policy=SMALL)
    lon, lat = shape(whole.now.geometry).centroid.coords[0]
    near = planning.why_not(store, plan, at=(lon, lat), policy=SMALL)
    assert {side.node for side in near.sides} == {first.id, last.id}
    assert near.now == whole.now


def test_taking_the_advice_gives_what_was_told(store, plan):
    first, last = grids(store, plan)
    told = planning.why_not(store, plan, between=(first.id, last.id), policy=SMALL)
    one = told.sides[0]
    to = first.id if one.households_after > one.households else last.id
    act(store, plan, kind="assign", cells=told.cells, to=to)
    after = planning.why_not(store, plan, between=(first.id, last.id), policy=SMALL)
    assert [side.households for side in after.sides] == [side.households_after for side in told.sides]
    assert after.now == told.other
    assert after.price == pytest.approx(told.price_after)


def test_fewer_metres_on_features_are_told(store, tmp_path):
    planning.import_place(store, drawn.drawn(street([5] * 6, {2: "前街"})).write(tmp_path))
    (made,) = planning.propose(store, drawn.COMMUNITY, who="li", policy=SMALL)
    first, last = grids(store, made.plan_id)
    found = planning.why_not(store, made.plan_id, between=(first.id, last.id), policy=SMALL)
    assert (found.now.followed_m, found.other.followed_m) == (30.0, 0.0)
    assert (
        found.zh
        == "改从没有地物处走，"
        + "、".join(f"{s.label} 为 {s.households_after} 户" for s in found.sides)
        + "，少沿地物 30 米"
    )
    assert "30 m less on features" in found.en


def test_no_other_place_is_said(store, tmp_path):
    planning.import_place(store, drawn.drawn(street([12, 12], {})).write(tmp_path))
    (made,) = planning.propose(store, drawn.COMMUNITY, who="li", policy=SMALL)
    first, last = leaf_of(store, made.plan_id, "h0"), leaf_of(store, made.plan_id, "h1")
    found = planning.why_not(store, made.plan_id, between=(first.id, last.id), policy=SMALL)
    assert (found.other, found.cells, found.exact) == (None, [], True)
    assert "没有找到别的走法" in found.zh


def test_a_locked_border_stays(store, plan):
    first, last = grids(store, plan)
    act(store, plan, kind="tree", op="lock", node=first.id)
    found = planning.why_not(store, plan, between=(first.id, last.id), policy=SMALL)
    assert (found.other, found.zh) == (None, "边界已锁定，不能改走别处")


def test_villagers_groups_are_given(drafted):
    store, plan = drafted.store, drafted.plans[drawn.VILLAGE]
    borders = planning.plan_borders(store, plan)
    between = next(row["between"] for _, row in borders.iterrows() if row["level"] == 1)
    assert "村民小组" in planning.why_not(store, plan, between=tuple(between)).zh


@pytest.mark.parametrize("between", [None, (2, 2)])
def test_what_is_no_border_is_refused(store, plan, between):
    with pytest.raises(BadParameter) as refusal:
        planning.why_not(store, plan, between=between, policy=SMALL)
    assert refusal.value.code == "no_border"


def test_grids_and_plans_that_are_not_there(store, plan):
    with pytest.raises(NotFound):
        planning.why_not(store, plan, between=(1, 99), policy=SMALL)
    with pytest.raises(NotFound):
        planning.why_not(store, 999_999, at=(110.0, 37.0))


def test_a_border_along_two_features_names_the_longer_first():
    """Two faces a side, a road between the lower two and a river between the upper ones."""
    squares = [box(x, y, x + 1_000, y + 1_000 * (1 + y // 1_000)) for x in (0, 1_000) for y in (0, 1_000)]
    ground = SimpleNamespace(
        faces=np.array(squares, dtype=object),
        cells=pd.DataFrame({"face": range(4), "floor_low": pd.array([pd.NA] * 4, dtype="Int64")}),
        edges=pd.DataFrame({
            "a": [0, 1], "b": [2, 3], "length_m": [10.0, 20.0], "barrier": ["main_road", "river"],
            "feature": ["北街", "屈产河"],
        }),
        lattice=LATTICE,
    )  # fmt: skip
    course = course_of(ground, np.array([5, 5, 6, 6]), (5, 6))
    assert course.features_zh == ["屈产河", "北街"]
    assert (course.metres, course.followed_m) == (30.0, 30.0)
