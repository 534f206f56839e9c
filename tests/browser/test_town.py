"""The town map in Chromium: levels, search, card, language, phone, one file, names with script in them."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from maps.page import Extras, town_page
from maps.style import RAMPS
from tests.browser.conftest import served
from tests.browser.stub import Plan, make_app
from tests.maps.frames import AREA, SOUTH, STEP, WEST, duty, face, grid_row, relief, town

pytestmark = pytest.mark.browser
MAP = "Object.values(window).find(one => one instanceof L.Map)"
NASTY = '</script><img src=x onerror="window.hacked=1">`${window.hacked=1}`'


def open_town(page, address):
    page.goto(f"{address}/maps/town")
    page.wait_for_selector("body[data-ready]")
    return page


def shown_paths(page):
    return page.locator(".leaflet-grids-pane path").count()


def test_levels_switch(page, address):
    open_town(page, address)
    for mode, count in {"1": 1, "2": 2, "3": 6, "all": 6}.items():
        page.click(f'[data-mode="{mode}"]')
        assert shown_paths(page) == count
        assert page.get_attribute(f'[data-mode="{mode}"]', "aria-checked") == "true"


def test_three_cues_on_the_map(page, address):
    open_town(page, address)
    page.click('[data-mode="3"]')
    found = fills(page)
    assert found.count("url(#wg-under)") == 1
    assert found.count("url(#wg-over)") == 1
    assert [found.count(colour) for colour in RAMPS["band"]] == [1, 2, 1]
    labels = page.locator(".wg-label").all_inner_texts()
    assert any("▼8户" in text for text in labels)
    assert any("▲24户" in text for text in labels)


def test_search_by_keyboard_opens_the_card(page, address):
    open_town(page, address)
    page.fill("#wg-q", "1-02-02")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    card = page.locator(".wg-card").inner_text()
    assert "1-02-02" in card
    assert f"{AREA}0010202" in card
    assert page.get_attribute(".wg-open", "href") == f"/maps/grid/{AREA}0010202"
    page.keyboard.press("Escape")
    page.locator("#wg-q").evaluate("node => node.blur()")
    page.keyboard.press("Escape")
    assert page.locator(".wg-card").count() == 0


def test_search_for_a_large_grid_goes_near_to_it(page, address):
    open_town(page, address)
    zoom = f"{MAP}.getZoom()"
    page.evaluate(f"{MAP}.zoomOut(2, {{animate: false}})")
    far = page.evaluate(zoom)
    page.fill("#wg-q", "凤城社区")
    page.keyboard.press("Enter")
    assert "凤城社区" in page.locator(".wg-card h2").inner_text()
    assert page.evaluate(zoom) >= far + 1


def test_search_takes_other_words_for_a_building_and_its_number(page, address):
    open_town(page, address)
    for said in ("7幢", "７号楼", "b1-2"):
        page.fill("#wg-q", said)
        assert "7号楼" in page.locator("#wg-hits li").first.inner_text(), said


def test_search_finds_a_building_and_its_grid(page, address):
    open_town(page, address)
    page.fill("#wg-q", "24号楼")
    page.keyboard.press("Enter")
    assert "1-02-03" in page.locator(".wg-card").inner_text()


def test_click_opens_the_card_and_parents_are_links(page, address):
    open_town(page, address)
    page.click('[data-mode="3"]')
    page.locator(".leaflet-grids-pane path").first.click(force=True)
    page.click(".wg-chain button >> nth=0")
    assert page.locator(".wg-card h2").inner_text() == "凤城社区"


def marks(page):
    """Cases on the map: what the clusters count, and those that stand alone."""
    page.wait_for_timeout(100)
    counts = page.locator(".wg-cluster").all_inner_texts()
    return sum(map(int, counts)) + page.locator(".wg-case").count()


def labels(page):
    return " ".join(page.locator(".wg-label.grid").all_inner_texts())


def fills(page):
    return page.eval_on_selector_all(
        ".leaflet-grids-pane path", "all => all.map(p => p.getAttribute('fill'))"
    )


def test_themes_colour_the_grids_and_the_legend_names_their_classes(page, address):
    open_town(page, address)
    page.click('[data-mode="3"]')
    page.click('[data-theme="cases"]')
    assert sorted(fills(page)) == sorted([RAMPS["cases"][0]] * 3 + [RAMPS["cases"][3]] * 3)
    rows = page.locator("#wg-legend-rows > div").all_inner_texts()
    assert [row.strip() for row in rows[:2]] == ["0件", "1–4件"]
    page.click('[data-theme="hazards"]')
    assert len(set(fills(page))) == 2
    page.click('[data-theme="vacancies"]')
    assert fills(page).count(RAMPS["vacancies"][0]) == 1
    page.click('[data-mode="2"]')
    assert "空缺" in page.locator("#wg-legend-rows h4").first.inner_text()
    page.click("#wg-lang")
    page.click('[data-mode="3"]')
    rows = [row.strip() for row in page.locator("#wg-legend-rows > div").all_inner_texts()]
    assert rows[:2] == ["0 posts", "1 post"]


def test_time_and_filters_choose_the_cases(page, address):
    open_town(page, address)
    page.click('[data-mode="3"]')
    page.click('[data-theme="cases"]')
    assert marks(page) == 12
    assert labels(page).count("4件") == 3
    first = int(page.get_attribute("#wg-from", "min"))
    page.locator("#wg-to").evaluate(
        "(input, day) => { input.value = day; input.dispatchEvent(new Event('input')); }", first + 7
    )
    assert page.locator("#wg-told b").inner_text() == "4件"
    assert "2026-01-05 – 2026-01-12" in page.locator("#wg-told").inner_text()
    assert marks(page) == 4
    assert (labels(page).count("2件"), labels(page).count("1件")) == (1, 2)
    page.select_option("#wg-state", "open")
    assert marks(page) == 1
    page.click('[data-layer="cases"]')
    assert marks(page) == 0
    page.click('[data-layer="heat"]')
    assert page.locator("canvas.leaflet-heatmap-layer").count() == 1
    assert page.locator("#wg-legend-rows", has_text="事件疏—密").count() == 1


def darkest(page):
    """Cases that the darkest colour of the heat stands for."""
    return page.evaluate(f"Object.values({MAP}._layers).find(one => one._heat).options.max")


def test_the_heat_is_darkest_where_most_cases_lie_whatever_the_zoom(page, address):
    open_town(page, address)
    page.click('[data-layer="heat"]')
    near = darkest(page)
    page.evaluate(f"{MAP}.zoomOut(6, {{animate: false}})")
    assert near < darkest(page) <= 12
    page.select_option("#wg-state", "open")
    assert darkest(page) <= 3
    page.click('[data-layer="heat"]')
    page.select_option("#wg-state", "")
    page.click('[data-layer="heat"]')
    assert darkest(page) > 3


def test_play_lets_a_window_run(page, address):
    open_town(page, address)
    page.click("#wg-play")
    page.wait_for_function("document.querySelector('#wg-told b').textContent !== '12件'")
    start = page.input_value("#wg-from")
    page.wait_for_function("start => document.querySelector('#wg-from').value !== start", arg=start)
    page.click("#wg-play")
    assert page.get_attribute("#wg-play", "aria-pressed") == "false"
    page.click("#wg-alltime")
    assert page.locator("#wg-told b").inner_text() == "12件"
    assert page.locator("#wg-alltime").is_hidden()


def test_when_the_window_has_run_to_the_end_the_whole_time_stands_again(page, address):
    open_town(page, address)
    page.click("#wg-play")
    page.wait_for_function("document.querySelector('#wg-told b').textContent !== '12件'")
    page.wait_for_selector('#wg-play[aria-pressed="false"]')
    assert page.locator("#wg-told b").inner_text() == "12件"


def test_card_shows_posts_and_what_threatens(page, address):
    open_town(page, address)
    page.fill("#wg-q", "1-02-01")
    page.keyboard.press("Enter")
    card = page.locator(".wg-card")
    assert "李*" in card.locator(".wg-post").inner_text()
    assert card.locator("[data-hazard]").count() == 2
    assert "8户" in card.locator('[data-hazard="1"]').inner_text()
    card.locator('[data-hazard="2"]').click()
    assert "2号滑坡" in page.locator(".wg-card h2").inner_text()
    assert "未划定危险区" in page.locator(".wg-card").inner_text()
    page.fill("#wg-q", "1-01-02")
    page.keyboard.press("Enter")
    assert "空缺" in page.locator(".wg-post.vacant").inner_text()
    page.click("#wg-lang")
    assert page.locator(".wg-post.vacant").inner_text().split() == ["grid", "liaison", "vacant"]


def test_a_hazard_point_says_who_lives_inside_its_area_and_who_watches_it(page, address):
    open_town(page, address)
    page.fill("#wg-q", "1-02-01")
    page.keyboard.press("Enter")
    page.locator('.wg-card [data-hazard="1"]').click()
    grid = page.locator("#wg-card .wg-item")
    assert grid.count() == 1
    assert "8户" in grid.inner_text()
    assert "共16户" in grid.inner_text()
    card = page.locator(".wg-hazard-card").inner_text()
    told = ["刘*", "村党支部书记", "100****0001", "王*", "万立方米", "小型", "降雨", "裂缝计", "铜锣"]
    assert [one for one in told if one not in card] == []
    grid.click()
    assert "1-02-01" in page.locator(".wg-card").inner_text()


def test_a_hazard_point_struck_off_is_told_apart_and_threatens_nothing(page, tmp_path):
    frames = duty()
    frames["hazards"].loc[frames["hazards"]["id"] == 1, "state"] = "struck_off"
    file = tmp_path / "struck.html"
    file.write_text(town_page(town(), title="凤城", inline=True, extras=Extras(duty=frames)), "utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]")
    assert "1处 · 已核销 1" in page.locator(".wg-overview").inner_text()
    assert page.locator("#wg-legend-rows .wg-gone").text_content() == "险隐患 已核销"
    page.fill("#wg-q", "1号滑坡")
    assert "已核销" in page.locator("#wg-hits li").inner_text()
    page.keyboard.press("Enter")
    assert "不再计入" in page.locator(".wg-hazard-card").inner_text()
    assert page.locator("#wg-card .wg-item").count() == 0


def tower(layers):
    """Put floor runs of one stairwell over its ground's grid, and a second stairwell beside them."""
    grids = layers["grids"]
    at = grids["code"] == f"{AREA}0010203"
    grids.loc[at, ["stairwell", "floors"]] = ["1单元", "[1,7)"]
    below = grids[at].iloc[0]
    shape = layers["buildings"].query("bid == 'b5-3'").geometry.iloc[0]
    halves = [shapely.box(*half) for half in halved(*shape.bounds)]
    runs = [("1单元", "[7,13)", halves[0]), ("1单元", "[13,19)", halves[0]), ("2单元", None, halves[1])]
    rows = [
        {
            **below, "code": f"{AREA}00102{n}", "short": f"1-02-{n}", "stairwell": well, "floors": floors,
            "geometry": part, "households": 12,
        }
        for n, (well, floors, part) in enumerate(runs, start=11)
    ]  # fmt: skip
    layers["grids"] = pd.concat([grids, gpd.GeoDataFrame(rows, crs=4326)], ignore_index=True)
    return layers


