"""Open cases and hazard points inside a box, as bare points: what a draft's grids would hold of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.duty.cases import CLOSED
from spatial.store.rows import frame

if TYPE_CHECKING:
    import pandas as pd

    from spatial.store.engine import Transaction


def points(tx: Transaction, area_code: str, bounds: tuple[float, float, float, float]) -> pd.DataFrame:
    """Read the open cases, and the hazard points not struck off, inside a box.

    Parameters
    ----------
    area_code
        A basic grid: only those of its town.
    bounds
        West, south, east, north, EPSG:4326.

    Returns
    -------
    DataFrame
        One row = one: ``kind`` (case or hazard), lon, lat, ``floor`` (int or None).
    """
    west, south, east, north = bounds
    return frame(
        tx,
        "WITH box AS (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS geom),"
        " town AS (SELECT p.id FROM place AS p JOIN place AS a ON a.parent = p.code WHERE a.code = :area)"
        " SELECT 'case' AS kind, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, c.floor FROM case_file AS c, box"
        " WHERE c.geom && box.geom AND c.place_id IN (SELECT id FROM town) AND c.state <> ALL (:closed)"
        " UNION ALL"
        " SELECT 'hazard', ST_X(h.geom), ST_Y(h.geom), NULL FROM hazard AS h, box"
        " WHERE h.geom && box.geom AND h.place_id IN (SELECT id FROM town) AND h.state <> 'struck_off'",
        {
            "west": west, "south": south, "east": east, "north": north, "area": area_code,
            "closed": sorted(CLOSED),
        },
    )  # fmt: skip
