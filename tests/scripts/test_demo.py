"""`script/demo` as a person starts it: the town served, second start quick, stopped by Ctrl-C and SIGTERM."""

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
from typing import TYPE_CHECKING

import pytest

from spatial.store.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
FIRST_START_S = 540  # three times the 3 minutes that are promised
SECOND_START_S = 30  # three times the 10 s that are promised

pytestmark = pytest.mark.skipif(
    not (ROOT / ".venv/stamp-demo").exists(), reason="the environment was not made by script/setup"
)


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="wangge-demo-"))
    yield folder
    Cluster(folder).stop(force=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def demo(data_dir: Path, within_s: float) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running demo and what it printed up to the curl line; killed at the end if it still runs."""
    environment = os.environ | {"WANGGE_DATA_DIR": str(data_dir)}
    environment.pop("DATABASE_URL", None)
    began = time.monotonic()
    process = subprocess.Popen(
        ["script/demo", "--port", "0"],
        cwd=ROOT,
        env=environment,
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
        assert time.monotonic() - began < within_s, printed
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


@pytest.mark.parametrize(
    ("stop", "within_s"), [(signal.SIGINT, FIRST_START_S), (signal.SIGTERM, SECOND_START_S)]
)
def test_demo_serves_and_stops(data_dir: Path, stop: signal.Signals, within_s: float) -> None:
    with demo(data_dir, within_s) as (process, printed):
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
    assert ("edition" in printed) == (stop == signal.SIGINT)  # only the first start proposes
