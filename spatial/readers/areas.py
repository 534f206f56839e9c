"""The boundary layer: one row a basic grid, with its code, name, division and town."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from spatial.errors import Where
from spatial.ground.model import AREA_COLUMNS
from spatial.policy import division_of
from spatial.readers.provinces import PROVINCES, km_outside
from spatial.readers.shapes import POLYGONS, change, flaw_spot, kinds, repaired
from spatial.readers.text import is_absent, plain, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.readers.gpkg import Layer
    from spatial.readers.words import Findings

_DIVISIONS = {
    "community": "community",
    "社区": "community",
    "居委会": "community",
    "village": "village",
    "村": "village",
    "行政村": "village",
    "村委会": "village",
}


@dataclass(frozen=True)
class Flags:
    """What the command line gives for a file that lacks it."""

    code: str | None = None
    name: str | None = None
    division: str | None = None
    parent: str | None = None

    def of(self, field: str) -> str | None:
        """Value that was given for a column."""
        value = getattr(self, field)
        return None if value is None else str(value)


def read_areas(
    layer: Layer, geometry: NDArray[np.object_], flags: Flags, findings: Findings
) -> gpd.GeoDataFrame:
    """Basic grids of the boundary layer, columns ``AREA_COLUMNS``; faults and repairs go to ``findings``."""
    rows = len(layer.rows)
    codes = _codes(layer, flags, findings)
    names = _filled(layer, "name", flags, findings)
    divisions = _divisions(layer, codes, flags, findings)
    parents = _parents(layer, codes, flags, findings)
    for i in range(rows):
        if names[i] is None:
            findings.fault("name_missing", Where(layer=layer.name, row=i + 1, field="name"))
    _unique(codes, "code", layer.name, findings)
    _unique(names, "name", layer.name, findings)
    shapes = _shapes(layer.name, geometry, codes, findings)
    return gpd.GeoDataFrame(
        {"code": codes, "name": names, "division": divisions, "parent": parents},
        geometry=shapes,
        crs=4326,
        columns=list(AREA_COLUMNS),
    ).astype(dict.fromkeys(AREA_COLUMNS[:4], object))


def note_counties(areas: gpd.GeoDataFrame, findings: Findings) -> None:
    """Note codes of another county than most rows, and codes whose province lies elsewhere than the shape.

    Many towns share a name (灵泉镇 is 141126100 and 150703100): a code copied by name is told by these two.
    """
    codes = [str(code) for code in areas["code"]]
    counties = Counter(code[:6] for code in codes)
    most, count = counties.most_common(1)[0] if counties else ("", 0)
    centres = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy(dtype=object)))
    for i, (code, (lon, lat)) in enumerate(zip(codes, centres, strict=True)):
        where = Where(layer="boundary", row=i + 1, field="code", value=code, ref=code[:6])
        if code[:6] != most and 2 * count > len(codes):
            findings.note("county_differs", where, most)
        km = km_outside(code[:2], float(lon), float(lat))
        if km > 0:
            findings.note("code_elsewhere", replace(where, ref=PROVINCES[code[:2]][0]), f"{km:.0f}")


def _filled(layer: Layer, field: str, flags: Flags, findings: Findings) -> list[str | None]:
    """Text column; the flag fills it where it is empty and one row only lacks it."""
    column = layer.rows.get(field)
    values = texts(column, len(layer.rows))
    if column is not None:
        for i, (raw, value) in enumerate(zip(column, values, strict=True)):
            if isinstance(raw, str) and value is not None and raw != value:
                findings.note("text_normalised", Where(layer=layer.name, row=i + 1, field=field, value=value))
    given = flags.of(field)
    if given is None:
        return values
    lacking = [i for i, value in enumerate(values) if value is None]
    if not lacking and values and given not in values:
        findings.note("flag_unused", Where(layer=layer.name, field=field, value=values[0]), given)
    # one code or name fits one row; division and parent fit all
    if len(lacking) == 1 or field in {"division", "parent"}:
        for i in lacking:
            values[i] = plain(given)
    return values


def _codes(layer: Layer, flags: Flags, findings: Findings) -> list[str | None]:
    number = layer.types.get("code", "object") not in {"object", "str"}
    if number:
        for i, value in enumerate(layer.rows["code"]):
            if not is_absent(value):
                where = Where(layer=layer.name, row=i + 1, field="code", value=str(value))
                findings.fault("code_not_text", where)
        return [None] * len(layer.rows)
    codes = _filled(layer, "code", flags, findings)
    for i, code in enumerate(codes):
        where = Where(layer=layer.name, row=i + 1, field="code", value=code)
        if code is None:
            findings.fault("code_missing", where)
        elif not re.fullmatch(r"[0-9]{12}", code):
            findings.fault("code_not_12_digits", where)
            codes[i] = None
    return codes


def _divisions(layer: Layer, codes: list[str | None], flags: Flags, findings: Findings) -> list[str | None]:
    words = _filled(layer, "division", flags, findings)
    divisions: list[str | None] = []
    for i, (word, code) in enumerate(zip(words, codes, strict=True)):
        if word is not None:
            division = _DIVISIONS.get(word.lower())
            if division is None:
                findings.fault(
                    "division_unknown", Where(layer=layer.name, row=i + 1, field="division", value=word)
                )
        else:
            division = division_of(code) if code else None
            if code and division is None:
                findings.fault(
                    "division_missing", Where(layer=layer.name, row=i + 1, field="division", value=code)
                )
        divisions.append(division)
    return divisions


def _parents(layer: Layer, codes: list[str | None], flags: Flags, findings: Findings) -> list[str | None]:
    if layer.types.get("parent", "object") not in {"object", "str"}:
        for i, value in enumerate(layer.rows["parent"]):
            if not is_absent(value):
                where = Where(layer=layer.name, row=i + 1, field="parent", value=str(value))
                findings.fault("code_not_text", where)
        return [None] * len(codes)
    parents = _filled(layer, "parent", flags, findings)
    towns = {
        code[:9] for code, parent in zip(codes, parents, strict=True) if code and parent in (None, code[:9])
    }
    for i, (parent, code) in enumerate(zip(parents, codes, strict=True)):
        where = Where(layer=layer.name, row=i + 1, field="parent", value=parent, ref=code)
        if parent is None:
            parents[i] = code[:9] if code else None
        elif not re.fullmatch(r"[0-9]{9}", parent):
            findings.fault("parent_not_9_digits", where)
        elif code and code[:9] in towns - {parent}:
            # other rows bear the code's town out: left alone, this one would be cut off from its neighbours
            parents[i] = code[:9]
            findings.note("parent_by_code", where, code[:9])
        elif code and not code.startswith(parent):
            findings.note("parent_differs", where)
    return parents


def _unique(values: list[str | None], field: str, layer: str, findings: Findings) -> None:
    seen: set[str] = set()
    for i, value in enumerate(values):
        if value is None:
            continue
        if value in seen:
            findings.fault(f"{field}_duplicate", Where(layer=layer, row=i + 1, field=field, value=value))
        seen.add(value)


def _shapes(
    layer: str, geometry: NDArray[np.object_], codes: list[str | None], findings: Findings
) -> NDArray[np.object_]:
    shapes = geometry.copy()
    kind = kinds(geometry)
    valid = shapely.is_valid(geometry)
    for i in range(len(shapes)):
        where = Where(layer=layer, row=i + 1, field="geometry", ref=codes[i])
        if kind[i] == -1:
            findings.fault("boundary_empty", where)
        elif kind[i] not in POLYGONS:
            findings.fault("boundary_not_polygon", _valued(where, shapes[i].geom_type))
        elif not valid[i]:
            shapes[i] = repaired(geometry[i])
            if shapes[i].is_empty:
                findings.fault("boundary_empty", where)
                continue
            value = change(geometry[i], shapes[i])
            findings.note("boundary_repaired", _valued(where, value), geometry=flaw_spot(geometry[i]))
    return shapes


def _valued(where: Where, value: Any) -> Where:
    return Where(layer=where.layer, row=where.row, field=where.field, value=str(value), ref=where.ref)
