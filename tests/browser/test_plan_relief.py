"""The planner's page lays the relief under the borders when it is wanted, and says where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.ground.relief import shade
from spatial.ground.terrain import Terrain
from tests.browser.test_plan import open_plan
from tests.maps.frames import SOUTH, STEP, WEST

pytestmark = pytest.mark.browser
BUTTON = "#relief"


def offer(page, png):
    place = {"url": "/v1/relief/141126100001.png", "west": WEST - STEP, "south": SOUTH - STEP,
             "east": WEST + 7 * STEP, "north": SOUTH + 5 * STEP}  # fmt: skip
    page.route("**/v1/relief/141126100001", lambda route: route.fulfill(json=place))
    page.route("**/v1/relief/*.png", lambda route: route.fulfill(body=png, content_type="image/png"))


@pytest.fixture(scope="module")
def png():
    heights = 1_000 + 80 * np.sin(np.mgrid[0:90, 0:120][1] / 5.0)
    land = Terrain(heights.astype(np.float32), 484_000.0, 4_096_000.0, 25.0, 25.0, 4546)
    return shade(land, land.bounds).png


def test_the_relief_comes_and_goes(page, address, png):
    offer(page, png)
    open_plan(page, address)
    plain = page.locator("#map").screenshot()
    with page.expect_response("**/v1/relief/*.png"):
        page.click(BUTTON)
    page.wait_for_timeout(400)
    assert page.locator(BUTTON).get_attribute("aria-pressed") == "true"
    assert page.locator("#map").screenshot() != plain
    page.click(BUTTON)
    page.wait_for_timeout(300)
    assert page.locator(BUTTON).get_attribute("aria-pressed") == "false"
    assert page.evaluate("window.wangge.map.relief.getVisible()") is False


def test_where_there_is_none_it_is_said(page, address):
    words = {"zh": "没有导入地形。", "en": "No terrain was imported."}
    answer = {"status": 404, "code": "no_terrain", "words": words, "where": []}
    page.route("**/v1/relief/141126100001", lambda route: route.fulfill(json=answer, status=404))
    open_plan(page, address)
    page.click(BUTTON)
    page.wait_for_selector("#notice:not([hidden])")
    assert "没有导入地形" in page.locator("#notice").inner_text()
    assert page.locator(BUTTON).get_attribute("aria-pressed") == "false"
    page.met_errors.clear()  # the browser itself notes a 404