def halved(west, south, east, north):
    middle = (west + east) / 2
    return (west, south, middle, north), (middle, south, east, north)


def test_a_tower_offers_its_floors_and_stairwells_the_lowest_at_the_bottom(page, tmp_path):
    folder = tmp_path / "tower.html"
    folder.write_text(town_page(tower(town()), title="凤城", inline=True), encoding="utf-8")
    page.goto(folder.as_uri())
    page.wait_for_selector("body[data-ready]")
    page.click('[data-mode="3"]')
    page.locator(".leaflet-grids-pane path").last.click()
    section = page.locator(".wg-section")
    assert [b.inner_text().split()[0] for b in section.locator(".well").all()] == ["1单元", "2单元"]
    first = section.locator(".well").first.locator("button")
    assert [floor.split()[0] for floor in first.all_inner_texts()] == ["13–18层", "7–12层", "1–6层"]
    first.first.click()
    assert "1-02-12" in page.locator(".wg-short").inner_text()
    assert section.locator('[aria-pressed="true"]').inner_text().startswith("13–18层")
    section.locator(".well").last.locator("button").click()
    assert "1-02-13" in page.locator(".wg-short").inner_text()


def test_groups_of_a_village_are_lettered_by_their_names(page, tmp_path):
    layers = town(name="马村")
    at = layers["grids"]["code"] == f"{AREA}001"
    layers["grids"].loc[at, "name"] = "马村一组"
    file = tmp_path / "village.html"
    file.write_text(town_page(layers, title="马村", inline=True), encoding="utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]")
    page.click('[data-mode="1"]')
    assert "一组" in page.locator(".wg-label.grid .n").all_inner_texts()


