"""The terrain beside a place file: a raster of heights, checked, and read in the town's metric CRS."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds
from rasterio.windows import Window, from_bounds, intersect

from spatial.errors import Where
from spatial.ground.terrain import Terrain

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from spatial.readers.words import Findings

MARGIN_M = 1000.0
"""Land is kept this far around the basic grids, so that a map does not end at their border."""
LONGEST = 4096
"""Most cells that a side of the terrain has."""


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


def read_terrain(path: Path, epsg: int, bounds: tuple[float, float, float, float]) -> Terrain | None:
    """Read the terrain beside a place file, in the town's metric CRS.

    What was said of it is said by `check_terrain`: one that can't be used is left out here without a word.

    Parameters
    ----------
    path
        The place file.
    epsg
        The town's metric CRS.
    bounds
        left, bottom, right, top of the basic grids, degrees, EPSG:4326; it is read to `MARGIN_M` around.

    Returns
    -------
    Terrain or None
        None without a raster, or with none that can be used. At most `LONGEST` cells a side: a finer raster
        is read coarser.
    """
    raster = terrain_of(path)
    if not raster.exists():
        return None
    try:
        with rasterio.open(raster) as source:
            return None if source.crs is None else _clip(source, epsg, bounds)
    except RasterioError:
        return None


def _clip(source: Any, epsg: int, bounds: tuple[float, float, float, float]) -> Terrain | None:
    """Bring the part of a raster around ``bounds`` to the CRS; None where it lies elsewhere."""
    left, bottom, right, top = transform_bounds(4326, epsg, *bounds)
    wanted = (left - MARGIN_M, bottom - MARGIN_M, right + MARGIN_M, top + MARGIN_M)
    with WarpedVRT(source, crs=f"EPSG:{epsg}", resampling=Resampling.bilinear, nodata=np.nan,
                   dtype="float32") as moved:  # fmt: skip
        whole = Window(0, 0, moved.width, moved.height)
        part = from_bounds(*wanted, moved.transform).round_offsets(op="floor").round_lengths(op="ceil")
        if not intersect(part, whole):
            return None
        part = part.intersection(whole)
        coarser = max(1.0, max(part.height, part.width) / LONGEST)
        rows, columns = math.ceil(part.height / coarser), math.ceil(part.width / coarser)
        heights = moved.read(1, window=part, out_shape=(rows, columns), resampling=Resampling.average)
        corner = moved.window_transform(part)
    if np.isnan(heights).all():
        return None
    return Terrain(
        heights, float(corner.c), float(corner.f), float(corner.a * part.width / columns),
        float(-corner.e * part.height / rows), epsg,
    )  # fmt: skip
