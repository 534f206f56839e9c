"""Third stage: why a grid is out of band, as a reason of a closed list that anybody can prove again.

Finding (``reasons_for``) and checking (``verify``) share nothing but the arithmetic: a check looks only at
the reason, the graph's households and adjacencies, the two rows of labels and the band.

=======  =============================================================================================
no_k     no number of grids fits the parent's households, and its number of children errs least
lump     the grid is one cell above the maximum, and perhaps open ground
part     the connected part it lies in, oversize cells taken out, fits no number of grids
lumps    the cells of that part can't be put into groups in band
locked   locks force it (found where locks are known, not here)
=======  =============================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from spatial.partition.exact import groups_fit, reach, sums_fit
from spatial.partition.feasible import deviation, nearest_count, room
from spatial.partition.graph import Bools, CellGraph, Ints, components
from spatial.policy import Band

ReasonCode = Literal["no_k", "lump", "lumps", "part", "locked"]
NEAR_CELLS = 40
"""Household cells up to which the neighbourhood search is tried for a proof."""
REACH = 300
"""Groups around one cell that are looked through to prove that it can't be in any grid in band."""


@dataclass(frozen=True)
class Reason:
    """Why a grid is out of band.

    Parameters
    ----------
    code
        One of the closed list.
    data
        What shows it, JSON types only; cells are positions in the ground's cells. ``no_k``: households,
        grids. ``lump``: cell, households. ``part``: cells (the part), oversize (cells around it), households.
        ``lumps``: cells, oversize, households (one number per cell that has any), how (``sums``: wherever
        they lie; ``neighbours``: as they lie); or how ``alone``: cell, and the cells and households around
        it, no connected group of which that holds the cell is in band. All: minimum, maximum.
    """

    code: ReasonCode
    data: dict[str, Any] = field(default_factory=dict)


Found = dict[int, Reason | None]


def reasons_for(
    graph: CellGraph, labels: Ints, parents: Ints, band: Band, *,
    how: Callable[[CellGraph, Ints, Ints, Band], Found] | None = None,
) -> Found:  # fmt: skip
    """Find the reason of every grid of a level that is out of band.

    Parameters
    ----------
    graph
        The basic grid.
    labels, parents
        (n,) grid and parent of each cell; cells whose parent is -1 (dedicated grids) are left out.
    band
        The band of the level.
    how
        What explains one parent's grids; None is ``explain``. Who asks again and again may remember.

    Returns
    -------
    Label of each grid out of band, ascending, and its reason; None where none can be proven.
    """
    if band.minimum is None or band.maximum is None:
        return {}
    used = parents >= 0
    size = int(labels[used].max(initial=-1)) + 1
    households = np.bincount(labels[used], graph.households[used], size).astype(np.int64)
    present = np.bincount(labels[used], minlength=size) > 0
    out = np.flatnonzero(present & ((households < band.minimum) | (households > band.maximum)))
    found: Found = {}
    for p in np.unique(parents[used & np.isin(labels, out)]):
        cells = np.flatnonzero(parents == p)
        found.update((how or explain)(graph, cells, labels, band))
    return dict(sorted(found.items()))


def explain(graph: CellGraph, cells: Ints, labels: Ints, band: Band) -> dict[int, Reason | None]:
    """Find the reasons of one parent's grids out of band; parameters as in ``reasons_for``."""
    assert band.minimum is not None  # noqa: S101 - for the type checker
    assert band.maximum is not None  # noqa: S101
    households = graph.households[cells]
    grids, place = np.unique(labels[cells], return_inverse=True)
    sums = np.bincount(place, households, len(grids)).astype(np.int64)
    part = _parts(graph, cells, households > band.maximum)
    total = int(households.sum())
    hopeless = not room(total, band).fits
    nearest = deviation(total, len(grids), band) <= deviation(total, nearest_count(total, band), band)
    found: dict[int, Reason | None] = {}
    for g in np.flatnonzero((sums < band.minimum) | (sums > band.maximum)):
        mine = place == g
        lump = _lump(cells[mine], households[mine], band)
        if lump is not None:
            found[int(grids[g])] = lump
        elif hopeless and nearest:
            found[int(grids[g])] = Reason("no_k", {"households": total, "grids": len(grids), **_ends(band)})
        else:
            found[int(grids[g])] = _part_reason(graph, cells, mine, part, band)
    return found


def _ends(band: Band) -> dict[str, Any]:
    return {"minimum": band.minimum, "maximum": band.maximum}


