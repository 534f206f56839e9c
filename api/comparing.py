"""Plans side by side: their figures in words, their pictures' grids, and how far they differ."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from api.figures import FIGURES, figure
from spatial import lookup, planning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.settings import Lang
    from maps.alternatives import Compared
    from spatial.planning.scoring import ScoreCard
    from spatial.store.engine import Store

TABLE = (
    "grids", "in_band", "households_in_band", "followed", "followed_relative", "border_km", "polsby_popper",
    "load.cv", "burden.cv", "walk.p50_m", "walk.p95_m", "zones.cut", "estates.cut", "change.moved",
)  # fmt: skip
"""Figures that plans are chosen by."""


def worded(card: ScoreCard) -> dict[str, Any]:
    """Give a score card with the names of its figures."""
    words = {path: {"zh": name.zh, "en": name.en} for path, name in FIGURES.items()}
    return asdict(card) | {"words": words}


def table(cards: Sequence[ScoreCard], lang: Lang) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Write the figures of several plans, level by level, a row a figure and a column a plan.

    Figures that no plan has are left out.
    """
    out = []
    for at, level in enumerate(cards[0].levels):
        post = level.post_zh if lang == "zh" else level.post_en
        head = f"{level.level} 级 {post}" if lang == "zh" else f"Level {level.level}, {post}"
        levels = [asdict(card.levels[at]) for card in cards]
        rows = []
        for path in TABLE:
            values = [figure(one, path) or "" for one in levels]
            if any(values):
                rows.append((FIGURES[path].zh if lang == "zh" else FIGURES[path].en, values))
        out.append((head, rows))
    return out


def compared(store: Store, ids: Sequence[int], lang: Lang) -> Compared:
    """Gather what the page of alternatives shows."""
    from maps.alternatives import Column, Compared  # noqa: PLC0415 - templates are slow to import

    cards = [planning.score_plan(store, one) for one in ids]
    differences = planning.differences(store, ids)
    titles = planning.plan_titles(store, ids)
    columns = [Column(one, *titles[one], planning.plan_grids(store, one)) for one in ids]
    return Compared(
        cards[0].area_code, cards[0].area_name, lookup.is_sample(store, [cards[0].area_code]), columns,
        table(cards, lang), [(d.one, d.other, d.moved) for d in differences],
    )  # fmt: skip
