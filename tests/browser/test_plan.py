"""The planner's page in Chromium: each tool with a real mouse, refusals on the map, undo, publish, keys."""

import pytest

from tests.maps.frames import SOUTH, STEP, WEST

pytestmark = pytest.mark.browser


def open_plan(page, address):
    page.goto(f"{address}/plan/1")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_timeout(150)
    return page


def at(page, column, row):
    """Pixel on the page of a place in faces from the south-west corner."""
    x, y = page.evaluate(
        "([lon, lat]) => window.wangge.pixel(lon, lat)", [WEST + column * STEP, SOUTH + row * STEP]
    )
    box = page.locator("#map").bounding_box()
    return box["x"] + x, box["y"] + y


def click(page, column, row):
    page.mouse.click(*at(page, column, row))
    page.wait_for_timeout(350)


def draw(page, *points):
    for column, row in points[:-1]:
        page.mouse.click(*at(page, column, row))
        page.wait_for_timeout(320)
    page.mouse.move(*at(page, *points[-1]), steps=4)
    page.mouse.click(*at(page, *points[-1]), click_count=3, delay=20)
    page.wait_for_timeout(300)


def open_publish(page):
    """Through the review to the dialog that publishes."""
    for step in ("submit", "approve", "publish"):
        page.click("#publish")
        page.click(f"#review-{step}")


def households(page):
    return page.locator('[data-count="node"]').inner_text()


def test_select_shows_the_card(page, address):
    open_plan(page, address)
    click(page, 0.5, 0.1)
    assert households(page) == "16 户"
    assert "10–20" in page.locator("#card").inner_text()
    page.click('[data-level="2"]')
    click(page, 0.5, 0.1)
    assert households(page) == "48 户"


def test_the_neighbours_plan_is_one_click_away_and_opens_where_one_was_looking(page, address):
    open_plan(page, address)
    page.wait_for_selector('body[data-around="ready"]')
    page.click("#zout")
    page.wait_for_timeout(400)
    click(page, 7.5, 2.5)
    assert "东关社区" in page.locator("#notice").inner_text()
    before = page.evaluate("window.wangge.map.map.getView().getCenter()")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    after = page.evaluate("window.wangge.map.map.getView().getCenter()")
    assert after == pytest.approx(before, abs=0.2)
    page.wait_for_selector('body[data-around="ready"]')
    click(page, 7.5, 2.5)
    assert "#" in page.url
    page.locator("#notice button").first.click()
    page.wait_for_url(f"{address}/plan/2**")


def test_a_border_under_the_mouse_says_what_it_follows(page, address):
    open_plan(page, address)
    tip = page.locator("#tip")
    page.mouse.move(*at(page, 2, 1.4))
    page.wait_for_selector("#tip")
    page.mouse.move(*at(page, 2, 1.5))
    assert tip.inner_text().split("\n")[:2] == ["凤城路 212 米", "第1网格 | 第2网格"]
    page.mouse.move(*at(page, 2.5, 1.5))
    assert not tip.is_visible()
    page.click("#lang")
    page.mouse.move(*at(page, 2, 1.5))
    assert tip.inner_text().split("\n")[:2] == ["凤城路 212 m", "grid 1 | grid 2"]
    page.keyboard.press("k")
    page.mouse.move(*at(page, 2, 1.6))
    assert not tip.is_visible()


def test_give_a_building_to_the_neighbour(page, address, plan):
    open_plan(page, address)
    page.keyboard.press("h")
    click(page, 2.5, 1.5)
    assert page.locator("[data-offer]").count() == 2
    click(page, 3.5, 1.1)
    page.wait_for_selector("text=已划转")
    assert plan.posts[-1]["base_rev"] == 0
    assert plan.rev == 1
    assert plan.assign[2, 1] == 13
    assert households(page) == "20 户"


def test_give_by_keyboard_list(page, address, plan):
    open_plan(page, address)
    page.keyboard.press("h")
    click(page, 0.5, 0.5)
    page.locator("[data-offer]").first.press("Enter")
    page.wait_for_selector("text=已划转")
    assert plan.assign[0, 0] == 11


