"""The impact of a plan as one table for a spreadsheet: a row a grid, building, case, hazard point or post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spatial.duty.categories import CATEGORIES
from spatial.duty.hazards import TYPES

if TYPE_CHECKING:
    from api.settings import Lang
    from spatial.planning.impacts import GridRef, Impact

HEADS: tuple[tuple[str, str], ...] = (
    ("类别", "kind"), ("编号", "number"), ("名称", "name"), ("单元", "stairwell"), ("楼层", "floors"),
    ("变动级别", "level"), ("原网格编码", "old code"), ("原网格", "old grid"), ("新网格编码", "new code"),
    ("新网格", "new grid"), ("户数", "households"), ("登记户数", "registered"), ("面积（平方米）", "m2"),
)  # fmt: skip
KINDS: dict[str, tuple[str, str]] = {
    "grid": ("网格", "grid"), "building": ("楼栋", "building"), "case": ("未结事件", "open case"),
    "hazard": ("隐患点", "hazard point"), "post": ("岗位", "post"),
    "retired": ("停用编码", "code retired"), "added": ("新编码", "new code"),
}  # fmt: skip


def heads(lang: Lang) -> list[str]:
    """Column heads."""
    return [row[_at(lang)] for row in HEADS]


def rows(found: Impact, lang: Lang) -> list[list[Any]]:
    """Rows in the order of the heads; codes are text, and no person is named."""
    at = _at(lang)
    kind = {key: words[at] for key, words in KINDS.items()}
    out: list[list[Any]] = [
        [kind["grid"], "", "", "", "", g.level, *_pair(g.old, g.new), g.households, None, g.m2]
        for g in found.grids
    ]
    for b in found.buildings:
        floors = "、".join(str(low) if low == high else f"{low}–{high}" for low, high in b.floors)
        out.append(
            [kind["building"], b.bid, b.name or "", b.stairwell or "", floors, b.level,
             *_pair(b.old, b.new), b.households, b.registered, None]
        )  # fmt: skip
    for name, points, table in (("case", found.cases, CATEGORIES), ("hazard", found.hazards, TYPES)):
        for p in points:
            said = table[p.kind][at] if p.kind in table else p.kind
            out.append([kind[name], p.number, said, "", "", None, *_pair(p.old, p.new), None, None, None])
    for post in found.posts:
        called = post.post_zh if at == 0 else post.post_en
        out.append([kind["post"], "", called, "", "", None, *_pair(post.old, post.new), None, None, None])
    out += [
        [kind["retired"], "", "", "", "", None, *_pair(ref, None), None, None, None] for ref in found.retired
    ]
    out += [[kind["added"], "", "", "", "", None, *_pair(None, ref), None, None, None] for ref in found.added]
    return out


def _pair(old: GridRef | None, new: GridRef | None) -> list[str]:
    return [text for ref in (old, new) for text in (("", "") if ref is None else (ref.code, ref.name))]


def _at(lang: Lang) -> int:
    return 0 if lang == "zh" else 1
