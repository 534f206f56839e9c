"""Part the ground along a drawn line: faces are cut through open ground, buildings stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.errors import CutRefused
from spatial.plans.apply import apply
from spatial.plans.cut import CutResult, cut_face
from spatial.plans.moves import Cut

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray
    from shapely import LineString

    from spatial.plans.tree import PlanState

THIN_CM = 100.0
"""A part that is thinner on the average is no ground worth a cut: the face goes whole to one side."""
SMALL_CM2 = 4.0 * 100**2
"""Nor is a smaller part."""
ON_RING_CM = 1.0
"""A line that ends this near to a ring ends on it."""


def part(state: PlanState, lines: Sequence[LineString], only: Collection[str]) -> tuple[PlanState, list[Cut]]:
    """Cut faces along lines wherever these cross open ground from border to border.

    Parameters
    ----------
    state
        The plan; it stays as it is.
    lines
        Lattice centimetres.
    only
        Ids of the faces that may be cut.

    Returns
    -------
    parted, cuts
        A copy of the plan with the cuts, and the moves that make them, in order. Where a line runs through a
        building, or would part off next to nothing, the face stays whole.
    """
    parted = state.copy()
    cuts: list[Cut] = []
    for line in lines:
        shapely.prepare(line)
        names = [name for name in parted.faces if name in only or name not in state.faces]
        here = np.array(sorted(names), dtype=object)
        shapes = np.array([parted.faces[name].polygon for name in here], dtype=object)
        for name in here[shapely.intersects(shapes, line)].tolist():
            cuts += _through(parted, name, _pieces(line, parted.faces[name].polygon))
    return parted, cuts


def _pieces(line: LineString, polygon: Any) -> list[Any]:
    """Pieces of a line that cross a polygon from ring to ring; what runs along a ring is none."""
    within = shapely.difference(shapely.intersection(line, polygon), polygon.boundary)
    inside = shapely.get_parts(shapely.line_merge(within))
    inside = inside[(shapely.get_type_id(inside) == 1) & (shapely.length(inside) > THIN_CM)]
    if not len(inside):
        return []
    ends = np.stack([shapely.get_point(inside, 0), shapely.get_point(inside, -1)], axis=1)
    across = (shapely.distance(ends, polygon.boundary) <= ON_RING_CM).all(axis=1)
    return list(inside[across])


def _through(parted: PlanState, face: str, pieces: Sequence[Any]) -> list[Cut]:
    """Cut a face along the first piece that can be, then its parts along the others."""
    for i, piece in enumerate(pieces):
        coords = shapely.get_coordinates(piece)
        result = _cut(parted, face, coords)
        if result is None:
            continue
        move = Cut(face, tuple((float(x), float(y)) for x, y in coords))
        _, touched = apply(parted, move, parted.rev)
        made = [move]
        for name in touched.faces_added:
            polygon = parted.faces[name].polygon
            middle = shapely.line_interpolate_point(pieces[i + 1 :], 0.5, normalized=True)
            own = [p for p, m in zip(pieces[i + 1 :], middle, strict=True) if polygon.covers(m)]
            made += _through(parted, name, own)
        return made
    return []


def _cut(parted: PlanState, face: str, coords: NDArray[np.float64]) -> CutResult | None:
    """Try a cut; None where it can't be, or would part off next to nothing."""
    try:
        result = cut_face(parted.faces[face], coords.tolist(), parted.spacing_m)
    except CutRefused:
        return None
    area, around = shapely.area(result.parts), shapely.length(result.parts)
    good = (2 * area / around >= THIN_CM) & (area >= SMALL_CM2)
    return result if bool(good.all()) else None