def _lump(cells: Ints, households: Ints, band: Band) -> Reason | None:
    """Say whether a grid is one oversize cell."""
    settled = np.flatnonzero(households > 0)
    if len(settled) != 1 or households[settled[0]] <= (band.maximum or 0):
        return None
    return Reason(
        "lump", {"cell": int(cells[settled[0]]), "households": int(households[settled[0]]), **_ends(band)}
    )


def _parts(graph: CellGraph, cells: Ints, oversize: Bools) -> Ints:
    """Number the connected parts of a parent once its oversize cells are out; those are -1."""
    local = np.full(graph.n, -1, np.int64)
    local[cells[~oversize]] = np.arange(int((~oversize).sum()))
    inside = (local[graph.a] >= 0) & (local[graph.b] >= 0)
    part = np.full(len(cells), -1, np.int64)
    part[~oversize] = components(int((~oversize).sum()), local[graph.a[inside]], local[graph.b[inside]])
    return part


def _part_reason(graph: CellGraph, cells: Ints, mine: Bools, part: Ints, band: Band) -> Reason | None:
    """Prove that the part (or the parts, joined over bridges) of a grid fits no number of grids."""
    if (part[mine] < 0).any():
        return None
    here = np.isin(part, np.unique(part[mine]))
    around = _around(graph, cells[here], cells)
    households = graph.households[cells[here]]
    data: dict[str, Any] = {
        "cells": cells[here].tolist(),
        "oversize": around.tolist(),
        "households": int(households.sum()),
        **_ends(band),
    }
    if not room(int(households.sum()), band).fits or int(households.sum()) == 0:
        return Reason("part", data)
    stuck = _stuck(graph, cells[mine], cells[here], band)
    if stuck is not None:
        return stuck
    how = _how_lumps(graph, cells[here], band)
    if how is None:
        return None
    return Reason("lumps", {**data, "households": sorted(households[households > 0].tolist()), "how": how})


def _stuck(graph: CellGraph, mine: Ints, inner: Ints, band: Band) -> Reason | None:
    """Prove that some cell of a grid can't be in any grid in band, from its surroundings alone."""
    settled, households, near = _settled_neighbours(graph, inner)
    rank = {cell: i for i, cell in enumerate(settled)}
    for cell in mine.tolist():
        if cell not in rank:
            continue
        found = reach(rank[cell], households, near, band.minimum or 0, band.maximum or 0, steps=REACH)
        if found is not None:
            data = {
                "how": "alone",
                "cell": cell,
                "cells": sorted(settled[i] for i in found),
                "households": sorted(households[i] for i in found),
            }
            return Reason("lumps", {**data, **_ends(band)})
    return None


def _around(graph: CellGraph, inner: Ints, cells: Ints) -> Ints:
    """Cells of the parent that touch a part from outside."""
    side = np.zeros(graph.n, np.int64)
    side[cells] = 1
    side[inner] = 2
    u, v = side[graph.a], side[graph.b]
    return np.unique(np.concatenate([graph.b[(u == 2) & (v == 1)], graph.a[(v == 2) & (u == 1)]]))


def _how_lumps(graph: CellGraph, inner: Ints, band: Band) -> str | None:
    """Say how the cells of a part are proven not to fit: by their sums alone, or as they lie."""
    low, high = band.minimum or 0, band.maximum or 0
    households = graph.households[inner]
    settled = households[households > 0].tolist()
    if sums_fit(settled, low, high) is False:
        return "sums"
    if len(settled) > NEAR_CELLS:
        return None
    _, numbers, near = _settled_neighbours(graph, inner)
    return "neighbours" if groups_fit(numbers, near, low, high) is False else None


def _settled_neighbours(graph: CellGraph, inner: Ints) -> tuple[list[int], list[int], list[set[int]]]:
    """Cells with households, their numbers, and which touch (positions); open ground links all around it.

    Kinder than the truth (open ground serves every group at once), so what is impossible here is impossible.
    """
    inside = np.zeros(graph.n, np.bool_)
    inside[inner] = True
    both = inside[graph.a] & inside[graph.b]
    a, b = graph.a[both], graph.b[both]
    open_ground = inside & (graph.households == 0)
    among = open_ground[a] & open_ground[b]
    pool = components(graph.n, a[among], b[among])
    settled = [int(i) for i in inner if graph.households[i] > 0]
    rank = {cell: i for i, cell in enumerate(settled)}
    near: list[set[int]] = [set() for _ in settled]
    touching: dict[int, set[int]] = {}
    for u, v in zip(a.tolist(), b.tolist(), strict=True):
        if u in rank and v in rank:
            near[rank[u]].add(rank[v])
            near[rank[v]].add(rank[u])
        elif u in rank or v in rank:
            cell, ground = (u, v) if u in rank else (v, u)
            touching.setdefault(int(pool[ground]), set()).add(rank[cell])
    for group in touching.values():
        for i in group:
            near[i] |= group - {i}
    return settled, [int(graph.households[i]) for i in settled], near


