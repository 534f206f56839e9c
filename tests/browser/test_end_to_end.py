"""The real application on the sample, in Chromium: sign in, look, save, edit, publish, look up."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
import pytest
import shapely

from api.app import create_app
from api.settings import Settings
from spatial import planning
from spatial.planning import sayings
from spatial.store import keys
from spatial.store.engine import Store
from tests.browser.conftest import served, watched_page

pytestmark = pytest.mark.browser
SAMPLE = Path(__file__).parents[2] / "data" / "boundaries" / "sample.gpkg"
COMMUNITY, VILLAGE = "141126100001", "141126100200"
LOW_HOUSE = "B0100"
"""One of the old courtyards of the community."""
FIRST_DAY = dt.date(2026, 1, 1)


def with_a_lump(folder):
    """The sample with 25 households in one low house: no grid of level 3 can hold it in band."""
    file = folder / "sample.gpkg"
    shutil.copy(SAMPLE, file)
    with closing(sqlite3.connect(file)) as place, place:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            place.create_function(name, 1, lambda _: 0)  # named by the triggers of the layer's index
        place.execute("UPDATE buildings SET households = 25 WHERE bid = ?", (LOW_HOUSE,))
        assert place.execute("SELECT changes()").fetchone() == (1,)
        place.execute("DELETE FROM households WHERE bid = ?", (LOW_HOUSE,))
    return file


@pytest.fixture(scope="module")
def prepared(cluster, template, tmp_path_factory):
    """Name of a database with the sample imported and published, and a second plan of the community."""
    name = f"prepared_{os.getpid()}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    with Store.open(cluster.url(name)) as store:
        planning.import_place(store, with_a_lump(tmp_path_factory.mktemp("place")))
        for area in (COMMUNITY, VILLAGE):
            planning.propose(store, area, who="test", publish=True, valid_from=FIRST_DAY)
        planning.propose(store, COMMUNITY, who="test")
    yield name
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Town:
    """A served copy of the prepared database."""

    store: Store
    address: str

    def link(self, role="planner", lasts=dt.timedelta(hours=1)):
        with self.store.transaction() as tx:
            token = keys.new_token(tx, f"{role}-1", role, lasts)
        return f"{self.address}/sign-in?token={token}"

    def draft(self):
        """Number of the plan that is not published."""
        return next(row.id for row in planning.plans(self.store) if not row.published)


@pytest.fixture
def town(cluster, prepared):
    """The real application on a database of the test's own."""
    name = f"e2e_{os.getpid()}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {prepared}")
        with (
            Store.open(cluster.url(name)) as store,
            served(create_app(store, Settings(public_lookup=False))) as address,
        ):
            yield Town(store, address)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Ground:
    """What stands where in a plan, for aiming the mouse."""

    def __init__(self, store, plan_id):
        self.store, self.plan_id = store, plan_id
        self.buildings = planning.plan_buildings(store, plan_id).set_index("bid")
        self.read()

    def read(self):
        view = planning.plan(self.store, self.plan_id)
        self.nodes = {node.id: node for node in view.nodes}
        self.rev, self.published = view.rev, view.published
        self.cells = planning.plan_cells(self.store, self.plan_id)
        grids = planning.plan_grids(self.store, self.plan_id)
        self.shapes = dict(zip(grids["node_id"], grids.geometry, strict=True))

    def leaf_of(self, bid):
        return int(self.cells.loc[self.cells["bid"] == bid, "node_id"].iloc[0])

    def whole_leaves(self):
        """Ordinary leaves of several buildings on one ground, the larger ground first; bids by leaf."""
        own = self.cells.groupby("node_id")["bid"].agg(lambda bids: list(bids.dropna()))
        shared = self.cells[self.cells.duplicated("face", keep=False)]["node_id"]
        good = [n for n, bids in own.items() if len(bids) > 2 and n not in set(shared)]
        whole = self.cells.groupby("bid")["node_id"].nunique()
        good = [n for n in good if all(whole[own[n]] == 1) and len(shapely.get_parts(self.shapes[n])) == 1]
        return {n: own[n] for n in sorted(good, key=lambda n: -self.shapes[n].area)}

    def neighbours(self, node):
        """Leaves under the same parent that share an edge with one."""
        parent, shape = self.nodes[node].parent, self.shapes[node]
        mates = [n for n, other in self.nodes.items() if other.parent == parent and n != node]
        return [n for n in mates if shape.intersection(self.shapes[n]).length > 2e-5]

    def gift(self):
        """A lived-in building that a neighbour may take: bid, its leaf, the neighbour."""
        lived = self.cells.groupby("bid")["households"].sum()
        for leaf, bids in self.whole_leaves().items():
            for bid in (bid for bid in bids if lived[bid] > 0):
                face = self.cells.loc[self.cells["bid"] == bid].geometry.iloc[0]
                for other in self.neighbours(leaf):
                    rest = shapely.union_all(
                        self.cells.loc[(self.cells["node_id"] == leaf) & (self.cells["bid"] != bid)].geometry
                    )
                    if face.intersection(self.shapes[other]).length > 2e-5 and rest.geom_type == "Polygon":
                        return bid, leaf, other
        raise AssertionError("no building to give")

    def spot(self, node):
        """A point well inside a grid, away from its buildings."""
        free = self.shapes[node].difference(shapely.union_all(self.buildings.geometry).buffer(1e-5))
        return inner(max(shapely.get_parts(free), key=lambda part: part.area))


