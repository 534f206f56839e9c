"""The grids that a town has today, read from any file of polygons: GeoPackage, Shapefile, GeoJSON, KML, zip.

Gaps and overlaps stay as they are: what to make of them is not a reader's business.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.errors import Where
from spatial.readers.gridfile import floors_of
from spatial.readers.mapping import Mapped, read_mapping
from spatial.readers.shapes import POLYGONS, change, flaw_spot, kinds, repaired
from spatial.readers.system import given_system, system_of, to_4326
from spatial.readers.text import chinese_number, is_absent, plain, texts
from spatial.readers.vector import open_vector
from spatial.readers.words import Findings, bad_file

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from spatial.ground.model import ReportRow
    from spatial.readers.gpkg import Layer
    from spatial.readers.system import System
    from spatial.readers.vector import Source

OLD_COLUMNS = ("code", "name", "level", "parent", "kind", "stairwell", "low", "high", "geometry")
LAYER = "grids"
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("code", "网格编码", "网格代码", "网格编号", "编码", "代码", "编号", "wgbm", "wgdm", "bm"),
    "name": ("name", "网格名称", "名称", "网格名", "wgmc", "mc"),
    "level": ("level", "网格级别", "网格层级", "级别", "层级", "wgjb"),
    "parent": ("parent", "上级网格编码", "上级网格", "上级编码", "上级", "所属网格", "父级编码"),
    "kind": ("kind", "网格类型", "网格类别", "类型", "类别"),
    "stairwell": ("stairwell", "单元"),
    "floors": ("floors", "楼层"),
}
"""Our column: the headings that it stands under; a mapping (docs/readers.md) says others."""
_DEDICATED = ("dedicated", "专属", "专属网格")
_BASIC = ("basic", "基础", "基础网格")


@dataclass(frozen=True)
class OldGrids:
    """Grids of today as a file has them.

    Parameters
    ----------
    grids
        One row = one polygon of the file, columns ``OLD_COLUMNS``, index 0..n-1, EPSG:4326, valid and not
        empty. Text or None but ``level`` (Int64, 0 is a basic grid), ``low`` and ``high`` (Int64, the lowest
        and highest floor that it holds).
    crs
        System that the coordinates were taken to be in.
    told
        Whether that system was given by hand, not by the file.
    file, sha256
        Name of the file, hash of its bytes.
    report
        What was repaired, set aside or noted.
    """

    grids: gpd.GeoDataFrame
    crs: str
    told: bool
    file: str
    sha256: str
    report: list[ReportRow]


def read_old_grids(
    path: str | os.PathLike[str],
    *,
    crs: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
) -> OldGrids:
    """Read the polygons of a file, of whatever shape they are in.

    Parameters
    ----------
    path
        GeoPackage, Shapefile, GeoJSON, KML, a folder or zip of such. Its layer ``grids``, or with none of
        that name all layers with polygons.
    crs
        System of a file that declares none, or is known to be wrong; GCJ-02 and BD-09 have to be told.
    mapping
        File that says which layer is ``grids`` and which of its columns is which (docs/readers.md).

    Raises
    ------
    BadFile
        As the readers of the formats; ``old_grids_none``: not one polygon.
    BadCoordinates
        Not finite, swapped, out of range; ``unknown_crs``.
    """
    place, findings = Path(path), Findings()
    given = given_system(crs)
    source: Source = open_vector(place)
    if mapping is not None:
        source = Mapped(place, read_mapping(Path(mapping)), findings)
    names = [LAYER] if LAYER in source.layers else list(source.layers)
    frames, systems = [], []
    for name in names:
        layer = source.read(name)
        if layer.geometry is None or not np.isin(kinds(layer.geometry), POLYGONS).any():
            continue
        system = system_of(layer, given, findings)
        systems.append(system)
        frames.append(_rows(layer, system, findings))
    if not frames:
        raise bad_file("old_grids_none", where=Where(value=place.name), why=", ".join(source.layers) or "-")
    grids = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=4326)
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in source.files))
    name = systems[0].name
    return OldGrids(grids, name, given is not None, place.name, digest.hexdigest(), findings.report)


def _rows(layer: Layer, system: System, findings: Findings) -> gpd.GeoDataFrame:
    """Rows of one layer with a usable polygon, columns ``OLD_COLUMNS``."""
    shapes, keep = _shapes(layer, system, findings)
    rows = len(layer.rows)
    columns = _columns(layer)
    said: dict[str, Any] = {
        ours: texts(columns.get(ours), rows) for ours in ("name", "parent", "kind", "stairwell")
    }
    said["code"] = _codes(layer, columns, findings)
    said["level"] = pd.array([_level(cell) for cell in texts(columns.get("level"), rows)], dtype="Int64")
    floors = [_floors(cell) for cell in texts(columns.get("floors"), rows)]
    said["low"] = pd.array([f[0] for f in floors], dtype="Int64")
    said["high"] = pd.array([f[1] for f in floors], dtype="Int64")
    said["kind"] = [_kind(word) for word in said["kind"]]
    for ours in ("code", "name", "parent", "kind", "stairwell"):
        said[ours] = pd.Series(said[ours], dtype=object)
    frame = gpd.GeoDataFrame(said, geometry=shapes, crs=4326, columns=list(OLD_COLUMNS))
    return frame[keep].reset_index(drop=True)


def _shapes(
    layer: Layer, system: System, findings: Findings
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Polygons of a layer in EPSG:4326, repaired, and which rows have one."""
    shapes = to_4326(layer, system)
    kind = kinds(shapes)
    keep = np.isin(kind, POLYGONS)
    for i in np.flatnonzero(~keep):
        empty = kind[i] == -1
        code, value = ("feature_empty", None) if empty else ("feature_kind", shapes[i].geom_type)
        findings.note(code, Where(layer=layer.name, row=int(i) + 1, field="geometry", value=value))
    for i in np.flatnonzero(keep & ~shapely.is_valid(shapes)):
        crossed = shapes[i]
        shapes[i] = repaired(crossed)
        where = Where(layer=layer.name, row=int(i) + 1, field="geometry", value=change(crossed, shapes[i]))
        keep[i] = not shapes[i].is_empty
        findings.note("feature_repaired" if keep[i] else "feature_empty", where, geometry=flaw_spot(crossed))
    return shapes, keep


