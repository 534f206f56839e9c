"""The page of disputed ground in Chromium: a piece given away, the small ones together, touch and keys."""

from contextlib import contextmanager

import pytest
import shapely
from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from shapely.geometry import mapping

from maps import assets
from maps.disputes import disputes_page
from tests.browser.conftest import served

pytestmark = pytest.mark.browser
MIDDLE_OF_PIECE = """id => {
    const {map} = window.wangge;
    const at = map.pieceOf(id).getGeometry().getInteriorPoint().getCoordinates();
    return map.map.getPixelFromCoordinate(at.slice(0, 2));
}"""
WEST, EAST = "141126100001", "141126100002"


def collection(rows):
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": mapping(g), "properties": p} for g, p in rows],
    }


def piece(number, kind, area_m2, box):
    said = {"id": number, "kind": kind, "codes": [WEST, EAST], "names": ["凤城社区", "东街社区"],
            "borders_m": [30.0, 31.5], "area_m2": area_m2, "nearest": EAST}  # fmt: skip
    return number, (shapely.box(*box), said)


def make_app(given, *, may_assign=True):
    """A stand-in for the server: three pieces; what is assigned is noted and gone."""
    app = FastAPI()
    pieces = dict([
        piece(1, "overlap", 300.0, (110.8399, 37.0, 110.8401, 37.0006)),
        piece(2, "gap", 9.0, (110.8399, 37.0008, 110.8401, 37.0009)),
        piece(3, "gap", 4.0, (110.8399, 37.0011, 110.8401, 37.0012)),
    ])  # fmt: skip
    sides = [
        (shapely.box(110.838, 37, 110.84, 37.002), {"code": WEST, "name": "凤城社区"}),
        (shapely.box(110.84, 37, 110.842, 37.002), {"code": EAST, "name": "东街社区"}),
    ]

    @app.get("/disputes")
    def page():
        text = disputes_page("141126100", name="灵泉镇", town="141126100", may_assign=may_assign, sample=True)
        return HTMLResponse(text)

    app.get("/v1/disputes/outlines")(lambda: collection(sides))
    app.get("/v1/disputes")(lambda: collection(pieces.values()))

    def take(wanted):
        if any(number not in pieces for number in wanted):
            raise HTTPException(404)
        for number in wanted:
            del pieces[number]
        given.append(wanted)
        return {"grounds": {}}

    @app.post("/v1/disputes/assign")
    def several(body: dict):
        return take({one["id"]: one["to"] for one in body["assign"]})

    @app.post("/v1/disputes/{number}/assign")
    def one(number: int, body: dict):
        return take({number: body["to"]})

    app.mount("/static/web", StaticFiles(directory=assets.WEB))
    app.mount("/static", StaticFiles(directory=assets.STATIC))
    return app


@contextmanager
def opened(page, given, **kwargs):
    with served(make_app(given, **kwargs)) as address:
        page.goto(f"{address}/disputes")
        page.wait_for_selector("body[data-ready]")
        yield page


def test_a_piece_is_given_away_and_leaves_the_list(page):
    given = []
    with opened(page, given):
        assert page.locator(".piece").count() == 3
        assert "313" in page.locator("#sum h2").inner_text()
        page.locator(".piece .item").first.click()
        assert page.locator(".side").all_inner_texts()[0].startswith("划给 凤城社区")
        page.locator(f'.side[data-to="{EAST}"]').click()
        page.locator("#dialog .btn").first.click()  # cancel
        assert given == []
        page.locator(f'.side[data-to="{EAST}"]').click()
        page.locator("#yes").click()
        page.wait_for_selector(".notice.good:has-text('已划给 东街社区')")
        assert given == [{1: EAST}]
        assert page.locator(".piece").count() == 2


def test_a_click_on_the_map_chooses_a_piece_and_the_map_goes_there(page):
    with opened(page, []):
        spot = page.evaluate(MIDDLE_OF_PIECE, 1)
        box = page.locator("#map").bounding_box()
        before = page.evaluate("() => window.wangge.map.map.getView().getZoom()")
        page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
        page.wait_for_selector('.piece.open[data-id="1"]')
        page.wait_for_timeout(400)
        assert page.evaluate("() => window.wangge.map.map.getView().getZoom()") > before


def test_the_small_ones_together_by_touch_then_all_is_assigned(phone):
    given = []
    with opened(phone, given):
        phone.locator("#small button").tap()
        assert phone.locator("#dialog .piece").count() == 2
        phone.locator("#yes").tap()
        phone.wait_for_selector("#list .piece >> nth=0")
        phone.wait_for_function("() => document.querySelectorAll('#list .piece').length === 1")
        assert given == [{2: EAST, 3: EAST}]
        phone.locator(".piece .item").tap()
        phone.locator(f'.side[data-to="{WEST}"]').tap()
        phone.locator("#yes").tap()
        phone.wait_for_selector("#sum a")
        assert phone.locator("#sum h2").inner_text() == "争议地已全部划定"
        assert phone.locator("#sum a").get_attribute("href") == "/maps/town?area=141126100"
        assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_keys_alone_and_english(page):
    given = []
    with opened(page, given):
        page.locator("#lang").focus()
        page.keyboard.press("Enter")
        assert page.locator("#title").inner_text() == "灵泉镇 disputed ground"
        page.locator(".piece .item").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#dialog[open]")
        page.keyboard.press("Escape")
        assert given == []
        page.locator(".side").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.wait_for_selector(".notice.good:has-text('Given to')")
        assert given == [{1: WEST}]


def test_who_may_only_look_is_offered_nothing(page):
    with opened(page, [], may_assign=False):
        page.locator(".piece .item").first.click()
        assert page.locator(".side").count() == 0
        assert page.locator("#small").inner_text() == ""
        assert "只有规划员" in page.locator(".piece.open").inner_text()


def test_a_sample_says_so_at_the_foot_in_either_language(page):
    with opened(page, []):
        assert "人口与事件均为虚构" in page.locator("#foot-sample").inner_text()
        page.click("#lang")
        assert "people and events are invented" in page.locator("#foot-sample").inner_text()
