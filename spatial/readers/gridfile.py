"""A grids file read back and checked: the layer ``grids`` of an export, ours or anybody's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.errors import Where
from spatial.plans.publish import GRID_COLUMNS, PROOF_COLUMNS
from spatial.readers.gpkg import GeoPackage
from spatial.readers.shapes import POLYGONS, kinds
from spatial.readers.system import system_of, to_4326
from spatial.readers.text import is_absent, texts
from spatial.readers.words import Findings, bad_file

if TYPE_CHECKING:
    import os

    from spatial.readers.gpkg import Layer

NEEDED = ("code", "level", "kind", "parent", "area_code", "households")
_TEXTS = ("code", "short", "kind", "name", "parent", "area_code", "stairwell", "floors", "reason")
_LOCKED = ("1", "1.0", "True", "true")
_RANGE = re.compile(r"([\[(])(-?\d+),(-?\d+)([\])])")


def read_grids(path: str | os.PathLike[str]) -> gpd.GeoDataFrame:
    """Read the layer ``grids`` of a GeoPackage.

    Returns
    -------
    GeoDataFrame
        One row = one grid, index 0..n-1, columns ``GRID_COLUMNS`` and ``PROOF_COLUMNS``, EPSG:4326; codes
        text; ``level``, ``households`` and ``registered`` int64; ``floors`` text such as ``[1,5)`` or None;
        dates ``datetime.date`` or None; ``locked`` bool; ``proof`` what its JSON says, or its text if it is
        none. Geometry as in the file (an invalid one is not repaired: it is what the checker is to find).

    Raises
    ------
    BadFile, BadRows, BadCoordinates
        As :func:`spatial.readers.placefile.read_place`; codes ``grid_code_bad``, ``code_duplicate``,
        ``level_unknown``, ``kind_unknown``, ``grid_empty``, ``floors_unread``, ``households_...``.
    """
    findings = Findings()
    layer = GeoPackage(Path(path)).read("grids")
    for name in (*NEEDED, "geometry"):
        if layer.geometry is None if name == "geometry" else name not in layer.rows:
            raise bad_file("column_missing", where=Where(layer="grids", field=name))
    geometry = to_4326(layer, system_of(layer, None, findings))
    frame = pd.DataFrame(
        {name: texts(layer.rows.get(name), len(layer.rows)) for name in _TEXTS}, dtype=object
    )
    _check_codes(layer, frame, findings)
    frame["level"] = _counts(layer, "level", "level_unknown", findings, most=3)
    frame["households"] = _counts(layer, "households", "households_negative", findings)
    frame["registered"] = frame["households"]
    if "registered" in layer.rows:
        frame["registered"] = _counts(layer, "registered", "households_negative", findings)
    for name in ("valid_from", "valid_to"):
        frame[name] = _days(layer, name)
    frame["locked"] = [str(one) in _LOCKED for one in texts(layer.rows.get("locked"), len(layer.rows))]
    frame["proof"] = [_proof(one) for one in layer.rows.get("proof", [None] * len(layer.rows))]
    for i in np.flatnonzero(~np.isin(kinds(geometry), POLYGONS)):
        findings.fault(
            "grid_empty", Where(layer="grids", row=int(i) + 1, field="geometry", ref=frame["code"][i])
        )
    findings.refuse_if_faulty()
    return gpd.GeoDataFrame(frame, geometry=shapely.force_2d(geometry), crs=4326)[
        [*GRID_COLUMNS, *PROOF_COLUMNS]
    ]


def _proof(text: object) -> object:
    """Read a proof's JSON; what is none stays text, which proves nothing."""
    try:
        return None if is_absent(text) else json.loads(str(text))
    except ValueError:
        return text


def floors_of(text: str | None) -> tuple[int, int] | None:
    """Lowest and highest floor of a range's text, both included.

    Raises
    ------
    ValueError
        The text is no range.

    Examples
    --------
    >>> floors_of("[1,5)"), floors_of("[-1,2]"), floors_of(None)
    ((1, 4), (-1, 2), None)
    """
    if text is None:
        return None
    match = _RANGE.fullmatch(text.replace(" ", ""))
    if not match:
        raise ValueError(text)
    low, high = int(match[2]) + (match[1] == "("), int(match[3]) - (match[4] == ")")
    if low > high:
        raise ValueError(text)
    return low, high


def _check_codes(layer: Layer, frame: pd.DataFrame, findings: Findings) -> None:
    seen: set[str] = set()
    number = layer.types["code"] not in {"object", "str"}
    for i, row in enumerate(frame.itertuples(index=False)):
        code = "" if row.code is None else str(row.code)
        where = Where(layer="grids", row=i + 1, field="code", value=code, ref=code)
        if number:
            findings.fault("code_not_text", where)
        elif not re.fullmatch(r"[0-9]{12}([0-9]{3}([0-9]{2}){0,2})?", code):
            findings.fault("grid_code_bad", where)
        elif code in seen:
            findings.fault("code_duplicate", where)
        seen.add(code)
        if row.kind not in {"basic", "ordinary", "dedicated"}:
            findings.fault("kind_unknown", Where(layer="grids", row=i + 1, field="kind", value=str(row.kind)))
        try:
            floors_of(None if row.floors is None else str(row.floors))
        except ValueError:
            findings.fault(
                "floors_unread",
                Where(layer="grids", row=i + 1, field="floors", value=str(row.floors), ref=code),
            )


def _counts(layer: Layer, name: str, code: str, findings: Findings, most: int | None = None) -> list[int]:
    counts: list[int] = []
    for i, cell in enumerate(layer.rows[name]):
        sound = not is_absent(cell) and not isinstance(cell, str) and np.isfinite(cell) and cell == int(cell)
        if not sound or cell < 0 or (most is not None and cell > most):
            findings.fault(code, Where(layer="grids", row=i + 1, field=name, value=str(cell)))
            counts.append(0)
            continue
        counts.append(int(cell))
    return counts


def _days(layer: Layer, name: str) -> pd.Series[object]:
    cells = layer.rows[name].tolist() if name in layer.rows else [None] * len(layer.rows)
    days = [None if is_absent(cell) else pd.Timestamp(cell).date() for cell in cells]
    return pd.Series(days, dtype=object)
