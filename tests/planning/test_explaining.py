"""What borders follow: the four bounds of published grids, and the borders of a plan piece by piece."""

import geopandas as gpd

from spatial import lookup
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