def verify(reason: Reason, graph: CellGraph, labels: Ints, parents: Ints, label: int, band: Band) -> bool:
    """Prove a reason again from the numbers alone.

    Parameters
    ----------
    reason
        The reason claimed.
    graph, labels, parents
        As in ``reasons_for``.
    label
        The grid out of band.
    band
        The band of the level.

    Returns
    -------
    Whether the grid is out of band and the reason holds word for word.
    """
    if band.minimum is None or band.maximum is None or reason.data.get("minimum") != band.minimum:
        return False
    mine = {int(i) for i in np.flatnonzero((labels == label) & (parents >= 0))}
    owner = {int(parents[i]) for i in mine}
    households = int(sum(graph.households[i] for i in mine))
    if reason.data.get("maximum") != band.maximum or len(owner) != 1 or band.holds(households):
        return False
    siblings = parents == owner.pop()
    if reason.code == "lump":
        return _verify_lump(reason, graph, mine, band.maximum)
    if reason.code == "no_k":
        return _verify_no_k(reason, graph, labels, siblings, band)
    if reason.code == "lumps" and reason.data.get("how") == "alone":
        return _verify_alone(reason, graph, mine, siblings, band)
    if reason.code in ("part", "lumps"):
        return _verify_part(reason, graph, mine, siblings, band)
    return False


def _verify_lump(reason: Reason, graph: CellGraph, mine: set[int], maximum: int) -> bool:
    settled = [i for i in mine if graph.households[i] > 0]
    claimed = reason.data.get("cell"), reason.data.get("households")
    return (
        len(settled) == 1
        and int(graph.households[settled[0]]) > maximum
        and claimed == (settled[0], int(graph.households[settled[0]]))
    )


def _verify_no_k(reason: Reason, graph: CellGraph, labels: Ints, siblings: Bools, band: Band) -> bool:
    total = int(graph.households[siblings].sum())
    children = len(set(labels[siblings].tolist()))
    if (reason.data.get("households"), reason.data.get("grids")) != (total, children) or total == 0:
        return False
    low, high = band.minimum or 0, band.maximum or 0
    every = range(1, total // max(low, 1) + 2)
    return not any(k * low <= total <= k * high for k in every) and all(
        deviation(total, children, band) <= deviation(total, k, band) for k in every
    )


def _verify_alone(reason: Reason, graph: CellGraph, mine: set[int], siblings: Bools, band: Band) -> bool:
    """Check that no connected group around the cell named is in band, in all of the parent's ground."""
    cell = reason.data.get("cell")
    high = band.maximum or 0
    if cell not in mine or not 0 < int(graph.households[cell]) <= high:
        return False
    ground = np.flatnonzero(siblings & (graph.households <= high))
    settled, households, near = _settled_neighbours(graph, ground)
    found = reach(settled.index(cell), households, near, band.minimum or 0, high, steps=REACH)
    return found is not None and reason.data.get("cells") == sorted(settled[i] for i in found)


def _verify_part(reason: Reason, graph: CellGraph, mine: set[int], siblings: Bools, band: Band) -> bool:
    """Check that the cells named hold the grid, touch only oversize cells, and fit no number of grids."""
    low, high = band.minimum or 0, band.maximum or 0
    cells = np.array(reason.data.get("cells", []), dtype=np.int64)
    if not mine <= set(cells.tolist()) or not siblings[cells].all() or (graph.households[cells] > high).any():
        return False
    inside = np.zeros(graph.n, np.bool_)
    inside[cells] = True
    for near, far in ((graph.a, graph.b), (graph.b, graph.a)):
        leaving = inside[near] & ~inside[far] & siblings[far]
        if (graph.households[far[leaving]] <= high).any():
            return False
    numbers = graph.households[cells]
    if reason.code == "part":
        total = int(numbers.sum())
        return reason.data.get("households") == total and not (
            total > 0 and -(-total // high) <= total // max(low, 1)
        )
    if reason.data.get("households") != sorted(numbers[numbers > 0].tolist()):
        return False
    return _how_lumps(graph, cells, band) == reason.data.get("how")
