"""Small graphs for the partitioner's tests: tables of households, random tables, random Voronoi towns."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import numpy as np
from scipy.spatial import Voronoi

from spatial.partition.graph import CellGraph, Ints
from spatial.policy import Band, Policy

SMALL = Policy(
    bands={
        "community": (Band(60, 100, 80), Band(10, 20, 15)),
        "village": (Band(None, None, 40), Band(10, 20, 15)),
    }
)
"""Two levels with small bands, so that drawn cases stay small."""


def graph_of(
    households: Ints,
    a: Ints,
    b: Ints,
    *,
    xy_m=None,
    length_m=None,
    followed_m=None,
    area_m2=None,
    outer_m=None,
) -> CellGraph:
    """A graph with plain defaults: cells of 100 m², borders of 10 m."""
    n, m = len(households), len(a)
    none = np.full(n, -1, np.int64)
    households = np.asarray(households, np.int64)
    return CellGraph(
        households=households,
        registered=households,
        area_m2=np.full(n, 100.0) if area_m2 is None else area_m2,
        outer_m=np.zeros(n) if outer_m is None else outer_m,
        xy_m=np.column_stack([np.arange(n) * 10.0, np.zeros(n)]) if xy_m is None else xy_m,
        face=np.arange(n),
        a=np.asarray(a, np.int64),
        b=np.asarray(b, np.int64),
        length_m=np.full(m, 10.0) if length_m is None else length_m,
        followed_m=np.zeros(m) if followed_m is None else followed_m,
        vertical=np.zeros(m, np.bool_),
        bridge=np.zeros(m, np.bool_),
        group=none,
        dedicated=none,
        zone=none,
        affinity=none,
    )


def table(drawing: str) -> CellGraph:
    """A graph from a table of numbers: one number = households of one 10 m cell, ``.`` = no ground.

    ``|`` between two numbers is a wall between the cells (a border fully followed), and a line of ``-``, one
    per column, a wall between two lines.
    """
    rows, walls_below = [], {}
    for line in dedent(drawing).strip().splitlines():
        marks = line.split()
        if marks and set(marks) <= {"-", "_"}:
            walls_below[len(rows) - 1] = [mark == "-" for mark in marks]
        else:
            rows.append(marks)
    number, walls = {}, set()
    households = []
    for y, marks in enumerate(rows):
        x = 0
        for mark in marks:
            if mark == "|":
                walls.add(((x - 1, y), (x, y)))
                continue
            if mark != ".":
                number[x, y] = len(households)
                households.append(int(mark))
            x += 1
    for y, line in walls_below.items():
        walls |= {((x, y), (x, y + 1)) for x, wall in enumerate(line) if wall}
    links = [
        (number[here], number[there], 10.0 if (here, there) in walls else 0.0)
        for here in number
        for there in ((here[0] + 1, here[1]), (here[0], here[1] + 1))
        if there in number
    ]
    links = [(min(u, v), max(u, v), w) for u, v, w in links]
    u, v, followed = (np.array(one) for one in zip(*links, strict=True)) if links else (np.zeros(0, int),) * 3
    outer = 40.0 - 10.0 * (
        np.bincount(u, minlength=len(households)) + np.bincount(v, minlength=len(households))
    )
    return graph_of(
        np.array(households),
        u,
        v,
        followed_m=np.asarray(followed, float),
        outer_m=outer,
        xy_m=np.array([(10.0 * x + 5, -10.0 * y - 5) for x, y in number]),
    )


def stacked(graph: CellGraph, *, above: int = 20, floor: int = 3) -> CellGraph:
    """The same graph with every cell of more than ``above`` households cut into runs of ``floor``."""
    households, face = graph.households.tolist(), list(range(graph.n))
    a, b = graph.a.tolist(), graph.b.tolist()
    for cell in np.flatnonzero(graph.households > above).tolist():
        below, households[cell] = cell, floor
        for rest in range(int(graph.households[cell]) - floor, 0, -floor):
            a.append(below)
            b.append(len(households))
            below = len(households)
            households.append(min(floor, rest))
            face.append(cell)
    upper = np.arange(len(households)) >= graph.n
    none = np.zeros(len(a) - len(graph.a))
    return replace(
        graph_of(
            np.array(households),
            a,
            b,
            xy_m=graph.xy_m[face],
            length_m=np.append(graph.length_m, none),
            followed_m=np.append(graph.followed_m, none),
            area_m2=np.where(upper, 0.0, graph.area_m2[face]),
            outer_m=np.where(upper, 0.0, graph.outer_m[face]),
        ),
        face=np.array(face),
        vertical=np.arange(len(a)) >= len(graph.a),
    )


def voronoi_town(seed: int, n: int, *, numbers=(0, 1, 1, 2, 3, 11, 12), drop: float = 0.0) -> CellGraph:
    """A random town of n Voronoi cells with random households and a few strong borders."""
    chance = np.random.default_rng(seed)
    points = chance.random((n, 2)) * 30.0 * np.sqrt(n)
    pairs = np.sort(
        Voronoi(np.vstack([points, [[-1e5, -1e5], [1e5, -1e5], [-1e5, 1e5], [1e5, 1e5]]])).ridge_points
    )
    pairs = np.unique(pairs[(pairs < n).all(axis=1)], axis=0)
    pairs = pairs[chance.random(len(pairs)) >= drop]
    length = chance.uniform(5, 40, len(pairs))
    followed = length * chance.choice([0, 0, 0.3, 1.0], len(pairs))
    return graph_of(
        chance.choice(numbers, n),
        pairs[:, 0],
        pairs[:, 1],
        xy_m=points,
        length_m=length,
        followed_m=followed,
        area_m2=np.full(n, 900.0),
    )


def shuffled(graph: CellGraph, order: Ints) -> CellGraph:
    """The same graph with its adjacencies in another order and its cells as they are."""
    return replace(
        graph,
        a=graph.a[order],
        b=graph.b[order],
        length_m=graph.length_m[order],
        followed_m=graph.followed_m[order],
        vertical=graph.vertical[order],
        bridge=graph.bridge[order],
    )


def connected(graph: CellGraph, cells) -> bool:
    """Whether cells hang together, by a plain walk."""
    cells = {int(i) for i in cells}
    near = {i: set() for i in cells}
    for u, v in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        if u in cells and v in cells:
            near[u].add(v)
            near[v].add(u)
    seen, stack = set(), [min(cells)]
    while stack:
        x = stack.pop()
        if x not in seen:
            seen.add(x)
            stack.extend(near[x] - seen)
    return seen == cells


def parts(graph: CellGraph, cells) -> list[set[int]]:
    """Connected parts of some cells, by a plain walk."""
    left, found = {int(i) for i in cells}, []
    while left:
        near = [
            (u, v) for u, v in zip(graph.a.tolist(), graph.b.tolist(), strict=True) if u in left and v in left
        ]
        part, grown = set(), {min(left)}
        while grown != part:
            part = set(grown)
            grown |= {v for u, v in near if u in part} | {u for u, v in near if v in part}
        found.append(part)
        left -= part
    return found
