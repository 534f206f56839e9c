"""Editions: what is published, from when, and under which codes; the published grids as frames."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely
import sqlalchemy as sa

from spatial.errors import NotFound, Refused, Where
from spatial.store import places
from spatial.store.rows import copy_in, ewkb, frame, geoframe, values
from spatial.store.scripts import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from spatial.store.engine import Transaction

GRID_COLUMNS = (
    "code", "short", "parent", "level", "kind", "name", "households", "registered", "stairwell", "floor_low",
    "floor_high", "reason", "node", "bounds", "locked", "proof", "geometry",
)  # fmt: skip
"""Columns of the grids that `publish` takes; ``parent`` None for the basic grid, floors both included.

``bounds`` is a dict as `spatial.plans.describe.Bounds.to_json` gives it, ``proof`` one as
`spatial.partition.claims.claim_of` gives it, or None.
"""
CROSSWALK_COLUMNS = ("old", "new", "households", "m2")


@dataclass(frozen=True)
class NewEdition:
    """What is to be published for one basic grid.

    Parameters
    ----------
    area_code
        The basic grid, 12 digits.
    plan_id
        The plan that it comes of.
    grids
        ``GRID_COLUMNS``, one row = one grid, the basic grid too; EPSG:4326, Polygon or MultiPolygon.
    retired
        Codes that it retires.
    crosswalk
        ``CROSSWALK_COLUMNS``: old code, new code, households and square metres that went over; or None.
    """

    area_code: str
    plan_id: int | None
    grids: gpd.GeoDataFrame
    retired: Sequence[str] = ()
    crosswalk: pd.DataFrame | None = None


@dataclass(frozen=True)
class EditionRow:
    """An edition: in force on ``[valid_from, valid_to)``; ``valid_to`` None while nothing follows it."""

    id: int
    area_code: str
    area_name: str
    plan_id: int | None
    release: int
    valid_from: date
    valid_to: date | None
    who: str
    made_at: datetime


def today(tx: Transaction) -> date:
    """Today in Asia/Shanghai, by the database's clock."""
    found: date = tx.execute(sa.text("SELECT today()")).scalar_one()
    return found


def publish(
    tx: Transaction, town_code: str, editions: Sequence[NewEdition], *, valid_from: date, who: str
) -> tuple[int, list[int]]:
    """Publish editions of a town's basic grids in one go, as one release of the town.

    The edition in force ends on ``valid_from``; one that has not begun by then is withdrawn.

    Parameters
    ----------
    town_code
        9 digits.
    valid_from
        First day in force, Asia/Shanghai.

    Returns
    -------
    release, edition_ids
        The town's release number, and the editions' ids in the order given.

    Raises
    ------
    Refused
        ``begins_too_early``: an edition that is in force began later than that.
    NotFound
        ``no_such_place``.
    """
    town = places.town_of(tx, town_code)
    release = next_release(tx, town, who)
    return release, [_publish(tx, new, release, valid_from, who) for new in editions]


def next_release(tx: Transaction, town: places.Town, who: str) -> int:
    """Count a release of a town; whoever else publishes there waits for this transaction's end."""
    number = int(
        tx.execute(
            sa.text("UPDATE place SET releases = releases + 1 WHERE id = :id RETURNING releases"),
            {"id": town.id},
        ).scalar_one()
    )
    tx.execute(
        sa.text(
            "INSERT INTO release (place_id, county_code, number, who)"
            " VALUES (:id, left(:code, 6), :number, :who)"
        ),
        {"id": town.id, "code": town.code, "number": number, "who": who},
    )
    return number


def release_of(tx: Transaction, code: str) -> int:
    """Newest release number of a town (or of a basic grid's town), 0 before the first; NotFound."""
    town = places.town_of(tx, code)
    return int(tx.execute(sa.text("SELECT releases FROM place WHERE id = :id"), {"id": town.id}).scalar_one())


