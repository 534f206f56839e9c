"""Cases: states and events as data, and the one rule of what may follow what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spatial.duty.categories import Words, named
from spatial.duty.limits import due
from spatial.errors import BadParameter, Refused, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

REACHES: tuple[tuple[str, str, str], ...] = (
    ("grid", "网格", "grid"), ("village", "村（社区）", "village"), ("town", "乡镇", "town"),
    ("county", "县", "county"),
)  # fmt: skip
"""Who holds a case, from the lowest: escalating hands it to the next."""

STATES: dict[str, Words] = {
    "registered": ("已登记", "registered"),
    "accepted": ("已受理", "accepted"),
    "not_accepted": ("不予受理", "not accepted"),
    "dispatched": ("已派发", "dispatched"),
    "returned": ("已退回", "returned"),
    "suspended": ("已挂起", "suspended"),
    "fed_back": ("已反馈", "fed back"),
    "archived": ("已归档", "archived"),
    "assessed": ("已考核", "assessed"),
    "void": ("已作废", "void"),
}
CLOSED = frozenset({"not_accepted", "archived", "assessed", "void"})
"""States in which nothing waits to be done."""
UNDUE = frozenset({"not_accepted", "void"})
"""Closed without being handled: such a case is never due, and counts in no rate of on-time closing."""
_HANDLED = frozenset({"feed_back", "handle_on_spot"})


@dataclass(frozen=True)
class Step:
    """One kind of event.

    Parameters
    ----------
    zh, en
        Words.
    before, after
        States in which it may happen, and the state that it leads to.
    note
        Whether it needs one.
    to
        Whether it must say who is to do it.
    answers
        Events whose last author may not be the author of this one: who handled a case does not verify it.
    needs
        Whether one of ``answers`` must stand open: none of this kind came after it.
    """

    zh: str
    en: str
    before: frozenset[str]
    after: str
    note: bool = False
    to: bool = False
    answers: frozenset[str] = frozenset()
    needs: bool = False


def _step(
    zh: str, en: str, before: str, after: str, *, note: bool = False, to: bool = False,
    answers: frozenset[str] = frozenset(), needs: bool = False,
) -> Step:  # fmt: skip
    return Step(zh, en, frozenset(before.split()), after, note, to, answers, needs)


TRANSITIONS: dict[str, Step] = {
    "accept": _step("受理", "accept", "registered", "accepted"),
    "decline": _step("不予受理", "decline", "registered", "not_accepted", note=True),
    "handle_on_spot": _step("当场处置", "handle on the spot", "registered accepted", "fed_back", note=True),
    "dispatch": _step("派发", "dispatch", "accepted returned", "dispatched", to=True),
    "return": _step("退回", "return", "dispatched", "returned", note=True),
    "reassign": _step("改派", "reassign", "dispatched", "dispatched", to=True),
    "ask_extension": _step("申请延期", "ask for more time", "dispatched", "dispatched", note=True),
    "extend": _step(
        "批准延期", "extend", "dispatched", "dispatched", answers=frozenset({"ask_extension"}), needs=True
    ),
    "suspend": _step("挂起", "suspend", "dispatched", "suspended", note=True),
    "resume": _step("恢复", "resume", "suspended", "dispatched"),
    "feed_back": _step("反馈", "feed back", "dispatched", "fed_back", note=True),
    "rework": _step("返工", "rework", "fed_back", "dispatched", note=True, answers=_HANDLED),
    "archive": _step("归档", "archive", "fed_back", "archived", answers=_HANDLED),
    "assess": _step("考核", "assess", "archived", "assessed", note=True, answers=_HANDLED),
    "escalate": _step("上报", "escalate", "accepted dispatched returned", "accepted", note=True),
    "void": _step("作废", "void", "registered accepted dispatched returned suspended", "void", note=True),
}
"""Every event that may follow registering, and when."""


@dataclass(frozen=True)
class Event:
    """One event of a case: who, when, and a note; ``to`` who is to do it; ``state`` what it led to."""

    kind: str
    who: str
    at: dt.datetime
    state: str
    note: str | None = None
    to: str | None = None


@dataclass(frozen=True)
class Case:
    """A case with its grid: ``area_code`` and ``grid`` by the edition in force when it was registered.

    ``reach`` is who holds it (``REACHES``); ``lon``, ``lat`` degrees, EPSG:4326; ``events`` the oldest first.
    ``grid`` is the code of the finest grid, or of the grid above where several stand on one another there.
    ``due_at`` is by the limit of its category (`spatial.duty.limits`), or as its register says; ``satisfied``
    what who reported it answered, None where nobody asked.
    """

    id: int
    number: str
    category: str
    subcategory: str | None
    description: str
    state: str
    reach: str
    reported_at: dt.datetime
    lon: float
    lat: float
    area_code: str | None
    grid: str | None
    edition: int | None
    events: tuple[Event, ...] = ()
    due_at: dt.datetime | None = None
    satisfied: bool | None = None


def state_of(text: str | None) -> str | None:
    """Find a state's key by its key or word.

    Examples
    --------
    >>> state_of("已归档"), state_of("archived"), state_of("fed back"), state_of("?")
    ('archived', 'archived', 'fed_back', None)
    """
    return named(STATES, (text or "").strip())


def step_of(text: str | None) -> str | None:
    """Find an event's key by its key or word.

    Examples
    --------
    >>> step_of("受理"), step_of("handle on the spot"), step_of("rework"), step_of("?")
    ('accept', 'handle_on_spot', 'rework', None)
    """
    return named({key: (step.zh, step.en) for key, step in TRANSITIONS.items()}, (text or "").strip())


def follow(case: Case, kind: str, who: str, *, note: str | None = None, to: str | None = None) -> Case:
    """Let an event happen to a case: the case as it stands then, the event its last.

    Parameters
    ----------
    case
        With all its events.
    kind
        A key of ``TRANSITIONS``.
    who
        Its author.
    note, to
        Where the event needs them.

    Returns
    -------
    Case
        After ``extend`` it is due one limit of its category later.

    Raises
    ------
    BadParameter
        ``unknown_event``, ``note_needed``, ``to_needed``.
    Refused
        ``case_state``: not in this state; ``same_person``: who handled it does not verify it;
        ``nothing_asked``: no extension was asked for; ``no_higher``: the county has it already.
    """
    step = TRANSITIONS.get(kind)
    if step is None:
        raise _bad("unknown_event", kind, f"没有这种办理步骤：{kind}。", f"There is no event {kind}.")
    if step.note and not (note or "").strip():
        raise _bad("note_needed", kind, f"“{step.zh}”必须写明说明。", f"To {step.en} a case needs a note.")
    if step.to and not (to or "").strip():
        raise _bad(
            "to_needed", kind, f"“{step.zh}”必须写明承办人或单位。", f"To {step.en} a case, say to whom."
        )
    if case.state not in step.before:
        raise _wrong_state(case, kind, step)
    _other_person(case.events, kind, step, who, case.number)
    reach = _higher(case) if kind == "escalate" else case.reach
    event = Event(kind, who, dt.datetime.now(dt.UTC), step.after, note, to)
    due_at = case.due_at
    if kind == "extend" and due_at is not None:
        due_at = due(case.category, case.subcategory, due_at)
    return replace(case, state=step.after, reach=reach, events=(*case.events, event), due_at=due_at)


def _other_person(events: Sequence[Event], kind: str, step: Step, who: str, number: str) -> None:
    if not step.answers:
        return
    kinds = step.answers | {kind} if step.needs else step.answers
    last = next((e for e in reversed(events) if e.kind in kinds), None)
    if step.needs and (last is None or last.kind == kind):
        raise Refused(
            "nothing_asked", zh=f"事件 {number} 没有待批的申请。",
            en=f"Nobody has asked for more time on case {number}.", where=(Where(ref=number),),
        )  # fmt: skip
    if last is not None and last.who == who:
        raise Refused(
            "same_person",
            zh=f"事件 {number} 由 {who} 办理，“{step.zh}”须由他人进行。",
            en=f"{who} handled case {number}; somebody else has to {step.en} it.",
            where=(Where(ref=number, field="who"),),
        )


def _higher(case: Case) -> str:
    order = [reach for reach, _, _ in REACHES]
    position = order.index(case.reach) + 1
    if position == len(order):
        raise Refused(
            "no_higher", zh=f"事件 {case.number} 已上报到县，没有更高一级。",
            en=f"Case {case.number} is with the county already.", where=(Where(ref=case.number),),
        )  # fmt: skip
    return order[position]


def _wrong_state(case: Case, kind: str, step: Step) -> Refused:
    zh, en = STATES.get(case.state, (case.state, case.state))
    may = [k for k, s in TRANSITIONS.items() if case.state in s.before]
    return Refused(
        "case_state",
        zh=f"事件 {case.number} 现在是“{zh}”，不能“{step.zh}”。"
        f"可以：{'、'.join(TRANSITIONS[k].zh for k in may) or '无'}。",
        en=f"Case {case.number} is {en}: no {kind} now. It may: {', '.join(may) or 'nothing'}.",
        where=(Where(ref=case.number, field="kind", value=kind),),
        data={"state": case.state, "may": may},
    )


def _bad(code: str, kind: str, zh: str, en: str) -> BadParameter:
    return BadParameter(
        code, zh=zh, en=en, where=(Where(field="kind", value=kind[:100]),), data={"events": list(TRANSITIONS)}
    )
