"""What a planner should know beside the bands: groups that got lost, grids in several parts."""

from __future__ import annotations

import numpy as np

from spatial.partition.carve import Note
from spatial.partition.graph import CellGraph, Ints, components
from spatial.partition.measures import beyond_reach
from spatial.partition.proposal import Proposal


def lost_groups(graph: CellGraph, groups: Ints) -> list[Note]:
    """Name the villagers' groups that make no grid because no counted household lives there."""
    if groups.max() < 0:
        return []
    lost = np.setdiff1d(graph.group[graph.group >= 0], groups)
    return [
        Note(
            "group_without_households",
            zh="村民小组没有计入的住户，并入相邻小组。",
            en="A villagers' group without counted households was joined to its neighbours.",
            data={"group": int(code)},
        )
        for code in lost
    ]


def groups_proposed(groups: Ints) -> Note:
    """Say that the villagers' groups of a village are a proposal."""
    count = len(np.unique(groups[groups >= 0]))
    return Note(
        "groups_proposed",
        zh=f"资料中没有村民小组：按自然村、道路和地形拟出{count}个，并非给定，请核对。",
        en=f"No villagers' groups were given: {count} are proposed, not given, from hamlets, paths"
        " and terrain. Please check them.",
        data={"groups": count},
    )


def not_on_foot(graph: CellGraph, proposal: Proposal) -> list[Note]:
    """Name the homes that are not reached on foot inside their finest grid, where ways are known."""
    finest = proposal.levels[-1]
    if graph.walk_s is None:
        return []
    cells = np.flatnonzero(beyond_reach(graph, finest))
    if not len(cells):
        return []
    households = int(graph.households[cells].sum())
    grids = len(np.unique(finest[cells]))
    return [
        Note(
            "not_on_foot",
            zh=f"{grids}个网格里有{households}户，在本网格内步行到不了网格中心（隔着河流、铁路、沟壑或围墙）。",
            en=f"In {grids} grids {households} households do not reach the middle of their grid on foot"
            " inside it: a river, railway, gully or wall lies between.",
            data={"grids": grids, "households": households, "cells": cells.tolist()},
        )
    ]


def in_parts(graph: CellGraph, proposal: Proposal) -> list[Note]:
    """Name the ordinary grids whose ground is not in one part, with the households of each part.

    A villagers' group is as it was given; a grid below it reaches over two parts where one of them holds too
    few households to stand alone.
    """
    notes = []
    for grid in proposal.grids:
        if grid.kind != "ordinary" or grid.parts < 2:
            continue
        households = _of_parts(graph, np.flatnonzero(proposal.levels[grid.level - 1] == grid.label))
        numbers = [str(n) for n in households]
        given = grid.level == 1 and grid.area is not None
        zh, en = (
            ("村民小组", "A group")
            if given
            else (f"第{grid.level}级的一个网格", f"A level {grid.level} grid")
        )
        data = {"level": grid.level, "label": grid.label, "parts": grid.parts, "households": households}
        notes.append(
            Note(
                "group_in_parts" if given else "grid_in_parts",
                zh=f"{zh}分成{grid.parts}片，各有{'、'.join(numbers)}户。",
                en=f"{en} lies in {grid.parts} parts, with {', '.join(numbers)} households.",
                data={**data, "group": grid.area} if given else data,
            )
        )
    return notes


def _of_parts(graph: CellGraph, cells: Ints) -> list[int]:
    """Households of the connected parts of some cells, the most first."""
    place = np.full(graph.n, -1, np.int64)
    place[cells] = np.arange(len(cells))
    a, b = place[graph.a], place[graph.b]
    both = (a >= 0) & (b >= 0) & ~graph.bridge
    sums = np.bincount(components(len(cells), a[both], b[both]), graph.households[cells])
    return sorted((int(n) for n in sums), reverse=True)
