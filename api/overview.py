"""The overview as a table of rows: for files and for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spatial.duty.figures import Figures, LevelFigures, Overview

    Cell = str | int | float | None

HEADS: tuple[tuple[str, str], ...] = (
    ("编码", "code"), ("名称", "name"), ("类别", "division"), ("级别", "level"), ("负责人", "post"),
    ("目标数", "wanted"), ("现有数", "grids"), ("其中专属", "dedicated"), ("常住户", "households"),
    ("登记户", "registered"), ("其中推算户", "derived"),
    ("户数下限", "band_min"), ("户数上限", "band_max"), ("最少", "min"),
    ("中位", "median"), ("最多", "max"), ("适用区间", "banded"), ("达标", "in_band"),
    ("不达标原因", "reasons"), ("岗位", "posts"), ("在岗", "held"), ("未结事件", "cases_open"),
    ("已结事件", "cases_closed"), ("到期事件", "cases_due"), ("按时办结", "cases_on_time"),
    ("隐患点", "hazards"), ("威胁户数", "threatened"),
)  # fmt: skip
"""Columns in Chinese and English; cases and hazard points stand in the rows of level 0."""
SHORT_HEADS: tuple[tuple[str, str], ...] = (
    ("名称", "name"), ("级", "lv"), ("目标", "want"), ("现有", "grids"), ("户/格", "households a grid"),
    ("达标", "in band"), ("在岗", "held"), ("未结", "open"), ("隐患", "hazards"),
)  # fmt: skip
"""Columns that a terminal has room for."""
_DIVISIONS = {"community": ("社区", "communities"), "village": ("行政村", "villages")}


def heads(lang: str) -> list[str]:
    """Names of the columns."""
    return [zh if lang == "zh" else en for zh, en in HEADS]


def rows(found: Overview, lang: str) -> Iterator[list[Cell]]:
    """One row a level, first of each division, then of each basic grid; codes are text."""
    at = 0 if lang == "zh" else 1
    for figures in (*found.divisions, *found.areas):
        name = figures.name or _DIVISIONS[figures.division][at]
        for level in figures.levels:
            yield [figures.code, name, _DIVISIONS[figures.division][at], *_level(level, at, figures.derived),
                   *_duty(figures, level)]  # fmt: skip


def short_rows(found: Overview) -> Iterator[list[Cell]]:
    """One row a level, in the few columns that a terminal has room for."""
    for figures in (*found.divisions, *found.areas):
        for level in figures.levels:
            first, duty = level.level == 0, figures.duty
            name = figures.name or "/".join(_DIVISIONS[figures.division])
            spread = (level.sizes[0], level.median, level.sizes[-1]) if level.sizes else ()
            yield [
                name if first else None, level.level, level.wanted, level.grids,
                "·".join(f"{n:g}" for n in spread if n is not None),
                f"{level.in_band}/{level.banded}" if level.banded else None, f"{level.held}/{level.posts}",
                duty.cases_open if first else None, duty.hazards if first else None,
            ]  # fmt: skip


def _level(level: LevelFigures, at: int, derived: int) -> list[Cell]:
    least, most = (level.sizes[0], level.sizes[-1]) if level.sizes else (None, None)
    reasons = "; ".join(f"{reason or '-'} {n}" for reason, n in sorted(level.reasons.items()))
    return [
        level.level, (level.post_zh, level.post_en)[at], level.wanted, level.grids, level.dedicated,
        level.households, level.registered,
        None if level.level else derived, level.minimum, level.maximum, least, level.median, most,
        level.banded, level.in_band, reasons or None, level.posts, level.held,
    ]  # fmt: skip


def _duty(figures: Figures, level: LevelFigures) -> list[Cell]:
    if level.level:
        return [None] * 6
    duty = figures.duty
    return [duty.cases_open, duty.cases_closed, duty.cases_due, duty.cases_on_time, duty.hazards,
            duty.threatened]  # fmt: skip
