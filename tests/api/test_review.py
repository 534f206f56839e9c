"""Notes, reviews, impacts and releases over the wire."""

import io

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.conftest import ASKED, key

LI = key("planner")


def test_a_note_is_taken_as_it_is_with_who_wrote_it(client):
    body = {
        "text": "<b>东侧</b>", "geometry": {"type": "Point", "coordinates": [110.84, 37.0]}, "node": 3,
        "objection": True,
    }  # fmt: skip
    answer = client.post("/v1/plans/1/notes", json=body, headers=key("inspector"))
    assert answer.status_code == 201
    assert ASKED[-1] == (
        (1, "<b>东侧</b>"),
        {"who": "inspector-1", "point": (110.84, 37.0), "node": 3, "reply_to": None, "objection": True},
    )
    assert [n["reply_to"] for n in client.get("/v1/plans/1/notes", headers=LI).json()["notes"]] == [None, 1]


@pytest.mark.parametrize("body", [
    {}, {"text": ""}, {"text": "x" * 2001}, {"text": "x", "geometry": {"type": "Point", "coordinates": [1]}},
    {"text": "x", "geometry": {"type": "Point", "coordinates": [200, 37]}}, {"text": "x", "html": "y"},
])  # fmt: skip
def test_a_note_that_can_not_be_read(client, body):
    answer = client.post("/v1/plans/1/notes", json=body, headers=LI)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


def test_threads_are_resolved_and_opened_again(client):
    for body, resolved in ((None, True), ({"resolved": False}, False)):
        more = {} if body is None else {"json": body}
        assert client.post("/v1/plans/1/notes/2/resolve", headers=LI, **more).status_code == 200
        assert ASKED[-1] == ((1, 2), {"who": "planner-1", "resolved": resolved})


def test_the_steps_of_a_review(client):
    for path, kind, body in (
        ("submit", "submit", None), ("return", "return", {"text": "改"}),
        ("approve", "approve", {"text": None}),
    ):  # fmt: skip
        more = {} if body is None else {"json": body}
        answer = client.post(f"/v1/plans/1/{path}", headers=LI, **more)
        assert answer.json()["review"] == "submitted"
        assert ASKED[-1][0] == (1, kind)
    assert client.post("/v1/plans/1/return", json={"text": ""}, headers=LI).status_code == 422
    assert client.get("/v1/plans/1/review", headers=LI).json()["steps"][0]["who"] == "li"


@pytest.mark.parametrize(("review", "drafts", "another"), [
    ("optional", True, False), ("required", False, False), ("by_another", False, True),
])  # fmt: skip
@pytest.mark.usefixtures("fakes")
def test_what_is_published_unreviewed_and_who_approves_is_the_deployers_policy(
    fake_store, review, drafts, another
):
    client = TestClient(create_app(fake_store, Settings(review=review)))
    client.post("/v1/plans/1/approve", headers=LI)
    assert ASKED[-1][1]["by_another"] is another
    client.post("/v1/plans/1/publish", json={"valid_from": "2026-12-01"}, headers=LI)
    assert ASKED[-1][1]["drafts"] is drafts
    accept = [{"plan": 2, "node": 3, "reason": "lump"}]
    body = {"plans": [1, 2], "valid_from": "2026-12-01", "accept": accept}
    assert client.post("/v1/releases", json=body, headers=LI).status_code == 201
    assert ASKED[-1][0] == ([1, 2],)
    assert ASKED[-1][1]["accept"] == accept
    assert ASKED[-1][1]["drafts"] is drafts
    assert client.post("/v1/releases", json=body | {"plans": []}, headers=LI).status_code == 422


def test_an_impact_as_json_csv_and_xlsx_with_codes_as_text(client):
    found = client.get("/v1/plans/1/impact", params={"valid_from": "2026-12-01"}, headers=LI).json()
    assert (found["moved"]["3"], found["buildings"][0]["floors"]) == (16, [[1, 3], [5, 5]])
    csv = client.get("/v1/plans/1/impact.csv", headers=LI)
    assert csv.content.startswith(b"\xef\xbb\xbf")
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("类别,编号,名称,单元,楼层,变动级别,原网格编码")
    house = next(line for line in lines if line.startswith("楼栋"))
    assert house == (
        "楼栋,1-07,'=7号楼,2,1–3、5,3,1411261000010030205,凤城社区3-02-05网格,"
        "1411261000010030206,凤城社区3-02-06网格,16,18,"
    )
    assert {line.split(",")[0] for line in lines[1:]} == {
        "网格", "楼栋", "未结事件", "隐患点", "岗位", "停用编码", "新编码"
    }  # fmt: skip
    book = client.get("/v1/plans/1/impact.xlsx", params={"lang": "en"}, headers=LI)
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet["A1"].value == "kind"
    codes = [cell for row in sheet.iter_rows(min_row=2) for cell in row if str(cell.value).startswith("1411")]
    assert codes
    assert {(cell.data_type, cell.number_format) for cell in codes} == {("s", "@")}
    assert client.get("/v1/plans/1/impact?valid_from=1.12.2026", headers=LI).status_code == 400


def test_two_plans_compared_as_json_and_as_a_page(client):
    found = client.get("/v1/plans/compare?a=1&b=2", headers=LI).json()
    assert (found["moved"], found["homes"][0]["a"]["short"]) == ({"3": 16}, "3-02-05")
    assert [card["plan"] for card in found["plans"]] == [1, 2]
    assert found["lines"]["features"][0]["properties"]["metres"] == 12.5
    page = client.get("/maps/compare?a=1&b=2&lang=en", headers=LI)
    assert "&lt;7号楼&gt; stairwell 2 floors 1–3" in page.text
    assert "16 of 300 (5.3 %)" in page.text
    assert client.get("/v1/plans/compare?a=1", headers=LI).status_code == 400
