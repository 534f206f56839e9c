"""Propose the nested grids of basic grids: the procedure, stage by stage.

1. carve out the dedicated grids;
2. level by level: feasibility, number of grids, divide, refine (``level``); in a village the villagers'
   groups are level 1 (``groups``);
3. a grid out of band is proven to be unavoidable (``prove``), or the border of its parent is moved
   (``repair``) and the parent searched again, harder (``nest``);
4. where numbers are asked for, windows of grids that can give or take one do so (``repair``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.errors import Infeasible
from spatial.partition.carve import Note, carve_dedicated
from spatial.partition.clock import Clock
from spatial.partition.compact import compact_on_foot
from spatial.partition.graph import CellGraph, Ints, by_first, join
from spatial.partition.groups import spread_groups
from spatial.partition.hamlets import propose_groups
from spatial.partition.locked import excused
from spatial.partition.locks import Locks, check, lifted, merged, node_of_cells, parted, with_apart
from spatial.partition.nest import Plan, Progress, best_levels
from spatial.partition.notes import groups_proposed, in_parts, lost_groups, not_on_foot
from spatial.partition.proposal import Proposal, ProposedGrid, described
from spatial.partition.search import EFFORTS, Mode
from spatial.partition.weigh import Leanings, beside, level_nets, on_nodes
from spatial.policy import Band, Division, Policy, Weights

__all__ = [
    "Leanings",
    "Locks",
    "Note",
    "Proposal",
    "ProposedGrid",
    "carve_dedicated",
    "propose",
    "propose_town",
]


def propose(
    graph: CellGraph,
    division: Division,
    policy: Policy,
    *,
    seed: int = 0,
    targets: tuple[int | None, ...] | None = None,
    leanings: Leanings | None = None,
    locks: Locks | None = None,
    mode: Mode = "fast",
    clock: Clock | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Proposal:
    """Propose the nested grids of one basic grid.

    The same graph, policy, seed and targets give the same labels.

    Parameters
    ----------
    graph
        The basic grid.
    division, policy
        Say the levels and their bands.
    seed
        Chance.
    targets
        Number of grids at each level, dedicated ones included at level 1; None where the number nearest the
        policy's target size is wanted.
    leanings, locks
        What weighs beside what the graph says; what must stay.
    mode
        ``best`` searches some twenty times as long as ``fast``.
    clock
        A limit in seconds. It only ends the search: the rest is divided in haste, and a note says that the
        plan is not reproducible.
    progress
        Called with stage (Chinese, English), done, total.
    cancelled
        Asked between parents.

    Raises
    ------
    Infeasible
        ``nothing_to_divide``: no household in the basic grid. ``targets``: can't be met.
    Refused
        ``locks_contradict``.
    Cancelled
        ``cancelled`` said so.
    """
    return propose_town(
        [graph], division, policy, seed=seed, totals=targets, leanings=[leanings or Leanings()],
        locks=[locks or Locks()], mode=mode, clock=clock, progress=progress, cancelled=cancelled,
    )[0]  # fmt: skip


def propose_town(
    graphs: Sequence[CellGraph],
    division: Division,
    policy: Policy,
    *,
    names: Sequence[str] = (),
    seed: int = 0,
    totals: tuple[int | None, ...] | None = None,
    leanings: Sequence[Leanings] = (),
    locks: Sequence[Locks] = (),
    mode: Mode = "fast",
    clock: Clock | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Proposal]:
    """Propose the nested grids of several basic grids of one division that get so many grids together.

    Every basic grid gets the number that its own stairwells and hamlets allow: they are divided side by side,
    level by level, and each grid that is asked for goes where there is most room for it.

    Parameters
    ----------
    graphs
        The basic grids.
    names
        Their names, for what a refusal says.
    totals
        Number of grids at each level of all of them together, dedicated ones included at level 1; where None,
        each number is the nearest to the policy's target size.
    leanings, locks
        One a basic grid, or none.

    Other parameters and errors as in ``propose``.
    """
    bands, clock = policy.bands[division], clock or Clock()
    locks = locks or [Locks()] * len(graphs)
    leanings = leanings or [Leanings()] * len(graphs)
    free_count = totals is None or totals[0] is None
    grounds = [
        _with_groups(_opened(graph, division, one), division, one, bands, seed) if free_count
        else _opened(graph, division, one)
        for graph, one in zip(graphs, locks, strict=True)
    ]  # fmt: skip
    nodes = [node_of_cells(one.graph, lock) for one, lock in zip(grounds, locks, strict=True)]
    coarse = [_coarse(one, node_of) for one, node_of in zip(grounds, nodes, strict=True)]
    kept = [lifted(lock, node_of) for lock, node_of in zip(locks, nodes, strict=True)]
    wanted = _ordinary(totals, sum(one.carved for one in grounds), len(bands))
    plan = _plan(coarse, kept, [
        on_nodes(one, node_of) for one, node_of in zip(leanings, nodes, strict=True)
    ], bands, wanted, policy.weights, names)  # fmt: skip
    levels = best_levels(plan, seed, progress, cancelled, EFFORTS[mode], clock)
    if division == "village" and not clock.over():
        parents = np.where(plan.held_at(len(bands)) < 0, levels[-2], -1)
        levels[-1] = compact_on_foot(plan.graph, plan.nets[-1], parents, levels[-1], bands[-1], seed)
    found, start = [], 0
    for graph, one, node_of, lock, rough in zip(graphs, grounds, nodes, locks, coarse, strict=True):
        own = [by_first(labels[start : start + rough.graph.n]) for labels in levels]
        start += rough.graph.n
        own[-1] = parted(rough.graph, own[-1], node_of[lock.apart])
        made = described(
            one.graph, [by_first(labels[node_of]) for labels in own], bands, one.dedicated, one.given,
            [*one.notes, *lost_groups(graph, one.given)],
        )  # fmt: skip
        made = excused(one.graph, made, lock)
        found.append(
            replace(
                made,
                notes=[
                    *made.notes,
                    *clock.notes(),
                    *in_parts(one.graph, made),
                    *not_on_foot(one.graph, made),
                ],
            )
        )
    return found


@dataclass(frozen=True)
class _Opened:
    """A basic grid made ready: its dedicated grids, its villagers' groups, what is to be said of them."""

    graph: CellGraph
    dedicated: Ints
    groups: Ints
    notes: list[Note]
    proposed: bool = False

    @property
    def given(self) -> Ints:
        """The villagers' groups that were given."""
        return np.full(self.graph.n, -1, np.int64) if self.proposed else self.groups

    @property
    def carved(self) -> int:
        """Number of dedicated grids."""
        return len(np.unique(self.dedicated[self.dedicated >= 0]))


