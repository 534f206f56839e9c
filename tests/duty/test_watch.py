"""Hazard points on a published town: taken in, listed, joined to what lies in their danger areas."""

import datetime as dt

import geopandas as gpd
import pytest
import shapely

from spatial import lookup, townmap, watch
from spatial.errors import BadParameter, NotFound, Refused
from tests.duty.registers import degrees, register
from tests.places import lonlat
from tests.planning.drawn import COMMUNITY, TOWERS, TOWN, VILLAGE

HOUSE = (1_300, 1_200)
SLIDE = shapely.box(500, 500, 4_500, 2_500)
"""Danger area over two of the five houses of the community's south-western block, and half over a third."""


def hazards(**more):
    rows = [("D1", *HOUSE), ("D2", 5_000, 32_000), ("D3", 52_000, 2_000)]
    given = {
        "kind": ["滑坡", "窑洞垮塌", "不稳定斜坡"], "name": ["后坡", None, "塔后"],
        "households": [5, 3, None],
        "people": [12, 120, None], "property_wan": [30.0, None, None], "grade": ["小型", "小型", None],
        "frail": ["是", "无", None], "found_on": ["2026-04-01", "2025-07-01", None],
        "danger_area": [*lonlat([SLIDE]), None, None],
        "responsible": [{"name": "张三", "post": "组长", "phone": "13812341234"}, None, None],
        "monitors": [[{"name": "李四", "phone": "13900001111"}], None, None], **more,
    }  # fmt: skip
    return register(rows, **given)


@pytest.fixture
def watched(town):
    watch.import_hazards(town, hazards())
    return town


def test_a_register_is_taken_in_and_brought_up_to_date(town):
    done = watch.import_hazards(town, hazards(), who="li", source_sha="s1")
    assert (done.new, done.updated) == (3, 0)
    assert {(r.row, r.code) for r in done.report} == {(2, "grade_differs")}
    house = lookup.locate(town, *degrees(*HOUSE), "wgs84").matches[0]
    found = watch.list_hazards(town).set_index("number")
    assert found["kind"].tolist() == ["landslide", "collapse", "unstable_slope"]
    assert found["grade"].tolist() == ["IV", "IV", None]
    assert found["area_code"].tolist() == [COMMUNITY, VILLAGE, TOWERS]
    assert found.loc["D1", "grid"] == house.chain[-1].code
    assert found.loc["D1", "found_on"] == dt.date(2026, 4, 1)
    assert found["frail"].tolist() == [True, False, None]
    assert found.loc["D1", "responsible"]["phone"] == "13812341234"
    assert found.loc["D1", "monitors"] == [{"name": "李四", "phone": "13900001111"}]
    assert shapely.equals(found.loc["D1", "danger_area"], lonlat([SLIDE])[0])
    assert found.loc["D2", "danger_area"] is None
    changed = hazards(households=[9, 3, None], danger_area=[None, None, None])
    again = watch.import_hazards(town, changed, source_sha="s2")
    assert (again.new, again.updated) == (0, 3)
    found = watch.list_hazards(town).set_index("number")
    assert found.loc["D1", "households"] == 9
    assert shapely.equals(found.loc["D1", "danger_area"], lonlat([SLIDE])[0]), "a register without areas"
    watch.import_hazards(town, hazards(danger_area=[None, lonlat([SLIDE])[0], None]), source_sha="s3")
    found = watch.list_hazards(town).set_index("number")
    assert found.loc["D1", "danger_area"] is None
    assert found.loc["D2", "danger_area"] is not None


def test_a_point_that_is_known_coarsely_says_that_its_grid_is_not_certain(town):
    done = watch.import_hazards(town, hazards(grade=None, accuracy_m=[50.0, 5_000.0, None]))
    assert [(r.row, r.code) for r in done.report] == [(2, "position_coarse")]
    assert "5000 m" in done.report[0].en


def test_what_is_odd_in_a_register_is_named(town):
    bow = shapely.Polygon([(0, 0), (4_000, 4_000), (4_000, 0), (0, 4_000)])
    line = shapely.LineString([(0, 0), (1_000, 1_000)])
    areas = list(lonlat([bow, line, SLIDE]))
    given = hazards(kind=["洪水", "滑坡", None], state=["在册", "?", None], danger_area=areas)
    given = given.to_crs(4546)
    given["danger_area"] = list(gpd.GeoSeries(given["danger_area"], crs=4326).to_crs(4546))
    given.loc[2, "geometry"] = None
    done = watch.import_hazards(town, given)
    assert {(r.row, r.code) for r in done.report} == {
        (1, "unknown_category"), (2, "unknown_state"), (2, "grade_differs"), (1, "area_repaired"),
        (2, "area_no_polygon"), (3, "no_point"),
    }  # fmt: skip
    found = watch.list_hazards(town).set_index("number")
    assert found.loc["D1", "kind"] == "other"
    assert found.loc["D1", "danger_area"].is_valid
    half = shapely.area(lonlat([shapely.make_valid(bow)]))[0]
    assert found.loc["D1", "danger_area"].area == pytest.approx(half, rel=1e-6)
    assert found.loc["D2", "danger_area"] is None


