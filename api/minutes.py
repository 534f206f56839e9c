"""The minutes of a plan gathered for their page: its review, its threads of notes, where they are pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial import lookup, planning

if TYPE_CHECKING:
    from maps.minutes import Minutes
    from spatial.store.engine import Store


def gathered(store: Store, plan_id: int) -> Minutes:
    """Gather what the minutes show; NotFound (``no_such_plan``)."""
    from maps.minutes import Minutes, Thread  # noqa: PLC0415 - templates are slow to import

    view = planning.plan(store, plan_id)
    notes = planning.notes(store, plan_id)
    labels = {node.id: node.name for node in view.nodes}
    threads = [
        Thread(note, labels.get(note.node or 0), [n for n in notes if n.reply_to == note.number])
        for note in notes
        if note.reply_to is None
    ]
    return Minutes(
        plan_id, view.area_code, view.area_name, view.name, view.rev, view.review, view.published,
        lookup.is_sample(store, [view.area_code]), threads, planning.review_record(store, plan_id),
        planning.plan_grids(store, plan_id),
    )  # fmt: skip
