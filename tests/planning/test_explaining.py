"""What borders follow: the four bounds of published grids, and the borders of a plan piece by piece."""

import geopandas as gpd
import pytest

from api.geojson import feature_collection
from spatial import lookup, planning
from spatial.errors import NotFound
from spatial.planning.explaining import called_by_neighbours
from spatial.plans.describe import SIDES
from tests.planning import drawn


def bounds(published, code):
    found = lookup.grids(published.store, area=code)
    return dict(zip(found["short"], found["bounds"], strict=True))


def test_every_published_grid_has_its_bounds_in_both_languages(published):
    found = lookup.grids(published.store, area=drawn.TOWN)
    for said in found["bounds"]:
        assert set(said["zh"]) == set(said["en"]) == set(SIDES)
        assert said["text_zh"]
        assert said["text_en"]


def test_bounds_name_river_streets_and_the_neighbour(published):
    found = bounds(published, drawn.COMMUNITY)
    assert found["1"]["zh"] == {"east": "屈产河", "west": "镇界", "south": "镇界", "north": "镇界"}
    assert found["2"]["en"]["west"] == "屈产河"
    assert found["2"]["text_zh"].startswith("东至镇界，西至屈产河，南至")
    streets = {said["zh"][side] for short, said in found.items() if short.count("-") == 1 for side in SIDES}
    assert {"横街", "纵街0", "纵街1", "屈产河"} <= streets
    neighbours = {
        said["zh"][side] for short, said in found.items() if short.count("-") == 2 for side in SIDES
    }
    assert any(name.endswith("网格") for name in neighbours)


def test_village_groups_are_bounded_by_gullies_and_floors_by_their_building(published):
    gullies = {said["zh"][side] for said in bounds(published, drawn.VILLAGE).values() for side in SIDES}
    assert {"沟30000", "沟60000"} <= gullies
    texts = [
        said["text_zh"] for short, said in bounds(published, drawn.TOWERS).items() if short.count("-") == 2
    ]
    assert all(text.startswith("塔") and "单元" in text and text.endswith("层") for text in texts)


def test_the_exported_file_says_the_bounds(published):
    file = gpd.read_file(published.grids, layer="grids").set_index("code")
    row = file.loc[f"{drawn.COMMUNITY}001"]
    assert "东至屈产河" in row["bounds_zh"]
    assert "East: 屈产河" in row["bounds_en"]


def test_borders_of_a_plan_say_what_they_follow_or_that_there_is_nothing(drafted):
    found = planning.plan_borders(drafted.store, drafted.plans[drawn.COMMUNITY], level=1)
    assert found.crs.to_epsg() == 4326
    inner = found[found["level"] == 1]
    assert inner[["feature", "class", "zh", "en", "metres"]].to_numpy().tolist() == [
        ["屈产河", "river", "屈产河", "屈产河", 100.0]
    ]
    assert inner["names_zh"].tolist() == [["第1网格", "第2网格"]]
    assert {tuple(names)[1] for names in found[found["level"] == 0]["names_en"]} == {"town border"}
    leaves = planning.plan_borders(drafted.store, drafted.plans[drawn.COMMUNITY])
    silent = leaves[leaves["class"].isna() & (leaves["level"] > 0)]
    assert set(silent["zh"]) == {"此处无地物"}
    assert set(silent["en"]) == {"no feature here"}
    assert silent["feature"].isna().all()


def test_borders_of_one_grid_are_its_own_of_all(drafted):
    store, plan = drafted.store, drafted.plans[drawn.COMMUNITY]
    every = planning.plan_borders(store, plan)
    for node in sorted({pair[0] for pair in every["between"]}):
        own = planning.plan_borders(store, plan, node=node)
        wanted = every[[node in pair for pair in every["between"]]]
        assert feature_collection(own) == feature_collection(wanted)


def test_borders_of_no_plan_or_grid(drafted):
    with pytest.raises(NotFound, match="999"):
        planning.plan_borders(drafted.store, 999)
    with pytest.raises(NotFound) as caught:
        planning.plan_borders(drafted.store, drafted.plans[drawn.COMMUNITY], node=99_999)
    assert caught.value.code == "no_such_grid"


@pytest.mark.parametrize(
    ("short", "name", "kind", "expected"),
    [
        ("3", "马村一组", "ordinary", "马村一组"),
        ("3", "马村第3网格", "ordinary", "第3网格"),
        ("3-02", "马村3-02网格", "ordinary", "3-02网格"),
        ("6", "马村凤城小学", "dedicated", "凤城小学"),
        ("", "马村", "basic", "马村"),
    ],
)
def test_neighbours_call_a_grid_by_its_own_name_else_by_its_number(short, name, kind, expected):
    assert called_by_neighbours(short, name, kind=kind, area="马村").zh == expected
