"""Grounds: a basic grid's faces, cells and edges as one import made them, and the layers of its maps."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from spatial.errors import NotFound
from spatial.ground.model import (
    AREA_COLUMNS,
    BUILDING_COLUMNS,
    CELL_COLUMNS,
    EDGE_COLUMNS,
    Ground,
    PlaceFile,
    ReportRow,
)
from spatial.ground.seam import prove
from spatial.store import places
from spatial.store.rows import copy_in, ewkb, frame, geoframe, geometries, values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import geopandas as gpd

    from spatial.store.engine import Transaction

LAYER_COLUMNS = ("zone", "affinity", "dedicated", "dedicated_kind")
NEAR_DEG = 0.0015
"""Features this near to the outline's bounding box are kept for the maps (some 150 m)."""

Rows = list[tuple[Any, ...]]

_COLUMNS: dict[str, tuple[str, ...]] = {
    "building": ("bid", "name", "btype", "levels", "households", "group_name", "geom"),
    "household": ("bid", "stairwell", "floor", "room", "status", "n", "derived"),
    "feature": ("layer", "class", "name", "geom"),
    "face": ("id", "pos", "geom", "footprint", "outer_m"),
    "cell": (
        "name", "face", "floor_low", "floor_high", "bid", "stairwell", "households", "registered",
        "group_name", "layers", "id",
    ),
    "edge": EDGE_COLUMNS,
}  # fmt: skip


@dataclass(frozen=True)
class GroundRow:
    """A ground as stored, without its faces."""

    id: int
    area_code: str
    source_sha: str
    made_at: datetime


def write_ground(
    tx: Transaction, place_code: str, ground: Ground, place: PlaceFile, *, claimed: Any = None
) -> tuple[int, bool]:
    """Store a ground, unless it is what the basic grid has already.

    Parameters
    ----------
    place_code
        The basic grid, 12 digits; it must be there (`places.save_basic`).
    ground
        On the town's lattice.
    place
        The file that it was made from: its buildings, households and features are kept.
    claimed
        Disputed ground that the basic grid claims, on the lattice: its buildings are kept too, so that the
        ground can be cut anew once it is assigned.

    Returns
    -------
    ground_id, new
        ``new`` is False where the newest ground came of the same file within the same outline, or holds the
        same rows.
    """
    area = places.get(tx, place_code)
    tx.execute(sa.text("SELECT 1 FROM place WHERE id = :id FOR UPDATE"), {"id": area.id})
    newest = latest(tx, place_code)
    if newest is not None and newest.source_sha == place.sha256 and _cut_of(tx, newest.id, ground):
        return newest.id, False
    tables = _tables(ground, place, claimed)
    content = _digest(ground, tables)
    if newest is not None and newest_content(tx, newest.id) == content:
        return newest.id, False
    county = place_code[:6]
    ground_id = int(
        tx.execute(
            sa.text(
                "INSERT INTO ground (county_code, place_id, source_sha, content_sha, division, outline,"
                " report, made_at) VALUES (:county, :place, :source, :content, :division, :outline,"
                " CAST(:report AS jsonb), clock_timestamp()) RETURNING id"
            ),
            {
                "county": county, "place": area.id, "source": place.sha256, "content": content,
                "division": ground.division, "outline": ewkb([ground.outline], ground.lattice)[0],
                "report": json.dumps([asdict(row) for row in ground.report]),
            },
        ).scalar_one()
    )  # fmt: skip
    for table, rows in tables.items():
        columns = ("county_code", "ground_id", *_COLUMNS[table])
        copy_in(tx, table, columns, ((county, ground_id, *row) for row in rows))
    return ground_id, True


def _cut_of(tx: Transaction, ground_id: int, ground: Ground) -> bool:
    """Whether a stored ground has the very outline of this one."""
    query = sa.text("SELECT ST_AsBinary(outline) FROM ground WHERE id = :id")
    stored = geometries([tx.execute(query, {"id": ground_id}).scalar_one()], ground.lattice)[0]
    return not prove(np.array([stored], dtype=object), ground.outline)


