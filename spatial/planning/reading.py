"""Read plans: the view that a planner works on, its grids, cells and layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import mapping

from spatial.planning.acceptance import stands
from spatial.planning.desk import Work, work
from spatial.planning.standing import reason_words
from spatial.planning.views import (
    Acceptance,
    FlawView,
    LevelBand,
    NodeView,
    PlanRow,
    PlanView,
    ReasonView,
)
from spatial.plans.review import SHUT
from spatial.policy import LINGQUAN, POSTS, Policy
from spatial.store import grounds, moves, places, plans

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.ground.model import Ground
    from spatial.policy import Band
    from spatial.store.engine import Store, Transaction

GRID_COLUMNS = (
    "node_id", "parent", "level", "kind", "name", "short", "households", "registered", "in_band", "reason",
)  # fmt: skip


def plan(store: Store, plan_id: int, *, who: str | None = None, policy: Policy = LINGQUAN) -> PlanView:
    """Show a plan as it stands, and what ``who`` may undo and redo; NotFound (``no_such_plan``)."""
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        row = found.row
        area = places.get(tx, row.area_code)
        can_undo, can_redo = _steps(tx, found, who)
        return PlanView(
            id=plan_id, area_code=area.code, area_name=area.name, name=row.name,
            division=found.ground.division, ground_id=row.ground_id, rev=row.rev,
            published=row.edition_id is not None, can_undo=can_undo, can_redo=can_redo,
            levels=_levels(found.ground, policy), nodes=nodes(found), flaws=flaws(tx, found),
            score=found.measured.standing.score, reproducible=row.about.get("reproducible", True),
            review=row.review,
        )  # fmt: skip


def _steps(tx: Transaction, found: Work, who: str | None) -> tuple[bool, bool]:
    if who is None or found.row.edition_id is not None or found.row.review in SHUT:
        return False, False
    return moves.steps(tx, found.row.id, who)


def list_plans(store: Store, *, area: str | None = None) -> list[PlanRow]:
    """List plans, the newest first."""
    with store.transaction() as tx:
        names = {p.code: p.name for p in places.list_places(tx)}
        return [
            PlanRow(
                r.id,
                r.area_code,
                names[r.area_code],
                r.name,
                r.rev,
                r.edition_id is not None,
                r.who,
                r.made_at,
                r.review,
            )
            for r in plans.list_plans(tx, area)
        ]


def _levels(ground: Ground, policy: Policy) -> list[LevelBand]:
    return [
        LevelBand(level, band.minimum, band.maximum, *POSTS[ground.division, level])
        for level, band in enumerate(policy.bands[ground.division], start=1)
    ]


def nodes(found: Work, only: Collection[int] | None = None) -> list[NodeView]:
    """Grids of a plan by level, then id; ``only`` some of them."""
    chosen = sorted(found.state.nodes.values(), key=lambda n: (n.level, n.id))
    return [_node(found, n.id) for n in chosen if only is None or n.id in only]


def _node(found: Work, node_id: int) -> NodeView:
    state, standing = found.state, found.measured.standing
    node, sums = state.nodes[node_id], found.measured.sums[node_id]
    in_band = _in_band(
        standing.bands,
        node.level,
        node.kind,
        sums.households if state.counts == "occupied" else sums.registered,
    )
    reason = None
    if in_band is False:
        proved = standing.reasons.get(node_id)
        zh, en = reason_words(proved)
        code = None if proved is None else proved.code
        reason = ReasonView(code, proved is not None, zh, en, {} if proved is None else proved.data)
    said = found.accepted.get(node_id)
    accepted = None if said is None else Acceptance(said.reason, said.who, said.at.isoformat())
    return NodeView(
        node.id, node.parent, node.level, node.kind, node.name, node.label, node.label, node.locked,
        sums.households, sums.registered, sums.buildings, sums.cells, in_band, reason, accepted,
        _was(found, node_id),
    )  # fmt: skip


def _was(found: Work, node_id: int) -> dict[str, str | None] | None:
    """Code and name of the old grid that a grid began from."""
    words = found.row.about.get("was", {}).get(str(node_id))
    return None if words is None else dict(zip(("code", "name"), words, strict=True))


def _in_band(bands: tuple[Band, ...], level: int, kind: str, households: int) -> bool | None:
    if level == 0 or kind != "ordinary" or bands[level - 1].minimum is None:
        return None
    return bands[level - 1].holds(households)


def flaws(tx: Transaction, found: Work) -> list[FlawView]:
    """All that is wrong with a plan: its own rules, disputed ground, the seams."""
    now, lattice = found.measured, found.ground.lattice
    out = []
    for flaw in now.standing.flaws:
        accepted = flaw.kind == "out_of_band" and stands(now.standing, found.accepted, flaw.node)
        place = now.places[flaw.cells] if flaw.cells else None
        out.append(FlawView(flaw.kind, flaw.node, flaw.zh, flaw.en, flaw.blocking and not accepted, place))
    code = found.row.area_code
    for row in places.disputed(tx, code).itertuples() if places.has_disputed(tx, code) else ():
        zh = f"争议地 {row.area_m2:.1f} 平方米，划定归属之前不能发布"
        en = f"{row.area_m2:.1f} m² of disputed ground: assign it before publishing"
        out.append(FlawView("disputed", None, zh, en, True, mapping(row.geometry)))
    for bad in now.drawn.flaws:
        zh, en = f"接缝检验未通过：{bad.kind}", f"the seam proof fails: {bad.kind}"
        out.append(FlawView(bad.kind, None, zh, en, True, mapping(lattice.to_lonlat(bad.geometry))))
    return out


def grid_frame(found: Work, only: Collection[int] | None = None) -> gpd.GeoDataFrame:
    """Lay out the grids of a plan, or some of them, with their polygons; columns as `plan_grids`."""
    shapes = found.measured.drawn.lonlat
    views = [v for v in nodes(found, only) if v.id in shapes]
    rows = [
        (
            v.id, v.parent, v.level, v.kind, v.name, v.short, v.households, v.registered, v.in_band,
            None if v.reason is None else v.reason.code,
        )
        for v in views
    ]  # fmt: skip
    return _frame(pd.DataFrame(rows, columns=list(GRID_COLUMNS)), [shapes[v.id] for v in views])


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
        found = work(tx, plan_id, policy)
    only = {n.id for n in found.state.nodes.values() if level is None or n.level == level}
    return grid_frame(found, only)


def plan_cells(store: Store, plan_id: int, *, policy: Policy = LINGQUAN) -> gpd.GeoDataFrame:
    """Read a plan's cells on their faces.

    Returns
    -------
    GeoDataFrame
        One row = one cell: cell, face, node_id, bid, stairwell, floor_low, floor_high, households,
        registered; geometry the face (runs of one face repeat it), EPSG:4326.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
    return cell_frame(found, found.state.cells)


