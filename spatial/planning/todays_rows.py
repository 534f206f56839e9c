"""Which rows of a file of old grids belong to a basic grid, on its lattice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping

from spatial.ground.model import ReportRow
from spatial.readers.shapes import repaired

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd

    from spatial.ground.model import Ground

HALF = 0.5
"""Without a code a grid belongs to the basic grid that holds at least so much of it."""


def set_aside(
    code: str, zh: str, en: str, *, row: int | None = None, ref: str | None = None, geometry: Any = None
) -> ReportRow:
    """One row of the report about old grids."""
    return ReportRow("grids", row, ref, None, "set_aside", code, zh, en, geometry)


def given_rows(
    grids: gpd.GeoDataFrame, ground: Ground, others: Collection[str]
) -> tuple[pd.DataFrame, list[ReportRow]]:
    """Rows of a basic grid on its lattice, and those set aside because they lie elsewhere.

    A row belongs to the basic grid that its code begins with, if the store knows that; else to the one that
    holds half of it.

    Parameters
    ----------
    grids
        ``spatial.readers.oldgrids.OLD_COLUMNS``, EPSG:4326.
    ground
        The basic grid's.
    others
        Codes of every other place.
    """
    shapes = ground.lattice.to_lattice(grids.geometry.to_numpy(dtype=object))
    for i in np.flatnonzero(~shapely.is_valid(shapes)):
        shapes[i] = repaired(shapes[i])  # rounding to centimetres may close a neck
    area = shapely.area(shapes)
    shared = shapely.area(shapely.intersection(shapes, ground.outline))
    codes = grids["code"].tolist()
    own = np.array([c is not None and c.startswith(ground.area_code) for c in codes], dtype=np.bool_)
    foreign = np.array([c is not None and len(c) >= 12 and c[:12] in others for c in codes], dtype=np.bool_)
    touched = shared > 0
    mine = (
        touched & ~foreign & (own | (shared >= HALF * area) | (shared >= HALF * shapely.area(ground.outline)))
    )
    lost = (own & ~touched) | (touched & ~foreign & ~mine & (shared > 0.01 * area))
    rows = pd.DataFrame(grids.drop(columns=grids.geometry.name)).assign(
        geometry=pd.Series(shapes, dtype=object)
    )
    report = [_elsewhere(grids, int(i)) for i in np.flatnonzero(lost)]
    return rows[mine].reset_index(drop=True), report


def _elsewhere(grids: gpd.GeoDataFrame, i: int) -> ReportRow:
    title = grids["name"].iloc[i] or grids["code"].iloc[i] or f"#{i + 1}"
    spot = mapping(shapely.point_on_surface(grids.geometry.iloc[i]))
    return set_aside(
        "old_grid_outside", f"网格“{title}”大部分在本基础网格界外，已搁置。",
        f"{title} lies mostly outside this basic grid and was set aside.",
        row=i + 1, ref=title, geometry=spot,
    )  # fmt: skip
