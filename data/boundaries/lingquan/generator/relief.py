"""What follows from the terrain: gullies and streams, tops and slopes, and the paths that people take over it."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra

from data.boundaries.lingquan.generator.frame import Array
from data.boundaries.lingquan.generator.terrain import CELL_M, NORTH, WEST, Terrain

GULLY_M2 = 70_000.0
"""A gully begins where this much ground drains into it."""
STREAM_M2 = 1_600_000.0
"""A gully with water in it all year drains this much."""


def cell_xy(cells: Any, cols: int) -> Array:
    """Ground metres of cells by their number."""
    cells = np.asarray(cells)
    return np.column_stack([WEST + (cells % cols + 0.5) * CELL_M, NORTH - (cells // cols + 0.5) * CELL_M])


def cell_of(xy: Array, cols: int) -> NDArray[np.int64]:
    """Cells in which ground metres lie."""
    col = np.floor((xy[:, 0] - WEST) / CELL_M).astype(np.int64)
    return np.floor((NORTH - xy[:, 1]) / CELL_M).astype(np.int64) * cols + col


def rounded(xy: Array, rounds: int = 2) -> Array:
    """Round the corners of a line by Chaikin's rule; its ends stay."""
    for _ in range(rounds):
        a, b = xy[:-1], xy[1:]
        cut = np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], axis=1).reshape(-1, 2)
        xy = np.vstack([xy[:1], cut[1:-1], xy[-1:]])
    return xy


def natural(xy: Array, tolerance: float = 4.0) -> Any:
    """Make a line of cell centres one that water or people could have drawn: it winds, and forks stay forks."""
    line = shapely.segmentize(shapely.LineString(rounded(xy)), 22.0)
    return shapely.simplify(shapely.transform(line, wind), tolerance)


def wind(xy: Array) -> Array:
    """Shift points by a smooth field of less than a cell, the same for every line: nothing runs dead straight."""
    x, y = xy[:, 0], xy[:, 1]
    dx = 9.0 * np.sin(y / 31.0 + 1.3 * np.sin(x / 83.0)) + 7.0 * np.sin(y / 67.0 - x / 91.0 + 0.7)
    dy = 9.0 * np.sin(x / 29.0 + 1.3 * np.sin(y / 79.0)) + 7.0 * np.sin(x / 71.0 + y / 97.0 + 2.1)
    return np.column_stack([x + dx, y + dy])


@dataclass(frozen=True)
class Reach:
    """A stretch of gully from one meeting of waters to the next: the cells downstream, ground drained."""

    cells: NDArray[np.int64]
    area_m2: float
    line: Any


def reaches(land: Terrain, least_m2: float = GULLY_M2) -> list[Reach]:
    """Find all gullies, stretch by stretch."""
    area, receiver = land.area_m2.ravel(), land.receiver
    wet = (area >= least_m2) & ~land.inside.ravel()
    into = np.bincount(receiver[wet], minlength=len(area))
    heads = np.flatnonzero(wet & (into != 1))
    out = []
    for head in heads.tolist():
        cells = [head]
        while True:
            nxt = int(receiver[cells[-1]])
            if nxt == cells[-1]:
                break
            cells.append(nxt)
            if not wet[nxt] or into[nxt] != 1:
                break
        if len(cells) > 2:
            path = np.array(cells)
            line = natural(_slack(cell_xy(path, land.z.shape[1])))
            out.append(Reach(path, float(area[path[-2]]), line))
    return out


def _slack(xy: Array) -> Array:
    """Take the staircase of the cells out of a line: the mean of three, its ends kept."""
    for _ in range(2):
        xy = np.vstack([xy[:1], (xy[:-2] + 2.0 * xy[1:-1] + xy[2:]) / 4.0, xy[-1:]])
    return xy


def ridge_share(land: Terrain) -> Array:
    """How much each cell is a ridge: 1 on the crest, 0 in the gully and half-way (rows as the terrain)."""
    high = land.z - gaussian_filter(land.z, 7.0)
    return np.asarray(np.clip(high / 16.0, 0.0, 1.0))


def graph(land: Terrain, weight: Array, climb: float) -> csr_matrix:
    """Steps between neighbouring cells, their cost in micrometres: weighted, and dearer the steeper they climb."""
    rows, cols = land.z.shape
    number = np.arange(rows * cols).reshape(rows, cols)
    a, b, cost = [], [], []
    for dr, dc in ((0, 1), (1, 0), (1, 1), (1, -1)):
        one = number[: rows - dr, max(0, -dc) : cols - max(0, dc)].ravel()
        two = one + dr * cols + dc
        far = CELL_M * float(np.hypot(dr, dc))
        rise = np.abs(land.z.ravel()[one] - land.z.ravel()[two]) / far
        mean = (weight.ravel()[one] + weight.ravel()[two]) / 2.0
        a.append(one)
        b.append(two)
        cost.append(far * mean * (1.0 + climb * rise**2))
    one, two = np.concatenate(a), np.concatenate(b)
    # whole micrometres, whose sums are exact, and a few by the cells' numbers: no rounding error decides a tie
    whole = np.rint(np.concatenate(cost) * 1e6) + (5 * one + two) % 97
    data = (whole, (one, two))
    return coo_matrix(data, shape=(rows * cols, rows * cols)).tocsr()


def nearest_seed(steps: csr_matrix, seeds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of the seed nearest to every cell over the steps."""
    _, _, source = dijkstra(steps, directed=False, indices=seeds, min_only=True, return_predecessors=True)
    position = {int(s): i for i, s in enumerate(seeds)}
    return np.array([position.get(int(s), -1) for s in source])


def ways(steps: csr_matrix, roots: NDArray[np.int64], ends: list[int]) -> dict[tuple[int, int], int]:
    """Cheapest ways from every end to the nearest root: steps taken, with the number of ways on each."""
    _, before, _ = dijkstra(steps, directed=False, indices=roots, min_only=True, return_predecessors=True)
    used: dict[tuple[int, int], int] = {}
    for end in ends:
        at = end
        while before[at] >= 0:
            step = (at, int(before[at]))
            used[step] = used.get(step, 0) + 1
            at = step[1]
    return used


def strands(used: dict[tuple[int, int], int], cols: int) -> list[tuple[Array, int]]:
    """Join steps into lines between forks: ground metres, and the number of ways over the last step."""
    after = dict(used)
    into: dict[int, int] = {}
    for _, b in after:
        into[b] = into.get(b, 0) + 1
    nxt = dict(after.keys())
    out = []
    for a in sorted(nxt):
        if into.get(a, 0) == 1:
            continue
        cells = [a]
        while cells[-1] in nxt:
            cells.append(nxt[cells[-1]])
            if into.get(cells[-1], 0) != 1:
                break
        out.append((_slack(cell_xy(np.array(cells), cols)), used[cells[-2], cells[-1]]))
    return out