def latest(tx: Transaction, area_code: str) -> GroundRow | None:
    """Find the newest ground of a basic grid, None before its first import."""
    row = tx.execute(
        sa.text(f"{_GROUNDS} WHERE p.code = :code ORDER BY g.id DESC LIMIT 1"), {"code": area_code}
    )
    found = row.first()
    return None if found is None else GroundRow(*found)


def get(tx: Transaction, ground_id: int) -> GroundRow:
    """Get a ground's row; NotFound (``no_such_ground``)."""
    row = tx.execute(sa.text(f"{_GROUNDS} WHERE g.id = :id"), {"id": ground_id}).first()
    if row is None:
        raise NotFound(
            "no_such_ground",
            zh=f"没有编号为 {ground_id} 的地块数据。请先导入该地。",
            en=f"There is no ground {ground_id}. Import the place first.",
            data={"ground": ground_id},
        )
    return GroundRow(*row)


def newest_content(tx: Transaction, ground_id: int) -> str:
    """Digest of all rows of a ground."""
    return str(
        tx.execute(sa.text("SELECT content_sha FROM ground WHERE id = :id"), {"id": ground_id}).scalar_one()
    )


def load_ground(tx: Transaction, ground_id: int) -> Ground:
    """Load a ground as it was made, equal to the last lattice vertex; NotFound (``no_such_ground``)."""
    row = get(tx, ground_id)
    lattice = places.town_of(tx, row.area_code).lattice
    key = {"id": ground_id}
    head = tx.execute(
        sa.text("SELECT division, ST_AsBinary(outline), report FROM ground WHERE id = :id"), key
    ).one()
    faces = frame(
        tx,
        "SELECT id, ST_AsBinary(geom) AS geom, ST_AsBinary(footprint) AS footprint, outer_m FROM face"
        " WHERE ground_id = :id AND plan_id IS NULL ORDER BY pos",
        key,
    )
    cells, layers = _cells(tx, ground_id, {face: pos for pos, face in enumerate(faces["id"])})
    return Ground(
        lattice=lattice,
        area_code=row.area_code,
        division=head[0],
        outline=geometries([head[1]], lattice)[0],
        faces=geometries(faces["geom"], lattice),
        face_ids=faces["id"].to_numpy(object),
        footprints=geometries(faces["footprint"], lattice),
        cells=cells,
        edges=_edges(tx, ground_id),
        outer_m=faces["outer_m"].to_numpy(np.float64),
        layers=layers,
        report=[ReportRow(**said) for said in head[2]],
    )


def building_names(tx: Transaction, ground_id: int, bids: Sequence[str]) -> dict[str, str]:
    """Names of some buildings of a ground, by bid; those without a name are left out."""
    rows = tx.execute(
        sa.text("SELECT bid, name FROM building WHERE ground_id = :id AND bid = ANY (:bids) AND name <> ''"),
        {"id": ground_id, "bids": list(bids)},
    )
    return {row.bid: row.name for row in rows}


def building(tx: Transaction, ground_id: int, bid: str) -> tuple[str | None, int | None]:
    """Name and number of floors of a building, None where they are not known."""
    row = tx.execute(
        sa.text("SELECT name, levels FROM building WHERE ground_id = :ground AND bid = :bid"),
        {"ground": ground_id, "bid": bid},
    ).first()
    return (None, None) if row is None else (row.name, row.levels)


