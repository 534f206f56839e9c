"""Words of OpenStreetMap's tags: columns of a frame that GDAL read, storeys, names of things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from spatial.readers.gpkg import Layer

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

DEAD = frozenset({"proposed", "construction", "razed", "abandoned", "disused", "platform", "no"})
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_POWER = re.compile(r"[\d.]+[eE][+-]?\d")
MOST_LEVELS = 200
"""No building has more storeys."""
_HALVES = re.compile(r"[;,+/~–-]|\bto\b|\band\b")


def words_of(frame: gpd.GeoDataFrame, column: str) -> NDArray[np.object_]:
    """(n,) words of a column, "" where there are none."""
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    words: NDArray[np.object_] = (
        frame[column].astype(object).where(frame[column].notna(), "").to_numpy(dtype=object)
    )
    return words


def labels_of(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """(n,) names of the areas of an extract: w123 for a way, r123 for a relation."""
    ways, relations = words_of(frame, "osm_way_id"), words_of(frame, "osm_id")
    pairs = zip(ways, relations, strict=True)
    return np.array([f"w{way}" if way else f"r{relation}" for way, relation in pairs], dtype=object)


def layer_of(name: str, rows: pd.DataFrame, geometry: NDArray[np.object_]) -> Layer:
    """Make a layer of an extract, which is always WGS 84."""
    rows = rows.reset_index(drop=True)
    types = dict.fromkeys(map(str, rows.columns), "object")
    return Layer(name, rows, types, geometry, "EPSG:4326", settled=True)


def levels_of(text: str) -> int | str | None:
    """Storeys that a tag names, the highest of several, whole ones of a half; the text where it names none.

    Examples
    --------
    >>> [levels_of(t) for t in ("6", "5;6", "5-6", "2.5", "3 floors", "0", "", "many", "-3", "999", "1e9")]
    [6, 6, 6, 2, 3, None, None, 'many', '-3', '999', '1e9']
    """
    said = text.strip()
    found = [_NUMBER.match(part.strip()) for part in _HALVES.split(said)]
    numbers = [int(float(match[0].replace(",", "."))) for match in found if match]
    if not numbers or said.startswith("-") or max(numbers) > MOST_LEVELS or _POWER.match(said):
        return said or None
    return max(numbers) or None


def height_of(text: str) -> float | None:
    """Metres that a tag names: 12, 12 m, 12,5 m, 40', 40 ft; None where it names none.

    Examples
    --------
    >>> [height_of(t) for t in ("12 m", "12,5", "40 ft", "~9", "tall")]
    [12.0, 12.5, 12.19, 9.0, None]
    """
    match = _NUMBER.search(text)
    if not match:
        return None
    number = float(match[0].replace(",", "."))
    feet = re.search(r"ft|feet|['′’]", text) is not None
    return round(number * 0.3048, 2) if feet else number
