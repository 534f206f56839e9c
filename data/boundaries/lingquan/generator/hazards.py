"""Hidden-danger points and what they endanger, read off the synthetic terrain and the dwellings below."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.affinity import rotate

from data.boundaries.lingquan.generator import relief
from data.boundaries.lingquan.generator.frame import SEED, Array
from data.boundaries.lingquan.generator.outlines import VILLAGES
from data.boundaries.lingquan.generator.people import person, phone
from data.boundaries.lingquan.generator.terrain import Terrain
from data.boundaries.lingquan.generator.town import TOWN_CODE, Drawn
from spatial.duty.hazards import scale_of, threat_grade

KINDS = (
    ("landslide", "滑坡", 8, 62.0, 165.0), ("collapse", "崩塌", 9, 26.0, 78.0), ("sinkhole", "黄土陷穴", 4, 18.0, 30.0),
    ("cut_slope", "切坡建房", 5, 16.0, 40.0), ("unstable_slope", "不稳定斜坡", 3, 60.0, 130.0),
    ("check_dam", "淤地坝下游", 3, 75.0, 1200.0), ("debris_flow", "泥石流", 1, 45.0, 600.0),
    ("ground_collapse", "地面塌陷", 1, 30.0, 60.0),
)  # fmt: skip
"""Key, word, how many, half width and reach of the danger area in metres."""
NO_AREA = 4
"""The last points of the register have no area drawn: the register's own numbers stand alone."""