def cell_frame(found: Work, only: Collection[int]) -> gpd.GeoDataFrame:
    """Lay out some cells of a plan on their faces; columns as `plan_cells`."""
    state = found.state
    cells = [state.cells[c] for c in sorted(only)]
    frame = pd.DataFrame({
        "cell": [c.id for c in cells], "face": [c.face for c in cells],
        "node_id": [state.assign.get(c.id) for c in cells], "bid": [c.bid for c in cells],
        "stairwell": [c.stairwell for c in cells],
        "floor_low": pd.array([c.floor_low for c in cells], dtype="Int64"),
        "floor_high": pd.array([c.floor_high for c in cells], dtype="Int64"),
        "households": [c.households for c in cells], "registered": [c.registered for c in cells],
    })  # fmt: skip
    return _frame(frame, _on_earth([state.faces[c.face].polygon for c in cells], found.ground.lattice))


def plan_buildings(store: Store, plan_id: int) -> gpd.GeoDataFrame:
    """Read the buildings of a plan's ground: bid, name, btype, levels, households, group; EPSG:4326."""
    return _ground_layer(store, plan_id, "buildings")


def plan_features(store: Store, plan_id: int) -> gpd.GeoDataFrame:
    """Read roads, water and the like of a plan's ground: layer, class, name; EPSG:4326."""
    return _ground_layer(store, plan_id, "features")


def _ground_layer(store: Store, plan_id: int, layer: str) -> gpd.GeoDataFrame:
    with store.transaction() as tx:
        return grounds.load_layers(tx, plans.get(tx, plan_id).ground_id)[layer]


def _on_earth(shapes: list[Any], lattice: Lattice) -> list[Any]:
    """Bring polygons of the lattice to EPSG:4326."""
    array: NDArray[np.object_] = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return list(lattice.to_lonlat(array))


def _frame(frame: pd.DataFrame, shapes: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=4326))
