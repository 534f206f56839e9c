"""What planners do, made of the four moves: paint cells, give a building, split a grid by a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString

from spatial.errors import CutRefused, NotFound, Where
from spatial.plans.apply import batch
from spatial.plans.codes import grid_name
from spatial.plans.cut import edge_lines
from spatial.plans.guards import refuse, title
from spatial.plans.moves import Assign, Move, Tree
from spatial.plans.shapes import cell_points, grid_shapes
from spatial.plans.treework import free_name, next_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon

    from spatial.plans.moves import NewKind
    from spatial.plans.tree import Node, PlanState

REACH_M = 5.0
"""A line that stops this close to a grid's border is carried on across it."""


def paint(state: PlanState, cells: Sequence[int], to: int) -> Move:
    """Give cells to a leaf, wherever they are; grids that they leave without ground go with the action.

    Raises
    ------
    NotFound
        ``no_such_grid``.
    """
    return batch(Assign(tuple(cells), to), *removed(emptied(state, cells, to)))


def give(state: PlanState, bid: str, to: int) -> Move:
    """Give a building, all its cells, to a leaf, as `paint` does.

    Raises
    ------
    NotFound
        ``no_such_building``, ``no_such_grid``.
    """
    cells = tuple(sorted(cell.id for cell in state.cells.values() if cell.bid == bid))
    if not cells:
        raise NotFound(
            "no_such_building",
            zh=f"方案中没有建筑“{bid}”。",
            en=f"The plan has no building {bid}.",
            where=(Where(ref=bid),),
        )
    return paint(state, cells, to)


def removed(nodes: Iterable[int]) -> list[Move]:
    """Moves that remove grids, in the order given."""
    return [Tree("remove", node) for node in nodes]


def emptied(state: PlanState, cells: Iterable[int], to: int | None) -> list[int]:
    """Grids that hold nothing but these cells, and not ``to``: leaves first, then who is left childless."""
    given = set(cells)
    chains = {leaf: [node.id for node in state.chain(leaf)] for leaf in set(state.assign.values())}
    kept = {state.root.id} | (
        {node.id for node in state.chain(state.node(to).id)} if to is not None else set()
    )
    for leaf in {leaf for cell, leaf in state.assign.items() if cell not in given}:
        kept.update(chains[leaf])
    touched = {n for leaf in {state.assign[c] for c in given if c in state.assign} for n in chains[leaf]}
    return sorted(touched - kept, key=lambda n: (-state.nodes[n].level, n))


def split(state: PlanState, node_id: int, line: Sequence[Sequence[float]]) -> Move:
    """Split a leaf in two along a drawn line: whole cells go to the side where their building stands.

    Parameters
    ----------
    state
        The plan.
    node_id
        A leaf other than the basic grid.
    line
        x, y in lattice centimetres; it must cross the grid, ends within 5 m of its border are carried on.

    Returns
    -------
    Move
        A batch: a new grid beside the old one takes the side with fewer households. Pieces of the grid that
        the line does not reach stay with the old one.

    Raises
    ------
    CutRefused
        ``split_misses`` when the line does not cross the grid, ``cut_crosses_itself``.
    Refused
        ``split_parent`` (not a leaf), ``is_basic``, ``split_one_side`` (all cells on one side).
    """
    node = state.node(node_id)
    if not state.is_leaf(node_id):
        raise refuse(
            "split_parent",
            f"“{node.name}”下面还有网格,请拆分它下面的某一个,或先把它们合并。",
            f"{node.name} has grids below it; split one of those, or merge them first.",
            node,
        )
    if node.parent is None:
        raise refuse(
            "is_basic",
            "基础网格还没有划分,请先新建网格。",
            "The basic grid is not divided yet; create grids below it first.",
            node,
        )
    cells = state.cells_of(node_id)
    left, right = _sides(state, node, cells, line)
    if not left or not right:
        raise refuse(
            "split_one_side",
            f"“{node.name}”的建筑和地块都在这条线的同一侧,请换一个位置画线。",
            f"All of {node.name} lies on one side of the line; draw it elsewhere.",
            node,
        )
    smaller = min((left, right), key=lambda side: (households(state, side), len(side), side))
    (create,) = created(state, node.parent, 1, kind_of(node))
    return batch(create, Assign(tuple(smaller), create.node))


