"""A plan in the store is the plan in memory, after every move and its undo."""

import threading

import pytest

from spatial.errors import NotFound
from spatial.plans import Assign, Batch, Cut, Tree, apply
from spatial.store import moves, plans
from tests.plans.town import snapshot
from tests.store.community import CODE, save_plan


def act(tx, plan_id, make_move, who="li", undoes=None):
    stored = plans.load(tx, plan_id, lock=True)
    state = stored.state
    move = make_move(state) if callable(make_move) else make_move
    inverse, touched = apply(state, move, state.rev)
    now = plans.save_move(tx, stored.row, state, touched, move=move, inverse=inverse, who=who, undoes=undoes)
    assert now == plans.get(tx, plan_id)
    same(plans.load(tx, plan_id).state, state)
    return state


def same(ours, theirs):
    assert snapshot(ours) == snapshot(theirs)
    assert {k: n.rev for k, n in ours.nodes.items()} == {k: n.rev for k, n in theirs.nodes.items()}
    assert {k: v for k, v in ours.cell_rev.items() if v} == {k: v for k, v in theirs.cell_rev.items() if v}
    assert (ours.rev, ours.next_node, ours.next_cell) == (theirs.rev, theirs.next_node, theirs.next_cell)
    assert (ours.levels, ours.spacing_m) == (theirs.levels, theirs.spacing_m)


def cell_of(state, bid):
    return next(cell.id for cell in state.cells.values() if cell.bid == bid)


def cut_across(state):
    """Cut the face of house s1 west of the house, from its southern border to the lane."""
    face = state.faces[state.cells[cell_of(state, "s1")].face]
    left, bottom, _, top = face.polygon.bounds
    xs = [x for x, y in face.polygon.exterior.coords if y == bottom and left < x < left + 900]
    tops = [x for x, y in face.polygon.exterior.coords if y == top and left < x < left + 900]
    return Cut(face.id, ((xs[0], bottom), (tops[0], top)))


def test_a_plan_comes_back_as_it_was_made(tx):
    plan_id, state = save_plan(tx)
    stored = plans.load(tx, plan_id)
    same(stored.state, state)
    assert stored.reasons == {2: {"code": "no_k", "data": {"n": 3}}}
    assert (stored.row.area_code, stored.row.who, stored.row.about) == (CODE, "li", {"seed": 0})
    assert stored.row.edition_id is None
    assert [row.id for row in plans.list_plans(tx, CODE)] == [plan_id]


def test_moves_and_their_undoing_are_stored(tx):
    plan_id, first = save_plan(tx)
    act(tx, plan_id, lambda state: Assign((cell_of(state, "s2"),), 2))
    act(tx, plan_id, Tree("rename", node=2, name="北片"))
    act(tx, plan_id, Batch((Tree("create", parent=0, kind="ordinary"),)))
    act(tx, plan_id, lambda state: Assign((cell_of(state, "s3"),), None))
    assert [move.kind for move in moves.since(tx, plan_id)] == ["assign", "tree", "batch", "assign"]
    assert plans.load(tx, plan_id).reasons == {2: {"code": "no_k", "data": {"n": 3}}}
    while move := moves.to_undo(tx, plan_id, "li"):
        act(tx, plan_id, move.inverse, undoes=move.rev)
    assert snapshot(plans.load(tx, plan_id).state) == snapshot(first)
    assert plans.get(tx, plan_id).rev == 8


def test_cuts_are_stored_joined_and_made_again(tx):
    plan_id, first = save_plan(tx)
    cut = act(tx, plan_id, cut_across)
    assert len(cut.faces) == len(first.faces) + 1
    (move,) = moves.since(tx, plan_id)
    act(tx, plan_id, move.inverse, undoes=1)
    assert snapshot(plans.load(tx, plan_id).state) == snapshot(first)
    act(tx, plan_id, moves.since(tx, plan_id)[-1].inverse)
    assert snapshot(plans.load(tx, plan_id).state) == snapshot(cut)
    other, _ = save_plan(tx)
    assert snapshot(plans.load(tx, other).state) == snapshot(first)


def test_only_ones_own_moves_are_taken_back(tx):
    plan_id, _ = save_plan(tx)
    act(tx, plan_id, Tree("rename", node=1, name="甲"), who="li")
    act(tx, plan_id, Tree("rename", node=2, name="乙"), who="wang")
    assert moves.to_undo(tx, plan_id, "li").rev == 1
    assert moves.to_undo(tx, plan_id, "wang").rev == 2
    assert moves.to_undo(tx, plan_id, "zhao") is None


def test_acceptances_and_reasons(tx):
    plan_id, _ = save_plan(tx)
    plans.accept(tx, plan_id, 2, "no_k", "li")
    plans.accept(tx, plan_id, 2, "lump", "wang")
    assert {n: (a.reason, a.who) for n, a in plans.acceptances(tx, plan_id).items()} == {2: ("lump", "wang")}
    plans.set_reasons(tx, plan_id, {1: {"code": "lump"}, 2: None})
    assert plans.load(tx, plan_id).reasons == {1: {"code": "lump"}}


def test_an_unknown_plan(tx):
    with pytest.raises(NotFound) as caught:
        plans.load(tx, 77)
    assert caught.value.code == "no_such_plan"


def test_two_planners_at_once_take_turns(real_store):
    with real_store.transaction() as tx:
        plan_id, _ = save_plan(tx)

    def rename(name):
        with real_store.transaction() as tx:
            act(tx, plan_id, lambda state: Tree("rename", node=1, name=f"{state.rev}{name}"), who=name)

    threads = [threading.Thread(target=rename, args=(f"片{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with real_store.transaction() as tx:
        assert plans.get(tx, plan_id).rev == 4
        assert [move.rev for move in moves.since(tx, plan_id)] == [1, 2, 3, 4]


def test_a_plan_is_loaded_whole_though_somebody_saves_a_move_in_between(real_store, monkeypatch):
    with real_store.transaction() as tx:
        plan_id, _ = save_plan(tx)
    read, saved = plans._cuts, []

    def saved_meanwhile(tx, plan, faces):
        if not saved:
            saved.append(True)
            with real_store.transaction() as other:
                create = Tree("create", node=9, parent=0, kind="ordinary")
                act(other, plan_id, lambda state: Batch((create, Assign((cell_of(state, "s2"),), 9))))
        return read(tx, plan, faces)

    monkeypatch.setattr(plans, "_cuts", saved_meanwhile)
    with real_store.transaction() as tx:
        stored = plans.load(tx, plan_id)
    assert stored.row.rev == stored.state.rev == 1
    assert 9 in stored.state.nodes
    assert stored.state.assign[cell_of(stored.state, "s2")] == 9