def _opened(graph: CellGraph, division: Division, locks: Locks) -> _Opened:
    """Carve the dedicated grids out and spread the villagers' groups; refuse locks against each other."""
    dedicated, notes = carve_dedicated(graph)
    if not int(graph.households[dedicated < 0].sum()):
        raise Infeasible(
            "nothing_to_divide",
            zh="该基础网格内没有住户，无法划分。请先导入户数。",
            en="This basic grid holds no household: nothing to divide. Import its households first.",
        )
    none = np.full(graph.n, -1, np.int64)
    groups = spread_groups(graph, dedicated < 0) if division == "village" else none
    check(graph, locks, groups, dedicated)
    return _Opened(graph, dedicated, groups, notes)


def _with_groups(
    one: _Opened, division: Division, locks: Locks, bands: tuple[Band, ...], seed: int
) -> _Opened:
    """Propose the villagers' groups of a village that has none, where ways on foot are known."""
    if division != "village" or one.groups.max() >= 0 or locks.any:
        return one
    groups = propose_groups(one.graph, one.dedicated < 0, bands[-1], seed)
    if groups is None:
        return one
    return replace(one, groups=groups, notes=[*one.notes, groups_proposed(groups)], proposed=True)


def _coarse(one: _Opened, node_of: Ints) -> _Opened:
    """Give the same basic grid with what stays together as one cell."""
    first = np.unique(node_of, return_index=True)[1]
    return _Opened(
        merged(one.graph, node_of), one.dedicated[first], one.groups[first], one.notes, one.proposed
    )


def _plan(
    grounds: Sequence[_Opened], locks: Sequence[Locks], leanings: Sequence[Leanings],
    bands: tuple[Band, ...], wanted: list[int | None], weights: Weights, names: Sequence[str],
) -> Plan:  # fmt: skip
    """Put basic grids side by side, their borders priced."""
    graphs = [one.graph for one in grounds]
    together, sizes = join(graphs), [graph.n for graph in graphs]
    area = np.repeat(np.arange(len(graphs)), sizes)
    free = np.concatenate([one.dedicated for one in grounds]) < 0
    nets = level_nets(together, bands, weights, beside(leanings, sizes, len(bands)))
    first = np.cumsum([0, *sizes[:-1]])
    apart = np.concatenate([lock.apart + start for lock, start in zip(locks, first, strict=True)])
    scale = float(np.sqrt(together.area_m2.sum() * bands[-1].target / max(together.households.sum(), 1)))
    nets = (*nets[:-1], with_apart(nets[-1], apart, scale))
    held = _held(locks, sizes, len(bands)) if any(lock.held for lock in locks) else ()
    groups = _apart([one.groups for one in grounds])
    return Plan(together, nets, np.where(free, area, -1), groups, bands, wanted, tuple(names), held)


def _held(locks: Sequence[Locks], sizes: Sequence[int], levels: int) -> tuple[Ints, ...]:
    """Number the held grids of all basic grids one after the other, level by level."""
    none = [
        lock.held or [np.full(size, -1, np.int64)] * levels for lock, size in zip(locks, sizes, strict=True)
    ]
    return tuple(_apart([one[level] for one in none]) for level in range(levels))


def _apart(groups: Sequence[Ints]) -> Ints:
    """Number the villagers' groups of all basic grids one after the other."""
    numbered, made = [], 0
    for own in groups:
        numbered.append(np.where(own >= 0, by_first(own) + made, -1))
        made += len(np.unique(own[own >= 0]))
    return np.concatenate(numbered)


def _ordinary(totals: tuple[int | None, ...] | None, carved: int, levels: int) -> list[int | None]:
    """Turn the totals into numbers of ordinary grids."""
    if totals is None:
        return [None] * levels
    if len(totals) != levels:
        raise Infeasible(
            "targets",
            zh=f"应给出{levels}级的网格数，实际给出{len(totals)}级。",
            en=f"Give a number of grids for each of the {levels} levels; {len(totals)} were given.",
            data={"levels": levels, "given": len(totals)},
        )
    return [None if totals[0] is None else totals[0] - carved, *totals[1:]]
