"""Stairwell, floor, room and status of a register row, as people write them."""

from __future__ import annotations

import re
from typing import Any

from spatial.policy import REGISTERED, STATUS_WORDS
from spatial.readers.text import chinese_number, plain

STATUSES: dict[str, str] = (
    {word: word for word in (*sorted(REGISTERED), "shop")}
    | STATUS_WORDS
    | {
        "自住": "resident", "常驻户": "resident", "常住人口": "resident", "已入住": "resident",
        "入住": "resident", "居住": "resident", "有人": "resident", "租住": "renter", "出租": "renter",
        "租房": "renter", "租户": "renter", "出租房": "renter", "租赁": "renter", "承租": "renter",
        "空": "vacant", "空房": "vacant",
        "空户": "vacant", "空挂户": "vacant", "空置房": "vacant", "未入住": "vacant", "闲置": "vacant",
        "无人": "vacant", "外出务工": "away", "人户分离": "away", "长期外出": "away", "门面": "shop",
        "商户": "shop", "店铺": "shop", "门市": "shop", "车库": "shop", "储藏室": "shop",
    }
)  # fmt: skip
"""Words of real registers for the statuses of ``spatial.policy``; garages and stores are no households."""
HEADS = ("户主", "本人", "本户", "户主本人", "head", "self")
YES, NO = ("是", "一致", "y", "yes", "1", "true"), ("否", "不一致", "n", "no", "0", "false")
_BARE = re.compile(r"(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3})(?P<unit>单元|门|梯)?")
_ROOM = re.compile(
    r"(?:(?P<stairwell>(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:单元|门)|\d{1,2}(?=-))-?)?"
    r"(?P<below>B|负|地下|-)?(?P<digits>\d{3,4})(?:室|号|户|房)?",
    re.IGNORECASE,
)


def stairwell_of(cell: Any) -> str | None:
    """Stairwell in one way of writing: a bare number is a 单元.

    Examples
    --------
    >>> [stairwell_of(v) for v in (1, 2.0, "一单元", "０２单元", "3门", "东单元", "无", None)]
    ['1单元', '2单元', '1单元', '2单元', '3门', '东单元', None, None]
    """
    text = plain(cell)
    if text is None:
        return None
    text = re.sub(r"\s", "", text).removeprefix("第")
    match = _BARE.fullmatch(text)
    if not match:
        return text
    digits = match["number"]
    try:
        number = int(digits) if digits.isdigit() else chinese_number(digits)
    except ValueError:
        return text
    return f"{number}{match['unit'] or '单元'}"


def floor_of_room(room: str | None) -> int | None:
    """Floor that a room's number tells: 1502 = 15, 302 = 3, B101 = -1; None for any other form.

    Only for registers that have no column of floors.

    Examples
    --------
    >>> [floor_of_room(v) for v in ("1502", "302室", "1单元401", "B101", "12", "商铺3", None)]
    [15, 3, 4, -1, None, None, None]
    """
    match = _ROOM.fullmatch(room) if room else None
    if not match:
        return None
    floor = int(match["digits"][:-2])
    if floor == 0:
        return None
    return -floor if match["below"] else floor


def stairwell_in_room(room: str | None) -> str | None:
    """Stairwell that a room's number carries, only for registers that have no column of stairwells.

    Examples
    --------
    >>> [stairwell_in_room(v) for v in ("1单元401", "2-302", "302", "-101")]
    ['1单元', '2单元', None, None]
    """
    match = _ROOM.fullmatch(room) if room else None
    return stairwell_of(match["stairwell"]) if match and match["stairwell"] else None


def room_of(cell: Any) -> str | None:
    """Room as text, blanks and the word for a room gone.

    Examples
    --------
    >>> room_of(1502.0), room_of(" ３０２室 ")
    ('1502', '302')
    """
    text = plain(cell)
    return None if text is None else re.sub(r"\s", "", text).removesuffix("室") or None
