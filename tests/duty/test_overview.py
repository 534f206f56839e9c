"""A published town counted: grids against bands and targets, posts, cases, hazard points."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
import sqlalchemy as sa

from spatial import casework, planning, staffing, watch
from spatial.errors import NotFound
from spatial.overview import overview
from spatial.policy import LINGQUAN, Band
from tests.duty.registers import register
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWERS, TOWN, VILLAGE

DAY = dt.timedelta(days=1)
NOW = dt.datetime.now(dt.timezone(dt.timedelta(hours=8)))


def levels(figures):
    """Grids, those in band and those it applies to, by level."""
    return {level.level: (level.grids, level.in_band, level.banded) for level in figures.levels}


def by_code(found):
    return {area.code: area for area in found.areas}


def test_grids_are_counted_by_division_and_by_basic_grid(town):
    found = overview(town, TOWN)
    areas = by_code(found)
    assert list(areas) == [COMMUNITY, TOWERS, VILLAGE]
    assert levels(areas[COMMUNITY]) == {0: (1, 0, 0), 1: (2, 2, 2), 2: (8, 8, 8), 3: (40, 40, 40)}
    assert levels(areas[VILLAGE]) == {0: (1, 0, 0), 1: (3, 0, 0), 2: (6, 6, 6)}
    community, village = found.divisions
    assert (community.division, community.areas, village.areas) == ("community", 2, 1)
    third = areas[TOWERS].levels[3]
    assert community.levels[3].grids == 40 + third.grids
    assert community.levels[3].sizes == tuple(sorted([16] * 40 + list(third.sizes)))
    assert community.levels[1].households == 640 + 432
    assert (village.levels[2].minimum, village.levels[2].maximum, village.levels[2].median) == (10, 20, 15.0)


def test_the_numbers_are_those_of_the_published_view(town):
    found = overview(town, TOWN)
    with town.transaction() as tx:
        rows = tx.execute(
            sa.text(
                "SELECT area_code, level, count(*), sum(households), sum(registered),"
                " count(*) FILTER (WHERE kind = 'dedicated') FROM published.grids GROUP BY 1, 2"
            )
        ).all()
    counted = {(a.code, v.level): (v.grids, v.households, v.registered, v.dedicated)
               for a in found.areas for v in a.levels}  # fmt: skip
    assert counted == {(r[0], r[1]): tuple(int(n) for n in r[2:]) for r in rows}


def test_another_policy_has_other_bands(town):
    bands = LINGQUAN.bands | {"community": (Band(300, 500, 400), Band(50, 79, 70), Band(10, 20, 17))}
    found = by_code(overview(town, TOWN, policy=replace(LINGQUAN, bands=bands)))[COMMUNITY]
    assert (found.levels[2].in_band, found.levels[2].banded, found.levels[2].reasons) == (0, 8, {"": 8})


def test_targets_are_what_is_wanted_only_where_every_basic_grid_has_some(town):
    assert {v.wanted for d in overview(town, TOWN).divisions for v in d.levels} == {None}
    planning.propose(town, VILLAGE, who="li", targets={"village": (3, 6)}, publish=True)
    planning.propose(town, COMMUNITY, who="li", targets={"community": (2, 8, 40)}, publish=True)
    found = overview(town, TOWN)
    assert [v.wanted for v in by_code(found)[COMMUNITY].levels] == [None, 2, 8, 40]
    community, village = found.divisions
    assert [v.wanted for v in village.levels] == [None, 3, 6]
    assert [v.wanted for v in community.levels] == [None] * 4, "nothing was asked for of the towers"


def test_posts_are_held_by_whom_they_name(town):
    held = [("张三", "网格长", COMMUNITY), ("李四", "网格员", f"{COMMUNITY}001")]
    rows = [*held, (None, "网格员", f"{COMMUNITY}002")]
    staffing.import_staff(town, pd.DataFrame(rows, columns=["holder", "post", "code"]), who="li")
    found = by_code(overview(town, TOWN))
    assert [(v.held, v.posts) for v in found[COMMUNITY].levels] == [(1, 1), (1, 2), (0, 8), (0, 40)]
    assert [v.post_zh for v in found[VILLAGE].levels] == ["网格长", "网格员", "网格联络员"]


@pytest.fixture
def busy(town):
    """Cases in the community and one afar; hazard points: one there, one struck off, one afar."""
    states = ["archived", "archived", "dispatched", "void", "registered"]
    cases = register(
        [(str(n), x, 1_000) for n, x in enumerate((1_000, 9_000, 17_000, 25_000, -90_000), start=1)],
        category=["fire"] * 5, description=["x"] * 5, state=states,
        reported_at=[NOW - 9 * DAY] * 5, due_at=[NOW - DAY] * 4 + [NOW + DAY],
        closed_at=[NOW - 2 * DAY, NOW, None, NOW, None],
    )  # fmt: skip
    casework.import_cases(town, cases, town=TOWN)
    points = register(
        [("a", 1_000, 1_000), ("b", 2_000, 1_000), ("c", -90_000, 0)], kind=["landslide"] * 3,
        state=["registered", "struck_off", "registered"], households=[7, 9, 5],
        struck_off_why=[None, "治理完成", None],
    )  # fmt: skip
    watch.import_hazards(town, points, town=TOWN)
    return town


def test_cases_and_hazard_points_are_counted_where_they_lie(busy):
    found = overview(busy, TOWN)
    duty = by_code(found)[COMMUNITY].duty
    assert (duty.cases_open, duty.cases_closed, duty.cases_due, duty.cases_on_time) == (1, 3, 3, 1)
    assert (duty.hazards, duty.threatened) == (1, 7)
    assert found.divisions[0].duty == duty
    assert (found.duty.cases_open, found.duty.hazards, found.duty.threatened) == (2, 2, 12), "afar ones too"
    assert by_code(found)[VILLAGE].duty.cases_open == 0


def test_one_basic_grid_alone(busy):
    found = overview(busy, COMMUNITY)
    assert [a.code for a in found.areas] == [COMMUNITY]
    assert found.duty == found.areas[0].duty
    assert found.outlines["code"].tolist() == [COMMUNITY]


def test_what_is_not_published_has_no_levels(store, tmp_path):
    planning.import_place(store, drawn.drawn(drawn.community()).write(tmp_path))
    found = overview(store)
    assert found.code == TOWN
    assert found.areas[0].levels == ()
    assert found.areas[0].finest is None
    assert found.outlines["code"].tolist() == [COMMUNITY]


def test_nothing_at_all(store):
    with pytest.raises(NotFound) as caught:
        overview(store)
    assert caught.value.code == "nothing_here"
