"""Walled estates: rows of slab blocks and point towers in a block, of a kind chosen so that a community fills up."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.affinity import rotate, translate

from data.boundaries.lingquan.generator.frame import SEED
from data.boundaries.lingquan.generator.sheet import Sheet
from data.boundaries.lingquan.generator.uses import COMMUNITIES, Block


@dataclass(frozen=True)
class Kind:
    """A kind of block: storeys, flats a landing, lowest lived floor, metres of a stairwell, depth, row pitch."""

    levels: int
    doors: int
    lowest: int
    width: float
    depth: float
    pitch: float
    stairwells: tuple[int, ...]
    suffix: str


KINDS = {
    "five": Kind(5, 2, 1, 14.4, 11.5, 25.0, (4, 2, 2), "家属院"),
    "six": Kind(6, 2, 1, 15.0, 12.5, 28.0, (3, 4, 2), "小区"),
    "wide": Kind(6, 3, 1, 20.0, 13.0, 29.0, (3, 2, 2), "小区"),
    "eleven": Kind(11, 2, 2, 17.0, 14.0, 44.0, (2, 3, 2), "花园"),
    "eighteen": Kind(18, 3, 2, 24.0, 17.0, 62.0, (1, 2, 1), "苑"),
}
PLACES = ["凤城", "龙泉", "屈产", "翠屏", "石楼", "永宁", "瑞丰", "锦绣", "康宁", "紫云", "枣林", "东山", "西岭", "和顺", "德馨", "文苑", "秀水", "清泉", "福苑", "兴业", "金凤", "团结", "惠民", "安居", "粮站", "农机", "供销", "水利", "教育", "税务", "林业", "交通", "电力", "医药", "邮电", "运输", "建行", "公路", "煤运", "印刷", "食品", "百货", "畜牧", "广电", "民政", "园丁", "桃源", "祥和", "晨光", "春晖", "明珠", "华庭", "御景", "昌盛", "望岭", "听泉", "杏林", "槐荫", "柳溪", "桐坪", "梨园", "枫林", "松岗", "柏坡", "兰亭", "竹苑", "菊园", "梅岭", "东篱", "南坪", "北苑", "中和", "泰和"]  # fmt: skip


@dataclass(frozen=True)
class Slab:
    """A block of flats on the ground: footprint, kind, stairwells, whether floor 1 is shops."""

    shape: Any
    kind: Kind
    stairwells: int
    shops: bool

    @property
    def floors(self) -> range:
        """Floors that are lived on."""
        return range(max(self.kind.lowest, 2 if self.shops else 1), self.kind.levels + 1)

    @property
    def flats(self) -> int:
        """Flats in the block."""
        return self.stairwells * len(self.floors) * self.kind.doors


def axis(land: Any) -> float:
    """Direction of the rows in a block, degrees: the side of its box that runs nearest to east and west."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(land))
    side = box[1] - box[0]
    turn = float(np.degrees(np.arctan2(side[1], side[0])))
    options = [(turn + q + 90) % 180 - 90 for q in (0, 90)]
    return min(options, key=abs)


def slab_shape(length: float, depth: float, stairwells: int) -> Any:
    """Footprint around (0, 0) with a bay for each stairwell on its north side."""
    left, low, high = -length / 2, -depth / 2, depth / 2
    ring = [(left, low), (-left, low), (-left, high)]
    step = length / stairwells
    for i in reversed(range(stairwells)):
        x = left + step * (i + 0.5)
        ring += [(x + 1.6, high), (x + 1.6, high + 1.3), (x - 1.6, high + 1.3), (x - 1.6, high)]
    return shapely.Polygon([*ring, (left, high)])


def free_run(land: Any, y: float, half: float) -> list[tuple[float, float]]:
    """Stretches of x over which a strip of ``half`` metres to both sides of y lies in a (turned) block."""
    xmin, _, xmax, _ = land.bounds
    strip = shapely.box(xmin - 1, y - half, xmax + 1, y + half)
    out_of = shapely.difference(strip, land)
    taken = sorted((p.bounds[0], p.bounds[2]) for p in shapely.get_parts(out_of) if p.area > 0.01)
    runs, at = [], xmin
    for low, high in taken:
        if low > at:
            runs.append((at, low))
        at = max(at, high)
    if at < xmax:
        runs.append((at, xmax))
    return runs


def layout(block: Block, name: str) -> list[Slab]:
    """Place blocks of one kind in rows over a block of the town."""
    kind = KINDS[name]
    rng = np.random.default_rng([SEED, 5, block.number, list(KINDS).index(name)])
    turn, middle = axis(block.land), block.land.centroid
    flat = rotate(shapely.buffer(block.land, -5.0), -turn, origin=middle)
    if flat.is_empty:
        return []
    out: list[Slab] = []
    y = flat.bounds[1] + kind.depth / 2 + 2.0
    while y < flat.bounds[3] - kind.depth / 2 - 1.0:
        for low, high in free_run(flat, y, kind.depth / 2 + 1.6):
            out += _row(rng, kind, low, high, y, block.number % 8 != 0)
        y += kind.pitch * float(rng.uniform(0.94, 1.1))
    back = [rotate(s.shape, turn, origin=middle) for s in out]
    return [Slab(b, s.kind, s.stairwells, s.shops) for b, s in zip(back, out, strict=True)]


