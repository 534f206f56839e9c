"""Text of a table's cells as people write it: full-width digits, 无, 负一层, codes that became numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOTHING = {"", "无", "-", "—", "nan", "none", "null", "<na>"}
_HALF: dict[int, int | str] = {
    code: code - 0xFEE0
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for code in range(ord(first), ord(last) + 1)
}
_HALF[ord("　")], _HALF[ord("－")] = " ", "-"
"""Full-width digits, letters and blanks; Chinese punctuation stays, it is no typing error."""
_CHINESE = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_FLOOR = re.compile(
    r"(?P<below>B|负|地下|-)?\s*第?(?P<number>\d{1,3}|[零〇一二两三四五六七八九十]{1,3})\s*(?:层|楼|F)?",
    re.IGNORECASE,
)


def is_absent(value: Any) -> bool:
    """Say whether a cell is empty: None, NaN, NaT or NA."""
    return value is None or bool(pd.isna(value))


def half_width(text: str) -> str:
    """Write full-width digits, letters and blanks half as wide; Chinese punctuation stays."""
    return text.translate(_HALF)


def plain(value: Any) -> str | None:
    """Text of a cell: half-width, trimmed; None for an empty cell and for 无.

    Examples
    --------
    >>> plain("１单元 "), plain("无"), plain(3.0), plain("城关村（示例）")
    ('1单元', None, '3', '城关村（示例）')
    """
    if is_absent(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = half_width(str(value)).strip()
    return None if text.lower() in _NOTHING else text


def texts(values: Sequence[Any] | pd.Series[Any] | None, rows: int) -> list[str | None]:
    """Text of a whole column, None throughout where the column is absent."""
    return [None] * rows if values is None else [plain(value) for value in values]


def floor_of(value: Any) -> int | None:
    """Floor that a cell names; basements are negative.

    Raises
    ------
    ValueError
        It names no single floor.

    Examples
    --------
    >>> [floor_of(v) for v in ("3", "３层", "3F", "十二楼", "负一层", "B1", "-2", 15.0, None, "无")]
    [3, 3, 3, 12, -1, -1, -2, 15, None, None]
    """
    text = plain(value)
    if text is None:
        return None
    match = _FLOOR.fullmatch(text)
    if not match:
        raise ValueError(text)
    number = match["number"]
    floor = int(number) if number.isdigit() else chinese_number(number)
    return -floor if match["below"] else floor


def chinese_number(text: str) -> int:
    """Number from 0 to 99 in Chinese digits: 三, 十二, 二十, 三十三."""
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        raise ValueError(text)
    unit = _CHINESE[ones] if ones else 0
    if not ten:
        return unit
    return (_CHINESE[tens] if tens else 1) * 10 + unit
