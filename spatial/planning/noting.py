"""Notes and objections on a plan, in threads; each function is one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from spatial.errors import BadParameter, Where
from spatial.planning.desk import work
from spatial.policy import LINGQUAN, Policy
from spatial.store import notes as stored
from spatial.store import plans

if TYPE_CHECKING:
    from spatial.planning.desk import Work
    from spatial.store.engine import Store
    from spatial.store.notes import NoteRow

LONGEST = 2000
"""Characters of a note, and of a comment of a review."""
NEAR_DEG = 0.01
"""A note may be pinned so far outside of its basic grid's bounds, about a kilometre."""


def notes(store: Store, plan_id: int) -> list[NoteRow]:
    """List the notes of a plan by number; NotFound (``no_such_plan``)."""
    with store.transaction() as tx:
        plans.get(tx, plan_id)
        return stored.find(tx, plan_id)


def add_note(
    store: Store, plan_id: int, text: str, *, who: str, point: tuple[float, float] | None = None,
    node: int | None = None, reply_to: int | None = None, objection: bool = False, policy: Policy = LINGQUAN,
) -> NoteRow:  # fmt: skip
    """Write a note on a plan, or answer one.

    Parameters
    ----------
    store
        The database.
    plan_id
        The plan, published or not.
    text
        What is said; kept and shown as it is.
    who
        Who says it.
    point
        Where it is pinned: longitude, latitude, EPSG:4326.
    node
        The grid that it is about.
    reply_to
        Number of a note of the thread that it answers.
    objection
        Whether it objects to the plan; an answer never does.

    Raises
    ------
    BadParameter
        ``text_needed``, ``too_long``, ``pinned_elsewhere``: more than about a kilometre outside.
    NotFound
        ``no_such_plan``, ``no_such_note``, ``no_such_grid``.
    """
    said = spoken(text)
    with store.transaction() as tx:
        row = plans.get(tx, plan_id, lock=True)
        first = None if reply_to is None else stored.get(tx, plan_id, reply_to)
        if point is not None or node is not None:
            _pinned(work(tx, plan_id, policy), point, node)
        thread = None if first is None else first.reply_to or first.number
        number = stored.add(
            tx, row, text=said, who=who, reply_to=thread, objection=objection and thread is None, node=node,
            point=point,
        )  # fmt: skip
        return stored.get(tx, plan_id, number)


def resolve_note(store: Store, plan_id: int, number: int, *, who: str, resolved: bool = True) -> NoteRow:
    """Resolve the thread that a note belongs to, or open it again; NotFound (``no_such_note``)."""
    with store.transaction() as tx:
        plans.get(tx, plan_id, lock=True)
        note = stored.get(tx, plan_id, number)
        first = note.reply_to or note.number
        stored.resolve(tx, plan_id, first, who if resolved else None)
        return stored.get(tx, plan_id, first)


def spoken(text: str) -> str:
    """Take what somebody said: not empty, not longer than ``LONGEST``, without control characters."""
    said = "".join(c for c in text if c.isprintable() or c == "\n").strip()
    if not said or len(said) > LONGEST:
        raise BadParameter(
            "too_long" if said else "text_needed",
            zh=f"意见不能为空，且不超过 {LONGEST} 字。",
            en=f"Say something, in no more than {LONGEST} characters.",
            where=(Where(field="text"),),
        )
    return said


def _pinned(found: Work, point: tuple[float, float] | None, node: int | None) -> None:
    """Refuse a pin on a grid that the plan has not, or far from its basic grid."""
    if node is not None:
        found.state.node(node)
    if point is None:
        return
    left, bottom, right, top = shapely.bounds(found.ground.lattice.to_lonlat(found.ground.outline))
    lon, lat = point
    near = left - NEAR_DEG <= lon <= right + NEAR_DEG and bottom - NEAR_DEG <= lat <= top + NEAR_DEG
    if not near:
        raise BadParameter(
            "pinned_elsewhere",
            zh="意见钉在了基础网格 1 公里以外。请钉在图上的网格内，坐标用 WGS 84，经度在前。",
            en="The note is pinned more than a kilometre outside of the basic grid. Pin it on the map; "
            "coordinates are WGS 84, longitude first.",
            where=(Where(field="geometry", geometry={"type": "Point", "coordinates": [lon, lat]}),),
        )
