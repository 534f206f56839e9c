"""Reasons on the wire."""

from tests.api.conftest import ASKED, key


def test_what_an_area_can_be_divided_into(client):
    answer = client.get("/v1/places/141126100001/feasible", headers=key("reader"))
    (area,) = answer.json()["areas"]
    (level,) = area["levels"]
    assert (area["area_code"], area["fits"]) == ("141126100001", False)
    assert (level["low"], level["high"], level["dedicated"]) == (2, 2, 1)
    assert level["obstacles"][0] == {
        "code": "no_k", "households": 550, "grids": 2, "deviation": 0.0833, "buildings": ["001-000"],
    }  # fmt: skip


def test_a_code_of_another_length_can_not_be_asked_for(client):
    assert client.get("/v1/places/14112/feasible", headers=key("reader")).status_code == 400


def test_nobody_asks_without_a_key(client):
    assert client.get("/v1/places/141126100001/feasible").status_code == 401


def test_the_next_best_border_of_two_grids_and_of_a_point(client):
    answer = client.get("/v1/plans/7/why-not?a=3&b=4", headers=key("reader")).json()
    assert (answer["plan"], answer["buildings"], answer["exact"]) == (7, ["001-000"], True)
    assert (answer["sides"][0]["households"], answer["sides"][0]["households_after"]) == (15, 16)
    assert answer["other"]["geometry"]["type"] == "LineString"
    client.get("/v1/plans/7/why-not?lon=110.84&lat=37.0", headers=key("reader"))
    assert [asked[-1] for asked in ASKED[-2:]] == [
        {"between": (3, 4), "at": None}, {"between": None, "at": (110.84, 37.0)},
    ]  # fmt: skip
