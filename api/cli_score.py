"""The command line of the score card: how good a plan is, figure by figure."""

# ruff: noqa: PLC0415 - each command imports what it needs, so that the others start at once

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.console import terminal
from api.figures import FIGURES, figure

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from spatial.store.engine import Store


def attach(app: typer.Typer, opened: Callable[[], AbstractContextManager[Store]]) -> None:
    """Add the command to the command line; ``opened`` opens the store."""

    @app.command()
    def score(plan: Annotated[int, typer.Argument(metavar="PLAN", help="方案号 / the plan's id")]) -> None:
        """方案的得分卡 / The score card of a plan."""
        from spatial import planning

        with opened() as store:
            card = planning.score_plan(store, plan)
        terminal.note(
            f"{card.area_name} 方案 {card.plan}（修订 {card.rev}）",
            f"{card.area_name}, plan {card.plan} (revision {card.rev})",
        )
        levels = [asdict(level) for level in card.levels]
        heads = [terminal.words("指标", "figure"), *(_head(level) for level in levels)]
        rows = [
            [terminal.words(words.zh, words.en), *(figure(level, path) for level in levels)]
            for path, words in FIGURES.items()
        ]
        terminal.rows(heads, [row for row in rows if any(row[1:])])


def _head(level: dict[str, Any]) -> str:
    post = terminal.words(level["post_zh"], level["post_en"])
    return terminal.words(f"{level['level']}级 {post}", f"level {level['level']}, {post}")
