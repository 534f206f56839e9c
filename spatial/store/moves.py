"""The log of a plan's moves: every action with what takes it back, undo and redo among them.

An undo takes back an action, a redo an undo, the next undo that redo, and so on: a chain, each move taken
back once at most. Only its end counts: at an even depth the action stands, at an odd one it is undone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from spatial.plans.moves import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from spatial.plans.journal import Touched
    from spatial.plans.moves import Move
    from spatial.store.engine import Transaction
    from spatial.store.plans import PlanRow


@dataclass(frozen=True)
class StoredMove:
    """One action on a plan with what takes it back.

    Parameters
    ----------
    rev, who, at, kind
        The revision that it made, whose it is, when, and the kind of move.
    payload, inverse
        The move, and the move that takes it back.
    undoes
        Revision that it took back itself, or None.
    origin, depth
        The ordinary action at the bottom of its chain (itself, when it is one), and the steps from there:
        odd for an undo, even for a redo.
    about
        ``words`` by language; ``grids``, ``removed``, ``cells`` (ids that it touched), ``faces`` (whether it
        cut or joined any). Empty for what is older than that.
    """

    rev: int
    who: str
    at: datetime
    kind: str
    payload: Move
    inverse: Move
    undoes: int | None = None
    origin: int = 0
    depth: int = 0
    about: dict[str, Any] = field(default_factory=dict)


def add(
    tx: Transaction,
    plan: PlanRow,
    touched: Touched,
    *,
    move: Move,
    inverse: Move,
    who: str,
    undoes: int | None,
    words: Mapping[str, str] | None,
    client_id: str | None,
) -> None:
    """Write one action into the log of its plan."""
    payload = to_json(move)
    tx.execute(
        sa.text(
            "INSERT INTO move (plan_id, county_code, rev, who, at, kind, payload, inverse, undoes, origin,"
            " depth, about, client_id) SELECT :plan, :county, :rev, :who, clock_timestamp(), :kind,"
            " CAST(:payload AS jsonb), CAST(:inverse AS jsonb), :undoes, coalesce(max(u.origin), :rev),"
            " coalesce(max(u.depth) + 1, 0), CAST(:about AS jsonb), :client"
            " FROM move AS u WHERE u.plan_id = :plan AND u.rev = :undoes"
        ),
        {
            "plan": plan.id, "county": plan.area_code[:6], "rev": touched.rev, "who": who,
            "kind": payload["kind"], "payload": json.dumps(payload), "inverse": json.dumps(to_json(inverse)),
            "undoes": undoes, "about": json.dumps(_about(touched, words), ensure_ascii=False),
            "client": client_id,
        },
    )  # fmt: skip


def _about(touched: Touched, words: Mapping[str, str] | None) -> dict[str, Any]:
    return {
        "words": dict(words or {}),
        "grids": sorted({*touched.counted, *touched.nodes}),
        "removed": list(touched.nodes_removed),
        "cells": sorted({*touched.cells, *touched.cells_added, *touched.cells_removed}),
        "faces": bool(touched.faces_added or touched.faces_removed),
    }


def sent(tx: Transaction, plan_id: int, who: str, client_id: str) -> int | None:
    """Find the revision that somebody's action with a page's key made; None when it never arrived."""
    query = sa.text("SELECT rev FROM move WHERE plan_id = :plan AND who = :who AND client_id = :client")
    rev: int | None = tx.scalar(query, {"plan": plan_id, "who": who, "client": client_id})
    return rev


def to_undo(tx: Transaction, plan_id: int, who: str) -> StoredMove | None:
    """Find what one's next undo takes back: the newest own action that stands, or its redo.

    None when there is none.
    """
    return _first(tx, f"{_OWN_ENDS} AND m.depth % 2 = 0 ORDER BY m.origin DESC LIMIT 1", plan_id, who)


def to_redo(tx: Transaction, plan_id: int, who: str) -> StoredMove | None:
    """Find what one's next redo takes back: the newest own undo, unless a newer own action stands after it.

    None when there is none.
    """
    last = _first(tx, f"{_OWN_ENDS} AND m.depth % 2 = 1 ORDER BY m.rev DESC LIMIT 1", plan_id, who)
    done = to_undo(tx, plan_id, who)
    return None if last is None or (done is not None and done.origin > last.rev) else last


def steps(tx: Transaction, plan_id: int, who: str) -> tuple[bool, bool]:
    """Say whether somebody has anything to undo, and to redo, on a plan."""
    row = tx.execute(
        sa.text(
            "SELECT max(m.origin) FILTER (WHERE m.depth % 2 = 0), max(m.rev) FILTER (WHERE m.depth % 2 = 1)"
            f" FROM move AS m WHERE {_ENDS}"
        ),
        {"plan": plan_id, "who": who},
    ).one()
    return row[0] is not None, row[1] is not None and (row[0] is None or row[0] < row[1])


def since(tx: Transaction, plan_id: int, rev: int = 0) -> list[StoredMove]:
    """List the actions on a plan after a revision, the oldest first."""
    query = f"{_MOVES} WHERE m.plan_id = :plan AND m.rev > :rev ORDER BY m.rev"
    return [_move(row) for row in tx.execute(sa.text(query), {"plan": plan_id, "rev": rev})]


def _first(tx: Transaction, query: str, plan_id: int, who: str) -> StoredMove | None:
    row = tx.execute(sa.text(query), {"plan": plan_id, "who": who}).first()
    return None if row is None else _move(row)


def _move(row: Any) -> StoredMove:
    payload, inverse = from_json(row.payload), from_json(row.inverse)
    return StoredMove(
        row.rev, row.who, row.at, row.kind, payload, inverse, row.undoes, row.origin, row.depth, row.about
    )


_END = "NOT EXISTS (SELECT FROM move AS u WHERE u.plan_id = m.plan_id AND u.undoes = m.rev)"
_ENDS = f"m.plan_id = :plan AND m.who = :who AND {_END}"
_MOVES = (
    "SELECT m.rev, m.who, m.at, m.kind, m.payload, m.inverse, m.undoes, m.origin, m.depth, m.about"
    " FROM move AS m"
)
_OWN_ENDS = f"{_MOVES} WHERE {_ENDS}"