def inner(shape):
    point = shapely.maximum_inscribed_circle(shape)
    return shapely.get_coordinates(point)[0]


def sign_in(page, town, role="planner"):
    page.goto(town.link(role))
    page.wait_for_selector("body[data-ready]")


def open_plan(page, town, plan_id):
    page.goto(f"{town.address}/plan/{plan_id}")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_timeout(200)


def pixel(page, at):
    x, y = page.evaluate("([lon, lat]) => window.wangge.pixel(lon, lat)", [float(at[0]), float(at[1])])
    box = page.locator("#map").bounding_box()
    return box["x"] + x, box["y"] + y


def click(page, at):
    page.mouse.click(*pixel(page, at))
    page.wait_for_timeout(350)  # OpenLayers waits for a second click


def draw(page, *points):
    for at in points[:-1]:
        click(page, at)
    end = pixel(page, points[-1])
    page.mouse.move(*end, steps=4)
    page.mouse.click(*end, click_count=2, delay=20)


def pull(page, here, there):
    page.mouse.move(*pixel(page, here))
    page.mouse.down()
    page.mouse.move(*pixel(page, there), steps=6)
    page.mouse.up()


def shown(page):
    """What the page counts: households by node."""
    return page.evaluate(
        "Object.fromEntries([...wangge.state.nodes.values()].map(n => [n.id, n.households]))"
    )


def agree(page, ground):
    """The page and the store hold the same plan."""
    ground.read()
    assert page.evaluate("wangge.state.rev") == ground.rev
    assert shown(page) == {str(n): node.households for n, node in ground.nodes.items()}
    assert page.locator("#rev").inner_text().endswith(str(ground.rev))


def halving(shape):
    """A line across a grid through its middle, the short way, ending outside."""
    box = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    sides = sorted(((np.hypot(*(box[i + 1] - box[i])), i) for i in range(2)), reverse=True)
    i = sides[0][1]
    a, b = (box[i] + box[i + 1]) / 2, (box[(i + 2) % 4] + box[(i + 3) % 4]) / 2
    return a + (a - b) * 0.08, b + (b - a) * 0.08


def test_sign_in_link_works_once(page, phone, town):
    link = town.link("reader")
    page.goto(link)
    page.wait_for_selector("body[data-ready]")
    assert page.url == f"{town.address}/maps/town"
    phone.goto(link)
    assert "已用过或已过期" in phone.locator("body").inner_text()
    phone.goto(f"{town.address}/maps/town")
    assert "请先登录" in phone.locator("body").inner_text()
    assert len(phone.met_errors) == 2
    assert all("401" in text for text in phone.met_errors)
    phone.met_errors.clear()


