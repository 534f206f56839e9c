"""Move a building between basic grids: both outlines, both grounds, both plans, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spatial.errors import BadParameter, NotFound, Refused, StaleRevision, Where
from spatial.planning.carrying import still_draft
from spatial.planning.desk import Work, work
from spatial.planning.meeting import meet
from spatial.planning.pointing import pointed
from spatial.plans.actions import emptied
from spatial.plans.adopting import around
from spatial.plans.ceding import joined, renumbered, without
from spatial.plans.guards import unlocked
from spatial.plans.shapes import holdings
from spatial.policy import LINGQUAN, Policy
from spatial.store import grounds, places, plans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.model import Ground, PlaceFile
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class Transferred:
    """A plan that a transfer made from one before it; ``node`` the grid that has the building now."""

    plan_id: int
    before: int
    area_code: str
    node: int | None


@dataclass(frozen=True)
class _Asked:
    building: str
    giver: Work
    taker: Work


def transfer(
    store: Store, *, building: str, from_plan: int, to_plan: int, base_revs: tuple[int, int], who: str,
    policy: Policy = LINGQUAN,
) -> list[Transferred]:  # fmt: skip
    """Move a building, with the ground around it, from one basic grid's plan to another's.

    Outlines are frozen anew, vertex by vertex the same elsewhere; each basic grid gets a new ground, and on
    it a new plan that goes on from the one given. The plans given stay as they are; moving the building back
    restores the outlines, so that they can be published again.

    Parameters
    ----------
    building
        Its bid.
    from_plan, to_plan
        Drafts of two basic grids of one town, on their newest grounds.
    base_revs
        The revisions that the planner saw, in that order.
    who
        Whose action it is.

    Returns
    -------
    list
        The plan that lost the building, then the one that gained it.

    Raises
    ------
    NotFound
        no_such_plan, no_such_building.
    StaleRevision
        ``stale``: one of the plans has been changed since.
    Refused
        same_area, several_towns, old_ground, cut_faces, not_beside, last_ground, bid_taken, outlines_apart;
        locked, published_already as for any edit.
    """
    with store.transaction() as tx:
        found = {plan: work(tx, plan, policy, lock=True) for plan in sorted({from_plan, to_plan})}
        asked = _Asked(building, found[from_plan], found[to_plan])
        town = _checked(tx, asked, base_revs)
        places.lock_outlines(tx, town)
        gone = _faces(asked)
        given = without(asked.giver.ground, gone)
        gained = joined(asked.taker.ground, asked.giver.ground, gone)
        if len(gained.edges) == len(asked.taker.ground.edges) + _within(asked.giver.ground, gone):
            raise _apart(asked)
        ids = _grounds(tx, asked, given, gained)
        unmet = meet(tx, town.code, {g.area_code: g.outline for g in (given, gained)})
        if unmet:
            raise Refused(
                "outlines_apart", zh=f"移动之后轮廓不再相接：{unmet[0].value}",
                en="The outlines would no longer meet.", where=unmet,
            )  # fmt: skip
        return [
            _kept(tx, asked, asked.giver, ids[0], *_giving(asked, given, gone), who),
            _kept(tx, asked, asked.taker, ids[1], *_taking(asked, gained), who),
        ]


def _checked(tx: Transaction, asked: _Asked, base_revs: tuple[int, int]) -> places.Town:
    """Make sure that two plans can exchange ground; give their town."""
    pair = (asked.giver, asked.taker)
    towns = [places.town_of(tx, one.row.area_code) for one in pair]
    if pair[0].row.area_code == pair[1].row.area_code:
        raise BadParameter(
            "same_area", zh="两个方案属于同一个基础网格，请直接在方案里移动。",
            en="Both plans are of one basic grid: move the building within the plan.",
            where=(Where(field="to_plan"),),
        )  # fmt: skip
    if towns[0].code != towns[1].code:
        raise Refused(
            "several_towns", zh="两个方案不在同一个乡镇。", en="The two plans lie in different towns.",
            data={"towns": [town.code for town in towns]},
        )  # fmt: skip
    for one, rev in zip(pair, base_revs, strict=True):
        still_draft(one)
        if one.row.rev != rev:
            raise StaleRevision(
                "stale", zh=f"方案 {one.row.id} 在您操作之后已被改动，请看一看新的情况再做一次。",
                en=f"Plan {one.row.id} has been changed since you looked: look again.",
                data={"plan": one.row.id, "rev": one.row.rev, "base_rev": rev},
            )  # fmt: skip
        newest = grounds.latest(tx, one.row.area_code)
        if newest is None or newest.id != one.row.ground_id:
            raise Refused(
                "old_ground", zh=f"方案 {one.row.id} 的地块数据已有更新，请在新的数据上另建方案。",
                en=f"Plan {one.row.id} stands on an older ground: make one on the newest.",
                data={"plan": one.row.id},
            )  # fmt: skip
    return towns[0]


def _faces(asked: _Asked) -> NDArray[np.bool_]:
    """Faces of the giver's ground that the building stands on."""
    state, ground = asked.giver.state, asked.giver.ground
    cells = ground.cells[ground.cells["bid"] == asked.building]
    if not len(cells):
        raise NotFound(
            "no_such_building", zh=f"方案中没有建筑“{asked.building}”。",
            en=f"The plan has no building {asked.building}.", where=(Where(ref=asked.building),),
        )  # fmt: skip
    if asked.building in set(asked.taker.ground.cells["bid"].dropna()):
        raise Refused(
            "bid_taken", zh=f"对方已有编号为“{asked.building}”的建筑。",
            en=f"The other basic grid has a building {asked.building} already.",
            where=(Where(ref=asked.building),),
        )  # fmt: skip
    gone = np.zeros(len(ground.faces), dtype=np.bool_)
    gone[cells["face"].to_numpy(np.int64)] = True
    names = ground.face_ids[gone].tolist()
    if gone.all() or any(name in state.cuts for name in names):
        code, zh, en = (
            ("last_ground", "这是基础网格仅有的地块，不能划出。", "The basic grid has no other ground.")
            if gone.all()
            else (
                "cut_faces",
                "这栋楼周围的地块已被切开，请先合回。",
                "Its ground has been cut: join it first.",
            )
        )
        raise pointed(Refused(code, zh=zh, en=en, data={"faces": names}), asked.giver)
    unlocked(state, {state.assign.get(cell) for cell in cells.index.tolist()})
    return gone


