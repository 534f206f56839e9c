"""What a proposal is: nested labels, and every grid with its numbers and its reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spatial.partition.carve import Note
from spatial.partition.graph import Bools, CellGraph, Ints, by_first
from spatial.partition.prove import Reason, reasons_for
from spatial.partition.score import part_counts
from spatial.policy import Band, Kind


@dataclass(frozen=True)
class ProposedGrid:
    """One grid of a proposal.

    Parameters
    ----------
    level, label
        Where its cells stand in ``Proposal.levels``: ``levels[level - 1] == label``.
    parent_label
        Label of its parent one level up, None at level 1.
    kind
        ``ordinary`` or ``dedicated``.
    households, registered
        What the bands count, and all.
    parts
        Connected parts.
    in_band
        Whether the band holds; None for dedicated grids and levels without a band.
    reason
        Why it is out of band, proven; None if it is in band, or if nothing proves it (a fault).
    area
        Code of the dedicated area (``CellGraph.dedicated``) or villagers' group (``CellGraph.group``) that
        the grid is made from, or None.
    """

    level: int
    label: int
    parent_label: int | None
    kind: Kind
    households: int
    registered: int
    parts: int
    in_band: bool | None
    reason: Reason | None
    area: int | None = None


@dataclass(frozen=True)
class Proposal:
    """Nested grids proposed for one basic grid.

    Parameters
    ----------
    levels
        For each level (n,) labels per cell; -1 only where the branch ends above (dedicated grids have no
        children).
    grids
        Every grid, by level and label.
    bands
        The band of each level.
    notes
        What a planner should know.
    """

    levels: list[Ints]
    grids: list[ProposedGrid]
    bands: tuple[Band, ...]
    notes: list[Note]


def described(
    graph: CellGraph,
    levels: list[Ints],
    bands: tuple[Band, ...],
    dedicated: Ints,
    groups: Ints,
    notes: list[Note],
) -> Proposal:
    """Add the dedicated grids to level 1 and describe every grid.

    Parameters
    ----------
    graph
        The basic grid.
    levels
        (n,) labels of each level, -1 on dedicated ground; changed in place.
    bands
        Band of each level.
    dedicated, groups
        (n,) code of the dedicated area and of the villagers' group, or -1.
    notes
        What a planner should know.
    """
    free: Bools = dedicated < 0
    grids: list[ProposedGrid] = []
    parents = np.where(free, 0, -1)
    for number, (labels, band) in enumerate(zip(levels, bands, strict=True), start=1):
        reasons = reasons_for(graph, labels, parents, band)
        parents = labels.copy()
        if number == 1:
            labels[~free] = int(labels.max()) + 1 + by_first(dedicated)[~free]
        grids += _describe(graph, labels, number, levels, reasons, band, dedicated, groups)
    return Proposal(levels, grids, bands, notes)


def _describe(
    graph: CellGraph,
    labels: Ints,
    number: int,
    levels: list[Ints],
    reasons: dict[int, Reason | None],
    band: Band,
    dedicated: Ints,
    groups: Ints,
) -> list[ProposedGrid]:
    """Describe the grids of one level."""
    used = labels >= 0
    k = int(labels.max()) + 1
    first = np.full(k, -1, np.int64)
    first[labels[used][::-1]] = np.flatnonzero(used)[::-1]
    households = np.bincount(labels[used], graph.households[used], k).astype(np.int64)
    registered = np.bincount(labels[used], graph.registered[used], k).astype(np.int64)
    parts = part_counts(graph, labels, k)
    grids = []
    for g in range(k):
        cell = first[g]
        carved = int(dedicated[cell])
        kind: Kind = "dedicated" if carved >= 0 else "ordinary"
        banded = kind == "ordinary" and band.minimum is not None
        area = carved if carved >= 0 else int(groups[cell]) if number == 1 else -1
        grids.append(
            ProposedGrid(
                level=number,
                label=g,
                parent_label=None if number == 1 else int(levels[number - 2][cell]),
                kind=kind,
                households=int(households[g]),
                registered=int(registered[g]),
                parts=int(parts[g]),
                in_band=band.holds(int(households[g])) if banded else None,
                reason=reasons.get(g),
                area=area if area >= 0 else None,
            )
        )
    return grids
