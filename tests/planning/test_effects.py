"""What edits did since a revision: the very rows that the preview of the same edit showed before it."""

import pytest

from spatial import planning
from spatial.errors import BadParameter
from spatial.planning.effects import effect
from tests.planning.drawn import COMMUNITY
from tests.planning.test_stages import leaf_of


def rows(told):
    return [
        (c.node, c.before, c.after, c.state_before, c.state_after) for c in (*told.touched, *told.parents)
    ]


def test_the_effect_of_an_edit_is_what_its_preview_said(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    to = leaf_of(store, plan, "001-001").id
    action = {"kind": "give", "building": "001-000", "to": to}
    said = planning.preview(store, plan, base_rev=0, action=action)
    planning.move(store, plan, base_rev=0, action=action, who="li")
    done = effect(store, plan, since=0)
    assert rows(done) == rows(said)
    assert any(
        change.node == to and change.after.households > change.before.households for change in done.touched
    )
    assert {(f.kind, f.node_id) for f in done.flaws_new} == {(f.kind, f.node_id) for f in said.flaws_new}
    planning.undo(store, plan, base_rev=1, who="li")
    back = effect(store, plan, since=0)
    assert (back.touched, back.parents, back.flaws_new, back.flaws_gone) == ([], [], [], [])
    with pytest.raises(BadParameter):
        effect(store, plan, since=9)
