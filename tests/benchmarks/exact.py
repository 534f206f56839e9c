"""Proven optima of tiny communities by CP-SAT, to say how far from the best a division is.

Model: one boolean per cell and grid, bands as sums, a boolean per adjacency that a border runs along; grids
must be connected, by cuts added where a solution is not (a separator between a loose part and the rest).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from spatial.partition.graph import CellGraph, Ints
from spatial.policy import Band
from tests.benchmarks.peers import prices

SCALE = 10
"""Prices are whole decimetres."""


@dataclass(frozen=True)
class Optimum:
    """The cheapest division in band into k connected grids, proved; ``price`` in metres off features."""

    label: Ints
    price: float
    seconds: float


def window(graph: CellGraph, seed: int, households: int) -> Ints:
    """A connected handful of cells around a random one, nearest first, until they hold so many households."""
    chance = np.random.default_rng(seed)
    near: list[set[int]] = [set() for _ in range(graph.n)]
    for u, v in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        near[u].add(v)
        near[v].add(u)
    start = int(chance.integers(graph.n))
    away = np.hypot(*(graph.xy_m - graph.xy_m[start]).T)
    inside, fringe, total = {start}, set(near[start]), int(graph.households[start])
    while fringe and total < households:
        cell = min(fringe, key=lambda i: (away[i], i))
        inside.add(cell)
        total += int(graph.households[cell])
        fringe = (fringe | near[cell]) - inside
    return np.array(sorted(inside))


def price_of(graph: CellGraph, label: Ints) -> float:
    """Metres off features (with the overrun) of a division's borders."""
    return float(prices(graph)[label[graph.a] != label[graph.b]].sum())


def optimum(graph: CellGraph, band: Band, k: int, *, hint: Ints, limit_s: float) -> Optimum | None:
    """The proven optimum for k grids, or None where the time is up before the proof.

    Parameters
    ----------
    graph
        A tiny community, no cell above the maximum.
    band, k
        Every grid in band; exactly k of them.
    hint
        A division to begin from.
    limit_s
        Seconds allowed.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415

    model, holds = _model(cp_model, graph, band, k, hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    near = _near(graph)
    start = time.perf_counter()
    while True:
        left = limit_s - (time.perf_counter() - start)
        if left <= 0:
            return None
        solver.parameters.max_time_in_seconds = left
        if solver.Solve(model) != cp_model.OPTIMAL:
            return None
        label = np.array([[solver.Value(x) for x in row] for row in holds]).argmax(axis=1)
        if not _forbid_loose(model, holds, near, label, k):
            return Optimum(label, price_of(graph, label), time.perf_counter() - start)


def _model(cp_model: Any, graph: CellGraph, band: Band, k: int, hint: Ints) -> tuple[Any, list[list[Any]]]:
    """Assignment, bands and borders; grid 0 holds cell 0."""
    model = cp_model.CpModel()
    holds = [[model.NewBoolVar("") for _ in range(k)] for _ in range(graph.n)]
    for row in holds:
        model.AddExactlyOne(row)
    for g in range(k):
        total = sum(int(h) * holds[i][g] for i, h in enumerate(graph.households))
        model.AddLinearConstraint(total, band.minimum or 0, band.maximum or 0)
    model.Add(holds[0][0] == 1)
    swapped = np.where(hint == hint[0], 0, np.where(hint == 0, hint[0], hint))
    for i in range(graph.n):
        for g in range(k):
            model.AddHint(holds[i][g], bool(swapped[i] == g))
    price = np.rint(prices(graph) * SCALE).astype(np.int64)
    borders = []
    for u, v in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        border = model.NewBoolVar("")
        borders.append(border)
        for g in range(k):
            model.AddBoolOr([holds[u][g].Not(), holds[v][g], border])
            model.AddBoolOr([holds[v][g].Not(), holds[u][g], border])
    model.Minimize(sum(int(p) * border for p, border in zip(price, borders, strict=True)))
    return model, holds


def _near(graph: CellGraph) -> list[set[int]]:
    near: list[set[int]] = [set() for _ in range(graph.n)]
    for u, v in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        near[u].add(v)
        near[v].add(u)
    return near


def _forbid_loose(model: Any, holds: list[list[Any]], near: list[set[int]], label: Ints, k: int) -> bool:
    """Add a cut for every loose part; False if there was none."""
    added = False
    for g in range(k):
        parts = sorted(_parts(near, set(np.flatnonzero(label == g).tolist())), key=len)
        for part in parts[:-1]:
            added = True
            fence = set().union(*(near[i] for i in part)) - part
            other = min(parts[-1])
            for h in range(k):
                model.AddBoolOr(
                    [holds[min(part)][h].Not(), holds[other][h].Not(), *(holds[i][h] for i in fence)]
                )
    return added


def _parts(near: list[set[int]], cells: set[int]) -> list[set[int]]:
    parts = []
    while cells:
        part, stack = set(), [min(cells)]
        while stack:
            i = stack.pop()
            if i not in part:
                part.add(i)
                stack.extend(near[i] & cells - part)
        parts.append(part)
        cells = cells - part
    return parts


def cut_out(graph: CellGraph, cells: Ints) -> CellGraph:
    """The graph of some cells; borders to the rest become outer ring."""
    from dataclasses import replace  # noqa: PLC0415

    place = np.full(graph.n, -1, np.int64)
    place[cells] = np.arange(len(cells))
    u, v = place[graph.a], place[graph.b]
    inside = (u >= 0) & (v >= 0)
    outer = graph.outer_m[cells].copy()
    for one, other in ((u, v), (v, u)):
        leaving = (one >= 0) & (other < 0)
        np.add.at(outer, one[leaving], graph.length_m[leaving])
    kept = {
        name: getattr(graph, name)[cells]
        for name in ("households", "registered", "area_m2", "xy_m", "group", "dedicated", "zone", "affinity")
    }
    return replace(
        graph, **kept, outer_m=outer, face=np.arange(len(cells)), a=u[inside], b=v[inside],
        length_m=graph.length_m[inside], followed_m=graph.followed_m[inside], vertical=graph.vertical[inside],
        bridge=graph.bridge[inside],
    )  # fmt: skip
