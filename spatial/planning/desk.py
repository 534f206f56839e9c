"""The desk: what a process keeps of the plans people work on, so that an edit loads and measures little.

A ground never changes, so it is kept by its id. A plan is kept with its row, and is taken from the desk only
where the row, read in the same transaction, bears the same mark: other processes may edit it too, and a
transaction may be rolled back. What is kept is never changed; an edit works on a copy. Everything measured is
the same as measured from nothing (`spatial.planning.standing.measure`, `spatial.planning.drawn.draw`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.ground.landscape import barriers_of
from spatial.planning.drawn import Drawn, draw
from spatial.planning.shelf import Shelf
from spatial.planning.standing import Standing, measure
from spatial.plans.handles import Simplified, simplified
from spatial.plans.tree import Count, count
from spatial.store import grounds, plans

if TYPE_CHECKING:
    from spatial.ground.crs import Lattice
    from spatial.ground.landscape import Barriers
    from spatial.ground.model import Ground
    from spatial.plans.tree import PlanState
    from spatial.policy import Policy
    from spatial.store.engine import Transaction

GROUND_BYTES = 256 * 2**20
PLAN_BYTES = 256 * 2**20
BARRIER_BYTES = 64 * 2**20
"""Bounds of what a process keeps of one database; sizes are estimates."""
ROW_BYTES = 1_000
VERTEX_BYTES = 40
"""Estimates: a row with its Python values; a vertex of a polygon, on the lattice and in EPSG:4326."""

Places = dict[tuple[int, ...], dict[str, Any]]
"""GeoJSON (EPSG:4326) of cells, by their ids."""


@dataclass(frozen=True)
class Measured:
    """All that is measured of a plan at one revision."""

    standing: Standing
    drawn: Drawn
    sums: dict[int, Count]
    places: Places
    nets: dict[int, Simplified] = field(default_factory=dict)
    """Simplified borders by level, kept when they are first asked for."""

    def net(self, state: PlanState, level: int) -> Simplified:
        """Simplified borders of a level of the plan that this is measured of."""
        if level not in self.nets:
            self.nets[level] = simplified(state, level, self.drawn)
        return self.nets[level]


@dataclass(frozen=True)
class Work:
    """A plan taken from the desk or the store.

    Parameters
    ----------
    row, accepted
        As stored; always read anew.
    state
        Its state; never to be changed: who edits works on a copy.
    ground
        Its ground.
    measured
        As it stands.
    """

    row: plans.PlanRow
    accepted: dict[int, plans.Acceptance]
    state: PlanState
    ground: Ground
    measured: Measured


@dataclass(frozen=True)
class _Held:
    """A plan on the desk; measured by the policy that was asked for last."""

    row: plans.PlanRow
    state: PlanState
    policy: Policy
    measured: Measured


@dataclass
class _Desk:
    grounds: Shelf[Ground] = field(default_factory=lambda: Shelf(GROUND_BYTES))
    plans: Shelf[_Held] = field(default_factory=lambda: Shelf(PLAN_BYTES))
    barriers: Shelf[Barriers] = field(default_factory=lambda: Shelf(BARRIER_BYTES))


_DESKS: WeakKeyDictionary[Any, _Desk] = WeakKeyDictionary()


def _desk(tx: Transaction) -> _Desk:
    return _DESKS.setdefault(tx.engine, _Desk())


def clear(tx: Transaction) -> None:
    """Take everything of a database off the desk."""
    _DESKS.pop(tx.engine, None)


def work(tx: Transaction, plan_id: int, policy: Policy, *, lock: bool = False) -> Work:
    """Take a plan; NotFound (``no_such_plan``). ``lock``: nobody else changes it until ``tx`` ends."""
    desk = _desk(tx)
    row = plans.get(tx, plan_id, lock=lock)
    held = desk.plans.get(plan_id)
    before = held.measured if held is not None and held.policy is policy else None
    ground = desk_ground(tx, row.ground_id)
    if held is not None and held.row.mark == row.mark:
        if before is not None:
            return Work(row, plans.acceptances(tx, plan_id), held.state, ground, before)
        state = held.state
    else:
        stored = plans.load(tx, row.id)
        row, state = stored.row, stored.state
    now = measured(ground, state, policy, before=before)
    _keep(desk, _Held(row, state, policy, now))
    return Work(row, plans.acceptances(tx, plan_id), state, ground, now)


def put_back(tx: Transaction, found: Work, row: plans.PlanRow, state: PlanState, policy: Policy) -> Work:
    """Measure a plan after its move has been saved, and keep it; its state must not be changed any more.

    ``row`` is what `plans.save_move` gave. If the transaction is rolled back, it never bears the mark again.
    """
    now = measured(found.ground, state, policy, before=found.measured)
    _keep(_desk(tx), _Held(row, state, policy, now))
    return replace(found, row=row, state=state, measured=now)


def as_if(found: Work, state: PlanState, policy: Policy) -> Work:
    """Measure a plan as it would stand; nothing is kept."""
    return replace(found, state=state, measured=measured(found.ground, state, policy, before=found.measured))


def desk_ground(tx: Transaction, ground_id: int) -> Ground:
    """Get a ground from the desk, else from the store; it must not be changed."""
    desk = _desk(tx)
    ground = desk.grounds.get(ground_id)
    if ground is None:
        ground = grounds.load_ground(tx, ground_id)
        vertices = int(shapely.get_num_coordinates(ground.faces).sum())
        size = VERTEX_BYTES * vertices + ROW_BYTES * (len(ground.cells) + len(ground.edges))
        desk.grounds.put(ground_id, ground, size)
    return ground


def desk_barriers(tx: Transaction, ground_id: int, policy: Policy) -> Barriers:
    """Lines near a basic grid that its borders may follow, from the desk, else from the store."""
    desk, width_cm = _desk(tx), policy.own_face_width_m * 100.0
    key = (ground_id, width_cm)
    barriers = desk.barriers.get(key)
    if barriers is None:
        ground = desk_ground(tx, ground_id)
        features = grounds.load_layers(tx, ground_id)["features"]
        barriers = barriers_of(features, ground.lattice, ground.outline, width_cm)
        vertices = int(shapely.get_num_coordinates(barriers.lines).sum())
        desk.barriers.put(key, barriers, VERTEX_BYTES * vertices + ROW_BYTES * len(barriers.lines))
    return barriers


def measured(ground: Ground, state: PlanState, policy: Policy, *, before: Measured | None = None) -> Measured:
    """Measure a plan; the same with what was measured ``before`` and without, but for the time it takes."""
    sums = count(state)
    standing = measure(ground, state, policy, before=None if before is None else before.standing, sums=sums)
    drawn = draw(ground, state, before=None if before is None else before.drawn)
    known = before.places if before is not None and before.standing.site is standing.site else {}
    wanted = {flaw.cells for flaw in standing.flaws if flaw.cells}
    places = {
        cells: known[cells] if cells in known else _place(state, cells, ground.lattice) for cells in wanted
    }
    return Measured(standing, drawn, sums, places)


def _place(state: PlanState, cells: tuple[int, ...], lattice: Lattice) -> dict[str, Any]:
    faces = np.array([state.faces[f].polygon for f in sorted({state.cells[c].face for c in cells})])
    joined: dict[str, Any] = mapping(lattice.to_lonlat(shapely.coverage_union_all(faces)))
    return joined


def _keep(desk: _Desk, held: _Held) -> None:
    vertices = int(shapely.get_num_coordinates(list(held.measured.drawn.shapes.values())).sum())
    rows = len(held.state.cells) + len(held.state.nodes) + len(held.state.faces)
    desk.plans.put(held.row.id, held, VERTEX_BYTES * vertices + ROW_BYTES * rows)
