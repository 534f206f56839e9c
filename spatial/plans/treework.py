"""The move that changes the tree: create, remove, re-parent, rename, kind, lock, unlock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spatial.errors import BadParameter, StaleRevision, Where
from spatial.plans.codes import child_label, grid_name
from spatial.plans.guards import fresh, refuse, unlocked
from spatial.plans.moves import Move, Tree
from spatial.plans.tree import Node

if TYPE_CHECKING:
    from spatial.plans.journal import Journal
    from spatial.plans.moves import NewKind
    from spatial.plans.tree import PlanState


def change_tree(journal: Journal, move: Tree) -> Move:
    """Carry out one tree move; give its inverse.

    The first child of a leaf takes over the leaf's cells, and the last child gives them back when removed.

    Raises
    ------
    Refused
        too_deep, dedicated_has_children, name_taken, not_empty, has_children, is_basic, under_itself,
        parent_has_cells, nothing_changes.
    BadParameter
        ``bad_move``: a field that the operation needs is missing.
    StaleRevision, Locked, NotFound
        As in `spatial.plans.apply.apply`.
    """
    if move.op == "create":
        return _create(journal, move)
    node_id = _needed(move, "node", move.node)
    fresh(journal, nodes=[node_id])
    node = journal.state.nodes[node_id]
    if move.op in {"lock", "unlock"}:
        return _lock(journal, node, locked=move.op == "lock")
    unlocked(journal.state, [node_id])
    match move.op:
        case "remove":
            return _remove(journal, node)
        case "reparent":
            return _reparent(journal, node, move)
        case "rename":
            return _rename(journal, node, move)
        case _:
            return _kind(journal, node, move)


def _needed(move: Tree, field: str, value: int | None) -> int:
    if value is None:
        raise BadParameter(
            "bad_move",
            zh=f"操作“{move.op}”缺少“{field}”。",
            en=f"{move.op} needs {field!r}.",
            where=(Where(field=field),),
        )
    return value


def next_label(state: PlanState, parent: int) -> str:
    """Give the provisional label a new child gets: the next number under its parent."""
    return next_labels(state, parent, 1)[0]


def next_labels(state: PlanState, parent: int, count: int) -> list[str]:
    """Give the provisional labels that so many new children get."""
    numbers = [
        int(tail)
        for child in state.children(parent)
        if (tail := child.label.rpartition("-")[2]).isascii() and tail.isdigit()
    ]
    last = max(numbers, default=0)
    return [child_label(state.nodes[parent].label, last + i) for i in range(1, count + 1)]


def free_name(state: PlanState, parent: int, name: str) -> str:
    """Give a name, with a number behind it where a sibling-to-be has it already."""
    taken = {child.name for child in state.children(parent)}
    free, n = name, 2
    while free in taken:
        free, n = f"{name}({n})", n + 1
    return free


def _unique(state: PlanState, parent: int | None, name: str, but: int | None = None) -> None:
    for node in state.nodes.values():
        if node.parent == parent and node.id != but and node.name == name:
            raise refuse(
                "name_taken",
                f"同级网格中已有“{name}”,请换一个名称。",
                f"A grid beside it is already called {name}; choose another name.",
                node,
            )


def _fits(state: PlanState, parent: Node, depth: int) -> None:
    """Refuse a parent that is dedicated, or too low for ``depth`` levels below it."""
    if parent.kind == "dedicated":
        raise refuse(
            "dedicated_has_children",
            f"“{parent.name}”是专属网格,下面不再分网格。",
            f"{parent.name} is a dedicated grid and has no grids below it.",
            parent,
        )
    if parent.level + depth > state.levels:
        raise refuse(
            "too_deep",
            f"“{parent.name}”已是最细一级,下面不能再分。",
            f"{parent.name} is too low: there are only {state.levels} levels.",
            parent,
        )


def _create(journal: Journal, move: Tree) -> Move:
    state = journal.state
    parent_id = _needed(move, "parent", move.parent)
    fresh(journal, nodes=[parent_id])
    unlocked(state, [parent_id])
    parent = state.nodes[parent_id]
    _fits(state, parent, 1)
    node_id = state.next_node if move.node is None else move.node
    if node_id in state.nodes:
        raise StaleRevision(
            "stale",
            zh=f"编号 {node_id} 的网格已经存在,请刷新后再试。",
            en=f"Grid {node_id} exists by now; reload and try again.",
            data={"rev": state.rev, "base_rev": journal.base_rev, "nodes": [node_id]},
        )
    label = move.label if move.label is not None else next_label(state, parent_id)
    name = move.name or free_name(state, parent_id, grid_name(state.root.name, label))
    _unique(state, parent_id, name)
    heir = state.is_leaf(parent_id)
    state.next_node = max(state.next_node, node_id + 1)
    journal.put_node(Node(node_id, parent_id, parent.level + 1, move.kind or "ordinary", name, label))
    journal.count_branch(node_id)
    if heir:
        _hand_over(journal, parent_id, node_id)
    return Tree("remove", node=node_id)


def _hand_over(journal: Journal, source: int, target: int) -> None:
    for cell, leaf in list(journal.state.assign.items()):
        if leaf == source:
            journal.assign(cell, target)


def _not_basic(node: Node) -> int:
    if node.parent is None:
        raise refuse(
            "is_basic",
            "基础网格本身不能这样改动。",
            "The basic grid itself can't be changed this way.",
            node,
        )
    return node.parent


def _remove(journal: Journal, node: Node) -> Move:
    state = journal.state
    parent = _not_basic(node)
    if not state.is_leaf(node.id):
        raise refuse(
            "has_children",
            f"“{node.name}”下面还有网格,请先移走或删除它们。",
            f"{node.name} has grids below it; move or remove those first.",
            node,
        )
    if len(state.children(parent)) == 1:
        _hand_over(journal, node.id, parent)
    elif node.id in state.assign.values():
        raise refuse(
            "not_empty",
            f"“{node.name}”里还有地块,请先划给别的网格。",
            f"{node.name} still holds ground; give it to another grid first.",
            node,
        )
    journal.drop_node(node.id)
    kind: NewKind = "dedicated" if node.kind == "dedicated" else "ordinary"
    return Tree("create", node=node.id, parent=parent, kind=kind, name=node.name, label=node.label)


def _reparent(journal: Journal, node: Node, move: Tree) -> Move:
    state = journal.state
    old = _not_basic(node)
    target = _needed(move, "parent", move.parent)
    fresh(journal, nodes=[target])
    unlocked(state, [target])
    parent, family = state.nodes[target], state.below(node.id)
    if target == old:
        raise refuse("nothing_changes", "它已经在这个网格下面。", "It is below this grid already.", node)
    if target in family:
        raise refuse(
            "under_itself", "网格不能放到自己下面。", "A grid can't be put below itself.", node, parent
        )
    if target in state.assign.values():
        raise refuse(
            "parent_has_cells",
            f"“{parent.name}”下面还没有分网格,请先在它下面建一个网格。",
            f"{parent.name} has no grids below it yet; create one there first.",
            parent,
        )
    _fits(state, parent, max(state.nodes[n].level for n in family) - node.level + 1)
    _unique(state, target, node.name)
    label = move.label if move.label is not None else next_label(state, target)
    journal.count_branch(node.id)
    for one in sorted(family):
        row = state.nodes[one]
        new = label + row.label[len(node.label) :] if row.label.startswith(node.label) else row.label
        above = target if one == node.id else row.parent
        journal.put_node(
            replace(row, parent=above, level=row.level + parent.level + 1 - node.level, label=new)
        )
    journal.count_branch(node.id)
    return Tree("reparent", node=node.id, parent=old, label=node.label)


def _rename(journal: Journal, node: Node, move: Tree) -> Move:
    name = node.name if move.name is None else move.name
    label = node.label if move.label is None else move.label
    if (name, label) == (node.name, node.label):
        raise refuse("nothing_changes", "名称没有变化。", "The name stays the same.", node)
    _unique(journal.state, node.parent, name, but=node.id)
    journal.put_node(replace(node, name=name, label=label))
    return Tree("rename", node=node.id, name=node.name, label=node.label)


def _kind(journal: Journal, node: Node, move: Tree) -> Move:
    _not_basic(node)
    if move.kind is None:
        _needed(move, "grid_kind", None)
    if move.kind == node.kind or move.kind is None:
        raise refuse("nothing_changes", "网格类别没有变化。", "The kind stays the same.", node)
    if move.kind == "dedicated" and not journal.state.is_leaf(node.id):
        _fits(journal.state, replace(node, kind="dedicated"), 1)
    journal.put_node(replace(node, kind=move.kind))
    back: NewKind = "ordinary" if move.kind == "dedicated" else "dedicated"
    return Tree("kind", node=node.id, kind=back)


def _lock(journal: Journal, node: Node, *, locked: bool) -> Move:
    if node.locked == locked:
        raise refuse("nothing_changes", "锁定状态没有变化。", "It is so already.", node)
    journal.put_node(replace(node, locked=locked))
    return Tree("unlock" if locked else "lock", node=node.id)
