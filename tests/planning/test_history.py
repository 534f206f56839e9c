"""The history of a plan: who did what, in words; the plan as it stood at each revision; copies and names."""

import random

import pytest

from spatial import planning
from spatial.errors import BadParameter, NotFound, StaleRevision, WanggeError
from tests.planning.drawn import COMMUNITY
from tests.planning.test_desk import polygons, step
from tests.planning.test_stages import leaf_of
from tests.planning.test_undo import Planner


@pytest.fixture
def li(drafted):
    return Planner(drafted.store, drafted.plans[COMMUNITY], "张三")


def history(planner, since=0):
    return planning.plan_moves(planner.store, planner.plan_id, since)


def test_moves_in_words_undone_or_not(li):
    source, target = (leaf_of(li.store, li.plan_id, bid).label for bid in ("001-000", "001-001"))
    li.give("001-000", "001-001")
    li.undo()
    li.redo()
    Planner(li.store, li.plan_id, "王五").rename("东头")
    li.undo()
    rows = history(li)
    assert [(r.rev, r.who, r.step, r.origin, r.undone) for r in rows] == [
        (1, "张三", "do", 1, True), (2, "张三", "undo", 1, False), (3, "张三", "redo", 1, True),
        (4, "王五", "do", 4, False), (5, "张三", "undo", 1, False),
    ]  # fmt: skip
    given = f"把 001-000 从 {source} 移到 {target}；删除 {source}"
    assert [r.words["zh"] for r in rows[:3]] == [given, f"撤销：{given}", f"重做：{given}"]
    assert rows[0].words["en"] == f"moved 001-000 from {source} to {target}; removed {source}"
    assert rows[3].words["zh"].endswith("改名为 东头")
    assert [r.rev for r in history(li, since=3)] == [4, 5]
    assert rows[0].at <= rows[4].at
    assert rows[0].cells
    assert rows[0].removed
    assert not rows[0].faces


@pytest.mark.parametrize("seed", [4, 5])
def test_plan_as_it_stood_at_every_revision(li, seed):
    dice = random.Random(seed)  # noqa: S311

    def grids():
        return polygons(planning.plan_grids(li.store, li.plan_id))

    stood = [grids()]
    while len(stood) <= 20:
        try:
            delta = step(li, dice)
        except WanggeError:
            continue
        assert delta.rev == len(stood)
        stood.append(grids())
    for rev, then in enumerate(stood):
        assert polygons(planning.grids_at(li.store, li.plan_id, rev)) == then
    made = planning.copy_plan(li.store, li.plan_id, name="早先", who="王五", rev=12)
    copy = Planner(li.store, made, "王五")
    assert polygons(planning.plan_grids(li.store, made)) == stood[12]
    assert (copy.seen().rev, copy.seen().name, copy.steps()) == (0, "早先", (False, False))
    assert grids() == stood[-1]
    taken = 0
    while taken < 10:  # a copy is a plan like any other, its cuts too
        try:
            taken += bool(step(copy, dice).rev)
        except WanggeError:
            continue
    while copy.steps()[0]:
        copy.undo()
    assert polygons(planning.plan_grids(li.store, made)) == stood[12]
    with pytest.raises(BadParameter):
        planning.grids_at(li.store, li.plan_id, len(stood))


def test_changes_since_a_revision_bring_a_page_up_to_date(li):
    before = li.seen()
    shapes = polygons(planning.plan_grids(li.store, li.plan_id))
    li.give("001-000", "001-001")
    li.give("001-002", "001-003")
    delta = planning.changes(li.store, li.plan_id, since=before.rev, who="王五")
    now = li.seen()
    assert (delta.rev, delta.nodes, delta.flaws, delta.can_undo) == (2, now.nodes, now.flaws, False)
    nodes = {n.id: n for n in delta.nodes}
    told = {k: v for k, v in shapes.items() if k in nodes} | polygons(delta.grids)
    assert told == polygons(planning.plan_grids(li.store, li.plan_id))
    assert set(delta.removed) == {n.id for n in before.nodes} - nodes.keys()
    held = planning.plan_cells(li.store, li.plan_id).set_index("cell")["node_id"]
    assert all(held[cell] == node for cell, node in delta.assigned.items())


def test_stale_revision_says_who_changed_what_and_when(li):
    target = leaf_of(li.store, li.plan_id, "001-001")
    Planner(li.store, li.plan_id, "王五").give("001-000", "001-001")
    action = {"kind": "give", "building": "001-002", "to": target.id}
    with pytest.raises(StaleRevision) as stale:
        planning.move(li.store, li.plan_id, base_rev=0, action=action, who="张三")
    (change,) = stale.value.data["changes"]
    assert (change["rev"], change["who"], change["nodes"]) == (1, "王五", [target.id])
    assert "001-000" in change["words"]["zh"]
    assert change["at"] == history(li)[0].at.isoformat()


def test_a_name_and_an_unknown_plan(li):
    planning.name_plan(li.store, li.plan_id, "东片少切一栋")
    assert li.seen().name == "东片少切一栋"
    assert [p.name for p in planning.plans(li.store, area=COMMUNITY)] == ["东片少切一栋"]
    for ask in (planning.plan_moves, lambda s, p: planning.name_plan(s, p, "x")):
        with pytest.raises(NotFound):
            ask(li.store, 10**6)
