"""Impact first: what it says before publishing is what publishing does; cases keep a trace of it."""

import geopandas as gpd
import pandas as pd
import pytest

from spatial import casework, lookup, planning, staffing, watch
from spatial.planning import publishing
from tests.planning import drawn
from tests.planning.conftest import database, nested, settle
from tests.planning.drawn import COMMUNITY, TOWERS
from tests.planning.test_stages import act, leaf_of, planning_cells


@pytest.fixture(scope="module")
def _fine(cluster, template, tmp_path_factory):
    with database(cluster, template) as store:
        sites = [drawn.community(halves=3, each=5), drawn.towers().shifted(0, 400)]
        yield settle(store, tmp_path_factory.mktemp("impact"), sites, publish=True)


@pytest.fixture
def fine(_fine):
    """A community of 60 houses and a row of towers, published; rolled back after the test."""
    yield from nested(_fine)


def again(store, area, **more):
    (made,) = planning.propose(store, area, who="li", **more)
    return made.plan_id


def finest(store, area):
    """Published leaves of a basic grid by code, EPSG:4326."""
    found = lookup.grids(store, area=area)
    return found[~found["code"].isin(set(found["parent"].dropna()))].set_index("code")


def register(store, area):
    """A case and a hazard point in every finest grid in force, and in each a case that is closed."""
    spots = finest(store, area).geometry.representative_point()
    rows = gpd.GeoDataFrame(
        {"number": [f"N{code}" for code in spots.index], "category": "消防", "kind": "滑坡"},
        geometry=spots.to_numpy(), crs=4326,
    )  # fmt: skip
    closed = rows.assign(number="C" + rows["number"], state="已归档")
    casework.import_cases(store, gpd.GeoDataFrame(pd.concat([rows, closed])))
    watch.import_hazards(store, rows)


def pairs(changes):
    return {one.number: (one.old.code, one.new.code) for one in changes}


def test_what_is_told_first_is_what_publishing_does(fine, today):
    store = fine.store
    register(store, COMMUNITY)
    staff = pd.DataFrame({"code": finest(store, COMMUNITY).index, "post": "网格联络员", "holder": "张三"})
    staffing.import_staff(store, staff)
    plan = again(store, COMMUNITY, targets={"community": (1, 4, 16)})
    told = planning.impact(store, plan)
    before = finest(store, COMMUNITY)
    before_cases = casework.list_cases(store, limit=1000).set_index("number")["grid"]
    before_hazards = watch.list_hazards(store, limit=1000).set_index("number")["grid"]
    (edition,) = planning.publish(store, [plan], valid_from=today, who="wang", accept="proved")
    after = finest(store, COMMUNITY)

    walk = {(r["old"], r["new"]): r["households"] for r in planning.crosswalk(store, edition.id)}
    assert {(g.old.code, g.new.code): g.households for g in told.grids} == {
        pair: n for pair, n in walk.items() if pair[0] != pair[1]
    }
    for level, digits in ((1, 15), (2, 17), (3, 19)):
        moved = sum(n for (a, b), n in walk.items() if a != b and len(b) == digits)
        assert told.moved[level] == moved
    assert told.moved[3] == sum(b.households for b in told.buildings) > 0
    assert told.households == 300
    codes = set(lookup.grids(store, area=COMMUNITY)["code"])
    assert {ref.code for ref in told.added} == {g.new.code for g in told.grids if g.new.code in codes} - (
        codes - {ref.code for ref in told.added}
    )
    assert {ref.code for ref in told.retired}.isdisjoint(codes)
    assert {p.old.code for p in told.posts if p.old} == set(before.index) - set(after.index)
    assert all(p.new is None or p.new.code in codes for p in told.posts)
    names = lookup.grids(store, area=COMMUNITY).set_index("code")["name"]
    assert all(g.new.name == names[g.new.code] for g in told.grids)
    assert "张三" not in repr(told)

    cases = casework.list_cases(store, limit=1000).set_index("number")
    for points, was, now in (
        (told.cases, before_cases, cases["grid"]),
        (told.hazards, before_hazards, watch.list_hazards(store, limit=1000).set_index("number")["grid"]),
    ):
        assert pairs(points) == {n: (was[n], now[n]) for n in was.index if was[n] != now[n]}
        assert points
    for number, (old, new) in pairs(told.cases).items():
        last = casework.case(store, int(cases.loc[number, "id"])).events[-1]
        assert (last.kind, last.who, last.state, last.note) == (
            "regrid", "wang", "registered", f"{old} → {new}"
        )  # fmt: skip
    kept = next(n for n in before_cases.index if n.startswith("N") and n not in pairs(told.cases))
    assert [e.kind for e in casework.case(store, int(cases.loc[kept, "id"])).events] == ["register", "import"]


