"""The overview of a town: numbers wanted beside those in force, as pictures first. Figures in, HTML out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import numpy as np

from maps import pictures
from maps.overview_words import say
from maps.popups import template

if TYPE_CHECKING:
    from spatial.duty.figures import Figures, LevelFigures, Overview

Language = Literal["zh", "en"]

MEASURES: dict[str, Callable[[Figures], float | None]] = {
    "in_band": lambda a: _rate(a.finest.in_band, a.finest.banded) if a.finest else None,
    "households": lambda a: a.levels[0].households if a.levels else None,
    "vacant_posts": lambda a: vacant(a) if a.levels else None,
    "cases_open": lambda a: a.duty.cases_open,
    "hazards": lambda a: a.duty.hazards,
}
"""What the small map may show of each basic grid."""
RATES = (0.8, 0.9, 0.95, 1.0)
"""Where the classes of a rate begin, but for the lowest."""
SPARK_ROOM = 3
"""Households left free at both ends of the small pictures."""
STEPS = (1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)


def overview_page(
    found: Overview, *, lang: Language = "zh", area: str | None = None,
    towns: Sequence[tuple[str, str]] = (), disputes: int = 0,
) -> str:  # fmt: skip
    """Draw the page.

    Parameters
    ----------
    found
        The figures; a town without a name is called by its code.
    lang
        Its language; the switch asks for the page again in the other.
    area
        What was asked for, kept in the links; None the first town.
    towns
        Code and title of every town: more than one can be chosen from.
    disputes
        Pieces of disputed ground, which forbid publishing.
    """
    word = partial(say, lang=lang)
    names = {a.code or "": short_name(a.name) for a in found.areas}
    scales = {name: scale(name, [measure(a) for a in found.areas]) for name, measure in MEASURES.items()}
    codes = [a.code or "" for a in found.areas]
    classes = {name: dict(zip(codes, of, strict=True)) for name, (of, _) in scales.items()}
    shown = next((name for name, of in classes.items() if len(set(of.values())) > 1), "in_band")
    asked = {} if area is None else {"area": area}
    return template(
        "overview.html",
        found=found, title=_title(found), towns=towns, disputes=disputes,
        town=found.code[:9], lang=lang, t=word, n=number, percent=percent, rate=_rate,
        reasons=partial(_reasons, word=word), vacant=vacant, hatches=pictures.hatches(),
        histogram=partial(_histogram, word=word), spark=partial(_spark, ends=_ends(found.areas)),
        share=pictures.share, short=short_name, totals=_totals(found),
        locators=_locators(found, names, classes, shown), shown=shown,
        legends={name: labels for name, (_, labels) in scales.items()},
        link=partial(_link, lang=lang),
        again=_link("/maps/overview", lang="en" if lang == "zh" else "zh", **asked),
        files={kind: _link("/maps/overview", lang=lang, download=kind, **asked) for kind in ("csv", "xlsx")},
    )  # fmt: skip


def number(value: float | None) -> str:
    """Write a count with its thousands apart, a median with half if need be, and a dash for none.

    Examples
    --------
    >>> number(19905), number(88.5), number(88.0), number(None)
    ('19,905', '88.5', '88', '—')
    """
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def percent(rate: float | None) -> str:
    """Write a rate; only what is whole is 100 %.

    Examples
    --------
    >>> percent(1.0), percent(0.9996), percent(2 / 3), percent(0.5), percent(None)
    ('100 %', '99.9 %', '66.7 %', '50 %', '—')
    """
    if rate is None:
        return "—"
    tenths = 100.0 if rate >= 1 else min(round(rate * 100, 1), 99.9)
    return f"{tenths:.0f} %" if tenths.is_integer() else f"{tenths:.1f} %"


def short_name(name: str) -> str:
    """Leave out what stands in brackets at a name's end.

    Examples
    --------
    >>> short_name("凤城社区（示例）"), short_name("王村")
    ('凤城社区', '王村')
    """
    return re.sub(r"[（(][^（）()]*[）)]$", "", name) or name


def vacant(figures: Figures) -> int:
    """Count the posts that nobody holds."""
    return sum(level.posts - level.held for level in figures.levels)


def scale(name: str, values: Sequence[float | None]) -> tuple[list[int], list[str]]:
    """Put values into five classes.

    Parameters
    ----------
    name
        ``in_band``: a rate, by `RATES`; any other: counts, by steps of a round number from 1.
    values
        One a basic grid.

    Returns
    -------
    classes, labels
        0..4 of each value, -1 for None; and what each of the five classes holds.

    Examples
    --------
    >>> scale("hazards", [0, 1, 4, 9, None])
    ([0, 1, 2, 3, -1], ['0', '1–3', '4–6', '7–9', '≥ 10'])
    >>> scale("in_band", [1.0, 0.97, None])
    ([4, 3, -1], ['< 80 %', '80–90 %', '90–95 %', '95–100 %', '100 %'])
    """
    known = np.array([np.nan if v is None else float(v) for v in values])
    if name == "in_band":
        starts = np.array(RATES)
        labels = ["< 80 %", "80–90 %", "90–95 %", "95–100 %", "100 %"]
    else:
        most = float(np.nanmax(known)) if np.isfinite(known).any() else 0.0
        step = next((s for s in STEPS if 1 + 4 * s > most), int(most) // 4 + 1)
        starts = 1.0 + step * np.arange(4)
        labels = ["0", *(f"{s:.0f}–{s + step - 1:.0f}" if step > 1 else f"{s:.0f}" for s in starts[:3])]
        labels.append(f"≥ {starts[3]:.0f}")
    found = np.where(np.isnan(known), -1, np.searchsorted(starts, np.nan_to_num(known), side="right"))
    return [int(i) for i in found], labels


def _title(found: Overview) -> str:
    """Name of the town or basic grid."""
    return found.name or (short_name(found.areas[0].name) if len(found.areas) == 1 else found.code)


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _ends(areas: Sequence[Figures]) -> tuple[int, int]:
    """Ends of the small pictures of the finest levels: all grids and bands, and a little room."""
    finest = [f for a in areas if (f := a.finest) is not None and f.sizes]
    low = min((n for f in finest for n in (f.sizes[0], f.minimum or f.sizes[0])), default=0)
    high = max((n for f in finest for n in (f.sizes[-1], f.maximum or 0)), default=1)
    return max(0, low - SPARK_ROOM), high + SPARK_ROOM


def _totals(found: Overview) -> dict[str, Any]:
    """Sums over the divisions, for the tiles at the top."""
    levels = [level for d in found.divisions for level in d.levels]
    return {
        "areas": len(found.areas),
        "households": sum(level.households for level in levels if level.level == 0),
        "derived": sum(d.derived for d in found.divisions),
        "registered": sum(level.registered for level in levels if level.level == 0),
        "grids": {n: sum(level.grids for level in levels if level.level == n) for n in (1, 2, 3)},
        "in_band": sum(level.in_band for level in levels), "banded": sum(level.banded for level in levels),
        "posts": sum(level.posts for level in levels), "held": sum(level.held for level in levels),
    }  # fmt: skip


def _reasons(level: LevelFigures, word: Callable[..., str]) -> str:
    """Grids out of band by reason, the most frequent first."""
    listed = sorted(level.reasons.items(), key=lambda one: (-one[1], one[0]))
    return "、".join(f"{word(reason)} {n}" for reason, n in listed) or word("none_out")


def _histogram(level: LevelFigures, word: Callable[..., str]) -> str:
    def bar(low: int, high: int, n: int) -> str:
        return word("bar", low=low, high=high, n=n) if high > low else word("bar_one", low=low, n=n)

    return pictures.histogram(level.sizes, level.minimum, level.maximum, bar)


def _spark(level: LevelFigures, ends: tuple[int, int]) -> str:
    return pictures.spark(level.sizes, level.minimum, level.maximum, ends)


def _locators(
    found: Overview, names: Mapping[str, str], classes: Mapping[str, Mapping[str, int]], shown: str
) -> list[str]:
    """Draw all basic grids, and the communities once more where they are small among villages."""
    pictured = [pictures.locator(found.outlines, names, classes, shown)]
    urban = {a.code for a in found.areas if a.division == "community"}
    if 1 < len(urban) < len(found.areas):
        part = found.outlines[found.outlines["code"].isin(urban)]
        pictured.append(pictures.locator(part, names, classes, shown, longest=400.0))
    return pictured


def _link(path: str, **query: str) -> str:
    given: Mapping[str, str] = query
    return f"{path}?{urlencode(given)}"
