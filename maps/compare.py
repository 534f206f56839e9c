"""Two plans over one another with a slider, and their tables. Figures in, HTML out; the map reads /v1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from maps.popups import template
from maps.style import style_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Language = Literal["zh", "en"]
MOST_ROWS = 300
"""Rows of a table on the page; all are in the interface's answer."""
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("两个方案对比", "Two plans compared"),
    "language": ("EN", "中文"),
    "sample": ("示例数据", "Sample data"),
    "plan": ("方案 {n}", "Plan {n}"),
    "swap": ("左右互换", "Swap sides"),
    "map": ("地图：左右拖动对比", "Map: drag to compare"),
    "waiting": ("正在载入两个方案…", "Loading both plans…"),
    "moved": ("换网格的户数", "Households that change grid"),
    "moved_text": ("{n} 户（共 {all} 户，{share}）", "{n} of {all} ({share})"),
    "matched": ("两个方案的网格按留住最多户数配对。", "Grids are matched to keep as many as can be."),
    "borders": ("变动的边界", "Borders that moved"),
    "level": ("{n} 级", "level {n}"),
    "only": ("仅方案 {n} 有", "only in plan {n}"),
    "both": ("两方案都有", "in both"),
    "metres": ("{n} 米", "{n} m"),
    "building": ("楼栋", "Building"), "households": ("户数", "households"),
    "registered": ("登记", "registered"),
    "between": ("网格之间", "Between grids"), "length": ("长度", "length"),
    "stairwell": ("{n} 单元", "stairwell {n}"), "floors": ("{n} 层", "floors {n}"),
    "figures": ("指标", "Figures"),
    "more": ("其余 {n} 行见接口 /v1/plans/compare", "{n} more rows in /v1/plans/compare"),
    "none": ("没有住户换网格。", "No household changes grid."),
    "no_lines": ("边界完全相同。", "The borders are the same."),
    "show": ("点击一行，地图上会显示", "Click a row to see it on the map"),
    "disclaimer": ("界线不作为划界依据", "Borders are no legal ground for delimitation"),
}  # fmt: skip


def compare_page(
    found: Any, ids: tuple[int, int], titles: Mapping[int, tuple[str, str]],
    table: Sequence[tuple[str, Sequence[tuple[str, Sequence[str]]]]], *, lang: Language = "zh",
    sample: bool = False,
) -> str:  # fmt: skip
    """Draw the page.

    Parameters
    ----------
    found
        As `spatial.planning.comparing.PlansCompared`: area_name, households, moved, homes, borders, lines.
    ids, titles
        The two plans, and what each is called in Chinese and English.
    table
        Figures of both score cards: by level its heading, and rows of a name with two values.
    """
    at = 0 if lang == "zh" else 1

    def word(name: str, **given: object) -> str:
        return _WORDS[name][at].format(**given)

    def address(a: int, b: int, spoken: str) -> str:
        return "/maps/compare?" + urlencode({"a": a, "b": b, "lang": spoken})

    lines = found.lines.drop(columns="geometry").to_dict("records")
    called = [titles[one][at] for one in ids]
    config = {"plans": ids, "lang": lang, "style": style_table(), "titles": called, "label": word("map")}
    return template(
        "compare.html",
        found=found, ids=ids, lang=lang, t=word, titles=called, table=table, sample=sample, config=config,
        homes=found.homes[:MOST_ROWS], lines=lines[:MOST_ROWS], part=lambda home: _part(home, word),
        more_homes=len(found.homes) - MOST_ROWS, more_lines=len(lines) - MOST_ROWS,
        again=address(*ids, "en" if lang == "zh" else "zh"), swapped=address(ids[1], ids[0], lang),
    )  # fmt: skip


def _part(home: Any, word: Any) -> str:
    """A building, or the part of it that a row is about, in words."""
    runs = "、".join(str(low) if low == high else f"{low}–{high}" for low, high in home.floors)
    parts = [
        home.name or home.bid,
        word("stairwell", n=home.stairwell) if (home.stairwell or "").isdigit() else home.stairwell,
        word("floors", n=runs) if runs else "",
    ]
    return " ".join(part for part in parts if part)
