"""Why not elsewhere? The next-best place for the border between two finest grids of a plan, and its price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from spatial.errors import BadParameter, Where
from spatial.partition.another import Limits, another_border
from spatial.planning.courses import Course, Side, course_of, side_of
from spatial.planning.desk import work
from spatial.planning.standing import NO_GRID, ground_now
from spatial.plans.publish import locked_grids
from spatial.policy import LINGQUAN, Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.partition.another import Another
    from spatial.partition.graph import CellGraph
    from spatial.plans.tree import Node, PlanState
    from spatial.policy import Band
    from spatial.store.engine import Store

    Ints = NDArray[np.int64]

FEW = 3
"""So many features are named at most."""
LINE = "、"


class Said(NamedTuple):
    """A sentence in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True)
class WhyNot:
    """The border between two grids, and the next-best one: None where no other keeps both in band.

    ``exact`` says that every division of the two was looked at; ``cells`` and ``buildings`` change grid;
    ``price`` and ``price_after`` are what the partitioner weighs; ``zh`` and ``en`` say it all in words.
    """

    plan: int
    rev: int
    sides: list[Side]
    now: Course
    other: Course | None
    cells: list[int]
    buildings: list[str]
    price: float | None
    price_after: float | None
    exact: bool
    zh: str
    en: str


def why_not(
    store: Store,
    plan_id: int,
    *,
    between: tuple[int, int] | None = None,
    at: tuple[float, float] | None = None,
    policy: Policy = LINGQUAN,
) -> WhyNot:
    """Find the next-best place for a border of a plan, and its price.

    Parameters
    ----------
    store
        The database.
    plan_id
        The plan.
    between
        Two grids of the finest level that touch.
    at
        Or a point, lon and lat in EPSG:4326: the border nearest to it.
    policy
        Bands.

    Raises
    ------
    NotFound
        ``no_such_plan``, ``no_such_grid``.
    BadParameter
        ``no_border``: the two are not finest grids beside one another, or neither is given.
    """
    with store.transaction() as tx:
        taken = work(tx, plan_id, policy)
    state, ground, graph = taken.state, taken.ground, taken.measured.standing.graph
    now, ids = ground_now(ground, state)
    leaf = np.array([state.assign.get(int(i), NO_GRID) for i in ids], dtype=np.int64)
    first, second = _pair(state, now, graph, leaf, between, at)
    bands = policy.bands[ground.division]
    fixed = _fixed(state, first, second, bands)
    found = None if fixed else _search(state, graph, leaf, first, second, bands)
    after = leaf.copy()
    if found is not None:
        after[found.cells] = np.where(found.first, first.id, second.id)
    sides = [side_of(graph, leaf, after, node) for node in (first, second)]
    course, other = (course_of(now, one, (first.id, second.id)) for one in (leaf, after))
    moved = [] if found is None else found.moved.tolist()
    bids = {bid for bid in now.cells["bid"].iloc[moved] if isinstance(bid, str)}
    return WhyNot(
        plan_id, taken.row.rev, sides, course, None if found is None else other,
        [int(ids[i]) for i in moved], sorted(bids), None if found is None else round(found.price_now, 4),
        None if found is None else round(found.price, 4), True if found is None else found.exact,
        *(fixed or (_said(sides, course, other) if found else NOWHERE)),
    )  # fmt: skip


NOWHERE = Said(
    "没有找到别的走法：换到别处，两格户数就不都在区间内",
    "no other course was found: anywhere else one of the two would leave its band",
)
LOCKED = Said("边界已锁定，不能改走别处", "the border is locked")
GIVEN = Said(
    "这是村民小组或专属网格的边界，按给定的走", "a villagers' group or dedicated grid: its border is given"
)


def _pair(
    state: PlanState, ground: Ground, graph: CellGraph, leaf: Ints, between: tuple[int, int] | None,
    at: tuple[float, float] | None,
) -> tuple[Node, Node]:  # fmt: skip
    """Two finest grids that touch, as they are named or as they lie about a point."""
    if at is not None:
        between = _nearest(ground, leaf, at)
    leaves = {node.id for node in state.leaves()}
    nodes = [state.node(one) for one in between or ()]
    u, v = leaf[graph.a], leaf[graph.b]
    touching = len(nodes) == 2 and bool(
        (((u == nodes[0].id) & (v == nodes[1].id)) | ((u == nodes[1].id) & (v == nodes[0].id))).any()
    )
    if not touching or nodes[0].id == nodes[1].id or not {n.id for n in nodes} <= leaves:
        raise BadParameter(
            "no_border",
            zh="请给出两个相邻的最末级网格（a、b），或边界附近的一点（lon、lat）。",
            en="Give two finest grids that touch (a, b), or a point near their border (lon, lat).",
            where=(Where(field="between", value=str(between)),),
        )
    return nodes[0], nodes[1]


def _nearest(ground: Ground, leaf: Ints, at: tuple[float, float]) -> tuple[int, int] | None:
    """Two grids whose ground is nearest to a point (lon, lat)."""
    point = ground.lattice.to_lattice(np.array([shapely.Point(at)], dtype=object))[0]
    face = ground.cells["face"].to_numpy(np.int64)
    order = np.argsort(shapely.distance(ground.faces, point)[face], kind="stable")
    grids = list(dict.fromkeys(leaf[order][leaf[order] != NO_GRID].tolist()))
    return (grids[0], grids[1]) if len(grids) > 1 else None


def _fixed(state: PlanState, first: Node, second: Node, bands: Sequence[Band]) -> Said | None:
    """Say why a border can't be moved at all: locked, dedicated, or a villagers' group's."""
    if {first.id, second.id} & locked_grids(state):
        return LOCKED
    if "dedicated" in (first.kind, second.kind):
        return GIVEN
    given = bands[0].minimum is None and state.ancestor(first.id, 1) != state.ancestor(second.id, 1)
    return GIVEN if given else None


def _search(
    state: PlanState, graph: CellGraph, leaf: Ints, first: Node, second: Node, bands: Sequence[Band]
) -> Another | None:
    """Search another border that keeps the two grids, and the grids above them, in band."""
    held: list[tuple[int, int]] = []
    level = first.level
    for number in range(level, 0, -1):
        a, b = state.ancestor(first.id, number), state.ancestor(second.id, number)
        if a == b:
            break
        above = np.array([state.ancestor(int(one), number) if one != NO_GRID else NO_GRID for one in leaf])
        held.append((int(graph.households[above == a].sum()), int(graph.households[above == b].sum())))
    used = [bands[number - 1] for number in range(level, level - len(held), -1)]
    cells = [np.flatnonzero(leaf == node.id) for node in (first, second)]
    return another_border(graph, cells[0], cells[1], used[0], Limits.of(held, used))


def _said(sides: Sequence[Side], now: Course, other: Course) -> Said:
    """Say what another border would be like."""
    zh, en = other.features_zh[:FEW], other.features_en[:FEW]
    along = f"改沿{LINE.join(zh)}走" if zh else "改从没有地物处走"
    way = f"along {', '.join(en)}" if en else "where no feature is"
    held = "、".join(f"{s.label} 为 {s.households_after} 户" for s in sides)
    holds = " and ".join(f"{s.label} {s.households_after}" for s in sides)
    gain = round(other.followed_m - now.followed_m)
    more_zh = "沿地物的长度不变" if not gain else f"{'多' if gain > 0 else '少'}沿地物 {abs(gain)} 米"
    more = f"{abs(gain)} m {'more' if gain > 0 else 'less'}" if gain else "as many metres"
    return Said(f"{along}，{held}，{more_zh}", f"{way}: {holds} households, {more} on features")
