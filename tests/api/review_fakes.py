"""Fake use cases of notes, reviews and impacts."""

# ruff: noqa: ARG005

from __future__ import annotations

import datetime as dt

from spatial.planning import comparing
from spatial.planning.impacts import (
    BuildingChange,
    GridChange,
    GridRef,
    Impact,
    PointChange,
    PostChange,
)
from spatial.store.notes import NoteRow
from spatial.store.reviews import ReviewRow

AT = dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC)
OLD = GridRef("1411261000010030205", "3-02-05", "凤城社区3-02-05网格")
NEW = GridRef("1411261000010030206", "3-02-06", "凤城社区3-02-06网格")


def note(number=1, **more):
    row = {
        "number": number, "reply_to": None, "text": "x", "who": "li", "at": AT, "objection": True, "node": 3,
        "lon": 110.84, "lat": 37.0, "resolved_by": None, "resolved_at": None,
    }  # fmt: skip
    return NoteRow(**(row | more))


def record(kind="submit", state="submitted"):
    return [ReviewRow(kind, state, 4, "li", AT, None, False)]


def impact(plan_id, **_):
    return Impact(
        plan_id, 4, "141126100001", "凤城社区", dt.date(2026, 12, 1), 7, 300, {1: 0, 2: 0, 3: 16}, 49, [NEW],
        [OLD], [GridChange(3, OLD, NEW, 16, 812.5)],
        [BuildingChange("1-07", "=7号楼", "2", ((1, 3), (5, 5)), 3, OLD, NEW, 12, 16, 18)],
        [PointChange(1, "N1", "fire", OLD, NEW, 110.84, 37.0)],
        [PointChange(2, "H1", "landslide", None, NEW, 110.84, 37.0)],
        [PostChange("grid_liaison", OLD, NEW, 1)],
    )  # fmt: skip


def compared(frame):
    """Two plans of which one house is in another grid."""
    one, other = comparing.NodeRef(3, "3-02-05", "x"), comparing.NodeRef(4, "3-02-06", "y")
    home = comparing.MovedHome("1-07", "<7号楼>", "2", ((1, 3),), 16, 18, one, other)
    lines = frame[["geometry"]].assign(side="a", between=[["3-02-05", "3-02-06"]], metres=12.5)
    border = comparing.MovedBorder(3, 12.5, 0.0, 100.0)
    return comparing.PlansCompared("141126100001", "凤城社区", 300, {3: 16}, [home], [border], lines)


def use_cases(asked, frame):
    """By name; ``asked`` records what they are asked."""
    return {
        "notes": lambda store, plan_id: [note(), note(2, reply_to=1, objection=False)],
        "add_note": asked(lambda plan_id, text, **k: note(3)),
        "resolve_note": asked(lambda plan_id, number, **k: note(number, resolved_by="li", resolved_at=AT)),
        "review_plan": asked(lambda plan_id, kind, **k: record(kind)),
        "review_record": lambda store, plan_id: record(),
        "impact": asked(impact),
        "compare_plans": asked(lambda a, b: compared(frame())),
    }