def test_a_building_goes_to_the_neighbour_s_plan_once_the_planner_has_agreed(page, address, plan):
    open_plan(page, address)
    page.wait_for_selector('body[data-around="ready"]')
    page.click("#zout")
    page.wait_for_timeout(400)
    page.keyboard.press("h")
    click(page, 5.5, 1.5)
    click(page, 7.5, 1.1)
    assert "边界随之移动" in page.locator("#notice").inner_text()
    assert plan.posts == []
    page.locator("#notice button").first.click()
    page.wait_for_url(f"{address}/plan/3**")
    (asked,) = plan.posts
    assert (asked["from_plan"], asked["to_plan"], asked["base_revs"]) == (1, 2, [0, 4])
    assert asked["building"]


def test_split_by_a_line_and_undo(page, address, plan):
    open_plan(page, address)
    page.keyboard.press("k")
    draw(page, (0.8, 2.0), (2.2, 2.0))
    page.wait_for_selector("text=已分割")
    assert len(plan.parents) == 10
    page.keyboard.press("Control+z")
    page.wait_for_selector("text=已撤销")
    assert len(plan.parents) == 9
    page.keyboard.press("Control+Shift+z")
    page.wait_for_selector("text=已重做")
    assert len(plan.parents) == 10
    page.click("#tool-undo")
    page.wait_for_selector("#tool-redo:enabled")
    page.keyboard.press("Control+y")
    page.wait_for_selector("#tool-redo:disabled")
    assert len(plan.parents) == 10


def test_what_others_do_is_shown_and_who_is_there(page, address, plan):
    open_plan(page, address)
    plan.here = ["li", "王五"]
    page.wait_for_selector("text=同时在看：li、王五")
    plan.act({"kind": "give", "building": "b0-0", "to": 11})
    page.wait_for_selector("text=王五 把 1 栋移走")
    assert page.evaluate("wangge.state.nodes.get(11).households") == 20
    assert page.evaluate("wangge.state.rev") == plan.rev == 1
    page.click("#tool-undo")
    page.wait_for_selector("text=已撤销")
    assert page.evaluate("wangge.state.nodes.get(11).households") == 16


def test_refused_line_stays_and_can_be_mended(page, address, plan):
    open_plan(page, address)
    page.click("#tool-split")
    draw(page, (1.2, 1.95), (1.7, 1.95))
    page.wait_for_selector("text=没有把网格切开")
    assert page.locator("#notice").is_visible()
    for start, end in (((1.7, 1.95), (2.2, 1.98)), ((1.2, 1.95), (0.8, 1.98))):
        page.mouse.move(*at(page, *start))
        page.mouse.down()
        page.mouse.move(*at(page, *end), steps=8)
        page.mouse.up()
    page.click("#notice >> text=修改后重试")
    page.wait_for_selector("text=已分割")
    assert len(plan.parents) == 10


def test_merge_two_neighbours(page, address, plan):
    open_plan(page, address)
    page.click("#tool-merge")
    click(page, 0.5, 0.1)
    click(page, 1.5, 0.1)
    page.wait_for_selector("text=已合并")
    assert 11 not in plan.parents
    assert households(page) == "32 户"
    assert "▲" in page.locator("#card").inner_text()


def offers(page):
    return {int(one.get_attribute("data-offer")) for one in page.locator("[data-offer]").all()}


def test_merge_offers_the_neighbours_and_takes_several(page, address, plan):
    open_plan(page, address)
    page.click("#tool-merge")
    page.check("#merge-several")
    click(page, 1.5, 0.1)
    assert offers(page) == {10, 12}
    click(page, 2.5, 0.1)
    assert offers(page) == {10, 13}
    click(page, 0.5, 0.1)
    assert plan.posts == []
    page.click("#merge-go")
    page.wait_for_selector("text=已合并")
    assert plan.posts[0]["action"] == {"kind": "merge", "nodes": [11, 12, 10]}
    page.click('[data-level="2"]')
    click(page, 0.5, 0.1)
    assert offers(page) == set()
    assert "最下级" in page.locator("#card").inner_text()


def test_merge_offers_no_other_kind(page, address, plan):
    plan.kinds[11] = "dedicated"
    open_plan(page, address)
    page.click("#tool-merge")
    click(page, 0.5, 0.1)
    assert offers(page) == set()
    assert "没有可以合并的网格" in page.locator("#hint").inner_text()


