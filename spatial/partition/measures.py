"""Figures of a division beside its bands and borders: spread of load, walking distance, areas kept whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from spatial.partition.graph import Bools, CellGraph, Floats, Ints
from spatial.partition.walking import barred
from spatial.policy import Band

NO_GRID = -1
STEP_M = 1e-6
"""Least length of a link: floor runs of one stairwell lie on one point, and a link of 0 would be none."""


@dataclass(frozen=True)
class Load:
    """How evenly households are spread over grids.

    Parameters
    ----------
    p10, p50, p90
        Percentiles of households a grid (linear interpolation).
    gini
        Gini coefficient, 0 where all grids hold the same: sum of (2 i - n - 1) x_i over n sum x, x ascending
        (Gini 1912, in the form of Sen 1973).
    cv
        Coefficient of variation: standard deviation (of the population) over the mean.
    """

    p10: float
    p50: float
    p90: float
    gini: float
    cv: float


@dataclass(frozen=True)
class Walk:
    """How far households are from the middle of their grid.

    Parameters
    ----------
    p50_m, p95_m
        Percentiles over households of the way to the grid's middle cell, metres.
    cut_off
        Households with no way inside their own grid: it has several parts, or no way crosses what lies
        between.
    p50_s, p95_s
        The same percentiles in seconds on foot over paths and slopes; None where nothing is known of paths.
    """

    p50_m: float
    p95_m: float
    cut_off: int
    p50_s: float | None = None
    p95_s: float | None = None


@dataclass(frozen=True)
class Kept:
    """Named areas, and how many of them lie in more than one grid.

    ``too_large`` holds more households than a grid may; such areas do not count as ``cut``.
    """

    areas: int
    cut: int
    too_large: int


def load(households: Ints | Floats) -> Load | None:
    """Measure the spread of households, or of any load, over grids; None where there is none.

    Examples
    --------
    >>> load(np.array([10, 10, 10, 10])).gini, load(np.array([0, 0, 0, 12])).gini
    (0.0, 0.75)
    """
    n, total = len(households), float(households.sum())
    if total <= 0:
        return None
    rank = 2 * np.arange(1, n + 1) - n - 1
    p10, p50, p90 = (float(p) for p in np.percentile(households, [10, 50, 90]))
    gini = float((rank * np.sort(households)).sum()) / (n * total)
    return Load(p10, p50, p90, gini, float(households.std() / households.mean()))


def walk(graph: CellGraph, labels: Ints) -> Walk | None:
    """Measure the way from each household to the middle of its grid, inside the grid.

    The way runs from face to neighbouring face through a point in each (so it is an estimate of a walk in the
    open, and knows no gates); the middle is the peopled cell nearest to the mean of the grid's households.

    Parameters
    ----------
    graph
        The basic grid.
    labels
        (n,) grid of each cell; cells labelled -1 are left out.

    Returns
    -------
    Walk or None
        None where no household lives in a grid.
    """
    lived = np.flatnonzero((labels != NO_GRID) & (graph.households > 0))
    if not len(lived):
        return None
    middle = _middles(graph, labels, lived)
    weight = graph.households[lived]
    step = np.maximum(np.hypot(*(graph.xy_m[graph.a] - graph.xy_m[graph.b]).T), STEP_M)
    reach = _reach(graph, labels, middle, step)[lived]
    there = np.isfinite(reach)
    p50, p95 = _percentiles(reach[there], weight[there], (0.5, 0.95))
    cut_off = int(weight[~there].sum())
    if graph.walk_s is None:
        return Walk(p50, p95, cut_off)
    seconds = _reach(graph, labels, middle, graph.walk_s)[lived]
    return Walk(p50, p95, cut_off, *_percentiles(seconds[there], weight[there], (0.5, 0.95)))


def beyond_reach(graph: CellGraph, labels: Ints) -> Bools:
    """Say of each peopled cell whether no way leads to the middle of its grid inside it, (n,)."""
    lived = np.flatnonzero((labels != NO_GRID) & (graph.households > 0))
    lost = np.zeros(graph.n, np.bool_)
    if len(lived):
        step = np.ones(len(graph.a))
        lost[lived] = ~np.isfinite(_reach(graph, labels, _middles(graph, labels, lived), step)[lived])
    return lost


def _reach(graph: CellGraph, labels: Ints, middle: Ints, step: Floats) -> Floats:
    """Shortest way of each cell to the middle of its grid over cells of the grid, inf where none leads."""
    same = (
        (labels[graph.a] == labels[graph.b]) & (labels[graph.a] != NO_GRID) & ~graph.bridge & ~barred(graph)
    )
    ways = coo_matrix((step[same], (graph.a[same], graph.b[same])), shape=(graph.n, graph.n)).tocsr()
    reach: Floats = dijkstra(ways, directed=False, indices=middle, min_only=True)
    return reach


def _middles(graph: CellGraph, labels: Ints, lived: Ints) -> Ints:
    """Cell of each grid that is nearest to the mean of its households; of equal ones the first."""
    grid = np.unique(labels[lived], return_inverse=True)[1]
    weight = graph.households[lived]
    xy = graph.xy_m[lived]
    total = np.bincount(grid, weight)
    mean = np.stack([np.bincount(grid, weight * xy[:, axis]) / total for axis in (0, 1)], axis=1)
    order = np.lexsort((lived, np.hypot(*(xy - mean[grid]).T), grid))
    first = np.r_[True, grid[order][1:] != grid[order][:-1]]
    return np.asarray(lived[order][first], dtype=np.int64)


def _percentiles(values: Floats, weights: Ints, shares: tuple[float, ...]) -> list[float]:
    """Weighted percentiles: the least value that this share of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    up = np.cumsum(weights[order])
    at = np.searchsorted(up, np.array(shares) * up[-1] - 1e-9)
    return [float(v) for v in values[order][at]]


def kept(graph: CellGraph, member: Ints, labels: Ints, band: Band) -> Kept | None:
    """Count the named areas that a level cuts.

    Parameters
    ----------
    graph
        The basic grid.
    member
        (n,) area of each cell, -1 for none: zones, estates, habit areas.
    labels
        (n,) grid of each cell; cells labelled -1 are left out.
    band
        Of the level: an area of more households than its maximum can't stay whole.

    Returns
    -------
    Kept or None
        None where nobody lives in a named area.
    """
    lived = np.flatnonzero((member >= 0) & (labels != NO_GRID) & (graph.households > 0))
    if not len(lived):
        return None
    area = np.unique(member[lived], return_inverse=True)[1]
    pairs = np.unique(np.stack([area, labels[lived]]), axis=1)[0]
    split = np.bincount(pairs) > 1
    held = np.bincount(area, graph.households[lived])
    large = np.zeros(len(held), dtype=np.bool_) if band.maximum is None else held > band.maximum
    return Kept(len(held), int((split & ~large).sum()), int(large.sum()))
