"""The working calendar: office hours, public holidays and make-up days as data, and sums over it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
OFFICE: tuple[tuple[dt.time, dt.time], ...] = (
    (dt.time(8), dt.time(12)), (dt.time(14, 30), dt.time(18)),
)  # fmt: skip
"""Hours in which an office works, in Asia/Shanghai; a deployer sets its own (unconfirmed)."""

HOLIDAYS: tuple[tuple[str, str], ...] = (
    ("2025-01-01", "2025-01-01"), ("2025-01-28", "2025-02-04"), ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"), ("2025-05-31", "2025-06-02"), ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
    ("2027-01-01", "2027-01-01"), ("2027-02-05", "2027-02-08"), ("2027-04-05", "2027-04-05"),
    ("2027-05-01", "2027-05-02"), ("2027-06-09", "2027-06-09"), ("2027-09-15", "2027-09-15"),
    ("2027-10-01", "2027-10-03"),
)  # fmt: skip
"""First and last day of each public holiday, by the State Council's notices of November 2024 and 2025. Of
2027, not arranged yet, only the days that the law names stand here: put in its notice when it is out. In a
year without rows only weekends are free."""
MADE_UP: frozenset[str] = frozenset({
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
})  # fmt: skip
"""Saturdays and Sundays that are worked in exchange (调休), by the same notices."""

_DAY = dt.timedelta(days=1)
_FREE: frozenset[dt.date] = frozenset(
    first + i * _DAY
    for first, last in ((dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in HOLIDAYS)
    for i in range((last - first).days + 1)
)


def is_workday(day: dt.date) -> bool:
    """Say whether a day is worked: holidays and weekends are not, make-up days are.

    Examples
    --------
    >>> [is_workday(dt.date(2026, 2, d)) for d in (13, 14, 15, 23, 24)]
    [True, True, False, False, True]
    """
    return day.isoformat() in MADE_UP or (day.weekday() < 5 and day not in _FREE)


def after_days(start: dt.datetime, days: int) -> dt.datetime:
    """End of office on the last of so many working days; the day of the start does not count.

    Examples
    --------
    >>> after_days(dt.datetime(2026, 2, 13, 9, tzinfo=CHINA), 2).isoformat()
    '2026-02-24T18:00:00+08:00'
    """
    day = start.astimezone(CHINA).date()
    left = days
    while left:
        day += _DAY
        left -= is_workday(day)
    return dt.datetime.combine(day, OFFICE[-1][1], CHINA)


def after_hours(start: dt.datetime, hours: float) -> dt.datetime:
    """Moment at which so many hours of office time have passed.

    Examples
    --------
    >>> after_hours(dt.datetime(2026, 11, 20, 17, tzinfo=CHINA), 4).isoformat()
    '2026-11-23T11:00:00+08:00'
    """
    now, left = start.astimezone(CHINA), dt.timedelta(hours=hours)
    while True:
        for opens, closes in OFFICE if is_workday(now.date()) else ():
            begin = max(now, dt.datetime.combine(now.date(), opens, CHINA))
            end = dt.datetime.combine(now.date(), closes, CHINA)
            if end - begin >= left:
                return begin + left
            left -= max(end - begin, dt.timedelta())
        now = dt.datetime.combine(now.date() + _DAY, dt.time(), CHINA)