def test_a_grid_that_a_gift_empties_leaves_the_page(page, address, plan):
    plan.assign |= {(0, row): 11 for row in range(3)}
    open_plan(page, address)
    assert page.locator('[data-count="grids"]').inner_text() == "6"
    assert page.locator("[data-flaw]", has_text="第10网格").count() == 1
    page.route("**/v1/plans/1", lambda route: route.abort())
    page.keyboard.press("h")
    click(page, 0.5, 3.5)
    click(page, 0.5, 2.1)
    page.wait_for_selector("text=已划转")
    gone(page)  # from the answer of the move alone
    page.unroute("**/v1/plans/1")
    page.keyboard.press("Control+z")
    page.wait_for_selector("text=已撤销")
    assert page.locator('[data-count="grids"]').inner_text() == "6"
    assert page.evaluate("wangge.map.byNode.has(10)")
    page.met_errors.clear()


def test_a_cut_brings_its_ground_in_the_answer(page, address, plan):
    open_plan(page, address)
    plan.faces_changed = True
    asked = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    page.keyboard.press("h")
    click(page, 0.5, 3.5)
    click(page, 1.5, 2.5)
    page.wait_for_selector("text=已划转")
    assert page.evaluate("wangge.state.cells.length") == 24
    assert page.evaluate("wangge.state.byCell.get('0-3').node_id") == 11
    assert "moves" in asked
    assert {"1", "grids", "cells"}.isdisjoint(asked), "nothing of the plan is loaded anew"


def test_an_edit_whose_plan_does_not_load_is_said_to_be_saved(page, address):
    def as_if_others_moved(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"rev": 7})

    open_plan(page, address)
    page.route("**/moves", as_if_others_moved)
    page.route("**/changes*", lambda route: route.abort())
    page.keyboard.press("h")
    click(page, 0.5, 3.5)
    click(page, 1.5, 2.5)
    page.wait_for_selector("text=这一步已保存")
    page.click("#notice >> text=重新载入")
    page.wait_for_selector("#notice", state="hidden")
    page.met_errors.clear()


def gone(page):
    assert page.locator('[data-count="grids"]').inner_text() == "5"
    assert page.locator("[data-flaw]", has_text="第10网格").count() == 0
    assert page.evaluate(
        "[wangge.state.nodes.has(10), wangge.map.byNode.has(10), wangge.map.grids.getSource()"
        ".getFeatures().some(f => f.get('node_id') === 10)]"
    ) == [False, False, False]


def test_stale_revision_reloads(page, address, plan):
    page.route("**/events*", lambda route: route.abort())  # nobody tells the page
    open_plan(page, address)
    plan.rev = 5
    page.click("#tool-merge")
    click(page, 0.5, 0.1)
    click(page, 1.5, 0.1)
    page.wait_for_selector("text=已载入最新状态")
    assert page.evaluate("window.wangge.state.rev") == 5
    page.met_errors.clear()


def test_network_lost_says_so_and_sends_when_it_is_back(page, address, plan):
    open_plan(page, address)
    page.route("**/moves", lambda route: route.abort())
    page.click("#tool-merge")
    click(page, 0.5, 0.1)
    click(page, 1.5, 0.1)
    page.wait_for_selector("text=网络中断，1 步待发送")
    page.click("#publish")
    page.wait_for_selector("text=还有没发送的编辑")
    assert plan.rev == 0
    page.unroute("**/moves")
    page.wait_for_selector("text=已合并")
    assert page.locator("#saved").inner_text() == "已保存"
    assert plan.rev == 1
    page.met_errors.clear()


def test_flaws_are_listed_and_lead_to_the_grid(page, address):
    open_plan(page, address)
    assert page.locator("[data-flaw]").count() == 3
    page.locator("[data-flaw]").first.click()
    assert page.locator("#card h2").inner_text() == "第1网格"


def test_publish_with_reasons(page, address, plan):
    open_plan(page, address)
    open_publish(page)
    page.fill("#pub-date", "2026-12-01")
    assert page.locator("#pub-go").is_disabled()
    assert "3" in page.locator("#pub-why").inner_text()
    page.check("#acc-all")
    assert page.locator("#pub-why").inner_text() == ""
    page.uncheck("#acc-2")
    assert page.locator("#pub-go").is_disabled()
    assert not page.is_checked("#acc-all")
    page.check("#acc-2")
    page.click("#pub-go")
    page.wait_for_selector("#pub-map")
    sent = plan.posts[-1]
    assert sent["valid_from"] == "2026-12-01"
    assert {one["node"] for one in sent["accept"]} == {1, 2, 3}
    assert {one["reason"] for one in sent["accept"]} == {"no_k"}
    page.click("#dialog button")
    assert page.locator("#tool-split").is_disabled()