def _within(ground: Ground, gone: NDArray[np.bool_]) -> int:
    """Number of a ground's edges between two of some faces."""
    return int((gone[ground.edges["a"].to_numpy(int)] & gone[ground.edges["b"].to_numpy(int)]).sum())


def _apart(asked: _Asked) -> Refused:
    names = set(asked.giver.ground.cells.query("bid == @asked.building").index.tolist())
    error = Refused(
        "not_beside", zh="这栋楼的地块不与对方的基础网格相邻，不能划过去。",
        en="The building's ground does not border on the other basic grid.", data={"cells": sorted(names)},
    )  # fmt: skip
    pointed(error, asked.giver)
    return error


def _grounds(tx: Transaction, asked: _Asked, given: Ground, gained: Ground) -> list[int]:
    """Freeze the outlines anew and store both grounds; their ids."""
    files = [grounds.load_place(tx, one.row.ground_id) for one in (asked.giver, asked.taker)]
    ids = []
    for ground, file in zip((given, gained), _rehoused(asked.building, *files), strict=True):
        area = places.get(tx, ground.area_code)
        places.save_basic(
            tx, area.code, name=area.name, division=ground.division, parent=area.parent or "",
            outline=ground.outline,
        )  # fmt: skip
        mark = sha256(f"{file.sha256} {asked.building} {ground.area_code}".encode()).hexdigest()
        ids.append(grounds.write_ground(tx, area.code, ground, replace(file, sha256=mark))[0])
    return ids


def _rehoused(building: str, giver: PlaceFile, taker: PlaceFile) -> tuple[PlaceFile, PlaceFile]:
    """Files of both, with the building and its households in the taker's."""
    house, rooms = giver.buildings["bid"] == building, giver.households["bid"] == building
    return (
        replace(giver, buildings=giver.buildings[~house], households=giver.households[~rooms]),
        replace(
            taker,
            buildings=pd.concat([taker.buildings, giver.buildings[house]], ignore_index=True),
            households=pd.concat([taker.households, giver.households[rooms]], ignore_index=True),
            derived=taker.derived | (giver.derived & {building}),
        ),
    )


def _giving(asked: _Asked, ground: Ground, gone: NDArray[np.bool_]) -> tuple[PlanState, int | None]:
    """The giver's plan on its new ground; grids that are left without ground go."""
    old = asked.giver
    left = gone[old.ground.cells["face"].to_numpy(np.int64)]
    new = dict(zip(np.flatnonzero(~left).tolist(), range(int((~left).sum())), strict=True))
    empty = set(emptied(old.state, np.flatnonzero(left).tolist(), None))
    new |= _of_cuts(old, len(ground.cells))
    state = renumbered(old.state, ground, new)
    return replace(state, nodes={n: node for n, node in state.nodes.items() if n not in empty}), None


def _taking(asked: _Asked, ground: Ground) -> tuple[PlanState, int | None]:
    """The taker's plan on its new ground: the building goes to the leaf that it shares most border with."""
    old, n = asked.taker, len(asked.taker.ground.cells)
    state = renumbered(old.state, ground, {c: c for c in range(n)} | _of_cuts(old, len(ground.cells)))
    fresh = list(range(n, len(ground.cells)))
    lowest, _ = holdings(state)
    metres: dict[int, float] = {}
    for own in around(state, {state.cells[c].face for c in fresh}).values():
        for face, length in own.items():
            if face in lowest:
                metres[lowest[face]] = metres.get(lowest[face], 0.0) + length
    leaf = max(metres, key=lambda one: (state.nodes[one].kind != "dedicated", metres[one], -one))
    unlocked(state, [leaf])
    return replace(state, assign=state.assign | dict.fromkeys(fresh, leaf), next_cell=-1), leaf


def _of_cuts(old: Work, first: int) -> dict[int, int]:
    """New numbers of the cells that a plan's cuts have made, those cut again among them."""
    n = len(old.ground.cells)
    made = {c for cut in old.state.cuts.values() for c in cut.made} | set(old.state.cells)
    return {c: first + c - n for c in sorted(made) if c >= n}


def _kept(
    tx: Transaction, asked: _Asked, old: Work, ground_id: int, state: PlanState, node: int | None, who: str
) -> Transferred:
    """Store a plan that goes on from one, on its new ground."""
    other = asked.taker if old is asked.giver else asked.giver
    said = {"building": asked.building, "before": old.row.id, "with": other.row.area_code}
    made = plans.create(tx, ground_id, state, who=who, about=old.row.about | {"transfer": said})
    title = old.row.name or places.get(tx, old.row.area_code).name
    plans.rename(
        tx, made, f"{title[:60]}（{'划出' if old is asked.giver else '划入'} {asked.building[:30]}）"
    )
    return Transferred(made, old.row.id, old.row.area_code, node)
