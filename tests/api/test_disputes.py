# ruff: noqa: ARG001, ARG005
"""Disputed ground over HTTP: what is read, what is passed on, what is refused."""

import json
import re

import pytest

from spatial import errors, lookup, planning
from tests.api.conftest import ASKED, key


def test_disputes_are_geojson_with_neighbours_and_the_longest_border(client):
    answer = client.get("/v1/disputes?area=141126100", headers=key("reader"))
    assert answer.headers["content-type"] == "application/geo+json"
    (found,) = answer.json()["features"]
    assert found["geometry"]["type"] == "Polygon"
    assert found["properties"] == {
        "id": 4, "kind": "overlap", "codes": ["141126100001", "141126100002"],
        "names": ["凤城社区", "东街社区"], "borders_m": [30.0, 31.5], "area_m2": 12.5,
        "nearest": "141126100002",
    }  # fmt: skip


def test_no_dispute_is_an_empty_collection(client, fakes):
    fakes(planning, disputes=lambda store, area: [])
    answer = client.get("/v1/disputes?area=141126100", headers=key("reader"))
    assert answer.json() == {"type": "FeatureCollection", "features": []}


def test_one_piece_and_several_go_to_one_use_case(client):
    answer = client.post("/v1/disputes/4/assign", json={"to": "141126100001"}, headers=key("planner"))
    assert (answer.status_code, answer.json()) == (200, {"grounds": {"141126100001": 9}})
    assert ASKED[-1] == (({4: "141126100001"},), {"who": "planner-1"})
    body = {"assign": [{"id": 4, "to": "141126100001"}, {"id": 5, "to": "141126100002"}]}
    assert client.post("/v1/disputes/assign", json=body, headers=key("planner")).status_code == 200
    assert ASKED[-1] == (({4: "141126100001", 5: "141126100002"},), {"who": "planner-1"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("4/assign", {"to": "141126100"}), ("4/assign", {}), ("assign", {"assign": []}),
        ("assign", {"assign": [{"id": 0, "to": "141126100001"}]}),
    ],
)  # fmt: skip
def test_an_unreadable_payload(client, path, body):
    answer = client.post(f"/v1/disputes/{path}", json=body, headers=key("planner"))
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Refused("not_concerned", zh="不能", en="no"), 409),
        (errors.NotFound("no_such_dispute", zh="没有", en="none"), 404),
    ],
)  # fmt: skip
def test_a_refusal_is_told(client, fakes, error, status):
    def refuse(store, wanted, **k):
        raise error

    fakes(planning, assign_disputes=refuse)
    answer = client.post("/v1/disputes/4/assign", json={"to": "141126100001"}, headers=key("planner"))
    assert (answer.status_code, answer.json()["code"]) == (status, error.code)


def config(client, role):
    text = client.get("/disputes?area=141126100", headers=key(role)).text
    return json.loads(re.search(r'id="config">(.*?)</script>', text, re.DOTALL)[1])


def test_the_page_offers_to_assign_to_planners_only(client, fakes):
    fakes(lookup, is_sample=lambda store, codes: codes == ["141126100"])
    assert config(client, "planner")["mayAssign"] is True
    reader = config(client, "reader")
    assert (reader["mayAssign"], reader["sample"], reader["name"]) == (False, True, "灵泉镇")
    assert reader["townUrl"] == "/maps/town?area=141126100"
