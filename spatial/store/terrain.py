"""The terrain of a town: one raster of heights a town, replaced whole."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from spatial.ground.terrain import Terrain
from spatial.store import tables

if TYPE_CHECKING:
    from spatial.store.engine import Transaction
    from spatial.store.places import Town

_LITTLE = np.dtype("<f4")


def put(tx: Transaction, town: Town, terrain: Terrain) -> bool:
    """Keep the terrain of a town in place of the one before.

    Returns
    -------
    bool
        False where it is the very one that is kept already.
    """
    plain = np.ascontiguousarray(terrain.heights, dtype=_LITTLE).tobytes()
    digest = hashlib.sha256(plain)
    digest.update(repr((terrain.heights.shape, terrain.transform, terrain.epsg)).encode())
    sha = digest.hexdigest()
    if sha == stamp(tx, town):
        return False
    rows, columns = terrain.heights.shape
    table = tables.terrain
    tx.execute(sa.delete(table).where(table.c.place_id == town.id))
    tx.execute(
        sa.insert(table).values(
            place_id=town.id, county_code=town.code[:6], sha=sha, epsg=terrain.epsg, west=terrain.west,
            north=terrain.north, cell_e=terrain.cell_e, cell_n=terrain.cell_n, rows=rows, columns=columns,
            heights=zlib.compress(plain),
        )
    )  # fmt: skip
    return True


def get(tx: Transaction, town: Town) -> Terrain | None:
    """Get the terrain of a town; None where none was imported."""
    row = tx.execute(sa.select(tables.terrain).where(tables.terrain.c.place_id == town.id)).first()
    if row is None:
        return None
    plain = np.frombuffer(zlib.decompress(row.heights), dtype=_LITTLE)
    heights = plain.astype(np.float32).reshape(row.rows, row.columns)
    return Terrain(heights, row.west, row.north, row.cell_e, row.cell_n, row.epsg)


def stamp(tx: Transaction, town: Town) -> str | None:
    """Digest of a town's terrain, without reading its heights; None where there is none."""
    query = sa.select(tables.terrain.c.sha).where(tables.terrain.c.place_id == town.id)
    found: str | None = tx.execute(query).scalar_one_or_none()
    return found
