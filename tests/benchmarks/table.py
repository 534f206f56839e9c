"""Figures as tables, and whether each reaches what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

CONSOLE = Console(width=150, soft_wrap=False)


@dataclass(frozen=True)
class Reach:
    """One figure asked for: what it is, what was measured, what it should be, and whether it is."""

    what: str
    measured: str
    asked: str
    held: bool


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is left, the rest right aligned."""
    table = Table(title=title, title_justify="left")
    for i, name in enumerate(columns):
        table.add_column(name, justify="left" if i == 0 else "right")
    for row in rows:
        table.add_row(*row)
    CONSOLE.print(table)


def verdict(reaches: Sequence[Reach]) -> int:
    """Print what was asked for beside what was measured; the number that was not reached."""
    show(
        "asked for / 要求",
        ("figure", "measured", "asked", "reached"),
        [(r.what, r.measured, r.asked, "yes" if r.held else "NO") for r in reaches],
    )
    return sum(not r.held for r in reaches)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """Median of the paired ratios ours / theirs and its 90 % interval by 2,000 bootstrap samples (seed 0).

    Examples
    --------
    >>> ratio([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    (0.5, 0.5, 0.5)
    """
    pairs = np.asarray(ours, float) / np.asarray(theirs, float)
    drawn = np.random.default_rng(0).choice(pairs, (2_000, len(pairs)))
    low, high = np.quantile(np.median(drawn, axis=1), (0.05, 0.95))
    return float(np.median(pairs)), float(low), float(high)
