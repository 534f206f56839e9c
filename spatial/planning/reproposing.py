"""Propose a part of a plan again, in place, with all the rest as it is: one move that can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from spatial.errors import BadParameter, Refused, Where
from spatial.planning.adjusting import move
from spatial.planning.bearing import asked_of
from spatial.planning.carrying import still_draft
from spatial.planning.desk import Work, work
from spatial.planning.leaning import leanings_of
from spatial.planning.locking import fixed_in
from spatial.planning.sayings import with_sayings
from spatial.planning.standing import ground_now
from spatial.planning.walking import with_walking
from spatial.planning.wishes import Wishes
from spatial.plans.moves import to_json
from spatial.plans.regrouping import regrouped
from spatial.policy import LINGQUAN, Policy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from spatial.planning.locking import Fixed
    from spatial.planning.views import PlanDelta
    from spatial.plans.moves import Move
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction

MOST_CELLS = 300
"""A larger part takes longer than a page waits: it is a job."""


def repropose(
    store: Store,
    plan_id: int,
    *,
    base_rev: int,
    who: str,
    polygon: Mapping[str, Any] | None = None,
    nodes: Collection[int] = (),
    targets: Sequence[int | None] | None = None,
    seed: int = 0,
    policy: Policy = LINGQUAN,
    client_id: str | None = None,
) -> PlanDelta:
    """Propose a part of a plan again, in place.

    Parameters
    ----------
    store
        The database.
    plan_id, base_rev, who, client_id
        As for `spatial.planning.adjusting.move`.
    polygon, nodes
        The part: finest grids that a GeoJSON polygon (EPSG:4326) touches, or that lie in these grids. What is
        locked stays.
    targets
        Grids wanted in the part at levels 1, 2, ...; None where the number is left open.
    seed
        Chance.
    policy
        Bands and weights.

    Raises
    ------
    BadParameter
        ``no_part``; ``bad_line`` of a polygon that can't be read.
    Refused
        ``part_too_large`` (more than 300 cells: propose it as a job), ``nothing_to_propose``,
        ``nothing_changes``; and as `move`.
    Infeasible
        The targets can't be met.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        still_draft(found)
        part = _part(found, polygon, nodes)
        todo = _todo(tx, found, part, targets, seed, policy)
    told = {"zh": f"重划了 {len(part)} 个单元", "en": f"proposed {len(part)} cells again"}
    return move(
        store, plan_id, base_rev=base_rev, action=to_json(todo), who=who, policy=policy, client_id=client_id,
        told=told,
    )  # fmt: skip


def _part(found: Work, polygon: Mapping[str, Any] | None, nodes: Collection[int]) -> list[int]:
    """Ids of the cells of the finest grids that are proposed again."""
    state = found.state
    if polygon is not None:
        leaves = {state.assign.get(c) for c in _touched(found, polygon)} - {None}
    else:
        leaves = {one for node in nodes for one in state.below(state.node(node).id)}
    free = {leaf for leaf in leaves if not any(up.locked for up in state.chain(leaf))}
    cells = [c for c, leaf in sorted(state.assign.items()) if leaf in free]
    if not leaves:
        raise BadParameter(
            "no_part",
            zh="请圈出要重划的部分：画出的范围没有碰到任何网格。",
            en="Say which part to propose again: what was drawn touches no grid.",
            where=(Where(field="polygon", geometry=None if polygon is None else dict(polygon)),),
        )
    if not cells:
        raise Refused(
            "nothing_to_propose",
            zh="要重划的范围内全部已锁定，请先解锁。",
            en="All that is to be proposed again is locked: unlock some of it first.",
        )
    if len(cells) > MOST_CELLS:
        raise _too_large(found, cells)
    return cells


def _touched(found: Work, polygon: Mapping[str, Any]) -> list[int]:
    """Cells whose face a polygon covers for a part."""
    try:
        drawn = shape(polygon)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.GEOSException) as error:
        raise BadParameter(
            "bad_polygon",
            zh="polygon 应为 GeoJSON Polygon（WGS 84，经度在前）。",
            en="polygon must be a GeoJSON Polygon: WGS 84, longitude first.",
            where=(Where(field="polygon"),),
        ) from error
    on_lattice = shapely.make_valid(found.ground.lattice.to_lattice(np.array([drawn], dtype=object))[0])
    state = found.state
    ids = sorted(state.cells)
    faces = np.array([state.faces[state.cells[c].face].polygon for c in ids], dtype=object)
    hit = shapely.relate_pattern(faces, on_lattice, "T********")
    return [c for c, one in zip(ids, hit.tolist(), strict=True) if one]