def test_a_drawn_area_lists_its_grids_buildings_and_households(watched):
    threat = watch.join(watched, area=COMMUNITY).hazards[0]
    assert threat.drawn
    assert threat.bids == ("001-000", "001-001")
    assert (threat.buildings, threat.households, threat.registered) == (2, 32, 32)
    inside = [g for g in threat.grids if g.buildings]
    assert [(g.buildings, g.households) for g in inside] == [(1, 16), (1, 16)]
    leaves = lookup.grids(watched, level=3, area=COMMUNITY)
    area = lonlat([SLIDE])[0]
    overlap = leaves[[shapely.relate(area, g)[0] == "2" for g in leaves.geometry]]
    assert [g.code for g in threat.grids] == overlap["code"].tolist()
    assert (threat.register_households, threat.register_people) == (5, 12)


def test_where_no_area_is_drawn_none_is_made_up(watched):
    threat = watch.join(watched, area=VILLAGE).hazards[0]
    assert (threat.drawn, threat.grids, threat.bids) == (False, (), ())
    assert (threat.buildings, threat.households, threat.registered) == (None, None, None)
    assert (threat.register_households, threat.register_people) == (3, 120)
    assert threat.grid.startswith(VILLAGE)
    assert watch.join(watched, area=TOWERS).hazards[0].register_households is None


def test_an_area_over_towers_counts_each_floor_s_households_in_its_own_grid(town):
    whole = shapely.box(50_000 + 1_000, 1_000, 50_000 + 5_000, 3_500)
    watch.import_hazards(town, hazards(danger_area=[None, None, *lonlat([whole])]))
    threat = watch.join(town, area=TOWERS).hazards[0]
    assert threat.bids == ("塔1",)
    assert threat.households == sum(g.households for g in threat.grids) == 144
    per_grid = lookup.grids(town, level=3, area=TOWERS).set_index("code")["households"]
    assert all(g.households == per_grid[g.code] for g in threat.grids if g.buildings)


def test_an_area_that_only_touches_threatens_nobody(town):
    beside = shapely.box(-1_000, 500, 600, 1_800)  # ends where the first house begins
    watch.import_hazards(town, hazards(danger_area=[*lonlat([beside]), None, None]))
    threat = watch.join(town, area=COMMUNITY).hazards[0]
    assert (threat.drawn, threat.buildings, threat.households) == (True, 0, 0)
    assert len(threat.grids) == 1


def test_hazards_by_box_day_type_area_grid_and_page(watched):
    def numbers(**asked):
        return watch.list_hazards(watched, **asked)["number"].tolist()

    assert numbers() == ["D1", "D2", "D3"]
    assert numbers(category="滑坡") == ["D1"]
    assert numbers(area=TOWN) == ["D1", "D2", "D3"]
    assert numbers(area=VILLAGE) == ["D2"]
    assert numbers(grid=f"{COMMUNITY}0") == ["D1"]
    assert numbers(since=dt.date(2025, 7, 1), until=dt.date(2026, 4, 1)) == ["D2"]
    assert numbers(bbox=(*degrees(0, 0), *degrees(8_000, 5_000))) == ["D1"]
    assert numbers(state="struck_off") == []
    assert numbers(grade="IV") == ["D1", "D2"]
    page = watch.list_hazards(watched, limit=2)
    assert page["number"].tolist() == ["D1", "D2"]
    assert numbers(limit=2, after=page.attrs["next"]) == ["D3"]
    assert watch.list_hazards(watched, limit=3).attrs["next"] is None
    for asked in ({"category": "洪水"}, {"after": "x"}, {"limit": 0}):
        with pytest.raises(BadParameter):
            numbers(**asked)


def test_the_life_of_a_point(watched):
    hazard = int(watch.list_hazards(watched)["id"].iloc[0])
    watch.move_on(watched, hazard, "treatment")
    with pytest.raises(BadParameter):
        watch.move_on(watched, hazard, "struck_off")
    watch.move_on(watched, hazard, "struck_off", why="已治理")
    row = watch.list_hazards(watched, state="struck_off").iloc[0]
    assert (row["struck_off_why"], row["number"]) == ("已治理", "D1")
    assert row["struck_off_on"] is not None
    with pytest.raises(Refused):
        watch.move_on(watched, hazard, "treatment")
    watch.move_on(watched, hazard, "registered")
    assert watch.list_hazards(watched)["struck_off_on"].isna().all()
    with pytest.raises(NotFound):
        watch.move_on(watched, 10**9, "registered")


def test_a_map_counts_the_households_inside_a_danger_area_as_the_join_does(watched):
    joined = watch.join(watched, area=COMMUNITY).hazards[0]
    threats = townmap.town_duty(watched, COMMUNITY)["threats"]
    assert dict(zip(threats["code"], threats["households"], strict=True)) == {
        grid.code: grid.households for grid in joined.grids
    }


def test_persons_of_a_hazard_point_are_masked_on_a_map_unless_asked_for(watched):
    masked = townmap.town_duty(watched, TOWN)["hazards"].set_index("number")
    assert masked.loc["D1", "responsible"] == {"name": "张*", "post": "组长", "phone": "138****1234"}
    assert masked.loc["D1", "monitors"] == [{"name": "李*", "phone": "139****1111"}]
    assert masked.loc["D2", "responsible"] is None
    whole = townmap.town_duty(watched, TOWN, shown="all")["hazards"].set_index("number")
    assert whole.loc["D1", "responsible"]["name"] == "张三"
