"""Names of buildings as people write them: 凤城小区3号楼 = 3幢 = 3栋 = 3#楼 of the estate 凤城小区."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.readers.text import chinese_number, plain

if TYPE_CHECKING:
    import pandas as pd

_SIGNS = str.maketrans(
    {"＃": "#", "～": "~", "—": "-", "–": "-", "－": "-", "（": "(", "）": ")", "至": "-", "到": "-"}
)
_UNIT = r"(?:#楼|号楼|号院|[#号]?(?:楼|幢|栋|座|院|排)|[#号])"
_NUMBER = r"(?:[A-Z]?-?\d{1,4}|[A-Z]|[零〇一二两三四五六七八九十]{1,3})"
_NAME = re.compile(rf"(?P<estate>.*?)第?(?P<number>{_NUMBER})(?P<unit>{_UNIT})?", re.IGNORECASE)
_RANGE = re.compile(
    rf"(?P<estate>.*?)第?(?P<first>\d{{1,3}}){_UNIT}?(?P<sign>[-~、,，/])第?(?P<last>\d{{1,3}}){_UNIT}?"
)
_LIST = re.compile(rf"(?P<estate>.*?)(?P<all>\d{{1,3}}{_UNIT}?(?:[、,，/]\d{{1,3}}{_UNIT}?)+)")
_ESTATE_ENDS = ("住宅小区", "小区", "住宅区", "家属院", "社区")
CANDIDATES = 3


@dataclass(frozen=True)
class Name:
    """A building's name taken apart: its estate ("" where it says none) and its number, as text."""

    estate: str
    number: str


def name_of(text: str) -> Name | None:
    """Take a name apart; None where it ends in no number.

    Examples
    --------
    >>> name_of("凤城小区3号楼") == name_of("凤城3幢") == name_of("凤城 ３＃楼") == name_of("凤城小区三栋")
    True
    >>> name_of("A座"), name_of("凤城小区")
    (Name(estate='', number='A'), None)
    """
    clean = _clean(text)
    match = _NAME.fullmatch(clean)
    if not match or (match["estate"] and not match["unit"] and not match["number"].isdigit()):
        return None
    number = match["number"].upper()
    if not number[-1].isdigit() and not number.isascii():
        try:
            number = str(chinese_number(number))
        except ValueError:
            return None
    elif number.isdigit():
        number = str(int(number))
    return Name(estate_key(match["estate"]), number)


def estate_key(text: str | None) -> str:
    """Estate's name without blanks and without the word for an estate.

    Examples
    --------
    >>> estate_key("凤城 小区"), estate_key("凤城"), estate_key(None)
    ('凤城', '凤城', '')
    """
    clean = _clean(text or "")
    for end in _ESTATE_ENDS:
        if clean.endswith(end) and len(clean) > len(end):
            return clean[: -len(end)]
    return clean


def range_of(text: str) -> list[Name] | None:
    """Names that "1-10幢", "1、2号楼" or "1至3栋" stand for; None for the name of one building.

    Examples
    --------
    >>> [name.number for name in range_of("凤城小区1-3幢")], range_of("3幢")
    (['1', '2', '3'], None)
    """
    clean = _clean(text)
    match = _RANGE.fullmatch(clean)
    if match and match["sign"] in "-~":
        first, last = int(match["first"]), int(match["last"])
        if 0 < first < last:
            return [Name(estate_key(match["estate"]), str(n)) for n in range(first, last + 1)]
        return []
    listed = _LIST.fullmatch(clean)
    if listed:
        numbers = re.findall(r"\d+", listed["all"])
        return [Name(estate_key(listed["estate"]), str(int(n))) for n in numbers]
    return None


class Directory:
    """Buildings looked up by bid, by name, and by estate and number.

    Parameters
    ----------
    buildings
        One row a building, columns bid and name.
    """

    def __init__(self, buildings: pd.DataFrame) -> None:
        self._label: dict[str, str] = {}
        self._by_bid: set[str] = set()
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._by_number: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._near: dict[tuple[str | None, str], list[str]] = {}
        for bid, raw in zip(buildings["bid"], buildings["name"], strict=True):
            name = plain(raw)
            self._by_bid.add(bid)
            self._label[bid] = f"{name} ({bid})" if name else bid
            if name:
                self._exact[_clean(name)].append(bid)
                parsed = name_of(name)
                if parsed:
                    self._by_number[parsed.number][parsed.estate].append(bid)

    def has(self, bid: str) -> bool:
        """Say whether a building has this number."""
        return bid in self._by_bid

    def find(self, estate: str | None, building: str) -> list[str]:
        """Buildings that a row may mean: one, none, or several where it does not say enough."""
        exact = self._exact.get(_clean((estate or "") + building), []) or self._exact.get(
            _clean(building), []
        )
        parsed = name_of(building)
        if len(exact) == 1 and (not estate or not parsed or parsed.estate or estate_key(estate) == ""):
            return exact
        found = self.numbered(estate, parsed) if parsed else []
        return found or exact

    def numbered(self, estate: str | None, name: Name) -> list[str]:
        """Buildings of an estate with a number; an estate that isn't said, or isn't in any name, is open."""
        wanted = name.estate or estate_key(estate)
        by_estate = self._by_number.get(name.number, {})
        if wanted and wanted in by_estate:
            return by_estate[wanted]
        if wanted and any(key for key in by_estate):
            return []
        return [bid for bids in by_estate.values() for bid in bids]

    def candidates(self, estate: str | None, building: str) -> list[str]:
        """Labels of the nearest buildings, the likeliest first; looked up once for each name."""
        if (estate, building) not in self._near:
            self._near[estate, building] = self._nearest(estate, building)
        return self._near[estate, building]

    def _nearest(self, estate: str | None, building: str) -> list[str]:
        parsed = name_of(building)
        same = self._by_number.get(parsed.number, {}) if parsed else {}
        near = [bid for bids in same.values() for bid in bids]
        text = _clean((estate or "") + building)
        by_text = {_clean(label): bid for bid, label in self._label.items()}
        near += [by_text[t] for t in difflib.get_close_matches(text, by_text, CANDIDATES, 0.4)]
        return [self._label[bid] for bid in dict.fromkeys(near)][:CANDIDATES]

    def labels(self, bids: list[str]) -> list[str]:
        """Names and numbers of buildings, for people."""
        return [self._label[bid] for bid in bids]


def _clean(text: str) -> str:
    return re.sub(r"\s", "", (plain(text) or "").translate(_SIGNS))
