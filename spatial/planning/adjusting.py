"""Adjust a plan, one action at a time; undo and redo of one's own, without limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spatial.errors import Refused, StaleRevision
from spatial.planning.carrying import carried_out, still_draft
from spatial.planning.desk import Work, put_back, work
from spatial.planning.history import changed_since
from spatial.planning.reading import cell_frame, flaws, grid_frame, nodes
from spatial.planning.views import PlanDelta
from spatial.plans.apply import apply
from spatial.plans.moves import Assign, Batch, Cut, Join, Move, Tree
from spatial.plans.words import buildings, said
from spatial.policy import LINGQUAN, Policy
from spatial.store import grounds, moves, plans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from spatial.plans.journal import Touched
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction


def move(
    store: Store,
    plan_id: int,
    *,
    base_rev: int,
    action: Mapping[str, Any],
    who: str,
    policy: Policy = LINGQUAN,
    client_id: str | None = None,
    told: Mapping[str, str] | None = None,
) -> PlanDelta:
    """Carry out one action on a plan.

    Parameters
    ----------
    store
        The database.
    plan_id
        The plan.
    base_rev
        Revision that the planner saw.
    action
        One of the four moves (assign, cut, join, tree), or what is made of them: give, paint, hand, split,
        split_into, merge (see `spatial.planning.actions`). Shapes are GeoJSON in EPSG:4326.
    who
        Whose action it is.
    policy
        Bands.
    client_id
        Key that the page gave the action: sent again, because no answer came, it is not carried out again,
        and the answer is what has changed since ``base_rev``.
    told
        The action in Chinese (zh) and English (en); made of its moves where not given.

    Raises
    ------
    StaleRevision, Locked, CutRefused, Refused, NotFound, BadParameter
        As :func:`spatial.plans.apply.apply`; nothing is kept. ``changes`` in the data of a StaleRevision says
        who changed what was touched since, and when.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy, lock=True)
        if (answered := _sent_before(tx, found, base_rev, who, client_id)) is not None:
            return answered
        still_draft(found)
        done = carried_out(tx, found, action, base_rev, policy)
        state, todo, inverse, touched = done.state, done.move, done.inverse, done.touched
        if told is None:
            called = grounds.building_names(tx, found.row.ground_id, buildings(found.state, todo))
            words = said(found.state, todo, called)
            told = {"zh": words.zh, "en": words.en}
        row = plans.save_move(
            tx, found.row, state, touched, move=todo, inverse=inverse, who=who, words=told,
            client_id=client_id,
        )  # fmt: skip
        return _delta(tx, found, row, state, touched, policy, who)


def undo(
    store: Store, plan_id: int, *, base_rev: int, who: str, policy: Policy = LINGQUAN,
    client_id: str | None = None,
) -> PlanDelta:  # fmt: skip
    """Take back one's own last action that still stands; ``client_id`` as for `move`.

    Raises
    ------
    Refused
        ``nothing_to_undo``.
    StaleRevision
        ``overtaken``: somebody changed the same cells since.
    """
    nothing = Refused("nothing_to_undo", zh="没有可以撤销的操作。", en="There is nothing of yours to undo.")
    return _take_back(
        store, plan_id, moves.to_undo, nothing, base_rev=base_rev, who=who, policy=policy, client_id=client_id
    )


def redo(
    store: Store, plan_id: int, *, base_rev: int, who: str, policy: Policy = LINGQUAN,
    client_id: str | None = None,
) -> PlanDelta:  # fmt: skip
    """Bring back what one's own last undo took back, unless one did something new since.

    ``client_id`` as for `move`.

    Raises
    ------
    Refused
        ``nothing_to_redo``.
    StaleRevision
        ``overtaken``: somebody changed the same cells since.
    """
    nothing = Refused("nothing_to_redo", zh="没有可以重做的操作。", en="There is nothing of yours to redo.")
    return _take_back(
        store, plan_id, moves.to_redo, nothing, base_rev=base_rev, who=who, policy=policy, client_id=client_id
    )


