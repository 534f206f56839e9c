"""Staff in the store: who holds which post, and which grids in force nobody holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.duty.staff import STAFF_COLUMNS
from spatial.store.duty import run, where
from spatial.store.rows import copy_in, frame, values

if TYPE_CHECKING:
    import pandas as pd

    from spatial.store.engine import Transaction
    from spatial.store.places import Town


def save(tx: Transaction, town: Town, given: pd.DataFrame, *, source_sha: str) -> int:
    """Take in a staff list: it replaces all staff of the basic grids (or the town itself) that it names.

    Parameters
    ----------
    given
        ``STAFF_COLUMNS``, post a key of `POST_TABLE`, code text of this town; one row = one post held.

    Returns
    -------
    int
        How many posts are held.
    """
    codes = values(given["code"])
    run(
        tx, "DELETE FROM staff WHERE place_id = :place AND left(code, 12) = ANY (:areas)",
        {"place": town.id, "areas": sorted({code[:12] for code in codes})},
    )  # fmt: skip
    copy_in(
        tx,
        "staff",
        ("county_code", "place_id", "source_sha", *STAFF_COLUMNS),
        (
            (town.code[:6], town.id, source_sha, *row)
            for row in zip(*(values(given[column]) for column in STAFF_COLUMNS), strict=True)
        ),
    )
    return len(codes)


def find(tx: Transaction, area: str | None = None, grid: str | None = None) -> pd.DataFrame:
    """Staff of a town or basic grid, and of a grid and all below it; ``STAFF_COLUMNS``, sorted by code."""
    tests = {"area": "starts_with(s.code, :area)", "grid": "starts_with(s.code, :grid)"}
    clause, given = where(tests, {"area": area, "grid": grid})
    return frame(
        tx,
        f"SELECT s.holder, s.post, s.code, s.phone, s.time, s.body FROM staff AS s {clause}"
        " ORDER BY s.code, s.id",
        given,
    )


def held(tx: Transaction, area: str) -> pd.DataFrame:
    """Grids in force of a town or basic grid with the posts held in each.

    Returns
    -------
    DataFrame
        One row = one grid: code, short, name, level, kind, area_code, division, posts (list of keys, one a
        holder); sorted by code.
    """
    return frame(
        tx,
        "SELECT g.code, g.short, g.name, g.level, g.kind, g.area_code, p.division,"
        " array_remove(array_agg(s.post ORDER BY s.post), NULL) AS posts FROM grid AS g"
        " JOIN edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code"
        " JOIN place AS p ON p.id = e.place_id AND p.county_code = e.county_code"
        " LEFT JOIN staff AS s ON s.code = g.code AND s.county_code = g.county_code"
        " WHERE e.valid @> today() AND (p.code = :area OR p.parent = :area)"
        " GROUP BY g.code, g.short, g.name, g.level, g.kind, g.area_code, p.division ORDER BY g.code",
        {"area": area},
    ).astype({"level": "int64"})
