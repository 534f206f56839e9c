"""Grids that locks force out of band: the reason ``locked``, found and proved again.

A grid is forced by its locked siblings if, with their cells set aside, another reason holds for what is left
of the parent; or it is locked itself, which is a planner's decision and is said as such.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from spatial.partition.graph import Bools, CellGraph, Ints
from spatial.partition.prove import Reason, ReasonCode, explain, verify
from spatial.policy import Band

NO_PARENT = -1
OTHERS: tuple[ReasonCode, ...] = ("no_k", "lump", "lumps", "part")


def with_locks(
    graph: CellGraph, labels: Ints, parents: Ints, band: Band, locked: Collection[int],
    found: dict[int, Reason | None],
) -> dict[int, Reason | None]:  # fmt: skip
    """Give grids out of band for which nothing else is proved the reason ``locked``, where it holds.

    Parameters
    ----------
    graph, labels, parents, band
        As in ``prove.reasons_for``.
    locked
        Labels of the level that are locked, themselves or by a grid above.
    found
        What ``prove.reasons_for`` gave.

    Returns
    -------
    The same grids; data of ``locked``: ``how`` ``held`` with the households, or ``around`` with the labels
    ``locked`` and what then holds ``because`` of them, a reason's ``code`` and ``data``. All: minimum,
    maximum.
    """
    if not locked:
        return found
    return {
        g: _forced(graph, labels, parents, band, locked, g) if reason is None else reason
        for g, reason in found.items()
    }


def _forced(
    graph: CellGraph, labels: Ints, parents: Ints, band: Band, locked: Collection[int], g: int
) -> Reason | None:
    mine = (labels == g) & (parents != NO_PARENT)
    ends = {"minimum": band.minimum, "maximum": band.maximum}
    if g in locked:
        return Reason("locked", {"how": "held", "households": int(graph.households[mine].sum()), **ends})
    siblings = parents == parents[np.flatnonzero(mine)[0]]
    fixed = _fixed(labels, siblings, locked)
    if not fixed:
        return None
    because = explain(graph, np.flatnonzero(siblings & ~np.isin(labels, fixed)), labels, band).get(g)
    if because is None:
        return None
    told = {"code": because.code, "data": because.data}
    return Reason("locked", {"how": "around", "locked": fixed, "because": told, **ends})


def _fixed(labels: Ints, siblings: Bools, locked: Collection[int]) -> list[int]:
    """Labels of the locked grids of one parent, ascending."""
    return sorted({int(one) for one in np.unique(labels[siblings])} & set(locked))


def verify_locked(
    reason: Reason, graph: CellGraph, labels: Ints, parents: Ints, label: int, band: Band,
    locked: Collection[int],
) -> bool:  # fmt: skip
    """Prove a reason ``locked`` again: the locks are there, and force the grid out of band.

    Parameters as in ``prove.verify``; ``locked`` as in ``with_locks``.
    """
    mine = (labels == label) & (parents != NO_PARENT)
    households = int(graph.households[mine].sum())
    ends = (reason.data.get("minimum"), reason.data.get("maximum"))
    if not mine.any() or band.holds(households) or ends != (band.minimum, band.maximum):
        return False
    if reason.data.get("how") == "held":
        return label in locked and reason.data.get("households") == households
    siblings = parents == parents[np.flatnonzero(mine)[0]]
    fixed, because = _fixed(labels, siblings, locked), reason.data.get("because")
    if label in locked or not fixed or reason.data.get("locked") != fixed or not isinstance(because, dict):
        return False
    if because.get("code") not in OTHERS or not isinstance(because.get("data"), dict):
        return False
    left = np.where(siblings & np.isin(labels, fixed), NO_PARENT, parents)
    return verify(Reason(because["code"], because["data"]), graph, labels, left, label, band)
