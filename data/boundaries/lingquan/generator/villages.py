"""The villages: where their groups settled along the gullies, and every cave dwelling with its households."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from shapely.affinity import rotate

from data.boundaries.lingquan.generator import relief
from data.boundaries.lingquan.generator.frame import SEED, Array
from data.boundaries.lingquan.generator.outlines import VILLAGES, Town
from data.boundaries.lingquan.generator.sheet import Sheet
from data.boundaries.lingquan.generator.terrain import CELL_M, Terrain

GROUPS = (7, 5, 4, 4, 6, 4, 5, 5, 4, 4, 6, 4, 5, 5, 4, 4, 4, 4)
"""Villagers' groups of each village, 84 in all."""
NUMERALS = "一二三四五六七"
APART_M = 400.0
TWO_PLACES = 12
"""Groups with a second place; three of these are too small for a grid of their own."""
TERRACE_M = 9.0


@dataclass
class Settlement:
    """A place of one group: its middle, households that live there, in the village and group of that number."""

    village: int
    group: int
    middle: Array
    lived: int
    homes: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Ground:
    """Where one may build: slope (tangent), its direction, metres to the nearest gully, suitable cells."""

    east: Array
    north: Array
    gully_m: Array
    fit: NDArray[np.bool_]


def suitable(land: Terrain) -> Ground:
    """Find the slopes on which caves are dug: not flat, not sheer, near a gully, above its floor, best to the south."""
    east, north = land.slope(1.0)
    tangent = np.hypot(east, north)
    gully_m = distance_transform_edt((land.area_m2 < 150_000.0) & ~land.inside) * CELL_M
    sunny = north > -0.35 * tangent
    fit = (tangent > 0.10) & (tangent < 0.52) & (gully_m > 35) & (gully_m < 300) & ~land.inside & sunny
    return Ground(east, north, gully_m, fit)


def settle(land: Terrain, town: Town, ground: Ground, seed: int = SEED) -> list[Settlement]:
    """Choose the places of all groups: strung out from each village's middle, well apart."""
    rng = np.random.default_rng([seed, 10])
    doubles = _doubles(rng)
    out: list[Settlement] = []
    for village, shape in enumerate(town.villages):
        inner = shapely.buffer(shape, -90.0)
        cells = np.flatnonzero(ground.fit)
        xy = relief.cell_xy(cells, land.z.shape[1])
        xy = xy[shapely.contains_xy(inner, xy[:, 0], xy[:, 1])]
        middles = _string(rng, xy, town.seeds[village], GROUPS[village] + int(village in doubles))
        for group in range(GROUPS[village]):
            lived = int(rng.integers(62, 106))
            far = doubles.get(village, (-1, 0))
            if far[0] == group:
                out.append(Settlement(village, group, middles[-1], far[1]))
                lived -= far[1]
            out.append(Settlement(village, group, middles[group], lived))
    return out


def _doubles(rng: np.random.Generator) -> dict[int, tuple[int, int]]:
    """Village -> (group with a second place, households there); three are below a grid's least."""
    chosen = sorted(rng.permutation(18)[:TWO_PLACES].tolist())
    return {v: (i % 2, 7 if i % 4 == 3 else int(rng.integers(22, 31))) for i, v in enumerate(chosen)}


def _string(rng: np.random.Generator, xy: Array, first: Array, count: int) -> Array:
    """Choose middles one by one: the next is near those chosen, but not nearer than ``APART_M``."""
    found = [xy[np.argmin(np.linalg.norm(xy - first, axis=1))]]
    while len(found) < count:
        gap = np.linalg.norm(xy[:, None] - np.array(found)[None], axis=2).min(axis=1)
        least = APART_M if (gap > APART_M).any() else gap.max() * 0.9
        able = np.flatnonzero(gap >= least)
        near = able[np.argsort(gap[able] + rng.uniform(0, 260, len(able)))[:3]]
        found.append(xy[int(rng.choice(near))])
    return np.array(found)