def test_town_map(page, town):
    sign_in(page, town, "reader")
    title = page.locator("#wg-title").inner_text()
    assert title.endswith("网格图")
    assert page.locator("#wg-sample").inner_text() == "示例数据"
    counts = {}
    for mode in ("1", "2", "3"):
        page.click(f'[data-mode="{mode}"]')
        counts[mode] = page.locator(".leaflet-grids-pane path").count()
    assert counts["1"] < counts["2"] < counts["3"]
    page.click('[data-mode="1"]')
    labels = page.locator(".wg-label.area").all_inner_texts()
    assert sorted(labels) == ["城关村", "城镇社区"]
    water = page.locator(".wg-label.water").all_inner_texts()
    assert water.count("屈产河") == 1
    assert set(water) <= {"屈产河", "城关沟"}
    page.locator(".leaflet-grids-pane path").nth(2).click(force=True)
    assert page.locator(".wg-card h2").inner_text()
    page.fill("#wg-q", "1-02-02")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(".wg-card .wg-short").inner_text() == "1-02-02"
    page.click("#wg-lang")
    assert page.locator("#wg-title").inner_text().endswith("grid map")
    assert page.locator("#wg-sample").inner_text() == "Sample data"
    card = page.locator(".wg-card").inner_text()
    assert "level-3 grid" in card
    assert "_" not in card
    assert not [text for text in page.locator(".wg-label").all_inner_texts() if "_" in text]


def test_grid_page_and_back(page, town):
    sign_in(page, town, "reader")
    page.goto(f"{town.address}/maps/grid/{COMMUNITY}001")
    page.wait_for_selector("body[data-ready]")
    assert page.locator(".wg-card h2").inner_text() == page.locator("#wg-title").inner_text()
    assert page.locator("#wg-list .wg-item").count() > 3
    page.locator("#wg-list .wg-item").first.click()
    page.click(".wg-open")
    page.wait_for_selector("body[data-ready]")
    assert "/maps/grid/" in page.url
    assert page.url != f"{town.address}/maps/grid/{COMMUNITY}001"
    page.click("#wg-back")
    page.wait_for_url("**/maps/town")


def test_one_file_opens_from_disk_without_network(page, town, tmp_path):
    sign_in(page, town, "reader")
    with page.expect_download() as saved:
        page.click("#wg-export")
    file = tmp_path / "map.html"
    saved.value.save_as(file)
    context = page.context.browser.new_context(offline=True)
    errors = []
    alone = context.new_page()
    alone.on("pageerror", lambda error: errors.append(str(error)))
    alone.on("requestfailed", lambda request: errors.append(request.url))
    alone.goto(file.as_uri())
    alone.wait_for_selector("body[data-ready]")
    alone.click('[data-mode="3"]')
    assert alone.locator(".leaflet-grids-pane path").count() > 60
    assert alone.locator("#wg-sample").inner_text() == "示例数据"
    assert alone.locator("#wg-export").is_hidden()
    context.close()
    assert errors == []


