"""Time limits of cases by category, as data: a deployer changes the table, never the code."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from spatial.duty.workdays import after_days, after_hours

Unit = Literal["urgent_hours", "working_hours", "working_days"]

LIMITS: dict[str, tuple[int, Unit]] = {
    "environment": (3, "working_days"), "environment/rubbish": (8, "working_hours"),
    "order": (2, "working_days"), "order/suspicious": (4, "urgent_hours"),
    "safety": (24, "urgent_hours"), "safety/gas": (2, "urgent_hours"), "safety/manhole": (4, "urgent_hours"),
    "fire": (24, "urgent_hours"), "fire/blocked_exit": (8, "urgent_hours"),
    "dispute": (7, "working_days"),
    "livelihood": (5, "working_days"), "livelihood/heating": (24, "urgent_hours"),
    "livelihood/water_supply": (24, "urgent_hours"),
    "special_groups": (5, "working_days"),
    "epidemic": (24, "urgent_hours"),
    "geological": (24, "urgent_hours"), "geological/slide": (2, "urgent_hours"),
    "geological/cave": (2, "urgent_hours"),
    "party": (7, "working_days"),
    "facilities": (5, "working_days"), "facilities/lift": (4, "urgent_hours"),
    "other": (7, "working_days"),
}  # fmt: skip
"""How much of which unit a case has from its registration: by category, or by ``category/subcategory``, which
beats it. Urgent hours run around the clock. The numbers are ours, not a standard's."""
_HOUR = dt.timedelta(hours=1)


def due(category: str, subcategory: str | None, start: dt.datetime) -> dt.datetime:
    """Moment at which a case is due.

    Parameters
    ----------
    category, subcategory
        Keys of `spatial.duty.categories.CATEGORIES`.
    start
        When it was registered (or its limit begins anew), with its zone.

    Examples
    --------
    >>> due("geological", "crack", dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)).isoformat()
    '2026-11-22T09:00:00+00:00'
    >>> due("party", None, dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)).isoformat()
    '2026-12-01T18:00:00+08:00'
    """
    amount, unit = LIMITS.get(f"{category}/{subcategory}") or LIMITS[category]
    if unit == "urgent_hours":
        return start + amount * _HOUR
    return after_days(start, amount) if unit == "working_days" else after_hours(start, amount)
