"""One building of a plan, stairwell by stairwell and floor by floor: who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.errors import NotFound, Where
from spatial.planning.desk import work
from spatial.policy import LINGQUAN, Policy
from spatial.store import grounds

if TYPE_CHECKING:
    from spatial.plans.tree import CellRow, PlanState
    from spatial.store.engine import Store


@dataclass(frozen=True)
class TowerCell:
    """One cell of a stairwell; ``floors`` None where the stairwell is not cut between floors."""

    cell: int
    face: str
    floors: tuple[int, int] | None
    households: int
    registered: int
    node: int | None


@dataclass(frozen=True)
class Stairwell:
    """A stairwell's cells, the lowest first; ``stairwell`` None where the building knows none."""

    stairwell: str | None
    cells: list[TowerCell]


@dataclass(frozen=True)
class Tower:
    """A building; ``levels`` its number of floors where that is known."""

    bid: str
    name: str | None
    levels: int | None
    stairwells: list[Stairwell]


def tower(store: Store, plan_id: int, bid: str, *, policy: Policy = LINGQUAN) -> Tower:
    """Show a building's stairwells and floors, and which grid holds each.

    Raises
    ------
    NotFound
        ``no_such_plan``, ``no_such_building``.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        known = grounds.building(tx, found.row.ground_id, bid)
    state = found.state
    rows = [cell for cell in state.cells.values() if cell.bid == bid]
    if not rows:
        raise NotFound(
            "no_such_building",
            zh=f"方案中没有建筑“{bid}”。",
            en=f"The plan has no building {bid}.",
            where=(Where(ref=bid),),
        )
    wells: dict[str | None, list[CellRow]] = {}
    for row in sorted(rows, key=_place):
        wells.setdefault(row.stairwell, []).append(row)
    stairwells = [Stairwell(well, [_cell(state, row) for row in own]) for well, own in wells.items()]
    return Tower(bid, *known, stairwells)


def _place(row: CellRow) -> tuple[int, str, str, int, int]:
    """Stairwells by number, then by name; floors upwards."""
    well = row.stairwell or ""
    number = int(well) if well.isascii() and well.isdigit() else 0
    return number, well, row.face, -(10**6) if row.floor_low is None else row.floor_low, row.id


def _cell(state: PlanState, row: CellRow) -> TowerCell:
    floors = None
    if row.floor_low is not None and row.floor_high is not None:
        floors = (row.floor_low, row.floor_high)
    return TowerCell(row.id, row.face, floors, row.households, row.registered, state.assign.get(row.id))
