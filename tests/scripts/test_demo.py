"""`script/demo` as a person starts it: the story published, the town served, stopped by Ctrl-C and SIGTERM.

The story's numbers (60 / 212 / 1,113 and 84 / 471) are counted in PostGIS.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.boundaries.lingquan.generator.people import SEATS
from spatial.store.cluster import Cluster
from spatial.store.engine import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
FIRST_START_S = 540  # three times the 3 minutes that are promised
SECOND_START_S = 30  # three times the 10 s that are promised

COUNTED = """
    SELECT substr(area_code, 10, 1) = '2' AS village, level, kind, count(*),
           count(*) FILTER (WHERE households = 0), min(households), max(households), count(reason),
           bool_and(ST_IsValid(geom) AND ST_Area(geom) > 0)
    FROM published.grids WHERE level > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
SEATED = """
    SELECT area_code, level, count(*) FROM published.grids
    WHERE level > 1 GROUP BY 1, 2 ORDER BY 1, 2
"""

pytestmark = pytest.mark.skipif(
    not (ROOT / ".venv/stamp-demo").exists(), reason="the environment was not made by script/setup"
)


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="wangge-demo-"))
    yield folder
    Cluster(folder).stop(force=True)
    shutil.rmtree(folder, ignore_errors=True)


def environment(data_dir: Path) -> dict[str, str]:
    """The caller's, with a database folder of the demo's own."""
    return {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"WANGGE_DATA_DIR": str(data_dir)}


@pytest.fixture(scope="module")
def published(data_dir: Path) -> dict[str, Any]:
    """What the demo printed on its first start, and what PostGIS answers then."""
    done = subprocess.run(
        ["script/demo", "--no-serve"],
        cwd=ROOT, env=environment(data_dir), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=FIRST_START_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    with Store.open(None, data_dir=data_dir) as store, store.transaction() as tx:
        return {"printed": done.stdout} | {q: tx.execute(text(q)).all() for q in (COUNTED, SEATED)}


@pytest.fixture(scope="module")
def counted(published: dict[str, Any]) -> dict[tuple[str, int, str], tuple[Any, ...]]:
    """Grids of the published story by division, level and kind."""
    return {("village" if row[0] else "community", row[1], row[2]): row[3:] for row in published[COUNTED]}


@contextmanager
def demo(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running demo and what it printed up to the curl line; killed at the end if it still runs."""
    began = time.monotonic()
    process = subprocess.Popen(
        ["script/demo", "--port", "0"],
        cwd=ROOT,
        env=environment(data_dir),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    printed = ""
    try:
        for line in process.stdout or ():
            printed += line
            if "curl " in line:
                break
        assert "curl " in printed, printed
        assert time.monotonic() - began < SECOND_START_S, printed
        yield process, printed
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def visitor() -> Callable[[str], tuple[int, str]]:
    """A browser that keeps its cookies: address in, status and text out."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def fetch(url: str) -> tuple[int, str]:
        with browser.open(url, timeout=60) as answer:
            return answer.status, answer.read().decode()

    return fetch


def test_the_numbers_are_those_of_the_story(counted: dict[tuple[str, int, str], tuple[Any, ...]]) -> None:
    assert {key: row[0] for key, row in counted.items()} == {
        ("community", 1, "dedicated"): 12,
        ("community", 1, "ordinary"): 48,
        ("community", 2, "ordinary"): 212,
        ("community", 3, "ordinary"): 1113,
        ("village", 1, "ordinary"): 84,
        ("village", 2, "ordinary"): 471,
    }


def test_every_residential_grid_is_in_band_and_lived_in(
    counted: dict[tuple[str, int, str], tuple[Any, ...]],
) -> None:
    bands = {
        ("community", 1): (300, 500),
        ("community", 2): (50, 100),
        ("community", 3): (10, 20),
        ("village", 2): (10, 20),
    }
    for (division, level, kind), (_, empty, least, most, reasons, sound) in counted.items():
        low, high = bands.get((division, level), (1, 1_000))
        if kind == "ordinary":
            assert (empty, reasons, sound) == (0, 0, True), (division, level)
            assert low <= least <= most <= high, (division, level)


def test_the_staff_of_the_sample_has_a_grid_for_every_seat(published: dict[str, Any]) -> None:
    found: dict[str, tuple[int, ...]] = {}
    for code, _, count in published[SEATED]:
        found[code] = (*found.get(code, ()), count)
    assert found == SEATS


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_demo_serves_and_stops(data_dir: Path, published: dict[str, Any], stop: signal.Signals) -> None:
    with demo(data_dir) as (process, printed):
        links = re.findall(r"http://127\.0\.0\.1:\d+/[^\s']+", printed)
        locate = next(link for link in links if "/v1/locate?" in link)
        status, answer = visitor()(locate)
        assert (status, json.loads(answer)["status"]) == (200, "inside")
        fetch = visitor()
        assert fetch(next(link for link in links if "/sign-in?" in link))[0] == 200
        base = locate.partition("/v1/")[0]
        assert "灵泉镇" in fetch(f"{base}/maps/town")[1]
        places = {place["code"]: place for place in json.loads(fetch(f"{base}/v1/places")[1])["places"]}
        assert len(places) == 26
        assert all(place["sample"] for place in places.values())
        for noun, least in (("cases", 300), ("hazards", 25)):
            found = json.loads(fetch(f"{base}/v1/{noun}?limit=1000")[1])["features"]
            assert len(found) >= least
            assert all(one["properties"]["grid"] and one["properties"]["area_code"] for one in found)
        staff = json.loads(fetch(f"{base}/v1/staff/vacancies?area=141126100")[1])["grids"]
        assert 0 < sum(grid["vacant"] for grid in staff) < len(staff) / 20

        assert Cluster(data_dir).status().running
        os.killpg(process.pid, stop)
        assert process.wait(timeout=60) == 0
    assert not Cluster(data_dir).status().running
    assert "edition" in published["printed"]
    assert "edition" not in printed, "only the first start proposes"
