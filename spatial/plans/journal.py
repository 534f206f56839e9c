"""Every change an action makes, so that it can be taken back at once or told to the store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spatial.plans.tree import CellRow, CutRecord, FaceRow, Node, PlanState

_ABSENT = object()


@dataclass(frozen=True)
class Touched:
    """What one action changed: exactly the rows a store has to write.

    Parameters
    ----------
    rev
        Revision after the action.
    cells, cells_added, cells_removed
        Cells with a new leaf (those added among them); cells that a cut or join made; cells that it removed.
    nodes, nodes_removed
        Grids whose row is new or changed (also leaves that gained or lost a cell: their ``rev``); grids gone.
    counted
        Grids whose sums or shapes may have changed: leaves that gained or lost a cell, and all their
        ancestors, before and after.
    faces_added, faces_removed
        Ids of faces; a removed one stays in the ground where it was no cut's.
    cuts_added, cuts_removed
        Ids of faces whose cut is new, or undone by a join.
    """

    rev: int
    cells: tuple[int, ...] = ()
    cells_added: tuple[int, ...] = ()
    cells_removed: tuple[int, ...] = ()
    nodes: tuple[int, ...] = ()
    nodes_removed: tuple[int, ...] = ()
    counted: tuple[int, ...] = ()
    faces_added: tuple[str, ...] = ()
    faces_removed: tuple[str, ...] = ()
    cuts_added: tuple[str, ...] = ()
    cuts_removed: tuple[str, ...] = ()


@dataclass
class Journal:
    """Writes into a plan for one action, and remembers what stood there.

    Parameters
    ----------
    state
        The plan; its revision is raised by `commit` only.
    base_rev
        Revision that the planner saw.
    """

    state: PlanState
    base_rev: int
    _old: list[tuple[dict[Any, Any], Any, Any]] = field(default_factory=list)
    _counted: set[int] = field(default_factory=set)
    _next: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self._next = (self.state.next_node, self.state.next_cell)

    @property
    def rev(self) -> int:
        """Revision that this action makes."""
        return self.state.rev + 1

    def _set(self, mapping: dict[Any, Any], key: int | str, value: object) -> None:
        self._old.append((mapping, key, mapping.get(key, _ABSENT)))
        if value is _ABSENT:
            mapping.pop(key, None)
        else:
            mapping[key] = value

    def put_node(self, node: Node) -> None:
        """Write a grid's row, at this action's revision."""
        self._set(self.state.nodes, node.id, replace(node, rev=self.rev))

    def drop_node(self, node_id: int) -> None:
        """Remove a grid's row."""
        self._count(node_id)
        self._set(self.state.nodes, node_id, _ABSENT)

    def put_cell(self, cell: CellRow) -> None:
        """Add a cell."""
        self._set(self.state.cells, cell.id, cell)

    def drop_cell(self, cell_id: int) -> None:
        """Remove a cell and where it stood; its grid's ground stays the same."""
        self.assign(cell_id, None, changes_grid=False)
        self._set(self.state.cell_rev, cell_id, _ABSENT)
        self._set(self.state.cells, cell_id, _ABSENT)

    def put_face(self, face: FaceRow) -> None:
        """Add a face."""
        self._set(self.state.faces, face.id, face)

    def drop_face(self, face: str) -> None:
        """Remove a face."""
        self._set(self.state.faces, face, _ABSENT)

    def put_cut(self, record: CutRecord) -> None:
        """Record a cut."""
        self._set(self.state.cuts, record.face.id, record)

    def drop_cut(self, face: str) -> None:
        """Forget a cut."""
        self._set(self.state.cuts, face, _ABSENT)

    def assign(self, cell_id: int, leaf: int | None, *, changes_grid: bool = True) -> None:
        """Give a cell to a leaf, or to none; both leaves count as changed unless told otherwise."""
        for node_id in (self.state.assign.get(cell_id), leaf):
            if node_id is not None:
                self._count(node_id)
                node = self.state.nodes[node_id]
                if changes_grid and node.rev != self.rev:
                    self.put_node(node)
        self._set(self.state.assign, cell_id, _ABSENT if leaf is None else leaf)
        self._set(self.state.cell_rev, cell_id, self.rev)

    def count_branch(self, node_id: int) -> None:
        """Mark a grid and its ancestors as counted anew."""
        self._count(node_id)

    def _count(self, node_id: int) -> None:
        self._counted.update(node.id for node in self.state.chain(node_id))

    def before(self, mapping: dict[Any, Any]) -> dict[Any, Any]:
        """Changed keys of one of the plan's tables with their first old value (None where absent)."""
        first: dict[Any, Any] = {}
        for changed, key, old in self._old:
            if changed is mapping:
                first.setdefault(key, None if old is _ABSENT else old)
        return first

    def rollback(self) -> None:
        """Put everything back as it was."""
        for mapping, key, old in reversed(self._old):
            if old is _ABSENT:
                mapping.pop(key, None)
            else:
                mapping[key] = old
        self.state.next_node, self.state.next_cell = self._next
        self._old.clear()

    def commit(self) -> Touched:
        """Raise the revision and say what changed."""
        state = self.state
        cells, nodes = self.before(state.cells), self.before(state.nodes)
        faces, cuts = self.before(state.faces), self.before(state.cuts)
        state.rev = self.rev
        return Touched(
            rev=state.rev,
            cells=tuple(sorted(c for c in self.before(state.cell_rev) if c in state.cells)),
            cells_added=tuple(sorted(c for c, old in cells.items() if old is None and c in state.cells)),
            cells_removed=tuple(sorted(c for c, old in cells.items() if old and c not in state.cells)),
            nodes=tuple(sorted(n for n in nodes if n in state.nodes)),
            nodes_removed=tuple(sorted(n for n, old in nodes.items() if old and n not in state.nodes)),
            counted=tuple(sorted(n for n in self._counted if n in state.nodes)),
            faces_added=tuple(sorted(f for f, old in faces.items() if old is None and f in state.faces)),
            faces_removed=tuple(sorted(f for f, old in faces.items() if old and f not in state.faces)),
            cuts_added=tuple(sorted(c for c in cuts if c in state.cuts)),
            cuts_removed=tuple(sorted(c for c, old in cuts.items() if old and c not in state.cuts)),
        )
