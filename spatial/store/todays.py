"""What a plan began from: the grids of a file, the cells that lay in each, the ground that was mended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import sqlalchemy as sa

from spatial.store.rows import copy_in, ewkb, geoframe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.store.engine import Transaction


@dataclass(frozen=True)
class Origin:
    """Where a plan began.

    Parameters
    ----------
    file, sha
        Name of the file of old grids and hash of its bytes; None for the edition in force.
    grids
        Old grids: node (grid of the plan, or None where it got no ground), level, parent (position or -1),
        code, name; JSON types.
    cells
        For each cell of the ground the position in ``grids`` of the finest grid that it went to.
    """

    file: str
    sha: str | None
    grids: list[dict[str, Any]]
    cells: list[int]


def put(tx: Transaction, plan_id: int, origin: Origin, mended: gpd.GeoDataFrame) -> None:
    """Keep where a new plan began.

    Parameters
    ----------
    mended
        One row = one piece: kind, m2, node (or None); EPSG:4326.
    """
    county = tx.execute(sa.text("SELECT county_code FROM plan WHERE id = :id"), {"id": plan_id}).scalar_one()
    tx.execute(
        sa.text(
            "INSERT INTO todays (plan_id, county_code, file, source_sha, grids, cells) VALUES"
            " (:plan, :county, :file, :sha, CAST(:grids AS jsonb), CAST(:cells AS jsonb))"
        ),
        {
            "plan": plan_id, "county": county, "file": origin.file, "sha": origin.sha,
            "grids": json.dumps(origin.grids), "cells": json.dumps(origin.cells),
        },
    )  # fmt: skip
    columns = ("plan_id", "county_code", "number", "kind", "m2", "node", "geom")
    nodes: Sequence[int | None] = mended["node"].tolist()
    rows = zip(mended["kind"], mended["m2"], nodes, ewkb(mended.geometry.to_numpy()), strict=True)
    copy_in(
        tx, "mended", columns,
        ((plan_id, county, n, kind, float(m2), node, geom) for n, (kind, m2, node, geom) in enumerate(rows)),
    )  # fmt: skip


def origin_of(tx: Transaction, plan_id: int) -> Origin | None:
    """Find where a plan began, or the plan that it is a copy of; None where it was proposed."""
    row = tx.execute(sa.text(_ORIGIN), {"plan": plan_id}).first()
    return None if row is None else Origin(row.file, row.source_sha, row.grids, row.cells)


def mended(tx: Transaction, plan_id: int) -> gpd.GeoDataFrame:
    """Read what was mended when a plan began, the largest first: number, kind, m2, node; EPSG:4326."""
    return geoframe(
        tx,
        "SELECT number, kind, m2, node, ST_AsBinary(geom) AS geometry FROM mended WHERE plan_id = :plan"
        " ORDER BY number",
        {"plan": plan_id},
        integers=("number", "node"),
    )


_ORIGIN = """
WITH RECURSIVE back (id, step) AS (
    SELECT CAST(:plan AS bigint), 0
    UNION ALL
    SELECT (p.about -> 'copy_of' ->> 'plan')::bigint, b.step + 1
    FROM back AS b JOIN plan AS p ON p.id = b.id
    WHERE p.about -> 'copy_of' ->> 'plan' IS NOT NULL AND b.step < 100
)
SELECT t.file, t.source_sha, t.grids, t.cells FROM back AS b JOIN todays AS t ON t.plan_id = b.id
ORDER BY b.step LIMIT 1
"""
