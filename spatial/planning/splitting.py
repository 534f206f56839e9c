"""Split a grid into a number of grids: the partitioner divides it, the four moves carry it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spatial.errors import Infeasible
from spatial.plans.actions import created, households, kind_of
from spatial.plans.apply import batch
from spatial.plans.guards import refuse
from spatial.plans.moves import Assign, Move

if TYPE_CHECKING:
    from spatial.planning.desk import Work
    from spatial.policy import Policy


def split_into(found: Work, node_id: int, n: int, policy: Policy) -> Move:
    """Split a leaf into ``n`` grids by households, along features.

    The share with most households keeps the grid; the others become new grids beside it, or below it where
    the leaf is the basic grid itself.

    Raises
    ------
    Refused
        ``split_parent``: not a leaf.
    Infeasible
        ``too_few_cells``.
    """
    # numba is slow to import: who only looks up need not wait for it
    from spatial.partition.into import divide_into  # noqa: PLC0415

    state, standing = found.state, found.measured.standing
    node = state.node(node_id)
    if not state.is_leaf(node_id):
        raise refuse(
            "split_parent",
            f"“{node.name}”下面还有网格,请拆分它下面的某一个,或先把它们合并。",
            f"{node.name} has grids below it; split one of those, or merge them first.",
            node,
        )
    at = np.flatnonzero([state.assign.get(cell) == node_id for cell in standing.ids.tolist()])
    level = max(node.level, 1)
    try:
        label = divide_into(standing.graph, at, n, level, standing.bands, policy.weights)
    except Infeasible as error:
        error.data["nodes"] = [node_id]
        raise
    shares = [standing.ids[at[label == i]].tolist() for i in range(n)]
    shares.sort(key=lambda cells: (-households(state, cells), cells[0]))
    if node.parent is None:
        grids = created(state, node_id, n)
    else:
        grids = created(state, node.parent, n - 1, kind_of(node))
    given = [
        Assign(tuple(cells), grid.node) for cells, grid in zip(shares[1:], grids[-(n - 1) :], strict=True)
    ]
    return batch(*grids, *given)
