"""Cases in the store: registered one by one or in bulk, their events, and pages of them for maps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from spatial.duty.cases import CLOSED, Case, Event
from spatial.errors import NotFound, Where
from spatial.store.duty import page_size, read_cursor, run, stage, where, write_cursor
from spatial.store.rows import ewkb, geoframe, values
from spatial.store.scripts import read

if TYPE_CHECKING:
    from datetime import datetime

    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.store.engine import Transaction
    from spatial.store.places import Town

TIMES = ("reported_at", "accepted_at", "dispatched_at", "fed_back_at", "closed_at", "due_at")
"""Times of a register's case; those between become its events where it has no steps."""
IMPORT_COLUMNS = (
    "number", "category", "subcategory", "description", "state", *TIMES, "steps", "satisfied", "stairwell",
    "floor", "geometry",
)  # fmt: skip
"""Columns of the cases that `save` takes; EPSG:4326 Points, keys of spatial.duty, times with their zone;
``steps`` None, or JSON: a list of kind, state, at and who."""
_STAGED = dict.fromkeys(TIMES[1:4], "timestamptz") | {"steps": "jsonb"}


def add(
    tx: Transaction, town: Town, *, lon: float, lat: float, category: str, subcategory: str | None,
    description: str, who: str, due_at: datetime, stairwell: str | None = None, floor: int | None = None,
) -> Case:  # fmt: skip
    """Register a case at a point (degrees, EPSG:4326), in the grid that the edition in force gives it."""
    case_id = run(
        tx,
        read("case_add.sql"),
        {
            "lon": lon, "lat": lat, "town": town.code, "place": town.id, "category": category,
            "subcategory": subcategory, "description": description, "stairwell": stairwell, "floor": floor,
            "due": due_at,
        },
    ).scalar_one()  # fmt: skip
    _add_event(tx, int(case_id), "register", "registered", who)
    return get(tx, int(case_id))


def save(tx: Transaction, town: Town, given: gpd.GeoDataFrame, *, who: str, source_sha: str) -> int:
    """Add cases of a town's register, each with its grid by the edition in force; known numbers stay.

    Parameters
    ----------
    given
        ``IMPORT_COLUMNS``; one row = one case.

    Returns
    -------
    int
        How many were new.
    """
    plain = [values(given[column]) for column in IMPORT_COLUMNS[:-1]]
    columns = (*IMPORT_COLUMNS[:-1], "geom")
    stage(tx, "case_file", columns, zip(*plain, ewkb(given.geometry.to_numpy()), strict=True), _STAGED)
    made = run(
        tx,
        read("case_import.sql"),
        {"town": town.code, "place": town.id, "closed": sorted(CLOSED), "sha": source_sha, "who": who},
    )
    return int(made.scalar_one())


def get(tx: Transaction, case_id: int, *, lock: bool = False) -> Case:
    """Get a case with its events, ``lock``ed until the transaction's end; NotFound (``no_such_case``)."""
    row = run(tx, f"{_CASE} WHERE id = :id{' FOR UPDATE' if lock else ''}", {"id": case_id}).first()
    if row is None:
        raise NotFound(
            "no_such_case", zh=f"没有编号为 {case_id} 的事件。", en=f"There is no case {case_id}.",
            where=(Where(ref=str(case_id)),),
        )  # fmt: skip
    events = run(
        tx, "SELECT kind, who, at, state, note, assignee FROM case_event WHERE case_id = :id ORDER BY id",
        {"id": case_id},
    )  # fmt: skip
    found = tuple(Event(*event) for event in events)
    return replace(Case(*row[:-2]), events=found, due_at=row.due_at, satisfied=row.satisfied)


def keep(tx: Transaction, case: Case) -> Case:
    """Keep what `follow` made of a case: its state, its reach, its limit and its last event."""
    last = case.events[-1]
    run(
        tx,
        "UPDATE case_file SET state = :state, reach = :reach, due_at = :due,"
        " closed_at = CASE WHEN :closed THEN coalesce(closed_at, now()) END WHERE id = :id",
        {
            "id": case.id,
            "state": case.state,
            "reach": case.reach,
            "closed": case.state in CLOSED,
            "due": case.due_at,
        },
    )
    _add_event(tx, case.id, last.kind, last.state, last.who, last.note, last.to)
    return get(tx, case.id)


