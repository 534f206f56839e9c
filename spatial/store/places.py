"""Towns and basic grids: names, the town's lattice, frozen outlines, disputed ground, import reports."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import shapely
import sqlalchemy as sa

from spatial.errors import NotFound, Refused, Where
from spatial.ground.crs import Lattice
from spatial.ground.model import ReportRow
from spatial.store.rows import copy_in, ewkb, frame, geoframe, geometries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import geopandas as gpd

    from spatial.policy import Division
    from spatial.store.engine import Transaction


@dataclass(frozen=True)
class Town:
    """A town: 9-digit code, and the lattice that its first import fixed."""

    id: int
    code: str
    name: str
    lattice: Lattice


@dataclass(frozen=True)
class Place:
    """A town or a basic grid. ``division`` and ``parent`` are None for a town; ``sample``: invented data."""

    id: int
    code: str
    level: str
    division: Division | None
    name: str
    parent: str | None
    sample: bool


@dataclass(frozen=True)
class ImportReport:
    """What one import said: ``source_sha`` of the file, its name, who, when, and the rows."""

    source_sha: str
    file: str
    who: str
    made_at: datetime
    rows: list[ReportRow]


def ensure_town(tx: Transaction, code: str, name: str, lattice: Lattice) -> Town:
    """Make a town, or find it: the lattice of its first import stays, an empty name changes nothing.

    Parameters
    ----------
    code
        9 digits.
    lattice
        Taken only where the town is new.
    """
    tx.execute(
        sa.text(
            "INSERT INTO place (county_code, code, level, name, epsg, origin_e, origin_n, releases)"
            " VALUES (left(:code, 6), :code, 'town', :name, :epsg, :e, :n, 0)"
            " ON CONFLICT (code, county_code) DO UPDATE SET name = coalesce(nullif(:name, ''), place.name)"
        ),
        {"code": code, "name": name, "epsg": lattice.epsg, "e": lattice.origin_e, "n": lattice.origin_n},
    )
    return town_of(tx, code)


def find_town(tx: Transaction, code: str) -> Town | None:
    """Find the town of a 9-digit code, or of a 12-digit one that is known; None where there is none."""
    row = tx.execute(
        sa.text(
            "SELECT t.id, t.code, t.name, t.epsg, t.origin_e, t.origin_n FROM place AS t"
            " WHERE t.level = 'town'"
            " AND t.code = coalesce((SELECT b.parent FROM place AS b WHERE b.code = :code), :code)"
        ),
        {"code": code},
    ).first()
    return Town(row.id, row.code, row.name, Lattice(row.epsg, row.origin_e, row.origin_n)) if row else None


def town_of(tx: Transaction, code: str) -> Town:
    """Get the town of a town's or basic grid's code; NotFound (``no_such_place``)."""
    town = find_town(tx, code)
    if town is None:
        raise _missing(code)
    return town


def save_basic(
    tx: Transaction, code: str, *, name: str, division: Division, parent: str, outline: Any = None
) -> Place:
    """Make a basic grid, or bring its name and division up to date.

    Parameters
    ----------
    code, parent
        12 digits, and the 9 of its town, which must be there.
    outline
        Polygon or MultiPolygon on the town's lattice: the frozen outline. None keeps what is there.

    Raises
    ------
    NotFound
        ``no_such_place``: the town.
    Refused
        ``other_town``: the basic grid belongs to another town already.
    """
    town = town_of(tx, parent)
    shape = None if outline is None else ewkb([outline], town.lattice)[0]
    kept = tx.execute(
        sa.text(
            "INSERT INTO place (county_code, code, level, division, name, parent, outline, releases)"
            " VALUES (left(:code, 6), :code, 'basic', :division, :name, :parent, :outline, 0)"
            " ON CONFLICT (code, county_code) DO UPDATE SET division = EXCLUDED.division,"
            " name = EXCLUDED.name, outline = coalesce(EXCLUDED.outline, place.outline) RETURNING parent"
        ),
        {"code": code, "division": division, "name": name, "parent": town.code, "outline": shape},
    ).scalar_one()
    if kept != town.code:
        raise Refused(
            "other_town",
            zh=f"基础网格 {code} 已属于乡镇 {kept}，不能改到 {town.code}。",
            en=f"Basic grid {code} belongs to town {kept} already, not to {town.code}.",
            where=(Where(layer="boundary", field="parent", value=parent, ref=code),),
        )
    return get(tx, code)


def mark_sample(tx: Transaction, code: str, *, sample: bool = True) -> None:
    """Mark a town (and its basic grids), or a basic grid, as invented data, or as none; NotFound.

    A town is marked as long as one of its basic grids is.
    """
    found = get(tx, code)
    tx.execute(
        sa.text("UPDATE place SET sample = :sample WHERE code = :code OR parent = :code"),
        {"code": code, "sample": sample},
    )
    if found.parent is not None:
        tx.execute(
            sa.text(
                "UPDATE place SET sample = (SELECT bool_or(b.sample) FROM place AS b WHERE b.parent = :town)"
                " WHERE code = :town"
            ),
            {"town": found.parent},
        )


def is_sample(tx: Transaction, code: str) -> bool:
    """Say whether a town or basic grid is invented data; NotFound."""
    get(tx, code)
    return bool(
        tx.execute(
            sa.text("SELECT bool_or(sample) FROM place WHERE code = :code OR parent = :code"), {"code": code}
        ).scalar_one()
    )


def any_sample(tx: Transaction, codes: Iterable[str]) -> bool:
    """Say whether any of some towns or basic grids is invented data; codes of none are not."""
    query = sa.text("SELECT coalesce(bool_or(sample), false) FROM place WHERE code = ANY (:codes)")
    return bool(tx.execute(query, {"codes": sorted(set(codes))}).scalar_one())


def get(tx: Transaction, code: str) -> Place:
    """Get a town or basic grid by its code; NotFound (``no_such_place``)."""
    row = tx.execute(sa.text(f"{_PLACES} WHERE code = :code"), {"code": code}).first()
    if row is None:
        raise _missing(code)
    return Place(*row)


def list_places(tx: Transaction, parent: str | None = None) -> list[Place]:
    """List towns and basic grids by code, or the basic grids of one town."""
    where = "WHERE parent = :parent" if parent else ""
    rows = tx.execute(sa.text(f"{_PLACES} {where} ORDER BY code"), {"parent": parent} if parent else {})
    return [Place(*row) for row in rows]


def basic_of(tx: Transaction, code: str) -> list[Place]:
    """List the basic grids that a code names: a town's (9 digits), or itself (12); NotFound."""
    found = get(tx, code)
    return list_places(tx, code) if found.level == "town" else [found]


