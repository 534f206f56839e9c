# ruff: noqa: ARG001, PT018
"""Every route names its least role, and one place holds it to that."""

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

from api import security
from api.app import create_app, right_of
from api.settings import Settings
from spatial.errors import NotAllowed
from tests.api.conftest import key

FILL = {
    "case_id": "1", "code": "141126100001", "plan_id": "1", "edition_id": "1", "area": "141126100",
    "dispute_id": "4", "node": "3", "number": "7", "job_id": "1",
}  # fmt: skip
QUERY = {
    "since": "0", "lon": "110.8", "lat": "37", "crs": "wgs84", "area": "141126100", "plans": "1", "a": "1",
    "b": "2", "bid": "1-01",
}  # fmt: skip
BODIES = {
    "/v1/disputes/{dispute_id}/assign": {"to": "141126100001"},
    "/v1/disputes/assign": {"assign": [{"id": 4, "to": "141126100001"}]},
    "/v1/cases": {"category": "fire", "description": "x", "lon": 110.8, "lat": 37, "crs": "wgs84"},
    "/v1/cases/{case_id}/events": {"kind": "accept"},
    "/v1/plans": {"area": "141126100001"},
    "/v1/plans/alternatives": {"area": "141126100001"},
    "/v1/plans/{plan_id}/moves": {"base_rev": 1, "action": {"kind": "give", "building": "b", "to": 3}},
    "/v1/plans/{plan_id}/undo": {"base_rev": 1},
    "/v1/plans/{plan_id}/redo": {"base_rev": 1},
    "/v1/plans/{plan_id}/copy": {"name": "东片"},
    "/v1/plans/{plan_id}": {"name": "东片"},
    "/v1/plans/{plan_id}/acceptances": {"node": 3, "reason": "no_k"},
    "/v1/plans/{plan_id}/publish": {"valid_from": "2026-12-01", "accept": "proved"},
    "/v1/plans/{plan_id}/notes": {"text": "x"},
    "/v1/plans/{plan_id}/return": {"text": "x"},
    "/v1/plans/{plan_id}/preview": {"base_rev": 1, "action": {"kind": "give", "building": "b", "to": 3}},
    "/v1/transfers": {"building": "b", "from_plan": 1, "to_plan": 2, "base_revs": [1, 1]},
    "/v1/releases": {"plans": [1], "valid_from": "2026-12-01"},
    "/v1/jobs": {"kind": "propose", "area": "141126100001"},
    "/v1/plans/{plan_id}/repropose": {"base_rev": 1, "nodes": [3]},
    "/v1/places/{code}/sayings": {
        "type": "Feature", "properties": {"kind": "no_border"},
        "geometry": {"type": "LineString", "coordinates": [[110.8, 37.0], [110.81, 37.0]]},
    },
}  # fmt: skip
BODIES["/v1/places/{code}/sayings/{number}"] = BODIES["/v1/places/{code}/sayings"]
FORMS = {
    "/v1/places/{code}/references": {"files": {"file": ("a.json", b"{}")}, "data": {"name": "a"}},
    "/v1/places/{code}/todays": {"data": {"edition": "current"}},
}


def routes(app):
    return [c for c in iter_route_contexts(app.routes) if isinstance(c.original_route, APIRoute)]


def call(client, route, **kwargs):
    method = min(route.methods)
    body = {"json": BODIES[route.path]} if route.path in BODIES else FORMS.get(route.path, {})
    if method == "GET":
        body = {}
    path = route.path.format(**FILL if "maps" not in route.path else {"code": "141126100001003"})
    operation = client.app.openapi()["paths"].get(route.path, {}).get(method.lower(), {})
    known = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
    asked = {k: v for k, v in QUERY.items() if k in known or not path.startswith("/v1/")}
    if not path.endswith(("/changes", "/effect")):
        asked.pop("since", None)  # a revision there, a day elsewhere
    return client.request(method, path, params=asked, **body, **kwargs)


def test_every_route_names_its_least_role(app):
    found = routes(app)
    assert len(found) > 20
    assert [r.path for r in found if right_of(r) is None] == []
    others = [c.path for c in iter_route_contexts(app.routes) if not isinstance(c.original_route, APIRoute)]
    assert others == ["/static/web", "/static"]  # files that hold no data


def test_every_route_refuses_the_roles_below_its_own(app, client):
    for route in routes(app):
        least = right_of(route).least
        for role in security.ROLES[: security.ROLES.index(least)]:
            answer = call(client, route, headers={} if role == "anonymous" else key(role))
            wanted = 401 if role == "anonymous" else 403
            assert (answer.status_code, route.path) == (wanted, route.path)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == ("not_signed_in" if role == "anonymous" else "role_too_low")
        for role in security.ROLES[security.ROLES.index(least) :]:
            answer = call(client, route, headers={} if role == "anonymous" else key(role))
            used = answer.status_code == 401 and answer.json()["code"] == "sign_in_link_used"
            refused = answer.status_code in {401, 403, 422, 500} and not used
            assert not refused, (route.path, role, answer.text)


