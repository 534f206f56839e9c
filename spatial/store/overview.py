"""What is in force in a town, counted: grids against their bands, posts, cases, hazard points."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from spatial.duty.cases import CLOSED, UNDUE
from spatial.store.rows import frame
from spatial.store.scripts import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from spatial.store.engine import Transaction


def levels(tx: Transaction, area: str, rules: Sequence[Mapping[str, Any]], *, occupied: bool) -> pd.DataFrame:
    """Count the grids in force today.

    Parameters
    ----------
    area
        A town (9 digits) or basic grid (12).
    rules
        One a division and level: division, level, low and high (band, None where none applies), post (key,
        None where none is wanted).
    occupied
        Whether the bands count occupied households rather than registered ones.

    Returns
    -------
    DataFrame
        One row = a level of a basic grid, or with ``area_code`` None of a whole division: division,
        area_code, level, grids, dedicated (of these), households, registered, median and sizes (counted
        households of each grid that is not dedicated, ascending), banded (grids that a band applies to),
        in_band, reasons (one text a grid out of band, empty where it has none), posts, held.
    """
    given = {"area": area, "occupied": occupied, "rules": json.dumps([dict(rule) for rule in rules])}
    return frame(tx, read("overview_levels.sql"), given)


def wanted(tx: Transaction, area: str) -> dict[str, tuple[int, ...]]:
    """Find how many grids of levels 1, 2, ... the plan in force of each basic grid was asked for.

    Returns
    -------
    dict
        By code of the basic grid; one whose plan was asked for no numbers is not in it.
    """
    rows = frame(
        tx,
        "SELECT p.code, n.about -> 'targets' AS targets FROM edition AS e"
        " JOIN place AS p ON p.id = e.place_id AND p.county_code = e.county_code"
        " JOIN plan AS n ON n.id = e.plan_id AND n.county_code = e.county_code"
        " WHERE e.valid @> today() AND (p.code = :area OR p.parent = :area)",
        {"area": area},
    )
    return {r.code: tuple(int(n) for n in r.targets) for r in rows.itertuples() if r.targets}


def duty(tx: Transaction, area: str) -> pd.DataFrame:
    """Count cases and hazard points.

    Returns
    -------
    DataFrame
        One row = a basic grid (``summed`` False; ``area_code`` None: in none), a division (``summed``), or
        all (``whole``): division, area_code, whole, summed, cases_open, cases_closed, cases_due (their time
        is up), cases_on_time (of these), hazards (not struck off), threatened (households by the register).
    """
    given = {"area": area, "closed": sorted(CLOSED), "undue": sorted(UNDUE)}
    return frame(tx, read("overview_duty.sql"), given)