def load_layers(tx: Transaction, ground_id: int) -> dict[str, gpd.GeoDataFrame]:
    """Load what a map draws below the grids, EPSG:4326.

    Returns
    -------
    dict
        ``buildings``: bid, name, btype, levels, households, group; ``features``: layer, class, name (places
        are features of layer ``places``); ``areas``: code, name, division, of the ground's outline.
    """
    get(tx, ground_id)
    key = {"id": ground_id}
    buildings = geoframe(
        tx,
        'SELECT bid, name, btype, levels, households, group_name AS "group", ST_AsBinary(geom) AS geometry'
        " FROM building WHERE ground_id = :id ORDER BY bid",
        key,
        integers=("levels", "households"),
    )
    features = geoframe(
        tx,
        "SELECT layer, class, name, ST_AsBinary(geom) AS geometry FROM feature"
        " WHERE ground_id = :id ORDER BY id",
        key,
    )
    areas = geoframe(
        tx,
        "SELECT p.code, p.name, g.division, ST_AsBinary(g.outline) AS geometry FROM ground AS g"
        " JOIN place AS p ON p.id = g.place_id WHERE g.id = :id",
        key,
    )
    return {"buildings": buildings, "features": features, "areas": areas}


def load_place(tx: Transaction, ground_id: int) -> PlaceFile:
    """Load back what a ground was made from, as far as it was kept: buildings, households, features, outline.

    Returns
    -------
    PlaceFile
        One area, its outline the ground's; ``sha256`` that of the file.
    """
    row = get(tx, ground_id)
    area = places.get(tx, row.area_code)
    layers = load_layers(tx, ground_id)
    spots = layers["features"]["layer"] == "places"
    register = frame(
        tx,
        "SELECT bid, stairwell, floor, room, status, n FROM household"
        " WHERE ground_id = :id AND NOT derived ORDER BY id",
        {"id": ground_id},
    )
    rules = frame(tx, "SELECT bid FROM household WHERE ground_id = :id AND derived", {"id": ground_id})
    areas = layers["areas"].assign(parent=area.parent)[list(AREA_COLUMNS)]
    named = layers["features"][spots].rename(columns={"class": "kind"})[["name", "kind", "geometry"]]
    return PlaceFile(
        areas=areas,
        buildings=layers["buildings"][list(BUILDING_COLUMNS)],
        households=register.astype({"floor": "Int64", "n": "int64"}),
        features=layers["features"][~spots].reset_index(drop=True),
        places=named.reset_index(drop=True),
        crs="EPSG:4326",
        sha256=row.source_sha,
        derived=frozenset(rules["bid"]),
    )


def derived_households(tx: Transaction, ground_id: int) -> int:
    """Count the households of a ground that nobody counted: a rule derived them."""
    query = "SELECT coalesce(sum(n), 0) FROM household WHERE ground_id = :id AND derived"
    return int(tx.execute(sa.text(query), {"id": ground_id}).scalar_one())


def _tables(ground: Ground, place: PlaceFile, claimed: Any) -> dict[str, Rows]:
    outline = ground.lattice.to_lonlat(ground.outline)
    ours = _ours(place, ground, outline, claimed)
    return {
        "building": _rows(
            ours, ("bid", "name", "btype", "levels", "households", "group"), ewkb(ours.geometry.to_numpy())
        ),
        "household": _households(ours, place.households, place.derived),
        "feature": _features(place, outline),
        "face": list(
            zip(
                ground.face_ids.tolist(),
                range(len(ground.faces)),
                ewkb(ground.faces, ground.lattice),
                ewkb(ground.footprints, ground.lattice),
                ground.outer_m.tolist(),
                strict=True,
            )
        ),
        "cell": _cell_rows(ground),
        "edge": _rows(ground.edges, EDGE_COLUMNS),
    }


def _ours(place: PlaceFile, ground: Ground, outline: Any, claimed: Any) -> gpd.GeoDataFrame:
    """Buildings that stand on the ground, or belong to it, or stand on what it claims."""
    geoms = place.buildings.geometry.to_numpy()
    mine = place.buildings["bid"].isin(set(ground.cells["bid"].dropna())).to_numpy(copy=True)
    for area in [outline] if claimed is None else [outline, ground.lattice.to_lonlat(claimed)]:
        near = np.flatnonzero(~mine & shapely.intersects(geoms, shapely.envelope(area)))
        shapely.prepare(area)
        mine[near] = shapely.covers(area, shapely.point_on_surface(geoms[near]))
    return place.buildings[mine]


