"""Handles of a plan's borders: junctions and corners that people drag, and the borders between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.planning.desk import work
from spatial.policy import LINGQUAN, Policy

if TYPE_CHECKING:
    from spatial.plans.handles import Simplified
    from spatial.store.engine import Store

COLUMNS = ("id", "kind", "grids", "a", "b")


def plan_handles(
    store: Store, plan_id: int, *, level: int | None = None, policy: Policy = LINGQUAN
) -> gpd.GeoDataFrame:
    """Give the handles of the borders between the grids of a level; NotFound (``no_such_plan``).

    Parameters
    ----------
    level
        None: the finest.

    Returns
    -------
    GeoDataFrame
        Points first, one a handle: ``id`` (lattice x_y), ``kind`` junction or corner, ``grids`` ids of those
        that meet there. Then lines, one a stretch of simplified border between two grids: ``kind`` border,
        ``a`` and ``b`` their ids. EPSG:4326.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
    depth = found.state.levels if level is None else min(level, found.state.levels)
    net = found.measured.net(found.state, depth)
    points = [
        (f"{x}_{y}", net.kind(i), net.nodes[list(net.at[i][0])].tolist(), None, None)
        for i, (x, y) in enumerate(net.handles.tolist())
    ]
    lines, rows = _borders(net)
    shapes = np.concatenate([shapely.points(net.handles.astype(np.float64)), lines])
    frame = pd.DataFrame([*points, *rows], columns=list(COLUMNS), dtype=object)
    return gpd.GeoDataFrame(frame, geometry=list(found.ground.lattice.to_lonlat(shapes)), crs=4326)


def _borders(net: Simplified) -> tuple[list[shapely.LineString], list[tuple[object, ...]]]:
    """Simplified borders as lines, pair of grids by pair."""
    pairs = pd.DataFrame({"a": net.a, "b": net.b}).groupby(["a", "b"], sort=True).indices
    lines: list[shapely.LineString] = []
    rows: list[tuple[object, ...]] = []
    for (a, b), edges in pairs.items():
        ends = net.xy[edges].reshape(-1, 2, 2).astype(np.float64)
        parts = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends))))
        two = [int(net.nodes[a]), int(net.nodes[b])]
        lines.extend(parts)
        rows.extend((None, "border", two, *two) for _ in parts)
    return lines, rows
