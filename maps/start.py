"""The page where a planner begins: choose a place, start from today's grids or propose new ones, see jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.popups import template
from spatial.policy import LINGQUAN, POSTS, WEIGHT_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maps.page import Language


def start_page(area: str | None, *, lang: Language = "zh", todays: bool = False) -> str:
    """Return the page; it has no inline script and fetches its data from ``/v1``.

    Parameters
    ----------
    area
        Code of the place that is chosen at first, or None.
    lang
        Language to begin with; the page can switch.
    todays
        Offer to begin from today's grids.
    """
    posts = dict.fromkeys(
        (en.removeprefix("grid "), zh, en) for (_, level), (zh, en) in POSTS.items() if level
    )
    config = {
        "area": area, "lang": lang, "todays": todays, "posts": _named(posts),
        "weights": _named((name, zh, en) for name, (zh, en) in WEIGHT_NAMES.items()),
        "levels": {division: len(bands) for division, bands in LINGQUAN.bands.items()},
    }  # fmt: skip
    return template("start.html", config=config, lang=lang)


def _named(rows: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    """Rows of name, Chinese and English, in their order."""
    return [{"name": name, "zh": zh, "en": en} for name, zh, en in rows]
