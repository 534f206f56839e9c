"""Drag a handle: every border at it goes to the new place, straight from the neighbouring handles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import LineString, MultiLineString, Point
from shapely.geometry import mapping

from spatial.errors import CutRefused, NotFound, Refused, Where
from spatial.ground.seam import directed_edges, edge_keys, undirected
from spatial.plans.actions import emptied, removed
from spatial.plans.adopting import adopted
from spatial.plans.apply import batch
from spatial.plans.cut import edge_lines
from spatial.plans.guards import title
from spatial.plans.handles import Simplified
from spatial.plans.moves import Assign, Cut, Move
from spatial.plans.parting import part
from spatial.plans.reshaping import refusal, reshape
from spatial.plans.shapes import cell_points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from spatial.plans.tree import PlanState

NEAR_CM = 200.0
"""A handle is meant when the pointer was this near to it."""


def drag(
    state: PlanState, shapes: Mapping[int, Any], net: Simplified, start: Sequence[float],
    target: Sequence[float],
) -> Move:  # fmt: skip
    """Drag a junction or corner of a level's borders: all grids at it move.

    Parameters
    ----------
    state, shapes
        The plan, and the polygons of its grids (`spatial.plans.shapes.grid_shapes`).
    net
        The simplified borders of the level, with their handles.
    start, target
        Where the handle is, and where it shall be; lattice centimetres. A handle on the basic grid's outline
        slides along it.

    Raises
    ------
    NotFound
        ``no_such_handle``.
    CutRefused
        ``drag_folds``: borders would cross each other. ``reshape_outside``.
    Refused
        ``nothing_changes``.
    """
    handle = _found(net, start)
    to = np.rint(np.asarray(target, dtype=np.float64))
    whole = shapes[state.root.id]
    if net.at[handle][1]:
        return _slide(state, shapes, net, handle, to)
    if not whole.covers(Point(to)):
        raise refusal("reshape_outside", state.root, Point(to))
    ends = _beside(net, handle)
    lines = _lines(net.handles[ends].astype(np.float64), to)
    moved = _moved(net, handle, to, lines, state)
    window = _window(net, handle, ends, lines)
    return _changed(state, net, window, moved, lines)


def _lines(ends: NDArray[np.float64], to: NDArray[np.float64]) -> list[LineString]:
    """New borders: through the new place between two neighbours, and to it from every other."""
    ends = ends[(ends != to).any(axis=1)]
    if len(ends) < 2:
        return [LineString([end, to]) for end in ends]
    return [LineString([ends[0], to, ends[1]]), *(LineString([end, to]) for end in ends[2:])]


def _found(net: Simplified, start: Sequence[float]) -> int:
    away = np.hypot(*(net.handles - np.asarray(start, dtype=np.float64)).T)
    if not len(away) or away.min() > NEAR_CM:
        raise NotFound(
            "no_such_handle",
            zh="这里没有可以拖动的边界点；边界可能已经变了，请刷新后再试。",
            en="There is no handle here to drag; the border may have changed: reload.",
            where=(Where(field="from"),),
        )
    return int(np.argmin(away))


def _beside(net: Simplified, handle: int) -> list[int]:
    """Handles that a simplified border joins to one."""
    here = net.handles[handle]
    first, last = (net.xy[:, :2] == here).all(axis=1), (net.xy[:, 2:] == here).all(axis=1)
    there = np.concatenate([net.xy[first, 2:], net.xy[last, :2]])
    return [int(np.flatnonzero((net.handles == one).all(axis=1))[0]) for one in np.unique(there, axis=0)]


def _moved(
    net: Simplified, handle: int, to: NDArray[np.float64], lines: Sequence[LineString], state: PlanState
) -> dict[int, Any]:
    """Simplified grids at a handle after the move, by position; a fold is refused."""
    here, grids = net.handles[handle], list(net.at[handle][0])
    old = net.simple[grids]

    def put(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where((xy == here).all(axis=1)[:, None], to, xy)

    new = shapely.transform(old, put)
    if not _fits(old, new, np.delete(net.simple, grids)):
        name = "、".join(f"“{title(state.nodes[int(net.nodes[g])])}”" for g in grids)
        raise CutRefused(
            "drag_folds",
            zh=f"拖到这里，{name}的边界会互相交叉（见标记的线）；请拖近一些。",
            en="Dragged there, borders would cross each other (marked): keep nearer.",
            where=[Where(ref=title(state.nodes[int(net.nodes[g])])) for g in grids],
            data={
                "nodes": [int(net.nodes[g]) for g in grids],
                "lattice_geometry": mapping(MultiLineString(list(lines))),
            },
        )
    return dict(zip(grids, new, strict=True))


def _fits(old: NDArray[np.object_], new: NDArray[np.object_], others: NDArray[np.object_]) -> bool:
    """Whether moved grids are whole, and lie over neither one another nor any other grid."""
    if not shapely.is_valid(new).all():
        return False
    together = shapely.union_all(new)
    if abs(together.area - shapely.area(old).sum()) > 1.0:
        return False
    shapely.prepare(together)
    near = others[shapely.intersects(together, others)]
    return not len(near) or bool(shapely.area(shapely.intersection(together, near)).sum() < 1.0)


def _window(net: Simplified, handle: int, ends: Sequence[int], lines: Sequence[LineString]) -> Any:
    """Ground between the true borders at a handle and the lines that take their place."""
    old = [path for end in ends for path in _paths(net, handle, end)]
    noded = shapely.union_all([*edge_lines(*old), *lines])
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))


def _paths(net: Simplified, handle: int, end: int) -> list[LineString]:
    """The true border between two handles that a simplified edge joins."""
    here, there = net.handles[handle], net.handles[end]
    ways = [np.concatenate(ends) for ends in ((here, there), (there, here))]
    edges = np.flatnonzero((net.xy == ways[0]).all(axis=1) | (net.xy == ways[1]).all(axis=1))
    pairs = [(int(net.a[edge]), int(net.b[edge])) for edge in edges]
    return [path for a, b in pairs if (path := _path(net.true[[a, b]], here, there)) is not None]


def _path(pair: NDArray[np.object_], here: Any, there: Any) -> LineString | None:
    """Follow the border of two grids from one of its vertices to another, the shorter way."""
    edges = directed_edges(pair)
    forward, _ = undirected(edges.xy)
    keys = edge_keys(forward)
    _, first, count = np.unique(keys, return_index=True, return_counts=True)
    shared = forward[first[count == 2]].reshape(-1, 2, 2).astype(np.float64)
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(shared))))
    best: LineString | None = None
    for line in merged:
        xy = shapely.get_coordinates(line)
        i, j = (np.flatnonzero((xy == point).all(axis=1)) for point in (here, there))
        if not len(i) or not len(j):
            continue
        low, high = sorted((int(i[0]), int(j[0])))
        ways = [xy[low : high + 1]]
        if (xy[0] == xy[-1]).all():
            ways.append(np.vstack([xy[high:], xy[1 : low + 1]]))
        for way in ways:
            path = LineString(way) if len(way) > 1 else None
            if path is not None and (best is None or path.length < best.length):
                best = path
    return best


def _changed(
    state: PlanState, net: Simplified, window: Any, moved: dict[int, Any], lines: Sequence[LineString]
) -> Move:
    """Give the ground of the window to the grids whose new outlines hold it."""
    faces = {face for grid in moved for face in net.faces[grid]}
    parted, cuts = part(state, lines, faces)
    own = sorted(
        cell.id for cell in parted.cells.values()
        if (cell.face in faces or cell.face not in state.faces) and cell.id in parted.assign
    )  # fmt: skip
    points = cell_points(parted, own)
    piece, cell = shapely.STRtree(points).query(window, predicate="contains")
    inside = shapely.point_on_surface(window)
    owners = {
        int(p): next((g for g, shape in moved.items() if shape.covers(inside[p])), None)
        for p in np.unique(piece)
    }
    taken: dict[int, list[int]] = {}
    for p, c in zip(piece.tolist(), cell.tolist(), strict=True):
        grid, leaf = owners[p], parted.assign[own[c]]
        if grid is not None and leaf not in parted.below(int(net.nodes[grid])):
            taken.setdefault(int(net.nodes[grid]), []).append(own[c])
    if not taken:
        raise Refused(
            "nothing_changes",
            zh="移动太小，没有任何楼栋或地块换网格；请拖远一些。",
            en="Nothing changes grid: drag further.",
            data={"lattice_geometry": mapping(MultiLineString(list(lines)))},
        )
    return _put(parted, cuts, taken)


def _put(parted: PlanState, cuts: Sequence[Cut], taken: dict[int, list[int]]) -> Move:
    moves: list[Assign] = []
    for node, cells in taken.items():
        leaves = {n for n in parted.below(node) if parted.is_leaf(n)}
        moves += adopted(parted, cells, leaves)
    kept = {node.id for move in moves for node in parted.chain(move.to)}
    given = [cell for cells in taken.values() for cell in cells]
    return batch(*cuts, *moves, *removed(n for n in emptied(parted, given, None) if n not in kept))


def _slide(
    state: PlanState, shapes: Mapping[int, Any], net: Simplified, handle: int, to: NDArray[np.float64]
) -> Move:
    """Slide the end of a border along the outline: a reshape of the grid whose outline it goes to."""
    rim = shapely.get_coordinates(shapes[state.root.id])
    foot = rim[np.argmin(((rim - to) ** 2).sum(axis=1))]
    ends = [e for e in _beside(net, handle) if not net.at[e][1]] or _beside(net, handle)
    grid = next((g for g in net.at[handle][0] if Point(foot).distance(net.true[g]) < 1.0), None)
    if grid is None or not ends:
        raise refusal("reshape_outside", state.root, Point(to))
    return reshape(state, shapes, int(net.nodes[grid]), [net.handles[ends[0]], foot])
