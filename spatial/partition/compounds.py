"""Walled compounds: courtyards and estates that lie inside one wall and stay together like a habit area."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spatial.partition.graph import CellGraph, by_first, components

if TYPE_CHECKING:
    from spatial.ground.model import Ground

WALLED = 0.5
"""A border is a wall from this share on, and a compound is walled in when this share of its ring is; what is
left are gates, and houses that stand in the wall's line."""


def with_compounds(graph: CellGraph, ground: Ground) -> CellGraph:
    """Count every walled compound as a habit area where none is named.

    A compound is a set of faces that no wall parts. So no border runs through a courtyard, or between a house
    in it and its gate, unless the compound is too large for one grid.

    Parameters
    ----------
    graph
        The basic grid.
    ground
        What it was made of; its edges say where walls are.
    """
    edges, faces = ground.edges, len(ground.faces)
    a, b = edges["a"].to_numpy(np.int64), edges["b"].to_numpy(np.int64)
    metres = edges["length_m"].to_numpy(np.float64)
    wall = np.where(edges["barrier"].to_numpy(object) == "wall", metres, 0.0)
    pair, at = np.unique(a * faces + b, return_inverse=True)
    whole, walled = np.bincount(at, metres, len(pair)), np.bincount(at, wall, len(pair))
    free = walled < WALLED * whole
    part = components(faces, pair[free] // faces, pair[free] % faces)
    rim = part[a] != part[b]
    count = int(part.max(initial=-1)) + 1
    ring = np.bincount(part, ground.outer_m, count)
    shut = np.zeros(count)
    for side in (a, b):
        ring += np.bincount(part[side[rim]], metres[rim], count)
        shut += np.bincount(part[side[rim]], wall[rim], count)
    inside = (shut > 0) & (shut >= WALLED * ring)
    code = by_first(np.where(inside[part], part, -1))[graph.face]
    named = int(graph.affinity.max(initial=-1)) + 1
    return replace(graph, affinity=np.where((graph.affinity < 0) & (code >= 0), named + code, graph.affinity))
