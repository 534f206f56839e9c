"""Edges that faces share, and what feature each follows; metres of each face on the outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spatial.ground.arrangement import NONE, Pieces
from spatial.ground.crossings import Crossings, weakened
from spatial.ground.landscape import NO_BARRIER, Barriers
from spatial.ground.model import EDGE_COLUMNS
from spatial.policy import BARRIERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.labelling import Cut
    from spatial.policy import Policy

CM = 100.0


def shared_edges(
    cut: Cut, rank: NDArray[np.int64], barriers: Barriers, crossings: Crossings, policy: Policy
) -> pd.DataFrame:
    """Shared edges of faces, summed by the feature that they follow; corner touches are left out.

    A barrier has the policy's strength, but near a crossing only a share of it: a row of its own.
    """
    both = (cut.pieces.left != NONE) & (cut.pieces.right != NONE)
    left, right = rank[cut.pieces.left[both]], rank[cut.pieces.right[both]]
    line = cut.line[both]
    on = line != NO_BARRIER
    kind = np.full(len(line), NO_BARRIER)
    kind[on] = barriers.kind[line[on]]
    name = np.full(len(line), None, dtype=object)
    name[on] = barriers.names[line[on]]
    table = np.array([(b.name, b.strength) for b in BARRIERS] + [(None, 0.0)], dtype=object)
    weak = weakened(cut.pieces.xy[both], line, barriers, crossings, policy.crossing_reach_m * CM)
    frame = pd.DataFrame(
        {
            "a": np.minimum(left, right),
            "b": np.maximum(left, right),
            "length_m": cut.pieces.length[both] / CM,
            "barrier": table[kind, 0],
            "strength": table[kind, 1].astype(float) * np.where(weak, policy.crossing_share, 1.0),
            "feature": pd.Series(name, dtype=object).where(pd.notna(name), None),
        }
    )
    pair = frame.groupby(["a", "b"])["length_m"].transform("sum")
    frame = frame[(pair >= policy.adjacency_m) & (frame["a"] != frame["b"])]
    keys = ["a", "b", "barrier", "strength", "feature"]
    summed = frame.groupby(keys, dropna=False, sort=True)["length_m"].sum().reset_index()
    for column in ("barrier", "feature"):
        summed[column] = summed[column].astype(object).where(summed[column].notna(), None)
    return summed[list(EDGE_COLUMNS)]


def outer_metres(pieces: Pieces, rank: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Metres of each face's ring on the outline."""
    out = np.zeros(count)
    rim = (pieces.left == NONE) ^ (pieces.right == NONE)
    owner = np.where(pieces.left == NONE, pieces.right, pieces.left)[rim]
    np.add.at(out, rank[owner], pieces.length[rim] / CM)
    return out
