"""Ridges: the middle lines of open ground between buildings, where no feature parts it.

Within one block (open ground closed in by barriers) every point belongs to the nearest building that stands
at the block's edge: the Voronoi diagram of points along the buildings' walls, ridges between different
buildings only.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import Voronoi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.arrangement import Pieces

SITE_STEP_CM = 100.0
FAR = 4.0


def wall_sites(
    pieces: Pieces, unit_of_piece: NDArray[np.int64], none: int = -1
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Points along the walls that face open ground.

    Returns
    -------
    points, unit, block
        (S, 2) centimetres; the unit whose wall it is; the open piece that it faces.
    """
    unit_left = np.where(pieces.left == none, none, unit_of_piece[pieces.left])
    unit_right = np.where(pieces.right == none, none, unit_of_piece[pieces.right])
    wall_l = (unit_left != none) & (unit_right == none) & (pieces.right != none)
    wall_r = (unit_right != none) & (unit_left == none) & (pieces.left != none)
    edges = np.concatenate([pieces.xy[wall_l], pieces.xy[wall_r]]).astype(np.float64)
    unit = np.concatenate([unit_left[wall_l], unit_right[wall_r]])
    block = np.concatenate([pieces.right[wall_l], pieces.left[wall_r]])
    length = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    count = np.maximum(1, np.ceil(length / SITE_STEP_CM)).astype(np.int64)
    of = np.repeat(np.arange(len(edges)), count)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    t = ((nth + 0.5) / count[of])[:, None]
    return edges[of, :2] * (1 - t) + edges[of, 2:] * t, unit[of], block[of]


def ridges(
    points: NDArray[np.float64],
    unit: NDArray[np.int64],
    block: NDArray[np.int64],
    blocks: NDArray[np.object_],
    smooth_cm: float,
) -> NDArray[np.object_]:
    """Middle lines between units, block by block, clipped to the block.

    Parameters
    ----------
    points, unit, block
        As :func:`wall_sites` gives them.
    blocks
        Polygons of all pieces, indexed by ``block``.
    smooth_cm
        Ridges are simplified by this much; they wobble with the spacing of the sites.
    """
    order = np.lexsort((points[:, 1], points[:, 0], unit, block))
    points, unit, block = points[order], unit[order], block[order]
    bounds = (
        np.flatnonzero(np.r_[True, block[1:] != block[:-1], True]) if len(block) else np.empty(0, dtype=int)
    )
    out = [
        _ridges_in(points[a:b], unit[a:b], blocks[block[a]], smooth_cm)
        for a, b in pairwise(bounds)
        if unit[a] != unit[b - 1]
    ]
    return np.concatenate(out) if out else np.empty(0, dtype=object)


def _ridges_in(
    points: NDArray[np.float64], unit: NDArray[np.int64], ground: Any, smooth_cm: float
) -> NDArray[np.object_]:
    centre = np.rint(points.mean(axis=0))
    local = points - centre
    xmin, ymin, xmax, ymax = shapely.bounds(ground)
    reach = FAR * max(xmax - xmin, ymax - ymin, 1000.0)
    far = np.array([[-reach, -reach], [reach, -reach], [-reach, reach], [reach, reach]])
    diagram = Voronoi(np.vstack([local, far]))
    owner = np.concatenate([unit, np.full(4, -1)])
    pair = owner[diagram.ridge_points]
    ends = np.asarray(diagram.ridge_vertices)
    real = (pair[:, 0] != pair[:, 1]) & (pair >= 0).all(axis=1) & (ends >= 0).all(axis=1)
    if not real.any():
        return np.empty(0, dtype=object)
    lines = shapely.linestrings(diagram.vertices[ends[real]] + centre)
    chains = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    clipped = shapely.get_parts(shapely.intersection(shapely.simplify(chains, smooth_cm), ground))
    return np.asarray(clipped[shapely.get_dimensions(clipped) == 1], dtype=object)
