"""Grids that locks put out of band: the reason ``locked``, and what shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from spatial.partition.graph import CellGraph, Ints
from spatial.partition.locks import Locks, merged, node_of_cells
from spatial.partition.proposal import Proposal
from spatial.partition.prove import Reason, reasons_for
from spatial.policy import Band


def excused(graph: CellGraph, proposal: Proposal, locks: Locks) -> Proposal:
    """Give the reason ``locked`` to the grids out of band that nothing but a lock explains."""
    if not locks.any:
        return proposal
    found: dict[tuple[int, int], Reason] = {}
    above = np.where(proposal.levels[-1] >= 0, 0, -1)
    for number, (labels, band) in enumerate(zip(proposal.levels, proposal.bands, strict=True), start=1):
        missed = [
            g.label for g in proposal.grids
            if g.level == number and g.in_band is False and g.reason is None
        ]  # fmt: skip
        reasons = locked_reasons(graph, labels, above, band, locks, number)
        found |= {(number, g): reasons[g] for g in missed if g in reasons}
        above = labels
    grids = [replace(g, reason=g.reason or found.get((g.level, g.label))) for g in proposal.grids]
    return replace(proposal, grids=grids)


def locked_reasons(
    graph: CellGraph, labels: Ints, parents: Ints, band: Band, locks: Locks, level: int
) -> dict[int, Reason]:
    """Find the grids of a level that locks put out of band.

    Parameters
    ----------
    graph, labels, parents, band
        As in `spatial.partition.prove.reasons_for`.
    locks
        What is locked.
    level
        Number of the level.

    Returns
    -------
    Label of each grid and its reason. ``how`` says which lock it is: ``held`` (the grid itself is locked),
    ``around`` (without the grids that are locked, and with what must stay together as one cell, the reason
    ``because`` holds: its positions are nodes, numbered by their first cells; ``cells`` and ``node`` tell
    which they are), ``apart`` (the borders ``pairs`` must run around it). All: households, minimum, maximum.
    """
    if band.minimum is None or band.maximum is None:
        return {}
    held = locks.held[level - 1] if locks.held else np.full(graph.n, -1, np.int64)
    free = np.where(held < 0, parents, -1)
    around = _around(graph, labels, free, band, locks)
    found: dict[int, Reason] = {}
    for g in np.unique(labels[(labels >= 0) & (parents >= 0)]).tolist():
        mine = labels == g
        households = int(graph.households[mine].sum())
        if band.holds(households):
            continue
        how = {"how": "held"} if (held[mine] >= 0).all() else around.get(g) or _border(locks, mine)
        if how is not None:
            ends = {"minimum": band.minimum, "maximum": band.maximum}
            found[g] = Reason("locked", {**how, "households": households, **ends})
    return found


def _around(
    graph: CellGraph, labels: Ints, parents: Ints, band: Band, locks: Locks
) -> dict[int, dict[str, Any]]:
    """Reasons that hold once locked grids are out and what stays together is one cell."""
    node_of = node_of_cells(graph, locks)
    first = np.unique(node_of, return_index=True)[1]
    found = reasons_for(merged(graph, node_of), labels[first], parents[first], band)
    return {
        g: {
            "how": "around",
            "because": {"code": reason.code, "data": reason.data},
            "node": node_of[np.flatnonzero(labels == g)].tolist(),
            "cells": np.flatnonzero(labels == g).tolist(),
        }
        for g, reason in found.items()
        if reason is not None
    }


def _border(locks: Locks, mine: Ints) -> dict[str, Any] | None:
    """Borders that must run between a grid and another."""
    ends = mine[locks.apart]
    pairs = locks.apart[ends[:, 0] != ends[:, 1]] if len(locks.apart) else locks.apart
    return {"how": "apart", "pairs": pairs.tolist()} if len(pairs) else None


def verify_locked(
    reason: Reason, graph: CellGraph, labels: Ints, parents: Ints, label: int, band: Band, locks: Locks,
    level: int,
) -> bool:  # fmt: skip
    """Prove the reason ``locked`` again, from the numbers and the locks."""
    return locked_reasons(graph, labels, parents, band, locks, level).get(label) == reason
