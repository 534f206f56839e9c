"""Move a border to a drawn line, and draw a new grid: ground inside changes hands, buildings stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import LineString, MultiPoint, Point
from shapely.geometry import mapping
from shapely.ops import substring

from spatial.errors import CutRefused, Where
from spatial.plans.actions import REACH_M, created, emptied, households, removed
from spatial.plans.adopting import adopted, around
from spatial.plans.apply import batch
from spatial.plans.cut import edge_lines
from spatial.plans.guards import refuse, title
from spatial.plans.moves import Assign, Cut, Move, Tree
from spatial.plans.parting import part
from spatial.plans.shapes import cell_points, holdings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely import MultiPolygon

    from spatial.plans.adopting import Metres
    from spatial.plans.moves import NewKind
    from spatial.plans.tree import Node, PlanState

TAIL_CM = 1_000.0
"""So far a line may run on beyond the border at either end."""

_WORDS: dict[str, tuple[str, str]] = {
    "reshape_misses": (
        "线的两端都要画到“{0}”的边界上（标出的一端离边界太远，或没有围出地块）。",
        "Draw both ends of the line to the border of {0}: the end marked is too far from it.",
    ),
    "reshape_touches_twice": (
        "这条线中途又碰到了“{0}”的边界（见标记处）；请分几次画，每次只从边界到边界。",
        "The line meets the border of {0} again on its way (marked): draw it in several steps.",
    ),
    "reshape_outside": (
        "这条线画出了基础网格“{0}”的范围（见标记处），基础网格的外边界不能在这里改。",
        "The line leaves the basic grid {0} (marked); its outline can't be changed here.",
    ),
    "cut_crosses_itself": (
        "这条线自己相交了,请重画一条不打结的线。",
        "The line crosses itself; draw it again without a knot.",
    ),
    "draw_holds_nothing": (
        "画出的范围里没有任何楼栋或地块；请画大一些。",
        "No building and no open ground lies inside the drawing: draw it larger.",
    ),
}


def refusal(code: str, node: Node, place: Any) -> CutRefused:
    """Refuse a drawing; ``place`` (lattice centimetres) is what people should look at."""
    zh, en = _WORDS[code]
    name = title(node)
    data = {"nodes": [node.id], "lattice_geometry": mapping(place)}
    return CutRefused(code, zh=zh.format(name), en=en.format(name), where=(Where(ref=name),), data=data)


def simple_line(state: PlanState, line: Sequence[Sequence[float]]) -> LineString:
    """Round a drawn line to whole centimetres; it must have a length and no knot."""
    xy = np.rint(np.asarray(line, dtype=np.float64).reshape(-1, 2))
    xy = xy[np.r_[True, (xy[1:] != xy[:-1]).any(axis=1)]] if len(xy) else xy
    if len(xy) < 2:
        raise refusal("reshape_misses", state.root, MultiPoint(np.asarray(line).reshape(-1, 2)))
    drawn = LineString(xy)
    if not drawn.is_simple:
        raise refusal("cut_crosses_itself", state.root, drawn)
    return drawn


def reshape(
    state: PlanState, shapes: Mapping[int, Any], node_id: int | None, line: Sequence[Sequence[float]]
) -> Move:
    """Move the border of a grid to a drawn line.

    A line inside the grid gives away what it cuts off: the side that lies against one neighbour alone, else
    the side with fewer households. A line outside brings in what it encloses with the grid.

    Parameters
    ----------
    state, shapes
        The plan, and the polygons of its grids (`spatial.plans.shapes.grid_shapes`).
    node_id
        A grid of any level; None: the leaf that holds the middle of the line.
    line
        x, y in lattice centimetres; it begins and ends on the grid's border, or within 5 m of it.

    Raises
    ------
    CutRefused
        reshape_misses, reshape_touches_twice, reshape_outside, cut_crosses_itself; each with its place.
    Refused
        ``reshape_nobody``: nobody is there to take what is cut off. ``nothing_changes``.
    """
    drawn = simple_line(state, line)
    node = state.node(node_id) if node_id is not None else _under(state, drawn)
    shape = shapes.get(node.id)
    if shape is None:
        raise refusal("reshape_misses", node, drawn)
    core = _between(shape, drawn, node)
    if shape.covers(core.interpolate(0.5, normalized=True)):
        return _give_away(state, node, shape, core)
    beyond = shapely.difference(core, shapes[state.root.id])
    if beyond.length > 1.0:
        raise refusal("reshape_outside", state.root, beyond)
    return _bring_in(state, node, shape, core)


def _under(state: PlanState, drawn: LineString) -> Node:
    """Find the leaf under the middle of a line."""
    middle = drawn.interpolate(0.5, normalized=True)
    lowest, _ = holdings(state)
    for face, leaf in lowest.items():
        if state.faces[face].polygon.covers(middle):
            return state.nodes[leaf]
    raise refusal("reshape_outside", state.root, drawn)


def _between(shape: MultiPolygon, drawn: LineString, node: Node) -> LineString:
    """Take the part of a line between its two touches of a border, its ends put on border vertices."""
    border = shape.boundary
    met = shapely.get_coordinates(shapely.intersection(drawn, border))
    at = np.unique(shapely.line_locate_point(drawn, shapely.points(met))) if len(met) else np.empty(0)
    tail = min(TAIL_CM, drawn.length / 3)
    first, last = at[at <= tail], at[at >= drawn.length - tail]
    ends = [Point(drawn.coords[0]), Point(drawn.coords[-1])]
    far = [
        end for end, near in zip(ends, (first, last), strict=True)
        if not len(near) and border.distance(end) > REACH_M * 100
    ]  # fmt: skip
    if far:
        raise refusal("reshape_misses", node, MultiPoint(far))
    start, stop = (first.max() if len(first) else 0.0), (last.min() if len(last) else drawn.length)
    between = at[(at > start + 1.0) & (at < stop - 1.0)]
    if len(between):
        raise refusal("reshape_touches_twice", node, MultiPoint([drawn.interpolate(s) for s in between]))
    return _on_vertices(shape, substring(drawn, start, stop), node)


def _on_vertices(shape: MultiPolygon, inner: Any, node: Node) -> LineString:
    xy, vertices = shapely.get_coordinates(inner), shapely.get_coordinates(shape)
    ends = [vertices[np.argmin(((vertices - xy[i]) ** 2).sum(axis=1))] for i in (0, -1)]
    line = np.vstack([ends[0], np.rint(xy[1:-1]), ends[1]])
    line = line[np.r_[True, (line[1:] != line[:-1]).any(axis=1)]]
    if len(line) < 2 or (ends[0] == ends[1]).all():
        raise refusal("reshape_misses", node, inner)
    core = LineString(line)
    if not core.is_simple:
        raise refusal("cut_crosses_itself", node, core)
    return core


def _enclosed(shape: MultiPolygon, core: LineString) -> Any:
    """Polygons that a shape's border and a line enclose along the line."""
    noded = shapely.union_all([*edge_lines(shape.boundary), core])
    made = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    along = shapely.length(shapely.intersection(shapely.boundary(made), core))
    return made[along > min(100.0, core.length / 2)]


