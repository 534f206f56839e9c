"""Fronts: open strips along the outside of a wall, which go with the ground behind it.

An estate reaches to the middle of the street before its wall. As faces of their own the strips between the
two would let a border run along both, and a grid far away hold a ribbon of verge along the street.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.ground.arrangement import NONE, Pieces
from spatial.ground.landscape import Barriers, follow
from spatial.policy import BARRIERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRONT_CM = 1_500.0
"""Greatest mean width of a strip that goes with the ground behind the wall."""
ALONG = 0.3
"""A strip runs along a wall that is at least this part of its ring."""
WALL = next(i for i, barrier in enumerate(BARRIERS) if barrier.name == "wall")
GIVEN = [i for i, barrier in enumerate(BARRIERS) if barrier.name in {"group_border", "zone", "dedicated"}]
"""Borders that somebody drew: a wall that stands on one of them parts what they part."""


def behind_walls(
    pieces: Pieces, is_open: NDArray[np.bool_], line: NDArray[np.int64], barriers: Barriers
) -> NDArray[np.int64]:
    """Find the face that each face goes with: a front with the one behind its wall, others with themselves.

    Where there are walls on both sides the longer one decides, for a whole alley alike.

    Parameters
    ----------
    pieces
        The faces.
    is_open
        (M,) faces without a building.
    line
        (E,) barrier line that each edge follows, or NONE.
    barriers
        The area's barriers.
    """
    out = np.arange(len(pieces.polygons))
    front = is_open & _is_thin(pieces.polygons)
    wall = _walls(pieces, front, line, barriers)
    whole = np.bincount(line[wall], pieces.length[wall], len(barriers.lines))[line[wall]]
    sides = [(pieces.left[wall], pieces.right[wall]), (pieces.right[wall], pieces.left[wall])]
    strip, behind = (np.concatenate(ends) for ends in zip(*sides, strict=True))
    usable = front[strip] & ~front[behind]
    pair, at = np.unique(np.column_stack([strip, behind])[usable], axis=0, return_inverse=True)
    metres = np.bincount(at.ravel(), np.tile(pieces.length[wall], 2)[usable], len(pair))
    longest = np.zeros(len(pair))
    np.maximum.at(longest, at.ravel(), np.tile(whole, 2)[usable])
    along = np.flatnonzero(metres >= ALONG * shapely.length(pieces.polygons[pair[:, 0]]))
    best_last = along[np.lexsort((metres[along], longest[along]))]
    out[pair[best_last, 0]] = pair[best_last, 1]
    return out


def _is_thin(faces: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Faces whose mean width, that of a long strip with the same area and perimeter, is that of a front."""
    return np.asarray(2.0 * shapely.area(faces) <= FRONT_CM * shapely.length(faces))


def _walls(
    pieces: Pieces, front: NDArray[np.bool_], line: NDArray[np.int64], barriers: Barriers
) -> NDArray[np.int64]:
    """Edges on walls between a front and another face, but those on borders that somebody drew."""
    inner = (pieces.left != NONE) & (pieces.right != NONE) & (line != NONE)
    edges = np.flatnonzero(inner & (front[pieces.left] | front[pieces.right]))
    edges = edges[barriers.kind[line[edges]] == WALL]
    drawn = np.flatnonzero(np.isin(barriers.kind, GIVEN))
    given = Barriers(barriers.lines[drawn], barriers.kind[drawn], barriers.names[drawn])
    return np.asarray(edges[follow(pieces.xy[edges], given) == NONE])