def crowded():
    """Draw one wide village and six narrow communities that have no room for their names."""
    layers = town()
    narrow = [shapely.union_all([face(column, row) for row in range(4)]) for column in range(6)]
    wide = shapely.box(WEST - 30 * STEP, SOUTH - 30 * STEP, WEST - STEP, SOUTH + 40 * STEP)
    whole = {"parent": "141126100", "households": 95, "band": (None, None), "kind": "basic"}
    rows = [
        grid_row(f"{AREA[:-1]}{n}", None, 0, f"第{n}社区（示例）", geometry=shape, **whole)
        for n, shape in enumerate([wide, *narrow])
    ]
    layers["grids"] = gpd.GeoDataFrame(rows, crs=4326)
    return layers


def test_every_basic_grid_keeps_its_name_beside_crowded_cases(page, tmp_path):
    file = tmp_path / "crowded.html"
    file.write_text(town_page(crowded(), title="凤城", inline=True, extras=Extras(duty=duty())), "utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]")
    names = page.locator(".wg-label.big")
    assert sorted(t.split()[0] for t in names.all_inner_texts()) == [f"第{n}社区" for n in range(7)]
    boxes = [label.bounding_box() for label in names.all()]
    assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    clusters = [mark.bounding_box() for mark in page.locator(".wg-cluster").all()]
    assert clusters
    assert not any(overlap(a, b) for a in boxes for b in clusters)
    assert page.locator(".wg-leader").count() >= 5
    leaders, over = (
        f"getComputedStyle(document.querySelector('.leaflet-{name}-pane')).zIndex"
        for name in ("leaders", "marks")
    )
    assert page.evaluate(f"+{leaders} < +{over}"), "a line strikes out the number of a cluster"


