"""The terrain beside a place file: a raster of heights, checked before anything is computed from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rasterio
from rasterio.errors import RasterioError
from rasterio.warp import transform_bounds

from spatial.errors import Where

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from spatial.readers.words import Findings


def terrain_of(path: Path) -> Path:
    """Where the terrain of a place file lies: ``lingquan_dem.tif`` beside ``lingquan.gpkg``."""
    return path.with_name(f"{path.stem}_dem.tif")


def check_terrain(path: Path, areas: gpd.GeoDataFrame, findings: Findings) -> None:
    """Note a terrain that can't be used: unreadable, without a system, or not under all the areas.

    Parameters
    ----------
    path
        The place file; without a raster beside it there is nothing to say.
    areas
        Basic grids, EPSG:4326.
    findings
        Takes ``dem_unreadable``, ``dem_without_system``, ``dem_partial``.
    """
    raster = terrain_of(path)
    if not raster.exists():
        return
    where = Where(layer="dem", value=raster.name)
    try:
        with rasterio.open(raster) as heights:
            if heights.crs is None:
                findings.note("dem_without_system", where)
                return
            left, bottom, right, top = transform_bounds(heights.crs, 4326, *heights.bounds)
    except RasterioError:
        findings.note("dem_unreadable", where)
        return
    west, south, east, north = areas.total_bounds
    if left > west or bottom > south or right < east or top < north:
        findings.note("dem_partial", where)
