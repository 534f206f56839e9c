"""What hazards, cases and staff share in the store: rows taken in, towns of points, filters, pages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from psycopg import sql

from spatial.errors import BadParameter, Where
from spatial.store.rows import copy_in, ewkb, frame
from spatial.store.scripts import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from spatial.store.engine import Transaction

NEAR_DEG = 0.1
"""A point this near to a town's basic grids may be one of its own (some 10 km)."""
MAX_PAGE = 1000
"""The most rows of one page."""


def stage(
    tx: Transaction,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    more: Mapping[str, str] | None = None,
) -> str:
    """Copy rows into a temporary table of a table's own column types, and name it.

    ``more`` are the columns that the table itself lacks, with their types.
    """
    name = f"{table}_given"
    listed = sql.SQL(", ").join(
        sql.SQL(f"NULL::{more[column]} AS {{}}" if more and column in more else "{}").format(
            sql.Identifier(column)
        )
        for column in columns
    )
    driver: Any = tx.connection.driver_connection
    with driver.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(name)))
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                sql.Identifier(name), listed, sql.Identifier(table)
            )
        )
    copy_in(tx, name, columns, rows)
    return name


def towns_of(tx: Transaction, points: Any) -> pd.DataFrame:
    """Find the town of each point: of the basic grid whose frozen outline covers it.

    Parameters
    ----------
    points
        (N,) Points, EPSG:4326.

    Returns
    -------
    DataFrame
        N rows in the order given: ``town`` (9 digits, or None outside of all), ``near`` (the nearest town
        whose outlines lie within `NEAR_DEG`, or None).
    """
    return frame(
        tx,
        read("point_towns.sql"),
        {"points": ewkb(points), "near": NEAR_DEG},
    )


def where(tests: Mapping[str, str], given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Write a WHERE clause of the tests whose values are given.

    Parameters
    ----------
    tests
        SQL condition by the name of the value that it binds; ``bbox`` (left, bottom, right, top in degrees,
        EPSG:4326) names the column of points that must lie in it.
    given
        Values by name; None is not given.

    Returns
    -------
    clause, parameters
        The clause is empty where nothing is given.

    Examples
    --------
    >>> where({"state": "c.state = :state", "grid": "c.grid = :grid"}, {"state": "void", "grid": None})
    ('WHERE c.state = :state', {'state': 'void'})
    """
    wanted: list[str] = []
    parameters: dict[str, Any] = {}
    for name, test in tests.items():
        value = given.get(name)
        if value is None:
            continue
        if name == "bbox":
            wanted.append(f"ST_Intersects({test}, ST_MakeEnvelope(:left, :bottom, :right, :top, 4326))")
            parameters |= dict(zip(("left", "bottom", "right", "top"), value, strict=True))
        else:
            wanted.append(test)
            parameters[name] = value
    return f"WHERE {' AND '.join(wanted)}" if wanted else "", parameters


def page_size(limit: int) -> int:
    """Check a page's size; BadParameter (``bad_limit``)."""
    if not 1 <= limit <= MAX_PAGE:
        raise BadParameter(
            "bad_limit", zh=f"limit 应为 1 到 {MAX_PAGE}。", en=f"limit must be from 1 to {MAX_PAGE}.",
            where=(Where(layer="query", field="limit", value=str(limit)),),
        )  # fmt: skip
    return limit


def write_cursor(at: dt.datetime, row_id: int) -> str:
    """Write the place after a row, in an order by time and id.

    Examples
    --------
    >>> write_cursor(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), 7)
    '1795305600000000.7'
    """
    since = at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return f"{since // dt.timedelta(microseconds=1)}.{row_id}"


def read_cursor(cursor: str) -> tuple[dt.datetime, int]:
    """Read what `write_cursor` wrote; BadParameter (``bad_cursor``).

    Examples
    --------
    >>> read_cursor("1795305600000000.7")
    (datetime.datetime(2026, 11, 22, 0, 0, tzinfo=datetime.timezone.utc), 7)
    """
    first, _, second = cursor.partition(".")
    try:
        if not (first.isascii() and second.isascii() and second.isdigit() and len(second) < 19):
            raise ValueError(cursor)
        at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(first))
        return at, int(second)
    except (ValueError, OverflowError) as error:
        raise bad_cursor(cursor) from error


def bad_cursor(cursor: str) -> BadParameter:
    """Refuse a cursor that no page gave."""
    return BadParameter(
        "bad_cursor", zh="after 不是上一页给出的位置，请用上一页的 next 链接。",
        en="after is no cursor of ours: follow the next link of the page before.",
        where=(Where(layer="query", field="after", value=cursor[:60]),),
    )  # fmt: skip


def run(tx: Transaction, statement: str, parameters: dict[str, Any]) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run one statement with bound values."""
    return tx.execute(sa.text(statement), parameters)
