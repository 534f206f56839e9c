"""Cases, hazards and staff through the routes, on a real published town."""

import re

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from spatial import lookup, staffing, watch
from spatial.store import keys
from tests.duty.conftest import _town, town  # noqa: F401
from tests.duty.registers import degrees
from tests.duty.test_staffing import ROWS, roster
from tests.duty.test_watch import hazards
from tests.planning.drawn import COMMUNITY, TOWN, VILLAGE

HOUSE = degrees(1_300, 1_200)
CASE = {
    "category": "fire",
    "description": "张三家门口堆放杂物",
    "lon": HOUSE[0],
    "lat": HOUSE[1],
    "crs": "wgs84",
}


@pytest.fixture
def ask(town):  # noqa: F811
    """Ask as a role: ``ask("reader", "GET", path)``."""
    client = TestClient(create_app(town, Settings(public_lookup=True)), follow_redirects=False)
    with town.transaction() as tx:
        made = {
            (role, n): keys.add_key(tx, f"{role}{n}", role)
            for role in ("reader", "inspector", "planner") for n in (1, 2)
        }  # fmt: skip

    def ask(role, method, path, body=None, n=1):
        header = {} if role == "anonymous" else {"Authorization": f"Bearer {made[role, n]}"}
        return client.request(method, path, json=body, headers=header)

    return ask


def get(ask, path, role="reader"):
    answer = ask(role, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_posted_case_gets_its_grid_and_is_followed_to_the_archive(ask, town):  # noqa: F811
    posted = ask("inspector", "POST", "/v1/cases", CASE)
    assert posted.status_code == 201, posted.text
    case = posted.json()
    assert case["grid"] == lookup.locate(town, *HOUSE, "wgs84").matches[0].chain[-1].code
    assert (case["area_code"], case["state"]) == (COMMUNITY, "registered")
    events = f"/v1/cases/{case['id']}/events"
    for body, n in (
        ({"kind": "accept"}, 1), ({"kind": "dispatch", "to": "物业"}, 1),
        ({"kind": "feed_back", "note": "清"}, 2), ({"kind": "archive"}, 1),
    ):  # fmt: skip
        answer = ask("inspector", "POST", events, body, n=n)
        assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "archived"
    again = ask("inspector", "POST", events, {"kind": "accept"})
    assert (again.status_code, again.json()["code"]) == (409, "case_state")
    assert again.json()["data"]["may"] == ["assess"]
    seen = {role: get(ask, f"/v1/cases/{case['id']}", role)["events"] for role in ("inspector", "planner")}
    assert [e["who"][-1] for e in seen["planner"]] == ["1", "1", "1", "2", "1"]
    assert seen["inspector"][3]["who"] is None
    assert seen["inspector"][2]["to"] is None
    assert seen["planner"][2]["to"] == "物业"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"crs": None}, 400, "crs_required"), ({"crs": "mars"}, 400, "unknown_crs"),
        ({"lon": HOUSE[1], "lat": HOUSE[0]}, 400, "bad_input"),
        ({"category": "flood"}, 400, "unknown_category"),
        ({"lon": 0, "lat": 0}, 409, "outside_town"), ({"who": "me"}, 422, "unreadable"),
        ({"description": " "}, 400, "description_needed"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_taken_says_why(ask, more, status, code):
    answer = ask("inspector", "POST", "/v1/cases", {**CASE, **more})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert set(answer.json()["words"]) == {"zh", "en"}


def test_cases_are_pages_of_geojson_without_what_a_reader_need_not_know(ask):
    for _ in range(5):
        ask("inspector", "POST", "/v1/cases", CASE)
    path, numbers = f"/v1/cases?area={TOWN}&limit=2&category=fire", []
    while path:
        page = get(ask, path)
        assert page["type"] == "FeatureCollection"
        numbers += [f["properties"]["number"] for f in page["features"]]
        path = page["next"]
        assert path is None or path.startswith("/v1/cases?area=")
    assert len(numbers) == len(set(numbers)) == 5
    feature = page["features"][0]
    assert feature["geometry"]["coordinates"] == pytest.approx(HOUSE, abs=1e-8)
    assert feature["properties"]["grid"].startswith(feature["properties"]["area_code"])
    assert "description" not in feature["properties"]
    told = get(ask, "/v1/cases", "inspector")["features"][0]["properties"]
    assert told["description"] == CASE["description"]
    assert get(ask, "/v1/cases?until=2026-01-01")["features"] == []
    assert get(ask, "/v1/cases?bbox=110,36,110.1,36.1")["features"] == []
    assert len(get(ask, f"/v1/cases?grid={feature['properties']['grid']}")["features"]) == 5
    assert get(ask, f"/v1/cases?grid={VILLAGE}")["features"] == []
    assert get(ask, "/v1/cases?state=void")["features"] == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "after=x",
        "category=flood",
        "state=gone",
        "bbox=1,2",
        "since=0",
        "grid=1",
        "area=1",
    ],
)
def test_what_cannot_be_asked(ask, query):
    for path in ("/v1/cases", "/v1/hazards", "/v1/hazards/threatened"):
        answer = ask("reader", "GET", f"{path}?{query}")
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        words = answer.json()["words"]
        assert re.search("[\u4e00-\u9fff]", words["zh"])
        assert re.search("[a-z]{3}", words["en"])


