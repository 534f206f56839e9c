"""Names of villagers' groups that were proposed: of the hamlet that lies there, else 第N组."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.plans.treework import free_name
from spatial.store import grounds

if TYPE_CHECKING:
    import geopandas as gpd

    from spatial.ground.model import Ground
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Transaction


def name_hamlets(tx: Transaction, ground_id: int, ground: Ground, state: PlanState) -> None:
    """Name the ordinary grids of level 1 of a plan that was just begun, in place.

    A named place of the place file inside a grid names it (凤城村上庄); of several the first by name. The
    village's own name is no hamlet's. Grids without one are numbered
    in the order of their codes (凤城村第2组).
    """
    features = grounds.load_layers(tx, ground_id)["features"]
    found = _places_in(ground, state, features[features["layer"] == "places"])
    mine = sorted(n.id for n in state.nodes.values() if n.level == 1 and n.kind == "ordinary")
    for number, node in enumerate(mine, start=1):
        title = f"{state.root.name}{found.get(node, f'第{number}组')}"
        if state.nodes[node].name != title:
            state.nodes[node] = replace(state.nodes[node], name=free_name(state, state.root.id, title))


def _places_in(ground: Ground, state: PlanState, named: gpd.GeoDataFrame) -> dict[int, str]:
    """Name of a place inside each grid of level 1 that holds one."""
    root = state.root.name.removesuffix("村")
    named = named[named["name"].notna() & ~named["name"].isin({root, state.root.name})]
    place, face = shapely.STRtree(ground.faces).query(
        ground.lattice.to_lattice(named.geometry.to_numpy()), predicate="intersects"
    )
    cell_of = np.full(len(ground.faces), -1, dtype=np.int64)
    cell_of[ground.cells["face"].to_numpy(np.int64)] = np.arange(len(ground.cells))
    found: dict[int, str] = {}
    pairs = zip(named["name"].to_numpy(object)[place], cell_of[face].tolist(), strict=True)
    for name, cell in sorted(pairs, reverse=True):
        if cell in state.assign:
            found[state.ancestor(state.assign[cell], 1)] = str(name)
    return found
