"""The score card of a plan: bands, borders, shapes, load, walking, areas kept whole, and what changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spatial.planning.bearing import asked_of, loads_of
from spatial.planning.standing import NO_GRID, ground_now, measure
from spatial.planning.succession import succeed
from spatial.planning.walking import with_walking
from spatial.plans.codes import level_of
from spatial.plans.shapes import grid_shapes
from spatial.policy import LINGQUAN, POSTS, Policy
from spatial.store import editions, grounds, places, plans

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.partition.graph import CellGraph
    from spatial.partition.measures import Kept, Load, Walk
    from spatial.planning.standing import Standing
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class Change:
    """Households that a plan gives to a grid of another code than the edition in force has them in."""

    edition: int
    households: int
    moved: int


@dataclass(frozen=True)
class LevelCard:
    """Figures of one level of a plan; dedicated grids are left out.

    Parameters
    ----------
    level, post_zh, post_en, grids
        Level, who holds its grids, number of ordinary grids.
    in_band, in_band_strict, households_in_band
        Shares of grids, of grids without the excuse for one oversize cell, and of households, in band.
    followed, offered, followed_relative
        Share of the inner border on features, weighted by their strength; the same of all borders between
        cells, which is what the ground offers; the one over the other. None without inner border.
    border_km
        Inner border.
    polsby_popper, polsby_popper_weighted
        4 pi area over perimeter squared (Polsby and Popper 1991): mean over grids, and weighted by area.
    scattered
        Grids of several parts.
    load
        Spread of households over grids, as `spatial.partition.measures.Load`.
    walk
        Way to the middle of the grid, as `spatial.partition.measures.Walk`.
    zones, estates
        Functional zones, and habit areas and estates, cut by the level; None where none are named.
    change
        Against the edition in force; None where none is.
    burden
        Spread over grids of the load that the plan was asked to weigh; None where it was not.
    """

    level: int
    post_zh: str
    post_en: str
    grids: int
    in_band: float
    in_band_strict: float
    households_in_band: float
    followed: float | None
    offered: float | None
    followed_relative: float | None
    border_km: float
    polsby_popper: float
    polsby_popper_weighted: float
    scattered: int
    load: Load | None
    walk: Walk | None
    zones: Kept | None
    estates: Kept | None
    change: Change | None
    burden: Load | None = None


@dataclass(frozen=True)
class ScoreCard:
    """Score card of a plan."""

    plan: int
    area_code: str
    area_name: str
    rev: int
    levels: list[LevelCard]


def score_plan(store: Store, plan_id: int, *, policy: Policy = LINGQUAN) -> ScoreCard:
    """Measure a plan as it stands, level by level.

    Parameters
    ----------
    store
        The database.
    plan_id
        The plan.
    policy
        Bands.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    """
    with store.transaction() as tx:
        stored = plans.load(tx, plan_id)
        ground = grounds.load_ground(tx, stored.row.ground_id)
        area = places.get(tx, stored.row.area_code)
        edition = editions.in_force(tx, area.code)
        moved = None if edition is None else _crosswalk(tx, stored, ground, edition.id)
        standing = measure(ground, stored.state, policy)
        now = ground_now(ground, stored.state)[0]
        graph = with_walking(tx, stored.row.ground_id, now, standing.graph)
        burden = loads_of(tx, now, *asked_of(stored.row.about))
    changes = {} if edition is None or moved is None else _changes(moved, edition.id)
    levels = [
        _card(standing, graph, stored.state, ground, level, changes.get(level), policy, burden)
        for level in range(1, len(standing.levels) + 1)
    ]
    return ScoreCard(plan_id, area.code, area.name, stored.row.rev, levels)


def _crosswalk(
    tx: Transaction, stored: plans.StoredPlan, ground: Ground, edition: int
) -> pd.DataFrame | None:
    shapes, area = grid_shapes(stored.state), ground.area_code
    return succeed(tx, stored.row.id, stored.state, shapes, ground.lattice, area, edition).crosswalk


def _changes(crosswalk: pd.DataFrame, edition: int) -> dict[int, Change]:
    """Households by level that stay under their code and that do not."""
    level = np.array([level_of(code) for code in crosswalk["old"]], dtype=np.int64)
    households = crosswalk["households"].to_numpy(np.int64)
    other = (crosswalk["old"] != crosswalk["new"]).to_numpy(np.bool_)
    return {
        int(n): Change(
            edition, int(households[level == n].sum()), int(households[(level == n) & other].sum())
        )
        for n in np.unique(level)
    }


def _card(
    standing: Standing, graph: CellGraph, state: PlanState, ground: Ground, level: int,
    change: Change | None, policy: Policy, burden: NDArray[np.float64] | None,
) -> LevelCard:  # fmt: skip
    # numba is slow to import: who only looks up need not wait for it
    from spatial.partition.measures import kept, load, walk  # noqa: PLC0415

    band = policy.bands[ground.division][level - 1]
    ordinary = {n.id for n in state.nodes.values() if n.kind == "ordinary"}
    labels = np.where(
        np.isin(standing.levels[level - 1], sorted(ordinary)), standing.levels[level - 1], NO_GRID
    )
    used = labels != NO_GRID
    place = np.unique(labels[used], return_inverse=True)[1]
    households = np.bincount(place, graph.households[used]).astype(np.int64)
    figures = standing.score["levels"][level - 1]
    given = (
        "in_band", "in_band_strict", "households_in_band", "followed", "offered", "followed_relative",
        "border_km", "polsby_popper", "polsby_popper_weighted", "scattered",
    )  # fmt: skip
    return LevelCard(
        level, *POSTS[ground.division, level], figures["grids"], **{name: figures[name] for name in given},
        load=load(households), walk=walk(graph, labels), change=change,
        burden=None if burden is None else load(np.bincount(place, burden[used])),
        zones=kept(graph, graph.zone, labels, band), estates=kept(graph, graph.affinity, labels, band),
    )  # fmt: skip