def test_hazards_show_no_persons_and_phones_to_planners_only(ask, town):  # noqa: F811
    watch.import_hazards(town, hazards())
    page = get(ask, "/v1/hazards")
    shown = {f["properties"]["number"]: f["properties"] for f in page["features"]}
    assert shown["D1"]["danger_area"]["type"] == "Polygon"
    assert shown["D2"]["danger_area"] is None
    assert shown["D1"]["phone"] == "138****1234"
    text = ask("reader", "GET", "/v1/hazards").text
    assert "张三" not in text
    assert "李四" not in text
    assert get(ask, "/v1/hazards", "planner")["features"][0]["properties"]["phone"] == "13812341234"
    assert [f["properties"]["number"] for f in get(ask, "/v1/hazards?category=滑坡")["features"]] == ["D1"]
    first = get(ask, "/v1/hazards?limit=2")
    assert [f["properties"]["number"] for f in get(ask, first["next"])["features"]] == ["D3"]
    assert get(ask, "/v1/hazards?grade=I")["features"] == []


def test_what_hazards_threaten(ask, town):  # noqa: F811
    watch.import_hazards(town, hazards())
    one, two, _ = get(ask, "/v1/hazards/threatened")["hazards"]
    assert (one["drawn"], one["households"], len(one["bids"])) == (True, 32, 2)
    assert (two["drawn"], two["households"], two["grids"], two["register_people"]) == (False, None, [], 120)
    assert one["note"] is None
    assert two["note"]["zh"].startswith("未划定危险区")
    assert two["note"]["en"] == "No area drawn; the register says 3 households, 120 people"
    assert len(get(ask, f"/v1/hazards/threatened?area={VILLAGE}")["hazards"]) == 1
    assert [h["number"] for h in get(ask, "/v1/hazards/threatened?category=滑坡")["hazards"]] == ["D1"]
    path, numbers = "/v1/hazards/threatened?limit=1", []
    while path:
        page = get(ask, path)
        numbers += [hazard["number"] for hazard in page["hazards"]]
        path = page["next"]
    assert numbers == ["D1", "D2", "D3"]


def test_everything_in_a_level_1_grid_is_found_by_its_code(ask, town):  # noqa: F811
    watch.import_hazards(town, hazards())
    for _ in range(2):
        ask("inspector", "POST", "/v1/cases", CASE)
    first = lookup.locate(town, *HOUSE, "wgs84").matches[0].chain[1].code
    assert len(first) == 15
    for path in ("/v1/cases", "/v1/hazards"):
        found = [f["properties"] for f in get(ask, f"{path}?grid={first}")["features"]]
        assert {p["grid"][:15] for p in found} == {first}
        assert {p["area_code"] for p in found} == {COMMUNITY}
        every = [f["properties"]["grid"] for f in get(ask, f"{path}?limit=1000")["features"]]
        assert len(found) == sum((grid or "").startswith(first) for grid in every) > 0
    assert [h["number"] for h in get(ask, f"/v1/hazards/threatened?grid={first}")["hazards"]] == ["D1"]
    left, bottom, right, top = HOUSE[0] - 1e-5, HOUSE[1] - 1e-5, HOUSE[0] + 1e-5, HOUSE[1] + 1e-5
    boxed = f"bbox={left},{bottom},{right},{top}"
    assert len(get(ask, f"/v1/cases?{boxed}")["features"]) == 2
    assert len(get(ask, f"/v1/hazards?{boxed}&since=2026-04-01&until=2026-04-02")["features"]) == 1
    assert get(ask, f"/v1/hazards?{boxed}&until=2026-04-01")["features"] == []


def test_staff_by_grid_never_by_name(ask, town):  # noqa: F811
    staffing.import_staff(town, roster(ROWS))
    listed = get(ask, f"/v1/staff?grid={COMMUNITY}")["staff"]
    assert [s["phone"] for s in listed] == ["138****1234", "035*****2110", None, None]
    assert not any("holder" in s for s in listed)
    assert get(ask, "/v1/staff", "planner")["staff"][0]["phone"] == "13812341234"
    every = get(ask, f"/v1/staff/vacancies?area={TOWN}")["grids"]
    vacant = get(ask, f"/v1/staff/vacancies?area={TOWN}&vacant=true")["grids"]
    assert len(every) - len(vacant) == 3
    assert ask("reader", "GET", "/v1/staff/vacancies?area=141126199").status_code == 404


def test_who_may_what(ask):
    for path in ("/v1/cases", "/v1/hazards", "/v1/hazards/threatened", "/v1/staff"):
        assert ask("anonymous", "GET", path).status_code == 401
        assert ask("reader", "GET", path).status_code == 200
    assert ask("reader", "POST", "/v1/cases", CASE).status_code == 403
    case = ask("inspector", "POST", "/v1/cases", CASE).json()["id"]
    assert ask("reader", "GET", f"/v1/cases/{case}").status_code == 403
    assert ask("inspector", "GET", "/v1/cases/999999").status_code == 404
