"""Dedicated grids (schools, markets, parks) are carved out first; what is said about a proposal as notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spatial.partition.graph import CellGraph, Ints


@dataclass(frozen=True)
class Note:
    """Something a planner should know about a proposal, in both languages; ``data`` in JSON types."""

    code: str
    zh: str
    en: str
    data: dict[str, Any] = field(default_factory=dict)


def carve_dedicated(graph: CellGraph) -> tuple[Ints, list[Note]]:
    """Give the cells without households in each dedicated area to its dedicated grid.

    Returns
    -------
    (n,) code of the dedicated area, -1 for ordinary ground; and a note for each area that holds households,
    whose cells stay ordinary.
    """
    inside = graph.dedicated >= 0
    lived_in = inside & (graph.households > 0)
    notes = []
    for code in np.unique(graph.dedicated[lived_in]):
        cells = np.flatnonzero(lived_in & (graph.dedicated == code))
        households = int(graph.households[cells].sum())
        notes.append(
            Note(
                "dedicated_households",
                zh=f"专属网格范围内有{households}户，按普通网格划分。",
                en=f"{households} households live inside a dedicated area; their ground stays ordinary.",
                data={"dedicated": int(code), "households": households, "cells": cells.tolist()},
            )
        )
    return np.where(inside & ~lived_in, graph.dedicated, -1), notes
