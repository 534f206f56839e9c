# ruff: noqa: ARG005, PLC0415, PT018, E501
"""What the routes answer when all is well."""

import dataclasses
import itertools
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from api import answers
from api import app as application
from spatial.planning import views
from tests.api.conftest import ASKED, frame, key
from tests.api.test_security import routes


def test_locate_answers_exactly_its_contract(client):
    answer = client.get("/v1/locate?lon=-105.1&lat=39.7&crs=gcj02", headers=key("reader"))
    assert answer.json() == {
        "status": "inside",
        "crs": "gcj02",
        "edition": 7,
        "matches": [
            {
                "chain": [
                    {"level": 0, "code": "141126100001", "short": "", "name": "凤城社区", "kind": "basic"}
                ]
            }
        ],
    }


def test_grids_are_geojson_with_nine_decimals(client):
    answer = client.get("/v1/grids?level=1", headers=key("reader"))
    assert answer.headers["content-type"] == "application/geo+json"
    found = answer.json()["features"]
    assert found[0]["properties"] == {
        "code": "141126100001003", "level": 1, "floors": None, "valid_from": "2026-01-01", "households": 400.0,
    }  # fmt: skip
    assert "110.123456789," in answer.text and "1104567891" not in answer.text
    ring = found[0]["geometry"]["coordinates"][0]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
    assert area > 0, "RFC 7946: the outer ring runs counter-clockwise"


def test_an_empty_collection_and_a_grid_that_is_not(client, fakes):
    from spatial import lookup

    fakes(lookup, grids=lambda store, **k: frame(0))
    assert client.get("/v1/grids", headers=key("reader")).json() == {
        "type": "FeatureCollection",
        "features": [],
    }
    answer = client.get("/v1/grids/141126100001003", headers=key("reader"))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_grid")


def test_a_move_is_passed_on_as_it_was_written(client):
    action = {"kind": "tree", "op": "rename", "node": 4, "name": "凤城社区第3网格"}
    body = {"base_rev": 4, "action": action}
    sent = body | {"client_id": "key-00001"}
    answer = client.post("/v1/plans/1/moves", json=sent, headers=key("planner"))
    assert answer.json()["rev"] == 5
    assert ASKED[-1] == ((1,), sent | {"who": "planner-1"})
    assert client.post("/v1/plans/1/moves", json=body, headers=key("planner")).status_code == 200
    assert ASKED[-1] == ((1,), body | {"client_id": None, "who": "planner-1"})


def test_publishing(client):
    body = {"valid_from": "2026-12-01", "accept": [{"node": 3, "reason": "no_k"}]}
    answer = client.post("/v1/plans/1/publish", json=body, headers=key("planner"))
    assert answer.status_code == 201
    assert answer.json()["editions"][0]["valid_from"] == "2026-12-01"
    assert ASKED[-1][1]["accept"] == body["accept"]
    assert ASKED[-1][0] == ([1],)


def test_a_page_is_not_sent_twice(client):
    first = client.get("/plan/1", headers=key("planner"))
    assert first.status_code == 200
    again = client.get("/plan/1", headers={**key("planner"), "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_one_file_export(client):
    answer = client.get("/maps/town?download=1&area=141126100001&lang=en", headers=key("reader"))
    assert answer.headers["content-disposition"] == 'attachment; filename="wangge-141126100001.html"'
    assert "'inline': True" in answer.text
    assert "'lang': 'en'" in answer.text


def test_home_leads_to_the_map(client):
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/maps/town")


def test_the_first_requests_of_a_page_come_together(app, monkeypatch):
    made, describe = [], application._described
    monkeypatch.setattr(application, "_DESCRIPTION", {})
    monkeypatch.setattr(application, "_described", lambda app: made.append(app) or describe(app))
    with ThreadPoolExecutor(8) as pool:
        described = list(pool.map(lambda _: app.openapi(), range(8)))
    assert all(one is described[0] for one in described)
    assert made == [app]
    assert described[0]["paths"]


def test_openapi_names_every_route_s_role_and_error_shape(app, client):
    schema = client.get("/openapi.json").json()
    assert "HTTPValidationError" not in json.dumps(schema)
    described = {route.path for route in routes(app) if route.include_in_schema}
    assert set(schema["paths"]) == described
    for methods in schema["paths"].values():
        for operation in methods.values():
            assert operation["x-least-role"]
            assert operation["summary"]
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            assert "422" not in operation["responses"]


def test_the_docs_page_lists_the_routes_and_names_no_outside_address(client):
    text = client.get("/docs").text
    assert "/v1/locate" in text and "planner" in text
    assert "http://" not in text and "https://" not in text


@pytest.mark.parametrize(
    ("model", "view"),
    [
        (answers.Plan, views.PlanView), (answers.Node, views.NodeView), (answers.Flaw, views.FlawView),
        (answers.Delta, views.PlanDelta), (answers.Edition, views.EditionView), (answers.PlanRow, views.PlanRow),
        (answers.Proposed, views.ProposeResult), (answers.LevelSummary, views.LevelSummary),
        (answers.LevelBand, views.LevelBand), (answers.Reason, views.ReasonView),
        (answers.Accepted, views.Acceptance),
    ],
)  # fmt: skip
def test_what_goes_over_the_wire_is_what_the_use_cases_answer(model, view):
    assert set(model.model_fields) == {f.name for f in dataclasses.fields(view)}
