"""Publish plans as editions: prove the seam, refuse by flaw and place, number, and write; one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping

from spatial.errors import BadParameter, Flawed, Locked, Refused, Where
from spatial.planning.acceptance import of_plan, stands, wanted
from spatial.planning.claims import published_claims
from spatial.planning.drawn import Drawn, draw
from spatial.planning.explaining import grid_bounds
from spatial.planning.meeting import MEND_EN, MEND_ZH, meet, partners
from spatial.planning.reviewing import refuse_unreviewed
from spatial.planning.standing import Standing, measure
from spatial.planning.succession import carry_on, grid_names
from spatial.planning.views import EditionView
from spatial.plans.codes import short
from spatial.plans.publish import Stack, locked_grids, stacks
from spatial.plans.tree import count
from spatial.policy import LINGQUAN, Policy
from spatial.store import cases, editions, grounds, places, plans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from spatial.ground.model import Ground
    from spatial.planning.acceptance import Accept
    from spatial.plans.describe import Bounds
    from spatial.plans.tree import Count, PlanState
    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class _Loaded:
    """A plan with its ground, measured and drawn."""

    stored: plans.StoredPlan
    ground: Ground
    area: places.Place
    standing: Standing
    drawn: Drawn

    @property
    def state(self) -> PlanState:
        return self.stored.state

    @property
    def shapes(self) -> dict[int, Any]:
        """Polygon of each grid, lattice centimetres."""
        shapes: dict[int, Any] = self.drawn.shapes
        return shapes


def publish(
    store: Store,
    plan_ids: Sequence[int],
    *,
    valid_from: dt.date,
    who: str,
    accept: Accept = (),
    drafts: bool = True,
    policy: Policy = LINGQUAN,
) -> list[EditionView]:
    """Publish plans as editions in force from a day; all of them or none.

    Parameters
    ----------
    store
        The database.
    plan_ids
        One plan a basic grid, all of one town.
    valid_from
        First day in force, Asia/Shanghai.
    who
        Who publishes, and accepts.
    accept
        Grids out of band whose reason is accepted: ``{"node": id, "reason": code}`` each, with ``plan`` where
        several are published; or ``proved`` for every reason that the checker proves.
    drafts
        Whether a plan that nobody submitted for review may be published; one that was must be approved.
    policy
        Bands.

    Raises
    ------
    Flawed
        ``flawed``: gaps, overlaps, disputed ground, an outline that moved since the plan was made,
        unassigned cells, grids without ground, dedicated grids with households, grids out of band that are
        not accepted; ``where`` lists each with its place.
        ``reason_not_proved``: a reason to be accepted does not hold.
    Refused
        ``published_already``, ``not_approved``, ``several_towns``, ``same_area_twice``, ``too_many_grids``,
        ``begins_too_early``.
    BadParameter
        ``no_plans``, ``bad_accept``.
    """
    with store.transaction() as tx:
        for plan_id in sorted(set(plan_ids)):
            refuse_unreviewed(plans.get(tx, plan_id, lock=True), drafts=drafts)
        found = publish_in(tx, plan_ids, valid_from=valid_from, who=who, accept=accept, policy=policy)
        return [edition_view(tx, editions.get(tx, e)) for e in found.values()]


def publish_in(
    tx: Transaction, plan_ids: Sequence[int], *, valid_from: dt.date, who: str, accept: Accept, policy: Policy
) -> dict[int, int]:
    """Publish inside a transaction; returns the edition of each plan. See :func:`publish`."""
    loaded = [_load(tx, plan_id, policy) for plan_id in plan_ids]
    _one_each(loaded)
    towns = sorted({plan.area.parent or "" for plan in loaded})
    if len(towns) != 1:
        raise Refused(
            "several_towns",
            zh="一次只能发布同一乡镇的方案。", en="Plans of one town are published at a time.",
            data={"towns": towns},
        )  # fmt: skip
    wheres = [
        w for plan in loaded for w in _accept_and_check(tx, plan, who, of_plan(accept, plan.stored.row.id))
    ]
    wheres += partners(tx, towns[0], {plan.area.code: plan.stored.row for plan in loaded})
    meeting = meet(tx, towns[0], {plan.area.code: plan.ground.outline for plan in loaded})
    if wheres or meeting:
        raise _flawed(wheres, meeting)
    new = [_edition(tx, plan, valid_from) for plan in loaded]
    _, ids = editions.publish(tx, towns[0], new, valid_from=valid_from, who=who)
    cases.regrid(tx, towns[0], who=who)
    return dict(zip(plan_ids, ids, strict=True))


def _flawed(wheres: Sequence[Where], meeting: Sequence[Where]) -> Flawed:
    """All flaws at once; where outlines do not meet, no plan can be mended: say what can."""
    every = [*wheres, *meeting]
    zh, en = (MEND_ZH, MEND_EN) if meeting else ("", "")
    return Flawed(
        "flawed",
        zh=f"方案有 {len(every)} 处问题，不能发布：{every[0].value}{zh}",
        en=f"{len(every)} flaws forbid publishing; the first: {every[0].field} {every[0].ref or ''}{en}",
        where=every,
    )


def _one_each(loaded: Sequence[_Loaded]) -> None:
    """Refuse no plan at all, and two plans of one basic grid."""
    if not loaded:
        raise BadParameter(
            "no_plans",
            zh="没有给出要发布的方案。", en="No plan to publish was given.", where=(Where(field="plans"),),
        )  # fmt: skip
    codes = [plan.area.code for plan in loaded]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise Refused(
            "same_area_twice",
            zh=f"基础网格 {'、'.join(twice)} 给出了多个方案，一次只能发布其中一个。",
            en=f"Several plans of basic grid {', '.join(twice)} were given: publish one of them.",
            where=[Where(field="plans", ref=code) for code in twice],
            data={"areas": twice},
        )


def _load(tx: Transaction, plan_id: int, policy: Policy) -> _Loaded:
    stored = plans.load(tx, plan_id, lock=True)
    if stored.row.edition_id is not None:
        raise Locked(
            "published_already",
            zh=f"方案 {plan_id} 已发布为版本 {stored.row.edition_id}，请另建方案。",
            en=f"Plan {plan_id} is published as edition {stored.row.edition_id} already; make another plan.",
        )
    ground = grounds.load_ground(tx, stored.row.ground_id)
    standing = measure(ground, stored.state, policy)
    area = places.get(tx, stored.row.area_code)
    return _Loaded(stored, ground, area, standing, draw(ground, stored.state))


def _accept_and_check(tx: Transaction, plan: _Loaded, who: str, accept: Accept) -> list[Where]:
    """Write what is accepted; give back every flaw that still forbids publishing."""
    accepted = dict(plan.stored.accepted)
    for node, reason in wanted(plan.standing, accept):
        plans.accept(tx, plan.stored.row.id, node, reason, who)
        accepted[node] = plans.acceptances(tx, plan.stored.row.id)[node]
    to_lonlat = plan.ground.lattice.to_lonlat
    wheres = [
        Where(
            ref=plan.area.code,
            field=f.kind,
            value=f"{f.area_m2:.4f} m2",
            geometry=mapping(to_lonlat(f.geometry)),
        )
        for f in plan.drawn.flaws
    ]
    wheres += [
        Where(ref=plan.area.code, field="disputed", value=f"争议地 {m2:.1f} m2", geometry=mapping(shape))
        for m2, shape in places.disputed(tx, plan.area.code)[["area_m2", "geometry"]].itertuples(index=False)
    ]
    for flaw in plan.standing.flaws:
        if not flaw.blocking or (flaw.kind == "out_of_band" and stands(plan.standing, accepted, flaw.node)):
            continue
        shape = plan.shapes.get(flaw.node) if flaw.node is not None else None
        point = None if shape is None else mapping(to_lonlat(shapely.point_on_surface(shape)))
        wheres.append(Where(ref=str(flaw.node), field=flaw.kind, value=flaw.zh, geometry=point))
    return wheres


def _edition(tx: Transaction, plan: _Loaded, valid_from: dt.date) -> editions.NewEdition:
    """Number the grids and lay their rows out."""
    area = plan.area.code
    _, found = carry_on(
        tx, plan.stored.row.id, plan.state, plan.shapes, plan.ground.lattice, area, valid_from
    )
    rows = _rows(tx, plan, found.codes)
    return editions.NewEdition(area, plan.stored.row.id, rows, found.retired, found.crosswalk)


def _rows(tx: Transaction, plan: _Loaded, codes: dict[int, str]) -> gpd.GeoDataFrame:
    """Rows of the edition: every grid, the basic grid too, EPSG:4326."""
    state = plan.state
    sums = count(state)
    named = grid_names(plan.area.name, state, codes)
    labels = {n: (short(code), named[code]) for n, code in codes.items()}
    bounds = grid_bounds(tx, plan.stored, plan.ground, labels)
    order = sorted(codes, key=lambda n: codes[n])
    stacked = stacks(state)
    claims = published_claims(plan.ground, state, plan.standing, codes)
    locked = locked_grids(state)
    root = state.root.id
    whole = plan.ground.outline
    shapes = np.array([whole if n == root else plan.shapes[n] for n in order], dtype=object)
    rows = [
        (
            *_row(state, n, codes, named, sums[n], plan.standing, stacked.get(n), bounds.get(n)),
            n in locked, claims.get(n),
        )
        for n in order
    ]  # fmt: skip
    columns = [c for c in editions.GRID_COLUMNS if c != "geometry"]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns), geometry=plan.ground.lattice.to_lonlat(shapes), crs=4326
    )


def _row(
    state: PlanState, node_id: int, codes: dict[int, str], named: dict[str, str], sums: Count,
    standing: Standing, stack: Stack | None, bounds: Bounds | None,
) -> tuple[Any, ...]:  # fmt: skip
    node, code = state.nodes[node_id], codes[node_id]
    reason = standing.reasons.get(node_id)
    floors = (
        (None, None, None) if stack is None else (stack.stairwell or "", stack.floor_low, stack.floor_high)
    )
    return (
        code, short(code), None if node.level == 0 else codes[node.parent or 0], node.level, node.kind,
        named[code], sums.households, sums.registered, *floors,
        None if reason is None else reason.code, node_id, None if bounds is None else bounds.to_json(),
    )  # fmt: skip


def edition_view(tx: Transaction, row: editions.EditionRow) -> EditionView:
    """Edition for the API."""
    count_ = len(editions.grids(tx, edition_id=row.id)) if row.plan_id is not None else 0
    return EditionView(
        row.id, row.area_code, row.area_name, row.plan_id, row.release, row.valid_from, row.valid_to, row.who,
        count_,
    )  # fmt: skip


def list_editions(store: Store, *, area: str | None = None) -> list[EditionView]:
    """List the editions of a town or basic grid, or all, the newest first."""
    with store.transaction() as tx:
        return [edition_view(tx, row) for row in editions.list_editions(tx, area)]


def edition(store: Store, edition_id: int) -> EditionView:
    """Get one edition; NotFound (``no_such_edition``)."""
    with store.transaction() as tx:
        return edition_view(tx, editions.get(tx, edition_id))


def edition_crosswalk(store: Store, edition_id: int) -> list[dict[str, Any]]:
    """What went from old grids to new ones with an edition: old, new, households, m2."""
    with store.transaction() as tx:
        rows: list[dict[str, Any]] = editions.crosswalk(tx, edition_id).to_dict("records")
        return rows
