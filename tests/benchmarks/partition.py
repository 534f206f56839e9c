"""``script/bench partition``: wangge beside METIS, KaHIP, GerryChain, area-splitter and the sketch.

Every method divides the same communities, drawn by seed, and one scorer measures all of them. Runs of
wangge and of each peer alternate; a speed is the median of the paired ratios with its 90 % interval. The exit
code is 1 where a figure is not reached or a peer is absent.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from spatial.partition.graph import CellGraph, Ints
from spatial.partition.level import FAST, divide_level
from spatial.partition.propose import propose
from spatial.partition.region import OVERRUN, whole_net
from spatial.partition.score import LevelScore, score
from spatial.partition.warm import warm
from tests.benchmarks import exact, inputs, peers
from tests.benchmarks.inputs import BANDS, POLICY, Instance
from tests.benchmarks.table import CONSOLE, Reach, ratio, show, verdict

SEEDS = 7
TINY = 40
"""Tiny communities with a proven optimum."""
TINY_S = 40.0
"""Seconds that a proof may take; a community that takes longer is left out and counted."""
TINY_BAND = BANDS[2]


@dataclass
class Runs:
    """What one method reached: seconds and score cards, a community each."""

    seconds: list[float] = field(default_factory=list)
    cards: list[tuple[LevelScore, ...]] = field(default_factory=list)

    def mean(self, level: int, name: str) -> float:
        """Mean of one figure at level 1, 2 or 3."""
        return float(np.mean([getattr(card[level - 1], name) or 0.0 for card in self.cards]))


Method = Callable[[Instance, int], list[Ints]]


def wangge(instance: Instance, seed: int) -> list[Ints]:
    """Divide by the product's own `propose`."""
    return propose(instance.graph, "community", POLICY, seed=seed).levels


def peer(name: str) -> Method:
    """One of the wrapped peers."""
    found = peers.PEERS[name]
    return lambda instance, seed: peers.nested(
        instance.graph, found.divide, BANDS, seed=seed, seeds=found.seeds, first=found.first
    )


def sketch(instance: Instance, seed: int) -> list[Ints]:
    """Run the sketch of ../shared/peers on its own cells."""
    import proto  # noqa: PLC0415 - found by `inputs.shared`

    return list(proto.run(instance.source, [(b.minimum, b.maximum, b.target) for b in BANDS], seed_=seed))


def race(instances: Sequence[Instance], methods: dict[str, Method]) -> dict[str, Runs]:
    """Run every method on every community, one after the other, community by community."""
    runs = {name: Runs() for name in methods}
    for number, instance in enumerate(instances):
        for name, method in methods.items():
            start = time.perf_counter()
            levels = method(instance, number + 1)
            runs[name].seconds.append(time.perf_counter() - start)
            runs[name].cards.append(score(instance.graph, levels, BANDS).levels)
            CONSOLE.print(f"  {instance.name} {name}: {runs[name].seconds[-1]:.2f} s", style="dim")
    return runs


FIGURES = {
    "grids": ("grids", 1.0, 1), "in_band": ("in band %", 100.0, 1),
    "households_in_band": ("households %", 100.0, 1),
    "polsby_popper": ("PP", 1.0, 3), "followed": ("alignment", 1.0, 3), "border_km": ("border km", 1.0, 2),
    "scattered": ("scattered", 1.0, 1), "empty": ("empty", 1.0, 1),
}  # fmt: skip
"""Columns of a race: heading, factor, decimals."""


def show_race(title: str, runs: dict[str, Runs]) -> None:
    """Print the figures of a race, one row a method and level."""
    rows = []
    for name, run in runs.items():
        slower = "{:.1f} [{:.1f}, {:.1f}]".format(*ratio(run.seconds, runs["wangge"].seconds))
        for level in (1, 2, 3):
            head = (name, f"{np.mean(run.seconds):.2f}", slower) if level == 1 else ("", "", "")
            figures = [
                f"{factor * run.mean(level, figure):.{places}f}"
                for figure, (_, factor, places) in FIGURES.items()
            ]
            rows.append((*head, str(level), *figures))
    show(title, ("method", "s", "x wangge", "level", *(head for head, _, _ in FIGURES.values())), rows)


