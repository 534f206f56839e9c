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


GRID_COLUMNS = (
    "code", "short", "level", "kind", "name", "parent", "area_code", "households", "registered", "stairwell",
    "floors", "reason", "valid_from", "valid_to", "geometry",
)  # fmt: skip
"""Columns of published grids, as the view ``published.grids`` has them, wherever they are read or written."""
PROOF_COLUMNS = ("locked", "proof")
"""What a check needs besides, where a grid gives a reason: whether it is locked, what shows its reason."""


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
    """Grids that hold some floors of a stairwell and not all: which stairwell, which floors.

    Returns
    -------
    dict
        Grid id -> its floors. What else the grid holds does not matter; a grid that holds parts of several
        stairwells, or floors with a gap between, has no entry.
    """
    runs: Counter[str] = Counter(cell.face for cell in state.cells.values())
    held: dict[int, dict[str, list[CellRow]]] = {}
    for cell_id, leaf in state.assign.items():
        cell = state.cells[cell_id]
        if cell.floor_low is not None:
            for node in state.chain(leaf):
                held.setdefault(node.id, {}).setdefault(cell.face, []).append(cell)
    found = {}
    for node_id, faces in sorted(held.items()):
        parts = [cells for face, cells in faces.items() if len(cells) < runs[face]]
        stack = _stack(parts[0]) if len(parts) == 1 else None
        if stack is not None:
            found[node_id] = stack
    return found


def _stack(cells: list[CellRow]) -> Stack | None:
    """Floors of runs that follow one another, or None."""
    spans = sorted(
        (c.floor_low, c.floor_high) for c in cells if c.floor_low is not None and c.floor_high is not None
    )
    # Basements: there is no floor 0, so -1 is followed by 1.
    for (_, high), (low, _) in pairwise(spans):
        if low - high > 1 and not (high == -1 and low == 1):
            return None
    return Stack(cells[0].bid, cells[0].stairwell, spans[0][0], spans[-1][1])


def locked_grids(state: PlanState) -> set[int]:
    """Grids that are locked, themselves or by a grid above."""
    found: set[int] = set()
    for node in sorted(state.nodes.values(), key=lambda n: n.level):
        if node.locked or node.parent in found:
            found.add(node.id)
    return found
