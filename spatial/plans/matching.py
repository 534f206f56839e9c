"""What two plans of one ground have in common: homes that are the same, and grids that are each other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.plans.tree import CellRow, PlanState

Home = tuple[str | None, str | None, int | None, int | None]
"""Building, stairwell, lowest and highest floor of a cell."""


def homes(state: PlanState) -> dict[Home, CellRow]:
    """List the cells of a plan that belong to a building, by what is the same in every plan of its ground.

    Ids are not: two plans that cut ground give the same new ids to different cells.
    """
    cells = (state.cells[c] for c in sorted(state.cells))
    return {(c.bid, c.stairwell, c.floor_low, c.floor_high): c for c in cells if c.bid is not None}


def matched(
    households: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64]
) -> dict[int, int]:
    """Match the grids of two divisions so that as many households as can be stay in theirs (Kuhn 1955).

    Parameters
    ----------
    households
        (n,) per cell.
    one, other
        (n,) grid of each cell, -1 for none.

    Returns
    -------
    dict
        Grid of ``one`` -> its grid of ``other``; those that share no household are left out.

    Examples
    --------
    >>> matched(np.array([5, 5, 2]), np.array([0, 0, 1]), np.array([7, 8, 8]))
    {0: 7, 1: 8}
    """
    used = (one >= 0) & (other >= 0) & (households > 0)
    a, at = np.unique(one[used], return_inverse=True)
    b, to = np.unique(other[used], return_inverse=True)
    shared = np.zeros((len(a), len(b)), dtype=np.int64)
    np.add.at(shared, (at, to), households[used])
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return {
        int(a[r]): int(b[c]) for r, c in zip(rows.tolist(), columns.tolist(), strict=True) if shared[r, c]
    }