def test_floors_of_a_tower_go_by_stairwell_and_floor(fine, today):
    store = fine.store
    tower = lookup.grids(store, area=TOWERS, level=3).iloc[0].geometry.representative_point()
    given = [("1", 2), ("1", 17), ("2", 9), (None, 3), (None, None), ("9", 3)]
    for stairwell, floor in given:
        casework.register(
            store, "fire", tower.x, tower.y, "wgs84", "x", "li", stairwell=stairwell, floor=floor
        )
    plan = planning.copy_plan(store, fine.plans[TOWERS], name="x", who="li")
    cells = planning.plan_cells(store, plan)
    runs = cells[(cells["bid"] == "塔1") & (cells["stairwell"] == "1")].sort_values("floor_low")
    low, high = int(runs["node_id"].iloc[0]), int(runs["node_id"].iloc[-1])
    act(store, plan, kind="assign", cells=runs.loc[runs["node_id"] == low, "cell"].tolist()[:1], to=high)
    told = planning.impact(store, plan)
    before = casework.list_cases(store, limit=1000).set_index("number")["grid"]
    with store.transaction() as tx:  # published as it is: only the codes and cases are looked at
        found = publishing._load(tx, plan, publishing.LINGQUAN)
        new = publishing._edition(tx, found, today)
        publishing.editions.publish(tx, drawn.TOWN, [new], valid_from=today, who="li")
        publishing.cases.regrid(tx, drawn.TOWN, who="li")
    after = casework.list_cases(store, limit=1000).set_index("number")["grid"]
    assert pairs(told.cases) == {n: (before[n], after[n]) for n in before.index if before[n] != after[n]}
    assert told.cases
    (part,) = told.buildings
    assert (part.bid, part.stairwell, part.floors) == ("塔1", "1", ((1, 1),))


def test_a_first_edition_changes_no_code_and_the_same_plan_changes_nothing(drafted, published):
    first = planning.impact(drafted.store, drafted.plans[COMMUNITY])
    assert (first.edition, first.moved, first.buildings, first.retired, first.kept) == (None, {}, [], [], 0)
    assert len(first.added) == 50
    same = planning.impact(published.store, again(published.store, COMMUNITY))
    assert (same.kept, same.added, same.retired) == (50, [], [])
    assert set(same.moved.values()) == {0}
    assert not any((same.grids, same.buildings, same.cases, same.hazards, same.posts))


def test_a_house_given_away_is_the_only_building_that_changes(published):
    store = published.store
    plan = again(store, COMMUNITY)
    two = leaf_of(store, plan, "001-001")
    act(store, plan, kind="assign", cells=planning_cells(store, plan, "001-000"), to=two.id)
    told = planning.impact(store, plan)
    (house,) = told.buildings
    # both houses hold as many: the grid of both keeps the lower code, which is the other house's
    assert (house.bid, house.households, house.node, house.level) == ("001-001", 16, two.id, 3)
    assert (told.retired, told.kept, told.added) == ([house.old], 49, [])
    assert told.moved == {1: 0, 2: 0, 3: 16}
