"""Invented people: names drawn from lists, phones that no network gives out; and the staff of every post."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.boundaries.lingquan.generator.frame import SEED

SURNAMES = "王李张刘陈杨赵黄周吴郭马郑冯任曹高霍郝薛贺白段武康辛车孟胡兰解卫"
GIVEN = "建国 秀英 志强 桂兰 海燕 永平 玉珍 文斌 晓丽 俊峰 春梅 福生 红霞 保平 爱萍 小军 月娥 金锁 彩云 国栋 雪琴 耀宗 润生 巧玲 拴柱 慧芳 大勇 改莲 学文 丽君 候平 银虎"
TOTALS = {"community": (60, 212, 1113), "village": (84, 471)}
"""The story's grids by level (domain.md section 1): as many posts."""
SEATS: dict[str, tuple[int, ...]] = {
    "141126100001": (15, 71), "141126100002": (40, 209), "141126100003": (46, 242), "141126100004": (31, 170),
    "141126100005": (21, 116), "141126100006": (28, 149), "141126100007": (31, 156), "141126100200": (42,),
    "141126100201": (21,), "141126100202": (22,), "141126100203": (22,), "141126100204": (36,),
    "141126100205": (23,), "141126100206": (30,), "141126100207": (27,), "141126100209": (25,),
    "141126100210": (22,), "141126100211": (35,), "141126100213": (23,), "141126100217": (30,),
    "141126100219": (26,), "141126100220": (22,), "141126100224": (21,), "141126100225": (24,),
    "141126100226": (20,),
}  # fmt: skip
"""Posts of level 2, and of level 3 in a community, by basic grid: as the plan of script/demo shares the totals out."""
POSTS = {
    "community": (("网格员", "full"), ("网格助理员", "part"), ("网格联络员", "part")),
    "village": (("网格员", "part"), ("网格联络员", "part")),
}
SECTIONS = (
    "holder",
    "post",
    "code",
    "level",
    "seat",
    "phone",
    "time",
    "body",
    "party_member",
    "since",
    "until",
)


def person(rng: np.random.Generator) -> str:
    """Draw a name."""
    return str(rng.choice(list(SURNAMES))) + str(rng.choice(GIVEN.split()))


def phone(number: int) -> str:
    """Make a work phone that no network gives out: 11 digits beginning with 100."""
    return f"100{number:08d}"


def shares(total: int, weights: np.ndarray[Any, Any]) -> list[int]:
    """Share a total by weights: the largest remainders take what is left, at least one each."""
    exact = total * weights / weights.sum()
    out = np.maximum(1, np.floor(exact)).astype(int)
    for i in np.argsort(np.floor(exact) - exact, kind="stable")[: max(0, total - int(out.sum()))]:
        out[i] += 1
    return [int(n) for n in out]


def staff(areas: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """Fill every post of the story.

    Parameters
    ----------
    areas
        One row a basic grid: code, name, division, households, dedicated, groups.

    Returns
    -------
    DataFrame
        Columns ``SECTIONS``; one row = one post held. ``code`` is the basic grid's, ``seat`` numbers the posts
        of a level within it: seats become grids once a plan is in force. ``until`` is filled where somebody left.
    """
    rng = np.random.default_rng([seed, 20])
    rows: list[dict[str, Any]] = []
    for _, area in areas.iterrows():
        rows.append(_post(rng, rows, area, 0, 1, ("网格长", "part")))
    for division, totals in TOTALS.items():
        own = areas[areas["division"] == division]
        for level, total in enumerate(totals, 1):
            for (_, area), count in zip(own.iterrows(), _seats(own, division, level, total), strict=True):
                for seat in range(1, count + 1):
                    rows.append(_post(rng, rows, area, level, seat, POSTS[division][level - 1]))
    return pd.DataFrame(rows)[list(SECTIONS)]


def _seats(own: pd.DataFrame, division: str, level: int, total: int) -> list[int]:
    """Posts of a level in every area: groups as they are, dedicated grids one each, level 1 by households."""
    if level > 1:
        return [SEATS[code][level - 2] for code in own["code"]]
    weights = own["households"].to_numpy(float)
    if division == "village":
        return [int(n) for n in own["groups"]]
    dedicated = own["dedicated"].to_numpy(int)
    return [a + int(b) for a, b in zip(shares(total - int(dedicated.sum()), weights), dedicated, strict=True)]


def _post(
    rng: np.random.Generator,
    rows: list[dict[str, Any]],
    area: pd.Series[Any],
    level: int,
    seat: int,
    post: tuple[str, str],
) -> dict[str, Any]:
    left = level > 1 and rng.random() < 0.012
    return {
        "holder": person(rng), "post": post[0], "code": area["code"], "level": level, "seat": seat,
        "phone": phone(len(rows) + 1), "time": post[1], "body": f"{area['name']}党支部",
        "party_member": "是" if rng.random() < (0.95 if level < 2 else 0.45) else "否",
        "since": f"2025-{int(rng.integers(1, 5)):02d}-01", "until": "2025-12-31" if left else None,
    }  # fmt: skip
