"""The terrain that came with a place file goes to its town."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.ground.model import ReportRow
from spatial.readers.terrain import read_terrain, terrain_of
from spatial.store import places, terrain

if TYPE_CHECKING:
    import os

    from spatial.ground.terrain import Terrain
    from spatial.store.engine import Transaction


def keep_terrain(
    tx: Transaction, path: str | os.PathLike[str], areas: Any, town_code: str
) -> list[ReportRow]:
    """Keep the terrain beside a place file with a town whose basic grids were imported.

    One that lies under less of the town than the one kept already does not replace it: a village imported
    again with its own small raster leaves the town's.

    Parameters
    ----------
    tx
        The import's transaction.
    path
        The place file.
    areas
        GeoDataFrame of the basic grids in it, EPSG:4326, columns parent and geometry.
    town_code
        9 digits.

    Returns
    -------
    list of ReportRow
        One row where the terrain was not taken.
    """
    town = places.town_of(tx, town_code)
    mine = areas[areas["parent"] == town_code]
    found = read_terrain(Path(path), town.lattice.epsg, tuple(mine.total_bounds))
    if found is None:
        return []
    before = terrain.get(tx, town)
    outlines = np.array(list(places.outlines(tx, town).values()), dtype=object)
    if before is not None and _covered(found, town, outlines) < _covered(before, town, outlines):
        return [_kept(terrain_of(Path(path)).name)]
    terrain.put(tx, town, found)
    return []


def _covered(land: Terrain, town: places.Town, outlines: Any) -> float:
    """Square centimetres of the town's basic grids that a terrain lies under."""
    origin = np.array([town.lattice.origin_e, town.lattice.origin_n] * 2)
    box = shapely.box(*((np.array(land.bounds) - origin) * 100.0))
    return float(shapely.area(shapely.intersection(outlines, box)).sum())


def _kept(file: str) -> ReportRow:
    return ReportRow(
        "dem", None, file, None, "noted", "dem_smaller",
        f"地形文件 {file} 盖住的范围小于本镇已有的地形，没有采用。",
        f"The terrain {file} lies under less of the town than the one kept already: not taken.",
    )  # fmt: skip
