"""Frames into GeoJSON (RFC 7946): WGS 84, longitude first, 9 decimals, rings by the right-hand rule."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from fastapi.responses import Response

if TYPE_CHECKING:
    import geopandas as gpd

MEDIA_TYPE = "application/geo+json"
DECIMALS = 9
"""A lattice vertex (1 cm) survives 9 decimals; with 7 one in ten is moved (design.md section 1)."""


_FEATURE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "geometry": {"type": ["object", "null"], "required": ["type", "coordinates"]},
        "properties": {"type": "object"},
    },
}
_COLLECTION: dict[str, Any] = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": _FEATURE}},
}
_EXAMPLE = {
    "type": "Feature",
    "geometry": {
        "type": "MultiPolygon",
        "coordinates": [[[[110.83, 36.99], [110.84, 36.99], [110.84, 37.0], [110.83, 36.99]]]],
    },
    "properties": {"code": "141126100001003", "short": "3", "level": 1, "name": "凤城社区第3网格"},
}
FEATURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": _FEATURE, "example": _EXAMPLE}}},
}
"""How OpenAPI describes one feature."""
COLLECTION: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            MEDIA_TYPE: {
                "schema": _COLLECTION, "example": {"type": "FeatureCollection", "features": [_EXAMPLE]},
            }
        }
    },
}  # fmt: skip
"""How OpenAPI describes a collection of features."""


class GeoJSON(Response):
    """A GeoJSON answer."""

    media_type = MEDIA_TYPE


def feature_collection(frame: gpd.GeoDataFrame | None) -> str:
    """Write a frame as a FeatureCollection.

    Parameters
    ----------
    frame
        EPSG:4326; one row = one feature, every other column a property. Missing values become null.
        None: no feature.

    Returns
    -------
    str
        UTF-8 JSON text, with at most 9 decimals.
    """
    features = [] if frame is None else _features(frame)
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"


def feature(frame: gpd.GeoDataFrame) -> str:
    """Write the first row of a frame (EPSG:4326) as one Feature."""
    return _features(frame.iloc[:1])[0]


def _features(frame: gpd.GeoDataFrame) -> list[str]:
    rounded = shapely.transform(frame.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    geometries = shapely.to_geojson(shapely.orient_polygons(rounded))
    geometry_name = frame.geometry.name
    names = [name for name in frame.columns if name != geometry_name]
    columns = [frame[name].tolist() for name in names]
    rows = zip(*columns, strict=True) if columns else [()] * len(frame)
    properties = [_json(dict(zip(names, row, strict=True))) for row in rows]
    return [
        f'{{"type":"Feature","geometry":{geometry or "null"},"properties":{written}}}'
        for geometry, written in zip(geometries, properties, strict=True)
    ]


def _json(row: dict[Any, Any]) -> str:
    return json.dumps({str(k): _plain(v) for k, v in row.items()}, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Turn a frame's value into a JSON one: numpy scalars, missing values, dates, nested records."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(v) for v in value]
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else str(value)
