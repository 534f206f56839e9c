"""Notes and objections on plans: numbered within a plan, in threads, pinned on the map or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from spatial.errors import NotFound, Where
from spatial.store import notices

if TYPE_CHECKING:
    from datetime import datetime

    from spatial.store.engine import Transaction
    from spatial.store.plans import PlanRow


@dataclass(frozen=True)
class NoteRow:
    """One note.

    Parameters
    ----------
    number
        Its number in the plan, from 1.
    reply_to
        Number of the note that begins its thread, or None where it begins one.
    text, who, at
        What was said, by whom, when.
    objection
        Whether it objects to the plan; only the first of a thread does.
    node
        The grid of the plan that it is about, or None.
    lon, lat
        Where it is pinned, degrees, EPSG:4326; or None.
    resolved_by, resolved_at
        Who resolved the thread, and when; kept by its first note.
    """

    number: int
    reply_to: int | None
    text: str
    who: str
    at: datetime
    objection: bool
    node: int | None
    lon: float | None
    lat: float | None
    resolved_by: str | None
    resolved_at: datetime | None


def add(
    tx: Transaction, plan: PlanRow, *, text: str, who: str, reply_to: int | None, objection: bool,
    node: int | None, point: tuple[float, float] | None,
) -> int:  # fmt: skip
    """Add a note to a plan that is locked; returns its number."""
    lon, lat = point or (None, None)
    number = tx.execute(
        sa.text(
            "INSERT INTO note (plan_id, county_code, number, reply_to, text, who, at, objection, node, geom)"
            " SELECT :plan, :county, coalesce(max(number), 0) + 1, :reply_to, :text, :who, clock_timestamp(),"
            " :objection, :node, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) FROM note WHERE plan_id = :plan"
            " RETURNING number"
        ),
        {
            "plan": plan.id, "county": plan.area_code[:6], "reply_to": reply_to, "text": text, "who": who,
            "objection": objection, "node": node, "lon": lon, "lat": lat,
        },
    ).scalar_one()  # fmt: skip
    notices.tell(tx, {"plan": plan.id, "news": "notes"})
    return int(number)


def find(tx: Transaction, plan_id: int) -> list[NoteRow]:
    """List the notes of a plan by number."""
    rows = tx.execute(sa.text(f"{_NOTES} WHERE plan_id = :plan ORDER BY number"), {"plan": plan_id})
    return [NoteRow(*row) for row in rows]


def get(tx: Transaction, plan_id: int, number: int) -> NoteRow:
    """Get one note; NotFound (``no_such_note``)."""
    query = sa.text(f"{_NOTES} WHERE plan_id = :plan AND number = :number")
    row = tx.execute(query, {"plan": plan_id, "number": number}).first()
    if row is None:
        raise NotFound(
            "no_such_note",
            zh=f"方案 {plan_id} 没有第 {number} 号意见。", en=f"Plan {plan_id} has no note {number}.",
            where=(Where(ref=str(number)),),
        )  # fmt: skip
    return NoteRow(*row)


def resolve(tx: Transaction, plan_id: int, number: int, who: str | None) -> None:
    """Resolve the thread that a note begins in somebody's name, dated now; None opens it again."""
    tx.execute(
        sa.text(
            "UPDATE note SET resolved_by = :who, resolved_at = CASE WHEN :resolved THEN clock_timestamp() END"
            " WHERE plan_id = :plan AND number = :number"
        ),
        {"plan": plan_id, "number": number, "who": who, "resolved": who is not None},
    )
    notices.tell(tx, {"plan": plan_id, "news": "notes"})


_NOTES = (
    "SELECT number, reply_to, text, who, at, objection, node, ST_X(geom), ST_Y(geom), resolved_by,"
    " resolved_at FROM note"
)