def build(
    sheet: Sheet, land: Terrain, town: Town, ground: Ground, places: list[Settlement], blocked: Any
) -> None:
    """Draw the dwellings of every place with their households; ``blocked`` are roads and gullies, buffered."""
    rng = np.random.default_rng([SEED, 11])
    taken, count = np.full((9000, 2), np.inf), 0
    tree = shapely.STRtree(blocked)
    for place in places:
        inner = shapely.buffer(town.villages[place.village], -14.0)
        shapely.prepare(inner)
        name = VILLAGES[place.village][1]
        left, spread = place.lived, 55.0
        for _ in range(40):
            for xy, turn in _sites(rng, land, ground, place.middle, spread):
                near = count and np.hypot(*(taken[:count] - xy).T).min() < 17.5
                if left <= 0 or near or not inner.contains(shapely.Point(xy)):
                    continue
                home = _dwelling(rng, xy, turn)
                if len(tree.query(home, predicate="intersects")):
                    continue
                taken[count], count = xy, count + 1
                left -= _fill(sheet, rng, home, left, f"{NUMERALS[place.group]}组")
            if left <= 0:
                break
            spread *= 1.13
        if left > 0:
            raise RuntimeError(f"no room for {left} households of {name} {place.group}")


def _sites(
    rng: np.random.Generator, land: Terrain, ground: Ground, middle: Array, spread: float
) -> list[tuple[Array, float]]:
    """Draw sites around a middle, moved up or down the slope on to a terrace; with the direction of the contour."""
    east, north = (float(land.sample(g, middle[None])[0]) for g in (ground.east, ground.north))
    steep = np.hypot(east, north) + 1e-9
    along, down = np.array([-north, east]) / steep, np.array([-east, -north]) / steep
    off = rng.normal(size=(60, 2)) * (spread * 1.75, spread * 0.7)
    xy = middle + off[:, :1] * along + off[:, 1:] * down
    for _ in range(3):
        z = land.sample(land.z, xy)
        goal = np.round(z / TERRACE_M) * TERRACE_M
        g = np.column_stack([land.sample(ground.east, xy), land.sample(ground.north, xy)])
        step = ((goal - z) / np.maximum((g**2).sum(axis=1), 0.01))[:, None] * g
        xy = xy + np.clip(step, -18, 18)
    g = np.column_stack([land.sample(ground.east, xy), land.sample(ground.north, xy)])
    tangent = np.hypot(*g.T)
    good = (tangent > 0.05) & (tangent < 0.62) & (land.sample(ground.gully_m, xy) > 22)
    turn = np.degrees(np.arctan2(g[:, 0], -g[:, 1])) + rng.normal(0, 5, len(xy))
    return [(xy[i], float(turn[i])) for i in np.flatnonzero(good)]


def _dwelling(rng: np.random.Generator, xy: Array, turn: float) -> Any:
    """Footprint of a row of caves, or of caves with a wing."""
    w, d = float(rng.uniform(5.0, 7.8)), float(rng.uniform(3.2, 4.3))
    ring = [(-w, -d), (w, -d), (w, d), (-w, d)]
    if rng.random() < 0.25:
        ring = [(-w, -d), (-w + 4, -d), (-w + 4, 0), (w, 0), (w, d), (-w, d)]
    return rotate(shapely.Polygon(np.array(ring) + xy), turn, origin=tuple(xy))


def _fill(sheet: Sheet, rng: np.random.Generator, home: Any, left: int, group: str) -> int:
    """Draw one dwelling with its households; answers how many live there."""
    barn = rng.random() < 0.05
    lived = 0 if barn else min(left, int(rng.choice([0, 1, 2, 3], p=[0.14, 0.55, 0.25, 0.06])))
    away = 0 if barn else int(rng.choice([0, 1, 2], p=[0.62, 0.32, 0.06])) + int(lived == 0)
    bid = sheet.building(home, "barn" if barn else "cave", 1, None, group=group)
    if lived + away:
        sheet.homes(bid, lived, away)
    return lived
