"""The drawing tools in Chromium, by mouse, fingers and keys: what they show and send, a lost network."""

import pytest

from tests.browser.axe import barriers
from tests.browser.conftest import served
from tests.browser.stub import Refusal
from tests.browser.test_plan import at, click, draw, households, open_plan
from tests.browser.tools_stub import ToolPlan, make_tools_app

pytestmark = pytest.mark.browser


@pytest.fixture
def plan():
    """The stand-in's plan, fresh for each test."""
    return ToolPlan()


@pytest.fixture
def address(plan):
    """Address of the stand-in with the tools' routes."""
    with served(make_tools_app(plan)) as address:
        yield address


def stroke(page, *places):
    page.mouse.move(*at(page, *places[0]))
    page.mouse.down()
    for one in places[1:]:
        page.mouse.move(*at(page, *one), steps=4)


def ready_to_paint(page, address):
    """Paint for the grid of the first column."""
    open_plan(page, address)
    page.keyboard.press("b")
    click(page, 0.5, 0.1)


def tally(page, node):
    return page.locator(f'[data-tally="{node}"]').inner_text()


def given(page):
    return page.evaluate("wangge.map.given.getSource().getFeatures().map(f => f.get('face')).sort()")


def test_a_brush_shows_what_it_takes_and_sends_it_when_let_go(page, address, plan):
    ready_to_paint(page, address)
    stroke(page, (1.5, 1.5), (1.5, 2.5))
    assert given(page) == ["1-1", "1-2"]
    assert tally(page, 10) == "3-10 16 → ▲24"
    assert tally(page, 11) == "3-11 16 → ▼8"
    assert plan.posts == []
    page.mouse.up()
    page.wait_for_selector("text=已划转")
    assert [(cell, leaf) for cell, leaf in plan.assign.items() if cell[0] == 1] == [
        ((1, 0), 11), ((1, 1), 10), ((1, 2), 10), ((1, 3), 11),
    ]  # fmt: skip
    assert len(plan.posts) == 1
    assert plan.posts[0]["action"]["kind"] == "paint"
    assert given(page) == []
    assert households(page) == "24 户"


def test_box_lasso_and_the_source_alone(page, address, plan):
    ready_to_paint(page, address)
    page.click("#paint-box")
    stroke(page, (1.3, 1.3), (1.7, 2.7))
    assert given(page) == ["1-1", "1-2"]
    page.keyboard.press("Escape")  # a stroke can be given up while it is held
    assert given(page) == []
    page.mouse.up()
    page.click("#paint-lasso")
    page.check("#paint-only")
    stroke(page, (1.2, 1.2), (2.8, 1.2), (2.8, 1.8), (1.2, 1.8))
    assert given(page) == ["1-1"]
    page.mouse.up()
    page.wait_for_selector("text=已划转")
    assert plan.done == [{"kind": "paint", "cells": ["1-1"], "to": 10}]


def test_across_an_upper_border_it_is_offered_first(page, address, plan):
    open_plan(page, address)
    page.keyboard.press("b")
    click(page, 2.5, 0.1)
    for button, posts in (("取消", 0), ("确认划转", 1)):
        stroke(page, (3.5, 1.5), (3.55, 1.5))
        page.mouse.up()
        page.wait_for_selector("#dialog[open]")
        words = page.locator("#dialog").inner_text()
        assert "还会把 1 栋从 3 移到 2" in words
        assert "L2" in words
        assert "48 → 52" in words
        page.click(f"#dialog >> text={button}")
        page.wait_for_timeout(150)
        assert len(plan.posts) == posts
    assert plan.assign[3, 1] == 12


def test_a_refused_stroke_is_kept_and_can_be_mended(page, address, plan):
    ready_to_paint(page, address)
    plan.refuse_next = Refusal("whole_stairwell", "一个单元要整体划转", None)
    stroke(page, (1.5, 1.5), (1.52, 1.5))
    page.mouse.up()
    page.wait_for_selector("text=一个单元要整体划转")
    assert given(page) == ["1-1"]
    assert page.evaluate("wangge.state.nodes.get(10).households") == 16
    page.click("#notice >> text=修改后重试")
    page.wait_for_selector("text=已划转")
    assert plan.assign[1, 1] == 10


def test_without_a_network_edits_wait_are_shown_and_outlive_the_page(page, address, plan):
    ready_to_paint(page, address)
    page.on("dialog", lambda dialog: dialog.accept())
    area = "wangge.map.byNode.get(10).getGeometry().getArea()"
    before = page.evaluate(area)
    page.route("**/moves", lambda route: route.abort())
    for row in (1.5, 2.5):
        stroke(page, (1.5, row), (1.52, row))
        page.mouse.up()
    page.wait_for_selector("text=网络中断，2 步待发送")
    assert page.evaluate("wangge.state.nodes.get(10).households") == 24
    assert page.evaluate(area) == pytest.approx(before * 1.5, rel=1e-6)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector("text=2 步待发送")
    assert page.evaluate("wangge.state.nodes.get(10).households") == 24
    assert plan.rev == 0
    page.unroute("**/moves")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("#saved[data-state=saved]")
    assert plan.rev == 2
    assert page.evaluate(area) == pytest.approx(before * 1.5, rel=1e-6)
    page.met_errors.clear()


