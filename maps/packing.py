"""Shapes as whole numbers: what the maps' scripts paint on a canvas, a fifth of its size as GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maps.layers import plain, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

UNITS = 1_000_000
"""Parts of a degree: one is about 0.1 m, enough to look at; editing needs 9 decimals."""


def pack(frame: gpd.GeoDataFrame, columns: Sequence[str]) -> dict[str, Any]:
    """Return a frame's shapes and columns as JSON values, by column.

    Parameters
    ----------
    frame
        Lines, polygons or points in EPSG:4326; one row = one shape. Rows without geometry are left out.
    columns
        Columns that go along, in this order.

    Returns
    -------
    dict
        ``units``; ``columns``: name to values; ``rings``: for each row a list of its lines or rings, each
        ``[x, y, dx, dy, ...]`` in parts of a degree, every vertex but the first as the step from the one
        before it; ``area``: whether rings are to be filled.

    Raises
    ------
    KeyError
        If the frame lacks a column.

    Examples
    --------
    >>> import geopandas as gpd
    >>> line = shapely.LineString([(110.8, 37.0), (110.800002, 36.999999)])
    >>> pack(gpd.GeoDataFrame({"name": ["a"]}, geometry=[line], crs=4326), ["name"])["rings"]
    [[[110800000, 37000000, 2, -1]]]
    """
    require(frame, columns)
    shapes = np.asarray(frame.geometry.values, dtype=object)
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    shapes = shapes[drawn]
    values = {c: [plain(v) for v in frame[c].to_numpy(dtype=object)[drawn]] for c in columns}
    parts, owner = shapely.get_parts(shapes, return_index=True)
    area = bool(len(parts)) and bool((shapely.get_dimensions(parts) == 2).all())
    if area:
        parts, part = shapely.get_rings(parts, return_index=True)
        owner = owner[part]
    rings: list[list[list[int]]] = [[] for _ in shapes]
    for at, steps in zip(owner.tolist(), _steps(parts), strict=True):
        rings[at].append(steps)
    return {"units": UNITS, "area": area, "columns": values, "rings": rings}


def _steps(lines: Any) -> list[list[int]]:
    """Coordinates of each line as its first vertex and the steps from there."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    whole = np.rint(xy * UNITS).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=whole[:1])
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    steps[first] = whole[first]
    return [one.ravel().tolist() for one in np.split(steps, first[1:])] if len(first) else []
