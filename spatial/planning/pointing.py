"""Give a refusal its place on the map, so that a page can show it beside the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from spatial.errors import Where

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.errors import WanggeError
    from spatial.planning.desk import Work


def pointed(error: WanggeError, found: Work) -> WanggeError:
    """Give an error raised over a plan its place on the map, in EPSG:4326.

    Taken from its data: ``lattice_geometry`` (what was drawn, or what is wrong with it), else the cells,
    faces or grids named there; an error that knows its place, or names nothing, stays as it is.
    """
    if any(one.geometry is not None for one in error.where):
        return error
    place = _drawn(error.data.pop("lattice_geometry", None)) or _named(error.data, found)
    if place is None:
        return error
    geometry = mapping(shapely.transform(found.ground.lattice.to_lonlat(place), lambda xy: np.round(xy, 9)))
    first = error.where[0] if error.where else Where()
    more = error.where[1:]
    error.where = (Where(first.layer, first.row, first.field, first.value, first.ref, geometry), *more)
    return error


def offered(error: WanggeError, action: Mapping[str, Any], found: Work) -> WanggeError:
    """Add to the refusal of a stairwell torn between two parents what can be done: give it whole."""
    if error.code == "stairwell_split" and action.get("kind") in {"paint", "hand", "assign"}:
        cells = sorted({*action.get("cells", ()), *error.data["cells"]})
        households = sum(found.state.counted(found.state.cells[c]) for c in cells)
        error.data["offer"] = {"kind": "paint", "cells": cells, "to": action.get("to")}
        error.data["offer_households"] = households
    return error


def _drawn(geojson: Any) -> Any:
    return None if geojson is None else shape(geojson)


def _named(data: dict[str, Any], found: Work) -> Any:
    """Ground of the cells, faces or grids that an error names, or None."""
    state = found.state
    faces = {state.cells[c].face for c in data.get("cells", ()) if c in state.cells}
    faces |= {f for f in data.get("faces", ()) if f in state.faces}
    if faces:
        return shapely.coverage_union_all([state.faces[f].polygon for f in sorted(faces)])
    nodes = data.get("nodes") or [data.get("node")]
    shapes = [found.measured.drawn.shapes[n] for n in nodes if n in found.measured.drawn.shapes]
    return shapely.multipolygons([p for one in shapes for p in one.geoms]) if shapes else None
