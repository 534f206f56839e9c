"""What a request asks of a proposal reaches the use case as it was meant; the rest is unreadable."""

import pytest

from spatial.planning.wishes import Wishes
from spatial.policy import Weights
from tests.api.conftest import ASKED, key

AREA = "141126100001"
LINE = {"type": "LineString", "coordinates": [[110.84, 37.0], [110.85, 37.0]]}
SQUARE = {"type": "Polygon", "coordinates": [[[110, 37], [111, 37], [111, 38], [110, 37]]]}


def post(client, path="/v1/plans", **body):
    ASKED.clear()
    return client.post(path, json={"area": AREA, **body}, headers=key("planner"))


def test_weights_locks_and_part_reach_the_use_case(client):
    answer = post(
        client, weights={"features": 1.5}, base_plan=4, cells=[3, 4], within=SQUARE,
        locks={"apart": [[1, 2]], "together": [[3, 4]], "borders": [LINE]}, mode="best", limit_s=30,
    )  # fmt: skip
    assert answer.status_code == 201
    (((area,), named),) = ASKED
    assert (area, named["targets"], named["staff"]) == (AREA, None, None)
    wishes = named["wishes"]
    assert wishes.weights == Weights(features=1.5)
    assert (wishes.mode, wishes.limit_s) == ("best", 30.0)
    assert (wishes.base_plan, wishes.cells) == (4, frozenset({3, 4}))
    assert (wishes.apart, wishes.together) == (((1, 2),), ((3, 4),))
    assert wishes.borders[0]["type"] == "LineString"
    assert wishes.within["coordinates"][0][1] == [111.0, 37.0]


def test_without_wishes_nothing_is_asked(client):
    post(client, targets={"community": [4, None, 60]}, staff={"liaison": 55})
    ((_, named),) = ASKED
    assert named["wishes"] == Wishes()
    assert named["targets"] == {"community": (4, None, 60)}
    assert named["staff"] == {"liaison": 55}


@pytest.mark.parametrize(
    "body",
    [
        {"weights": {"beauty": 1}}, {"weights": {"shape": 11}}, {"weights": {"shape": -1}},
        {"staff": {"liaison": 0}},
        {"locks": {"apart": [[1, 2, 3]]}}, {"cells": [-1]}, {"base_plan": 0}, {"alternatives": 3},
        {"targets": {"community": [0]}}, {"within": LINE}, {"mode": "slow"}, {"limit_s": 0},
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_unreadable(client, body):
    answer = post(client, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")
    assert ASKED == []


def test_a_part_without_a_plan_is_refused_by_name(client):
    answer = post(client, cells=[1])
    assert (answer.status_code, answer.json()["code"]) == (400, "part_without_plan")


def test_alternatives_and_comparison(client):
    answer = post(client, "/v1/plans/alternatives", count=2)
    assert answer.status_code == 201
    assert [one["style"] for one in answer.json()["alternatives"]] == ["compact"]
    assert ASKED[0][1]["count"] == 2
    assert post(client, "/v1/plans/alternatives", count=6).status_code == 422
    found = client.get("/v1/comparison", params={"plans": "1,2"}, headers=key("reader")).json()
    assert [card["plan"] for card in found["plans"]] == [1, 2]
    assert found["differences"] == [{"one": 0, "other": 1, "moved": [0.25]}]
    assert client.get("/v1/comparison", params={"plans": "a"}, headers=key("reader")).status_code == 400


def test_the_page_of_alternatives_gets_one_table(client):
    for lang, word in (("zh", "网格数"), ("en", "grids")):
        page = client.get(
            "/maps/alternatives", params={"plans": "1,2", "lang": lang}, headers=key("reader")
        ).text
        assert word in page
        assert "['8', '8']" in page
