"""Say what a plan's borders follow: the four bounds of its grids, and every border piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spatial.ground.landscape import barriers_of
from spatial.plans.borders import Borders, Words, borders_of
from spatial.plans.describe import Bounds, four_bounds
from spatial.policy import LINGQUAN, Policy
from spatial.store import grounds, places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.ground.model import Ground
    from spatial.store.engine import Transaction
    from spatial.store.plans import StoredPlan


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
    borders = _borders(tx, stored, ground, layers, policy)
    buildings = {
        str(bid): name if isinstance(name, str) and name else None
        for bid, name in layers["buildings"][["bid", "name"]].itertuples(index=False)
    }
    nodes = stored.state.nodes
    called = {n: called_by_neighbours(*labels[n], dedicated=nodes[n].kind == "dedicated") for n in labels}
    return four_bounds(stored.state, borders, called, buildings)


def called_by_neighbours(short: str, name: str, *, dedicated: bool) -> Words:
    """How a grid is called beside another: dedicated ones by name, others by short number.

    Examples
    --------
    >>> called_by_neighbours("3-02", "凤城社区3-02网格", dedicated=False)
    Words(zh='3-02网格', en='grid 3-02')
    """
    if dedicated or not short:
        return Words(name, name)
    return Words(f"{short}网格" if "-" in short else f"第{short}网格", f"grid {short}")


def _borders(
    tx: Transaction, stored: StoredPlan, ground: Ground, layers: dict[str, Any], policy: Policy
) -> Borders:
    """Border edges of a plan with the features of its ground and the basic grids around it."""
    barriers = barriers_of(
        layers["features"], ground.lattice, ground.outline, policy.own_face_width_m * 100.0
    )
    area = ground.area_code
    town = places.town_of(tx, area)
    names = {p.code: p.name for p in places.basic_of(tx, town.code)}
    around = [(names[c], shape) for c, shape in places.outlines(tx, town).items() if c != area]
    return borders_of(stored.state, barriers, around)