def band_reaches(runs: dict[str, Runs], kind: str, floors: tuple[float, ...]) -> list[Reach]:
    """Bands and invariants of wangge itself."""
    mine = runs["wangge"]
    bands = [100 * mine.mean(level, "in_band") for level in (1, 2, 3)]
    loose = [mine.mean(level, name) for level in (1, 2, 3) for name in ("scattered", "empty")]
    measured, asked = ("/".join(f"{v:.1f}" for v in values) for values in (bands, floors))
    held = all(b >= f - 1e-9 for b, f in zip(bands, floors, strict=True))
    return [
        Reach(f"{kind}: in band, levels 1/2/3", measured, asked, held),
        Reach(f"{kind}: scattered or empty grids", f"{sum(loose):.0f}", "0", not any(loose)),
    ]


def peer_reaches(runs: dict[str, Runs], kind: str) -> list[Reach]:
    """Compactness and alignment beside GerryChain and METIS, and speed beside METIS."""
    mine, chain, metis = runs["wangge"], runs["GerryChain"], runs["METIS"]
    out = []
    for name, label in (("polsby_popper", "Polsby-Popper"), ("followed", "alignment")):
        for level in (1, 2, 3):
            by = mine.mean(level, name) / chain.mean(level, name)
            out.append(
                Reach(f"{kind}: {label} / GerryChain, level {level}", f"{by:.3f}", ">= 1.15", by >= 1.15)
            )
        for level in (1, 2):
            by = mine.mean(level, name) / metis.mean(level, name)
            out.append(Reach(f"{kind}: {label} / METIS, level {level}", f"{by:.3f}", ">= 1", by >= 1.0))
    border = mine.mean(3, "border_km") / chain.mean(3, "border_km")
    out.append(
        Reach(f"{kind}: inner border / GerryChain, level 3", f"{border:.3f}", "<= 0.93", border <= 0.93)
    )
    faster = ratio(metis.seconds, mine.seconds)
    measured = "{:.1f} [{:.1f}, {:.1f}]".format(*faster)
    out.append(Reach(f"{kind}: METIS s / wangge s", measured, ">= 15", faster[0] >= 15))
    return out


def sketch_reaches(runs: dict[str, Runs], kind: str) -> list[Reach]:
    """Compactness and alignment beside the sketch on its own cells."""
    mine, other = runs["wangge"], runs["sketch"]
    return [
        Reach(f"{kind}: {label} - sketch's, level {level} ({mine.mean(level, 'grids'):.1f} grids, "
              f"sketch {other.mean(level, 'grids'):.1f})",
              f"{mine.mean(level, name) - other.mean(level, name):+.4f}", "> 0",
              mine.mean(level, name) > other.mean(level, name))
        for name, label in (("polsby_popper", "Polsby-Popper"), ("followed", "alignment"))
        for level in (1, 2, 3)
    ]  # fmt: skip


def tiny_graphs(graph: CellGraph) -> list[CellGraph]:
    """Windows of 20 to 40 cells without a cell above the maximum, by seed."""
    found = []
    for seed in range(100 * TINY):
        cells = exact.window(graph, seed, 40 + 15 * (seed % 3))
        small = exact.cut_out(graph, cells)
        if 20 <= len(cells) <= 40 and small.households.max() <= (TINY_BAND.maximum or 0):
            found.append(small)
        if len(found) == TINY + 20:
            break
    return found


def once(graph: CellGraph, k: int | None, seed: int) -> Ints:
    """One run of the product's level search for k grids or the natural number; only metres are priced."""
    from dataclasses import replace  # noqa: PLC0415

    effort = replace(FAST, shape=0.0, overrun=OVERRUN)
    start = np.zeros(graph.n, np.int64)
    return divide_level(graph, whole_net(graph), start, (TINY_BAND, None), seed=seed, total=k, effort=effort)