def test_an_answer_lost_on_the_way_is_asked_for_again_under_the_same_key(page, address, plan):
    ready_to_paint(page, address)
    lost = []

    def lose_the_first(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/moves", lose_the_first)
    stroke(page, (1.5, 1.5), (1.52, 1.5))
    page.mouse.up()
    page.wait_for_selector("#saved[data-state=offline]")
    page.wait_for_selector("#saved[data-state=saved]")
    assert plan.rev == 1
    assert page.evaluate("wangge.state.rev") == 1
    keys = [post["client_id"] for post in plan.posts]
    assert len(keys) == 2
    assert keys[0] == keys[1]
    page.met_errors.clear()


def fingers(page, kind, *places):
    points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
    page.touches = getattr(page, "touches", None) or page.context.new_cdp_session(page)
    page.touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_timeout(30)


def test_one_finger_paints_and_two_move_the_map(phone, address, plan):
    open_plan(phone, address)
    phone.tap("#tool-paint")
    phone.touchscreen.tap(*at(phone, 0.5, 0.5))
    phone.wait_for_timeout(400)
    (x, y), (x2, y2) = at(phone, 1.5, 1.5), at(phone, 1.5, 1.6)
    centre = "wangge.map.map.getView().getCenter()"
    before = phone.evaluate(centre)
    fingers(phone, "touchStart", (x, y))
    fingers(phone, "touchMove", (x2, y2))
    assert given(phone) == ["1-1"]
    fingers(phone, "touchStart", (x2, y2), (x2 + 40, y2))
    for step in (15, 30, 45):
        fingers(phone, "touchMove", (x2 + step, y2), (x2 + 40 + step, y2))
    fingers(phone, "touchEnd")
    phone.wait_for_timeout(200)
    assert plan.posts == []
    assert given(phone) == []
    assert phone.evaluate(centre)[0] < before[0]
    (x, y), (x2, y2) = at(phone, 1.5, 1.5), at(phone, 1.5, 1.6)
    fingers(phone, "touchStart", (x, y))
    fingers(phone, "touchMove", (x2, y2))
    fingers(phone, "touchEnd")
    phone.wait_for_selector("text=已划转")
    assert plan.assign[1, 1] == 10


def test_reshape_refused_says_where_and_is_mended(page, address, plan):
    open_plan(page, address)
    page.keyboard.press("r")
    draw(page, (1.2, 1.95), (1.7, 1.95))
    page.wait_for_selector("text=没有碰到边界")
    assert page.evaluate("wangge.map.marks.getSource().getFeatures().some(f => f.get('mark') === 'flaw')")
    stroke(page, (1.7, 1.95), (2.6, 1.98))
    page.mouse.up()
    page.click("#notice >> text=修改后重试")
    page.wait_for_selector("text=边界已更新")
    assert [one["kind"] for one in plan.done] == ["reshape", "reshape"]


def test_a_junction_is_dragged_with_its_borders(page, address, plan):
    open_plan(page, address)
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    stroke(page, (2, 2), (2.3, 2.1))
    assert page.evaluate("wangge.map.drawn.getSource().getFeatures().length") == 2
    page.mouse.up()
    page.wait_for_selector("text=边界已更新")
    sent = plan.posts[0]["action"]
    assert (sent["kind"], sent["level"]) == ("drag", 3)
    assert sent["to"][0] > sent["from"][0]
    assert page.evaluate("wangge.map.drawn.getSource().getFeatures().length") == 0


def test_floors_of_a_tower_are_handed_over(page, address, plan):
    open_plan(page, address)
    page.keyboard.press("t")
    click(page, 1.5, 1.5)
    page.wait_for_selector("#tower:not([hidden])")
    top = page.locator('[data-floor="6"]').bounding_box()
    low = page.locator('[data-floor="5"]').bounding_box()
    page.mouse.move(top["x"] + 20, top["y"] + 8)
    page.mouse.down()
    page.mouse.move(low["x"] + 20, low["y"] + 8, steps=3)
    page.mouse.up()
    assert page.locator('.floor[aria-pressed="true"]').count() == 2
    assert barriers(page) == []
    page.click('[data-taker="10"]')
    page.wait_for_selector("text=楼层已划转")
    assert plan.done == [{"kind": "hand", "bid": "b1-1", "stairwell": "1", "floors": [5, 6], "to": 10}]


def test_card_renames_and_locks(page, address, plan):
    open_plan(page, address)
    click(page, 0.5, 0.1)
    page.click("#card-rename")
    page.keyboard.type("东关里")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已改名")
    page.click("#card-lock")
    page.wait_for_selector("text=已锁定")
    assert plan.done == [
        {"kind": "tree", "node": 10, "op": "rename", "name": "东关里"},
        {"kind": "tree", "node": 10, "op": "lock"},
    ]


def test_tools_by_keys_alone(page, address):
    open_plan(page, address)
    page.focus("#tool-select")
    page.keyboard.press("ArrowUp")  # undo and redo are off: round to the last tool that is on
    assert page.evaluate("document.activeElement.id") == "tool-more"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "menuitemradio"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.get_attribute("#map", "data-tool") == "draw"
    assert page.locator("#tool-more").inner_text() == "画网格"
    page.keyboard.press("?")
    page.wait_for_selector("#dialog[open]")
    assert page.locator(".keys kbd").count() >= 11
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    assert page.get_attribute("#tool-select", "aria-pressed") == "true"


def test_tools_fit_a_phone(phone, address):
    open_plan(phone, address)
    bar = phone.locator("#tools").bounding_box()
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= 390
    assert all(one.bounding_box()["width"] >= 40 for one in phone.locator("#tools button").all())
    phone.tap("#tool-more")
    box = phone.locator("#more-tools").bounding_box()
    assert box["x"] + box["width"] <= 390
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
