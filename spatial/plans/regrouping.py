"""Turn a plan into one of other labels by moves: grids that stay keep their ids, names and locks.

Pure. The moves are found by carrying them out on a copy, so that the batch of them can be applied as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spatial.plans.apply import apply, batch
from spatial.plans.guards import refuse
from spatial.plans.moves import Assign, Move, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from spatial.plans.moves import NewKind
    from spatial.plans.tree import PlanState

    Ints = NDArray[np.int64]

NONE = -1


def regrouped(
    state: PlanState, cells: Sequence[int], labels: Sequence[Ints], dedicated: Collection[int] = ()
) -> Move:
    """Find the move that gives cells to other grids.

    A new grid takes over the grid of its level, under its parent, with which it shares most households (then
    cells); others are created, and what is left empty is removed.

    Parameters
    ----------
    state
        The plan; not changed.
    cells
        (n,) ids of all its cells.
    labels
        For level 1, 2, ...: (n,) label of each cell, -1 where the branch ends above.
    dedicated
        Labels of level 1 that are dedicated grids.

    Raises
    ------
    Refused
        ``nothing_changes``.
    """
    work, done = state.copy(), []

    def do(move: Move) -> None:
        apply(work, move, work.rev)
        done.append(move)

    nodes = _created(state, work, do, cells, labels, dedicated)
    leaf = np.full(len(cells), NONE, dtype=np.int64)
    for given, node in zip(labels, nodes, strict=True):
        inside = given >= 0
        leaf[inside] = [node[label] for label in given[inside].tolist()]
    wanted = pd.Series(list(cells)).groupby(leaf)
    for target, group in wanted:
        moved = tuple(c for c in group.tolist() if work.assign.get(c) != target)
        if moved:
            do(Assign(moved, int(str(target))))
    kept = {node for one in nodes for node in one.values()} | {state.root.id}
    for old in sorted(work.nodes.values(), key=lambda n: (-n.level, n.id)):
        if old.id not in kept:
            do(Tree("remove", node=old.id))
    if work.assign == state.assign:
        raise refuse("nothing_changes", "重划的结果与现在相同。", "Proposed again, it comes out as it is.")
    return batch(*done)


def _created(
    state: PlanState, work: PlanState, do: Callable[[Move], None], cells: Sequence[int],
    labels: Sequence[Ints], dedicated: Collection[int],
) -> list[dict[int, int]]:  # fmt: skip
    """For each level the grid of each label: one that is there, or a new one."""
    weight = np.array([1 + 1000 * state.counted(state.cells[c]) for c in cells], dtype=np.int64)
    above = np.full(len(cells), state.root.id, dtype=np.int64)
    nodes: list[dict[int, int]] = []
    for level, given in enumerate(labels, start=1):
        inside = np.flatnonzero(given >= 0)
        parent = pd.Series(above[inside]).groupby(given[inside]).first()
        at = _taken_over(state, cells, given, level, weight, parent.to_dict())
        for label, up in parent.items():
            if label not in at:
                kind: NewKind = "dedicated" if level == 1 and label in dedicated else "ordinary"
                at[int(str(label))] = work.next_node
                do(Tree("create", node=work.next_node, parent=int(up), kind=kind))
        above = above.copy()
        above[inside] = [at[label] for label in given[inside].tolist()]
        nodes.append(at)
    return nodes


def _taken_over(
    state: PlanState, cells: Sequence[int], given: Ints, level: int, weight: Ints, parent: dict[int, int]
) -> dict[int, int]:
    """Grids of a level that labels take over: the most shared first, each once, under their own parent."""
    old = state.labels(list(cells), level)
    both = (given >= 0) & (old >= 0)
    shared = pd.DataFrame({"new": given[both], "old": old[both], "w": weight[both]})
    pairs = shared.groupby(["new", "old"], as_index=False)["w"].sum()
    pairs = pairs.sort_values(["w", "old", "new"], ascending=[False, True, True])
    at: dict[int, int] = {}
    used: set[int] = set()
    for new, was in pairs[["new", "old"]].itertuples(index=False):
        if new not in at and was not in used and state.nodes[was].parent == parent[new]:
            at[int(new)] = int(was)
            used.add(was)
    return at
