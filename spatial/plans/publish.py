"""What an edition asks of a plan besides shapes and codes: points to number by, groups, stacked floors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely import MultiPolygon

    from spatial.plans.tree import CellRow, PlanState


@dataclass(frozen=True)
class Stack:
    """The floors of one stairwell that a grid holds, both ends included."""

    bid: str | None
    stairwell: str | None
    floor_low: int
    floor_high: int


def numbering_frame(state: PlanState, shapes: Mapping[int, MultiPolygon]) -> pd.DataFrame:
    """Grids as `spatial.plans.codes.number` takes them.

    Parameters
    ----------
    state
        The plan.
    shapes
        Grid id -> polygon in lattice centimetres, as `spatial.plans.shapes.grid_shapes` gives it for all
        levels; grids without ground are left out.

    Returns
    -------
    DataFrame
        Columns parent (Int64, <NA> at level 1), level, x, y (centroid); index = grid id, in order.
    """
    nodes = [n for n in sorted(state.nodes.values(), key=lambda n: n.id) if n.level and n.id in shapes]
    points = shapely.get_coordinates(shapely.centroid([shapes[n.id] for n in nodes])).reshape(-1, 2)
    parents = [n.parent if n.level > 1 else pd.NA for n in nodes]
    return pd.DataFrame(
        {
            "parent": pd.array(parents, dtype="Int64"),
            "level": [n.level for n in nodes],
            "x": points[:, 0],
            "y": points[:, 1],
        },
        index=pd.Index([n.id for n in nodes], dtype="int64"),
    )


def groups_of(state: PlanState) -> dict[int, str]:
    """Name the villagers' group that most households of a level-1 grid belong to (cells, where none live).

    Returns
    -------
    dict
        Grid id -> group's name; ordinary grids only, and no entry where less than half belong to one group.
    """
    votes: dict[int, Counter[str | None]] = {}
    for cell_id, leaf in state.assign.items():
        cell = state.cells[cell_id]
        votes.setdefault(state.ancestor(leaf, 1), Counter())[cell.group] += 1 + 1_000_000 * cell.registered
    out: dict[int, str] = {}
    for node_id, counted in sorted(votes.items()):
        node, (group, n) = state.nodes[node_id], counted.most_common(1)[0]
        if group is not None and node.level == 1 and node.kind == "ordinary" and 2 * n > counted.total():
            out[node_id] = group
    return out


def stacks(state: PlanState) -> dict[int, Stack]:
    """Grids that share a stairwell with others of their level and hold nothing else that is built.

    Returns
    -------
    dict
        Grid id -> its floors. Grids that hold other buildings too, all runs of the stairwell, or floors with
        a gap between have no entry.
    """
    held: dict[int, list[CellRow]] = {}
    runs: Counter[str] = Counter(cell.face for cell in state.cells.values())
    for cell_id, leaf in state.assign.items():
        cell = state.cells[cell_id]
        if cell.bid is not None or cell.registered:
            for node in state.chain(leaf):
                held.setdefault(node.id, []).append(cell)
    found = {node: _stack(cells, runs[cells[0].face]) for node, cells in sorted(held.items())}
    return {node: stack for node, stack in found.items() if stack is not None}


def _stack(cells: list[CellRow], runs: int) -> Stack | None:
    spans = [
        (c.floor_low, c.floor_high) for c in cells if c.floor_low is not None and c.floor_high is not None
    ]
    spans.sort()
    one_face = len({c.face for c in cells}) == 1
    if not one_face or len(spans) != len(cells) or len(cells) == runs:
        return None
    # Basements: there is no floor 0, so -1 is followed by 1.
    for (_, high), (low, _) in pairwise(spans):
        if low - high > 1 and not (high == -1 and low == 1):
            return None
    return Stack(cells[0].bid, cells[0].stairwell, spans[0][0], spans[-1][1])
