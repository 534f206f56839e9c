"""Publishing, looking up what is published, and who may."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from spatial.errors import NotFound, Refused
from spatial.store import editions, keys, places, plans
from spatial.store.editions import NewEdition
from spatial.store.locate import locate
from tests.places import CODE, LATTICE, TOWN, VILLAGE
from tests.store.community import save_area, save_plan

DAY = dt.timedelta(days=1)
WEST, EAST = shapely.box(110.0, 37.0, 110.1, 37.1), shapely.box(110.1, 37.0, 110.2, 37.1)
BOTH = shapely.MultiPolygon([shapely.union_all([WEST, EAST])])
FLAT = shapely.box(110.12, 37.02, 110.14, 37.04)

BOUNDS = {
    "zh": {"east": "凤城路"},
    "en": {"east": "凤城路"},
    "text_zh": "东至凤城路",
    "text_en": "East: 凤城路",
}
PROOF = {"households": 60, "grids": 1, "minimum": 10, "maximum": 20}


def make_grids(area=CODE, *, names=("甲", "乙", "丙")):
    rows = [
        (area, "", None, 0, "basic", "凤城社区", 90, 99, None, None, None, None, 0, None, False, None, BOTH),
        (f"{area}001", "1", area, 1, "ordinary", names[0], 30, 33, None, None, None, None, 1, BOUNDS,
         True, None, WEST),
        (f"{area}002", "2", area, 1, "ordinary", names[1], 60, 66, None, None, None, "no_k", 2, None,
         False, PROOF, EAST),
        (
            f"{area}00201", "2-01", f"{area}002", 2, "ordinary", names[2], 30, 33, "1", 1, 3, None, 3, None,
            False, None, EAST,
        ),
        (f"{area}00202", "2-02", f"{area}002", 2, "ordinary", "丁", 30, 33, "1", 4, 9, None, 4, None,
         False, None, FLAT),
    ]  # fmt: skip
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(editions.GRID_COLUMNS)), geometry="geometry", crs=4326
    )


def publish(tx, valid_from, who="li", **more):
    new = NewEdition(CODE, None, make_grids(**more.pop("make", {})), **more)
    return editions.publish(tx, TOWN, [new], valid_from=valid_from, who=who)


@pytest.fixture
def day(tx):
    save_area(tx)
    return editions.today(tx)


def spans(tx):
    return [(row.valid_from, row.valid_to) for row in reversed(editions.list_editions(tx, CODE))]


def test_published_grids_are_what_went_in(tx, day):
    assert editions.release_of(tx, TOWN) == 0
    release, (edition_id,) = publish(tx, day)
    assert release == editions.release_of(tx, CODE) == 1
    found = editions.grids(tx, area=CODE)
    assert found.crs.to_epsg() == 4326
    assert found["code"].tolist() == [CODE, f"{CODE}001", f"{CODE}002", f"{CODE}00201", f"{CODE}00202"]
    assert found["floors"].tolist() == [None, None, None, "[1,4)", "[4,10)"]
    assert found["bounds"].tolist() == [None, BOUNDS, None, None, None]
    assert found["locked"].tolist() == [False, True, False, False, False]
    assert found["proof"].tolist() == [None, None, PROOF, None, None]
    said = tx.execute(sa.text("SELECT bounds_zh, bounds_en FROM published.grids WHERE bounds_zh IS NOT NULL"))
    assert said.all() == [("东至凤城路", "East: 凤城路")]
    assert found["leaf"].tolist() == [False, True, False, True, True]
    assert found["parent"].tolist()[:2] == [None, CODE]
    assert found["households"].dtype == "int64"
    assert set(found["valid_from"]) == {day}
    assert set(found.geom_type) == {"MultiPolygon"}
    assert shapely.equals(found.geometry.iloc[3], EAST)
    row = editions.get(tx, edition_id)
    assert (row.area_code, row.area_name, row.release, row.valid_to) == (CODE, "凤城社区", 1, None)
    assert editions.in_force(tx, CODE) == row
    assert editions.in_force(tx, CODE, day - DAY) is None


def test_grids_by_level_code_box_town_and_edition(tx, day):
    _, (edition_id,) = publish(tx, day)
    assert len(editions.grids(tx, area=TOWN)) == 5
    assert editions.grids(tx, level=2)["short"].tolist() == ["2-01", "2-02"]
    assert editions.grids(tx, code=f"{CODE}001")["name"].tolist() == ["甲"]
    assert editions.grids(tx, level=1, bbox=(110.15, 37.0, 110.16, 37.01))["short"].tolist() == ["2"]
    assert len(editions.grids(tx, edition_id=edition_id)) == 5
    empty = editions.grids(tx, at=day - DAY)
    assert empty.empty
    assert list(empty.columns) == list(editions.grids(tx).columns)


def test_the_next_edition_ends_the_one_in_force(tx, day):
    publish(tx, day - 9 * DAY)
    publish(tx, day + 3 * DAY)
    assert spans(tx) == [(day - 9 * DAY, day + 3 * DAY), (day + 3 * DAY, None)]
    publish(tx, day + 2 * DAY)  # what has not begun gives way
    assert spans(tx) == [(day - 9 * DAY, day + 2 * DAY), (day + 2 * DAY, None)]
    assert editions.last_edition(tx, CODE, day + 2 * DAY).valid_from == day - 9 * DAY
    assert editions.last_edition(tx, CODE, day + 3 * DAY).valid_from == day + 2 * DAY
    publish(tx, day)
    assert spans(tx) == [(day - 9 * DAY, day), (day, None)]


def test_publishing_twice_on_one_day(tx, day):
    publish(tx, day)
    _, (second,) = publish(tx, day, make={"names": ("戊", "己", "庚")})
    assert spans(tx) == [(day, day), (day, None)]
    assert editions.in_force(tx, CODE).id == second
    assert editions.last_edition(tx, CODE, day).id == second
    assert "戊" in set(editions.grids(tx)["name"])
    history = tx.execute(sa.text("SELECT count(*) FROM published.grid_history")).scalar_one()
    assert history == 5


def test_none_begins_before_the_one_in_force(tx, day):
    publish(tx, day)
    with pytest.raises(Refused) as caught:
        publish(tx, day - DAY)
    assert caught.value.code == "begins_too_early"
    assert caught.value.data == {"earliest": str(day)}


def test_a_future_edition_may_be_withdrawn(tx, day):
    _, (first,) = publish(tx, day)
    _, (second,) = publish(tx, day + DAY, retired=[f"{CODE}003"])
    assert f"{CODE}003" in editions.used_codes(tx, CODE)
    assert editions.withdraw(tx, second, "li") == 3
    assert spans(tx) == [(day, None)]
    assert f"{CODE}003" not in editions.used_codes(tx, CODE)
    with pytest.raises(Refused) as caught:
        editions.withdraw(tx, first, "li")
    assert caught.value.code == "edition_began"


def test_codes_and_crosswalk_are_kept(tx, day):
    publish(tx, day - DAY)
    walk = pd.DataFrame(
        {
            "old": [f"{CODE}001"] * 2,
            "new": [f"{CODE}001", f"{CODE}004"],
            "households": [20, 10],
            "m2": [1.5, 2.5],
        }
    )
    _, (edition_id,) = publish(tx, day, retired=[f"{CODE}009", f"{CODE}009"], crosswalk=walk)
    pd.testing.assert_frame_equal(editions.crosswalk(tx, edition_id), walk, check_dtype=False)
    assert {f"{CODE}009", f"{CODE}001"} <= editions.used_codes(tx, CODE)
    with pytest.raises(NotFound):
        editions.crosswalk(tx, 10**9)


def test_a_plan_knows_that_it_is_published(tx):
    plan_id, _ = save_plan(tx)
    new = NewEdition(CODE, plan_id, make_grids())
    _, (edition_id,) = editions.publish(tx, TOWN, [new], valid_from=editions.today(tx), who="li")
    assert plans.get(tx, plan_id).edition_id == edition_id


def test_nothing_of_a_release_stays_when_one_of_it_is_refused(store):
    with store.transaction() as tx:
        save_area(tx)
        places.save_basic(tx, VILLAGE, name="上庄村", division="village", parent=TOWN)
        publish(tx, editions.today(tx))
    new = [NewEdition(code, None, make_grids(code)) for code in (VILLAGE, CODE)]
    with pytest.raises(Refused), store.transaction() as tx:
        editions.publish(tx, TOWN, new, valid_from=editions.today(tx) - DAY, who="li")
    with store.transaction() as tx:
        assert {row.area_code for row in editions.list_editions(tx)} == {CODE}
        assert editions.next_release(tx, places.town_of(tx, TOWN), "li") == 2


def test_locate_gives_the_chain_of_every_covering_leaf(tx, day):
    publish(tx, day)
    lons, lats = np.array([110.05, 110.13, 110.1, 120.0]), np.array([37.05, 37.03, 37.05, 37.0])
    found = locate(tx, lons, lats)
    assert found.groupby("i")["leaf"].unique().map(list).to_dict() == {
        0: [f"{CODE}001"],
        1: [f"{CODE}00201", f"{CODE}00202"],  # two runs of floors in one stairwell
        2: [f"{CODE}001", f"{CODE}00201"],  # on the border
    }
    chain = found[(found["i"] == 1) & (found["leaf"] == f"{CODE}00202")]
    assert chain["level"].tolist() == [0, 1, 2]
    assert chain["code"].tolist() == [CODE, f"{CODE}002", f"{CODE}00202"]
    assert chain[["floor_low", "floor_high", "stairwell"]].iloc[2].tolist() == [4, 9, "1"]
    assert locate(tx, lons, lats, day - DAY).empty
    assert locate(tx, lons[:0], lats[:0]).empty


def test_locate_is_st_covers(tx, day):
    publish(tx, day)
    rng = np.random.default_rng(3)
    lons, lats = rng.uniform(109.99, 110.21, 500), rng.uniform(36.99, 37.11, 500)
    lons[:50], lats[50:60] = 110.1, 37.0
    found = set(zip(*locate(tx, lons, lats)[["i", "leaf"]].T.values, strict=True))
    wanted = {
        (i, code)
        for i, (lon, lat) in enumerate(zip(lons, lats, strict=True))
        for code in tx.execute(
            sa.text(
                "SELECT code FROM published.grids AS g WHERE ST_Covers(geom, ST_Point(:x, :y, 4326))"
                " AND NOT EXISTS (SELECT FROM published.grids AS c WHERE c.parent = g.code)"
            ),
            {"x": lon, "y": lat},
        ).scalars()
    }
    assert found == wanted


def test_publishing_rolls_back_with_its_transaction(real_store):
    with real_store.transaction() as tx:
        save_area(tx)
    with pytest.raises(NotFound), real_store.transaction() as tx:
        keys.revoke_key(tx, len(publish(tx, editions.today(tx))))
    with real_store.transaction() as tx:
        assert editions.list_editions(tx) == []
        assert editions.grids(tx).empty


def test_api_keys(tx):
    key = keys.add_key(tx, "gis", "reader")
    assert keys.holder_of_key(tx, key) == keys.Holder("gis", "reader")
    assert keys.holder_of_key(tx, key + "x") is None
    (row,) = keys.list_keys(tx)
    kept = tx.execute(sa.text("SELECT api_key::text FROM api_key")).scalar_one()
    assert key not in kept
    keys.revoke_key(tx, row.id)
    assert keys.holder_of_key(tx, key) is None
    with pytest.raises(NotFound):
        keys.revoke_key(tx, 10**9)


def test_a_sign_in_token_works_once_and_for_a_while(tx):
    token = keys.new_token(tx, "li", "planner", dt.timedelta(minutes=5))
    assert keys.use_token(tx, token) == keys.Holder("li", "planner")
    assert keys.use_token(tx, token) is None
    assert keys.use_token(tx, keys.new_token(tx, "li", "planner", -dt.timedelta(seconds=1))) is None


def test_sessions(tx):
    session = keys.new_session(tx, "li", "planner", dt.timedelta(hours=8))
    assert keys.holder_of_session(tx, session) == keys.Holder("li", "planner")
    over = keys.new_session(tx, "li", "planner", -dt.timedelta(seconds=1))
    assert keys.holder_of_session(tx, over) is None
    keys.end_session(tx, session)
    assert keys.holder_of_session(tx, session) is None


def test_the_lattice_of_the_drawn_town_is_the_stored_one(tx, day):
    assert day
    assert places.town_of(tx, CODE).lattice == LATTICE
