"""Nothing on our pages bars anybody from them, by axe-core; further states stand in their own tests."""

import pytest

from tests.browser.axe import barriers
from tests.browser.test_disputes import opened as disputes
from tests.browser.test_plan import click, open_plan, open_publish
from tests.browser.test_town import open_town

pytestmark = pytest.mark.browser


def test_a_broken_page_is_found(page):
    page.set_content('<html lang="zh"><title>t</title><p style="color:#ccc">灰字看不清</p><button></button>')
    assert sorted(line.split(":")[0] for line in barriers(page)) == ["button-name", "color-contrast"]


def chosen(page):
    click(page, 0.5, 0.1)
    page.wait_for_selector("#card h2")


def given(page):
    page.keyboard.press("h")
    click(page, 0.5, 0.5)
    page.locator("[data-offer]").first.press("Enter")
    page.wait_for_selector(".just")


def nothing_found(page):
    page.fill("#find", "没有的")
    page.wait_for_selector("#find-hits .none")


def brush(page):
    page.keyboard.press("b")


def keys(page):
    page.keyboard.press("?")
    page.wait_for_selector("#dialog[open]")


@pytest.mark.parametrize("state", [chosen, given, nothing_found, brush, keys, open_publish])
def test_the_planner_s_page(page, address, state):
    open_plan(page, address)
    state(page)
    assert barriers(page) == []


def test_the_planner_s_page_on_a_phone(phone, address):
    open_plan(phone, address)
    phone.tap("#tool-more")
    assert barriers(phone) == []


@pytest.mark.parametrize("size", ["page", "phone"])
def test_the_town(size, request, address):
    page = open_town(request.getfixturevalue(size), address)
    assert barriers(page) == []


def test_disputed_ground(page):
    with disputes(page, []):
        page.locator(".piece .item").first.click()
        assert barriers(page) == []
