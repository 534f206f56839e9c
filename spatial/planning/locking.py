"""Locks of a proposal: grids and borders of the plan that it starts from, and what the planner asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import shape

from spatial.errors import BadParameter, Refused, Where
from spatial.partition.carve import carve_dedicated
from spatial.partition.locks import Locks
from spatial.plans.treework import free_name
from spatial.store import plans

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.partition.graph import CellGraph
    from spatial.planning.wishes import Wishes
    from spatial.plans.tree import Node, PlanState
    from spatial.store.engine import Transaction

    Ints = NDArray[np.int64]

FREE = -1


@dataclass(frozen=True)
class Fixed:
    """What stays of a basic grid.

    Parameters
    ----------
    graph
        Its graph, dedicated grids as the locks have them.
    locks
        For the partitioner; held grids bear the numbers that they have in the base plan.
    nodes
        Held grids by number.
    dedicated
        Names of dedicated grids that only the base plan knows, by code of ``graph.dedicated``.
    about
        What the new plan remembers, in JSON types.
    """

    graph: CellGraph
    locks: Locks
    nodes: Mapping[int, Node]
    dedicated: Mapping[int, str]
    about: dict[str, Any]


def fixed_of(tx: Transaction, ground: Ground, graph: CellGraph, wishes: Wishes) -> Fixed:
    """Find what stays.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    Refused
        ``cut_faces``: the base plan has cut faces. ``nothing_to_propose``: all of it is locked.
    BadParameter
        ``no_such_cell``, ``border_meets_nothing``, ``wrong_area``.
    """
    if wishes.base_plan is None:
        return fixed_in(None, {}, ground, graph, wishes)
    stored = plans.load(tx, wishes.base_plan)
    _fits(stored, ground)
    return fixed_in(stored.state, stored.row.about.get("locks", {}), ground, graph, wishes)


def fixed_in(
    state: PlanState | None, before: Mapping[str, Any], ground: Ground, graph: CellGraph, wishes: Wishes
) -> Fixed:
    """Find what stays of a plan, or without one; errors as `fixed_of`.

    Parameters
    ----------
    state
        The plan; its cells are numbered as those of the graph.
    before
        Pairs ``apart`` and ``together`` that the plan was proposed with.
    ground, graph, wishes
        What is to be divided, and what is asked.
    """
    apart = [*wishes.apart, *(pair for line in wishes.borders for pair in _beside(line, ground, graph))]
    together = list(wishes.together)
    apart += [(u, v) for u, v in before.get("apart", [])]
    together += [(u, v) for u, v in before.get("together", [])]
    _known([*apart, *together], graph.n)
    locks = Locks(apart=_pairs(apart), together=_pairs(together))
    asked = {"apart": locks.apart.tolist(), "together": locks.together.tolist()}
    about = {"base_plan": wishes.base_plan, "locks": asked}
    if state is None:
        return Fixed(graph, locks, {}, {}, about)
    held = _held(state, graph.n, _open(state, ground, wishes))
    carved, dedicated = _carved(state, graph, held)
    held = tuple(np.where(carve_dedicated(carved)[0] < 0, one, FREE) for one in held)
    names = {(n.level, n.id): n.name for n in state.nodes.values()}
    return Fixed(carved, replace(locks, held=held, names=names), state.nodes, dedicated, about)


def _pairs(pairs: Iterable[tuple[int, int]]) -> Ints:
    """Pairs in order, each once."""
    ordered = sorted({(min(u, v), max(u, v)) for u, v in pairs})
    return np.array(ordered, dtype=np.int64).reshape(-1, 2)


def _known(pairs: Iterable[tuple[int, int]], n: int) -> None:
    for u, v in pairs:
        if not (0 <= u < n and 0 <= v < n) or u == v:
            raise BadParameter(
                "no_such_cell",
                zh=f"单元对 {u}、{v} 无效：须为两个不同的单元，编号在 0 至 {n - 1} 之间。",
                en=f"Cells {u}, {v} are no pair: name two different cells, numbers from 0 to {n - 1}.",
                where=(Where(field="locks", value=f"{u},{v}"),),
            )


def _fits(stored: plans.StoredPlan, ground: Ground) -> None:
    """Refuse a plan of another place, or one whose cells are no longer the ground's."""
    if stored.row.area_code != ground.area_code:
        raise BadParameter(
            "wrong_area",
            zh=f"方案 {stored.row.id} 属于 {stored.row.area_code}，不是 {ground.area_code}。",
            en=f"Plan {stored.row.id} is one of {stored.row.area_code}, not of {ground.area_code}.",
            where=(Where(field="base_plan", value=str(stored.row.id)),),
        )
    if stored.state.cuts:
        raise Refused(
            "cut_faces",
            zh=f"方案 {stored.row.id} 切开过 {len(stored.state.cuts)} 块地，重划前请先合并。",
            en=f"Plan {stored.row.id} has cut {len(stored.state.cuts)} faces: join them before.",
            where=tuple(Where(ref=face) for face in sorted(stored.state.cuts)),
        )


