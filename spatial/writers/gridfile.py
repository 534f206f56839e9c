"""Published grids as a GeoPackage that QGIS, ogr2ogr and our own checker read (docs/place-file.md)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio
import shapely

from spatial.plans.publish import GRID_COLUMNS, PROOF_COLUMNS
from spatial.writers.atomic import replacing

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    from numpy.typing import NDArray

_COUNTS = ("level", "households", "registered")
_DATES = ("valid_from", "valid_to")
DERIVED_TOLD = "户数为推算值，非登记数 households are derived by a rule, nobody counted them"
"""Said in the layer's description where households are derived."""
_RANGE = re.compile(r"[\[(]-?\d*,-?\d*[\])]")


def write_grids(path: str | os.PathLike[str], grids: gpd.GeoDataFrame, *, sample: bool = False) -> None:
    """Write published grids; the file appears whole or stays as it was.

    Parameters
    ----------
    path
        GeoPackage to write; an older one is replaced.
    grids
        One row = one grid; columns ``GRID_COLUMNS`` in EPSG:4326 (others are left out, missing ones written
        null). ``floors`` a PostgreSQL range or its text; dates as ``datetime.date``. The texts of ``bounds``
        (None, or a dict with ``text_zh`` and ``text_en``) become ``bounds_zh`` and ``bounds_en``; ``locked``
        becomes 0 or 1 and ``proof`` (None or a dict) its JSON.
    sample
        Mark the file as sample data (示例数据) in its layer's description; `DERIVED_TOLD` follows where
        ``derived`` says that households are.

    Raises
    ------
    ValueError
        The frame is not in EPSG:4326, or a grid has no polygon.
    """
    if grids.crs is None or grids.crs.to_epsg() != 4326:
        raise ValueError("grids must be in EPSG:4326")
    shapes = _multipolygons(grids.geometry.to_numpy(dtype=object))
    fields = [name for name in GRID_COLUMNS if name != "geometry"]
    columns = [_column(grids, name) for name in fields]
    fields += ["bounds_zh", "bounds_en", *PROOF_COLUMNS]
    columns += [_bounds(grids, "text_zh"), _bounds(grids, "text_en"), _locked(grids), _proofs(grids)]
    told = "示例数据 sample data" if sample else "网格 grids"
    if "derived" in grids and (grids["derived"] > 0).any():
        told += f"；{DERIVED_TOLD}"
    with replacing(Path(path)) as draft:
        pyogrio.raw.write(
            draft, geometry=shapely.to_wkb(shapes), field_data=columns, fields=fields, layer="grids",
            driver="GPKG", geometry_type="MultiPolygon", crs="EPSG:4326",
            layer_options={"DESCRIPTION": told, "GEOMETRY_NAME": "geom"},
        )  # fmt: skip


def floors_text(floors: Any) -> str | None:
    """Text of a range of floors, upper end left out, as PostgreSQL writes int4range.

    Examples
    --------
    >>> floors_text("[1,5)"), floors_text((1, 5)), floors_text(None)
    ('[1,5)', '[1,5)', None)
    """
    if floors is None or (not isinstance(floors, (tuple, list)) and bool(pd.isna(floors))):
        return None
    if isinstance(floors, (tuple, list)):
        return f"[{int(floors[0])},{int(floors[1])})"
    lower, upper = getattr(floors, "lower", None), getattr(floors, "upper", None)
    if isinstance(lower, int) and isinstance(upper, int):
        return f"[{lower},{upper})"
    text = str(floors).replace(" ", "")
    if not _RANGE.fullmatch(text):
        raise ValueError(f"no range of floors: {floors!r}")
    return text


def _column(grids: gpd.GeoDataFrame, name: str) -> NDArray[Any]:
    values = grids[name].tolist() if name in grids else [None] * len(grids)
    if name in _COUNTS:
        return np.asarray(values, dtype=np.int32)
    if name in _DATES:
        days = [None if value is None or pd.isna(value) else pd.Timestamp(value).date() for value in values]
        return np.array([day.isoformat() if day else "NaT" for day in days], dtype="datetime64[D]")
    if name == "floors":
        return np.array([floors_text(value) for value in values] + [None], dtype=object)[:-1]
    return _texts(values)


def _bounds(grids: gpd.GeoDataFrame, text: str) -> NDArray[np.object_]:
    values = grids["bounds"].tolist() if "bounds" in grids else [None] * len(grids)
    return _texts([value[text] if isinstance(value, dict) else None for value in values])


def _locked(grids: gpd.GeoDataFrame) -> NDArray[np.int32]:
    values = grids["locked"].tolist() if "locked" in grids else [False] * len(grids)
    return np.array([bool(value) for value in values], dtype=np.int32)


def _proofs(grids: gpd.GeoDataFrame) -> NDArray[np.object_]:
    values = grids["proof"].tolist() if "proof" in grids else [None] * len(grids)
    return _texts([json.dumps(v, ensure_ascii=False) if isinstance(v, dict) else None for v in values])


def _texts(values: list[Any]) -> NDArray[np.object_]:
    # the None at the end keeps numpy from making anything else of a column of texts
    cells = [None if value is None or pd.isna(value) else str(value) for value in values]
    return np.array([*cells, None], dtype=object)[:-1]


def _multipolygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    kinds = shapely.get_type_id(shapes)
    if not np.isin(kinds, (3, 6)).all() or shapely.is_empty(shapes).any():
        raise ValueError("a grid has no polygon")
    parts, owner = shapely.get_parts(shapes, return_index=True)
    many: NDArray[np.object_] = shapely.multipolygons(parts, indices=owner)
    return many
