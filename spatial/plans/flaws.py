"""What is wrong with a plan, for the list beside the map and for publishing.

Gaps and overlaps are no matter of a plan: `spatial.ground.seam` proves them over its faces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from spatial.plans.guards import title
from spatial.plans.tree import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from spatial.plans.tree import Count, Node, PlanState
    from spatial.policy import Band

Links = tuple["NDArray[np.int64]", "NDArray[np.int64]"]
"""Pairs of neighbouring cells, by id."""
FlawKind = Literal["out_of_band", "disconnected", "unassigned", "dedicated_households", "empty"]


@dataclass(frozen=True)
class PlanFlaw:
    """One flaw of a plan.

    Parameters
    ----------
    kind
        out_of_band, disconnected, unassigned, dedicated_households, or empty (a grid without ground).
    node
        The grid, or None for unassigned cells.
    cells
        Where it lies: the unassigned cells; of a disconnected grid the cells outside its largest piece.
    zh, en
        The flaw in words.
    blocking
        Whether it forbids publishing. One out of band may be accepted with its reason.
    data
        Numbers: households, minimum, maximum; pieces (cells of each).
    """

    kind: FlawKind
    node: int | None
    cells: tuple[int, ...]
    zh: str
    en: str
    blocking: bool
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pieces:
    """Connected pieces of a plan's grids, level by level.

    Parameters
    ----------
    ids
        (n,) cells, ascending.
    links
        Cells (ids) that are neighbours, as two arrays; see `cell_links`.
    labels, numbers
        Of levels 0, 1, 2, ...: (n,) grid of each cell, -1 for none, and the number of the piece it lies in.
    """

    ids: NDArray[np.int64]
    links: Links
    labels: list[NDArray[np.int64]]
    numbers: list[NDArray[np.int64]]


def find_pieces(
    ids: NDArray[np.int64], labels: list[NDArray[np.int64]], links: Links, before: Pieces | None = None
) -> Pieces:
    """Find the connected pieces of a plan's grids; levels whose labels are as ``before`` are taken over."""
    if before is not None and before.links is not links:
        before = None
    low, high = (np.searchsorted(ids, end) for end in links)
    numbers = [
        before.numbers[level]
        if before is not None and level < len(before.labels) and np.array_equal(before.labels[level], mine)
        else _pieces(mine, low, high)
        for level, mine in enumerate(labels)
    ]
    return Pieces(ids, links, labels, numbers)


def find_flaws(
    state: PlanState,
    bands: Sequence[Band],
    pieces: Pieces,
    counts: Mapping[int, Count] | None = None,
) -> list[PlanFlaw]:
    """List the flaws of a plan, by kind, then by grid.

    Parameters
    ----------
    state
        The plan.
    bands
        Bands of levels 1, 2, ...
    pieces
        The connected pieces of its grids; see `find_pieces`.
    counts
        Sums of every grid, where they are known.
    """
    counts = count(state) if counts is None else counts
    nodes = sorted((n for n in state.nodes.values() if n.level > 0), key=lambda n: (n.level, n.id))
    found = [flaw for node in nodes for flaw in _of_grid(state, node, counts[node.id], bands)]
    return [*found, *_disconnected(state, pieces), *_unassigned(state)]


def _of_grid(state: PlanState, node: Node, sums: Count, bands: Sequence[Band]) -> list[PlanFlaw]:
    """Flaws that a grid's numbers show."""
    name, n = title(node), sums.households if state.counts == "occupied" else sums.registered
    if not sums.cells:
        zh, en = f"“{name}”没有任何地块", f"{name} holds no ground"
        return [PlanFlaw("empty", node.id, (), zh, en, blocking=True)]
    if node.kind == "dedicated":
        if not sums.registered:
            return []
        zh = f"专属网格“{name}”里有 {sums.registered} 户"
        en = f"Dedicated grid {name} holds {sums.registered} households"
        data = {"households": sums.households, "registered": sums.registered}
        return [PlanFlaw("dedicated_households", node.id, (), zh, en, blocking=True, data=data)]
    band = bands[node.level - 1]
    if band.minimum is None or band.maximum is None or band.holds(n):
        return []
    zh = f"“{name}”有 {n} 户,应为 {band.minimum}-{band.maximum} 户"
    en = f"{name} holds {n} households, the band is {band.minimum}-{band.maximum}"
    data = {"households": n, "minimum": band.minimum, "maximum": band.maximum}
    return [PlanFlaw("out_of_band", node.id, (), zh, en, blocking=True, data=data)]


