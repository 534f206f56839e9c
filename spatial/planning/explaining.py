"""Say what a plan's borders follow: the four bounds of its grids, and every border piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from spatial.planning.desk import desk_barriers, work
from spatial.plans.borders import NONE, OPEN_GROUND, Borders, Words, borders_of, stretches
from spatial.plans.describe import Bounds, four_bounds
from spatial.policy import LINGQUAN, Policy
from spatial.store import grounds, places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.ground.model import Ground
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction
    from spatial.store.plans import StoredPlan

NO_FEATURE = Words("此处无地物", "no feature here")


def grid_bounds(
    tx: Transaction,
    stored: StoredPlan,
    ground: Ground,
    labels: Mapping[int, tuple[str, str]],
    *,
    policy: Policy = LINGQUAN,
) -> dict[int, Bounds]:
    """Give the four bounds of every grid of a plan.

    Parameters
    ----------
    tx
        The transaction.
    stored, ground
        The plan and its ground.
    labels
        Grid id -> its short number and its name.
    policy
        How wide a water is that has a face of its own.
    """
    layers = grounds.load_layers(tx, stored.row.ground_id)
    barriers = desk_barriers(tx, stored.row.ground_id, policy)
    borders = borders_of(stored.state, barriers, _around(tx, ground))
    buildings = {
        str(bid): name if isinstance(name, str) and name else None
        for bid, name in layers["buildings"][["bid", "name"]].itertuples(index=False)
    }
    nodes = stored.state.nodes
    area = stored.state.root.name
    called = {n: called_by_neighbours(*labels[n], kind=nodes[n].kind, area=area) for n in labels}
    return four_bounds(stored.state, borders, called, buildings)


def plan_borders(
    store: Store,
    plan_id: int,
    *,
    level: int | None = None,
    node: int | None = None,
    policy: Policy = LINGQUAN,
) -> gpd.GeoDataFrame:
    """Explain the borders of a plan: which feature each piece follows, and for how many metres.

    Parameters
    ----------
    store
        The database.
    plan_id
        The plan.
    level
        Borders between the grids of that level; None: of the finest grids.
    node
        Only the borders of this grid; None: of all.
    policy
        How wide a water is that has a face of its own.

    Returns
    -------
    GeoDataFrame
        One row = the border of two grids along one feature or none: ``between`` (two grid ids, the second
        None beyond the basic grid), ``names_zh`` and ``names_en`` (what lies on either side), ``level`` (the
        highest level that it parts, 0 on the outline), ``feature`` (name or None), ``class`` (barrier or
        None), ``zh`` and ``en`` (the feature in words, or that there is none), ``metres``; EPSG:4326.

    Raises
    ------
    NotFound
        no_such_plan, no_such_grid.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        leaves = None if node is None else found.state.below(found.state.node(node).id)
        barriers = desk_barriers(tx, found.row.ground_id, policy)
        borders = borders_of(found.state, barriers, _around(tx, found.ground), leaves=leaves)
    rows = stretches(found.state, borders, level)
    if node is not None:
        rows = rows[(rows["left"] == node) | (rows["right"] == node)]
    words = [_said(found.state, borders, row) for row in rows.itertuples(index=False)]
    frame = pd.DataFrame(words, columns=["between", "names_zh", "names_en", "feature", "class", "zh", "en"])
    frame = frame.assign(level=rows["level"].to_numpy(), metres=rows["metres"].round(2).to_numpy())
    lines = found.ground.lattice.to_lonlat(rows["line"].to_numpy(object))
    return gpd.GeoDataFrame(frame, geometry=lines, crs=4326)


def _said(state: PlanState, borders: Borders, row: Any) -> tuple[Any, ...]:
    """Say what one stretch of border follows, and between what."""
    left, right = _called(state, row.left), _called(state, row.right)
    if right is None:
        right = OPEN_GROUND if row.beyond == NONE else borders.neighbours[row.beyond]
    found = None if row.feature == NONE else borders.features[row.feature]
    words = NO_FEATURE if found is None else Words(found.zh, found.en)
    return (
        [row.left, None if row.right == NONE else row.right],
        [words_.zh for words_ in (left, right) if words_], [words_.en for words_ in (left, right) if words_],
        None if found is None else found.name, None if found is None else found.barrier, words.zh, words.en,
    )  # fmt: skip


def _called(state: PlanState, node_id: int) -> Words | None:
    node = state.nodes.get(node_id)
    if node is None:
        return None
    return called_by_neighbours(node.label, node.name, kind=node.kind, area=state.root.name)


def called_by_neighbours(short: str, name: str, *, kind: str, area: str) -> Words:
    """How a grid is called beside another: by a name of its own, else by its short number.

    Parameters
    ----------
    short, name, kind
        The grid's.
    area
        Name of its basic grid: a dedicated grid is called without it.

    Examples
    --------
    >>> called_by_neighbours("3-02", "凤城社区3-02网格", kind="ordinary", area="凤城社区")
    Words(zh='3-02网格', en='grid 3-02')
    >>> called_by_neighbours("3", "马村一组", kind="ordinary", area="马村")
    Words(zh='马村一组', en='马村一组')
    """
    if kind == "dedicated":
        own = name.removeprefix(area) or name
        return Words(own, own)
    numbered = f"{short}网格" if "-" in short else f"第{short}网格"
    if not short or not name.endswith(numbered):
        return Words(name, name)
    return Words(numbered, f"grid {short}")


def _around(tx: Transaction, ground: Ground) -> list[tuple[str, Any]]:
    """Name and outline of every other basic grid of the town."""
    town = places.town_of(tx, ground.area_code)
    names = {p.code: p.name for p in places.basic_of(tx, town.code)}
    return [(names[c], shape) for c, shape in places.outlines(tx, town).items() if c != ground.area_code]