def _too_large(found: Work, cells: list[int]) -> Refused:
    state = found.state
    faces = [state.faces[state.cells[c].face].polygon for c in cells]
    whole = shapely.union_all(faces)
    return Refused(
        "part_too_large",
        zh=f"圈出的部分有 {len(cells)} 个单元，一次最多重划 {MOST_CELLS} 个；请圈小一些，"
        "或以本方案为底另提方案。",
        en=f"The part has {len(cells)} cells, at most {MOST_CELLS} are proposed again in place:"
        " draw a smaller one, or propose a plan based on this one.",
        where=(Where(geometry=mapping(found.ground.lattice.to_lonlat(np.array([whole]))[0])),),
        data={"cells": len(cells), "most": MOST_CELLS},
    )


def _todo(
    tx: Transaction, found: Work, part: list[int], targets: Sequence[int | None] | None, seed: int,
    policy: Policy,
) -> Move:  # fmt: skip
    """Divide the part, and find the move that makes it so."""
    from spatial.partition.compounds import with_compounds  # noqa: PLC0415 - brings numba
    from spatial.partition.graph import cell_graph  # noqa: PLC0415
    from spatial.partition.propose import propose  # noqa: PLC0415

    ground, ids = ground_now(found.ground, found.state)
    ground = with_sayings(tx, ground)
    graph = with_compounds(cell_graph(ground, policy), ground)
    graph = with_walking(tx, found.row.ground_id, ground, graph)
    lined, place = _lined_up(found.state, ids)
    loads, burdens = asked_of(found.row.about)
    wishes = Wishes(
        base_plan=found.row.id, cells=frozenset(place[c] for c in part), loads=loads, burdens=tuple(burdens)
    )
    fixed = fixed_in(lined, _pairs(found, place), ground, graph, wishes)
    totals = _totals(fixed, targets, len(policy.bands[ground.division]))
    proposal = propose(
        fixed.graph, ground.division, policy, seed=seed, targets=totals,
        leanings=leanings_of(tx, ground, policy, wishes), locks=fixed.locks,
    )  # fmt: skip
    dedicated = {g.label for g in proposal.grids if g.kind == "dedicated"}
    return regrouped(found.state, ids.tolist(), proposal.levels, dedicated)


def _lined_up(state: PlanState, ids: NDArray[np.int64]) -> tuple[PlanState, dict[int, int]]:
    """A plan whose cells are numbered by their position in the graph, and those positions by id."""
    place = {int(cell): i for i, cell in enumerate(ids)}
    cells = {place[c]: replace(row, id=place[c]) for c, row in state.cells.items()}
    assign = {place[c]: leaf for c, leaf in state.assign.items()}
    return replace(state.copy(), cells=cells, assign=assign, cuts={}), place


def _pairs(found: Work, place: Mapping[int, int]) -> dict[str, list[list[int]]]:
    """Pairs of cells that the plan was proposed with, by position; those that a cut took away are gone."""
    before = found.row.about.get("locks", {})
    return {
        key: [[place[u], place[v]] for u, v in before.get(key, []) if u in place and v in place]
        for key in ("apart", "together")
    }


def _totals(fixed: Fixed, targets: Sequence[int | None] | None, levels: int) -> tuple[int | None, ...] | None:
    """Numbers of grids of the whole basic grid, so that the part gets as many as are asked."""
    if targets is None:
        return None
    if len(targets) != levels:
        raise BadParameter(
            "bad_targets",
            zh=f"targets 应给出 {levels} 级的网格数（可为 null）。",
            en=f"targets gives a number, or null, for each of the {levels} levels.",
            where=(Where(field="targets"),),
        )
    kept = [len(np.unique(held[held >= 0])) for held in fixed.locks.held] or [0] * levels
    return tuple(None if k is None else k + kept[i] for i, k in enumerate(targets))
