"""What a ground's stored paths and its town's terrain say of walking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.ground.walkways import walkways
from spatial.store import grounds, places, terrain

if TYPE_CHECKING:
    from spatial.ground.model import Ground
    from spatial.partition.graph import CellGraph
    from spatial.store.engine import Transaction


def with_walking(tx: Transaction, ground_id: int, ground: Ground, graph: CellGraph) -> CellGraph:
    """Add the seconds on foot between cells to the graph of a ground.

    Parameters
    ----------
    ground_id
        The stored ground: its roads, water, walls and the like.
    ground
        The same, or as a plan has cut it.
    graph
        Of ``ground``.

    Raises
    ------
    NotFound
        ``no_such_ground``.
    """
    # numba is slow to import: who only looks up need not wait for it
    from spatial.partition.walking import on_foot  # noqa: PLC0415

    features = grounds.load_layers(tx, ground_id)["features"]
    land = terrain.get(tx, places.town_of(tx, ground.area_code))
    return on_foot(graph, walkways(ground, features, land))
