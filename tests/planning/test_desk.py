"""What is kept, and measured anew only in part, is what loading and measuring everything gives."""

import random
import threading

import pytest
import shapely
from shapely.geometry import LineString, mapping

from spatial import planning
from spatial.errors import WanggeError
from spatial.planning import desk
from spatial.planning.shelf import Shelf
from tests.planning.drawn import COMMUNITY, TOWN
from tests.planning.test_undo import Planner

TOWERS = f"{TOWN}002"


def whole(planner):
    """The plan's view and its polygons."""
    return planner.seen(), polygons(planning.plan_grids(planner.store, planner.plan_id))


def polygons(frame):
    return dict(zip(frame["node_id"], shapely.to_wkb(frame.geometry.to_numpy()), strict=True))


def from_nothing(planner):
    """The same, loaded and measured with an empty desk; what stood on it is put back."""
    with planner.store.transaction() as tx:
        held = desk._DESKS.pop(tx.engine)
    try:
        return whole(planner)
    finally:
        desk._DESKS[tx.engine] = held


def some_action(planner, dice):
    """One action of a planner with no plan: most are refused."""
    view, cells = planner.seen(), planning.plan_cells(planner.store, planner.plan_id)
    nodes = [n.id for n in view.nodes]
    row = cells.iloc[dice.randrange(len(cells))]
    left, bottom, right, top = row.geometry.bounds
    x = left + (right - left) * dice.random()
    line = mapping(LineString([(x, bottom - 2e-5), (x, top + 2e-5)]))
    near = cells[shapely.distance(cells.geometry.to_numpy(), row.geometry) < 1e-9]
    chosen = dice.sample(near["cell"].tolist(), min(len(near), dice.randint(1, 5)))
    neighbours = sorted(set(near["node_id"].dropna().astype(int)))
    return dice.choice(
        [
            {"kind": "assign", "cells": chosen, "to": dice.choice(neighbours)},
            {"kind": "assign", "cells": chosen, "to": dice.choice(nodes)},
            {"kind": "cut", "face": row["face"], "line": line},
            {"kind": "split", "node": dice.choice(neighbours), "line": line},
            {"kind": "merge", "nodes": [dice.choice(neighbours), dice.choice(neighbours)]},
            {"kind": "give", "building": row["bid"] or "", "to": dice.choice(neighbours)},
            {"kind": "tree", "op": dice.choice(["lock", "unlock", "remove"]), "node": dice.choice(nodes)},
            {"kind": "tree", "op": "create", "parent": dice.choice(nodes)},
            {"kind": "tree", "op": "kind", "node": dice.choice(nodes), "grid_kind": "dedicated"},
            {"kind": "tree", "op": "reparent", "node": dice.choice(nodes), "parent": dice.choice(nodes)},
        ]
    )  # fmt: skip


def step(planner, dice):
    turn = dice.random()
    if turn < 0.15:
        return planner.undo()
    if turn < 0.25:
        return planner.redo()
    return planner.act(**some_action(planner, dice))


@pytest.mark.parametrize(("code", "seed", "moves"), [(COMMUNITY, 1, 30), (COMMUNITY, 2, 30), (TOWERS, 3, 30)])
def test_any_moves_leave_what_measuring_everything_gives(drafted, code, seed, moves):
    planner, dice = Planner(drafted.store, drafted.plans[code]), random.Random(seed)  # noqa: S311
    view, shapes = whole(planner)
    taken = 0
    while taken < moves:
        try:
            delta = step(planner, dice)
        except WanggeError:
            continue
        taken += 1
        nodes = {n.id: n for n in view.nodes if n.id not in delta.removed}
        nodes |= {n.id: n for n in delta.nodes}
        told = {k: v for k, v in shapes.items() if k in nodes and nodes[k].cells} | polygons(delta.grids)
        view, shapes = whole(planner)
        assert (view, shapes) == from_nothing(planner)
        assert nodes == {n.id: n for n in view.nodes}
        assert (delta.flaws, delta.rev) == (view.flaws, view.rev)
        assert (delta.can_undo, delta.can_redo) == (view.can_undo, view.can_redo)
        assert told == shapes


def test_what_is_rolled_back_is_never_shown(drafted):
    li = Planner(drafted.store, drafted.plans[COMMUNITY])
    before = whole(li)
    with drafted.store.connection.begin_nested() as inner:
        li.give("001-000", "001-001")
        inner.rollback()
    assert whole(li) == before
    li.give("001-002", "001-003")
    assert whole(li) == from_nothing(li)


def test_shelf_lets_go_of_what_was_not_asked_for_longest():
    shelf = Shelf(10)
    for key in "abc":
        shelf.put(key, key.upper(), 4)
    assert [shelf.get(key) for key in "abc"] == [None, "B", "C"]
    shelf.get("b")
    shelf.put("d", "D", 4)
    assert [shelf.get(key) for key in "bcd"] == ["B", None, "D"]
    shelf.put("e", "E", 99)
    assert [shelf.get(key) for key in "bde"] == [None, None, "E"]
    shelf.put("e", "F", 1)
    shelf.put("a", "A", 9)
    assert (shelf.get("e"), shelf.get("a")) == ("F", "A")


def test_shelf_between_threads():
    shelf = Shelf(50)

    def use(name):
        for i in range(500):
            shelf.put((name, i % 20), i, 3)
            shelf.get((name, (i + 7) % 20))

    threads = [threading.Thread(target=use, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf._bytes == sum(size for _, size in shelf._held.values()) <= 50
