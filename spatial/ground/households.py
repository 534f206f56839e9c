"""Households by building, stairwell and floor: from register rows to what a cell holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spatial.policy import OCCUPIED, REGISTERED

if TYPE_CHECKING:
    from spatial.ground.model import PlaceFile

TALLY_COLUMNS = ("bid", "stairwell", "floor", "households", "registered")


def natural(word: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts 2单元 before 10单元.

    Examples
    --------
    >>> sorted(["10单元", "2单元"], key=natural)
    ['2单元', '10单元']
    """
    return tuple((0, int(s), "") if s.isdigit() else (1, 0, s) for s in re.split(r"(\d+)", word) if s)


def tally(place: PlaceFile) -> pd.DataFrame:
    """Count households by building, stairwell and floor.

    The ``households`` table beats ``buildings.households`` for every building that it names.

    Returns
    -------
    DataFrame
        Columns ``TALLY_COLUMNS``; stairwell and floor null where unknown; ``households`` are the occupied,
        ``registered`` all that are a household at all.
    """
    rows = place.households
    lives = rows["status"].isna() | rows["status"].isin(OCCUPIED)
    counts = rows["status"].isna() | rows["status"].isin(REGISTERED)
    named = pd.DataFrame(
        {
            "bid": rows["bid"],
            "stairwell": rows["stairwell"].astype(object).where(rows["stairwell"].notna(), None),
            "floor": rows["floor"].astype("Int64"),
            "households": rows["n"].where(lives, 0).astype(np.int64),
            "registered": rows["n"].where(counts, 0).astype(np.int64),
        }
    )
    summed = (
        named.groupby(["bid", "stairwell", "floor"], dropna=False, sort=True)[["households", "registered"]]
        .sum()
        .reset_index()
    )
    rest = place.buildings[~place.buildings["bid"].isin(set(rows["bid"]))]
    plain = pd.DataFrame(
        {
            "bid": rest["bid"].to_numpy(object),
            "stairwell": None,
            "floor": pd.array([pd.NA] * len(rest), dtype="Int64"),
            "households": rest["households"].to_numpy(np.int64),
            "registered": rest["households"].to_numpy(np.int64),
        }
    )
    parts = [f for f in (summed, plain) if len(f)]
    out = pd.concat(parts, ignore_index=True) if parts else plain
    out["stairwell"] = out["stairwell"].astype(object).where(out["stairwell"].notna(), None)
    return out[list(TALLY_COLUMNS)]


def stairwells(counts: pd.DataFrame) -> dict[str, list[str]]:
    """List each building's known stairwells in natural order; buildings without any are left out."""
    known = counts[counts["stairwell"].notna()]
    return {
        str(bid): sorted({str(s) for s in group}, key=natural)
        for bid, group in known.groupby("bid", sort=True)["stairwell"]
    }


def floor_runs(floors: pd.DataFrame, maximum: int) -> list[tuple[int | None, int | None, int, int]]:
    """Cut one stairwell into runs of floors: one run a floor that holds anybody.

    A stairwell that fits the finest grid, or whose floors are not all known, stays one run. Floors that hold
    nobody go with the run below them; the lowest run takes everything beneath.

    Parameters
    ----------
    floors
        Rows of one stairwell: floor (nullable), households, registered.
    maximum
        Most households of the finest grid.

    Returns
    -------
    list of (low, high, households, registered)
        Floors inclusive, or None, None for the one run of a stairwell that is not cut.

    Examples
    --------
    >>> rows = pd.DataFrame({"floor": [1, 2, 3], "households": [0, 12, 12], "registered": [0, 12, 13]})
    >>> floor_runs(rows, 20)
    [(1, 2, 12, 12), (3, 3, 12, 13)]
    >>> floor_runs(rows, 30)
    [(None, None, 24, 25)]
    """
    households, registered = int(floors["households"].sum()), int(floors["registered"].sum())
    if households <= maximum or bool(floors["floor"].isna().any()):
        return [(None, None, households, registered)]
    by_floor = floors.groupby("floor")[["households", "registered"]].sum().sort_index()
    levels = [int(f) for f in by_floor.index]
    lived = [f for f, n in zip(levels, by_floor["households"], strict=True) if n > 0]
    if len(lived) < 2:
        return [(None, None, households, registered)]
    starts = [levels[0], *lived[1:]]
    ends = [*(s - 1 for s in starts[1:]), levels[-1]]
    sums = np.add.reduceat(by_floor.to_numpy(np.int64), np.searchsorted(levels, starts), axis=0).tolist()
    return [(low, high, *sums[i]) for i, (low, high) in enumerate(zip(starts, ends, strict=True))]
