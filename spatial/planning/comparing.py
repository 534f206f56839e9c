"""Two plans of one ground side by side: households in another grid, borders that moved, metre by metre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.ground.seam import edge_keys, undirected
from spatial.planning.alike import of_one_ground
from spatial.planning.impacts import floor_runs
from spatial.plans.borders import inner_borders
from spatial.plans.matching import homes, matched
from spatial.store import grounds, places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spatial.plans.tree import Node, PlanState
    from spatial.store.engine import Store
    from spatial.store.plans import StoredPlan

SIDES = ("a", "b")


@dataclass(frozen=True)
class NodeRef:
    """A grid of one of the plans."""

    id: int
    short: str
    name: str


@dataclass(frozen=True)
class MovedHome:
    """Households of a building, or of a stairwell or floors of it, that are in another finest grid.

    ``floors`` are runs, both ends included; ``a`` and ``b`` the grids that hold them in either plan, None for
    none; grids of the two plans count as the same where they are matched.
    """

    bid: str
    name: str | None
    stairwell: str | None
    floors: tuple[tuple[int, int], ...]
    households: int
    registered: int
    a: NodeRef | None
    b: NodeRef | None


@dataclass(frozen=True)
class MovedBorder:
    """Metres of inner border of one level: in the first plan alone, in the second alone, in both."""

    level: int
    only_a_m: float
    only_b_m: float
    both_m: float


@dataclass(frozen=True)
class PlansCompared:
    """How two plans differ.

    Parameters
    ----------
    area_code, area_name
        Their basic grid.
    households, moved
        All households, and by level those in another grid, grids matched so that as many as can be stay.
    homes
        The households in another finest grid.
    borders
        Borders by level.
    lines
        One row = the border of two finest grids that one plan has and the other has not: side (``a`` or
        ``b``), between (two short numbers), metres; EPSG:4326.
    """

    area_code: str
    area_name: str
    households: int
    moved: dict[int, int]
    homes: list[MovedHome]
    borders: list[MovedBorder]
    lines: gpd.GeoDataFrame


def compare_plans(store: Store, a: int, b: int) -> PlansCompared:
    """Compare two plans of one ground.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    BadParameter
        ``other_ground``: plans of different grounds have no cells in common.
    """
    with store.transaction() as tx:
        one, other = of_one_ground(tx, (a, b), field="b")
        area = places.get(tx, one.row.area_code)
        lattice = places.town_of(tx, area.code).lattice
        rows = _rows(one.state, other.state)
        called = grounds.building_names(tx, one.row.ground_id, sorted(set(rows["bid"])))
    levels = range(1, min(one.state.levels, other.state.levels) + 1)
    moved = {level: int(rows.loc[rows[f"moved_{level}"], "households"].sum()) for level in levels}
    lines = _lines(one, other)
    return PlansCompared(
        area.code, area.name, int(rows["households"].sum()), moved, _homes(rows, called, one, other),
        [_border(one.state, other.state, level) for level in levels],
        gpd.GeoDataFrame(
            lines.drop(columns="line"), geometry=list(lattice.to_lonlat(lines["line"].to_numpy(object))),
            crs=4326,
        ),
    )  # fmt: skip


def _rows(one: PlanState, other: PlanState) -> pd.DataFrame:
    """Homes of both plans: their leaf in either, and at each level whether the grid is another."""
    here, there = homes(one), homes(other)
    keys = [key for key in here if key in there]
    cells = [here[key] for key in keys]
    a, b = [c.id for c in cells], [there[key].id for key in keys]
    people = np.array([c.households for c in cells], dtype=np.int64)
    frame = pd.DataFrame({
        "bid": pd.Series([str(c.bid) for c in cells], dtype=object),
        "stairwell": pd.Series([c.stairwell for c in cells], dtype=object),
        "floor_low": pd.Series([c.floor_low for c in cells], dtype=object),
        "floor_high": pd.Series([c.floor_high for c in cells], dtype=object),
        "households": people, "registered": np.array([c.registered for c in cells], dtype=np.int64),
        "a": pd.Series([one.assign.get(c, -1) for c in a], dtype=np.int64),
        "b": pd.Series([other.assign.get(c, -1) for c in b], dtype=np.int64),
    })  # fmt: skip
    for level in range(1, min(one.levels, other.levels) + 1):
        left, right = one.labels(a, level), other.labels(b, level)
        same = matched(people, left, right)
        # ids of two plans mean nothing to one another: only the matching tells what is the same
        frame[f"moved_{level}"] = np.array(
            [same.get(int(x), -1) != int(y) for x, y in zip(left, right, strict=True)], dtype=np.bool_
        )
    return frame


def _homes(
    rows: pd.DataFrame, called: Mapping[str, str], one: StoredPlan, other: StoredPlan
) -> list[MovedHome]:
    finest = max(int(c.removeprefix("moved_")) for c in rows.columns if c.startswith("moved_"))
    changed = rows[rows[f"moved_{finest}"]]
    parts = changed.groupby(["bid", "stairwell", "a", "b"], dropna=False, sort=True)
    return [
        MovedHome(
            str(bid), called.get(str(bid)), part["stairwell"].iloc[0], floor_runs(part),
            int(part["households"].sum()), int(part["registered"].sum()), _ref(one.state, a),
            _ref(other.state, b),
        )
        for (bid, _, a, b), part in parts
    ]  # fmt: skip


def _ref(state: PlanState, node: Any) -> NodeRef | None:
    found: Node | None = state.nodes.get(int(node))
    return None if found is None else NodeRef(found.id, found.label, found.name)


def _parted(
    one: PlanState, other: PlanState, level: int | None
) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]], list[NDArray[np.bool_]]]:
    """Inner border edges of both plans, the grids on either side, and which edges the other plan has not."""
    edges = [inner_borders(state, level) for state in (one, other)]
    xy = [found[0] for found in edges]
    keys = edge_keys(undirected(np.concatenate(xy))[0])
    mine, theirs = keys[: len(xy[0])], keys[len(xy[0]) :]
    alone = [~np.isin(mine, theirs), ~np.isin(theirs, mine)]
    return xy, [found[1] for found in edges], alone


def _border(one: PlanState, other: PlanState, level: int) -> MovedBorder:
    xy, _, alone = _parted(one, other, level)
    metres = [_metres(edges) for edges in xy]
    only = [float(length[sole].sum()) for length, sole in zip(metres, alone, strict=True)]
    return MovedBorder(
        level, round(only[0], 1), round(only[1], 1), round(float(metres[0].sum()) - only[0], 1)
    )


def _lines(one: StoredPlan, other: StoredPlan) -> pd.DataFrame:
    """Borders of finest grids that only one plan has, by side and pair of grids; the longest first."""
    xy, pairs, alone = _parted(one.state, other.state, None)
    rows = []
    for side, stored, edges, between, sole in zip(SIDES, (one, other), xy, pairs, alone, strict=True):
        nodes = stored.state.nodes
        frame = pd.DataFrame(between[sole], columns=["left", "right"])
        for (left, right), part in frame.groupby(["left", "right"], sort=True):
            own = edges[sole][part.index.to_numpy()]
            line = shapely.line_merge(shapely.multilinestrings(own.reshape(-1, 2, 2).astype(np.float64)))
            labels = [nodes[int(n)].label if int(n) in nodes else "" for n in (left, right)]
            rows.append((side, labels, round(float(_metres(own).sum()), 1), line))
    found = pd.DataFrame(rows, columns=["side", "between", "metres", "line"])
    return found.sort_values(["side", "metres"], ascending=[True, False]).reset_index(drop=True)


def _metres(xy: NDArray[np.int64]) -> NDArray[np.float64]:
    x1, y1, x2, y2 = xy.T
    return np.asarray(np.hypot(x2 - x1, y2 - y1) / 100.0, dtype=np.float64)
