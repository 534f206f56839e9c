"""A reference layer (GeoJSON, Shapefile as zip, KML, GeoPackage) read to be looked at under a plan."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.errors import BadFile, Where
from spatial.readers.system import distance_km, given_system, km_text, refuse_swapped, system_of, to_4326
from spatial.readers.text import plain
from spatial.readers.vector import open_vector
from spatial.readers.words import Findings, bad_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from spatial.readers.system import System
    from spatial.readers.vector import Source

MOST_FEATURES = 20_000
MOST_VERTICES = 300_000
UNPACKED_BYTES = 64_000_000
"""A layer is drawn whole in the browser: larger ones are refused, as is an archive that unpacks to more."""
FAR_KM = 50.0
LABELS = ("名称", "name", "label", "标注", "编号", "code", "id")
LABEL_CHARACTERS = 80


def read_reference(path: Path, around: NDArray[np.object_], *, crs: str | None = None) -> gpd.GeoDataFrame:
    """Read every layer with geometry of a file into one frame.

    Parameters
    ----------
    path
        The file; its ending tells the format.
    around
        Outline of the place (EPSG:4326) that it is laid under: a file that lies far away is refused.
    crs
        System of layers that declare none, and the true one of those in GCJ-02 or BD-09.

    Returns
    -------
    GeoDataFrame
        One row = one feature: label (its name, as a column says it, or None), geometry; EPSG:4326.

    Raises
    ------
    BadFile, BadCoordinates
        As `spatial.readers.vector.open_vector` and `spatial.readers.system`; ``reference_empty``,
        ``reference_too_large``, ``reference_elsewhere``.
    """
    _refuse_bomb(path)
    source, given, findings = open_vector(path), given_system(crs), Findings()
    found = [part for part in (_layer(source, name, given, findings, around) for name in source.layers)
             if part is not None]  # fmt: skip
    frame = pd.concat(found, ignore_index=True) if found else gpd.GeoDataFrame({"label": []}, geometry=[])
    if frame.empty:
        raise _refusal("reference_empty", path, "文件里没有可以显示的图形", "It has no shapes to show")
    vertices = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    if len(frame) > MOST_FEATURES or vertices > MOST_VERTICES:
        raise _refusal(
            "reference_too_large", path,
            f"图层过大：{len(frame)} 个要素、{vertices} 个顶点；"
            f"最多 {MOST_FEATURES} 个要素、{MOST_VERTICES} 个顶点，请裁剪或抽稀后再上传",
            f"The layer is too large: {len(frame)} features, {vertices} vertices; at most {MOST_FEATURES} and"
            f" {MOST_VERTICES} are taken. Clip or simplify it",
        )  # fmt: skip
    away = distance_km(frame.geometry.to_numpy(object), around)
    if away > FAR_KM:
        raise _refusal(
            "reference_elsewhere", path,
            f"图层离这里 {km_text(away)} 公里，请核对坐标系",
            f"The layer lies {km_text(away)} km away: check its system",
        )  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=4326)


def _layer(
    source: Source, name: str, given: System | None, findings: Findings, around: NDArray[np.object_]
) -> gpd.GeoDataFrame | None:
    """Read one layer; None where it has no geometry. Empty shapes are left out."""
    layer = source.read(name)
    if layer.geometry is None:
        return None
    system = system_of(layer, given, findings)
    shapes = to_4326(layer, system)
    full = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not full.any():
        return None
    refuse_swapped(layer, system, shapes, around)
    column = next((c for word in LABELS for c in layer.rows.columns if str(c).lower() == word), None)
    labels = [None] * len(shapes) if column is None else [_label(v) for v in layer.rows[column]]
    frame = gpd.GeoDataFrame({"label": pd.Series(labels, dtype=object)}, geometry=shapes, crs=4326)
    return frame[full]


def _label(value: Any) -> str | None:
    text = plain(value)
    return None if text is None else text[:LABEL_CHARACTERS]


def _refuse_bomb(path: Path) -> None:
    """Refuse an archive that says it unpacks to more than a layer to look at may hold."""
    if path.suffix.lower() not in {".zip", ".kmz"}:
        return
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise bad_file("file_broken", where=Where(value=path.name), why=str(error)) from error
    if size > UNPACKED_BYTES:
        raise bad_file("file_broken", where=Where(value=path.name), why=f"> {UNPACKED_BYTES} bytes")


def _refusal(code: str, path: Path, zh: str, en: str) -> BadFile:
    return BadFile(code, zh=f"{zh}。", en=f"{en}.", where=[Where(value=path.name)])
