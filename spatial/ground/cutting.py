"""Cutting: barriers, walls and ridges noded into one arrangement, cut into faces, proved; else tried again.

Ownership is decided last, by :mod:`spatial.ground.labelling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.errors import Refused
from spatial.ground.arrangement import (
    CLEAR_CM,
    NONE,
    Pieces,
    inner_lines,
    node,
    node_into,
    pieces_of,
    rounded,
)
from spatial.ground.labelling import Cut, faces_of
from spatial.ground.landscape import Barriers, carry_on
from spatial.ground.ridges import ridges, site_steps, wall_sites
from spatial.ground.seam import prove
from spatial.ground.slices import Units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.policy import Division, Policy

CM = 100.0
SMOOTH_CM = {"community": 25.0, "village": 100.0}
TRIES = ((5.0, False), (5.0, True), (20.0, True), (60.0, True))
"""Width of the band along the outline that inner lines keep out of, and whether all lines are noded together
rather than only those that come near each other; the next is tried if the proof fails."""


@dataclass(frozen=True)
class _Way:
    """How one try cuts: centimetres, and whether all lines are noded together."""

    spacing: float
    smooth: float
    dangle: float
    band: float
    careful: bool


def cut_seamless(outline: Any, units: Units, barriers: Barriers, division: Division, policy: Policy) -> Cut:
    """Cut, prove, and try again with a wider band along the outline where the proof fails."""
    origin = np.floor(np.asarray(shapely.bounds(outline))[:2])
    here = _moved(outline, -origin)
    local_units = Units(_moved(units.geoms, -origin), units.building, units.stairwell)
    local = Barriers(_moved(barriers.lines, -origin), barriers.kind, barriers.names)
    spacing, dangle = policy.node_spacing_m[division] * CM, policy.dangle_m * CM
    for band, careful in TRIES:
        way = _Way(spacing, SMOOTH_CM[division], dangle, band, careful)
        cut = _cut(here, local_units, local, way)
        if not prove(cut.pieces.polygons, here):
            back = Pieces(
                _moved(cut.pieces.polygons, origin),
                _moved(cut.pieces.points, origin),
                cut.pieces.xy + np.tile(origin, 2).astype(np.int64),
                cut.pieces.left,
                cut.pieces.right,
                cut.pieces.length,
            )
            return Cut(back, cut.unit, cut.line, _moved(cut.walls, origin))
    raise Refused(
        "ground_not_seamless",
        zh="该区域的地块切分未通过无缝检验，这是软件缺陷，请把文件交给我们。",
        en="The ground could not be cut without a seam. This is a defect of ours: please send us the file.",
    )


def _moved(geoms: Any, by: NDArray[np.float64]) -> Any:
    return shapely.transform(geoms, lambda xy: xy + by)


def _cut(outline: Any, units: Units, barriers: Barriers, way: _Way) -> Cut:
    """One try: blocks, then ridges in them, then pieces with labels, then faces."""
    lines = _barrier_lines(barriers, units.geoms, outline, way.dangle)
    walls = shapely.segmentize(shapely.boundary(units.geoms), way.spacing)
    alone = _alone(units.geoms, lines, outline, way.band) & (not way.careful)
    first = inner_lines(np.concatenate([lines, walls[~alone]]), outline, way.band)
    noded = node(first, shapely.get_parts(shapely.boundary(outline)), way.spacing)
    noded = np.concatenate([noded, shapely.transform(walls[alone], rounded)])
    blocks = pieces_of(noded, outline)
    unit = unit_of(blocks, units.geoms)
    sites = wall_sites(blocks, unit, site_steps(units.geoms, way.smooth))
    middle = ridges(*sites, blocks.polygons, way.smooth)
    if len(middle):
        add = node if way.careful else node_into
        noded = add(inner_lines(middle, outline, way.band), noded, way.spacing)
    pieces = pieces_of(noded, outline)
    return faces_of(pieces, unit_of(pieces, units.geoms), barriers, way.spacing)


def _alone(
    units: NDArray[np.object_], lines: NDArray[np.object_], outline: Any, band: float
) -> NDArray[np.bool_]:
    """Units whose walls no other line comes near to: they need no noding."""
    out = np.ones(len(units), dtype=bool)
    if not len(units):
        return out
    tree = shapely.STRtree(units)
    one, other = tree.query(units, predicate="dwithin", distance=CLEAR_CM)
    out[one[one != other]] = False
    out[tree.query(lines, predicate="dwithin", distance=CLEAR_CM)[1]] = False
    inside = shapely.buffer(outline, -band - CLEAR_CM, join_style="mitre")
    shapely.prepare(inside)
    return np.asarray(out & shapely.contains_properly(inside, units), dtype=bool)


def _barrier_lines(
    barriers: Barriers, units: NDArray[np.object_], outline: Any, dangle: float
) -> NDArray[np.object_]:
    """Barrier lines, dangling ends carried on, and taken away inside buildings."""
    if not len(barriers.lines):
        return np.empty(0, dtype=object)
    shapely.prepare(outline)
    within = barriers.lines[shapely.intersects(outline, barriers.lines)]
    across = ~shapely.contains_properly(outline, within)
    within[across] = shapely.intersection(within[across], outline)
    within = within[~shapely.is_empty(within)]
    noded = shapely.get_parts(shapely.union_all(within, grid_size=1.0))
    noded = noded[shapely.get_dimensions(noded) == 1]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(noded)))
    lines = np.concatenate([merged, carry_on(merged, shapely.boundary(outline), dangle)])
    if len(units):
        line, _ = shapely.STRtree(units).query(lines, predicate="intersects")
        crossing = np.unique(line)
        if len(crossing):
            erased = shapely.difference(shapely.union_all(lines[crossing]), shapely.union_all(units))
            lines = np.concatenate([np.delete(lines, crossing), shapely.get_parts(erased)])
    return np.asarray(lines[shapely.get_dimensions(lines) == 1], dtype=object)


def unit_of(pieces: Pieces, units: NDArray[np.object_]) -> NDArray[np.int64]:
    """Unit inside whose footprint each piece lies, or NONE."""
    out = np.full(len(pieces.points), NONE, dtype=np.int64)
    if len(units):
        piece, unit = shapely.STRtree(units).query(pieces.points, predicate="intersects")
        out[piece[::-1]] = unit[::-1]
    return out
