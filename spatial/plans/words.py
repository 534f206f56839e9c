"""A move in words, for the history of a plan: who reads it need not know cells."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, assert_never

from spatial.plans.borders import Words
from spatial.plans.moves import Assign, Batch, Cut, Join, Move, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spatial.plans.tree import CellRow, Node, PlanState

NAMED = 3
"""Buildings and grids that are named one by one; more are counted."""

NOWHERE = Words("未划入", "no grid")


def said(state: PlanState, move: Move, called: Mapping[str, str]) -> Words:
    """Say what a move does, before it is carried out.

    Parameters
    ----------
    state
        The plan as it stands before.
    move
        The move.
    called
        Names of buildings by bid; one without is called by its bid.

    Returns
    -------
    Words
        Such as 把 3号楼2单元 从 3-02 移到 3-04; made to stand after somebody's name.
    """
    new: dict[int, str] = {}
    parts = [_one(state, one, called, new) for one in (move.moves if isinstance(move, Batch) else (move,))]
    return Words("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def buildings(state: PlanState, move: Move) -> list[str]:
    """Bids of the buildings that `said` names."""
    moves = move.moves if isinstance(move, Batch) else (move,)
    cells = [c for one in moves if isinstance(one, Assign) for c in one.cells]
    return sorted({state.cells[c].bid or "" for c in cells if c in state.cells} - {""})


def _one(state: PlanState, move: Move, called: Mapping[str, str], new: dict[int, str]) -> Words:
    match move:
        case Assign():
            return _assign(state, move, called, new)
        case Cut(face, _, _):
            grid = _holders(state, [c.id for c in state.runs(face)], new)
            return Words(f"在 {grid.zh} 切开一块地", f"cut ground in {grid.en}")
        case Join(faces):
            grid = _holders(state, [c.id for face in faces for c in state.runs(face)], new)
            return Words(f"在 {grid.zh} 合回切开的地", f"joined ground in {grid.en}")
        case Tree():
            return _tree(state, move, new)
        case Batch():
            return said(state, move, called)
        case _:
            assert_never(move)


def _assign(state: PlanState, move: Assign, called: Mapping[str, str], new: dict[int, str]) -> Words:
    moved = [c for c in dict.fromkeys(move.cells) if c in state.cells and state.assign.get(c) != move.to]
    moving, source = what(state, moved, called), _holders(state, moved, new)
    target = NOWHERE if move.to is None else _grid(state.nodes.get(move.to), new.get(move.to, ""))
    return Words(
        f"把 {moving.zh} 从 {source.zh} 移到 {target.zh}",
        f"moved {moving.en} from {source.en} to {target.en}",
    )


def what(state: PlanState, cells: Sequence[int], called: Mapping[str, str]) -> Words:
    """Name cells by their buildings, stairwells and floors; open ground and what is too much is counted."""
    rows = [state.cells[c] for c in cells]
    built = Counter(row.bid for row in rows if row.bid is not None)
    if not built:
        return Words(f"{len(rows)} 块空地", f"{len(rows)} pieces of open ground")
    if len(built) > NAMED:
        return Words(f"{len(built)} 栋建筑", f"{len(built)} buildings")
    whole = Counter(cell.bid for cell in state.cells.values() if cell.bid in built)
    zh, en = [], []
    for bid in sorted(built):
        name = called.get(bid) or bid
        mine = [row for row in rows if row.bid == bid]
        part = Words("", "") if whole[bid] == built[bid] or len(mine) > NAMED else _part(mine)
        zh.append(name + part.zh)
        en.append(name + part.en)
    return Words("、".join(zh), ", ".join(en))


def _part(rows: Sequence[CellRow]) -> Words:
    """Name stairwells and floors of one building."""
    zh, en = [], []
    for row in rows:
        stairwell = row.stairwell or ""
        unit = f"{stairwell}单元" if stairwell.isdigit() else stairwell
        floors = "" if row.floor_low is None else f"{row.floor_low}-{row.floor_high}"
        zh.append(unit + (f"{floors}层" if floors else ""))
        en.append((f" stairwell {stairwell}" if stairwell else "") + (f" floors {floors}" if floors else ""))
    return Words("、".join(filter(None, zh)), " and".join(filter(None, en)))


def _holders(state: PlanState, cells: Sequence[int], new: Mapping[int, str]) -> Words:
    """Name the grids that hold cells."""
    leaves = list(dict.fromkeys(state.assign.get(c) for c in cells))
    if len(leaves) > NAMED:
        return Words(f"{len(leaves)} 个网格", f"{len(leaves)} grids")
    names = [NOWHERE if n is None else _grid(state.nodes.get(n), new.get(n, "")) for n in leaves]
    return Words("、".join(n.zh for n in names), ", ".join(n.en for n in names))


def _grid(node: Node | None, name: str = "") -> Words:
    """Name a grid: by its short number, a dedicated one by its name."""
    if node is not None:
        name = node.name if node.kind == "dedicated" or not node.label else node.label
    return Words(name or "新网格", name or "a new grid")


def _tree(state: PlanState, move: Tree, new: dict[int, str]) -> Words:
    grid = _grid(None if move.node is None else state.nodes.get(move.node), move.label or move.name or "")
    above = _grid(None if move.parent is None else state.nodes.get(move.parent))
    match move.op:
        case "create":
            new[state.next_node if move.node is None else move.node] = (
                grid.zh if move.label or move.name else ""
            )
            return Words(f"在 {above.zh} 下新建 {grid.zh}", f"made {grid.en} below {above.en}")
        case "remove":
            return Words(f"删除 {grid.zh}", f"removed {grid.en}")
        case "reparent":
            return Words(f"把 {grid.zh} 移到 {above.zh} 下", f"put {grid.en} below {above.en}")
        case "rename":
            to = move.name or move.label or ""
            return Words(f"把 {grid.zh} 改名为 {to}", f"renamed {grid.en} to {to}")
        case "kind":
            dedicated = move.kind == "dedicated"
            return Words(
                f"把 {grid.zh} 改为{'专属' if dedicated else '普通'}网格",
                f"made {grid.en} {'a dedicated' if dedicated else 'an ordinary'} grid",
            )
        case "lock":
            return Words(f"锁定 {grid.zh}", f"locked {grid.en}")
        case "unlock":
            return Words(f"解锁 {grid.zh}", f"unlocked {grid.en}")
        case _:
            assert_never(move.op)
