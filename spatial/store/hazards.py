"""Hazard points in the store: their register, pages of them, and what lies inside their danger areas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from spatial.errors import NotFound, Where
from spatial.store.duty import bad_cursor, page_size, run, stage, where
from spatial.store.rows import ewkb, frame, geoframe, geometries, values
from spatial.store.scripts import read

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

    from spatial.store.engine import Transaction
    from spatial.store.places import Town

PLAIN_COLUMNS = (
    "number", "kind", "name", "state", "trend", "place", "scale_wan_m3", "scale", "grade", "property_wan",
    "households", "people", "frail", "found_on", "trigger", "monitoring", "warning", "plan", "cards",
    "last_drill", "struck_off_on", "struck_off_why", "review",
)  # fmt: skip
"""What a hazard point carries but persons and geometry: see `spatial.duty.hazards.HazardPoint`."""
REGISTER_COLUMNS = (*PLAIN_COLUMNS, "responsible", "monitors", "danger_area", "geometry")
"""Columns of the hazards that `save` takes: ``responsible`` a dict, ``monitors`` a list of dicts (name, post,
phone), ``danger_area`` Polygon or MultiPolygon or None, ``geometry`` Points; EPSG:4326."""


def save(tx: Transaction, town: Town, given: gpd.GeoDataFrame, *, source_sha: str) -> tuple[int, int]:
    """Take in a town's hazard register: a number that is known is brought up to date.

    A register that draws no danger area leaves those that are drawn.

    Parameters
    ----------
    given
        ``REGISTER_COLUMNS``; one row = one point, numbers unique.

    Returns
    -------
    new, updated
        How many points.
    """
    columns = (*PLAIN_COLUMNS, "responsible", "monitors", "danger_area", "geom")
    rows = zip(
        *(values(given[column]) for column in PLAIN_COLUMNS),
        *([_json(value) for value in values(given[column])] for column in ("responsible", "monitors")),
        ewkb(given["danger_area"].to_numpy(dtype=object)),
        ewkb(given.geometry.to_numpy()),
        strict=True,
    )
    name = stage(tx, "hazard", columns, rows)
    listed = ", ".join(columns)
    drawn = given["danger_area"].notna().any()
    brought = [column for column in (*columns, "source_sha") if drawn or column != "danger_area"]
    fresh = ", ".join(f"{column} = EXCLUDED.{column}" for column in brought)
    made = run(
        tx,
        f"INSERT INTO hazard (county_code, place_id, source_sha, {listed})"
        f" SELECT left(:town, 6), :place, :sha, {listed} FROM {name}"
        f" ON CONFLICT (place_id, number, county_code) DO UPDATE SET {fresh} RETURNING xmax = 0",
        {"town": town.code, "place": town.id, "sha": source_sha},
    )
    new = [bool(row[0]) for row in made]
    return sum(new), len(new) - sum(new)


def find(tx: Transaction, *, limit: int = 100, after: str | None = None, **wanted: Any) -> gpd.GeoDataFrame:
    """Find hazard points by id; ``wanted`` are values of ``_TESTS``: see `spatial.watch.list_hazards`."""
    if after is not None and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise bad_cursor(after)
    clause, given = where(_TESTS, {**wanted, "after": None if after is None else int(after)})
    given |= {"limit": page_size(limit) + 1}
    query = f"{read('hazard_page.sql')} {clause} ORDER BY h.id LIMIT :limit"
    found = geoframe(tx, query, given, integers=("id", "households", "people"))
    found["danger_area"] = pd.Series(geometries(found["danger_area"]), index=found.index, dtype=object)
    page = found.iloc[:limit].copy()
    page.attrs["next"] = str(page["id"].iloc[-1]) if len(found) > limit else None
    return page


def standing_near(tx: Transaction, area: str) -> gpd.GeoDataFrame:
    """Hazard points inside a basic grid that are not struck off: id, number, kind, grid in force."""
    return geoframe(
        tx,
        "SELECT h.id, h.number, h.kind, g.code AS grid, ST_AsBinary(h.geom) AS geometry FROM hazard AS h"
        " JOIN place AS p ON p.code = :area AND ST_Covers(p.outline, h.geom)"
        " LEFT JOIN LATERAL finest_grid(h.geom) AS g ON true WHERE h.state <> 'struck_off' ORDER BY h.id",
        {"area": area}, integers=("id",),
    )  # fmt: skip


def state_of(tx: Transaction, hazard_id: int) -> str:
    """State of a hazard point, held until the transaction's end; NotFound (``no_such_hazard``)."""
    row = run(tx, "SELECT state FROM hazard WHERE id = :id FOR UPDATE", {"id": hazard_id}).first()
    if row is None:
        raise NotFound(
            "no_such_hazard", zh=f"没有编号为 {hazard_id} 的隐患点。",
            en=f"There is no hazard point {hazard_id}.", where=(Where(ref=str(hazard_id)),),
        )  # fmt: skip
    return str(row[0])


def set_state(tx: Transaction, hazard_id: int, state: str, *, on: date | None, why: str | None) -> None:
    """Set the state of a hazard point; ``on`` and ``why`` where it is struck off."""
    run(
        tx, "UPDATE hazard SET state = :state, struck_off_on = :on, struck_off_why = :why WHERE id = :id",
        {"id": hazard_id, "state": state, "on": on, "why": why},
    )  # fmt: skip


def threatened_grids(tx: Transaction, ids: list[int]) -> pd.DataFrame:
    """Finest grids in force that share ground with danger areas, and what of each lies inside.

    A building that is partly inside counts whole, with all its households.

    Returns
    -------
    DataFrame
        One row = one grid of one hazard point: hazard (id), code, short, name, area_code, buildings,
        households (occupied), registered; sorted by hazard and code.
    """
    rows = frame(tx, read("hazard_grids.sql"), {"ids": ids})
    return rows.astype(dict.fromkeys(("hazard", "buildings", "households", "registered"), "int64"))


def threatened_buildings(tx: Transaction, ids: list[int]) -> pd.DataFrame:
    """Buildings that share ground with danger areas, of the newest ground of each basic grid.

    Returns
    -------
    DataFrame
        One row = one building of one hazard point: hazard (id), area_code, bid, name, households (occupied),
        registered; sorted by hazard, area and bid.
    """
    rows = frame(tx, read("hazard_buildings.sql"), {"ids": ids})
    return rows.astype(dict.fromkeys(("hazard", "households", "registered"), "int64"))


def threats(tx: Transaction, area: str) -> dict[str, int]:
    """Count, for each building of a basic grid, the danger areas in force that it shares ground with."""
    ids = [row[0] for row in run(tx, "SELECT id FROM hazard WHERE state <> 'struck_off' ORDER BY id", {})]
    found = threatened_buildings(tx, ids)
    here = found[found["area_code"] == area]
    return {str(bid): int(count) for bid, count in here.groupby("bid").size().items()}


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


_TESTS = {
    "bbox": "h.geom",
    "since": "h.found_on >= :since",
    "until": "h.found_on < :until",
    "kind": "h.kind = :kind",
    "grade": "h.grade = :grade",
    "state": "h.state = :state",
    "number": "h.number = :number",
    "area": "(p.code = :area OR coalesce(g.area_code, b.code) = :area)",
    "grid": "starts_with(g.code, :grid)",
    "after": "h.id > :after",
}