def _take_back(
    store: Store, plan_id: int, which: Callable[[Transaction, int, str], moves.StoredMove | None],
    nothing: Refused, *, base_rev: int, who: str, policy: Policy, client_id: str | None,
) -> PlanDelta:  # fmt: skip
    """Carry out the inverse of a move as a move of its own."""
    with store.transaction() as tx:
        found = work(tx, plan_id, policy, lock=True)
        if (answered := _sent_before(tx, found, base_rev, who, client_id)) is not None:
            return answered
        still_draft(found)
        last = which(tx, plan_id, who)
        if last is None:
            raise nothing
        _not_overtaken(tx, plan_id, last)
        state = found.state.copy()
        inverse, touched = apply(state, last.inverse, max(base_rev, last.rev))
        row = plans.save_move(
            tx, found.row, state, touched, move=last.inverse, inverse=inverse, who=who, undoes=last.rev,
            words=last.about.get("words"), client_id=client_id,
        )  # fmt: skip
        return _delta(tx, found, row, state, touched, policy, who)


def _sent_before(
    tx: Transaction, found: Work, base_rev: int, who: str, client_id: str | None
) -> PlanDelta | None:
    """Answer an action that was carried out when it came first; None when it comes for the first time."""
    rev = None if client_id is None else moves.sent(tx, found.row.id, who, client_id)
    return None if rev is None else changed_since(tx, found, min(base_rev, rev - 1), who)


def _not_overtaken(tx: Transaction, plan_id: int, last: moves.StoredMove) -> None:
    """Refuse to take back what somebody else has changed since."""
    mine = _reach(last.inverse)
    for other in _in_force([m for m in moves.since(tx, plan_id, last.rev) if m.who != last.who]):
        if mine & _reach(other.payload):
            raise StaleRevision(
                "overtaken",
                zh=f"{other.who} 之后改动了同样的地方（修订 {other.rev}），不能撤销或重做；请直接调整。",
                en=f"{other.who} changed the same place since (revision {other.rev}): adjust it instead.",
                data={"rev": other.rev, "who": other.who},
            )


def _in_force(log: Sequence[moves.StoredMove]) -> list[moves.StoredMove]:
    """Moves that changed anything in the end: an even number of steps of a chain is as if none had been."""
    chains: dict[int, list[moves.StoredMove]] = {}
    for one in log:
        chains.setdefault(one.origin, []).append(one)
    return [chain[-1] for chain in chains.values() if len(chain) % 2]


def _reach(move_: Move) -> set[tuple[str, Any]]:
    """Cells, faces and grids that a move names."""
    match move_:
        case Assign(cells, _):
            return {("cell", c) for c in cells}
        case Cut(face, _, _):
            return {("face", face)}
        case Join(faces):
            return {("face", f) for f in faces}
        case Batch(moves_):
            return set().union(*(_reach(m) for m in moves_))
        case Tree():
            return {("grid", move_.node)} if move_.node is not None else set()
    return set()


def _delta(
    tx: Transaction, found: Work, row: plans.PlanRow, state: PlanState, touched: Touched, policy: Policy,
    who: str,
) -> PlanDelta:  # fmt: skip
    now = put_back(tx, found, row, state, policy)
    old, new = found.measured, now.measured
    redrawn = {n for n, of in new.drawn.of.items() if old.drawn.of.get(n) != of}
    moved = sorted({*touched.cells, *touched.cells_added})
    can_undo, can_redo = moves.steps(tx, found.row.id, who)
    return PlanDelta(
        rev=touched.rev,
        nodes=nodes(now, {*touched.counted, *touched.nodes, *_changed(found, now)}),
        removed=list(touched.nodes_removed),
        cells=moved,
        assigned={cell: state.assign.get(cell) for cell in moved},
        flaws=flaws(tx, now),
        faces_changed=bool(touched.faces_added or touched.faces_removed),
        cells_removed=sorted(touched.cells_removed),
        new_cells=cell_frame(now, touched.cells_added) if touched.cells_added else None,
        can_undo=can_undo,
        can_redo=can_redo,
        grids=grid_frame(now, redrawn),
    )


def _changed(before: Work, after: Work) -> set[int]:
    """Grids whose row, sums or reason are no longer the same; a reason may change by what a sibling lost."""
    old, new = before.measured, after.measured
    return {
        n
        for n, node in after.state.nodes.items()
        if before.state.nodes.get(n) != node
        or old.sums[n] != new.sums[n]
        or old.standing.reasons.get(n) != new.standing.reasons.get(n)
    }
