"""Frames into GeoJSON for the pages: what each layer must carry, and folium layers made of it.

Every frame is EPSG:4326 with the columns declared here; extra columns are left out, missing ones are an
error. Values leave as JSON only, never as HTML.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from folium import GeoJson, JsCode

from maps.filling import token
from maps.style import band_state
from spatial.plans.publish import GRID_COLUMNS as PUBLISHED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

GRID_COLUMNS = (
    *(c for c in PUBLISHED_COLUMNS if c != "geometry"), "in_band", "band_min", "band_max", "area_m2", "post"
)  # fmt: skip
MAY_COLUMNS = ("bounds", "derived")
"""Columns of grids that are shown where a frame has them: the four bounds, households that a rule derived."""
BUILDING_COLUMNS = ("bid", "name", "btype", "levels", "households")
FEATURE_COLUMNS = ("layer", "class", "name")
AREA_COLUMNS = ("code", "name")

DIGITS = 6
"""Decimals of a degree in a map that is only looked at (about 0.1 m); editing needs 9."""


def collection(frame: gpd.GeoDataFrame, columns: Sequence[str], *, digits: int = DIGITS) -> dict[str, Any]:
    """Return a frame as a GeoJSON feature collection of plain JSON values.

    Parameters
    ----------
    frame
        Geometry in EPSG:4326; one row = one feature. Rows without geometry are left out.
    columns
        Columns that become properties, in this order.
    digits
        Decimals of a degree that are kept.

    Raises
    ------
    KeyError
        If the frame lacks a column.
    """
    require(frame, columns)
    geometry = np.asarray(frame.geometry.values, dtype=object)
    drawn = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    rounded = shapely.transform(geometry[drawn], lambda xy: xy.round(digits))
    values = [frame[column].to_numpy(dtype=object)[drawn] for column in columns]
    rows = zip(*values, strict=True) if columns else ((),) * int(drawn.sum())
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(columns, map(plain, row), strict=True)),
            "geometry": json.loads(text),
        }
        for text, row in zip(shapely.to_geojson(rounded), rows, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def require(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise KeyError, naming them, if a frame lacks columns."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise KeyError(f"the frame lacks {', '.join(missing)}")


def plain(value: Any) -> Any:
    """Turn a frame's value into a JSON type; missing values of every kind become None.

    Examples
    --------
    >>> plain(np.int64(3)), plain(float("nan")), plain(dt.date(2026, 1, 2)), plain(np.bool_(True))
    (3, None, '2026-01-02', True)
    >>> plain(pd.NA), plain(pd.NaT)
    (None, None)
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, dict | list | tuple):
        return json.loads(json.dumps(value, default=str))
    return str(value)


def label_points(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return a point inside each polygon's largest part for its label, as (n, 2) lon, lat.

    The centroid where it lies inside, else a point on the surface.
    """
    parts, owner = shapely.get_parts(geometry, return_index=True)
    area = shapely.area(parts)
    order = np.lexsort((-area, owner))
    _, first = np.unique(owner[order], return_index=True)
    largest = parts[order[first]]
    centre = shapely.centroid(largest)
    inside = shapely.contains(largest, centre)
    point = np.where(inside, centre, shapely.point_on_surface(largest))
    return np.column_stack([shapely.get_x(point), shapely.get_y(point)])


def grid_collections(grids: gpd.GeoDataFrame) -> dict[int, dict[str, Any]]:
    """Return one feature collection per level, with what the card and the labels need.

    Parameters
    ----------
    grids
        Columns ``GRID_COLUMNS``; one row = one grid of any level; polygons in EPSG:4326.

    Returns
    -------
    dict
        Level to collection. Properties are ``GRID_COLUMNS`` and ``state`` (band, under, over, none), ``leaf``
        (no children) and ``at`` (label point). Larger grids come first, so that floor runs lie on top.
    """
    parents = set(grids["parent"].dropna())
    out: dict[int, dict[str, Any]] = {}
    for level, of_level in grids.groupby("level", sort=True):
        geometry = np.asarray(of_level.geometry.values, dtype=object)
        rows = of_level.iloc[np.argsort(-shapely.area(geometry), kind="stable")]
        found = collection(rows, [*GRID_COLUMNS, *(c for c in MAY_COLUMNS if c in rows)])
        points = label_points(np.asarray(rows.geometry.values, dtype=object))
        for feature, (lon, lat) in zip(found["features"], points, strict=True):
            values = feature["properties"]
            values["state"] = band_state(values["in_band"], values["households"] or 0, values["band_min"])
            values["leaf"] = values["code"] not in parents
            values["at"] = [round(float(lat), DIGITS), round(float(lon), DIGITS)]
        out[int(level)] = found
    return out


def folium_layer(name: str, *, pane: str) -> GeoJson:
    """Return one folium layer of a whole collection, drawn as SVG in one pane; scripts style it.

    Its features are a token: `maps.filling.fill` puts them in once folium has rendered the page.

    Parameters
    ----------
    name
        The layer's name in the page's script, and of its token.
    pane
        Pane of the map to draw in.
    """
    layer = GeoJson(
        {"type": "FeatureCollection", "features": token(name)}, name=name, control=False, show=False,
        smooth_factor=0, pane=pane, renderer=JsCode(f"wanggeRenderer({json.dumps(pane)})"),
        interactive=pane == "grids",
    )  # fmt: skip
    layer.layer_name = name
    return layer
