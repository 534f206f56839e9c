"""Fill leftovers: unassigned ground, and pieces that lie apart from their grid, go to the best neighbour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from spatial.plans.actions import emptied, removed
from spatial.plans.apply import batch
from spatial.plans.guards import refuse
from spatial.plans.moves import Assign, Move

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from spatial.plans.tree import PlanState
    from spatial.policy import Band


@dataclass(frozen=True)
class Links:
    """Neighbouring cells (ids ``a``, ``b``) and metres of common border that follow no feature; all (M,)."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    free_m: NDArray[np.float64]


def fill(state: PlanState, node_id: int | None, links: Links, bands: Sequence[Band]) -> Move:
    """Give leftovers to neighbours: where it keeps the band first, then over most border without feature.

    Parameters
    ----------
    state
        The plan.
    node_id
        A leaf: only its pieces apart from its largest. None: those of all leaves, and what is unassigned.
    links
        Who borders on whom.
    bands
        Bands of levels 1, 2, ...

    Raises
    ------
    Refused
        ``nothing_to_fill``.
    """
    leaves = [state.node(node_id).id] if node_id is not None else [n.id for n in state.leaves()]
    loose = {cell: leaf for leaf in leaves for cell in _islands(state, leaf, links)}
    free = set(loose) | (set() if node_id is not None else {c for c in state.cells if c not in state.assign})
    taken = _filled(state, free, loose, links, bands)
    if not taken:
        raise refuse(
            "nothing_to_fill",
            "没有零散地块可以归并：没有未划入的单元，也没有与本网格分开又能并入邻格的小块。",
            "There is nothing to fill: no cell without a grid, no piece apart that a neighbour could take.",
        )
    out: dict[int, list[int]] = {}
    for cell, leaf in sorted(taken.items()):
        out.setdefault(leaf, []).append(cell)
    gone = [n for n in emptied(state, taken, None) if not state.below(n) & out.keys()]
    return batch(*(Assign(tuple(cells), leaf) for leaf, cells in sorted(out.items())), *removed(gone))


def _islands(state: PlanState, leaf: int, links: Links) -> list[int]:
    """Cells of a leaf outside its largest piece (by households, then by cells)."""
    cells = np.array(state.cells_of(leaf), dtype=np.int64)
    if len(cells) < 2:
        return []
    held = np.isin(links.a, cells) & np.isin(links.b, cells)
    a, b = (np.searchsorted(cells, end[held]) for end in (links.a, links.b))
    graph = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(len(cells),) * 2)
    pieces, of = connected_components(graph, directed=False)
    households = np.array([state.counted(state.cells[c]) for c in cells.tolist()])
    main = max(range(pieces), key=lambda p: (households[of == p].sum(), (of == p).sum(), -p))
    return [int(c) for c in cells[of != main]]


def _filled(
    state: PlanState, free: set[int], source: dict[int, int], links: Links, bands: Sequence[Band]
) -> dict[int, int]:
    """Give free cells one after the other to the best leaf beside them."""
    near: dict[int, dict[int, float]] = {cell: {} for cell in free}
    for a, b, metres in zip(links.a.tolist(), links.b.tolist(), links.free_m.tolist(), strict=True):
        for one, other in ((a, b), (b, a)):
            if one in near:
                near[one][other] = near[one].get(other, 0.0) + metres
    held = _households(state, (c for c in state.assign if c not in free))
    pull = {cell: _pull(state, own, free, source.get(cell)) for cell, own in near.items()}
    taken: dict[int, int] = {}
    while live := [(*_worth(state, cell, leaf, m, held, bands), cell, leaf)
                   for cell, own in pull.items() for leaf, m in own.items()]:  # fmt: skip
        *_, cell, leaf = max(live)
        taken[cell] = leaf
        held[leaf] = held.get(leaf, 0) + state.counted(state.cells[cell])
        del pull[cell]
        for other, metres in near[cell].items():
            if other in pull and source.get(other) != leaf:
                pull[other][leaf] = pull[other].get(leaf, 0.0) + metres
    return taken


def _households(state: PlanState, cells: Iterable[int]) -> dict[int, int]:
    out: dict[int, int] = {}
    for cell in cells:
        leaf = state.assign[cell]
        out[leaf] = out.get(leaf, 0) + state.counted(state.cells[cell])
    return out


def _pull(state: PlanState, own: dict[int, float], free: set[int], source: int | None) -> dict[int, float]:
    """Metres without feature towards each leaf beside a cell, but not towards a locked one, or its own."""
    out: dict[int, float] = {}
    for other, metres in own.items():
        leaf = state.assign.get(other)
        if other in free or leaf is None or leaf == source:
            continue
        if not any(node.locked for node in state.chain(leaf)):
            out[leaf] = out.get(leaf, 0.0) + metres
    return out


def _worth(
    state: PlanState, cell: int, leaf: int, metres: float, held: dict[int, int], bands: Sequence[Band]
) -> tuple[bool, bool, float]:
    """How well a leaf suits a cell: one that may hold households, in band with it, most free border."""
    node, n = state.nodes[leaf], state.counted(state.cells[cell])
    most = bands[node.level - 1].maximum if node.level else None
    fits = most is None or held.get(leaf, 0) + n <= most
    return (node.kind != "dedicated" or not n, fits, metres)