def test_give_split_merge_undo(page, town):
    sign_in(page, town)
    plan_id = town.draft()
    ground = Ground(town.store, plan_id)
    bid, leaf, other = ground.gift()
    open_plan(page, town, plan_id)
    assert page.locator("#sample").inner_text() == "示例数据"
    before = shown(page)
    moved = int(ground.cells.loc[ground.cells["bid"] == bid, "households"].sum())

    page.keyboard.press("h")
    click(page, inner(ground.buildings.geometry[bid]))
    assert page.locator(f'[data-offer="{other}"]').count() == 1
    click(page, ground.spot(other))
    page.wait_for_selector("text=已划转")
    agree(page, ground)
    assert ground.leaf_of(bid) == other
    assert shown(page)[str(leaf)] == before[str(leaf)] - moved
    assert shown(page)[str(other)] == before[str(other)] + moved
    assert page.locator('[data-count="node"]').inner_text() == f"{before[str(other)] + moved} 户"

    largest = next(n for n in ground.whole_leaves() if n not in {leaf, other})
    households = ground.nodes[largest].households
    page.keyboard.press("k")
    draw(page, *halving(ground.shapes[largest]))
    page.wait_for_selector("text=已分割")
    known = set(ground.nodes)
    agree(page, ground)
    (new,) = set(ground.nodes) - known
    assert ground.nodes[largest].households + ground.nodes[new].households == households
    assert page.locator("#seam.good").count() == 1

    page.keyboard.press("m")
    click(page, ground.spot(largest))
    click(page, ground.spot(new))
    page.wait_for_selector("text=已合并")
    agree(page, ground)
    assert households in {ground.nodes[n].households for n in (largest, new) if n in ground.nodes}

    for _ in range(3):
        page.wait_for_selector("#notice", state="hidden")
        page.keyboard.press("Control+z")
        page.wait_for_selector("text=已撤销")
    agree(page, ground)
    assert shown(page) == before
    assert page.locator("#tool-undo").is_disabled()


def test_refused_line_stays_with_its_reason(page, town):
    sign_in(page, town)
    ground = Ground(town.store, town.draft())
    open_plan(page, town, town.draft())
    largest = next(iter(ground.whole_leaves()))
    a, b = halving(ground.shapes[largest])
    page.click("#tool-split")
    draw(page, a + (b - a) * 0.35, a + (b - a) * 0.6)
    page.wait_for_selector("#notice >> text=修改后重试")
    assert "线已保留" in page.locator("#notice").inner_text()
    assert page.evaluate("wangge.map.drawn.getSource().getFeatures().length") == 1
    agree(page, ground)
    assert ground.rev == 0
    page.click("#notice >> text=放弃")
    assert page.evaluate("wangge.map.drawn.getSource().getFeatures().length") == 0


def test_a_reason_is_said_corrected_and_taken_back(page, town):
    sign_in(page, town)
    plan = town.draft()
    ground = Ground(town.store, plan)
    open_plan(page, town, plan)
    largest = next(iter(ground.whole_leaves()))
    a, b = halving(ground.shapes[largest])
    page.keyboard.press("y")
    draw(page, a, b)
    page.wait_for_selector("[data-saying]")
    said = sayings.said_of(town.store, COMMUNITY)
    page.click('[data-saying] [aria-label^="改正"]')
    page.fill("#say-name", "新围墙")
    page.select_option("#say-class", "river")
    page.wait_for_timeout(400)  # the map goes there
    pull(page, a, a + (b - a) * 0.2)
    page.click("#saying-keep")
    page.wait_for_selector("[data-saying] >> text=新围墙")
    (now,) = sayings.said_of(town.store, COMMUNITY).itertuples()
    assert (now.id, now.name) == (said["id"].iloc[0], "新围墙")
    assert now.geometry.length < 0.95 * said.geometry.iloc[0].length
    page.click('[data-saying] [aria-label^="改正"]')
    page.fill("#say-name", "不要")
    page.click("#saying-leave")
    page.wait_for_selector("#saying-keep", state="detached")
    page.click('[data-saying] [aria-label^="收回"]')
    page.wait_for_selector("[data-saying]", state="detached")
    assert sayings.said_of(town.store, COMMUNITY).empty


def test_a_second_planner_with_an_old_revision_is_told(page, chromium, town):
    plan_id = town.draft()
    ground = Ground(town.store, plan_id)
    bid, _, other = ground.gift()
    sign_in(page, town)
    open_plan(page, town, plan_id)
    with watched_page(chromium, "desk") as second:
        sign_in(second, town)
        second.route("**/events*", lambda route: route.fulfill(status=204))  # it hears of nothing
        open_plan(second, town, plan_id)
        for one in (page, second):
            one.keyboard.press("h")
            click(one, inner(ground.buildings.geometry[bid]))
            click(one, ground.spot(other))
            one.wait_for_selector("#notice:visible")
        assert "已划转" in page.locator("#notice").inner_text()
        assert "已载入最新状态" in second.locator("#notice").inner_text()
        second.wait_for_function("wangge.state.rev === 1")
        agree(second, ground)
        assert ground.leaf_of(bid) == other