def tiny(instances: Sequence[Instance], count: int) -> list[Reach]:
    """Compare with proven optima: one run, and the best of 20, at the same number of grids."""
    single, best, late = [], [], 0
    for graph in [
        g for instance in instances for g in tiny_graphs(instance.graph)[: 2 * count // len(instances)]
    ]:
        if len(single) == count:
            break
        label = once(graph, None, 0)
        k = int(label.max()) + 1
        totals = np.bincount(label, graph.households)
        if k < 2 or not all(TINY_BAND.holds(int(t)) for t in totals):
            continue
        proved = exact.optimum(graph, TINY_BAND, k, hint=label, limit_s=TINY_S)
        if proved is None:
            late += 1
            continue
        tries = [exact.price_of(graph, once(graph, k, seed)) for seed in range(20)]
        single.append(exact.price_of(graph, label) / proved.price)
        best.append(min(*tries, exact.price_of(graph, label)) / proved.price)
    CONSOLE.print(f"  tiny: {len(single)} proved, {late} not proved in {TINY_S:.0f} s", style="dim")
    mean, worst = float(np.mean(single)), float(np.max(best))
    return [
        Reach("tiny: communities with a proven optimum", str(len(single)), ">= 40", len(single) >= count),
        Reach(
            "tiny: one run / optimum, mean (worst)",
            f"{mean:.3f} ({max(single):.3f})",
            "<= 1.03",
            mean <= 1.03,
        ),
        Reach("tiny: best of 20 / optimum, worst", f"{worst:.3f}", "= 1", worst <= 1.0 + 1e-9),
    ]


def show_splitter(instance: Instance) -> None:
    """Run area-splitter in a private PostGIS and print what it made."""
    from tests.benchmarks.database import scratch_database  # noqa: PLC0415
    from tests.benchmarks.splitter import split  # noqa: PLC0415

    with scratch_database() as url:
        scores = split(instance, 1, BANDS, url)
    show(
        "area-splitter, one made-up building a household, not nested",
        ("level", "s", "grids", "in band %", "gap %", "overlap m2", "buildings cut", "PP"),
        [
            (str(i), f"{s.seconds:.1f}", str(s.grids), f"{100 * s.in_band:.0f}", f"{100 * s.gap:.1f}",
             f"{s.overlap_m2:.0f}", str(s.cut), f"{s.polsby_popper:.2f}")
            for i, s in enumerate(scores, start=1)
        ],
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the whole comparison; 0 if every figure is reached."""
    parser = argparse.ArgumentParser(prog="script/bench partition", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="communities of each kind")
    parser.add_argument(
        "--tiny", type=int, default=TINY, help="tiny communities with a proven optimum; 0: none"
    )
    options = parser.parse_args(arguments)
    missing = peers.absent()
    if missing:
        CONSOLE.print(f"absent peers: {', '.join(missing)}", style="bold red")
        return 1
    CONSOLE.print(f"compiled in {warm():.1f} s", style="dim")
    reaches: list[Reach] = []
    methods: dict[str, Method] = {"wangge": wangge, **{name: peer(name) for name in peers.PEERS}}
    units = [inputs.ours(seed, stairwells=True) for seed in range(1, options.seeds + 1)]
    blds = [inputs.ours(seed, stairwells=False) for seed in range(1, options.seeds + 1)]
    for kind, instances, floors in (("units", units, (100.0,) * 3), ("buildings", blds, (100.0, 99.5, 99.5))):
        runs = race(instances, methods)
        show_race(f"{kind}: mean of {len(instances)} communities", runs)
        reaches += band_reaches(runs, kind, floors)
        if kind == "units":
            reaches += peer_reaches(runs, kind)
    reaches += _beside_sketch(options.seeds)
    show_splitter(units[0])
    if options.tiny:
        reaches += tiny(units, options.tiny)
    return 1 if verdict(reaches) else 0


def _beside_sketch(seeds: int) -> list[Reach]:
    """The sketch on its own communities, where it is there."""
    if not inputs.sketch_there():
        CONSOLE.print("the sketch (../shared/peers) is not beside this checkout: left out", style="yellow")
        return []
    out = []
    for kind in ("units", "buildings"):
        instances = [inputs.shared(seed, stairwells=kind == "units") for seed in range(1, seeds + 1)]
        sketch(instances[0], 1)  # compiles
        runs = race(
            instances,
            {"wangge": wangge, "sketch": sketch, "METIS": peer("METIS"), "GerryChain": peer("GerryChain")},
        )
        show_race(f"{kind}, the sketch's cells: mean of {len(instances)} communities", runs)
        out += sketch_reaches(runs, f"{kind} of the sketch")
        if kind == "units":
            out += peer_reaches(runs, f"{kind} of the sketch")
    return out


if __name__ == "__main__":
    sys.exit(main())
