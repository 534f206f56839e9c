"""Merge grids: the largest takes the ground of the others and keeps its name and its parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from spatial.plans.actions import emptied, households, removed
from spatial.plans.apply import batch
from spatial.plans.guards import refuse
from spatial.plans.moves import Assign, Move
from spatial.plans.shapes import adjacency, grid_shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.errors import Refused
    from spatial.plans.tree import Node, PlanState


def merge(state: PlanState, nodes: Sequence[int], *, parts: bool = False) -> Move:
    """Merge leaves into the one with most households, across parents too.

    Parameters
    ----------
    state
        The plan.
    nodes
        Two leaves or more.
    parts
        Take grids that do not touch: the merged grid lies in parts then.

    Raises
    ------
    Refused
        merge_itself, merge_parents (not leaves), merge_kinds (a dedicated and an ordinary grid), merge_apart
        (they do not touch; ``data["parts"]`` lists who hangs together).
    """
    wanted = [state.node(n) for n in dict.fromkeys(nodes)]
    _may_merge(state, wanted)
    held: dict[int, list[int]] = {node.id: [] for node in wanted}
    for cell, leaf in sorted(state.assign.items()):
        if leaf in held:
            held[leaf].append(cell)
    keep = min(held, key=lambda n: (-households(state, held[n]), -len(held[n]), n))
    full = [n for n in held if held[n]]
    if not parts and len(pieces := _together(state, full)) > 1:
        raise _apart(wanted, pieces)
    cells = tuple(sorted(c for n in full if n != keep for c in held[n]))
    gone = [n for n in held if not held[n] and n != keep] + emptied(state, cells, keep)
    return batch(*([Assign(cells, keep)] if cells else []), *removed(gone))


def _may_merge(state: PlanState, wanted: Sequence[Node]) -> None:
    if len(wanted) < 2:
        raise refuse("merge_itself", "请选择两个不同的网格。", "Choose two different grids.", *wanted)
    leaves = {node.id for node in state.leaves()}
    if any(node.id not in leaves for node in wanted):
        raise refuse(
            "merge_parents",
            "只能合并最下一级的网格;请先合并它们下面的网格。",
            "Only grids with none below them can be merged; merge those below first.",
            *(node for node in wanted if node.id not in leaves),
        )
    if len({node.kind for node in wanted}) > 1:
        raise refuse(
            "merge_kinds",
            "专属网格不能和普通网格合并;请先改网格类别。",
            "A dedicated grid does not merge with an ordinary one; change its kind first.",
            *wanted,
        )


def _apart(wanted: Sequence[Node], pieces: Sequence[Sequence[int]]) -> Refused:
    names = "、".join(f"“{node.name}”" for node in wanted)
    refusal = refuse(
        "merge_apart",
        f"{names}不相邻,合并后会分成 {len(pieces)} 块;请改选相邻的网格,或确认分块合并。",
        f"{', '.join(node.name for node in wanted)} do not touch: merged, they would lie in {len(pieces)} "
        "parts. Choose neighbours, or merge them in parts.",
        *wanted,
    )
    refusal.data["parts"] = [list(piece) for piece in pieces]
    return refusal


def _together(state: PlanState, nodes: Sequence[int]) -> list[list[int]]:
    """Group grids that touch: an edge on the ground, or floor runs of one face."""
    shapes = grid_shapes(state, nodes=nodes)
    place = {node: i for i, node in enumerate(nodes)}
    frame = adjacency(np.array([shapes[n] for n in nodes], dtype=object), min_m=0.0)
    links = list(zip(frame["a"].tolist(), frame["b"].tolist(), strict=True))
    first: dict[str, int] = {}
    for cell, leaf in state.assign.items():
        if leaf in place:
            links.append((first.setdefault(state.cells[cell].face, place[leaf]), place[leaf]))
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(len(nodes),) * 2)
    of = connected_components(graph, directed=False)[1]
    return [
        [nodes[i] for i in np.flatnonzero(of == piece).tolist()]
        for piece in range(int(of.max(initial=-1)) + 1)
    ]