def _give_away(state: PlanState, node: Node, shape: MultiPolygon, core: LineString) -> Move:
    """Give what a line cuts off a grid to its neighbours."""
    pieces = _enclosed(shape, core)
    pieces = pieces[shapely.covers(shape, shapely.point_on_surface(pieces))]
    if len(pieces) < 2:
        raise refusal("reshape_misses", node, core)
    below = state.below(node.id)
    own = {cell for cell, leaf in state.assign.items() if leaf in below}
    parted, cuts = part(state, [core], {state.cells[cell].face for cell in own})
    own = {cell for cell, leaf in parted.assign.items() if leaf in below}
    held = [_inside(parted, own, piece) for piece in pieces]
    metres = around(parted, {parted.cells[cell].face for cells in held for cell in cells})
    offers = []
    for piece, cells in zip(pieces, held, strict=True):
        takers = _neighbours(parted, metres, cells, below)
        grids = {parted.ancestor(leaf, node.level) for leaf in takers}
        if cells and takers:
            offers.append((len(grids) > 1, households(parted, cells), piece.area, cells, takers))
    if not offers:
        raise refuse(
            "reshape_nobody",
            f"“{node.name}”在这条线外侧没有相邻的网格，切下来的地块没有网格可以接收。",
            f"Beyond the line nobody borders on {node.name} who could take what it cuts off.",
            node,
        )
    _, _, _, cells, takers = min(offers, key=lambda one: one[:3])
    return given(parted, cuts, cells, takers, metres)


