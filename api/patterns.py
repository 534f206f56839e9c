"""The forms that codes and names take in a request, each with the words that tell it."""

from __future__ import annotations

from typing import NamedTuple

AREA = r"^\d{9}(\d{3})?$"
BASIC = r"^\d{12}$"
GRID = r"^\d{12}(\d{3}(\d{2}(\d{2})?)?)?$"
CLIENT = r"^[0-9A-Za-z_-]{8,64}$"
EVENT = r"^\d{1,9}$"
PLANS = r"^\d{1,9}(,\d{1,9}){0,4}$"
NOT_BLANK = r"\S"


class Words(NamedTuple):
    """What a value of one form should be, in two languages."""

    zh: str
    en: str


_WORDS = {
    AREA: Words(
        "应为 9 位（乡镇、街道）或 12 位（社区、村）数字编码",
        "should be a code of 9 digits (a town) or 12 (a community or village)",
    ),
    BASIC: Words("应为 12 位数字编码（社区、村）", "should be a code of 12 digits (a community or village)"),
    GRID: Words("应为 12、15、17 或 19 位数字网格编码", "should be a grid code of 12, 15, 17 or 19 digits"),
    CLIENT: Words("应为 8 至 64 个字母、数字、_ 或 -", "should be 8 to 64 letters, digits, _ or -"),
    EVENT: Words("应为至多 9 位的数字", "should be a number of at most 9 digits"),
    PLANS: Words(
        "应为一至五个方案号，以逗号分隔，如 1,2,3", "should be one to five numbers of plans, as 1,2,3"
    ),
    NOT_BLANK: Words("不能为空白", "should not be blank"),
}


def words_of(pattern: str) -> Words:
    """Say what a value should look like that does not match a pattern; a choice of words lists them.

    Examples
    --------
    >>> words_of(BASIC).zh, words_of("^(open|closed)$").en
    ('应为 12 位数字编码（社区、村）', 'should be one of open, closed')
    """
    if pattern in _WORDS:
        return _WORDS[pattern]
    choices = pattern.removeprefix("^(").removesuffix(")$").split("|")
    return Words(f"只能是 {'、'.join(choices)}", f"should be one of {', '.join(choices)}")
