"""Danger areas that a register draws in a layer of their own, joined to its points by hazard number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import shapely

from spatial.errors import Where
from spatial.readers.shapes import POLYGONS, repaired
from spatial.readers.tables import heading, read_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spatial.readers.tables import Table
    from spatial.readers.words import Findings


def draws_areas(shapes: Mapping[int, Any] | None) -> bool:
    """Say whether a layer's geometries, by row number, are polygons and nothing else."""
    kinds = {int(shapely.get_type_id(shape)) for shape in (shapes or {}).values() if shape is not None}
    return bool(kinds) and kinds <= set(POLYGONS)


def sound_area(shape: Any) -> Any:
    """Polygon or MultiPolygon of a danger area, its rings put right where they cross themselves."""
    return shape if shape.is_valid else repaired(shape)


def join_areas(
    hazards: Sequence[dict[str, Any]], table: Table, shapes: Mapping[int, Any], findings: Findings
) -> tuple[Table, int]:
    """Give hazards their danger areas by number; several areas of one number are its parts.

    Parameters
    ----------
    hazards
        Rows read so far, under `spatial.duty.model.HAZARD_COLUMNS`; ``danger_area`` is filled in.
    table, shapes
        The layer of areas, and its polygons by row number, EPSG:4326.
    findings
        Takes ``areas_joined``, ``area_no_point``, ``area_not_drawn``.

    Returns
    -------
    rest, aside
        The rows of other numbers, which are hazards of their own where the layer says their kind; and how
        many rows were set aside because it does not.
    """
    by_number = {hazard["number"]: hazard for hazard in hazards}
    rest, aside, joined = [], 0, 0
    for row, cells in table.rows:
        number, shape = read_code(table, cells, "number", row, findings), shapes.get(row)
        hazard = by_number.get(number or "")
        if hazard is not None and shape is not None and not shape.is_empty:
            parts = [part for part in (hazard["danger_area"], sound_area(shape)) if part is not None]
            hazard["danger_area"] = shapely.union_all(parts)
            joined += 1
        elif "kind" in table.columns:
            rest.append((row, cells))
        else:
            where = Where(layer=table.name, row=row, field=heading(table, "number"), value=number or "-")
            findings.note("area_no_point", where)
            aside += 1
    findings.note("areas_joined", Where(layer=table.name, value=str(joined)))
    return replace(table, rows=tuple(rest)), aside


def tell_undrawn(hazards: Sequence[dict[str, Any]], findings: Findings) -> None:
    """Name the hazards without an area where others have one: only the register's own numbers are known."""
    for hazard in hazards:
        if hazard["danger_area"] is None:
            known = (
                "-" if n is None or n != n else f"{n:g}"  # noqa: PLR0124 - NaN where unknown
                for n in (hazard["households"], hazard["people"])
            )
            where = Where(layer=hazard["source"], row=hazard["row"], ref=hazard["number"], value=next(known))
            findings.note("area_not_drawn", where, next(known))
