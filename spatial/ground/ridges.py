"""Ridges: the middle lines of open ground between buildings, where no feature parts it.

Within one block (open ground closed in by barriers) every point belongs to the nearest building that stands
at the block's edge: the Voronoi diagram of points along the buildings' walls, ridges between different
buildings only. Points stand as close as the distance between the walls asks for, no closer.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import Delaunay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.arrangement import Pieces

STEP_CM = (100.0, 500.0)
"""Least and greatest distance between points along a wall."""
FAR = 4.0


def site_steps(units: NDArray[np.object_], smooth_cm: float) -> NDArray[np.float64]:
    """Distance between points along each unit's walls, so that middle lines wobble by ``smooth_cm`` / 2.

    Points ``s`` apart on a wall at distance ``d`` from the middle line make it wobble by s^2 / 8d; ``d`` is
    half the way to the nearest other unit.
    """
    gap = np.full(len(units), np.inf)
    if len(units) > 1:
        pairs, distance = shapely.STRtree(units).query_nearest(
            units, exclusive=True, return_distance=True, all_matches=False
        )
        gap[pairs[0]] = distance
    return np.clip(np.sqrt(2.0 * smooth_cm * gap), *STEP_CM)


def wall_sites(
    pieces: Pieces, unit_of_piece: NDArray[np.int64], steps: NDArray[np.float64], none: int = -1
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Points along the walls that face open ground.

    Parameters
    ----------
    pieces
        The arrangement of barriers and walls.
    unit_of_piece
        (M,) unit that each piece belongs to, or ``none``.
    steps
        (U,) greatest distance between points along each unit's walls.

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
    count = np.maximum(1, np.ceil(length / steps[unit])).astype(np.int64)
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
    lines = shapely.linestrings(_voronoi_edges(np.vstack([local, far]), unit) + centre)
    if not len(lines):
        return np.empty(0, dtype=object)
    chains = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    return _clipped(shapely.simplify(chains, smooth_cm), ground)


def _voronoi_edges(points: NDArray[np.float64], unit: NDArray[np.int64]) -> NDArray[np.float64]:
    """Edges (K, 2, 2) of the Voronoi diagram between points of different units, from its dual.

    ``points`` are those of ``unit`` and then four far away.
    """
    dual = Delaunay(points)
    owner = np.concatenate([unit, np.full(len(points) - len(unit), -1)])[dual.simplices]
    there = dual.neighbors
    here = np.arange(len(there))[:, None]
    one, other = owner[:, [1, 2, 0]], owner[:, [2, 0, 1]]
    parting = (here < there) & (one != other) & (one >= 0) & (other >= 0)
    triangle = np.broadcast_to(here, there.shape)[parting]
    ends = np.stack([triangle, there[parting]], axis=1)
    needed, at = np.unique(ends, return_inverse=True)
    edges = _circumcentres(points[dual.simplices[needed]])[at.reshape(-1, 2)]
    real = np.isfinite(edges).all(axis=(1, 2)) & (edges[:, 0] != edges[:, 1]).any(axis=1)
    return np.asarray(edges[real])


def _circumcentres(triangles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centres (T, 2) of the circles through (T, 3, 2) points; not finite where they are in line."""
    origin = triangles[:, 0]
    (bx, by), (cx, cy) = (triangles[:, 1] - origin).T, (triangles[:, 2] - origin).T
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (
            np.column_stack([cy * b2 - by * c2, bx * c2 - cx * b2]) / (2.0 * (bx * cy - by * cx))[:, None]
        )
    return np.asarray(origin + centre)


def _clipped(lines: NDArray[np.object_], ground: Any) -> NDArray[np.object_]:
    """Parts of lines that lie on the ground; most lie there wholly, and overlay is dear."""
    shapely.prepare(ground)
    whole = shapely.contains_properly(ground, lines)
    parts = shapely.get_parts(shapely.intersection(shapely.multilinestrings(lines[~whole]), ground))
    return np.concatenate([lines[whole], parts[shapely.get_dimensions(parts) == 1]])
