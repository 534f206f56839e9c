"""Two people on one plan, live: notes, review, impact, meeting mode, publishing; and two plans compared."""

import datetime as dt

import pytest

from spatial import planning
from spatial.store import keys
from tests.browser.axe import barriers
from tests.browser.conftest import watched_page
from tests.browser.test_end_to_end import (  # noqa: F401 - fixtures
    COMMUNITY,
    Ground,
    click,
    open_plan,
    prepared,
    town,
)

pytestmark = pytest.mark.browser
SCRIPT = "<img src=x onerror=alert(1)>"


def come_in(page, town, who):  # noqa: F811
    with town.store.transaction() as tx:
        token = keys.new_token(tx, who, "planner", dt.timedelta(hours=1))
    page.goto(f"{town.address}/sign-in?token={token}")


def widths(page):
    """Where the slider cuts the upper map: pixels hidden on its right side, and the map's width."""
    clip = page.evaluate("document.querySelector('#before, #left').style.clipPath")
    return float(clip.split()[1].removesuffix("px")), page.evaluate(
        "document.querySelector('.swipe').clientWidth"
    )


def slide(page, value):
    page.focus(".swipe")
    page.evaluate(
        "n => { const s = document.querySelector('.swipe'); s.value = n;"
        " s.dispatchEvent(new Event('input')); }",
        value,
    )


def talk(page, second, spot, name):
    """One pins an objection on a grid; the other sees it at once, answers and resolves it."""
    page.click("#notes-open")
    page.click("#note-pin")
    click(page, spot)
    page.fill("#note-text", f"{SCRIPT} 这栋楼走南门")
    page.check("#note-objection")
    page.click("#note-send")
    second.wait_for_selector("text=li 提了意见")
    assert second.evaluate("wangge.discussion.notes.source.getFeatures().length") == 1
    click(second, spot)
    thread = second.locator('[data-note="1"]')
    thread.wait_for()
    assert SCRIPT in thread.inner_text()
    assert thread.locator("img").count() == 0
    assert name in thread.inner_text()
    second.fill('textarea[data-to="1"]', "已核对")
    second.click('[data-reply="1"]')
    page.wait_for_selector('[data-note="1"] >> text=已核对')
    second.click('[data-resolve="1"]')
    page.wait_for_selector("text=wang 已了结")
    page.click("#notes .close")


def approve(page, second, told, bid):
    """One submits; the other can't edit any more, looks at the impact, and approves."""
    page.click("#publish")
    page.click("#review-submit")
    second.wait_for_selector("#tool-split[disabled]")
    second.click("#publish")
    second.wait_for_selector("#impact .tiles")
    shown = [int(n) for n in second.locator("#impact .tile b").all_inner_texts()]
    buildings = len({row.bid for row in told.buildings})
    assert shown[:4] == [told.moved[1], told.moved[2], told.moved[3], buildings]
    with second.expect_download() as saved:
        second.click("#impact >> text=下载 CSV")
    assert bid in saved.value.path().read_text(encoding="utf-8-sig")
    second.click("#impact-show")
    second.wait_for_selector(f"text=红色：换网格的楼栋、事件和隐患点（{buildings} 处）")
    second.click("#notice >> text=返回")
    second.click("#review-return")
    assert "请写明" in second.locator("#review-why").inner_text()
    second.click("#review-approve")
    page.wait_for_selector("#sub >> text=已通过")


def meet(page):
    """For the projector: the edition in force on the left of the slider, the plan on the right."""
    page.click("#meeting")
    assert not page.locator("aside").is_visible()
    page.click("#before-after")
    page.wait_for_selector("#before canvas")
    hidden, wide = widths(page)
    assert abs(hidden - wide / 2) < 2
    slide(page, 1000)
    assert widths(page)[0] < 30
    assert "现行版本" in page.locator(".swipe-title.left").inner_text()
    page.click("#meeting")
    assert page.locator(".swipe").count() == 0


def publish(page):
    page.click("#publish")
    page.click("#review-publish")
    for box in page.locator("#dialog input[data-node]").all():
        box.check()
    page.click("#pub-go")
    page.wait_for_selector("#pub-map")


def test_a_meeting_of_two_from_a_note_to_the_edition(page, chromium, town):  # noqa: F811
    plan = town.draft()
    ground = Ground(town.store, plan)
    bid, leaf, other = ground.gift()
    give = {"kind": "give", "building": bid, "to": other}
    planning.move(town.store, plan, base_rev=0, who="li", action=give)
    ground.read()
    with watched_page(chromium, "desk") as second:
        for one, who in ((page, "li"), (second, "wang")):
            come_in(one, town, who)
            open_plan(one, town, plan)
        talk(page, second, ground.spot(leaf), ground.nodes[leaf].name)
        told = planning.impact(town.store, plan)
        approve(page, second, told, bid)
        meet(page)
        publish(page)
    walk = planning.crosswalk(town.store, planning.editions(town.store, area=COMMUNITY)[0].id)
    moved = sum(row["households"] for row in walk if row["old"] != row["new"] and len(row["new"]) == 19)
    assert moved == told.moved[3] > 0
    page.goto(f"{town.address}/plan/{plan}/minutes")
    text = page.locator("main").inner_text()
    assert all(word in text for word in (SCRIPT, "wang", "反对意见", "已发布"))
    assert page.locator(".pin.done").count() == 1
    assert page.locator("main img").count() == 0
    assert barriers(page) == []


def test_two_plans_under_one_slider(page, phone, town):  # noqa: F811
    old, new = planning.plans(town.store, area=COMMUNITY)[1].id, town.draft()
    ground = Ground(town.store, new)
    bid, _, other = ground.gift()
    planning.move(
        town.store, new, base_rev=0, who="li", action={"kind": "give", "building": bid, "to": other}
    )
    come_in(page, town, "li")
    held = []
    page.route("**/v1/plans/compare?**", lambda route: held.append(route))  # noqa: PLW0108 - takes no method
    with page.expect_request("**/v1/plans/compare?**"):
        page.goto(f"{town.address}/maps/compare?a={old}&b={new}")
    assert page.get_by_role("status").inner_text() == "正在载入两个方案…"
    held[0].continue_()
    page.wait_for_selector("body[data-ready]")
    assert page.get_by_role("status").count() == 0
    found = planning.compare_plans(town.store, old, new)
    assert bid in {home.bid for home in found.homes}
    assert page.locator("[data-bid]").count() == len(found.homes)
    assert page.locator("[data-line]").count() == len(found.lines)
    page.click(f'[data-bid="{bid}"]')
    assert page.evaluate("wangge.right.chosen.getFeatures().length") == 1
    hidden, wide = widths(page)
    assert abs(hidden - wide / 2) < 2
    slide(page, 0)
    assert widths(page)[0] > wide - 30
    come_in(phone, town, "li")
    phone.goto(f"{town.address}/maps/compare?a={old}&b={new}&lang=en")
    phone.wait_for_selector("body[data-ready]")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert barriers(phone) == []