def test_the_anonymous_may_look_up_where_it_is_public(fakes, fake_store):
    app = create_app(fake_store, Settings(public_lookup=True))
    client = TestClient(app)
    public = {r.path for r in routes(app) if right_of(r).public}
    assert {"/v1/locate", "/v1/grids", "/v1/grids/{code}"} <= public
    for route in routes(app):
        if right_of(route).least == "reader":
            assert (call(client, route).status_code == 200) == (route.path in public), route.path


def test_an_unknown_key_and_no_key_at_all(client):
    for header in ("Bearer nonsense", "Basic abc", "Bearer", ""):
        answer = client.get("/v1/places", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_key_that_is_not_known_is_refused_even_where_look_up_is_public(fakes, fake_store):
    client = TestClient(create_app(fake_store, Settings(public_lookup=True)))
    assert client.get("/v1/places", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_the_sign_in_link_works_once(client):
    first = client.get("/sign-in", params={"token": "once", "next": "/plan/3?lang=en"})
    assert (first.status_code, first.headers["location"]) == (303, "/plan/3?lang=en")
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    assert client.get("/v1/plans").status_code == 200
    again = client.get("/sign-in", params={"token": "once"})
    assert (again.status_code, again.json()["code"]) == (401, "sign_in_link_used")


def test_a_head_request_does_not_use_up_the_link(client):
    assert client.head("/sign-in", params={"token": "once"}).status_code == 405
    assert client.get("/sign-in", params={"token": "once"}).status_code == 303


def test_the_cookie_is_secure_over_https(app):
    client = TestClient(app, base_url="https://testserver", follow_redirects=False)
    assert "secure" in client.get("/sign-in", params={"token": "once"}).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "goto", ["https://evil.example", "//evil.example", "/\\evil", "/a\nb", "javascript:x", ""]
)
def test_the_sign_in_link_leads_nowhere_else(client, goto):
    answer = client.get("/sign-in", params={"token": "once", "next": goto})
    assert answer.headers["location"] == "/maps/town"


def test_another_site_cannot_write_by_the_cookie(signed_in):
    body = {"base_rev": 1}
    for headers in (
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://testserver"},
    ):
        answer = signed_in.post("/v1/plans/1/undo", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    for headers in ({"X-Wangge": "1"}, {"Origin": "http://testserver"}):
        assert signed_in.post("/v1/plans/1/undo", json=body, headers=headers).status_code == 200


def test_signing_out_ends_the_session(signed_in, fake_store):
    answer = signed_in.post("/sign-out", headers={"X-Wangge": "1"})
    assert answer.status_code == 303
    assert fake_store.sessions == {}


def test_the_access_code(fakes, fake_store):
    client = TestClient(create_app(fake_store, Settings(), access_code="ABCD2345"), follow_redirects=False)
    asked = client.get("/sign-in", params={"token": "once"})
    assert (asked.status_code, "set-cookie" in asked.headers) == (200, False)
    form = {"token": "once", "next": "/maps/town"}
    wrong = client.post("/sign-in", data={**form, "code": "nope"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_access_code")
    assert client.post("/sign-in", data={**form, "code": " abcd2345 "}).status_code == 303


def test_the_access_code_cannot_be_guessed_on(fakes, fake_store):
    client = TestClient(create_app(fake_store, Settings(), access_code="ABCD2345"), follow_redirects=False)
    for n in range(10):
        assert client.post("/sign-in", data={"token": "once", "code": str(n)}).status_code == 403
    answer = client.post("/sign-in", data={"token": "once", "code": "ABCD2345"})
    assert (answer.status_code, answer.json()["code"]) == (429, "wait_before_next_code")
    assert 50 <= int(answer.headers["retry-after"]) <= 60


def test_the_wait_grows_and_ends():
    now = [0.0]
    guard = security.AccessCode("ABCD2345", clock=lambda: now[0])
    waits = []
    for _ in range(10):
        with pytest.raises(NotAllowed):
            guard.check("a", "wrong")
    for _ in range(8):
        with pytest.raises(security.TooManyTries) as caught:
            guard.check("a", "ABCD2345")
        waits.append(caught.value.data["retry_after_s"])
        now[0] += waits[-1]
        with pytest.raises(NotAllowed):
            guard.check("a", "wrong")
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    guard.check("b", "abcd2345")
    now[0] += 3600
    guard.check("a", "ABCD2345")
    with pytest.raises(NotAllowed, match="Wrong access code"):
        guard.check("a", "wrong")


def test_every_answer_carries_the_security_headers(app, client, fakes):
    for path in ("/healthz", "/v1/nowhere", "/maps/town", "/docs"):
        answer = client.get(path, headers=key("admin"))
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert ("'unsafe-inline'" in policy) == (path == "/maps/town")
        assert "http" not in policy