def test_publish_then_the_map_and_the_look_up_answer(page, town):
    sign_in(page, town)
    plan_id = town.draft()
    ground = Ground(town.store, plan_id)
    bid, _, other = ground.gift()
    at = inner(ground.buildings.geometry[bid])
    asked = f"{town.address}/v1/locate?lon={at[0]:.9f}&lat={at[1]:.9f}&crs=wgs84"
    before = page.request.get(asked).json()
    open_plan(page, town, plan_id)
    page.keyboard.press("h")
    click(page, at)
    click(page, ground.spot(other))
    page.wait_for_selector("text=已划转")
    for step in ("submit", "approve", "publish"):
        page.click("#publish")
        page.click(f"#review-{step}")
    page.wait_for_selector("#dialog input[data-node]")
    boxes = page.locator("#dialog input[data-node]")
    wanted = sum(node.in_band is False for node in planning.plan(town.store, plan_id).nodes)
    assert boxes.count() == wanted > 0
    assert page.locator("#pub-go").is_disabled()
    assert "未接受" in page.locator("#pub-why").inner_text()
    for i in range(wanted):
        boxes.nth(i).check()
    page.click("#pub-go")
    page.click("#pub-map")
    page.wait_for_url("**/maps/town*")
    page.wait_for_selector("body[data-ready]")
    after = page.request.get(asked).json()
    assert (before["status"], after["status"]) == ("inside", "inside")
    assert after["edition"] > before["edition"]
    ground.read()
    assert ground.published
    leaf = after["matches"][0]["chain"][-1]
    page.fill("#wg-q", leaf["code"])
    page.keyboard.press("Enter")
    card = page.locator(".wg-card").inner_text()
    assert leaf["name"] in card
    assert f"{ground.nodes[other].households}户" in card
    open_plan(page, town, plan_id)
    assert page.locator("#tool-split").is_disabled()
    assert page.locator("#publish").is_disabled()


def test_a_reader_may_look_but_not_plan(page, town):
    sign_in(page, town, "reader")
    answer = page.goto(f"{town.address}/plan/{town.draft()}")
    assert answer.status == 403
    assert page.locator("#tools").count() == 0
    assert "规划员" in page.locator("body").inner_text()
    asked = {"base_rev": 0, "action": {"kind": "merge", "nodes": [1, 2]}}
    answer = page.request.post(
        f"{town.address}/v1/plans/{town.draft()}/moves", data=asked, headers={"X-Wangge": "1"}
    )
    assert (answer.status, answer.json()["code"]) == (403, "role_too_low")
    assert all("403" in text for text in page.met_errors)
    page.met_errors.clear()


def test_phone(phone, town):
    sign_in(phone, town)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.fill("#wg-q", "1-02-02")
    phone.keyboard.press("Enter")
    assert phone.locator(".wg-card .wg-short").inner_text() == "1-02-02"
    ground = Ground(town.store, town.draft())
    open_plan(phone, town, town.draft())
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    leaf = next(iter(ground.whole_leaves()))
    phone.touchscreen.tap(*pixel(phone, ground.spot(leaf)))
    phone.wait_for_selector(f'[data-node="{leaf}"]')
    assert phone.locator('[data-count="node"]').inner_text() == f"{ground.nodes[leaf].households} 户"


def test_docs_by_swagger_under_the_strict_policy(page, town):
    answer = page.goto(f"{town.address}/docs")
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    page.wait_for_selector(".opblock-summary-path")
    assert page.locator(".opblock").count() >= 15
    page.locator(".opblock-summary-path", has_text="/v1/locate").first.click()
    page.wait_for_selector(".opblock-description")
