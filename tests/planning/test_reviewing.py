"""Review and notes: what may follow what, who may pass what; a plan under review stays as it is."""

import datetime as dt

import pytest

from spatial import planning
from spatial.errors import BadParameter, Locked, NotFound, Refused
from spatial.plans.review import SHUT, STATES, STEPS
from tests.planning.drawn import COMMUNITY, TOWERS, VILLAGE
from tests.planning.ledger import ledger
from tests.planning.test_stages import act, leaf_of


def step(store, plan, kind, who="li", **more):
    return planning.review_plan(store, plan, kind, who=who, **more)


def test_the_table_of_steps_leads_from_state_to_state():
    assert {one.after for one in STEPS.values()} | {"draft"} == set(STATES)
    assert all(one.before <= set(STATES) for one in STEPS.values())
    assert {one.after for one in STEPS.values() if not one.text} == SHUT


def test_a_plan_is_submitted_returned_mended_submitted_and_approved(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    one, two = leaf_of(store, plan, "001-000"), leaf_of(store, plan, "001-001")
    merge = {"kind": "merge", "nodes": [one.id, two.id]}
    assert planning.plan(store, plan).review == "draft"
    step(store, plan, "submit", text="请审")
    for edit in (
        lambda: planning.move(store, plan, base_rev=0, action=merge, who="li"),
        lambda: planning.undo(store, plan, base_rev=0, who="li"),
    ):
        with pytest.raises(Locked) as shut:
            edit()
        assert shut.value.code == "under_review"
    with pytest.raises(BadParameter) as silent:
        step(store, plan, "return", "wang", text="  ")
    assert silent.value.code == "comment_needed"
    step(store, plan, "return", "wang", text="把 1 号楼划回去")
    act(store, plan, **merge)
    assert planning.plan(store, plan, who="li").can_undo
    step(store, plan, "submit")
    assert not planning.plan(store, plan, who="li").can_undo
    record = step(store, plan, "approve", "wang")
    assert [(r.kind, r.who, r.rev, r.own) for r in record] == [
        ("submit", "li", 0, False), ("return", "wang", 0, False), ("submit", "li", 1, False),
        ("approve", "wang", 1, False),
    ]  # fmt: skip
    assert [row.review for row in planning.plans(store, area=COMMUNITY)] == ["approved"]


@pytest.mark.parametrize(("kinds", "refused"), [
    ([], "approve"), ([], "return"), (["submit"], "submit"), (["submit", "approve"], "approve"),
    (["submit", "return"], "approve"),
])  # fmt: skip
def test_a_step_out_of_turn_is_refused_with_what_may_be_done(drafted, kinds, refused):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    for kind in kinds:
        step(store, plan, kind, text="x")
    before = ledger(store)
    with pytest.raises(Refused) as refusal:
        step(store, plan, refused, text="x")
    assert refusal.value.code == "review_state"
    assert refusal.value.data["may"] == [
        k for k, s in STEPS.items() if refusal.value.data["state"] in s.before
    ]
    assert ledger(store) == before


def test_who_submitted_approves_only_where_policy_lets_them_and_the_record_says_so(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    step(store, plan, "submit")
    with pytest.raises(Refused) as own:
        step(store, plan, "approve", by_another=True)
    assert own.value.code == "own_plan"
    assert step(store, plan, "approve")[-1].own
    step(store, plan, "return", text="再看")
    step(store, plan, "submit", "wang")
    assert not step(store, plan, "approve", by_another=True)[-1].own


def test_what_is_under_review_is_published_only_when_approved(drafted, today):
    store, plan, other = drafted.store, drafted.plans[COMMUNITY], drafted.plans[TOWERS]

    def publish(*plans, **more):
        return planning.publish(store, list(plans), valid_from=today, who="li", accept="proved", **more)

    step(store, plan, "submit")
    before = ledger(store)
    for plans, more in (((plan,), {}), ((other, plan), {}), ((other,), {"drafts": False})):
        with pytest.raises(Refused) as refusal:
            publish(*plans, **more)
        assert refusal.value.code == "not_approved"
    assert ledger(store) == before
    for one in (plan, other):
        if one == other:
            step(store, one, "submit")
        step(store, one, "approve", "wang")
    assert {e.release for e in publish(plan, other, drafts=False)} == {1}
    with pytest.raises(Locked) as over:
        step(store, plan, "return", text="x")
    assert over.value.code == "published_already"


def test_reasons_are_accepted_plan_by_plan(drafted, today):
    store = drafted.store
    plans = [drafted.plans[COMMUNITY], drafted.plans[VILLAGE]]
    accept = [
        {"plan": plan, "node": node.id, "reason": node.reason.code}
        for plan in plans for node in planning.plan(store, plan).nodes if node.in_band is False
    ]  # fmt: skip
    made = planning.publish(store, plans, valid_from=today + dt.timedelta(days=1), who="li", accept=accept)
    assert [e.plan_id for e in made] == plans


# -- notes -------------------------------------------------------------------------------------------------


def test_notes_stand_in_threads_and_are_resolved(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    grid = leaf_of(store, plan, "001-000")
    spot = planning.plan_grids(store, plan).set_index("node_id").geometry[grid.id].representative_point()
    script = "<script>alert(1)</script>"
    first = planning.add_note(
        store, plan, f" {script}\n第二行\x00 ", who="li", point=(spot.x, spot.y), node=grid.id, objection=True
    )
    assert (first.number, first.text, first.objection) == (1, f"{script}\n第二行", True)
    assert (first.lon, first.lat, first.node) == (spot.x, spot.y, grid.id)
    planning.add_note(store, plan, "另一条", who="wang")
    reply = planning.add_note(store, plan, "同意", who="wang", reply_to=1, objection=True)
    again = planning.add_note(store, plan, "好", who="li", reply_to=reply.number)
    assert (reply.reply_to, reply.objection, again.reply_to) == (1, False, 1)
    done = planning.resolve_note(store, plan, again.number, who="li")
    assert (done.number, done.resolved_by) == (1, "li")
    assert [n.resolved_by for n in planning.notes(store, plan)] == ["li", None, None, None]
    assert planning.resolve_note(store, plan, 1, who="li", resolved=False).resolved_at is None


@pytest.mark.parametrize(("more", "error", "code"), [
    ({"text": " \n "}, BadParameter, "text_needed"), ({"text": "x" * 2001}, BadParameter, "too_long"),
    ({"reply_to": 9}, NotFound, "no_such_note"), ({"node": 10**6}, NotFound, "no_such_grid"),
    ({"point": (36.99, 110.83)}, BadParameter, "pinned_elsewhere"),
    ({"point": (116.4, 39.9)}, BadParameter, "pinned_elsewhere"),
])  # fmt: skip
def test_a_note_that_can_not_be_kept_is_refused(drafted, more, error, code):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    before = ledger(store)
    with pytest.raises(error) as refusal:
        planning.add_note(store, plan, who="li", **({"text": "x"} | more))
    assert refusal.value.code == code
    assert ledger(store) == before