def test_language_switch(page, address):
    open_town(page, address)
    assert "界线不作为划界依据" in page.locator(".wg-foot").inner_text()
    assert page.locator("#wg-sample").inner_text() == "示例数据"
    page.click("#wg-lang")
    assert "Borders are no legal ground" in page.locator(".wg-foot").inner_text()
    assert page.locator("#wg-sample").inner_text() == "Sample data"
    assert page.locator("html").get_attribute("lang") == "en"


def test_grid_page(page, address):
    page.goto(f"{address}/maps/grid/{AREA}00101")
    page.wait_for_selector("body[data-ready]")
    assert page.locator(".wg-card h2").inner_text() == "凤城社区第1组"
    assert page.locator("#wg-list .wg-item").count() == 3


def test_phone_grid_page_shows_its_grid_above_the_sheet(phone, address):
    for code in (f"{AREA}001", f"{AREA}00101", f"{AREA}0010203"):
        phone.goto(f"{address}/maps/grid/{code}")
        phone.wait_for_selector("body.wg-open-sheet[data-ready]")
        phone.wait_for_timeout(500)
        grid = phone.locator(".leaflet-chosen-pane path").last.bounding_box()
        levels, sheet = (phone.locator(name).bounding_box() for name in (".wg-levels", "#wg-panel"))
        assert grid["y"] >= levels["y"] + levels["height"]
        assert grid["y"] + grid["height"] <= sheet["y"]
        assert grid["x"] >= 0
        assert grid["x"] + grid["width"] <= 390
        assert grid["height"] > 60


def test_phone_controls_do_not_overlap(phone, address):
    open_town(phone, address)
    names = [
        ".wg-levels",
        "#wg-layers",
        "#wg-time",
        ".wg-zoom",
        ".wg-north",
        "#wg-legend",
        ".wg-head",
        "#wg-panel",
        ".wg-foot",
    ]
    boxes = {name: phone.locator(name).bounding_box() for name in names}
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            assert not overlap(boxes[a], boxes[b]), f"{a} lies over {b}"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.fill("#wg-q", "1-01-02")
    phone.keyboard.press("Enter")
    phone.wait_for_timeout(400)
    assert phone.locator(".wg-card").bounding_box()["y"] > 300


def test_phone_legend_is_not_cut_in_english(phone, address):
    open_town(phone, address)
    phone.click("#wg-lang")
    phone.click("#wg-layers summary")
    phone.click('[data-layer="heat"]')
    phone.click("#wg-layers summary")
    phone.click("#wg-legend summary")
    assert phone.locator("#wg-legend").evaluate("box => box.scrollWidth <= box.clientWidth")


def overlap(a, b):
    across = a["x"] < b["x"] + b["width"] - 1 and b["x"] < a["x"] + a["width"] - 1
    return across and a["y"] < b["y"] + b["height"] - 1 and b["y"] < a["y"] + a["height"] - 1


def test_one_file_opens_from_disk(page, tmp_path):
    file = tmp_path / "map.html"
    extras = Extras(duty=duty(), relief=relief(), relief_url="/v1/relief/141126100.png")
    file.write_text(
        town_page(town(), title="灵泉镇", inline=True, sample=True, extras=extras), encoding="utf-8"
    )
    page.context.set_offline(True)
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]")
    page.click('[data-mode="3"]')
    assert shown_paths(page) == 6
    assert page.locator(".wg-open").count() == 0
    assert page.locator("#wg-sample").inner_text() == "示例数据"
    assert page.locator(".leaflet-relief-pane img").evaluate("image => image.naturalWidth") == 1
    page.click('[data-theme="vacancies"]')
    assert marks(page) == 12


def test_script_in_names_never_runs(page):
    layers = town(name=NASTY)
    layers["buildings"]["name"] = NASTY
    layers["features"]["name"] = NASTY
    with served(make_app(Plan(), layers)) as address:
        open_town(page, address)
        page.click('[data-mode="3"]')
        page.fill("#wg-q", "window.hacked")
        page.keyboard.press("Enter")
        assert "<img src=x" in page.locator(".wg-card").inner_text()
        page.wait_for_timeout(200)
        assert page.evaluate("window.hacked") is None