def find(tx: Transaction, *, limit: int = 100, after: str | None = None, **wanted: Any) -> gpd.GeoDataFrame:
    """Find cases, the newest first; ``wanted`` are values of ``_TESTS``: `spatial.casework.list_cases`."""
    at, last = read_cursor(after) if after is not None else (None, None)
    clause, given = where(_TESTS, {**wanted, "after": at})
    given |= {"limit": page_size(limit) + 1} | ({} if last is None else {"last": last})
    query = f"{read('case_page.sql')} {clause} ORDER BY c.reported_at DESC, c.id DESC LIMIT :limit"
    found = geoframe(tx, query, given, integers=("id",))
    page = found.iloc[:limit].copy()
    more = len(found) > limit
    page.attrs["next"] = write_cursor(page["reported_at"].iloc[-1], page["id"].iloc[-1]) if more else None
    return page


def open_near(tx: Transaction, area: str) -> gpd.GeoDataFrame:
    """Open cases of a basic grid, or inside its outline: id, number, category, grid, stairwell, floor."""
    return geoframe(
        tx,
        "SELECT c.id, c.number, c.category, c.grid, c.stairwell, c.floor, ST_AsBinary(c.geom) AS geometry"
        " FROM case_file AS c JOIN place AS p ON p.code = :area WHERE NOT c.state = ANY (:closed)"
        " AND (c.area_code = p.code OR ST_Covers(p.outline, c.geom)) ORDER BY c.id",
        {"area": area, "closed": sorted(CLOSED)}, integers=("id",),
    )  # fmt: skip


def regrid(tx: Transaction, area: str, *, who: str) -> int:
    """Give the open cases of a town or basic grid the grids in force today; returns how many changed.

    A case that goes to a grid of another code has an event ``regrid`` in its record: who, and which codes.
    """
    changed = run(
        tx,
        read("case_regrid.sql"),
        {"area": area, "closed": sorted(CLOSED), "who": who},
    )
    return int(changed.scalar_one())


def positions(tx: Transaction, area: str) -> NDArray[np.float64]:
    """Degrees (EPSG:4326), longitude first, of all cases ever registered in a basic grid, (n, 2)."""
    rows = run(
        tx,
        "SELECT ST_X(c.geom), ST_Y(c.geom) FROM case_file AS c JOIN place AS p ON p.code = :area"
        " WHERE ST_Covers(p.outline, c.geom) ORDER BY c.id",
        {"area": area},
    )
    return np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, 2)


def _add_event(
    tx: Transaction,
    case_id: int,
    kind: str,
    state: str,
    who: str,
    note: str | None = None,
    to: str | None = None,
) -> None:
    tx.execute(
        sa.text(
            "INSERT INTO case_event (county_code, case_id, kind, state, who, at, note, assignee)"
            " SELECT county_code, id, :kind, :state, :who, clock_timestamp(), :note, :to FROM case_file"
            " WHERE id = :id"
        ),
        {"id": case_id, "kind": kind, "state": state, "who": who, "note": note, "to": to},
    )


def count_by_grid(tx: Transaction, area: str) -> dict[str, int]:
    """Count the cases of a town or basic grid by the grid that each was registered in."""
    rows: Any = run(
        tx,
        "SELECT c.grid, count(*) FROM case_file AS c JOIN place AS p ON p.id = c.place_id"
        " WHERE c.grid IS NOT NULL AND (p.code = :area OR c.area_code = :area)"
        " GROUP BY c.grid ORDER BY c.grid",
        {"area": area},
    )
    return {row[0]: int(row[1]) for row in rows}


_CASE = (
    "SELECT id, number, category, subcategory, description, state, reach, reported_at, ST_X(geom),"
    " ST_Y(geom), area_code, grid, edition_id, due_at, satisfied FROM case_file"
)
_TESTS = {
    "bbox": "c.geom",
    "since": "c.reported_at >= :since",
    "until": "c.reported_at < :until",
    "category": "c.category = :category",
    "subcategory": "c.subcategory = :subcategory",
    "state": "c.state = :state",
    "area": "(c.area_code = :area OR p.code = :area)",
    "grid": "starts_with(c.grid, :grid)",
    "after": "(c.reported_at, c.id) < (:after, :last)",
}