def _row(rng: np.random.Generator, kind: Kind, low: float, high: float, y: float, shops: bool) -> list[Slab]:
    """Fill one stretch of a row from its west end; now and then a place stays open."""
    out, x = [], low + float(rng.uniform(0, 4))
    while True:
        fits = [
            k for k in (int(rng.choice(kind.stairwells)), min(kind.stairwells)) if x + k * kind.width <= high
        ]
        if not fits:
            return out
        length = fits[0] * kind.width
        if rng.random() > 0.07:
            shape = translate(
                slab_shape(length, kind.depth, fits[0]), x + length / 2, y + float(rng.normal(0, 0.5))
            )
            shape = rotate(shape, float(rng.normal(0, 0.7)))
            shops = shops and kind is KINDS["six"]  # 10 flats a stairwell: two make a grid
            out.append(Slab(shape, kind, fits[0], bool(shops)))
        x += length + float(rng.uniform(6.5, 12.0)) * (2.2 if kind.levels > 6 else 1.0)


def choose(blocks: list[Block], lived: dict[int, int]) -> dict[int, tuple[str, list[Slab]]]:
    """Choose each estate's kind so that every community comes near the households aimed at.

    Parameters
    ----------
    blocks
        All blocks.
    lived
        Households that live in the community's old quarters, by position in ``COMMUNITIES``.
    """
    rng = np.random.default_rng([SEED, 6])
    chosen: dict[int, tuple[str, list[Slab]]] = {}
    for home, community in enumerate(COMMUNITIES):
        own = [b for b in blocks if b.community == home and b.use == "estate"]
        plans = {b.number: {k: layout(b, k) for k in KINDS} for b in own}
        flats = {n: {k: sum(s.flats for s in p) for k, p in by.items()} for n, by in plans.items()}
        pick = {b.number: str(rng.choice(list(KINDS), p=[0.34, 0.08, 0.38, 0.14, 0.06])) for b in own}
        wanted = (community[5] - lived.get(home, 0)) / 0.95
        _settle(rng, pick, flats, wanted)
        for number, kind in pick.items():
            chosen[number] = (kind, plans[number][kind])
    return chosen


def _settle(
    rng: np.random.Generator, pick: dict[int, str], flats: dict[int, dict[str, int]], wanted: float
) -> None:
    """Change kinds one by one while that brings the sum nearer; blocks drawn at random first."""

    def total() -> int:
        return sum(flats[n][k] for n, k in pick.items())

    for _ in range(400):
        gap = wanted - total()
        if abs(gap) < 12:
            return
        number = int(rng.choice(list(pick)))
        options = [k for k in KINDS if abs(gap - flats[number][k] + flats[number][pick[number]]) < abs(gap)]
        if options:
            low = [k for k in options if KINDS[k].levels < 11]
            calm = [k for k in low if k != "six"] or low
            pick[number] = str(rng.choice(calm if calm and rng.random() < 0.75 else options))


def build(sheet: Sheet, blocks: list[Block], chosen: dict[int, tuple[str, list[Slab]]]) -> None:
    """Draw the estates with their walls, gates, blocks and registers; the tallest block becomes the tower."""
    rng = np.random.default_rng([SEED, 7])
    tower = _tower_site(blocks, chosen)
    for order, block in enumerate(b for b in blocks if b.use == "estate"):
        kind, slabs = chosen[block.number]
        name = PLACES[order % len(PLACES)] + KINDS[kind].suffix
        if not slabs:
            continue
        sheet.add("landuse", block.land, "residential", name)
        gate = block.land.exterior.interpolate(float(rng.uniform(0, block.land.length))).buffer(4.0)
        wall = shapely.line_merge(shapely.difference(block.land.exterior, gate))
        for part in shapely.get_parts(wall):
            sheet.add("walls", part, "wall", name)
        for number, slab in enumerate(slabs, 1):
            if block.number == tower and number == 1:
                _tower(sheet, rng, slab, name)
                continue
            label = f"{name}{number}号楼"
            bid = sheet.building(slab.shape, "apartments", slab.kind.levels, label)
            shops = slab.kind.doors if slab.shops or slab.kind.levels == 11 else 0
            sheet.flats(rng, bid, slab.stairwells, slab.floors, slab.kind.doors, shops)


def _tower_site(blocks: list[Block], chosen: dict[int, tuple[str, list[Slab]]]) -> int:
    """Estate of 18 storeys with most blocks in the new part of the town."""
    fits = [
        b
        for b in blocks
        if chosen.get(b.number, ("", []))[0] in ("eighteen", "eleven") and chosen[b.number][1]
    ]
    return max(fits, key=lambda b: (chosen[b.number][0] == "eighteen", len(chosen[b.number][1]))).number


def _tower(sheet: Sheet, rng: np.random.Generator, slab: Slab, name: str) -> None:
    """Draw the tower of 33 storeys: one stairwell, four flats a landing, a lobby at the bottom."""
    middle = slab.shape.centroid
    shape = rotate(shapely.box(middle.x - 13, middle.y - 11, middle.x + 13, middle.y + 11), axis(slab.shape))
    bid = sheet.building(shape, "apartments", 33, f"{name}1号楼（33层）")
    sheet.flats(rng, bid, 1, range(2, 34), 4, 2)