def created(state: PlanState, parent: int, count: int, kind: NewKind = "ordinary") -> list[Tree]:
    """Moves that make new grids below one, named and numbered after those that are there."""
    made: list[Tree] = []
    for i, label in enumerate(next_labels(state, parent, count)):
        name = free_name(state, parent, grid_name(state.root.name, label))
        node = state.next_node + i
        made.append(Tree("create", node=node, parent=parent, kind=kind, name=name, label=label))
    return made


def kind_of(node: Node) -> NewKind:
    """Kind of a new grid beside one."""
    return "dedicated" if node.kind == "dedicated" else "ordinary"


def households(state: PlanState, cells: Iterable[int]) -> int:
    """Sum the households of cells that the bands count."""
    return sum(state.counted(state.cells[cell]) for cell in cells)


def _split_misses(node: Node) -> CutRefused:
    return CutRefused(
        "split_misses",
        zh=f"这条线没有穿过“{title(node)}”;请从它的一条边界画到另一条边界。",
        en=f"The line does not cross {title(node)}; draw it from border to border.",
        where=(Where(ref=title(node)),),
        data={"nodes": [node.id]},
    )


def _sides(
    state: PlanState, node: Node, cells: Sequence[int], line: Sequence[Sequence[float]]
) -> tuple[list[int], list[int]]:
    """Cells left and right of the line; what it does not reach goes with the side of more households."""
    shape = grid_shapes(state, nodes=[node.id]).get(node.id)
    xy = np.asarray(line, dtype=np.float64).reshape(-1, 2)
    if shape is None or len(xy) < 2 or not LineString(xy).length:
        raise _split_misses(node)
    drawn = LineString(xy)
    if not drawn.is_simple:
        raise CutRefused(
            "cut_crosses_itself",
            zh="这条线自己相交了,请重画一条不打结的线。",
            en="The line crosses itself; draw it again without a knot.",
            where=(Where(ref=title(node)),),
        )
    pieces, sides = _pieces(shape, LineString(_carried_on(xy)))
    if set(sides[sides != 0].tolist()) != {-1, 1}:
        raise _split_misses(node)
    # The nearest piece, not the covering one: a building's point may lie on the line itself.
    nearest = shapely.STRtree(pieces).nearest(cell_points(state, cells))
    of_cell = sides[nearest]
    left = [c for c, s in zip(cells, of_cell.tolist(), strict=True) if s > 0]
    right = [c for c, s in zip(cells, of_cell.tolist(), strict=True) if s < 0]
    rest = [c for c, s in zip(cells, of_cell.tolist(), strict=True) if s == 0]
    if left and right:
        (left if households(state, left) >= households(state, right) else right).extend(rest)
    return left, right


def _carried_on(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Carry both ends on by 5 m, straight."""
    first, last = xy[0] - xy[1], xy[-1] - xy[-2]
    reach = REACH_M * 100
    before = xy[0] + first / np.hypot(*first) * reach
    after = xy[-1] + last / np.hypot(*last) * reach
    return np.vstack([before, xy, after])


def _pieces(shape: MultiPolygon, line: LineString) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Pieces of a shape along a line, and their side: 1 left, -1 right, 0 not touched by it.

    Floating overlay is good enough here: pieces only tell cells apart, nothing of them is stored.
    """
    noded = shapely.union_all([*edge_lines(shape.boundary), line])
    made = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    pieces = made[shapely.contains(shape, shapely.point_on_surface(made))]
    near = [shapely.buffer(line, side * 10.0, single_sided=True) for side in (1, -1)]
    left, right = (shapely.area(shapely.intersection(pieces, one)) for one in near)
    # Both sides at once: the piece goes round an end of the line and is not parted by it.
    one_sided = np.maximum(left, right) > 4 * np.minimum(left, right)
    return pieces, np.where(one_sided, np.sign(left - right), 0).astype(np.int64)