def _bring_in(state: PlanState, node: Node, shape: MultiPolygon, core: LineString) -> Move:
    """Bring what a line encloses with a grid into it."""
    pockets = _enclosed(shape, core)
    pockets = pockets[~shapely.covers(shape, shapely.point_on_surface(pockets))]
    if not len(pockets):
        raise refusal("reshape_misses", node, core)
    below = state.below(node.id)
    others = {state.cells[c].face for c in state.cells if state.assign.get(c) not in below}
    parted, cuts = part(state, [core], others)
    cells = _inside(parted, (c for c in parted.cells if parted.assign.get(c) not in below), *pockets)
    if not cells:
        raise refuse("nothing_changes", "这条线没有围进任何地块。", "The line encloses no ground.", node)
    return given(parted, cuts, cells, {n for n in below if parted.is_leaf(n)})


def given(
    parted: PlanState,
    cuts: Sequence[Cut],
    cells: Sequence[int],
    leaves: set[int],
    metres: Metres | None = None,
) -> Move:
    """Put an action together: the cuts, who takes the cells, and the grids that are left without ground."""
    moves = adopted(parted, cells, leaves, metres)
    gone = [n for n in emptied(parted, cells, None) if n not in _kept(parted, moves)]
    return batch(*cuts, *moves, *removed(gone))


def _kept(state: PlanState, moves: Sequence[Assign]) -> set[int]:
    return {node.id for move in moves for node in state.chain(move.to)}


def _inside(state: PlanState, cells: Any, *regions: Any) -> list[int]:
    """Cells whose building (or face) has its point inside one of some polygons."""
    ids = sorted(cells)
    if not ids:
        return []
    region = regions[0] if len(regions) == 1 else shapely.union_all(regions)
    shapely.prepare(region)
    inside = shapely.intersects(region, cell_points(state, ids))
    return [cell for cell, within in zip(ids, inside.tolist(), strict=True) if within]


def _neighbours(state: PlanState, metres: Metres, cells: Sequence[int], below: set[int]) -> set[int]:
    """Leaves outside a grid that some of its cells border on."""
    lowest, _ = holdings(state)
    beside = {other for cell in cells for other in metres[state.cells[cell].face]}
    return {lowest[face] for face in beside if face in lowest} - below


def draw(
    state: PlanState, parent: int, polygon: Any, *, kind: NewKind = "ordinary",
    name: str | None = None,
) -> Move:  # fmt: skip
    """Draw a new grid: what lies inside a polygon goes to it; grids left without ground go with the action.

    Parameters
    ----------
    state
        The plan.
    parent
        The grid above it; where that is a leaf, what it keeps becomes a grid beside the new one.
    polygon
        Lattice centimetres.
    kind, name
        Of the new grid.

    Raises
    ------
    CutRefused
        ``cut_crosses_itself``, ``draw_holds_nothing``, ``reshape_outside``.
    Refused
        As `spatial.plans.treework.change_tree`.
    """
    state.node(parent)
    drawn = shapely.transform(polygon, np.round)
    if not drawn.is_valid or not drawn.area:
        raise refusal("cut_crosses_itself", state.root, drawn.boundary)
    rings = [LineString(ring.coords) for ring in (drawn.exterior, *drawn.interiors)]
    parted, cuts = part(state, rings, {cell.face for cell in state.cells.values()})
    cells = _inside(parted, parted.cells, drawn)
    if not cells:
        beside = any(drawn.intersects(face.polygon) for face in state.faces.values())
        raise refusal("draw_holds_nothing" if beside else "reshape_outside", state.root, drawn)
    rest = [c for c, leaf in parted.assign.items() if leaf == parent and c not in set(cells)]
    made = created(parted, parent, 2 if rest else 1, kind)
    if rest:
        made[0] = Tree("create", made[0].node, parent, "ordinary", made[0].name, made[0].label)
    last = made[-1]
    made[-1] = Tree("create", last.node, parent, kind, name or last.name, last.label)
    return batch(*cuts, *made, Assign(tuple(cells), last.node), *removed(emptied(parted, cells, parent)))
