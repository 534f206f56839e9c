"""The planner's panels in Chromium: why not, what changed, flaws, history, search, layers, a phone."""

import pytest

from maps.page import plan_page
from tests.browser.test_plan import at, click, open_plan
from tests.maps.frames import SOUTH, STEP, WEST

pytestmark = pytest.mark.browser


def hover(page, column, row):
    page.mouse.move(*at(page, column, row))


def test_a_border_tells_its_next_best_course_when_the_mouse_rests(address, page, plan):
    open_plan(page, address)
    tip = page.locator("#tip")
    with page.expect_response("**/borders**"):
        hover(page, 2.4, 1.5)
    border, gone = at(page, 2, 1.5), at(page, 3.5, 1.5)
    page.mouse.move(*border)
    page.mouse.move(*gone)  # before it asks
    page.wait_for_timeout(500)
    assert plan.panels.asked == 0
    hover(page, 2, 1.6)
    page.wait_for_selector("#tip >> text=停留片刻")
    page.wait_for_selector("#tip >> text=改沿北街走")
    assert "L11 16 → 18 户 · 步行 120 → 141 米" in tip.inner_text()
    assert "沿地物 212 → 90 米 · 代价 1.00 → 1.25" in tip.inner_text()
    dashed = "wangge.sidebar.why.layer.getSource().getFeatures().length"
    assert page.evaluate(dashed) == 1
    hover(page, 3.5, 1.5)
    assert page.evaluate(dashed) == 0
    hover(page, 2, 1.5)
    page.wait_for_selector("#tip >> text=改沿北街走")
    assert plan.panels.asked == 1, "remembered"


def test_what_changed_then_back_in_history_and_a_copy_from_there(address, page, plan):
    open_plan(page, address)
    page.keyboard.press("h")
    click(page, 2.5, 1.5)
    click(page, 3.5, 1.1)
    page.wait_for_selector('[data-change="13"]')
    taker = page.locator('[data-change="13"]').inner_text()
    assert "户 16 → 20" in taker
    assert "登记 20 → 25" in taker
    assert "未结事件 4 → 5" in taker
    assert "面积 m² 4,000 → 5,000" in taker
    assert "新的问题" in page.locator("#changed").inner_text()
    page.keyboard.press("Escape")
    page.click("#tab-history")
    page.click('[data-rev="0"]')
    page.wait_for_selector("#past >> text=方案初稿")
    households = (
        "wangge.sidebar.past.source.getFeatures().find(f => f.get('node_id') === 13).get('households')"
    )
    assert page.evaluate(households) == 16
    page.keyboard.press("Control+z")
    page.wait_for_selector("text=回到现在才能修改")
    assert plan.rev == 1
    click(page, 0.5, 0.5)
    assert page.locator("#card h2").count() == 0, "the past is looked at only"
    page.click("#past-copy")
    page.fill("#past-name", "从头再来")
    page.click("#past-copy-go")
    page.wait_for_selector("text=已另存为方案 9")
    assert plan.panels.copies == [{"name": "从头再来", "rev": 0}]
    page.click("#past-newer")
    page.wait_for_selector("#past", state="hidden")
    page.click("#tab-plans")
    page.fill("#plan-name", "东片方案")
    page.click(".plan-form >> text=保存名称")
    page.wait_for_selector(".plan-list >> text=东片方案")


def test_flaws_are_filtered_walked_signed_and_shown_piece_by_piece(address, page, plan):
    square = [[WEST, SOUTH], [WEST + STEP, SOUTH], [WEST + STEP, SOUTH + STEP], [WEST, SOUTH]]
    far = [[x + 3 * STEP, y] for x, y in square]
    plan.more_flaws = [
        {
            "kind": "disconnected", "node_id": 12, "zh": "分成 3 块", "en": "in 3 pieces", "blocking": False,
            "geometry": {"type": "MultiPolygon", "coordinates": [[square], [far]]},
        }
    ]  # fmt: skip
    open_plan(page, address)
    page.wait_for_selector('[data-kind="vacant"]')
    assert page.locator('[data-kind="all"] b').inner_text() == "4"
    page.keyboard.press("]")
    page.keyboard.press("]")
    assert page.locator("#card h2").inner_text() == "第2网格"
    page.keyboard.press("[")
    assert page.locator("#card h2").inner_text() == "第1网格"
    page.click('[data-sign="1"]')
    page.wait_for_selector(".signed >> text=li 于 2026-11-30 接受")
    assert plan.accepted[1]["reason"] == "no_k"
    page.click('[data-sign="1"]')
    page.wait_for_selector(".signed", state="detached")
    page.click('[data-kind="disconnected"]')
    marked = "wangge.sidebar.parts.flaws.layer.getSource().getFeatures().length"
    assert page.evaluate(marked) == 1
    assert page.locator(".pieces button").count() == 2
    page.locator(".pieces button").nth(1).click()
    assert page.evaluate("wangge.map.extra.length") == 1
    page.click('[data-kind="vacant"]')
    assert page.locator("[data-flaw]").all_inner_texts() == ["?\n“第10网格”的网格联络员空缺"]


