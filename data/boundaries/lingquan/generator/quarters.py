"""Old quarters of courtyards on blind lanes, and the buildings of the dedicated areas."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.affinity import rotate, translate

from data.boundaries.lingquan.generator.estates import axis, free_run
from data.boundaries.lingquan.generator.frame import SEED
from data.boundaries.lingquan.generator.sheet import Sheet
from data.boundaries.lingquan.generator.uses import Block

MOST = 2000
"""Courtyards in all quarters together."""


def court_shape(rng: np.random.Generator, width: float, depth: float) -> Any:
    """Footprint of a courtyard around (0, 0): three wings around a yard, or two, or one long row of caves."""
    w, d, wing = width / 2, depth / 2, 4.2
    arm = [(w - wing, d - wing), (w - wing, -d), (w, -d), (w, d), (-w, d)]
    draw = rng.random()
    if draw < 0.45:
        return shapely.Polygon([(-w, -d), (-w + wing, -d), (-w + wing, d - wing), *arm])
    if draw < 0.8:
        return shapely.Polygon([(-w, d - wing), *arm])
    return shapely.box(-w, d - 6.5, w, d)


def build(sheet: Sheet, blocks: list[Block]) -> dict[int, int]:
    """Draw all old quarters; answers the households that live there, by community."""
    rng = np.random.default_rng([SEED, 8])
    lived: dict[int, int] = {}
    old = [b for b in blocks if b.use == "old"]
    budget = MOST / sum(b.land.area for b in old)
    for block in old:
        share = 0.6 if block.strip in (0, 4) else 1.0
        count = _quarter(sheet, rng, block, int(block.land.area * budget * share * 1.5) + 1)
        lived[block.community] = lived.get(block.community, 0) + count
    return lived


def _quarter(sheet: Sheet, rng: np.random.Generator, block: Block, most: int) -> int:
    """Fill one quarter in crooked rows, a lane between every two rows; answers the households living there."""
    turn, middle = axis(block.land) + float(rng.normal(0, 4)), block.land.centroid
    flat = rotate(block.land, -turn, origin=middle)
    street = rotate(block.ground.exterior, -turn, origin=middle)
    sites: list[tuple[float, float]] = []
    lanes: list[list[float]] = []
    y, row = flat.bounds[1] + 9.0, 0
    while y < flat.bounds[3] - 8.0:
        for low, high in free_run(flat, y, 8.2):
            x = low + float(rng.uniform(1, 5))
            while x + 15.0 < high:
                sites.append((x + 7.5, y + float(rng.normal(0, 0.7))))
                x += float(rng.uniform(16.5, 21.0))
        if row % 2 == 0:
            lanes += _lane(rng, flat, street, y + 10.2)
        y += 20.5 if row % 2 == 0 else 17.6
        row += 1
    drawn = _alleys(rng, lanes)
    for line in drawn:
        sheet.add("roads", rotate(line, turn, origin=middle), "footway", None)
    passages = shapely.buffer(drawn[len(lanes) :], 11.0)
    free = [
        k for k in rng.permutation(len(sites)).tolist()
        if not shapely.intersects(passages, shapely.Point(sites[k])).any()
    ]  # fmt: skip
    return sum(_court(sheet, rng, sites[k], turn, middle) for k in sorted(free[:most]))


def _lane(rng: np.random.Generator, flat: Any, street: Any, y: float) -> list[list[float]]:
    """Lay a lane between two rows, from the street: its start, end and height, or nothing where there is no room."""
    for low, high in free_run(flat, y, 0.8)[:1]:
        if high - low < 35:
            continue
        ray = shapely.intersection(shapely.box(low - 60, y - 0.01, low + 1, y + 0.01), street)
        start = max((p.bounds[0] for p in shapely.get_parts(ray) if not p.is_empty), default=low - 7)
        end = high + 6 if rng.random() < 0.3 else high - float(rng.uniform(12, 30))
        return [[start, end, y]]
    return []


def _alleys(rng: np.random.Generator, lanes: list[list[float]]) -> list[Any]:
    """Draw the lanes, bending a little, then the passages that join the ends of some neighbours."""
    passages = []
    for one, two in pairwise(lanes):
        if rng.random() < 0.62 and min(one[1], two[1]) > max(one[0], two[0]) + 30:
            x = min(one[1], two[1]) - float(rng.uniform(0, 6))
            one[1], two[1] = min(one[1], x), x
            passages.append(shapely.LineString([(one[1], one[2]), (x, two[2])]))
    drawn = []
    for start, end, y in lanes:
        ys = y + np.r_[0, rng.normal(0, 0.5, 6), 0]
        drawn.append(shapely.LineString(np.column_stack([np.linspace(start, end, 8), ys])))
    return drawn + passages


def _court(sheet: Sheet, rng: np.random.Generator, at: tuple[float, float], turn: float, middle: Any) -> int:
    """Draw one courtyard; answers the households that live there."""
    shape = court_shape(rng, float(rng.uniform(11.0, 14.6)), float(rng.uniform(10.5, 14.0)))
    face = float(rng.choice([0, 180, 90], p=[0.7, 0.2, 0.1])) + float(rng.normal(0, 3.0))
    placed = rotate(translate(rotate(shape, face, origin=(0, 0)), *at), turn, origin=middle)
    bid = sheet.building(placed, "house", int(rng.choice([1, 2], p=[0.82, 0.18])))
    lived = int(rng.choice([0, 1, 2, 3], p=[0.06, 0.44, 0.36, 0.14]))
    sheet.homes(bid, lived, int(rng.random() < 0.08))
    return lived


HALLS = {
    "school": [
        (0.0, 0.30, 62, 14, 4),
        (-0.24, 0.0, 13, 46, 3),
        (0.24, 0.0, 13, 46, 4),
        (0.0, -0.05, 24, 12, 2),
    ],
    "hospital": [(0.0, 0.18, 58, 18, 8), (0.0, -0.14, 40, 15, 4), (0.28, -0.02, 14, 30, 3)],
    "market": [(0.0, 0.22, 56, 15, 1), (0.0, 0.0, 56, 15, 1), (0.0, -0.22, 48, 15, 2)],
    "government": [(0.0, 0.16, 52, 15, 6), (-0.2, -0.12, 14, 30, 3), (0.2, -0.12, 14, 30, 3)],
    "park": [(0.1, 0.1, 9, 9, 1), (-0.2, -0.15, 12, 7, 1)],
    "enterprise": [
        (0.0, 0.26, 64, 20, 1),
        (0.0, 0.02, 64, 20, 1),
        (0.0, -0.2, 50, 18, 1),
        (0.32, 0.1, 12, 24, 3),
    ],
}
"""Buildings of a dedicated area: place as shares of its box, width and depth in metres, storeys."""


def civic(sheet: Sheet, blocks: list[Block]) -> None:
    """Draw the dedicated areas and their buildings, which no household lives in."""
    for block in (b for b in blocks if b.use == "dedicated"):
        kind, name = block.fact["kind"], block.fact["name"]
        sheet.add("dedicated", block.land, kind, name)
        sheet.add(
            "landuse",
            block.land,
            {"market": "retail", "enterprise": "industrial", "park": "grass"}.get(kind, kind),
            name,
        )
        turn, middle = axis(block.land), block.land.centroid
        flat = rotate(shapely.buffer(block.land, -3.0), -turn, origin=middle)
        west, south, east, north = flat.bounds
        drawn: list[Any] = []
        for dx, dy, width, depth, levels in HALLS[kind]:
            x, y = middle.x + dx * (east - west), middle.y + dy * (north - south)
            size = min(1.0, (east - west) * 0.8 / width, (north - south) * 0.8 / depth)
            hall = shapely.box(
                x - width * size / 2, y - depth * size / 2, x + width * size / 2, y + depth * size / 2
            )
            if not flat.contains(hall) or any(hall.distance(d) < 2 for d in drawn):
                continue
            drawn.append(hall)
            sheet.building(rotate(hall, turn, origin=middle), kind, levels, name)
