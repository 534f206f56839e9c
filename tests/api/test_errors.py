# ruff: noqa: PLC0415, PT018, E501
"""One error shape, over every route and every kind of error."""

import logging
import re

import pytest

from api import patterns
from spatial import errors, lookup, overview, planning, relief, townmap
from tests.api import duty_fakes, job_fakes, panel_fakes, reason_fakes
from tests.api.conftest import key, stale
from tests.api.test_security import call, routes

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "words", "where", "data"}


def check(answer, status, code):
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert set(problem) == MEMBERS
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert set(problem["words"]) == {"zh", "en"}
    assert all(problem["words"].values())
    return problem


@pytest.mark.parametrize(
    ("cls", "status"),
    [
        (errors.BadFile, 400), (errors.BadCoordinates, 400), (errors.BadParameter, 400), (errors.NotFound, 404),
        (errors.StaleRevision, 409), (errors.Locked, 409), (errors.CutRefused, 409), (errors.Flawed, 409),
        (errors.NotAllowed, 403), (errors.NotSignedIn, 401), (errors.Cancelled, 409), (errors.Unavailable, 503),
    ],
)  # fmt: skip
def test_the_table(client, fakes, cls, status):
    def fail(*_, **__):
        raise cls("some_code", zh="坏了。", en="Broken.", where=(errors.Where(row=3, field="bid"),))

    fakes(planning, plan=fail)
    problem = check(client.get("/v1/plans/1", headers=key("admin")), status, "some_code")
    assert problem["where"] == [{"row": 3, "field": "bid"}]


def test_every_class_of_the_tree_has_a_status():
    from api.errors import status_of

    def below(cls):
        return [cls, *(c for sub in cls.__subclasses__() for c in below(sub))]

    for cls in below(errors.WanggeError)[1:]:
        assert status_of(cls("x", zh="", en="")).value < 504
        assert status_of(cls("x", zh="", en="")).value != 500, cls


def test_every_route_hides_what_breaks_inside(app, client, fakes, caplog):
    def broken(*_, **__):
        raise RuntimeError("secret-of-the-stack")

    from maps import page as draw

    fakes(lookup, **dict.fromkeys(["health", "places", "place", "grids", "locate"], broken))
    fakes(townmap, **dict.fromkeys(["standing", "town_layers", "town_duty"], broken))
    duty_fakes.break_all(fakes, broken)
    fakes(relief, relief=broken)
    fakes(overview, overview=broken)
    panel_fakes.break_all(fakes, broken)
    reason_fakes.break_all(fakes, broken)
    job_fakes.break_all(fakes, broken)
    fakes(planning, **dict.fromkeys(planning.__all__, broken))
    fakes(draw, town_page=broken, grid_page=broken)
    for route in routes(app):
        if route.path in {"/", "/docs", "/openapi.json", "/plan", "/sign-in", "/sign-out"}:
            continue
        with caplog.at_level(logging.ERROR):
            answer = call(client, route, headers=key("admin"))
        check(answer, 500, "internal")
        assert "secret-of-the-stack" not in answer.text
        assert "secret-of-the-stack" in caplog.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        caplog.clear()


def test_the_framework_s_own_errors(client):
    check(client.get("/nowhere"), 404, "no_such_page")
    check(client.get("/static/nothing.js"), 404, "no_such_page")
    check(client.delete("/v1/places"), 405, "method_not_allowed")
    big = b'{"area": "' + b"1" * 9_000_000 + b'"}'
    check(client.post("/v1/plans", content=big, headers=key("planner")), 413, "too_large")


def test_a_payload_that_cannot_be_read(client):
    for kwargs in (
        {"content": b"{", "headers": {**key("planner"), "content-type": "application/json"}},
        {"json": {"area": 141126100001}, "headers": key("planner")},
        {"json": {"area": "14112610000"}, "headers": key("planner")},
        {"json": {"area": "141126100001", "more": 1}, "headers": key("planner")},
        {"json": {"area": "141126100001", "targets": {"town": [1]}}, "headers": key("planner")},
        {"headers": key("planner")},
    ):
        problem = check(client.post("/v1/plans", **kwargs), 422, "unreadable")
        assert problem["where"][0]["layer"] == "body"


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "fly"}, {"kind": "assign", "cells": [], "to": 1}, {"kind": "give", "building": "b"}, {},
        {"kind": "cut", "face": "f", "line": {"type": "Point", "coordinates": [1, 2]}},
        {"kind": "cut", "face": "f", "line": {"type": "LineString", "coordinates": [[1, 2]]}},
    ],
)  # fmt: skip
def test_an_action_that_cannot_be_read(client, action):
    answer = client.post("/v1/plans/1/moves", json={"base_rev": 1, "action": action}, headers=key("planner"))
    check(answer, 422, "unreadable")