def _beside(line: Mapping[str, Any], ground: Ground, graph: CellGraph) -> list[tuple[int, int]]:
    """Pairs of neighbouring cells that lie left and right of a drawn line, EPSG:4326."""
    drawn = ground.lattice.to_lattice(np.array([shape(line)], dtype=object))[0]
    on_ground = np.flatnonzero(~graph.vertical & ~graph.bridge)
    ends = np.stack([graph.xy_m[graph.a[on_ground]], graph.xy_m[graph.b[on_ground]]], axis=1) * 100.0
    crossed = on_ground[shapely.crosses(shapely.linestrings(ends), drawn)]
    if not len(crossed):
        raise BadParameter(
            "border_meets_nothing",
            zh="画出的边界线没有把任何两个相邻单元分开，请画在单元之间。",
            en="The drawn border lies between no two neighbouring cells; draw it between cells.",
            where=(Where(field="borders", geometry=dict(line)),),
        )
    return list(zip(graph.a[crossed].tolist(), graph.b[crossed].tolist(), strict=True))


def _open(state: PlanState, ground: Ground, wishes: Wishes) -> set[int]:
    """Leaves that are proposed again: not locked, and in the part asked for."""
    leaves = {n.id for n in state.leaves() if not any(up.locked for up in state.chain(n.id))}
    if wishes.cells is not None or wishes.within is not None:
        _known([(c, c + 1) for c in wishes.cells or ()], len(state.cells) + 1)
        touched = {state.assign.get(c) for c in (wishes.cells or set()) | _within(ground, wishes.within)}
        leaves &= {leaf for leaf in touched if leaf is not None}
    if not leaves:
        raise Refused(
            "nothing_to_propose",
            zh="要重划的范围内全部已锁定，请先解锁。",
            en="All that is to be proposed again is locked: unlock some of it first.",
        )
    return leaves


def _within(ground: Ground, polygon: Mapping[str, Any] | None) -> set[int]:
    """Cells whose face touches a polygon, EPSG:4326."""
    if polygon is None:
        return set()
    drawn = ground.lattice.to_lattice(np.array([shape(polygon)], dtype=object))[0]
    touched = shapely.relate_pattern(ground.faces, drawn, "T********")
    return set(np.flatnonzero(touched[ground.cells["face"].to_numpy(np.int64)]).tolist())


def _held(state: PlanState, n: int, leaves: set[int]) -> tuple[Ints, ...]:
    """Grid of each level that holds each cell; FREE where the grid is dissolved.

    A grid is dissolved where all of its leaves are proposed again, or with locks alone where it is not locked
    itself: a parent of a locked grid is proposed around it.
    """
    part = {n.id for n in state.leaves() if not any(up.locked for up in state.chain(n.id))} != leaves
    kept = {node.id for node in state.nodes.values() if _stays(state, node.id, leaves, part=part)}
    held = []
    for level in range(1, state.levels + 1):
        at = [state.ancestor(state.assign[c], level) if c in state.assign else FREE for c in range(n)]
        held.append(np.array([node if node in kept else FREE for node in at], dtype=np.int64))
    return tuple(held)


def _stays(state: PlanState, node: int, leaves: set[int], *, part: bool) -> bool:
    """Whether a grid stays as it is."""
    if any(up.locked for up in state.chain(node)):
        return True
    below = {n for n in state.below(node) if state.is_leaf(n)}
    return part and not below <= leaves


def _carved(state: PlanState, graph: CellGraph, held: tuple[Ints, ...]) -> tuple[CellGraph, dict[int, str]]:
    """Give held cells to the dedicated grids that the base plan has them in, and to no other."""
    codes, names = graph.dedicated.copy(), {}
    for node in np.unique(held[0][held[0] >= 0]).tolist():
        mine = held[0] == node
        if state.nodes[node].kind == "dedicated":
            code = int(max(codes.max(), graph.dedicated.max())) + 1
            codes[mine] = code
            names[code] = state.nodes[node].name
        else:
            codes[mine] = FREE
    codes[(held[-1] >= 0) & (held[0] < 0)] = FREE
    return replace(graph, dedicated=codes), names


def keep_held(state: PlanState, fixed: Fixed) -> None:
    """Give held grids of a new plan the names that they had, and lock again what was locked."""
    taken: dict[int, Node] = {}
    for level, held in enumerate(fixed.locks.held, start=1):
        for old in np.unique(held[held >= 0]).tolist():
            node = state.ancestor(state.assign[int(np.argmax(held == old))], level)
            if state.nodes[node].level == level:
                taken[node] = fixed.nodes[old]
    for node in taken:
        state.nodes[node] = replace(state.nodes[node], name="")
    for node, old in taken.items():
        _rename_others(state, node, old.name)
        state.nodes[node] = replace(state.nodes[node], name=old.name, locked=old.locked)


def _rename_others(state: PlanState, node: int, name: str) -> None:
    """Give a new sibling that has a held grid's name another one."""
    parent = state.nodes[node].parent
    for other in [n for n in state.nodes.values() if n.parent == parent and n.name == name]:
        state.nodes[other.id] = replace(other, name="")
        if parent is not None:
            state.nodes[other.id] = replace(other, name=free_name(state, parent, f"{name}(2)"))