def _unassigned(state: PlanState) -> list[PlanFlaw]:
    cells = tuple(sorted(c for c in state.cells if c not in state.assign))
    if not cells:
        return []
    zh, en = f"有 {len(cells)} 个单元没有划入任何网格", f"{len(cells)} cells are in no grid"
    return [PlanFlaw("unassigned", None, cells, zh, en, blocking=True)]


def cell_links(state: PlanState, faces: Sequence[str], a: NDArray[np.int64], b: NDArray[np.int64]) -> Links:
    """Neighbouring cells: lowest runs of faces with a common edge, and consecutive runs of one face.

    Parameters
    ----------
    state
        The plan.
    faces
        Ids of faces, by the positions used in ``a`` and ``b``.
    a, b
        Positions of faces with a common edge (`spatial.plans.shapes.adjacency`).

    Returns
    -------
    low, high
        (M,) cell ids.
    """
    runs: dict[str, list[tuple[int, int]]] = {}
    for cell in state.cells.values():
        low = -(10**6) if cell.floor_low is None else cell.floor_low
        runs.setdefault(cell.face, []).append((low, cell.id))
    ordered = {face: [cell for _, cell in sorted(rows)] for face, rows in runs.items()}
    lowest = np.array([ordered[face][0] for face in faces], dtype=np.int64)
    stacked = [pair for rows in ordered.values() for pair in pairwise(rows)]
    up = np.array(stacked, dtype=np.int64).reshape(-1, 2)
    return np.concatenate([lowest[a], up[:, 0]]), np.concatenate([lowest[b], up[:, 1]])


def _disconnected(state: PlanState, found: Pieces) -> list[PlanFlaw]:
    """Grids in more pieces than the parts of their parent that they reach."""
    flaws: list[PlanFlaw] = []
    for above, labels, pieces in zip(found.numbers[:-1], found.labels[1:], found.numbers[1:], strict=True):
        nodes, own = _kinds(labels, pieces)
        for node in nodes[own > _kinds(labels, above)[1]].tolist():
            mine = np.flatnonzero(labels == node)
            parts, sizes = np.unique(pieces[mine], return_counts=True)
            flaws.append(_broken(state.nodes[node], found.ids[mine], pieces[mine], parts, sizes))
    return flaws


def _kinds(
    labels: NDArray[np.int64], pieces: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labels that are there, ascending, and in how many pieces the cells of each lie."""
    held = labels >= 0
    span = len(labels) + 1
    nodes, counts = np.unique(np.unique(labels[held] * span + pieces[held]) // span, return_counts=True)
    return nodes, counts


def _pieces(labels: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the connected pieces of equal label; unlabelled cells stand alone."""
    same = (labels[low] == labels[high]) & (labels[low] >= 0)
    n = len(labels)
    graph = coo_matrix((np.ones(int(same.sum()), np.int8), (low[same], high[same])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _broken(
    node: Node,
    ids: NDArray[np.int64],
    pieces: NDArray[np.int64],
    own: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> PlanFlaw:
    main = own[np.argmax(sizes)]
    name = title(node)
    return PlanFlaw(
        "disconnected",
        node.id,
        tuple(ids[pieces != main].tolist()),
        f"“{name}”分成不相连的 {len(own)} 块",
        f"{name} lies in {len(own)} pieces",
        blocking=False,
        data={"pieces": [ids[pieces == piece].tolist() for piece in own]},
    )
