"""Slices: each stairwell gets its piece of the footprint along the building's long axis.

Pieces of equal area rather than of equal width, so that no stairwell of an L-shaped building is left without
ground; what a cut leaves apart goes to the slice that it shares most border with. In lattice centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.ground.footprints import polygons_only
from spatial.ground.seam import directed_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Units:
    """Pieces of building that get a face each: a building, or one stairwell's slice of it.

    ``building`` is the position of the building in the order given, ``stairwell`` its name or None.
    """

    geoms: NDArray[np.object_]
    building: NDArray[np.int64]
    stairwell: NDArray[np.object_]


def slice_units(footprints: NDArray[np.object_], stairwells: list[list[str]]) -> Units:
    """Cut footprints into one slice a stairwell, across their long axis.

    Parameters
    ----------
    footprints
        (N,) Polygons.
    stairwells
        Names of each building's stairwells in order; one or none leaves it whole.
    """
    count = np.array([max(len(wells), 1) for wells in stairwells], dtype=np.int64)
    building = np.repeat(np.arange(len(footprints)), count)
    geoms = footprints[building]
    geoms[count[building] > 1] = _slices(footprints[count > 1], count[count > 1])
    names: list[str | None] = []
    for wells in stairwells:
        names += wells or [None]
    return Units(geoms, building, np.array(names, dtype=object))


def _slices(footprints: NDArray[np.object_], count: NDArray[np.int64]) -> NDArray[np.object_]:
    """Cut each polygon into ``count`` pieces of equal area across its long axis."""
    if not len(footprints):
        return footprints
    frames = [_Frame.of(rectangle) for rectangle in _rectangles(footprints)]
    strips = [
        frame.strips(_equal_area_cuts(footprint, frame, pieces))
        for footprint, frame, pieces in zip(footprints, frames, count.tolist(), strict=True)
    ]
    of = np.repeat(np.arange(len(footprints)), count)
    pieces = shapely.intersection(shapely.polygons(np.concatenate(strips)), footprints[of])
    torn = np.unique(of[shapely.get_type_id(pieces) != shapely.GeometryType.POLYGON])
    for i in torn:
        pieces[of == i] = _connected(pieces[of == i])
    return np.asarray(pieces, dtype=object)


def _rectangles(footprints: NDArray[np.object_]) -> NDArray[np.float64]:
    """Corners (N, 4, 2) of the smallest rectangle around each polygon."""
    around = shapely.minimum_rotated_rectangle(footprints)
    return np.asarray(shapely.get_coordinates(around).reshape(-1, 5, 2)[:, :4])


@dataclass(frozen=True)
class _Frame:
    """A building's own directions: along its long axis and across; the rectangle around it on both."""

    axis: NDArray[np.float64]
    side: NDArray[np.float64]
    start: float
    end: float
    low: float
    high: float

    @classmethod
    def of(cls, corners: NDArray[np.float64]) -> _Frame:
        """Lay the frame along the longer side of a rectangle (4, 2), west to east."""
        sides = corners[1] - corners[0], corners[2] - corners[1]
        along, across = sorted(sides, key=lambda v: -float(np.hypot(*v)))
        axis, side = along / np.hypot(*along), across / np.hypot(*across)
        if (axis[0], axis[1]) < (0.0, 0.0):
            axis = -axis
        u, v = corners @ axis, corners @ side
        return cls(axis, side, float(u.min()), float(u.max()), float(v.min()), float(v.max()))

    def strips(self, cuts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rectangles (K + 1, 5, 2) between K cuts, a centimetre wider than the building."""
        bounds = np.r_[self.start - 1.0, cuts, self.end + 1.0]
        u = np.stack([bounds[:-1], bounds[1:], bounds[1:], bounds[:-1], bounds[:-1]], axis=1)
        v = np.array([self.low - 1.0, self.low - 1.0, self.high + 1.0, self.high + 1.0, self.low - 1.0])
        return np.asarray(u[:, :, None] * self.axis + v[None, :, None] * self.side)


def _equal_area_cuts(polygon: Any, frame: _Frame, count: int) -> NDArray[np.float64]:
    """Positions on the axis that part the polygon into equal areas, ``count`` - 1 of them.

    Between two corners the area before a position grows by a quadratic, known from its value at both and in
    the middle.
    """
    edges = directed_edges(np.array([polygon], dtype=object)).xy.astype(np.float64)
    at = np.unique(edges[:, :2] @ frame.axis)
    middle = (at[:-1] + at[1:]) / 2.0
    area = _area_before(edges, frame, np.concatenate([at, middle]))
    before, half = area[: len(at)], area[len(at) :]
    wanted = np.arange(1, count) / count * float(shapely.area(polygon))
    i = np.clip(np.searchsorted(before, wanted) - 1, 0, len(middle) - 1)
    rest = wanted - before[i]
    slope = 4.0 * half[i] - 3.0 * before[i] - before[i + 1]
    bend = 2.0 * before[i] + 2.0 * before[i + 1] - 4.0 * half[i]
    root = slope + np.sqrt(np.maximum(slope * slope + 4.0 * bend * rest, 0.0))
    share = np.divide(2.0 * rest, root, out=np.zeros(len(rest)), where=root > 0.0)
    return np.asarray(at[i] + np.clip(share, 0.0, 1.0) * (at[i + 1] - at[i]))


def _area_before(edges: NDArray[np.float64], frame: _Frame, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area of a polygon before each position on the axis: the integral of min(u, at) dv round its edges."""
    u = np.stack([edges[:, :2] @ frame.axis, edges[:, 2:] @ frame.axis])
    dv = (edges[:, 2:] - edges[:, :2]) @ frame.side
    low, high = u.min(axis=0), u.max(axis=0)
    clipped = np.clip(at[:, None], low, high)
    share = (clipped - low) / np.where(high > low, high - low, 1.0)
    mean = share * (low + clipped) / 2.0 + (1.0 - share) * clipped
    mean = np.where(at[:, None] < low, at[:, None], mean)
    return np.asarray(np.abs(mean @ dv))


def _connected(pieces: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep the largest part of each slice; give the other parts to the slice they share most border with."""
    parts, of = shapely.get_parts(pieces, return_index=True)
    parts, of = parts[shapely.get_dimensions(parts) == 2], of[shapely.get_dimensions(parts) == 2]
    order = np.lexsort((-shapely.area(parts), of))
    largest = np.r_[True, np.diff(of[order]) > 0]
    mains = parts[order[largest]]
    for stray in parts[order[~largest]]:
        best = int(np.argmax(shapely.length(shapely.intersection(stray, shapely.buffer(mains, 1.0)))))
        mains[best] = shapely.union(mains[best], shapely.buffer(stray, 0.0))
    return polygons_only(mains)