def withdraw(tx: Transaction, edition_id: int, who: str) -> int:
    """Withdraw an edition that has not begun; the one that it was to follow goes on. A release of its own.

    Returns
    -------
    int
        The town's release number.

    Raises
    ------
    NotFound
        ``no_such_edition``.
    Refused
        ``edition_began``.
    """
    edition = get(tx, edition_id)
    release = next_release(tx, places.town_of(tx, edition.area_code), who)
    if edition.valid_from <= today(tx):
        raise Refused(
            "edition_began",
            zh=f"版本 {edition_id} 已于 {edition.valid_from} 生效，不能撤回；请发布新版本代替它。",
            en=f"Edition {edition_id} came into force on {edition.valid_from} and can't be withdrawn;"
            " publish another in its place.",
            where=(Where(ref=edition.area_code),),
        )
    _drop_future(tx, edition)
    tx.execute(
        sa.text(
            "UPDATE edition AS e SET valid_to = :after FROM place AS p WHERE p.id = e.place_id"
            " AND p.code = :code AND e.valid_to = :begin"
        ),
        {"code": edition.area_code, "begin": edition.valid_from, "after": edition.valid_to},
    )
    return release


def get(tx: Transaction, edition_id: int) -> EditionRow:
    """Get an edition's row; NotFound (``no_such_edition``)."""
    row = tx.execute(sa.text(f"{_EDITIONS} WHERE e.id = :id"), {"id": edition_id}).first()
    if row is None:
        raise NotFound(
            "no_such_edition",
            zh=f"没有编号为 {edition_id} 的版本。",
            en=f"There is no edition {edition_id}.",
            data={"edition": edition_id},
        )
    return EditionRow(*row)


def list_editions(tx: Transaction, code: str | None = None) -> list[EditionRow]:
    """List editions of a town or basic grid, or all, the newest first."""
    where = "WHERE p.code = :code OR p.parent = :code" if code else ""
    query = sa.text(f"{_EDITIONS} {where} ORDER BY e.id DESC")
    return [EditionRow(*row) for row in tx.execute(query, {"code": code} if code else {})]


def in_force(tx: Transaction, area_code: str, at: date | None = None) -> EditionRow | None:
    """Find the edition of a basic grid in force on a day (today in Asia/Shanghai), None if there is none."""
    row = tx.execute(
        sa.text(f"{_EDITIONS} WHERE p.code = :code AND e.valid @> coalesce(:at, today())"),
        {"code": area_code, "at": at},
    ).first()
    return None if row is None else EditionRow(*row)


def last_edition(tx: Transaction, area_code: str, before: date) -> EditionRow | None:
    """Find the edition that one beginning on ``before`` would follow: codes and crosswalk go from it."""
    row = tx.execute(
        sa.text(
            f"{_EDITIONS} WHERE p.code = :code"
            " AND (e.valid_from < :before OR e.valid_from <= least(:before, today()))"
            " ORDER BY e.valid_from DESC, e.id DESC LIMIT 1"
        ),
        {"code": area_code, "before": before},
    ).first()
    return None if row is None else EditionRow(*row)


def used_codes(tx: Transaction, area_code: str) -> set[str]:
    """Every code that a basic grid ever used, retired ones among them: no new grid may get one of these."""
    rows = tx.execute(
        sa.text(
            "SELECT code FROM grid WHERE area_code = :code UNION SELECT r.code FROM retired_code AS r"
            " JOIN place AS p ON p.id = r.place_id WHERE p.code = :code"
        ),
        {"code": area_code},
    )
    return set(rows.scalars())


def crosswalk(tx: Transaction, edition_id: int) -> pd.DataFrame:
    """What went from old grids to new ones with an edition: ``CROSSWALK_COLUMNS``; NotFound."""
    get(tx, edition_id)
    rows = frame(
        tx, "SELECT old, new, households, m2 FROM crosswalk WHERE edition_id = :id ORDER BY old, new",
        {"id": edition_id},
    )  # fmt: skip
    return rows.astype({"households": "int64", "m2": "float64"})