def outlines(tx: Transaction, town: Town) -> dict[str, Any]:
    """Frozen outlines of a town's basic grids by code, Polygon or MultiPolygon on its lattice."""
    rows = frame(
        tx,
        "SELECT code, ST_AsBinary(outline) AS outline FROM place"
        " WHERE parent = :town AND outline IS NOT NULL ORDER BY code",
        {"town": town.code},
    )
    return dict(zip(rows["code"], geometries(rows["outline"], town.lattice), strict=True))


def save_disputed(
    tx: Transaction, town: Town, source_sha: str, grounds: Sequence[tuple[str, Sequence[str], Any]]
) -> None:
    """Replace the disputed ground of a town.

    Parameters
    ----------
    source_sha
        Of the file whose outlines these are.
    grounds
        (kind overlap or gap, codes of the basic grids concerned, Polygon or MultiPolygon on the lattice).
    """
    tx.execute(sa.text("DELETE FROM disputed WHERE place_id = :id"), {"id": town.id})
    shapes = [shape for _, _, shape in grounds]
    copy_in(
        tx,
        "disputed",
        ("county_code", "place_id", "source_sha", "kind", "codes", "area_m2", "geom"),
        (
            (town.code[:6], town.id, source_sha, kind, list(codes), float(shapely.area(shape)) / 10_000, geom)
            for (kind, codes, shape), geom in zip(grounds, ewkb(shapes, town.lattice), strict=True)
        ),
    )


_DISPUTED = (
    "FROM disputed AS d JOIN place AS p ON p.id = d.place_id WHERE p.code = :code OR :code = ANY (d.codes)"
)


def disputed(tx: Transaction, code: str) -> gpd.GeoDataFrame:
    """Disputed ground of a town or basic grid: columns id, kind, codes (list), area_m2; EPSG:4326."""
    return geoframe(
        tx,
        f"SELECT d.id, d.kind, d.codes, d.area_m2, ST_AsBinary(d.geom) AS geometry {_DISPUTED} ORDER BY d.id",
        {"code": code},
    )


def has_disputed(tx: Transaction, code: str) -> bool:
    """Whether a town or basic grid has disputed ground."""
    return bool(tx.scalar(sa.text(f"SELECT EXISTS (SELECT 1 {_DISPUTED})"), {"code": code}))


