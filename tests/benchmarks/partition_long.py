"""``script/bench partition-long``: how time and memory grow with the town, up to a million households.

A town is communities of about 2,700 households side by side, each drawn by its own seed, cut into faces and
divided; as many processes as there are cores. The exit code is 1 where a figure is not reached.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import Progress

from spatial.partition.graph import cell_graph
from spatial.partition.propose import propose
from spatial.partition.score import score
from spatial.partition.warm import warm
from tests.benchmarks.inputs import BANDS, POLICY, ground_of
from tests.benchmarks.table import CONSOLE, Reach, show, verdict
from tests.benchmarks.town import BLOCK_M, SIDE, community

SIZES = (5_000, 20_000, 100_000, 400_000)
MILLION = 1_000_000
SPACING_M = SIDE * BLOCK_M + 60.0
MINUTES, GIGABYTES, EXPONENT = 10.0, 6.0, 1.1


@dataclass(frozen=True)
class Done:
    """One community: CPU seconds of drawing, cutting and dividing; grids in band, and all."""

    households: int
    faces: int
    draw_s: float
    cut_s: float
    divide_s: float
    in_band: int
    grids: int
    resident_mb: float


@dataclass(frozen=True)
class Town:
    """A whole town: sums, and seconds by the clock without the drawing's share."""

    households: int
    faces: int
    seconds: float
    cut_s: float
    divide_s: float
    in_band: float
    peak_gb: float


def divided(number: int, across: int) -> Done:
    """Draw, cut and divide one community of a town."""
    at_m = ((number % across) * SPACING_M, (number // across) * SPACING_M)
    start = time.process_time()
    place = community(number + 1, at_m=at_m)
    drawn = time.process_time()
    ground = ground_of(place)
    graph = cell_graph(ground, POLICY)
    cut = time.process_time()
    levels = propose(graph, "community", POLICY).levels
    end = time.process_time()
    cards = score(graph, levels, BANDS).levels
    return Done(
        int(graph.households.sum()), len(ground.faces), drawn - start, cut - drawn, end - cut,
        round(sum(card.in_band * card.grids for card in cards)), sum(card.grids for card in cards),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )  # fmt: skip


def town(households: int) -> Town:
    """Build and propose a town of at least so many households."""
    cores = os.cpu_count() or 1
    count, done, peak = math.ceil(households / 2_650), [], 0.0
    across = math.ceil(math.sqrt(count))
    start = time.perf_counter()
    with (
        ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn"), initializer=warm) as pool,
        Progress(console=CONSOLE, transient=True) as progress,
    ):
        bar = progress.add_task(f"{households:,}", total=count)
        for one in pool.map(divided, range(count), [across] * count, chunksize=1):
            done.append(one)
            progress.advance(bar)
            if len(done) % 10 == 0 or len(done) == count:
                peak = max(peak, _resident_gb())
    clock = time.perf_counter() - start
    drawing = sum(one.draw_s for one in done) / cores
    grids = sum(one.grids for one in done)
    return Town(
        sum(one.households for one in done), sum(one.faces for one in done), clock - drawing,
        sum(one.cut_s for one in done), sum(one.divide_s for one in done),
        sum(one.in_band for one in done) / grids, peak,
    )  # fmt: skip


def _resident_gb() -> float:
    """Resident memory of this process and its children (Linux)."""
    me, total = os.getpid(), 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            status = dict(
                line.split(":", 1) for line in (entry / "status").read_text().splitlines() if ":" in line
            )
        except OSError:
            continue  # it has ended
        if int(entry.name) == me or int(status["PPid"]) == me:
            total += int(status.get("VmRSS", "0 kB").split()[0])
    return total / 1024**2


def exponent(towns: Sequence[Town], name: str) -> float:
    """Slope of log seconds over log households, by least squares."""
    size = np.log([t.households for t in towns])
    return float(np.polyfit(size, np.log([getattr(t, name) for t in towns]), 1)[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure growth and the million; 0 if every figure is reached."""
    parser = argparse.ArgumentParser(prog="script/bench partition-long", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="households of each town")
    parser.add_argument("--most", type=int, default=MILLION, help="households of the largest; 0: none")
    options = parser.parse_args(arguments)
    CONSOLE.print(f"compiled in {warm():.1f} s", style="dim")
    towns = [town(size) for size in options.sizes]
    largest = [town(options.most)] if options.most else []
    show(
        "growth",
        ("households", "faces", "s by the clock", "cut, CPU s", "divide, CPU s", "in band %", "resident GB"),
        [
            (f"{t.households:,}", f"{t.faces:,}", f"{t.seconds:.1f}", f"{t.cut_s:.1f}", f"{t.divide_s:.1f}",
             f"{100 * t.in_band:.2f}", f"{t.peak_gb:.2f}")
            for t in [*towns, *largest]
        ],
    )  # fmt: skip
    reaches = [
        Reach(f"growth of {what}: exponent", f"{exponent(towns, name):.3f}", f"<= {EXPONENT}",
              exponent(towns, name) <= EXPONENT)
        for name, what in (("cut_s", "faces and cells"), ("divide_s", "partition"))
    ]  # fmt: skip
    for t in largest:
        minutes = t.seconds / 60
        head = f"{t.households:,} households, minutes"
        reaches.append(Reach(head, f"{minutes:.1f}", f"<= {MINUTES:.0f}", minutes <= MINUTES))
        reaches.append(
            Reach("the same, resident GB", f"{t.peak_gb:.2f}", f"<= {GIGABYTES:.0f}", t.peak_gb <= GIGABYTES)
        )
    return 1 if verdict(reaches) else 0


if __name__ == "__main__":
    sys.exit(main())
