"""Cases of one year: where the town's life makes them, with times, and the chain of what was done."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.boundaries.lingquan.generator.frame import CENTRE, LATTICE, SEED, Array
from data.boundaries.lingquan.generator.town import Drawn
from spatial.duty.categories import CATEGORIES

COUNT = 348
WEIGHTS = {
    "environment": 64, "order": 38, "safety": 30, "fire": 22, "dispute": 36, "livelihood": 42, "special_groups": 22,
    "epidemic": 16, "geological": 30, "party": 12, "facilities": 28, "other": 8,
}  # fmt: skip
MONTHS = {"geological": [1, 1, 4, 2, 1, 1, 6, 7, 5, 1, 1, 1], "epidemic": [6, 4, 2, 1, 1, 1, 1, 1, 1, 2, 3, 5],
          "heating": [6, 5, 2, 0, 0, 0, 0, 0, 0, 2, 6, 6]}  # fmt: skip
"""How often by month: slides with the thaw and the rains, heating in winter; else evenly."""
VILLAGE_SHARE = {"geological": 0.85, "special_groups": 0.5, "dispute": 0.4, "livelihood": 0.3, "party": 0.4}
CHAINS = (
    ("受理 派发 反馈 归档 考核", 0.58), ("受理 派发 反馈 归档", 0.12), ("当场处置 归档", 0.08), ("受理 派发 反馈 返工 反馈 归档", 0.05),
    ("受理 派发 退回 派发 反馈 归档", 0.04), ("受理 派发 申请延期 批准延期 反馈 归档", 0.03), ("受理 派发 挂起 恢复 反馈 归档", 0.02),
    ("受理 派发 改派 反馈 归档", 0.03), ("不予受理", 0.02), ("受理 派发", 0.02), ("受理", 0.01),
)  # fmt: skip
"""Chains of steps (the words of spatial.duty.cases) and their shares."""
AFTER = {"受理": "已受理", "派发": "已派发", "反馈": "已反馈", "归档": "已归档", "考核": "已考核", "当场处置": "已反馈",
         "退回": "已退回", "返工": "已派发", "挂起": "已挂起", "恢复": "已派发", "改派": "已派发", "不予受理": "不予受理",
         "申请延期": "已派发", "批准延期": "已派发"}  # fmt: skip
COLUMNS = (
    "number", "category", "subcategory", "description", "lon", "lat", "crs", "area_code", "source", "created",
    "due", "closed", "status", "chain", "satisfied",
)  # fmt: skip


def make(drawn: Drawn, seed: int = SEED) -> pd.DataFrame:
    """Make the cases: columns ``COLUMNS``, in order of time; points in EPSG:4326."""
    rng = np.random.default_rng([seed, 22])
    shares = np.array(list(WEIGHTS.values())) / sum(WEIGHTS.values())
    homes = drawn.sheet.layers["buildings"]
    middles = shapely.get_coordinates(shapely.centroid([b["geometry"] for b in homes]))
    rural = np.array([b["group"] is not None for b in homes])
    hot = middles[rng.choice(np.flatnonzero(~rural), 9, replace=False)]
    rows = []
    for _ in range(COUNT):
        key = str(rng.choice(list(WEIGHTS), p=shares))
        below = CATEGORIES[key][2]
        sub = str(rng.choice(list(below))) if below else None
        at = _place(rng, key, middles, rural, hot)
        rows.append(_row(rng, key, sub, at, drawn))
    frame = pd.DataFrame(rows).sort_values("created", kind="stable").reset_index(drop=True)
    frame["number"] = [f"SL2025{i + 1:05d}" for i in frame.index]
    return frame[list(COLUMNS)]


def _place(rng: np.random.Generator, key: str, middles: Array, rural: Any, hot: Array) -> Array:
    """Choose a place: by a house, often near one of the town's hot spots."""
    if rng.random() < VILLAGE_SHARE.get(key, 0.12):
        base = middles[int(rng.choice(np.flatnonzero(rural)))]
    elif rng.random() < 0.45:
        near = np.linalg.norm(middles - hot[int(rng.integers(len(hot)))], axis=1)
        base = middles[int(rng.choice(np.flatnonzero((near < 160) & ~rural)))]
    else:
        base = middles[int(rng.choice(np.flatnonzero(~rural)))]
    return np.asarray(base + rng.normal(0, 6, 2))


def _start(rng: np.random.Generator, key: str, sub: str | None) -> dt.datetime:
    weights = np.array(MONTHS.get(sub or "", MONTHS.get(key, [1] * 12)), float)
    month = int(rng.choice(12, p=weights / weights.sum())) + 1
    hour = float(np.clip(rng.normal(12.5, 4.0), 6.0, 22.5))
    return dt.datetime(2025, month, int(rng.integers(1, 29)), int(hour), int(rng.integers(60)), tzinfo=ZONE)


ZONE = dt.timezone(dt.timedelta(hours=8))


def _row(rng: np.random.Generator, key: str, sub: str | None, at: Array, drawn: Drawn) -> dict[str, Any]:
    """Fill one case: the chain is ``step@time@post`` joined by ``;``."""
    created = _start(rng, key, sub)
    chain, share = zip(*CHAINS, strict=True)
    steps = str(rng.choice(chain, p=np.array(share) / sum(share))).split()
    now, told = created, []
    for step in steps:
        now += dt.timedelta(
            minutes=float(rng.lognormal(4.2 if step in ("受理", "派发", "当场处置") else 6.6, 0.9))
        )
        who = {"受理": "网格员", "反馈": "网格助理员", "当场处置": "网格员"}.get(step, "网格长")
        told.append(f"{step}@{now.isoformat(timespec='minutes')}@{who}")
    done = steps[-1] in ("归档", "考核", "不予受理")
    lon, lat = LATTICE.coords_to_lonlat(((at + CENTRE) * 100.0)[None])[0]
    words = CATEGORIES[key]
    return {
        "category": words[0], "subcategory": words[2][sub][0] if sub else None,
        "description": f"示例：{words[2][sub][0] if sub else words[0]}，请网格员到场核实。",
        "lon": round(float(lon), 7), "lat": round(float(lat), 7), "crs": "wgs84", "area_code": _area(at, drawn),
        "source": str(rng.choice(["网格员巡查", "居民来电", "微信群", "12345热线", "钉钉群"])),
        "created": created.isoformat(timespec="minutes"),
        "due": (created + dt.timedelta(days=int(rng.choice([1, 3, 5, 7])))).isoformat(timespec="minutes"),
        "closed": now.isoformat(timespec="minutes") if done else None, "status": AFTER[steps[-1]],
        "chain": ";".join(told), "satisfied": str(rng.choice(["是", "是", "是", "是", "否", ""])) if done else "",
    }  # fmt: skip


def _area(at: Array, drawn: Drawn) -> str:
    """Code of the basic grid that holds a point, or of the nearest."""
    rows = drawn.sheet.layers["boundary"]
    far = shapely.distance([r["geometry"] for r in rows], shapely.Point(at))
    return str(rows[int(np.argmin(far))]["code"])