def test_publish_takes_no_unproved_reason(page, address, plan):
    plan.unproved = {2}
    open_plan(page, address)
    open_publish(page)
    boxes = page.locator("#dialog input[data-node]")
    assert [box.get_attribute("data-node") for box in boxes.all()] == ["1", "3"]
    assert "未证明" in page.locator('[data-unproved="2"]').inner_text()
    page.check("#acc-all")
    assert [box.is_checked() for box in boxes.all()] == [True, True]
    assert page.locator("#pub-go").is_disabled()
    assert "还有 1 个网格户数超出区间而原因未证明" in page.locator("#pub-why").inner_text()
    page.click('[data-unproved="2"] button')
    assert page.locator("#card h2").inner_text() == "第2网格"
    assert plan.posts == []


def test_a_state_that_comes_late_does_not_take_the_place_of_a_newer_one(page, address):
    open_plan(page, address)
    page.evaluate("""() => {
      const {state} = window.wangge;
      const set = state.setView.bind(state);
      window.seen = [];
      state.setView = (view) => { window.seen.push(view.review); set(view); };
    }""")
    held = []
    page.route("**/v1/plans/1", lambda route: held.append((route, route.fetch())), times=1)
    page.click("#publish")
    page.click("#review-submit")
    page.wait_for_selector("text=审核状态：待审核")
    page.click("#publish")
    page.click("#review-approve")
    page.wait_for_selector("text=审核状态：已通过")
    ((route, answer),) = held
    assert answer.json()["review"] == "submitted"
    with page.expect_response("**/v1/plans/1") as came:
        route.fulfill(response=answer)
    came.value.finished()
    page.wait_for_timeout(200)
    assert set(page.evaluate("window.seen")) == {"approved"}


def test_publish_waits_for_blocking_flaws(page, address, plan):
    plan.more_flaws = [
        {
            "kind": "unassigned", "node_id": None, "zh": "3 个单元未划入网格", "en": "3 cells unassigned",
            "geometry": None, "blocking": True,
        }
    ]  # fmt: skip
    open_plan(page, address)
    open_publish(page)
    page.check("#acc-all")
    assert page.locator("#pub-go").is_disabled()
    assert "还有 1 个问题阻止发布" in page.locator("#pub-why").inner_text()
    assert "3 个单元未划入网格" in page.locator('[data-blocking="unassigned"]').inner_text()


def test_publishing_shows_at_once_and_clears_notices(page, address):
    open_plan(page, address)
    page.keyboard.press("m")
    click(page, 0.5, 0.1)
    click(page, 1.5, 0.1)
    page.wait_for_selector("text=已合并")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#notice >> text=已撤销")
    page.wait_for_selector("#map[aria-busy=false]")
    open_publish(page)
    page.check("#acc-all")
    page.route("**/v1/plans/1", lambda _route: None)  # the header waits for no answer
    page.click("#pub-go")
    page.wait_for_selector("#pub-map")
    assert "已发布" in page.locator("#sub").inner_text()
    assert page.locator("#publish").is_disabled()
    assert page.locator("#tool-undo").is_disabled()


def test_english_and_escape(page, address):
    open_plan(page, address)
    page.click("#lang")
    assert page.locator("#tool-split").inner_text() == "Split"
    page.keyboard.press("m")
    assert page.get_attribute("#tool-merge", "aria-pressed") == "true"
    page.keyboard.press("Escape")
    assert page.get_attribute("#tool-select", "aria-pressed") == "true"


def test_phone_shows_map_tools_and_panel(phone, address):
    open_plan(phone, address)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    tools, panel = phone.locator("#tools").bounding_box(), phone.locator("aside").bounding_box()
    assert tools["y"] + tools["height"] < panel["y"]
    phone.touchscreen.tap(*at(phone, 0.5, 0.1))
    phone.wait_for_timeout(400)
    assert households(phone) == "16 户"
