"""The table of what may follow what in a case's life."""

import datetime as dt
from dataclasses import replace

import pytest

from spatial.duty.cases import CLOSED, STATES, TRANSITIONS, Case, follow
from spatial.duty.categories import CATEGORIES, check_category
from spatial.duty.hazards import STATES as HAZARD_STATES
from spatial.duty.hazards import TRANSITIONS as HAZARD_TRANSITIONS
from spatial.duty.hazards import TYPES, type_of
from spatial.errors import BadParameter, Refused

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
CASE = Case(1, "1", "fire", None, "x", "registered", "grid", NOW, 110.8, 37.0, None, None, None)
STORY = [
    ("accept", "li", {}), ("dispatch", "li", {"to": "消防队"}), ("feed_back", "wang", {"note": "done"}),
    ("archive", "li", {}), ("assess", "li", {"note": "good"}),
]  # fmt: skip


def play(story, case=CASE):
    for kind, who, more in story:
        case = follow(case, kind, who, **more)
    return case


def test_the_story_registration_to_assessment():
    done = play(STORY)
    assert [e.state for e in done.events] == ["accepted", "dispatched", "fed_back", "archived", "assessed"]
    assert [e.who for e in done.events] == ["li", "li", "wang", "li", "li"]
    assert done.events[1].to == "消防队"


def test_every_transition_starts_and_ends_in_a_known_state_and_every_state_is_reached():
    for step in TRANSITIONS.values():
        assert step.before <= set(STATES)
        assert step.after in STATES
        assert step.answers <= set(TRANSITIONS)
    assert {s.after for s in TRANSITIONS.values()} | {"registered"} == set(STATES)
    assert not any(state in s.before for s in TRANSITIONS.values() for state in CLOSED - {"archived"})
    assert set(HAZARD_TRANSITIONS) == set(HAZARD_STATES) == set().union({"new"}, *HAZARD_TRANSITIONS.values())


@pytest.mark.parametrize("state", list(STATES))
@pytest.mark.parametrize("kind", list(TRANSITIONS))
def test_an_event_happens_only_where_the_table_has_it(state, kind):
    case = replace(CASE, state=state)
    if kind == "extend" and state in TRANSITIONS[kind].before:
        case = follow(case, "ask_extension", "wang", note="rain")
    if state in TRANSITIONS[kind].before:
        assert follow(case, kind, "li", note="n", to="t").state == TRANSITIONS[kind].after
    else:
        with pytest.raises(Refused) as caught:
            follow(case, kind, "li", note="n", to="t")
        assert caught.value.code == "case_state"
        assert caught.value.data["may"] == [k for k, s in TRANSITIONS.items() if state in s.before]


@pytest.mark.parametrize("last", ["archive", "rework"])
def test_who_handled_it_does_not_verify_it(last):
    fed_back = play(STORY[:3])
    with pytest.raises(Refused) as caught:
        follow(fed_back, last, "wang", note="n")
    assert caught.value.code == "same_person"
    spot = follow(CASE, "handle_on_spot", "zhao", note="swept")
    with pytest.raises(Refused):
        follow(spot, last, "zhao", note="n")


def test_more_time_is_asked_for_and_granted_once_by_somebody_else():
    case = play(STORY[:2])
    with pytest.raises(Refused) as caught:
        follow(case, "extend", "li")
    assert caught.value.code == "nothing_asked"
    asked = follow(case, "ask_extension", "wang", note="rain")
    with pytest.raises(Refused) as caught:
        follow(asked, "extend", "wang")
    assert caught.value.code == "same_person"
    granted = follow(asked, "extend", "li")
    with pytest.raises(Refused):
        follow(granted, "extend", "li")


def test_escalating_ends_at_the_county():
    case = follow(CASE, "accept", "li")
    for reach in ("village", "town", "county"):
        case = follow(case, "escalate", "li", note="too big")
        assert (case.reach, case.state) == (reach, "accepted")
    with pytest.raises(Refused) as caught:
        follow(case, "escalate", "li", note="too big")
    assert caught.value.code == "no_higher"


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [("fly", {}, "unknown_event"), ("decline", {}, "note_needed"), ("void", {"note": " "}, "note_needed"),
     ("dispatch", {}, "to_needed")],
)  # fmt: skip
def test_what_an_event_lacks_is_named(kind, more, code):
    case = follow(CASE, "accept", "li") if kind == "dispatch" else CASE
    with pytest.raises(BadParameter) as caught:
        follow(case, kind, "li", **more)
    assert caught.value.code == code


def test_every_category_can_be_named_by_key_and_words():
    for key, (zh, en, below) in CATEGORIES.items():
        for name in (key, zh, en):
            assert check_category(name) == (key, None)
        for sub, words in below.items():
            for name in (sub, *words):
                assert check_category(key, name) == (key, sub)
    with pytest.raises(BadParameter) as caught:
        check_category("fire", "lamp")
    assert "blocked_exit" in caught.value.data["categories"]["fire"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("mudslide", "debris_flow"), ("earth_flow", "debris_flow"), ("泥流", "debris_flow"),
     ("topple", "collapse"),
     ("riverbank_collapse", "collapse"), ("rock_fall", "collapse"), ("complex", "landslide"),
     ("translational_slide", "landslide"), ("snow_avalanche", "other"), ("洪水", None)],
)  # fmt: skip
def test_the_words_of_registers_and_of_the_catalogue(word, kind):
    assert type_of(word) == kind


def test_no_word_names_two_types():
    words = [word for zh, en, also in TYPES.values() for word in {zh, en, *also}]
    assert len(words) == len(set(words))
