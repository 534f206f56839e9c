"""Lines and polygons that a border may follow, and named points: the optional layers of a place file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.errors import Where
from spatial.ground.model import FEATURE_COLUMNS
from spatial.policy import NOT_WALKED
from spatial.readers.shapes import LINES, POINT, POLYGONS, change, flaw_spot, kinds, repaired
from spatial.readers.text import texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.readers.gpkg import Layer
    from spatial.readers.words import Findings

FEATURE_LAYERS = (
    "roads",
    "water_lines",
    "water_areas",
    "landuse",
    "walls",
    "rail",
    "gullies",
    "ridges",
    "zones",
    "affinity",
    "groups",
    "dedicated",
    "crossings",
)
PLACE_COLUMNS = ("name", "kind", "geometry")
_CLASS_COLUMNS = ("class", "kind", "type")
_ACROSS = ("bridge", "ford", "tunnel")
"""Columns of roads that say what leads across: rows of the layer crossings as well."""
_NOT = frozenset({"", "no", "none", "false", "0", "否", "无"})


def read_features(layer: Layer, geometry: NDArray[np.object_], findings: Findings) -> gpd.GeoDataFrame:
    """Rows of one layer with a usable line or polygon, columns ``FEATURE_COLUMNS``, EPSG:4326.

    Empty shapes, points (but of crossings) and collections are set aside, crossing polygons repaired, both
    reported. A road that is a bridge, ford or tunnel gives a row of the layer crossings beside its own.
    """
    shapes = geometry.copy()
    kind = kinds(shapes)
    keep = np.isin(kind, (*LINES, POINT) if layer.name == "crossings" else (*LINES, *POLYGONS))
    for i in np.flatnonzero(~keep):
        empty = kind[i] == -1
        where = Where(
            layer=layer.name, row=int(i) + 1, field="geometry", value=None if empty else shapes[i].geom_type
        )
        findings.note("feature_empty" if empty else "feature_kind", where)
    for i in np.flatnonzero(keep & ~shapely.is_valid(shapes)):
        where = Where(layer=layer.name, row=int(i) + 1, field="geometry")
        crossed = shapes[i]
        shapes[i] = repaired(crossed) if kind[i] in POLYGONS else shapely.MultiLineString()
        if shapes[i].is_empty:
            keep[i] = False
            findings.note("feature_empty", where)
            continue
        told = Where(layer=layer.name, row=where.row, field="geometry", value=change(crossed, shapes[i]))
        findings.note("feature_repaired", told, geometry=flaw_spot(crossed))
    rows = len(layer.rows)
    column = next((layer.rows[name] for name in _CLASS_COLUMNS if name in layer.rows), None)
    names = layer.rows.get("name", layer.rows.get("group"))
    frame = gpd.GeoDataFrame(
        {"layer": [layer.name] * rows, "class": texts(column, rows), "name": texts(names, rows)},
        geometry=shapes,
        crs=4326,
        columns=list(FEATURE_COLUMNS),
    ).astype({"layer": object, "class": object, "name": object})
    kept = frame[keep].reset_index(drop=True)
    return joined([kept, *_crossings_of(kept, layer.rows[keep])]) if layer.name == "roads" else kept


def _crossings_of(roads: gpd.GeoDataFrame, rows: pd.DataFrame) -> list[gpd.GeoDataFrame]:
    """Rows of the layer crossings: the roads that a column calls a bridge, ford or tunnel."""
    walked = ~roads["class"].isin(NOT_WALKED).to_numpy()
    found = []
    for name in (c for c in _ACROSS if c in rows):
        said = np.array(
            [(word or "").lower() not in _NOT for word in texts(rows[name], len(rows))], dtype=bool
        )
        found.append(roads[said & walked].assign(layer="crossings", **{"class": name}))
    return found


def joined(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """All features in one frame, index 0..n-1; an empty one under the same columns where there are none."""
    full = [frame for frame in frames if len(frame)]
    if not full:
        empty = {name: pd.Series([], dtype=object) for name in FEATURE_COLUMNS[:3]}
        return gpd.GeoDataFrame(empty, geometry=[], crs=4326, columns=list(FEATURE_COLUMNS))
    return gpd.GeoDataFrame(pd.concat(full, ignore_index=True), crs=4326)


def no_places() -> gpd.GeoDataFrame:
    """Frame without rows, columns name, kind, geometry (EPSG:4326)."""
    empty = {name: pd.Series([], dtype=object) for name in PLACE_COLUMNS[:2]}
    return gpd.GeoDataFrame(empty, geometry=[], crs=4326, columns=list(PLACE_COLUMNS))


def read_places(layer: Layer, geometry: NDArray[np.object_], findings: Findings) -> gpd.GeoDataFrame:
    """Named points, columns name, kind, geometry (EPSG:4326); shapes that are no points are set aside."""
    kind = kinds(geometry)
    for i in np.flatnonzero(kind != POINT):
        empty_shape = kind[i] == -1
        where = Where(
            layer=layer.name,
            row=int(i) + 1,
            field="geometry",
            value=None if empty_shape else geometry[i].geom_type,
        )
        findings.note("feature_empty" if empty_shape else "feature_kind", where)
    rows = len(layer.rows)
    frame = gpd.GeoDataFrame(
        {"name": texts(layer.rows.get("name"), rows), "kind": texts(layer.rows.get("kind"), rows)},
        geometry=geometry,
        crs=4326,
        columns=list(PLACE_COLUMNS),
    ).astype({"name": object, "kind": object})
    return frame[kind == POINT].reset_index(drop=True)