def make(drawn: Drawn, seed: int = SEED) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the points and the danger areas: two tables with geometry in ground metres."""
    rng = np.random.default_rng([seed, 21])
    caves = [b for b in drawn.sheet.layers["buildings"] if b["btype"] == "cave"]
    middles = shapely.get_coordinates(shapely.centroid([b["geometry"] for b in caves]))
    lived = _lived(drawn)
    east, north = drawn.land.slope(1.5)
    slope = np.column_stack([drawn.land.sample(g, middles) for g in (east, north)])
    points, areas, taken = [], [], np.empty((0, 2))
    for key, word, count, half, reach in KINDS:
        for _ in range(count):
            k = _pick(rng, middles, slope, taken, key)
            taken = np.vstack([taken, middles[k]])
            at, area = _shape(rng, drawn.land, key, middles[k], slope[k], half, reach)
            home = next(i for i, g in enumerate(drawn.town.villages) if g.covers(shapely.Point(middles[k])))
            hit = shapely.STRtree([b["geometry"] for b in caves]).query(area, predicate="intersects")
            count_lived = sum(lived.get(caves[i]["bid"], 0) for i in hit)
            row = _row(rng, len(points) + 1, key, word, home, caves[k]["group"], count_lived)
            points.append({**row, "geometry": shapely.Point(at)})
            areas.append({"number": row["number"], "kind": word, "class": "危险区", "geometry": area})
    return pd.DataFrame(points), pd.DataFrame(areas[:-NO_AREA])


def _lived(drawn: Drawn) -> dict[str, int]:
    out: dict[str, int] = {}
    for row in drawn.sheet.households:
        if row["status"] in ("常住户", "租房户"):
            out[row["bid"]] = out.get(row["bid"], 0) + row["n"]
    return out


def _pick(rng: np.random.Generator, middles: Array, slope: Array, taken: Array, key: str) -> int:
    """Choose a dwelling for a hazard: under a steep slope, or by a gully; not where one is already."""
    steep = np.hypot(*slope.T)
    score = steep + rng.uniform(0, 0.12, len(steep)) if key not in ("sinkhole", "ground_collapse") else -steep
    if len(taken):
        gap = np.linalg.norm(middles[:, None] - taken[None], axis=2).min(axis=1)
        score = np.where(gap < 420, -9.0, score)
    best = np.argsort(-score)[:40]
    return int(rng.choice(best))


def _shape(
    rng: np.random.Generator, land: Terrain, key: str, home: Array, slope: Array, half: float, reach: float
) -> tuple[Array, Any]:
    """Where the point lies and the ground it endangers: a fan down the slope, a hollow, or a stretch of gully."""
    up = slope / (np.hypot(*slope) + 1e-9)
    if key in ("check_dam", "debris_flow"):
        path = _down(land, home, reach)
        return path[0], shapely.simplify(shapely.buffer(shapely.LineString(path), half), 3.0)
    if key in ("sinkhole", "ground_collapse"):
        angle = np.linspace(0, 2 * np.pi, 22)[:-1]
        far = half * (1.0 + 0.25 * np.sin(2 * angle + rng.uniform(0, 6)) + rng.normal(0, 0.06, 21))
        at = home + rng.normal(0, 12, 2)
        return at, shapely.Polygon(at + np.column_stack([np.cos(angle), np.sin(angle)]) * far[:, None])
    at = home + up * float(rng.uniform(22, 40))
    t = np.linspace(0, 1, 14)
    wide = half * np.sin(np.pi * np.clip(t * 0.62 + 0.14, 0, 1)) * (0.55 + 0.6 * t)
    side = np.vstack([np.column_stack([wide, -reach * t]), np.column_stack([-wide, -reach * t])[::-1]])
    fan = rotate(
        shapely.Polygon(side + rng.normal(0, 1.2, side.shape)),
        np.degrees(np.arctan2(up[1], up[0])) - 90,
        origin=(0, 0),
    )
    return at, shapely.make_valid(shapely.transform(fan, lambda xy: xy + at))


def _down(land: Terrain, start: Array, reach: float) -> Array:
    """Follow the water down from the gully nearest to a place."""
    cols = land.z.shape[1]
    wet = np.flatnonzero(land.area_m2.ravel() > 400_000)
    xy = relief.cell_xy(wet, cols)
    at = int(wet[np.argmin(np.linalg.norm(xy - start, axis=1))])
    cells = [at]
    while len(cells) * 28.0 < reach and land.receiver[cells[-1]] != cells[-1]:
        cells.append(int(land.receiver[cells[-1]]))
    return shapely.get_coordinates(relief.natural(relief.cell_xy(np.array(cells), cols)))


def _row(
    rng: np.random.Generator, number: int, key: str, word: str, home: int, group: str, households: int
) -> dict[str, Any]:
    """Fill the register's columns of one point (domain.md section 5)."""
    people = round(households * float(rng.uniform(2.2, 3.2)))
    worth = round(households * float(rng.uniform(14, 34)) + float(rng.uniform(2, 15)), 1)
    volume = round(float(rng.lognormal(1.0 if key == "landslide" else 0.0, 0.9)), 2)
    state = str(rng.choice(["在册", "在册", "在册", "工程治理中", "避让搬迁中", "已核销", "新增"]))
    village = VILLAGES[home][1]
    found = dt.date(2012, 1, 1) + dt.timedelta(days=int(rng.integers(0, 4600)))
    monitors = {f"monitor_{i}": person(rng) for i in range(1, int(rng.integers(1, 3)) + 1)}
    return {
        "number": f"{TOWN_CODE}{number:04d}", "name": f"{village}{group}{word}隐患点（示例）", "kind": word,
        "trend": str(rng.choice(["基本稳定", "欠稳定", "不稳定"])), "county": "石楼县", "town": "灵泉镇",
        "village": village, "group": group, "code": TOWN_CODE + VILLAGES[home][0], "scale_wan_m3": volume,
        "scale": scale_of(key, volume), "grade": threat_grade(people, worth), "property_wan": worth,
        "households": households, "people": people, "frail": "是" if rng.random() < 0.4 else "否",
        "found_on": found.isoformat(), "trigger": str(rng.choice(["降雨", "冻融", "人工切坡", "降雨和冻融", "河流侵蚀"])),
        "monitoring": str(rng.choice(["人工巡查", "简易监测桩", "裂缝计", "雨量计和人工巡查"])),
        "warning": str(rng.choice(["铜锣", "高音喇叭", "手摇报警器", "微信群和电话"])), "plan": "是",
        "cards": "是" if rng.random() < 0.9 else "否", "last_drill": f"2025-{int(rng.integers(4, 9)):02d}-{int(rng.integers(1, 28)):02d}",
        "responsible": person(rng), "responsible_post": "村党支部书记", "responsible_phone": phone(90_000 + number),
        "monitor_1": None, "monitor_2": None, **monitors, "monitor_1_phone": phone(91_000 + number), "state": state,
        "struck_off_on": "2025-10-20" if state == "已核销" else None, "struck_off_why": "治理完成" if state == "已核销" else None,
        "review": "县级复核通过" if rng.random() < 0.8 else "镇级复核通过",
    }  # fmt: skip
