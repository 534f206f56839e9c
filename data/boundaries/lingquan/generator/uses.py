"""What stands in each block of the county seat: communities, dedicated areas, old quarters, estates."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from data.boundaries.lingquan.generator.frame import SEED, Valley
from data.boundaries.lingquan.generator.streets import S0, S1, Net

COMMUNITIES = (
    ("141126100001", "城镇社区", "east", 6150.0, 7080.0, 1300),
    ("141126100002", "凤城社区（示例）", "east", 7080.0, 7990.0, 3545),
    ("141126100003", "龙泉社区（示例）", "east", 7990.0, S1, 4150),
    ("141126100004", "东关社区（示例）", "east", S0, 6150.0, 2790),
    ("141126100005", "滨河社区（示例）", "west", S0, 6150.0, 1930),
    ("141126100006", "西门社区（示例）", "west", 6150.0, 7990.0, 2420),
    ("141126100007", "学府社区（示例）", "west", 7990.0, S1, 2790),
)  # fmt: skip
"""Code, name, bank, from and to metres along the valley, occupied households aimed at."""
DEDICATED = (
    ("school", "灵泉第一中学（示例）", 1, 8600, 22000), ("school", "凤城小学（示例）", 3, 7500, 13000),
    ("school", "东关小学（示例）", 3, 5300, 10000), ("hospital", "县人民医院（示例）", 2, 8300, 17000),
    ("hospital", "中医院（示例）", 3, 7700, 9000), ("market", "城关集贸市场（示例）", 2, 6700, 9000),
    ("market", "滨河农贸市场（示例）", 1, 5600, 8000), ("government", "县政务服务中心（示例）", 3, 8100, 12000),
    ("government", "镇政府大院（示例）", 3, 7300, 7000), ("park", "屈产河滨河公园（示例）", 1, 7000, 12000),
    ("enterprise", "粮食储备库（示例）", 2, 5000, 14000), ("enterprise", "农产品加工园（示例）", 2, 9400, 16000),
)  # fmt: skip
"""Kind, name, strip, metres along the valley near which it lies, square metres wished."""
OLD_TOWN = (6350.0, 7300.0)
"""Metres along the valley of the old quarters on the east bank."""


@dataclass
class Block:
    """A block on the ground: ``ground`` up to the middle of its streets, ``land`` behind their edges."""

    number: int
    strip: int
    s: float
    community: int
    use: str
    ground: Any
    land: Any
    fact: dict[str, Any]


def community_of(strip: int, s: float) -> int:
    """Position in ``COMMUNITIES`` of a block."""
    bank = "west" if strip < 2 else "east"
    for i, (_, _, side, low, high, _) in enumerate(COMMUNITIES):
        if side == bank and low <= s < high:
            return i
    raise ValueError(f"no community at {s}")


def assign(net: Net, shape: Valley, seed: int = SEED) -> list[Block]:
    """Give every block its community and its use."""
    rng = np.random.default_rng([seed, 4])
    blocks = []
    for number, item in enumerate(net.blocks):
        ground = shape.bend(item["sn"])
        land = shapely.buffer(ground, -5.0 if item["strip"] in (0, 4) else -7.0)
        parts = [p for p in shapely.get_parts(land) if p.area > 400]
        land = max(parts, key=lambda p: p.area) if parts else shapely.Polygon()
        home = community_of(item["strip"], min(max(item["s"], S0), S1 - 1))
        blocks.append(Block(number, item["strip"], item["s"], home, "estate", ground, land, item["span"]))
    _dedicate(blocks)
    for block in blocks:
        if block.use == "estate":
            block.use = _use(rng, block)
    return blocks


def _dedicate(blocks: list[Block]) -> None:
    """Find each dedicated area the block that suits it best."""
    for kind, name, strip, s, area in DEDICATED:
        free = [b for b in blocks if b.use == "estate" and b.strip == strip and b.land.area > 3000]
        best = min(free, key=lambda b: abs(b.s - s) / 300.0 + abs(np.log(b.land.area / area)))
        best.use, best.fact = "dedicated", {**best.fact, "kind": kind, "name": name}


def _use(rng: np.random.Generator, block: Block) -> str:
    width = 2.0 * block.land.area / max(block.land.length, 1.0)
    if block.strip in (0, 4):
        if width < 16:
            return "slope"
        return "estate" if width > 62 and rng.random() < 0.35 else "old"
    if width < 26:
        return "old"
    if block.strip in (2, 3) and OLD_TOWN[0] < block.s < OLD_TOWN[1]:
        return "old" if rng.random() < 0.4 else "estate"
    if block.strip == 1 and rng.random() < 0.12:
        return "old"
    return "estate"
