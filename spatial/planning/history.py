"""The history of a plan: who did what and when, the plan as it stood, copies and names."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from spatial.errors import BadParameter, Where
from spatial.planning.desk import Work, measured, work
from spatial.planning.reading import cell_frame, flaws, grid_frame, nodes
from spatial.planning.views import PlanDelta
from spatial.plans.apply import apply
from spatial.policy import LINGQUAN, Policy
from spatial.store import moves, plans

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class MoveRow:
    """One action of a plan's history.

    Parameters
    ----------
    rev, who, at, kind
        The revision that it made, whose it is, when, and the kind of move.
    step
        ``do``, ``undo`` or ``redo``; ``origin`` is the action that was undone or redone.
    undone
        Whether the action does not stand any more.
    words
        The action in Chinese (zh) and English (en), to stand after a name; empty where none were kept.
    grids, removed, cells, faces
        What it touched: grids, grids that are gone, cells; whether it cut or joined ground.
    """

    rev: int
    who: str
    at: dt.datetime
    kind: str
    step: str
    origin: int
    undone: bool
    words: dict[str, str] = field(default_factory=dict)
    grids: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    faces: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the row in JSON types."""
        return asdict(self) | {"at": self.at.isoformat()}


def plan_moves(store: Store, plan_id: int, since: int = 0) -> list[MoveRow]:
    """List the actions on a plan after a revision, the oldest first; NotFound (``no_such_plan``)."""
    with store.transaction() as tx:
        plans.get(tx, plan_id)
        log = moves.since(tx, plan_id, since)
    ends = {one.origin: one.depth for one in log}
    return [_row(one, ends[one.origin]) for one in log]


def _row(one: moves.StoredMove, end: int) -> MoveRow:
    step = ("redo", "undo")[one.depth % 2] if one.depth else "do"
    words = {
        language: _VERBS[language, step].format(said) for language, said in one.about.get("words", {}).items()
    }
    about = {k: one.about[k] for k in ("grids", "removed", "cells", "faces") if k in one.about}
    undone = (end - one.depth) % 2 == 1
    return MoveRow(one.rev, one.who, one.at, one.kind, step, one.origin, undone, words, **about)


_VERBS = {
    ("zh", "do"): "{}", ("zh", "undo"): "撤销：{}", ("zh", "redo"): "重做：{}",
    ("en", "do"): "{}", ("en", "undo"): "took back: {}", ("en", "redo"): "did again: {}",
}  # fmt: skip


def changes(
    store: Store, plan_id: int, *, since: int, who: str | None = None, policy: Policy = LINGQUAN
) -> PlanDelta:
    """Say what changed in a plan after a revision, as an edit says it, with all grids' figures."""
    with store.transaction() as tx:
        return changed_since(tx, work(tx, plan_id, policy), since, who)


def changed_since(tx: Transaction, found: Work, since: int, who: str | None) -> PlanDelta:
    """Say what changed in an open plan after a revision; `who` may undo and redo."""
    plan_id, state = found.row.id, found.state
    log = moves.since(tx, plan_id, since)
    touched = {n for one in log for n in [*one.about.get("grids", ()), *one.about.get("removed", ())]}
    named = {c for one in log for c in one.about.get("cells", ())}
    cells = sorted(named & state.cells.keys())
    cut = any(one.about.get("faces", True) for one in log)
    steps = (False, False) if who is None else moves.steps(tx, plan_id, who)
    return PlanDelta(
        rev=state.rev, nodes=nodes(found), removed=sorted(touched - state.nodes.keys()), cells=cells,
        assigned={cell: state.assign.get(cell) for cell in cells}, flaws=flaws(tx, found),
        faces_changed=cut, can_undo=steps[0], can_redo=steps[1], grids=grid_frame(found, touched),
        cells_removed=sorted(named - state.cells.keys()), new_cells=cell_frame(found, cells) if cut else None,
    )  # fmt: skip


def state_at(tx: Transaction, found: Work, rev: int) -> PlanState:
    """Bring a plan back to how it stood at a revision, by the inverses of all that came later.

    Raises
    ------
    BadParameter
        ``rev``: the plan has no such revision.
    """
    now = found.state.rev
    if not 0 <= rev <= now:
        raise BadParameter(
            "rev",
            zh=f"rev 应在 0 到 {now} 之间。", en=f"rev must lie between 0 and {now}.",
            where=(Where(field="rev", value=str(rev)),),
        )  # fmt: skip
    state = found.state.copy()
    for one in reversed(moves.since(tx, found.row.id, rev)):
        apply(state, one.inverse, state.rev)
    return state


def grids_at(
    store: Store, plan_id: int, rev: int, *, level: int | None = None, policy: Policy = LINGQUAN
) -> gpd.GeoDataFrame:
    """Read the grids of a plan as it stood at a revision, as ``plan_grids`` does; BadParameter (``rev``)."""
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        state = state_at(tx, found, rev)
        then = Work(
            found.row, {}, state, found.ground,
            measured(found.ground, state, policy, before=found.measured),
        )  # fmt: skip
    return grid_frame(then, {n.id for n in state.nodes.values() if level is None or n.level == level})


def copy_plan(
    store: Store, plan_id: int, *, name: str, who: str, rev: int | None = None, policy: Policy = LINGQUAN
) -> int:
    """Copy a plan as it stands, or stood at a revision, under a name; its history and acceptances stay.

    Returns
    -------
    int
        The copy's id.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        at = found.row.rev if rev is None else rev
        state = state_at(tx, found, at)
        about = found.row.about | {"copy_of": {"plan": plan_id, "rev": at}}
        made = plans.create(tx, found.row.ground_id, state.afresh(), who=who, about=about)
        plans.rename(tx, made, name)
        return made


def name_plan(store: Store, plan_id: int, name: str) -> None:
    """Give a plan a name; NotFound (``no_such_plan``)."""
    with store.transaction() as tx:
        plans.get(tx, plan_id, lock=True)
        plans.rename(tx, plan_id, name)