def test_search_jumps_to_grids_by_code_and_number_and_to_buildings(address, page):
    open_plan(page, address)
    page.keyboard.press("/")
    page.keyboard.type("３-１２")
    assert "第12网格" in page.locator("#find-hits li").first.inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#card h2").inner_text() == "第12网格"
    page.wait_for_timeout(300)
    page.fill("#find", "14112610000100101")
    page.wait_for_selector("#find-hits >> text=第13网格")
    page.keyboard.press("ArrowDown")
    page.fill("#find", "b1-2")
    page.keyboard.press("Enter")
    assert page.evaluate("String(wangge.map.picked)") == "b1-2"
    assert page.locator("#card h2").inner_text() == "第11网格"
    page.fill("#find", "没有的")
    assert page.locator("#find-hits").inner_text() == "没有找到"


ADDRESSES = {
    "龙泉小区3号楼2单元501室": ["龙泉小区3号楼", "2单元", 5],
    "3栋二单元": ["3号楼", "2单元", None],
    "３-２-1502": ["3号楼", "2单元", 15],
    "滨河苑十二幢3门": ["滨河苑12号楼", "3门", None],
    "12号楼B101": ["12号楼", None, -1],
    "3号楼-1层": ["3号楼", None, -1],
    "1号楼第2单元十二层": ["1号楼", "2单元", 12],
    "北沟12号": None,
    "1-01": None,
    "第3网格": None,
}


def test_an_address_is_taken_apart_and_leads_to_the_grid_of_its_floor(address, page):
    open_plan(page, address)
    read = """async (texts) => {
      const {addressOf, named} = await import('/static/web/plan/address.js');
      const parts = texts.map((text) => addressOf(text.normalize('NFKC').toLowerCase()));
      return [parts.map((one) => one && [one.building, one.stairwell, one.floor]),
        ['小区13栋', '小区3栋', '3号楼'].map((name) => named(name, '3号楼'))];
    }"""
    assert page.evaluate(read, list(ADDRESSES)) == [list(ADDRESSES.values()), [0, 2, 3]]
    page.evaluate("""() => {
      const {state} = window.wangge;
      const whole = state.cells.find((one) => one.bid === 'b1-2');
      const run = (node_id, low) => (
        {...whole, node_id, stairwell: '2', floor_low: low, floor_high: low + 9});
      state.cells = [...state.cells.filter((one) => one !== whole), run(11, 1), run(12, 11)];
    }""")
    page.fill("#find", "7栋2单元1203")
    assert "住址 · 3-12" in page.locator("#find-hits li").first.inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#card h2").inner_text() == "第12网格"
    page.fill("#find", "7栋1单元")
    assert page.locator("#find-hits").inner_text() == "没有找到"


def test_layers_are_ticked_and_a_file_of_ones_own_is_laid_and_dropped(address, page, plan, tmp_path):
    refused = {"zh": "偏 500 米，不予显示", "en": "off"}
    text = plan_page(1, basemap={"name": "高德", "note": "", "urls": [], "refused": refused})
    page.route("**/plan/1", lambda route: route.fulfill(content_type="text/html", body=text))
    open_plan(page, address)
    page.click("#tab-layers")
    assert page.locator("#layer-basemap").is_disabled()
    assert "不予显示" in page.locator("#basemap-refused").inner_text()
    shown = "[wangge.map.buildings, wangge.map.labels].map(l => l.getVisible())"
    page.uncheck("#layer-buildings")
    page.check("#layer-households")
    assert page.evaluate(shown) == [False, True]
    assert "户数达标" not in page.locator("#legend").inner_text()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate(shown) == [False, True], "remembered"
    page.click("#tab-layers")
    page.check("#layer-buildings")
    file = tmp_path / "老界线.geojson"
    file.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"label":"<b>x"},'
                    f'"geometry":{{"type":"Point","coordinates":[{WEST},{SOUTH}]}}}}]}}')  # fmt: skip
    page.click(".upload summary")
    page.set_input_files("#ref-file", file)
    assert page.input_value("#ref-name") == "老界线"
    page.select_option("#ref-crs", "cgcs2000")
    page.click("#ref-go")
    page.wait_for_selector('[data-reference="1"] input:checked')
    assert plan.panels.references[1][0]["crs"] == "cgcs2000"
    for words in ("删除", "再点一次删除"):
        page.click(f'[data-reference="1"] >> text="{words}"')
    page.wait_for_selector('[data-reference="1"]', state="detached")
    assert plan.panels.references == {}


def test_a_phone_s_sheet_and_a_finger_held_on_a_border(address, phone):
    open_plan(phone, address)
    aside = phone.locator("aside")
    middle = aside.bounding_box()["height"]
    phone.click("#sheet")
    assert aside.bounding_box()["height"] > middle + 100
    phone.click("#sheet")
    assert aside.bounding_box()["height"] < 110
    phone.wait_for_timeout(300)
    x, y = at(phone, 2, 1.5)
    touch = phone.context.new_cdp_session(phone)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    phone.wait_for_selector("#tip >> text=改沿北街走")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    box = phone.locator("#tip").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
