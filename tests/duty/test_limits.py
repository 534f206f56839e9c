"""Time limits of cases and the working calendar that they run by."""

import datetime as dt

import pytest

from spatial.duty.categories import CATEGORIES
from spatial.duty.limits import LIMITS, due
from spatial.duty.workdays import CHINA, HOLIDAYS, MADE_UP, after_days, after_hours, is_workday


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_every_category_has_a_limit_and_every_limit_a_category():
    known = set(CATEGORIES) | {f"{key}/{sub}" for key, (_, _, below) in CATEGORIES.items() for sub in below}
    assert set(CATEGORIES) <= set(LIMITS) <= known


@pytest.mark.parametrize(("year", "free", "made_up"), [(2025, 28, 5), (2026, 33, 6)])
def test_holidays_are_as_many_days_as_the_notice_says(year, free, made_up):
    days = [dt.date(year, 1, 1) + dt.timedelta(n) for n in range(365)]
    spans = [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in HOLIDAYS if a[:4] == str(year)]
    assert sum((b - a).days + 1 for a, b in spans) == free
    worked = [day for day in days if day.isoformat() in MADE_UP]
    assert len(worked) == made_up
    assert all(day.weekday() >= 5 and is_workday(day) for day in worked)
    assert not any(is_workday(a) or is_workday(b) for a, b in spans)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-20 23:00", 1, "2026-11-23 18:00"),  # a Friday
        ("2026-02-13 09:00", 1, "2026-02-14 18:00"),  # Saturday is made up for
        ("2026-02-14 09:00", 1, "2026-02-24 18:00"),  # Spring Festival
        ("2025-09-30 09:00", 2, "2025-10-10 18:00"),
        ("2026-11-23 09:00", 0, "2026-11-23 18:00"),
    ],
)
def test_working_days_leave_out_what_is_free(start, days, end):
    assert after_days(at(start), days) == at(end)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 11:00", 2, "2026-11-23 15:30"),  # over lunch
        ("2026-11-23 06:00", 4, "2026-11-23 12:00"),
        ("2026-11-20 17:00", 8.5, "2026-11-23 18:00"),  # over a weekend
        ("2026-11-21 10:00", 1, "2026-11-23 09:00"),
        ("2026-09-30 17:30", 1, "2026-10-08 08:30"),  # National Day
    ],
)
def test_working_hours_are_those_of_the_office(start, hours, end):
    assert after_hours(at(start), hours) == at(end)


def test_the_zone_of_the_start_does_not_matter():
    start = at("2026-11-21 01:00")
    assert due("environment", None, start) == due("environment", None, start.astimezone(dt.UTC))
    assert due("safety", "gas", start) - start == dt.timedelta(hours=2)
    assert due("environment", "rubbish", at("2026-11-23 08:00")) == at("2026-11-24 08:30")