def test_a_position_without_its_system(client):
    for query in ("lon=110.8&lat=37", "lon=110.8&lat=37&crs=", "lon=abc"):
        problem = check(client.get(f"/v1/locate?{query}", headers=key("reader")), 400, "crs_required")
        assert {"wgs84", "cgcs2000", "gcj02", "bd09"} <= set(problem["data"]["systems"])


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/locate?lon=abc&lat=37&crs=wgs84", "lon"), ("/v1/locate?lat=37&crs=wgs84", "lon"),
        ("/v1/locate?lon=nan&lat=37&crs=wgs84", "lon"), ("/v1/locate?lon=1&lat=inf&crs=wgs84", "lat"),
        ("/v1/locate?lon=1&lat=1&crs=wgs84&at=31.12.2026", "at"), ("/v1/grids?level=9", "level"), ("/v1/grids?at=0", "at"),
        ("/v1/grids?bbox=1,2,3", "bbox"), ("/v1/grids?bbox=3,2,1,4", "bbox"), ("/v1/grids?bbox=a,b,c,nan", "bbox"),
        ("/v1/grids?area=14112610000", "area"), ("/v1/grids/141", "code"), ("/v1/plans/abc", "plan_id"),
        ("/v1/plans/99999999999999999999", "plan_id"),
    ],
)  # fmt: skip
def test_bad_input(client, path, field):
    problem = check(client.get(path, headers=key("reader")), 400, "bad_input")
    assert problem["where"][0]["field"] == field


def test_a_conflict_says_what_and_where(client, fakes):
    fakes(planning, move=stale)
    body = {"base_rev": 1, "action": {"kind": "give", "building": "b", "to": 3}}
    problem = check(
        client.post("/v1/plans/1/moves", json=body, headers=key("planner")), 409, "stale_revision"
    )
    assert problem["where"][0]["geometry"]["type"] == "Point"
    assert problem["data"] == {"rev": 9}


def test_the_instance_holds_no_position(client):
    assert client.get("/v1/locate?lon=110.8&lat=37").json()["instance"] == "/v1/locate"


def test_the_language_of_the_detail(client):
    problem = client.get("/v1/plans").json()
    assert problem["detail"] == problem["words"]["zh"]
    problem = client.get("/v1/plans", headers={"Accept-Language": "en-GB,en;q=0.9"}).json()
    assert problem["detail"] == problem["words"]["en"]


def test_a_browser_is_told_in_words(client):
    answer = client.get("/maps/town", headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/html")
    assert "登录" in answer.text and "sign-in-link" in answer.text
    assert "<script" not in answer.text


def test_what_is_wrong_with_a_parameter_is_said_in_both_languages(client):
    for query, words in (
        ("limit=5000", "不能大于 1000"),
        ("limit=x", "应为整数"),
        ("since=yesterday", "since"),
    ):
        answer = client.get(f"/v1/cases?{query}", headers=key("admin"))
        assert answer.status_code == 400, query
        assert words in answer.json()["words"]["zh"], query
        assert query.split("=")[0] in answer.json()["words"]["en"]
    broken = client.post(
        "/v1/cases", content=b"{not json", headers=key("admin") | {"Content-Type": "application/json"}
    )
    assert "不是合法的 JSON" in broken.json()["words"]["zh"]


def test_the_form_of_a_code_is_told_in_words_not_by_its_pattern(client):
    words = client.get("/v1/grids/1411", headers=key("reader")).json()["words"]
    assert "网格编码" in words["zh"] and "grid code of 12, 15, 17 or 19 digits" in words["en"]
    assert not any("\\d" in said for said in words.values())


def patterns_in(part):
    if isinstance(part, dict):
        found = {part["pattern"]} if isinstance(part.get("pattern"), str) else set()
        return found.union(*map(patterns_in, part.values()))
    return set().union(*map(patterns_in, part)) if isinstance(part, list) else set()


def test_every_pattern_of_the_interface_has_words(app):
    found = patterns_in(app.openapi())
    assert {patterns.AREA, patterns.GRID, patterns.NOT_BLANK} <= found
    for pattern in found:
        assert not re.search(r"[\\^${]", "".join(patterns.words_of(pattern))), pattern


def test_a_parameter_that_no_route_knows_is_refused_not_read_past(client):
    answer = client.get("/v1/cases?crs=gcj02&bbox=110,36,111,38", headers=key("admin"))
    assert answer.status_code == 400
    assert answer.json()["code"] == "unknown_parameter"
    assert [place["field"] for place in answer.json()["where"]] == ["crs"]
    assert "bbox" in answer.json()["words"]["zh"]
    assert client.get("/v1/cases?lang=en&limit=x", headers=key("admin")).json()["code"] == "bad_input"
