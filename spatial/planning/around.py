"""The town around a plan: the plan in hand of each basic grid, and its grids fit to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.planning.desk import work
from spatial.planning.reading import GRID_COLUMNS, grid_frame
from spatial.planning.views import PlanRow
from spatial.plans.shapes import VIEW_TOLERANCE_M, as_multi, dissolve
from spatial.policy import LINGQUAN, Policy
from spatial.store import places, plans

if TYPE_CHECKING:
    import geopandas as gpd

    from spatial.planning.desk import Work
    from spatial.store.engine import Store

COLUMNS = (*GRID_COLUMNS, "leaf")


def plans_in_hand(store: Store, area: str) -> list[PlanRow]:
    """List the plan in hand of each basic grid: the newest that was edited or published, else the newest.

    Parameters
    ----------
    store
        The database.
    area
        9 digits a town, 12 a basic grid.

    Returns
    -------
    list of PlanRow
        By code of the basic grid; those without a plan are left out.

    Raises
    ------
    NotFound
        ``no_such_place``.
    """
    with store.transaction() as tx:
        names = {p.code: p.name for p in places.basic_of(tx, area)}
        rows = [r for r in plans.list_plans(tx, area) if r.area_code in names]
    chosen: dict[str, plans.PlanRow] = {}
    for row in rows:  # the newest first
        begun = row.rev > 0 or row.edition_id is not None
        before = chosen.get(row.area_code)
        if before is None or (begun and before.rev == 0 and before.edition_id is None):
            chosen[row.area_code] = row
    return [
        PlanRow(r.id, code, names[code], r.name, r.rev, r.edition_id is not None, r.who, r.made_at, r.review)
        for code, r in sorted(chosen.items())
    ]


def plan_view(store: Store, plan_id: int, *, policy: Policy = LINGQUAN) -> gpd.GeoDataFrame:
    """Read a plan's grids to be looked at: the finest simplified together, those above their unions.

    Returns
    -------
    GeoDataFrame
        Columns of `spatial.planning.plan_grids` and ``leaf``; EPSG:4326, corners of less than 0.7 m lost: no
        shape to compute with. Grids that stand on others keep their shape, which is the building's.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
    frame = grid_frame(found)
    shapes = _for_view(found)
    array = np.empty(len(frame), dtype=object)
    array[:] = [shapes[n] for n in frame["node_id"]]
    leaves = {node.id for node in found.state.leaves()}
    frame["leaf"] = frame["node_id"].isin(leaves)
    return frame.set_geometry(found.ground.lattice.to_lonlat(array), crs=4326)


def _for_view(found: Work) -> dict[int, Any]:
    """Shapes in lattice centimetres: whole faces of the leaves form the coverage that is simplified."""
    state, drawn = found.state, found.measured.drawn
    leaves = [node.id for node in state.leaves() if node.id in drawn.of and drawn.of[node.id].whole]
    base = np.empty(len(leaves), dtype=object)
    base[:] = [
        drawn.shapes[n]
        if not drawn.of[n].parts
        else dissolve(np.array([drawn.faces[f].polygon for f in sorted(drawn.of[n].whole)], dtype=object))
        for n in leaves
    ]
    simple = shapely.coverage_simplify(base, VIEW_TOLERANCE_M * 100.0)
    out = dict(drawn.shapes)
    below: dict[int, list[Any]] = {}
    for leaf, shape in zip(leaves, simple, strict=True):
        out[leaf] = as_multi(shape)
        for node in state.chain(leaf):
            if node.id != leaf:
                below.setdefault(node.id, []).append(shape)
    return out | {node: as_multi(shapely.coverage_union_all(parts)) for node, parts in below.items()}
