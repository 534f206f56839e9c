"""A planner begins, in Chromium: choose a place, propose in the background, cancel, open what was made."""

import datetime as dt
import threading

import pytest

from api import jobbing
from api.app import create_app
from api.settings import Settings
from spatial import jobs, planning
from spatial.store import keys
from tests.browser.axe import barriers
from tests.browser.conftest import served
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWN, VILLAGE

pytestmark = pytest.mark.browser


class Clerk:
    """A worker in this process that does one job when it is told to, and stands still half-way if asked."""

    def __init__(self, store):
        self.store, self.go_on = store, threading.Event()
        self.thread = None

    def begin(self, job_id, *, still=False):
        def work(store, row, progress):
            made = jobbing.perform(store, row, progress)
            if still:
                progress("凤城社区 划分第3级", "dividing level 3", 1, 4)
                assert self.go_on.wait(20)
            return made

        self.thread = threading.Thread(target=jobs.perform, args=(self.store, job_id, work))
        self.thread.start()


@pytest.fixture
def town(real_store, tmp_path):
    """A store with half a community and a village, imported."""
    sites = drawn.community(halves=1), drawn.village().shifted(0, 300)
    planning.import_place(real_store, drawn.drawn(*sites).write(tmp_path))
    return real_store


def test_propose_leave_come_back_cancel_and_open(town, page, phone):
    clerk = Clerk(town)
    with served(create_app(town, Settings(public_lookup=False))) as address:
        with town.transaction() as tx:
            tokens = [keys.new_token(tx, "zhao", "planner", dt.timedelta(hours=1)) for _ in range(2)]
        page.goto(f"{address}/sign-in?token={tokens[0]}&next=/plan?area={TOWN}")
        page.wait_for_selector(f'#map path[data-code="{VILLAGE}"].blank')
        assert page.locator(".choice").count() == 2
        page.click(f'#places [data-code="{COMMUNITY}"]')
        page.click('[data-way="propose"]')
        page.check('input[value="targets"]')
        page.click(".asking .buttons button")
        assert barriers(page) == []
        assert page.inner_text(".asking > .wrong") == "请填写至少一级的个数。"
        page.locator(".numbers:not([hidden]) input").nth(2).fill("20")
        page.click(".asking .buttons button")
        page.wait_for_selector('.job[data-state="waiting"] >> text=没有处理进程在运行')
        first = jobs.jobs(town)[0].row
        assert (first.who, first.asked["targets"]) == ("zhao", {"community": [None, None, 20]})

        clerk.begin(first.id, still=True)
        page.wait_for_selector('.job[data-state="running"] progress[value="25"]')
        page.goto("about:blank")
        page.goto(f"{address}/plan?area={COMMUNITY}")
        page.click('.job[data-state="running"] button')
        page.wait_for_selector(".job .stopping")
        clerk.go_on.set()
        page.wait_for_selector('.job[data-state="cancelled"]')
        clerk.thread.join()
        assert planning.plans(town) == []

        page.click('[data-way="propose"]')
        page.click(".asking .buttons button")
        page.wait_for_selector('.job[data-state="waiting"]')
        clerk.begin(jobs.jobs(town)[0].row.id)
        page.wait_for_selector(f'#map path[data-code="{COMMUNITY}"].drafted')
        made = planning.plans(town)[0].id
        page.click('.job[data-state="done"] a')
        page.wait_for_url(f"**/plan/{made}?lang=zh")
        clerk.thread.join()

        phone.goto(f"{address}/sign-in?token={tokens[1]}&next=/plan?area={COMMUNITY}")
        phone.wait_for_selector('.job[data-state="done"]')
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        phone.click("#lang")
        assert phone.inner_text("#work-title") == "Jobs"
        assert phone.inner_text(f'#places [data-code="{VILLAGE}"] .state') == "Not divided"