def lock_outlines(tx: Transaction, town: Town) -> None:
    """Let nobody else move the town's outlines until this transaction ends."""
    tx.execute(sa.text("SELECT 1 FROM place WHERE id = :id FOR UPDATE"), {"id": town.id})


def lock_disputed(tx: Transaction, ids: Sequence[int]) -> Town:
    """Get the town in which pieces of disputed ground lie; who else moves its outlines waits for this one.

    Raises
    ------
    NotFound
        ``no_such_dispute``: none of them is there.
    Refused
        ``several_towns``.
    """
    found = tx.execute(
        sa.text(
            "SELECT code FROM place WHERE id IN (SELECT place_id FROM disputed WHERE id = ANY (:ids))"
            " ORDER BY id FOR UPDATE"
        ),
        {"ids": list(ids)},
    )
    towns = list(found.scalars())
    if not towns:
        raise _no_dispute(min(ids))
    if len(towns) > 1:
        raise Refused(
            "several_towns",
            zh="一次只能划定同一乡镇的争议地。",
            en="Disputed ground of one town is assigned at a time.",
            data={"towns": towns},
        )
    return town_of(tx, towns[0])


def take_disputed(tx: Transaction, disputed_id: int) -> tuple[str, list[str], Any]:
    """Take a piece of disputed ground off the list.

    Returns
    -------
    kind, codes, geometry
        EPSG:4326.

    Raises
    ------
    NotFound
        ``no_such_dispute``.
    """
    row = tx.execute(
        sa.text("DELETE FROM disputed WHERE id = :id RETURNING kind, codes, ST_AsBinary(geom) AS geom"),
        {"id": disputed_id},
    ).first()
    if row is None:
        raise _no_dispute(disputed_id)
    return row.kind, list(row.codes), shapely.from_wkb(bytes(row.geom))


def save_report(
    tx: Transaction, town: Town, rows: Iterable[ReportRow], *, source_sha: str, file: str, who: str
) -> None:
    """Keep what an import repaired, set aside or noted."""
    tx.execute(
        sa.text(
            "INSERT INTO import_report (county_code, place_id, source_sha, file, who, rows)"
            " VALUES (left(:code, 6), :id, :sha, :file, :who, CAST(:rows AS jsonb))"
        ),
        {
            "code": town.code, "id": town.id, "sha": source_sha, "file": file, "who": who,
            "rows": json.dumps([asdict(row) for row in rows]),
        },
    )  # fmt: skip


def reports(tx: Transaction, town: Town) -> list[ImportReport]:
    """Reports of a town's imports, the newest first."""
    rows = tx.execute(
        sa.text(
            "SELECT source_sha, file, who, made_at, rows FROM import_report"
            " WHERE place_id = :id ORDER BY id DESC"
        ),
        {"id": town.id},
    )
    return [
        ImportReport(
            row[0], row[1], row[2], row[3], [ReportRow(**said) for said in cast("list[Any]", row[4])]
        )
        for row in rows
    ]


def assigned(tx: Transaction, town: Town) -> list[tuple[str, Any]]:
    """Get the disputed ground that was assigned, as the town's reports tell: code, shape (lattice)."""
    rows = tx.execute(
        sa.text(
            "SELECT said->>'ref', said->>'geometry' FROM import_report,"
            " jsonb_array_elements(rows) WITH ORDINALITY AS told (said, nth)"
            " WHERE place_id = :id AND said->>'code' = 'dispute_assigned' ORDER BY id, nth"
        ),
        {"id": town.id},
    ).all()
    if not rows:
        return []
    shapes = town.lattice.to_lattice(shapely.from_geojson([row[1] for row in rows]))
    return list(zip([row[0] for row in rows], shapes, strict=True))


def _no_dispute(disputed_id: int) -> NotFound:
    return NotFound(
        "no_such_dispute",
        zh=f"没有编号为 {disputed_id} 的争议地，可能已经划定。",
        en=f"There is no disputed ground {disputed_id}; it may have been assigned.",
        data={"dispute": disputed_id},
    )


def _missing(code: str) -> NotFound:
    return NotFound(
        "no_such_place",
        zh=f"没有编码为 {code} 的乡镇或村（社区）。请检查编码，或先导入该地的数据。",
        en=f"There is no town, village or community {code}. Check the code, or import the place first.",
        data={"code": code},
    )


_PLACES = "SELECT id, code, level, division, name, parent, sample FROM place"
