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
from dataclasses import replace

import numpy as np

from spatial.errors import Infeasible
from spatial.partition.carve import Note, carve_dedicated
from spatial.partition.graph import CellGraph, Ints, by_first, join
from spatial.partition.groups import spread_groups
from spatial.partition.nest import Plan, Progress, best_levels
from spatial.partition.notes import in_parts, lost_groups
from spatial.partition.proposal import Proposal, ProposedGrid, described
from spatial.partition.region import whole_net
from spatial.policy import Division, Policy

__all__ = ["Note", "Proposal", "ProposedGrid", "carve_dedicated", "propose", "propose_town"]


def propose(
    graph: CellGraph,
    division: Division,
    policy: Policy,
    *,
    seed: int = 0,
    targets: tuple[int, ...] | None = None,
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
        Number of grids at each level, dedicated ones included at level 1; else the number nearest the
        policy's target size.
    progress
        Called with stage (Chinese, English), done, total.
    cancelled
        Asked between parents.

    Raises
    ------
    Infeasible
        ``nothing_to_divide``: no household in the basic grid. ``targets``: can't be met.
    Cancelled
        ``cancelled`` said so.
    """
    return propose_town(
        [graph], division, policy, seed=seed, totals=targets, progress=progress, cancelled=cancelled
    )[0]


def propose_town(
    graphs: Sequence[CellGraph],
    division: Division,
    policy: Policy,
    *,
    names: Sequence[str] = (),
    seed: int = 0,
    totals: tuple[int, ...] | None = None,
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
        Number of grids at each level of all of them together, dedicated ones included at level 1; else each
        number is the nearest to the policy's target size.

    Other parameters and errors as in ``propose``.
    """
    bands = policy.bands[division]
    carved = [carve_dedicated(graph) for graph in graphs]
    for (dedicated, _), graph in zip(carved, graphs, strict=True):
        if not int(graph.households[dedicated < 0].sum()):
            raise Infeasible(
                "nothing_to_divide",
                zh="该基础网格内没有住户，无法划分。请先导入户数。",
                en="This basic grid holds no household: nothing to divide. Import its households first.",
            )
    groups = [
        spread_groups(graph, dedicated < 0) if division == "village" else np.full(graph.n, -1, np.int64)
        for (dedicated, _), graph in zip(carved, graphs, strict=True)
    ]
    wanted = _ordinary(totals, sum(len(np.unique(one[one >= 0])) for one, _ in carved), len(bands))
    together = join(graphs)
    area = np.repeat(np.arange(len(graphs)), [graph.n for graph in graphs])
    free = np.concatenate([dedicated for dedicated, _ in carved]) < 0
    plan = Plan(
        together, whole_net(together), np.where(free, area, -1), _apart(groups), bands, wanted, tuple(names)
    )
    levels = best_levels(plan, seed, progress, cancelled)
    found = []
    for i, ((dedicated, notes), graph) in enumerate(zip(carved, graphs, strict=True)):
        own = [by_first(labels[area == i]) for labels in levels]
        made = described(graph, own, bands, dedicated, groups[i], [*notes, *lost_groups(graph, groups[i])])
        found.append(replace(made, notes=[*made.notes, *in_parts(graph, made)]))
    return found


def _apart(groups: Sequence[Ints]) -> Ints:
    """Number the villagers' groups of all basic grids one after the other."""
    numbered, made = [], 0
    for own in groups:
        numbered.append(np.where(own >= 0, by_first(own) + made, -1))
        made += len(np.unique(own[own >= 0]))
    return np.concatenate(numbered)


def _ordinary(totals: tuple[int, ...] | None, carved: int, levels: int) -> list[int | None]:
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
    return [totals[0] - carved, *totals[1:]]
