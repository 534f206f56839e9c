"""Read and adjust plans: the view a planner works on, one action at a time, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping

from spatial.errors import Locked, Refused, StaleRevision
from spatial.planning.acceptance import stands
from spatial.planning.actions import compiled
from spatial.planning.publishing import seam_flaws
from spatial.planning.standing import Standing, measure, reason_words
from spatial.planning.views import (
    Acceptance,
    FlawView,
    LevelBand,
    NodeView,
    PlanDelta,
    PlanRow,
    PlanView,
    ReasonView,
)
from spatial.plans.apply import apply
from spatial.plans.moves import Assign, Batch, Cut, Join, Move, Tree
from spatial.plans.shapes import grid_shapes
from spatial.plans.tree import Count, count
from spatial.policy import LINGQUAN, POSTS, Policy
from spatial.store import grounds, places, plans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.ground.model import Ground
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction


def plan(store: Store, plan_id: int, *, policy: Policy = LINGQUAN) -> PlanView:
    """Show a plan as it stands; NotFound (``no_such_plan``)."""
    with store.transaction() as tx:
        stored = plans.load(tx, plan_id)
        ground = grounds.load_ground(tx, stored.row.ground_id)
        area = places.get(tx, stored.row.area_code)
        standing = measure(ground, stored.state, policy)
        return PlanView(
            id=plan_id, area_code=area.code, area_name=area.name, division=ground.division,
            ground_id=stored.row.ground_id, rev=stored.row.rev, published=stored.row.edition_id is not None,
            can_undo=_can_undo(tx, stored), levels=_levels(ground, policy),
            nodes=_nodes(stored, standing, policy.bands[ground.division]),
            flaws=_flaws(tx, stored, ground, standing), score=standing.score,
        )  # fmt: skip


def list_plans(store: Store, *, area: str | None = None) -> list[PlanRow]:
    """List plans, the newest first."""
    with store.transaction() as tx:
        names = {p.code: p.name for p in places.list_places(tx)}
        return [
            PlanRow(r.id, r.area_code, names[r.area_code], r.rev, r.edition_id is not None, r.who, r.made_at)
            for r in plans.list_plans(tx, area)
        ]


def _levels(ground: Ground, policy: Policy) -> list[LevelBand]:
    return [
        LevelBand(level, band.minimum, band.maximum, *POSTS[ground.division, level])
        for level, band in enumerate(policy.bands[ground.division], start=1)
    ]


def _can_undo(tx: Transaction, stored: plans.StoredPlan) -> bool:
    """Whether anything done on the plan is left to take back, by anybody."""
    if stored.row.edition_id is not None:
        return False
    undone = {m.undoes for m in plans.moves(tx, stored.row.id)}
    return any(m.undoes is None and m.rev not in undone for m in plans.moves(tx, stored.row.id))


def _nodes(
    stored: plans.StoredPlan, standing: Standing, bands: tuple[Any, ...], only: set[int] | None = None
) -> list[NodeView]:
    state = stored.state
    sums = count(state)
    chosen = sorted(state.nodes.values(), key=lambda n: (n.level, n.id))
    return [
        _node(state, n.id, sums[n.id], standing, stored, bands)
        for n in chosen
        if only is None or n.id in only
    ]


def _node(
    state: PlanState, node_id: int, sums: Count, standing: Standing, stored: plans.StoredPlan,
    bands: tuple[Any, ...],
) -> NodeView:  # fmt: skip
    node = state.nodes[node_id]
    households = sums.households if state.counts == "occupied" else sums.registered
    banded = node.level > 0 and node.kind == "ordinary" and bands[node.level - 1].minimum is not None
    in_band = bands[node.level - 1].holds(households) if banded else None
    reason = None
    if in_band is False:
        found = standing.reasons.get(node_id)
        zh, en = reason_words(found)
        code = None if found is None else found.code
        reason = ReasonView(code, found is not None, zh, en, {} if found is None else found.data)
    said = stored.accepted.get(node_id)
    accepted = None if said is None else Acceptance(said.reason, said.who, said.at.isoformat())
    return NodeView(
        node.id, node.parent, node.level, node.kind, node.name, node.label, node.label, node.locked,
        sums.households, sums.registered, sums.buildings, sums.cells, in_band, reason, accepted,
    )  # fmt: skip


def _flaws(tx: Transaction, stored: plans.StoredPlan, ground: Ground, standing: Standing) -> list[FlawView]:
    state, lattice = stored.state, ground.lattice
    out = []
    for flaw in standing.flaws:
        accepted = flaw.kind == "out_of_band" and stands(standing, stored.accepted, flaw.node)
        out.append(
            FlawView(
                flaw.kind, flaw.node, flaw.zh, flaw.en, flaw.blocking and not accepted,
                _cells_geometry(state, flaw.cells, lattice),
            )
        )  # fmt: skip
    for row in places.disputed(tx, ground.area_code).itertuples():
        zh = f"争议地 {row.area_m2:.1f} 平方米，划定归属之前不能发布"
        en = f"{row.area_m2:.1f} m² of disputed ground: assign it before publishing"
        out.append(FlawView("disputed", None, zh, en, True, mapping(row.geometry)))
    for bad in seam_flaws(ground, state, grid_shapes(state)):
        zh, en = f"接缝检验未通过：{bad.kind}", f"the seam proof fails: {bad.kind}"
        out.append(FlawView(bad.kind, None, zh, en, True, mapping(lattice.to_lonlat(bad.geometry))))
    return out


def _cells_geometry(state: PlanState, cells: tuple[int, ...], lattice: Lattice) -> dict[str, Any] | None:
    if not cells:
        return None
    faces = np.array([state.faces[f].polygon for f in sorted({state.cells[c].face for c in cells})])
    joined: dict[str, Any] = mapping(lattice.to_lonlat(shapely.coverage_union_all(faces)))
    return joined


def move(
    store: Store,
    plan_id: int,
    *,
    base_rev: int,
    action: Mapping[str, Any],
    who: str,
    policy: Policy = LINGQUAN,
) -> PlanDelta:
    """Carry out one action on a plan.

    Parameters
    ----------
    store
        The database.
    plan_id
        The plan.
    base_rev
        Revision that the planner saw.
    action
        One of the four moves (assign, cut, join, tree), or give, split, merge, which are made of them.
        Lines are GeoJSON LineStrings in EPSG:4326.
    who
        Whose action it is.
    policy
        Bands.

    Raises
    ------
    StaleRevision, Locked, CutRefused, Refused, NotFound, BadParameter
        As :func:`spatial.plans.apply.apply`; nothing is kept.
    """
    with store.transaction() as tx:
        stored, ground = _open(tx, plan_id)
        bands = policy.bands[ground.division]
        todo = compiled(stored.state, action, ground.lattice)
        inverse, touched = apply(stored.state, todo, base_rev, bands=bands)
        plans.save_move(tx, plan_id, stored.state, touched, move=todo, inverse=inverse, who=who)
        return _delta(tx, stored, ground, touched, policy)


def undo(store: Store, plan_id: int, *, base_rev: int, who: str, policy: Policy = LINGQUAN) -> PlanDelta:
    """Take back one's own last action that still stands.

    Raises
    ------
    Refused
        ``nothing_to_undo``.
    StaleRevision
        Somebody changed the same cells since.
    """
    with store.transaction() as tx:
        stored, ground = _open(tx, plan_id)
        last = plans.last_own_move(tx, plan_id, who)
        if last is None:
            raise Refused(
                "nothing_to_undo", zh="没有可以撤销的操作。", en="There is nothing of yours to undo."
            )
        _not_overtaken(tx, plan_id, last)
        inverse, touched = apply(stored.state, last.inverse, max(base_rev, last.rev))
        plans.save_move(
            tx, plan_id, stored.state, touched, move=last.inverse, inverse=inverse, who=who, undoes=last.rev
        )
        return _delta(tx, stored, ground, touched, policy)


def _not_overtaken(tx: Transaction, plan_id: int, last: plans.StoredMove) -> None:
    """Refuse to take back what somebody else has changed since."""
    since = [m for m in plans.moves(tx, plan_id) if m.rev > last.rev and m.who != last.who]
    undone = {m.undoes for m in since}
    mine = _reach(last.inverse)
    for other in since:
        if other.undoes is None and other.rev not in undone and mine & _reach(other.payload):
            raise StaleRevision(
                "overtaken",
                zh=f"{other.who} 之后改动了同样的地方（修订 {other.rev}），不能撤销；请直接调整。",
                en=f"{other.who} changed the same place since (revision {other.rev}): adjust it instead.",
                data={"rev": other.rev, "who": other.who},
            )


def _reach(move_: Move) -> set[tuple[str, Any]]:
    """Cells, faces and grids that a move names."""
    match move_:
        case Assign(cells, _):
            return {("cell", c) for c in cells}
        case Cut(face, _, _):
            return {("face", face)}
        case Join(faces):
            return {("face", f) for f in faces}
        case Batch(moves):
            return set().union(*(_reach(m) for m in moves))
        case Tree():
            return {("grid", move_.node)} if move_.node is not None else set()
    return set()


def _open(tx: Transaction, plan_id: int) -> tuple[plans.StoredPlan, Ground]:
    stored = plans.load(tx, plan_id, lock=True)
    if stored.row.edition_id is not None:
        raise Locked(
            "published_already",
            zh=f"方案 {plan_id} 已发布，不能再改；请另建方案。",
            en=f"Plan {plan_id} is published and can't be changed; make another.",
        )
    return stored, grounds.load_ground(tx, stored.row.ground_id)


def _delta(
    tx: Transaction, stored: plans.StoredPlan, ground: Ground, touched: Any, policy: Policy
) -> PlanDelta:
    standing = measure(ground, stored.state, policy)
    return PlanDelta(
        rev=touched.rev,
        nodes=_nodes(stored, standing, policy.bands[ground.division], {*touched.counted, *touched.nodes}),
        removed=list(touched.nodes_removed),
        cells=sorted({*touched.cells, *touched.cells_added}),
        flaws=_flaws(tx, stored, ground, standing),
        faces_changed=bool(touched.faces_added or touched.faces_removed),
        can_undo=_can_undo(tx, stored),
    )


def plan_grids(
    store: Store, plan_id: int, *, level: int | None = None, policy: Policy = LINGQUAN
) -> gpd.GeoDataFrame:
    """Read a plan's grids with their polygons.

    Returns
    -------
    GeoDataFrame
        One row = one grid: node_id, parent, level, kind, name, short, households, registered, in_band,
        reason; EPSG:4326 doubles, exact.
    """
    with store.transaction() as tx:
        stored = plans.load(tx, plan_id)
        ground = grounds.load_ground(tx, stored.row.ground_id)
    standing = measure(ground, stored.state, policy)
    shapes = grid_shapes(stored.state, level)
    views = {v.id: v for v in _nodes(stored, standing, policy.bands[ground.division], set(shapes))}
    rows = [
        (
            v.id, v.parent, v.level, v.kind, v.name, v.short, v.households, v.registered, v.in_band,
            None if v.reason is None else v.reason.code,
        )
        for v in views.values()
    ]  # fmt: skip
    columns = [
        "node_id",
        "parent",
        "level",
        "kind",
        "name",
        "short",
        "households",
        "registered",
        "in_band",
        "reason",
    ]
    return _frame(pd.DataFrame(rows, columns=columns), [shapes[v] for v in views], ground.lattice)


def plan_cells(store: Store, plan_id: int) -> gpd.GeoDataFrame:
    """Read a plan's cells on their faces.

    Returns
    -------
    GeoDataFrame
        One row = one cell: cell, face, node_id, bid, stairwell, floor_low, floor_high, households,
        registered; geometry the face (runs of one face repeat it), EPSG:4326.
    """
    with store.transaction() as tx:
        stored = plans.load(tx, plan_id)
        lattice = places.town_of(tx, stored.row.area_code).lattice
    state = stored.state
    cells = [state.cells[c] for c in sorted(state.cells)]
    frame = pd.DataFrame({
        "cell": [c.id for c in cells], "face": [c.face for c in cells],
        "node_id": [state.assign.get(c.id) for c in cells], "bid": [c.bid for c in cells],
        "stairwell": [c.stairwell for c in cells],
        "floor_low": pd.array([c.floor_low for c in cells], dtype="Int64"),
        "floor_high": pd.array([c.floor_high for c in cells], dtype="Int64"),
        "households": [c.households for c in cells], "registered": [c.registered for c in cells],
    })  # fmt: skip
    return _frame(frame, [state.faces[c.face].polygon for c in cells], lattice)


def plan_buildings(store: Store, plan_id: int) -> gpd.GeoDataFrame:
    """Read the buildings of a plan's ground: bid, name, btype, levels, households, group; EPSG:4326."""
    return _ground_layer(store, plan_id, "buildings")


def plan_features(store: Store, plan_id: int) -> gpd.GeoDataFrame:
    """Read roads, water and the like of a plan's ground: layer, class, name; EPSG:4326."""
    return _ground_layer(store, plan_id, "features")


def _ground_layer(store: Store, plan_id: int, layer: str) -> gpd.GeoDataFrame:
    with store.transaction() as tx:
        return grounds.load_layers(tx, plans.get(tx, plan_id).ground_id)[layer]


def _frame(frame: pd.DataFrame, shapes: list[Any], lattice: Lattice) -> gpd.GeoDataFrame:
    geometry: NDArray[np.object_] = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return gpd.GeoDataFrame(frame, geometry=lattice.to_lonlat(geometry), crs=4326)
