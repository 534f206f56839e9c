"""The overview in Chromium under the strict policy: sorting, the small map's measures, a phone, paper."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api import headers
from maps import assets
from maps.overview import overview_page
from tests.browser.axe import barriers
from tests.browser.conftest import served
from tests.maps import figures

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address():
    app = FastAPI()

    @app.get("/maps/overview")
    def shown(lang: str = "zh"):
        text = overview_page(figures.overview(), lang=lang)
        return HTMLResponse(text, headers={"Content-Security-Policy": headers.STRICT})

    app.mount("/static/web", StaticFiles(directory=assets.WEB))
    with served(app) as address:
        yield f"{address}/maps/overview"


def opened(page, address):
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    return page


def names(page):
    return page.locator("#areas tbody th a").all_text_contents()


def test_a_heading_sorts_the_most_first_and_then_the_least(page, address):
    opened(page, address)
    assert names(page) == ["凤城社区", "东关社区", "前山村", "后沟村"]
    heading = page.locator('#areas th[data-key="households"] button')
    heading.click()
    assert names(page)[:2] == ["凤城社区", "东关社区"]
    heading.click()
    assert names(page) == ["后沟村", "前山村", "东关社区", "凤城社区"], "what is not published has least"
    page.locator('#areas th[data-key="hazards"] button').click()
    assert names(page)[0] == "前山村"
    assert page.locator("#areas th[aria-sort]").count() == 1


def test_the_small_map_changes_its_measure(page, address):
    opened(page, address)
    hazards = page.locator('button[data-measure="hazards"]')
    hazards.click()
    assert hazards.get_attribute("aria-checked") == "true"
    assert page.locator("[data-legend]:visible").get_attribute("data-legend") == "hazards"
    drawn = (
        page.locator(".locator")
        .first.locator("path")
        .evaluate_all("all => all.map(p => p.getAttribute('class'))")
    )
    assert [kind == "c0" for kind in drawn] == [True, True, False, True], "two points in 前山村 alone"


def test_the_small_map_leads_to_the_row(page, address):
    opened(page, address)
    page.locator('.locator a[href="#a-141126100201"]').first.click()
    assert page.locator("#areas tr:target th a").text_content() == "前山村"


def test_the_switch_leads_to_the_other_language(page, address):
    opened(page, address)
    page.locator("#lang").click()
    page.wait_for_selector("html[lang=en] body[data-ready]")
    assert "Grids at a glance" in page.locator("h1").text_content()


def test_on_a_phone_nothing_is_wider_than_the_screen(phone, address):
    opened(phone, address)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.locator("#sort").select_option("hazards")
    assert names(phone)[0] == "前山村"
    labels = phone.locator('#areas td[data-label="登记户"]').first
    assert labels.evaluate("td => getComputedStyle(td, '::before').content") == '"登记户"'


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_on_it_bars_anybody(page, address, lang):
    opened(page, f"{address}?lang={lang}")
    assert barriers(page) == []


def test_on_paper_there_are_no_buttons(page, address):
    opened(page, address)
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert page.locator(".division table").first.is_visible()