def _columns(layer: Layer) -> dict[str, Any]:
    """Our columns by the first heading that the layer has."""
    there = {str(name).strip().lower(): name for name in reversed(list(layer.rows.columns))}
    found = {}
    for ours, headings in HEADINGS.items():
        theirs = next((there[one] for one in headings if one in there), None)
        if theirs is not None:
            found[ours] = layer.rows[theirs]
    return found


def _codes(layer: Layer, columns: dict[str, Any], findings: Findings) -> list[str | None]:
    """Codes as text; of a number that has lost its last digits none."""
    column = columns.get("code")
    codes = texts(column, len(layer.rows))
    if column is None or not pd.api.types.is_float_dtype(column):
        return codes
    lost = [i for i, cell in enumerate(column) if not is_absent(cell) and abs(cell) >= 2**53]
    for i in lost:
        findings.note(
            "old_grid_code_lost", Where(layer=layer.name, row=i + 1, field=str(column.name), value=codes[i])
        )
        codes[i] = None
    return codes


def _level(word: str | None) -> int | None:
    """Level that a cell names: 1, 一级, level 1; None where it names none."""
    if word is None:
        return None
    if word in _BASIC:
        return 0
    core = word.lower().replace("level", "").replace("网格", "").replace("级", "").replace("第", "").strip()
    if core.isascii():
        return int(core) if core.isdigit() and int(core) <= 9 else None
    try:
        return chinese_number(core)
    except (KeyError, ValueError):
        return None


def _kind(word: str | None) -> str | None:
    """Kind of grid: basic, dedicated, or None for any other word."""
    if word is None:
        return None
    return "dedicated" if word.lower() in _DEDICATED else "basic" if word.lower() in _BASIC else None


def _floors(text: str | None) -> tuple[int | None, int | None]:
    """Lowest and highest floor of a range such as ``[1,5)``; none where it is no range."""
    try:
        found = floors_of(plain(text))
    except ValueError:
        found = None
    return (None, None) if found is None else found
