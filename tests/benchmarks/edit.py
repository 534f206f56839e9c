"""``script/bench edit``: the planner's page in Chromium on the sample town, and random edits, proved.

The sample town is imported and proposed into a database of its own and served by ``wangge serve``; a real
mouse edits its largest community with the whole town on the map. Figures of a page are beside a floor in the
same run (bare OpenLayers with the same polygons); absolute limits are of a quiet machine. The exit code is 1
where a figure is not reached.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import BrowserContext, sync_playwright

from tests.benchmarks.moves import main as walk
from tests.benchmarks.page import Planner, first_picture_ms, pan_ms
from tests.benchmarks.table import CONSOLE, Reach, ratio, show, verdict

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "boundaries" / "lingquan" / "lingquan.gpkg"
TOWN = "141126100"
TARGETS = ("community=60,212,1113", "village=84,471")
PAIRS = 7
"""Interleaved pairs of a ratio (design.md section 6)."""
EDITS = 40
STROKE_CELLS = 200
CHROMIUM = "/usr/bin/chromium"
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
UNTIMED = ("--disable-frame-rate-limit", "--disable-gpu-vsync")
"""A frame begins when the one before is done, not when a screen wants it."""


def wangge(*words: str) -> str:
    """Run one command of wangge; what it printed last."""
    done = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", *words],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


@contextmanager
def served_town() -> Iterator[Callable[[], str]]:
    """Serve the sample town with a draft of every basic grid; gives what makes sign-in addresses."""
    with tempfile.TemporaryDirectory(prefix="wangge-bench-") as folder, socket.socket() as probe:
        Path(folder).chmod(0o755)
        os.environ["WANGGE_DATA_DIR"] = str(Path(folder) / "data")
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        wangge("import", str(SAMPLE))
        wangge("propose", "--area", TOWN, *(word for target in TARGETS for word in ("--targets", target)))
        command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", port]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                _wait(int(port))
                yield lambda: re.sub(r":\d+/", f":{port}/", wangge("sign-in-link", "--role", "planner"))
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError("wangge serve did not listen within a minute")


def signed_in(context: BrowserContext, link: str) -> Planner:
    """Sign in, and find the largest community of the town."""
    page = context.new_page()
    page.goto(link)
    page.wait_for_url("**/*")
    return Planner.of_largest(page, link.split("/sign-in", maxsplit=1)[0], TOWN)


def measured_pan(context: BrowserContext, link: str) -> list[Reach]:
    """Drag the whole town beside a bare map of the same polygons."""
    planner = signed_in(context, link)
    planner.open()
    polygons = planner.whole_town()
    ours, our_scripts, bare, their_scripts = zip(*(pan_ms(planner.page) for _ in range(PAIRS)), strict=True)
    show(
        "a pan of the whole town, ms a frame / 平移全镇，每帧毫秒",
        ("what", "ours", "bare OpenLayers"),
        [
            ("frame, scripts and painting", f"{np.median(ours):.1f}", f"{np.median(bare):.1f}"),
            ("scripts alone", f"{np.median(our_scripts):.1f}", f"{np.median(their_scripts):.1f}"),
        ],
    )
    middle, low, high = ratio(ours, bare)
    return [
        Reach(
            f"pan frame / bare OpenLayers, {polygons} polygons",
            f"{middle:.2f} ({low:.2f}-{high:.2f})", "<= 1.2", middle <= 1.2,
        )
    ]  # fmt: skip


def measured_edits(context: BrowserContext, link: str) -> list[Reach]:
    """Open and edit the largest community of the town."""
    planner = signed_in(context, link)
    pictures = [first_picture_ms(context, planner.address) for _ in range(PAIRS)]
    planner.open()
    edits, undos, server = planner.edits(EDITS)
    strokes = planner.strokes(STROKE_CELLS, PAIRS)
    show(
        "the planner's page, ms / 规划页",
        ("step", "median", "p95"),
        [
            (name, f"{np.median(values):.0f}", f"{np.quantile(values, 0.95):.0f}")
            for name, values in (
                ("first picture", pictures),
                ("edit, mouse-up to borders", edits), ("undo", undos), ("server's share", server),
                (f"{STROKE_CELLS} cells in one stroke", strokes),
            )
        ],
    )  # fmt: skip
    return [
        _limit("first useful picture, median", float(np.median(pictures)), 1500),
        _limit("edit, p95", float(np.quantile(edits, 0.95)), 150),
        _limit("undo, p95", float(np.quantile(undos, 0.95)), 150),
        _limit("server's share of an edit, p95", float(np.quantile(server, 0.95)), 60),
        _limit(f"{STROKE_CELLS} cells in one stroke, median", float(np.median(strokes)), 250),
    ]  # fmt: skip


def _limit(what: str, found_ms: float, limit_ms: float) -> Reach:
    return Reach(what, f"{found_ms:.0f} ms", f"<= {limit_ms:.0f} ms", found_ms <= limit_ms)


def bundle() -> Reach:
    """Weigh the scripts that the planner's page loads, each gzipped."""
    static = ROOT / "maps" / "static"
    files = (static / "vendor" / "ol.js", static / "pages" / "plan" / "main.js")
    size_kb = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files) / 1000
    return Reach("scripts of the page, gzipped", f"{size_kb:.0f} kB", "<= 350 kB", size_kb <= 350)


def main(words: Sequence[str] | None = None) -> int:
    """Measure the page, weigh its scripts, make random moves; 1 where a figure is not reached."""
    parser = argparse.ArgumentParser(prog="script/bench edit", description=__doc__)
    parser.add_argument("--moves", type=int, default=10_000, help="random moves, each under the seam proof")
    parser.add_argument("--no-page", action="store_true", help="random moves only")
    asked = parser.parse_args(words)
    reaches = [bundle()]
    if not asked.no_page:
        with served_town() as sign_in, sync_playwright() as playwright:
            for measured, more in ((measured_pan, UNTIMED), (measured_edits, ())):
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, *more])
                reaches += measured(browser.new_context(viewport={"width": 1440, "height": 900}), sign_in())
                browser.close()
    CONSOLE.print(f"{asked.moves} random moves …")
    walk(asked.moves)  # raises where a seam breaks
    reaches.append(Reach("random moves under the seam proof", str(asked.moves), "all held", held=True))
    return int(verdict(reaches) > 0)


if __name__ == "__main__":
    sys.exit(main())
