"""The seam proof in SQL, on the vertices as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from spatial.store.rows import ewkb, geoframe
from spatial.store.scripts import read

if TYPE_CHECKING:
    import geopandas as gpd

    from spatial.ground.crs import Lattice
    from spatial.store.engine import Transaction

SORTING_MB = 256
"""A town has a million edges; sorted in memory they take two thirds of the time."""


def stored_edges(tx: Transaction, code: str, rim: Any, lattice: Lattice) -> gpd.GeoDataFrame:
    """Count edges of what is stored for a town or basic grid, by whole: which cancel, which are at fault.

    Parameters
    ----------
    code
        9 digits a town, 12 a basic grid.
    rim
        What its outlines tile, on the lattice.
    lattice
        The town's.

    Returns
    -------
    GeoDataFrame
        One row = one whole that parts should tile. ``kind``: town, published, ground, nesting (see
        sql/seam_edges.sql); ``whole`` its code; ``edges`` of the parts, ``paired`` those with an opposite
        one, ``rim`` those of the whole, ``faults`` those at fault, whose lines are the geometry (EPSG:4326,
        or None).
    """
    tx.execute(sa.text(f"SET LOCAL work_mem = '{SORTING_MB}MB'"))
    return geoframe(
        tx,
        read("seam_edges.sql"),
        {"code": code, "rim": ewkb([rim], lattice)[0]},
        integers=("edges", "paired", "rim", "faults"),
    )