def grids(
    tx: Transaction,
    *,
    area: str | None = None,
    level: int | None = None,
    code: str | None = None,
    at: date | None = None,
    bbox: tuple[float, float, float, float] | None = None,
    edition_id: int | None = None,
) -> gpd.GeoDataFrame:
    """Published grids in force on a day.

    Parameters
    ----------
    area
        A town (9 digits) or basic grid (12).
    level, code
        Only that level; only the grid of that code.
    at
        Day in Asia/Shanghai, None today; not used with ``edition_id``.
    bbox
        left, bottom, right, top in degrees, EPSG:4326: grids that touch it.
    edition_id
        The grids of that edition, whether in force or not.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, the published columns (``floors`` as text such as ``[1,4)``), ``bounds`` and ``proof``
        (a dict or None), ``locked``, and ``node``, ``edition_id``, ``leaf``; sorted by code.
    """
    conditions = ["e.id = :edition" if edition_id is not None else "e.valid @> coalesce(:at, today())"]
    if area is not None:
        conditions.append("(g.area_code = :area OR left(g.area_code, 9) = :area OR p.parent = :area)")
    if level is not None:
        conditions.append("g.level = :level")
    if code is not None:
        conditions.append("g.code = :code")
    if bbox is not None:
        conditions.append("ST_Intersects(g.geom, ST_MakeEnvelope(:left, :bottom, :right, :top, 4326))")
    given: dict[str, Any] = {"area": area, "level": level, "code": code, "at": at, "edition": edition_id}
    given |= dict(zip(("left", "bottom", "right", "top"), bbox or (), strict=False))
    query = f"{_GRIDS} WHERE {' AND '.join(conditions)} ORDER BY g.code"
    used = {key: value for key, value in given.items() if f":{key}" in query}
    return geoframe(tx, query, used, integers=("level", "households", "registered", "node", "edition_id"))


def derived(tx: Transaction, edition_ids: Sequence[int], codes: Sequence[str]) -> list[int]:
    """Count the households of some grids that nobody counted: a rule derived them.

    Parameters
    ----------
    edition_ids
        Editions that the grids are of.
    codes
        Codes of the grids, of any level.

    Returns
    -------
    list of int
        One a code.
    """
    wanted = sorted({int(i) for i in edition_ids})
    leaves = frame(tx, read("derived_leaves.sql"), {"editions": wanted}) if wanted else None
    if leaves is None or leaves.empty:
        return [0] * len(codes)
    sums: Counter[str] = Counter()
    for code, n in zip(leaves["code"], leaves["derived"], strict=True):
        for digits in {12, 15, 17, 19, len(code)}:
            if digits <= len(code):
                sums[code[:digits]] += int(n)
    return [sums[code] for code in codes]


def _publish(tx: Transaction, new: NewEdition, release: int, valid_from: date, who: str) -> int:
    area = places.get(tx, new.area_code)
    _make_room(tx, new.area_code, valid_from)
    edition_id = int(
        tx.execute(
            sa.text(
                "INSERT INTO edition (county_code, place_id, plan_id, release, valid_from, who)"
                " VALUES (left(:code, 6), :place, :plan, :release, :valid_from, :who) RETURNING id"
            ),
            {
                "code": area.code, "place": area.id, "plan": new.plan_id, "release": release,
                "valid_from": valid_from, "who": who,
            },
        ).scalar_one()
    )  # fmt: skip
    _put_grids(tx, edition_id, new)
    county = area.code[:6]
    retired = sorted(set(new.retired))
    tx.execute(
        sa.text(
            "INSERT INTO retired_code (place_id, county_code, code, edition_id)"
            " SELECT :place, :county, code, :edition FROM unnest(CAST(:codes AS text[])) AS code"
            " ON CONFLICT DO NOTHING"
        ),
        {"place": area.id, "county": county, "edition": edition_id, "codes": retired},
    )
    if new.crosswalk is not None:
        rows = zip(*(values(new.crosswalk[column]) for column in CROSSWALK_COLUMNS), strict=True)
        columns = ("edition_id", "county_code", *CROSSWALK_COLUMNS)
        copy_in(tx, "crosswalk", columns, ((edition_id, county, *row) for row in rows))
    return edition_id


