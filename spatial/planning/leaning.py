"""What leans a proposal beside the ground itself: the grids in force, and loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spatial.partition.weigh import Leanings
from spatial.planning.bearing import loads_of
from spatial.planning.succession import at_level, old_leaves
from spatial.plans.start import ground_rows
from spatial.plans.tree import Node, PlanState
from spatial.store import editions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.planning.wishes import Wishes
    from spatial.policy import Policy
    from spatial.store.engine import Transaction


def leanings_of(tx: Transaction, ground: Ground, policy: Policy, wishes: Wishes) -> Leanings:
    """Find the grid in force that holds each cell, at every level, and what each cell weighs.

    Nothing without an edition in force, and without wishes of load.
    """
    load = loads_of(tx, ground, wishes.loads, wishes.burdens)
    edition = editions.in_force(tx, ground.area_code)
    if edition is None or not policy.weights.keep:
        return Leanings(load=load)
    cells, faces = ground_rows(ground)
    state = PlanState({0: Node(0, None, 0, "basic", "")}, cells, faces, {})
    held = old_leaves(state, ground.lattice, list(cells), editions.grids(tx, edition_id=edition.id))
    levels = range(1, len(policy.bands[ground.division]) + 1)
    before = tuple(_numbered([at_level(code, level) for code in held]) for level in levels)
    return Leanings(before, load)


def _numbered(codes: list[str | None]) -> NDArray[np.int64]:
    """Number the codes in their order; no code is -1."""
    known = {code: i for i, code in enumerate(sorted({code for code in codes if code is not None}))}
    return np.array([-1 if code is None else known[code] for code in codes], dtype=np.int64)