def _rows(table: pd.DataFrame, columns: tuple[str, ...], *more: list[Any]) -> Rows:
    return list(zip(*(values(table[column]) for column in columns), *more, strict=True))


def _cell_rows(ground: Ground) -> Rows:
    cells = ground.cells.assign(face=ground.face_ids[ground.cells["face"].to_numpy(np.int64)])
    named = zip(*(values(ground.layers[column]) for column in LAYER_COLUMNS), strict=True)
    said = [json.dumps(dict(zip(LAYER_COLUMNS, row, strict=True)), ensure_ascii=False) for row in named]
    return _rows(cells, CELL_COLUMNS, said, list(range(len(cells))))


def _households(buildings: gpd.GeoDataFrame, register: pd.DataFrame, derived: frozenset[str]) -> Rows:
    ours = register[register["bid"].isin(set(buildings["bid"]))]
    columns = ("bid", "stairwell", "floor", "room", "status", "n")
    rows = _rows(ours, columns, [False] * len(ours))
    counted = buildings[~buildings["bid"].isin(set(ours["bid"])) & (buildings["households"] > 0)]
    for bid, n in zip(counted["bid"], counted["households"], strict=True):
        rows.append((bid, None, None, None, None, int(n), bid in derived))
    return rows


def _features(place: PlaceFile, outline: Any) -> Rows:
    left, bottom, right, top = shapely.bounds(outline)
    near = shapely.box(left - NEAR_DEG, bottom - NEAR_DEG, right + NEAR_DEG, top + NEAR_DEG)
    lines = place.features[shapely.intersects(place.features.geometry.to_numpy(), near)]
    points = place.places[shapely.intersects(place.places.geometry.to_numpy(), near)]
    rows = _rows(lines, ("layer", "class", "name"), ewkb(lines.geometry.to_numpy()))
    named = _rows(points, ("kind", "name"), ewkb(points.geometry.to_numpy()))
    return rows + [("places", *row) for row in named]


def _digest(ground: Ground, tables: dict[str, Rows]) -> str:
    digest = hashlib.sha256(shapely.to_wkb(ground.outline))
    digest.update(ground.division.encode())
    for table in sorted(tables):
        digest.update(f"{table}\n".encode())
        for row in tables[table]:
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _cells(tx: Transaction, ground_id: int, position: dict[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    cells = frame(
        tx,
        "SELECT name AS id, face, floor_low, floor_high, bid, stairwell, households, registered,"
        ' group_name AS "group", layers FROM cell'
        " WHERE ground_id = :id AND plan_id IS NULL ORDER BY cell.id",
        {"id": ground_id},
    )
    named = cells.pop("layers")
    cells["face"] = [position[face] for face in cells["face"]]
    layers = pd.DataFrame(
        {column: [row[column] for row in named] for column in LAYER_COLUMNS}, dtype=object, index=cells.index
    )
    whole = dict.fromkeys(("face", "households", "registered"), "int64")
    return cells.astype({**whole, "floor_low": "Int64", "floor_high": "Int64"}), layers


def _edges(tx: Transaction, ground_id: int) -> pd.DataFrame:
    edges = frame(
        tx,
        "SELECT a, b, length_m, barrier, strength, feature FROM edge WHERE ground_id = :id ORDER BY id",
        {"id": ground_id},
    )
    return edges.astype({"a": "int64", "b": "int64", "length_m": "float64", "strength": "float64"})


_GROUNDS = (
    "SELECT g.id, p.code, g.source_sha, g.made_at FROM ground AS g"
    " JOIN place AS p ON p.id = g.place_id AND p.county_code = g.county_code"
)
