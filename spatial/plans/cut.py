"""The geometry of a cut: one face along a drawn line into exactly two, touching no other face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry import mapping

from spatial.errors import CutRefused, Where
from spatial.plans.shapes import area_cm2_doubled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from spatial.plans.tree import FaceRow

TAIL_M = 10.0
"""A line may run on outside its face for this far, or for twice the node spacing."""
SLIVER_M2 = 1.0
"""A part smaller than this is no ground anybody could mean."""

_WORDS: dict[str, tuple[str, str]] = {
    "cut_misses": (
        "这条线没有把地块切开:两端都要画到地块边界上(或稍微画出去一点)。",
        "The line does not cut the face: draw both ends to its border, or a little beyond.",
    ),
    "cut_crosses_itself": (
        "这条线自己相交了,请重画一条不打结的线。",
        "The line crosses itself; draw it again without a knot.",
    ),
    "cut_leaves_face": (
        "这条线中途离开了地块,或两端画出太远;请只在一个地块内切。",
        "The line leaves the face on its way, or runs on too far outside; cut one face at a time.",
    ),
    "cut_crosses_building": (
        "这条线穿过或隔开了建筑,建筑不能被切开;请绕开它。",
        "The line runs through a building or parts it; a building is never cut, go round it.",
    ),
    "cut_touches_twice": (
        "这条线中途碰到了地块边界;只有两端可以落在边界上。",
        "The line touches the border on its way; only its two ends may lie on it.",
    ),
    "cut_sliver": (
        "切下来的一块不到 1 平方米,请把线画得离边界远一些。",
        "One part would be smaller than 1 m2; draw the line further from the border.",
    ),
}


@dataclass(frozen=True)
class CutResult:
    """Two parts of a face and the line between them, all in whole lattice centimetres.

    ``parts[0]`` holds the building, or is the larger where nothing stands; ``line`` begins and ends on
    lattice vertices of the face's rings.
    """

    parts: tuple[Polygon, Polygon]
    line: tuple[tuple[int, int], ...]


def cut_face(face: FaceRow, line: Sequence[Sequence[float]], spacing_m: float) -> CutResult:
    """Cut a face in two along a drawn line.

    Parameters
    ----------
    face
        The face; its rings carry a lattice vertex at least every ``spacing_m``.
    line
        x, y in lattice centimetres, two points at least. Its ends may stop short of the border, or run on
        outside, by a little; they are moved to the nearest lattice vertices of the rings, so that no other
        face changes.
    spacing_m
        Greatest distance between the vertices of the new edge, and of the line's ends from the border.

    Raises
    ------
    CutRefused
        Codes cut_misses, cut_crosses_itself, cut_leaves_face, cut_crosses_building, cut_touches_twice,
        cut_sliver; ``data["lattice_geometry"]`` is the drawn line as GeoJSON in lattice centimetres.
    """
    drawn = _drawn(face, line)
    inside = _inside(face, drawn, spacing_m)
    points = _snapped(face, inside, spacing_m)
    exact = LineString(points)
    _check(face, exact, drawn)
    parts = _parted(face, exact, drawn)
    return CutResult(parts, tuple((int(x), int(y)) for x, y in points))


def _refuse(code: str, face: FaceRow, line: LineString | None) -> CutRefused:
    zh, en = _WORDS[code]
    data = {} if line is None else {"lattice_geometry": mapping(line)}
    return CutRefused(code, zh=zh, en=en, where=(Where(ref=face.id),), data=data)


def _drawn(face: FaceRow, line: Sequence[Sequence[float]]) -> LineString:
    """Round the line to whole centimetres, without points that repeat."""
    xy = np.rint(np.asarray(line, dtype=np.float64).reshape(-1, 2))
    moves = np.r_[True, (xy[1:] != xy[:-1]).any(axis=1)] if len(xy) else np.empty(0, dtype=bool)
    xy = xy[moves]
    if len(xy) < 2:
        raise _refuse("cut_misses", face, None)
    drawn = LineString(xy)
    if not drawn.is_simple or drawn.is_ring:
        raise _refuse("cut_crosses_itself", face, drawn)
    return drawn


def _inside(face: FaceRow, drawn: LineString, spacing_m: float) -> LineString:
    """Take the one part of the line inside the face; only its ends may run on outside, and not far."""
    if face.polygon.covers(drawn):
        return drawn
    pieces = shapely.get_parts(shapely.line_merge(shapely.intersection(drawn, face.polygon)))
    pieces = [p for p in pieces if p.geom_type == "LineString" and p.length > 0]
    if not pieces:
        raise _refuse("cut_misses", face, drawn)
    outside = shapely.get_parts(shapely.difference(drawn, face.polygon))
    too_far = any(shapely.length(tail) > max(TAIL_M, 2 * spacing_m) * 100 for tail in outside)
    if len(pieces) > 1 or too_far:
        raise _refuse("cut_leaves_face", face, drawn)
    inside: LineString = pieces[0]
    # The intersection may come back to front; keep the drawn direction.
    first, last = (drawn.project(shapely.Point(inside.coords[i])) for i in (0, -1))
    return inside if first <= last else inside.reverse()


def _snapped(face: FaceRow, inside: LineString, spacing_m: float) -> NDArray[np.float64]:
    """Put the ends on lattice vertices, inner points on whole centimetres, and add vertices between."""
    xy = shapely.get_coordinates(inside)
    vertices = shapely.get_coordinates(face.polygon)
    ends = []
    for end in (xy[0], xy[-1]):
        if face.polygon.boundary.distance(shapely.Point(end)) > spacing_m * 100:
            raise _refuse("cut_misses", face, inside)
        ends.append(vertices[np.argmin(((vertices - end) ** 2).sum(axis=1))])
    if (ends[0] == ends[1]).all():
        raise _refuse("cut_sliver", face, inside)
    line = np.vstack([ends[0], np.rint(xy[1:-1]), ends[1]])
    line = line[np.r_[True, (line[1:] != line[:-1]).any(axis=1)]]
    return densify(line, spacing_m)


def densify(line: NDArray[np.float64], spacing_m: float) -> NDArray[np.float64]:
    """Add whole-centimetre points to a line so that no step is longer than ``spacing_m``.

    Examples
    --------
    >>> densify(np.array([[0.0, 0.0], [500.0, 0.0]]), 2.0).tolist()
    [[0.0, 0.0], [167.0, 0.0], [333.0, 0.0], [500.0, 0.0]]
    """
    steps = np.diff(line, axis=0)
    length = np.hypot(steps[:, 0], steps[:, 1])
    # Rounding may lengthen a step by up to sqrt(2) cm; what is short enough stays, so that a redo is exact.
    play = spacing_m * 100 - 1.5
    count = np.where(length <= spacing_m * 100, 1, np.ceil(length / play)).astype(int)
    start = np.repeat(np.arange(len(steps)), count)
    nth = np.arange(len(start)) - np.repeat(np.cumsum(count) - count, count)
    share = (nth / count[start])[:, None]
    return np.vstack([np.rint(line[start] + share * steps[start]), line[-1:]])


def _check(face: FaceRow, line: LineString, drawn: LineString) -> None:
    """Refuse a line that is no proper cut; predicates are exact on the lattice."""
    if not line.is_simple:
        raise _refuse("cut_crosses_itself", face, drawn)
    relation = shapely.relate(line, face.polygon)
    if relation[2] != "F":
        raise _refuse("cut_leaves_face", face, drawn)
    if relation[1] != "F":
        raise _refuse("cut_touches_twice", face, drawn)
    if face.footprint is not None and shapely.relate(line, face.footprint)[0] != "F":
        raise _refuse("cut_crosses_building", face, drawn)


def _parted(face: FaceRow, line: LineString, drawn: LineString) -> tuple[Polygon, Polygon]:
    """Make the two polygons either side of the line, the building's (or the larger) first."""
    edges = edge_lines(face.polygon.boundary, line)
    made = shapely.get_parts(shapely.polygonize(edges))
    parts = [p for p in made if face.polygon.contains(p.point_on_surface())]
    if len(parts) != 2:
        raise _refuse("cut_misses", face, drawn)
    areas = area_cm2_doubled([face.polygon, *parts])
    if min(areas[1:]) < SLIVER_M2 * 2 * 100**2 or not all(p.is_valid for p in parts):
        raise _refuse("cut_sliver", face, drawn)
    if areas[0] != areas[1] + areas[2]:
        raise _refuse("cut_leaves_face", face, drawn)
    if face.footprint is None:
        first = 0 if areas[1] >= areas[2] else 1
    else:
        holds = [bool(p.covers(face.footprint)) for p in parts]
        if sum(holds) != 1:
            raise _refuse("cut_crosses_building", face, drawn)
        first = holds.index(True)
    return parts[first], parts[1 - first]


def edge_lines(*lines: BaseGeometry) -> NDArray[np.object_]:
    """Take every edge of some lines as a line of its own: noded already, so polygonize moves nothing."""
    coords, of = shapely.get_coordinates(shapely.get_parts(np.array(lines, dtype=object)), return_index=True)
    same = of[1:] == of[:-1]
    pairs = np.stack([coords[:-1][same], coords[1:][same]], axis=1)
    return np.asarray(shapely.linestrings(pairs))