def _make_room(tx: Transaction, area_code: str, valid_from: date) -> None:
    """Withdraw what has not begun by then, and end what is in force."""
    now = today(tx)
    found = tx.execute(
        sa.text(
            f"{_EDITIONS} WHERE p.code = :code AND (e.valid_to IS NULL OR e.valid_to > :day)"
            " AND (e.valid_from > :now OR NOT isempty(e.valid)) ORDER BY e.valid_from DESC"
        ),
        {"code": area_code, "day": valid_from, "now": now},
    )
    for edition in [EditionRow(*row) for row in found]:
        if edition.valid_from > now and edition.valid_from >= valid_from:
            _drop_future(tx, edition)
        elif edition.valid_from > valid_from:
            raise Refused(
                "begins_too_early",
                zh=f"{area_code} 的现行版本 {edition.id} 自 {edition.valid_from} 起生效，"
                f"新版本不能早于这一天（所给 {valid_from}）。",
                en=f"Edition {edition.id} of {area_code} has been in force since {edition.valid_from};"
                f" a new one can't begin earlier ({valid_from}).",
                where=(Where(field="valid_from", value=str(valid_from), ref=area_code),),
                data={"earliest": str(edition.valid_from)},
            )
        else:
            tx.execute(
                sa.text("UPDATE edition SET valid_to = :day WHERE id = :id"),
                {"id": edition.id, "day": valid_from},
            )


def _drop_future(tx: Transaction, edition: EditionRow) -> None:
    tx.execute(sa.text("DELETE FROM retired_code WHERE edition_id = :id"), {"id": edition.id})
    tx.execute(sa.text("DELETE FROM edition WHERE id = :id"), {"id": edition.id})


def _put_grids(tx: Transaction, edition_id: int, new: NewEdition) -> None:
    grids = new.grids
    shapes = [
        shape if shape.geom_type == "MultiPolygon" else shapely.multipolygons([shape])
        for shape in grids.geometry
    ]
    parents = set(grids["parent"].dropna())
    given = {column: values(grids[column]) for column in GRID_COLUMNS if column != "geometry"}
    floors = [
        None if low is None else f"[{int(low)},{int(high)}]"
        for low, high in zip(given.pop("floor_low"), given.pop("floor_high"), strict=True)
    ]
    given |= {
        **{
            name: [None if one is None else json.dumps(one, ensure_ascii=False) for one in given[name]]
            for name in ("bounds", "proof")
        },
        "floors": floors,
        "leaf": [code not in parents for code in given["code"]],
        "geom": ewkb(shapes),
    }
    area = new.area_code
    copy_in(
        tx,
        "grid",
        ("edition_id", "county_code", "area_code", *given),
        ((edition_id, area[:6], area, *row) for row in zip(*given.values(), strict=True)),
    )


_EDITIONS = (
    "SELECT e.id, p.code, p.name, e.plan_id, e.release, e.valid_from, e.valid_to, e.who, e.made_at"
    " FROM edition AS e JOIN place AS p ON p.id = e.place_id AND p.county_code = e.county_code"
)
_GRIDS = (
    "SELECT g.code, g.short, g.level, g.kind, g.name, g.parent, g.area_code, g.households, g.registered,"
    " g.stairwell, CAST(g.floors AS text) AS floors, g.reason, e.valid_from, e.valid_to, g.bounds, g.locked,"
    " g.proof, g.node, g.edition_id, g.leaf, ST_AsBinary(g.geom) AS geometry FROM grid AS g"
    " JOIN edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code"
    " JOIN place AS p ON p.id = e.place_id AND p.county_code = e.county_code"
)
