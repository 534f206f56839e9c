"""Divides: the ridges between the valleys of a terrain, along which the land falls to either side.

Water is let run off by flooding the land from its edge, the lowest first (Barnes, Lehman and Mulla 2014,
"Priority-flood", Computers & Geosciences 62), so that every cell drains to a neighbour and hollows fill.
Where enough land drains through a cell there is a valley; what drains to one stretch of a valley between two
forks is its catchment, and catchments meet on divides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray
from rasterio.features import sieve
from scipy.ndimage import gaussian_filter, zoom

from spatial.ground.arrangement import segments
from spatial.ground.landscape import NO_BARRIER, Barriers, alongside

if TYPE_CHECKING:
    from spatial.ground.terrain import Terrain

Ints = NDArray[np.int64]

LEAST_M2 = 60_000.0
"""Land that drains through a cell of a valley."""
CELL_M = 12.5
"""Coarser terrain is interpolated to cells no larger than this."""
STEP_M = 0.1
"""Heights count in such steps."""
SMOOTH_M = 25.0
"""Bends smaller than this are taken off the divides."""
PIECE_CM = 2_500.0
"""Divides are looked at in pieces of this length."""
HOUSE_CM, BESIDE_CM = 4_000.0, 3_000.0
"""A divide is left out so near to a building, and beside a line that goes the same way."""


def divides(terrain: Terrain) -> NDArray[np.object_]:
    """Find the divides of a terrain.

    Parameters
    ----------
    terrain
        Heights; where none are known the land counts as flat and low.

    Returns
    -------
    (N,) LineStrings
        Metres of the terrain's CRS; they meet at their ends only.
    """
    if np.isnan(terrain.heights).all():
        return np.empty(0, dtype=object)
    times = max(1, int(np.ceil(max(terrain.cell_e, terrain.cell_n) / CELL_M)))
    heights = np.where(np.isnan(terrain.heights), np.nanmin(terrain.heights), terrain.heights)
    heights = zoom(gaussian_filter(heights, 1.0), times, order=3, mode="nearest", grid_mode=True)
    cell_m2 = terrain.cell_e * terrain.cell_n / times**2
    catchments = _catchments(_steps(heights), int(LEAST_M2 / cell_m2)).astype(np.int32)
    whole = sieve(catchments, int(LEAST_M2 / cell_m2 / 10.0), connectivity=4)
    west, north = terrain.west, terrain.north
    ends = _borders(whole) * np.array([terrain.cell_e, -terrain.cell_n]) / times + np.array([west, north])
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends)))
    return np.asarray(shapely.simplify(shapely.get_parts(merged), SMOOTH_M), dtype=object)


def _borders(numbers: NDArray[np.int32]) -> NDArray[np.int64]:
    """Sides (K, 2, 2) of cells between two catchments: column and row of both ends."""
    one, other = numbers[:, 1:], numbers[:, :-1]
    row, column = np.nonzero((one != other) & (one > 0) & (other > 0))
    upright = np.stack([column + 1, row, column + 1, row + 1], axis=1)
    one, other = numbers[1:], numbers[:-1]
    row, column = np.nonzero((one != other) & (one > 0) & (other > 0))
    level = np.stack([column, row + 1, column + 1, row + 1], axis=1)
    return np.concatenate([upright, level]).reshape(-1, 2, 2)


def open_ridges(
    lines: NDArray[np.object_],
    grounds: NDArray[np.object_],
    houses: NDArray[np.object_],
    barriers: Barriers,
) -> NDArray[np.object_]:
    """Keep of the divides what is a border of open land.

    Parameters
    ----------
    lines
        (N,) divides, lattice centimetres.
    grounds
        (A,) outlines of the areas that they are wanted in.
    houses
        (B,) buildings: among them land is parted by yards.
    barriers
        Lines that say more: along one, or along an outline, a divide is left out.

    Returns
    -------
    (M,) LineStrings
        Lattice centimetres.
    """
    pieces, _ = segments(shapely.segmentize(lines, PIECE_CM))
    short = shapely.linestrings(pieces)
    tree = shapely.STRtree(short)
    keep = np.zeros(len(short), dtype=bool)
    keep[tree.query(grounds, predicate="intersects")[1]] = True
    keep[tree.query(houses, predicate="dwithin", distance=HOUSE_CM)[1]] = False
    rims = shapely.get_parts(shapely.boundary(grounds))
    stronger = Barriers(
        np.concatenate([barriers.lines, rims]),
        np.concatenate([barriers.kind, np.zeros(len(rims), dtype=np.int64)]),
        np.concatenate([barriers.names, np.full(len(rims), None, dtype=object)]),
    )
    left = np.flatnonzero(keep)
    ends = np.rint(pieces[left]).astype(np.int64).reshape(-1, 4)
    left = left[alongside(ends, stronger, BESIDE_CM) == NO_BARRIER]
    return np.asarray(
        shapely.get_parts(shapely.line_merge(shapely.multilinestrings(short[left]))), dtype=object
    )


def _steps(heights: NDArray[np.float32]) -> Ints:
    """Heights above the lowest in whole steps."""
    above: Ints = np.rint((heights - heights.min()) / STEP_M).astype(np.int64)
    return above


def _catchments(steps: Ints, least: int) -> Ints:
    """Number the catchments (0: what leaves the land through no valley), at least so many cells a valley."""
    down, order = _drained(steps)
    numbers: Ints = _numbered(down, order, least)
    return numbers.reshape(steps.shape)


@njit(cache=True)
def _drained(steps: Ints) -> tuple[Ints, Ints]:
    """Let water run off: the cell that each drains to (-1 off the edge), and all cells, the lowest first."""
    rows, columns = steps.shape
    count = rows * columns
    level = steps.copy().reshape(count)
    top = level.max() + 1
    first, last = np.full(top, -1, np.int64), np.full(top, -1, np.int64)
    after = np.full(count, -1, np.int64)
    down = np.full(count, -1, np.int64)
    seen = np.zeros(count, np.bool_)
    order = np.empty(count, np.int64)
    for i in range(count):
        row, column = i // columns, i % columns
        if row in (0, rows - 1) or column in (0, columns - 1):
            seen[i] = True
            _queue(i, level[i], first, last, after)
    done, now = 0, 0
    while now < top:
        i = first[now]
        if i < 0:
            now += 1
            continue
        first[now] = after[i]
        order[done] = i
        done += 1
        for east, south in ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1)):
            row, column = i // columns + south, i % columns + east
            j = row * columns + column
            if 0 <= row < rows and 0 <= column < columns and not seen[j]:
                seen[j] = True
                down[j] = i
                _queue(j, max(level[j], now), first, last, after)
    return down, order


@njit(cache=True)
def _queue(cell: int, level: int, first: Ints, last: Ints, after: Ints) -> None:
    """Put a cell at the end of the queue of its level."""
    if first[level] < 0:
        first[level] = cell
    else:
        after[last[level]] = cell
    last[level] = cell


@njit(cache=True)
def _numbered(down: Ints, order: Ints, least: int) -> Ints:
    """Number the stretches of valleys between forks, from the lowest up; all land takes its valley's."""
    count = len(down)
    cells = np.ones(count, np.int64)
    for turn in range(count - 1, -1, -1):
        if down[order[turn]] >= 0:
            cells[down[order[turn]]] += cells[order[turn]]
    arms = np.zeros(count, np.int64)
    for i in range(count):
        if down[i] >= 0 and cells[i] >= least:
            arms[down[i]] += 1
    number = np.zeros(count, np.int64)
    made = 0
    for turn in range(count):
        i = order[turn]
        below = down[i]
        if cells[i] >= least and (below < 0 or arms[below] > 1):
            made += 1
            number[i] = made
        elif below >= 0:
            number[i] = number[below]
    return number
