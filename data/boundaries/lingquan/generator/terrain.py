"""The terrain: a loess tableland into which a river and its gullies have cut, by stream power, seeded.

From the river's floor up every stream stands at the grade that its catchment gives it (Flint's law), until it meets the
old tableland, of which flat tops remain; catchments and grades are found in turns. Ships as ``lingquan_dem.tif``: 25 m, EPSG:4546.
"""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path

import numpy as np
import rasterio
from numba import njit
from numpy.typing import NDArray
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter, map_coordinates

from data.boundaries.lingquan.generator.frame import CENTRE, LATTICE, SEED, Valley

Grid = NDArray[np.float64]
CELL_M = 25.0
WEST, SOUTH, EAST, NORTH = -6500.0, -6500.0, 6500.0, 7000.0
"""Edges of the raster, ground metres."""
STEPS = 30
STEEP, CONCAVE = 1.25, 0.43
"""Grade of a stream by the cells that it drains: STEEP times cells to the power -CONCAVE (Flint's law)."""
STAND = 0.8
"""Steepest wall that stands (tangent)."""


@njit(cache=True)
def _route(z: NDArray[np.float64], fixed: NDArray[np.bool_]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Flood from the fixed cells up: order of cells, receiver of each, and the level without pits."""
    rows, cols = z.shape
    size = rows * cols
    filled, receiver = z.copy().ravel(), np.arange(size)
    seen = np.zeros(size, np.bool_)
    order = np.empty(size, np.int64)
    heap = [(0.0, 0)]
    heap.pop()
    for i in range(size):
        if fixed.ravel()[i]:
            heappush(heap, (filled[i], i))
            seen[i] = True
    count = 0
    while len(heap) > 0:
        level, i = heappop(heap)
        order[count] = i
        count += 1
        row, col = i // cols, i % cols
        for dr in range(-1, 2):
            for dc in range(-1, 2):
                r, c = row + dr, col + dc
                if r < 0 or c < 0 or r >= rows or c >= cols or seen[r * cols + c]:
                    continue
                j = r * cols + c
                seen[j] = True
                filled[j] = max(filled[j], level + 1e-4)
                receiver[j] = i
                heappush(heap, (filled[j], j))
    return order, receiver, filled


@njit(cache=True)
def _steepest(filled, receiver, rows, cols, fixed):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let every cell drain to its steepest lower neighbour where it has one."""
    for row in range(rows):
        for col in range(cols):
            i = row * cols + col
            if fixed[row, col]:
                continue
            best = 0.0
            for dr in range(-1, 2):
                for dc in range(-1, 2):
                    r, c = row + dr, col + dc
                    if (dr == 0 and dc == 0) or r < 0 or c < 0 or r >= rows or c >= cols:
                        continue
                    fall = (filled[i] - filled[r * cols + c]) / np.sqrt(dr * dr + dc * dc)
                    if fall > best:
                        best, receiver[i] = fall, r * cols + c
    return receiver


@njit(cache=True)
def _grade(z, top, order, receiver, area, soft, cols):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Lower the terrain, from the mouth up, to the grade at which the water of each cell carries its load."""
    for i in order:
        j = receiver[i]
        if j == i:
            continue
        far = CELL_M * np.sqrt((i // cols - j // cols) ** 2 + (i % cols - j % cols) ** 2)
        grade = min(STAND, STEEP * soft[i] * area[i] ** -CONCAVE)
        z[i] = max(z[j] + 0.01, min(top[i], z[j] + grade * far))
    return z


@njit(cache=True)
def _areas(order, receiver):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    area = np.ones(len(order))
    for k in range(len(order) - 1, -1, -1):
        i = order[k]
        if receiver[i] != i:
            area[receiver[i]] += area[i]
    return area


def drain(z: Grid, fixed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64], Grid, Grid]:
    """Drainage of a terrain: cells from the mouth up, receiver of each, cells drained, level without pits."""
    _, receiver, filled = _route(z, fixed)
    receiver = _steepest(filled, receiver, *z.shape, fixed)
    order = np.argsort(filled, kind="stable")
    return order, receiver, _areas(order, receiver), filled


def _noise(rng: np.random.Generator, shape: tuple[int, int], scale_m: float) -> Grid:
    raw = gaussian_filter(rng.normal(size=shape), scale_m / CELL_M, mode="reflect")
    return np.asarray((raw - raw.mean()) / raw.std())


def centres() -> tuple[Grid, Grid]:
    """Ground metres of the raster's cell centres, row by row from the north."""
    x = np.arange(WEST, EAST, CELL_M) + CELL_M / 2
    y = np.arange(NORTH, SOUTH, -CELL_M) - CELL_M / 2
    xx, yy = np.meshgrid(x, y)
    return xx, yy


def _slump(z: Grid, fixed: NDArray[np.bool_], stand: float, rounds: int) -> Grid:
    """Lower what stands too steep over any of its neighbours."""
    for _ in range(rounds):
        low = z.copy()
        for (dr, dc), far in {(0, 1): 1.0, (1, 0): 1.0, (1, 1): 2**0.5, (1, -1): 2**0.5}.items():
            for a, b in ((dr, dc), (-dr, -dc)):
                around = np.pad(z, 1, mode="edge")
                shifted = around[1 + a : 1 + a + z.shape[0], 1 + b : 1 + b + z.shape[1]]
                low = np.minimum(low, shifted + stand * CELL_M * far)
        z = np.where(fixed, z, 0.5 * z + 0.5 * low)
    return z


def make(shape: Valley, seed: int = SEED, steps: int = STEPS) -> Grid:
    """Make the terrain: metres above the sea, rows from the north; tenths of a metre."""
    rng = np.random.default_rng([seed, 2])
    xx, yy = centres()
    sn = shape.sn(np.column_stack([xx.ravel(), yy.ravel()]))
    s, n = sn[:, 0].reshape(xx.shape), sn[:, 1].reshape(xx.shape)
    level = 988.0 - s * 0.0042
    off = np.abs(n - shape.at(shape.river, s))
    floor = level + np.clip(off - 25.0, 0, 700.0) * 0.022
    inside = (n < shape.at(shape.west, s)) & (n > -shape.at(shape.east, s))
    table = 1138.0 + 26.0 * _noise(rng, xx.shape, 1500) + 9.0 * _noise(rng, xx.shape, 350)
    table += 4.5 * _noise(rng, xx.shape, 110) + np.minimum(np.abs(n), 5000) * 0.016
    table = gaussian_filter(table, 3.0) + 1.2 * _noise(rng, xx.shape, 30)
    z = np.where(inside, floor, np.maximum(table, floor + 4.0))
    soft = np.exp(0.28 * _noise(rng, xx.shape, 700) + 0.3 * _noise(rng, xx.shape, 45))
    top = z.copy()
    for _ in range(steps):
        order, receiver, area, filled = drain(z + rng.uniform(0.0, 1.6, z.shape) * ~inside, inside)
        low = _grade(filled.copy(), top.ravel(), order, receiver, area, soft.ravel(), xx.shape[1])
        z = 0.7 * low.reshape(z.shape) + 0.3 * np.minimum(top, gaussian_filter(low.reshape(z.shape), 1.2))
        z = np.where(inside, floor, _slump(z, inside, STAND, 1))
    z = np.where(inside, floor, gaussian_filter(z, 0.55))
    return np.round(z, 1)


def write(z: Grid, path: Path) -> None:
    """Write the terrain as a GeoTIFF of 32-bit floats, deflated."""
    corner = CENTRE + np.array([LATTICE.origin_e, LATTICE.origin_n])
    with rasterio.open(
        path, "w", driver="GTiff", width=z.shape[1], height=z.shape[0], count=1, dtype="float32", crs=4546,
        transform=from_origin(corner[0] + WEST, corner[1] + NORTH, CELL_M, CELL_M),
        compress="deflate", predictor=3, zlevel=9, tiled=True,
    ) as out:  # fmt: skip
        out.write(z.astype(np.float32), 1)
        out.update_tags(about="示例数据 synthetic terrain, not surveyed")


@dataclass(frozen=True)
class Terrain:
    """The terrain and its drainage, asked by ground metres."""

    z: Grid
    area_m2: Grid
    receiver: NDArray[np.int64]
    inside: NDArray[np.bool_]

    def sample(self, grid: Grid, xy: Grid) -> Grid:
        """Value of a raster at (N, 2) ground metres, between cells by distance."""
        at = np.stack([(NORTH - xy[:, 1]) / CELL_M - 0.5, (xy[:, 0] - WEST) / CELL_M - 0.5])
        return np.asarray(map_coordinates(grid, at, order=1, mode="nearest"))

    def slope(self, smooth: float = 0.8) -> tuple[Grid, Grid]:
        """Rise per metre to the east and to the north, of the terrain smoothed a little."""
        down, right = np.gradient(gaussian_filter(self.z, smooth), CELL_M)
        return right, -down


def read(path: Path, shape: Valley) -> Terrain:
    """Read the shipped terrain and let it drain to the valley's floor."""
    with rasterio.open(path) as source:
        z = np.round(source.read(1).astype(float), 1)
    xx, yy = centres()
    sn = shape.sn(np.column_stack([xx.ravel(), yy.ravel()]), 900.0)
    wide = (sn[:, 1] < shape.at(shape.west, sn[:, 0])) & (sn[:, 1] > -shape.at(shape.east, sn[:, 0]))
    inside = wide.reshape(z.shape)
    _, receiver, area, _ = drain(z, inside)
    return Terrain(z, area.reshape(z.shape) * CELL_M**2, receiver, inside)
