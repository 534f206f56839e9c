"""The plan in memory: a tree of grids, and every cell of the ground given to one of its leaves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from spatial.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    from spatial.policy import Kind


@dataclass(frozen=True)
class Node:
    """One grid of a plan.

    Parameters
    ----------
    id, parent
        Numbers within the plan; the root (the basic grid) has no parent.
    level
        0 for the root, 1 for its children, and so on.
    kind
        basic (the root), ordinary, or dedicated.
    name
        What people call it; unique under its parent.
    label
        Provisional short number of a draft, such as ``3-02``; the root's is empty.
    locked
        A locked grid, and everything below it, refuses every move but its unlocking.
    rev
        Revision of the plan that last changed this row or the cells of this leaf.
    """

    id: int
    parent: int | None
    level: int
    kind: Kind
    name: str
    label: str = ""
    locked: bool = False
    rev: int = 0


@dataclass(frozen=True)
class FaceRow:
    """One face of the ground: geometry in whole lattice centimetres.

    ``footprint`` is the building's part of the face, or None; ``cut`` is True when a cut of this plan made
    it.
    """

    id: str
    polygon: Polygon
    footprint: Polygon | MultiPolygon | None = None
    cut: bool = False


@dataclass(frozen=True)
class CellRow:
    """One cell: a face, or a run of floors on a face (both ends included; None where there are no runs)."""

    id: int
    face: str
    floor_low: int | None = None
    floor_high: int | None = None
    bid: str | None = None
    stairwell: str | None = None
    households: int = 0
    registered: int = 0
    group: str | None = None


@dataclass(frozen=True)
class CutRecord:
    """What a cut replaced, so that a join can put it back.

    Parameters
    ----------
    face
        The face that was cut.
    cells
        Its cells, the lowest run first.
    parts
        Faces that came of it: the one that holds the building (or the larger) first.
    made
        Ids of the cells that came of it: as ``cells``, then the one of the second part.
    line
        The cut as it was stored, lattice centimetres, ends on the ring.
    """

    face: FaceRow
    cells: tuple[CellRow, ...]
    parts: tuple[str, str]
    made: tuple[int, ...]
    line: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Count:
    """Sums over the cells of a grid."""

    households: int = 0
    registered: int = 0
    buildings: int = 0
    cells: int = 0


@dataclass
class PlanState:
    """A plan in memory. Only `spatial.plans.apply.apply` changes it.

    Parameters
    ----------
    nodes
        Grids by id; exactly one root.
    cells, faces
        Cells and faces of the ground as this plan has cut it.
    assign
        Cell id -> leaf id; an unassigned cell has no entry.
    cell_rev
        Cell id -> revision that last moved it; 0 where there is no entry.
    cuts
        Cuts in force (also those whose parts were cut again), by the id of the face that was cut.
    levels
        Levels below the root that the division knows (3 in a community, 2 in a village).
    spacing_m
        Greatest distance between lattice vertices along an edge, metres (`Policy.node_spacing_m`).
    counts
        Which households the bands count (`Policy.counts`).
    rev
        Revision: the number of actions so far.
    next_node, next_cell
        Ids that the next new grid and cell get; follow from what is there when not given.
    """

    nodes: dict[int, Node]
    cells: dict[int, CellRow]
    faces: dict[str, FaceRow]
    assign: dict[int, int]
    cell_rev: dict[int, int] = field(default_factory=dict)
    cuts: dict[str, CutRecord] = field(default_factory=dict)
    levels: int = 3
    spacing_m: float = 2.0
    counts: Literal["occupied", "registered"] = "occupied"
    rev: int = 0
    next_node: int = -1
    next_cell: int = -1

    def __post_init__(self) -> None:
        if self.next_node < 0:
            self.next_node = max(self.nodes, default=0) + 1
        if self.next_cell < 0:
            gone = (cell.id for record in self.cuts.values() for cell in record.cells)
            self.next_cell = max([*self.cells, *gone], default=-1) + 1

    def copy(self) -> PlanState:
        """Copy the plan, so that a move on the copy leaves this one as it is."""
        return replace(
            self, nodes=dict(self.nodes), cells=dict(self.cells), faces=dict(self.faces),
            assign=dict(self.assign), cell_rev=dict(self.cell_rev), cuts=dict(self.cuts),
        )  # fmt: skip

    def afresh(self) -> PlanState:
        """Copy the plan as one that nobody has edited yet: all revisions are 0."""
        nodes = {k: replace(node, rev=0) for k, node in self.nodes.items()}
        return replace(self.copy(), nodes=nodes, cell_rev={}, rev=0)

    @property
    def root(self) -> Node:
        """The basic grid."""
        return next(node for node in self.nodes.values() if node.parent is None)

    def node(self, node_id: int) -> Node:
        """One grid; NotFound (``no_such_grid``) when the plan has none of this id."""
        try:
            return self.nodes[node_id]
        except KeyError:
            raise NotFound(
                "no_such_grid",
                zh=f"方案中没有编号为 {node_id} 的网格,请刷新后再试。",
                en=f"The plan has no grid {node_id}; reload and try again.",
            ) from None

    def children(self, node_id: int) -> list[Node]:
        """Grids directly below one, in order of id."""
        return sorted((n for n in self.nodes.values() if n.parent == node_id), key=lambda n: n.id)

    def is_leaf(self, node_id: int) -> bool:
        """Whether a grid has no grids below it."""
        return all(node.parent != node_id for node in self.nodes.values())

    def leaves(self) -> list[Node]:
        """Grids without children, in order of id."""
        parents = {node.parent for node in self.nodes.values()}
        return sorted((n for n in self.nodes.values() if n.id not in parents), key=lambda n: n.id)

    def chain(self, node_id: int | None) -> Iterator[Node]:
        """Walk from a grid through its ancestors, upwards to the root."""
        while node_id is not None:
            node = self.nodes[node_id]
            yield node
            node_id = node.parent

    def below(self, node_id: int) -> set[int]:
        """Give the ids of a grid and of everything below it."""
        found = {node_id}
        edge = {node_id}
        while edge:
            edge = {node.id for node in self.nodes.values() if node.parent in edge}
            found |= edge
        return found

    def cells_of(self, node_id: int) -> list[int]:
        """Cells of a grid, of all its leaves, in order of id."""
        below = self.below(node_id)
        return sorted(cell for cell, leaf in self.assign.items() if leaf in below)

    def runs(self, face_id: str) -> list[CellRow]:
        """Cells of one face, the lowest run first."""
        cells = [cell for cell in self.cells.values() if cell.face == face_id]
        return sorted(cells, key=lambda c: (c.floor_low if c.floor_low is not None else -(10**6), c.id))

    def counted(self, cell: CellRow) -> int:
        """Households of a cell that the bands count."""
        return cell.households if self.counts == "occupied" else cell.registered

    def ancestor(self, node_id: int, level: int) -> int:
        """Give a grid's ancestor at a level, or the grid itself where its branch ends above it."""
        node = self.nodes[node_id]
        while node.level > level and node.parent is not None:
            node = self.nodes[node.parent]
        return node.id

    def labels(self, cells: Iterable[int], level: int) -> NDArray[np.int64]:
        """Id of the grid at a level that holds each cell; -1 where unassigned or the branch ends above."""
        return self.labels_of(cells, (level,))[0]

    def labels_of(self, cells: Iterable[int], levels: Iterable[int]) -> list[NDArray[np.int64]]:
        """Labels of several levels, as `labels` gives those of one."""
        leaf = np.fromiter((self.assign.get(cell, -1) for cell in cells), dtype=np.int64)
        out = []
        for level in levels:
            at = np.full(max(self.nodes) + 2, -1, dtype=np.int64)  # the last stands for no grid
            for node in self.nodes:
                ancestor = self.ancestor(node, level)
                if self.nodes[ancestor].level == level:
                    at[node] = ancestor
            out.append(at[leaf])
        return out


def count(state: PlanState) -> dict[int, Count]:
    """Sum households, registered, buildings and cells for every grid of a plan.

    A building counts in each grid that holds one of its cells. Grids without cells count zeros.
    """
    sums: dict[int, tuple[list[int], set[str]]] = {node_id: ([0, 0, 0], set()) for node_id in state.nodes}
    for cell_id, leaf in state.assign.items():
        cell = state.cells[cell_id]
        row, buildings = sums[leaf]
        row[0] += cell.households
        row[1] += cell.registered
        row[2] += 1
        if cell.bid is not None:
            buildings.add(cell.bid)
    for node in sorted(state.nodes.values(), key=lambda node: -node.level):
        if node.parent is not None:
            (row, buildings), (whole, those) = sums[node.id], sums[node.parent]
            whole[:] = [a + b for a, b in zip(whole, row, strict=True)]
            those |= buildings
    return {k: Count(row[0], row[1], len(buildings), row[2]) for k, (row, buildings) in sums.items()}
