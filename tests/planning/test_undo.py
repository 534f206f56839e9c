"""Undo and redo of one's own moves: without limit, kept in the store, never over what others did."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spatial import planning
from spatial.errors import Refused, StaleRevision
from tests.planning.drawn import COMMUNITY
from tests.planning.test_stages import leaf_of


class Planner:
    """One who edits a plan and always sees its newest revision."""

    def __init__(self, store, plan_id, who="li"):
        self.store, self.plan_id, self.who = store, plan_id, who

    def seen(self):
        return planning.plan(self.store, self.plan_id, who=self.who)

    def rename(self, name):
        node = min(n.id for n in self.seen().nodes if n.level == 3)
        return self.act(kind="tree", op="rename", node=node, name=name)

    def give(self, building, to):
        leaf = leaf_of(self.store, self.plan_id, to).id
        return self.act(kind="give", building=building, to=leaf)

    def act(self, **action):
        rev = self.seen().rev
        return planning.move(self.store, self.plan_id, base_rev=rev, action=action, who=self.who)

    def undo(self):
        return planning.undo(self.store, self.plan_id, base_rev=self.seen().rev, who=self.who)

    def redo(self):
        return planning.redo(self.store, self.plan_id, base_rev=self.seen().rev, who=self.who)

    def steps(self):
        seen = self.seen()
        return seen.can_undo, seen.can_redo

    def name(self):
        return min((n.id, n.name) for n in self.seen().nodes if n.level == 3)[1]


@pytest.fixture
def li(drafted):
    return Planner(drafted.store, drafted.plans[COMMUNITY])


def test_redo_brings_back_what_undo_took_back_again_and_again(li):
    start = li.name()
    assert li.steps() == (False, False)
    for name in ("甲", "乙", "丙"):
        li.rename(name)
    for _ in range(3):
        names = []
        while li.steps()[0]:
            li.undo()
            names.append(li.name())
        assert names == ["乙", "甲", start]
        while li.steps()[1]:
            delta = li.redo()
            names.append(li.name())
            assert (delta.can_undo, delta.can_redo) == li.steps()
        assert names[3:] == ["甲", "乙", "丙"]
    assert li.seen().rev == 3 + 3 * 6


def test_something_new_ends_what_could_be_redone(li):
    li.rename("甲")
    li.undo()
    li.rename("乙")
    assert li.steps() == (True, False)
    with pytest.raises(Refused, match="nothing of yours to redo") as refused:
        li.redo()
    assert refused.value.code == "nothing_to_redo"
    li.undo()
    assert li.steps() == (False, True)
    li.redo()
    assert li.name() == "乙"
    assert li.steps() == (True, False)


def test_everybody_has_steps_of_their_own(li):
    wang = Planner(li.store, li.plan_id, "wang")
    li.give("001-000", "001-001")
    wang.give("001-002", "001-003")
    assert li.undo().can_redo
    assert wang.steps() == (True, False)
    with pytest.raises(Refused):
        wang.redo()
    li.redo()
    assert leaf_of(li.store, li.plan_id, "001-000").id == leaf_of(li.store, li.plan_id, "001-001").id


def test_nothing_is_redone_over_what_others_did_since(li):
    wang = Planner(li.store, li.plan_id, "wang")
    li.give("001-000", "001-001")
    li.undo()
    wang.give("001-000", "001-002")
    with pytest.raises(StaleRevision) as stale:
        li.redo()
    assert (stale.value.code, stale.value.data["who"]) == ("overtaken", "wang")
    wang.undo()
    li.redo()
    wang.seen()
    assert leaf_of(li.store, li.plan_id, "001-000").id == leaf_of(li.store, li.plan_id, "001-001").id


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from("mmuuur"), max_size=14))
def test_steps_are_those_of_an_editor(drafted, steps):
    """As any editor does it: two stacks, a new action empties the second."""
    with drafted.store.connection.begin_nested() as inner:
        li = Planner(drafted.store, drafted.plans[COMMUNITY])
        done, undone, now = [], [], li.name()
        for i, step in enumerate(steps):
            if step == "m":
                li.rename(f"第{i}步")
                done, undone, now = [*done, now], [], f"第{i}步"
            elif step == "u" and done:
                li.undo()
                undone, now, done = [*undone, now], done[-1], done[:-1]
            elif step == "r" and undone:
                li.redo()
                done, now, undone = [*done, now], undone[-1], undone[:-1]
            assert li.name() == now
            assert li.steps() == (bool(done), bool(undone))
        inner.rollback()
