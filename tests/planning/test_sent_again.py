"""An edit that is sent twice, because its answer was lost on the way, is carried out once."""

import pytest
import shapely

from spatial import planning
from spatial.errors import NotFound
from tests.planning.drawn import COMMUNITY
from tests.planning.test_stages import leaf_of, line


@pytest.fixture
def gift(drafted):
    """How to give one building away, with a key: what is sent, again and again."""
    plan = drafted.plans[COMMUNITY]
    to = leaf_of(drafted.store, plan, "001-001").id

    def send(key, who="li", base_rev=0):
        action = {"kind": "give", "building": "001-000", "to": to}
        return planning.move(drafted.store, plan, base_rev=base_rev, action=action, who=who, client_id=key)

    return send


def log(drafted):
    return planning.plan_moves(drafted.store, drafted.plans[COMMUNITY])


def test_the_second_time_answers_as_the_first_and_changes_nothing(drafted, gift):
    first = gift("key-00001")
    again = gift("key-00001")
    assert len(log(drafted)) == 1
    assert again.rev == first.rev == 1
    assert (again.removed, again.cells, again.assigned) == (first.removed, first.cells, first.assigned)
    assert again.can_undo
    changed = {n.id: n for n in again.nodes}
    assert all(changed[n.id] == n for n in first.nodes)
    assert set(first.grids["node_id"]) <= set(again.grids["node_id"])


def test_the_answer_holds_what_came_after_it_too(drafted, gift):
    gift("key-00001")
    back = planning.undo(drafted.store, drafted.plans[COMMUNITY], base_rev=1, who="li", client_id="key-00002")
    assert gift("key-00001").rev == back.rev == 2
    again = planning.undo(
        drafted.store, drafted.plans[COMMUNITY], base_rev=1, who="li", client_id="key-00002"
    )
    assert again.rev == 2
    assert again.can_redo
    assert [row.step for row in log(drafted)] == ["do", "undo"]


def test_another_key_and_another_person_are_another_edit(drafted):
    plan = drafted.plans[COMMUNITY]
    node = leaf_of(drafted.store, plan, "001-001").id
    for rev, (who, key) in enumerate([("li", "key-00001"), ("li", "key-00002"), ("wang", "key-00002")]):
        rename = {"kind": "tree", "op": "rename", "node": node, "name": str(rev)}
        planning.move(drafted.store, plan, base_rev=rev, action=rename, who=who, client_id=key)
    assert [row.who for row in log(drafted)] == ["li", "li", "wang"]


def test_a_refused_edit_leaves_its_key_free(drafted):
    plan = drafted.plans[COMMUNITY]
    for _ in range(2):
        with pytest.raises(NotFound):
            planning.move(
                drafted.store, plan, base_rev=0, who="li", client_id="key-00001",
                action={"kind": "give", "building": "none", "to": 1},
            )  # fmt: skip
    assert log(drafted) == []


def test_a_cut_tells_the_ground_that_came_and_went(drafted):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    cells = planning.plan_cells(store, plan)
    row = cells.loc[cells["bid"] == "001-000"].iloc[0]
    cut = {"kind": "cut", "face": row["face"], "line": line((3, -1), (3, 32))}
    delta = planning.move(store, plan, base_rev=0, action=cut, who="li")
    assert delta.cells_removed == [row["cell"]]
    assert sorted(delta.new_cells["cell"]) == sorted(delta.cells)
    assert shapely.area(delta.new_cells.geometry.to_numpy()).sum() == pytest.approx(row.geometry.area)
    told = planning.changes(store, plan, since=0, who="li")
    assert told.cells_removed == delta.cells_removed
    assert sorted(told.new_cells["cell"]) == sorted(delta.cells)
    back = planning.undo(store, plan, base_rev=1, who="li")
    assert list(back.new_cells["cell"]) == [row["cell"]]
    assert sorted(back.cells_removed) == sorted(delta.cells)
