"""Whose grids points are in: one query for any number of points, answered as PostGIS ``ST_Covers`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spatial.store.rows import frame

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from spatial.store.engine import Transaction

_LOCATE = """
WITH RECURSIVE point AS MATERIALIZED (
    SELECT i - 1 AS i, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom
      FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY AS given(lon, lat, i)
), chain AS (
    SELECT point.i, g.code AS leaf, g.county_code, g.edition_id, g.parent, g.level, g.code, g.short, g.name,
           g.kind, g.stairwell, g.floors, ST_Contains(g.geom, point.geom) AS inside
      FROM point
      JOIN grid AS g ON ST_Covers(g.geom, point.geom)
      JOIN edition AS e ON e.id = g.edition_id AND e.county_code = g.county_code
     WHERE g.leaf AND e.valid @> coalesce(CAST(:at AS date), today())
    UNION ALL
    SELECT chain.i, chain.leaf, g.county_code, g.edition_id, g.parent, g.level, g.code, g.short, g.name,
           g.kind, g.stairwell, g.floors, chain.inside
      FROM chain
      JOIN grid AS g
        ON g.edition_id = chain.edition_id AND g.code = chain.parent AND g.county_code = chain.county_code
)
SELECT i, leaf, level, code, short, name, kind, stairwell, lower(floors) AS floor_low,
       upper(floors) - 1 AS floor_high, inside, edition_id
  FROM chain ORDER BY i, leaf, edition_id, level
"""


def locate(
    tx: Transaction, lons: NDArray[np.float64], lats: NDArray[np.float64], at: date | None = None
) -> pd.DataFrame:
    """Find the leaf grids that cover points, with the chain of grids above each.

    Parameters
    ----------
    lons, lats
        (N,) degrees, EPSG:4326.
    at
        Day in Asia/Shanghai; None is today.

    Returns
    -------
    DataFrame
        One row = one grid of one chain: ``i`` (position of the point), ``leaf`` (the covering leaf's code),
        ``level``, ``code``, ``short``, ``name``, ``kind``, ``stairwell``, ``floor_low``, ``floor_high`` (both
        included; only grids that stack in one stairwell have them), ``inside`` (not on the leaf's border),
        ``edition_id``. Sorted by point, the
        lowest leaf's code first, the basic grid first in each chain. Points outside have no row.
    """
    rows = frame(
        tx,
        _LOCATE,
        {
            "lons": np.asarray(lons, dtype=float).tolist(),
            "lats": np.asarray(lats, dtype=float).tolist(),
            "at": at,
        },
    )
    whole = dict.fromkeys(("i", "level", "edition_id"), "int64")
    return rows.astype({**whole, "floor_low": "Int64", "floor_high": "Int64"})
