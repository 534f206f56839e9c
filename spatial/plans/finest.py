"""The finest grid over a point among grids that are not published yet.

By the same rules as ``finest_grid`` in the database (spatial/store/sql/0002_finest_grid.sql), so that what is
told before publishing is what publishing does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.plans.codes import AREA_DIGITS, DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Leaf:
    """A leaf grid by its code; ``floors`` (both included) where it holds some floors of one stairwell."""

    code: str
    stairwell: str | None = None
    floors: tuple[int, int] | None = None


def finest_over(
    leaves: Sequence[Leaf], shapes: NDArray[np.object_], points: NDArray[np.object_],
    stairwells: Sequence[str | None], floors: Sequence[int | None],
) -> list[str | None]:  # fmt: skip
    """Find the finest grid over each point.

    On a border it is the leaf of the lowest code. Where grids stand on one another, it is the one of
    stairwell and floor, or, where these are not known, the finest grid that holds them all.

    Parameters
    ----------
    leaves, shapes
        (L,) grids and their polygons, EPSG:4326.
    points
        (N,) Points, EPSG:4326.
    stairwells, floors
        (N,) as far as they are known.

    Returns
    -------
    list
        (N,) codes; None outside of all.
    """
    point, leaf = shapely.STRtree(shapes).query(points, predicate="intersects")
    inside = shapely.contains(shapes[leaf], points[point])
    over: dict[int, list[tuple[Leaf, bool]]] = {}
    for p, at, within in zip(point.tolist(), leaf.tolist(), inside.tolist(), strict=True):
        over.setdefault(p, []).append((leaves[at], within))
    return [_one(over.get(i, []), stairwells[i], floors[i]) for i in range(len(points))]


def _one(found: list[tuple[Leaf, bool]], stairwell: str | None, floor: int | None) -> str | None:
    if not found:
        return None
    over = [leaf for leaf, _ in found]
    if not _stacked(found):
        return min(leaf.code for leaf in over)
    holding = [leaf for leaf in over if _holds(leaf, stairwell, floor)]
    flat = [leaf for leaf in over if leaf.floors is None]
    kept = over if floor is None else holding or flat or over
    codes = [leaf.code for leaf in kept]
    if floor is None or not (flat or holding):
        return _above(min(codes), max(codes))
    return min(codes)


def _stacked(found: list[tuple[Leaf, bool]]) -> bool:
    """Whether they stand on one another and do not only meet at a border."""
    runs: dict[str | None, set[int]] = {}
    for leaf, _ in found:
        if leaf.floors is not None:
            runs.setdefault(leaf.stairwell, set()).add(leaf.floors[0])
    shared = any(within for _, within in found) or any(len(lows) > 1 for lows in runs.values())
    return len(found) > 1 and bool(runs) and shared


def _holds(leaf: Leaf, stairwell: str | None, floor: int | None) -> bool:
    if leaf.floors is None or floor is None:
        return False
    return leaf.floors[0] <= floor <= leaf.floors[1] and stairwell in (None, leaf.stairwell)


def _above(low: str, high: str) -> str:
    """Code of the finest grid that holds two: their longest common prefix that is a code."""
    lengths = AREA_DIGITS + np.cumsum((0, *DIGITS))
    return max((low[:n] for n in lengths.tolist() if low[:n] == high[:n]), key=len)
