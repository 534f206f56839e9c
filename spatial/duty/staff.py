"""Staff: who holds which post of which grid, and what of that may be shown to whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from spatial.policy import POSTS

if TYPE_CHECKING:
    from spatial.policy import Division

Time = Literal["full", "part"]

STAFF_COLUMNS = ("holder", "post", "code", "phone", "time", "body")
"""Columns of a staff frame; one row = one post held: holder's name, post (key or word), code of the grid (or
basic grid, or town), work phone, full or part, responsible body. Only post and code must be filled."""
STAFF_GIVEN = (*STAFF_COLUMNS, "level", "seat", "until")
"""Columns of a staff list as it is given: a post whose ``code`` is its basic grid's may name its grid by
``level`` and ``seat``, the grid's place among those of that level there, by code from 1. ``until`` is the day
(`datetime.date`) after which it is held no more."""


@dataclass(frozen=True)
class Post:
    """A post of grid staff by its key, with its words and the ones that registers write for it."""

    key: str
    zh: str
    en: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Staff:
    """One post held. ``code`` names the grid (or a basic grid, or a town); ``holder`` None while vacant."""

    post: str
    code: str
    holder: str | None = None
    phone: str | None = None
    time: Time | None = None
    body: str | None = None


_ALSO: dict[str, tuple[str, ...]] = {
    "grid_chief": ("总网格长", "支部书记"),
    "grid_member": ("专职网格员", "兼职网格员", "一级网格员"),
    "grid_assistant": ("助理员",),
    "grid_liaison": ("联络员",),
}
_OTHER = (
    Post("party_member", "党员责任人", "party member of the area", ("责任区党员", "党员")),
    Post("hazard_responsible", "地灾责任人", "responsible person (geological hazards)"),
    Post("hazard_manager", "地灾网格管理员", "manager (geological hazards)", ("管理员",)),
    Post("hazard_coordinator", "地灾网格协管员", "coordinator (geological hazards)", ("协管员",)),
    Post("hazard_specialist", "地灾网格专管员", "specialist (geological hazards)", ("专管员",)),
    Post("hazard_monitor", "群测群防员", "community monitor", ("监测员", "监测人")),
)

POST_TABLE: dict[str, Post] = {
    en.replace(" ", "_"): Post(en.replace(" ", "_"), zh, en, _ALSO.get(en.replace(" ", "_"), ()))
    for zh, en in dict.fromkeys(POSTS.values())
} | {post.key: post for post in _OTHER}
"""Every post: those of the grids, as the policy names them, and those of hazards and party areas."""

TIME_WORDS: dict[str, Time] = {"full": "full", "part": "part", "专职": "full", "兼职": "part"}


def post_of(text: str) -> str | None:
    """Find a post's key by its key, Chinese or English word; None where no post is called so.

    Examples
    --------
    >>> post_of("网格长"), post_of("grid liaison"), post_of("grid_member"), post_of("镇长")
    ('grid_chief', 'grid_liaison', 'grid_member', None)
    """
    word = re.sub(r"\s+", " ", text.strip())
    for post in POST_TABLE.values():
        if word in {post.key, post.zh, *post.also} or word.lower() == post.en:
            return post.key
    return None


def post_for(division: Division, level: int) -> str | None:
    """Key of the post that holds a grid of a division and level, None where the policy names none.

    Examples
    --------
    >>> post_for("community", 3), post_for("village", 2), post_for("village", 3)
    ('grid_liaison', 'grid_liaison', None)
    """
    found = POSTS.get((division, level))
    return None if found is None else post_of(found[0])


def mask_phone(phone: str | None) -> str | None:
    """Hide the middle of a phone number (domain.md section 8).

    Examples
    --------
    >>> mask_phone("13812341234"), mask_phone("0358-5722110"), mask_phone("110"), mask_phone(None)
    ('138****1234', '035*****2110', '***', None)
    """
    if phone is None:
        return None
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:] if len(phone) > 7 else "*" * len(phone)


def mask_name(name: str | None) -> str | None:
    """Hide all of a name but its first character.

    Examples
    --------
    >>> mask_name("张三丰"), mask_name(""), mask_name(None)
    ('张*', '', None)
    """
    return name[0] + "*" if name else name
