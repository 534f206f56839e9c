"""Random sequences of moves: undo returns to the identical start, and the coverage stays exact after each."""

from collections import Counter

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spatial.errors import WanggeError
from spatial.ground.seam import prove
from spatial.plans import (
    Assign,
    Cut,
    Join,
    Tree,
    adjacency,
    apply,
    cell_links,
    count,
    from_json,
    give,
    grid_shapes,
    merge,
    paint,
    split,
    to_json,
)
from spatial.plans.dragging import drag
from spatial.plans.filling import Links, fill
from spatial.plans.floors import cells_on_floors
from spatial.plans.handles import simplified
from spatial.plans.reshaping import draw, reshape
from spatial.plans.shapes import area_cm2_doubled
from spatial.policy import Band
from tests.plans.town import LEAVES, NODES, plan, snapshot

BANDS = (Band(20, 50, 40), Band(10, 25, 20))


def _line(data, faces):
    """A line across a face's bounds, or across several faces."""
    left, bottom, right, top = faces[data.draw(st.sampled_from(sorted(faces)))].polygon.bounds
    spots = st.tuples(
        st.integers(int(left) - 300, int(right) + 300), st.integers(int(bottom) - 300, int(top) + 300)
    )
    edge = st.sampled_from([((left, bottom), (right, top)), ((left, top), (right, bottom))])
    (x1, y1), (x2, y2) = data.draw(edge)
    along = data.draw(st.integers(5, 95)) / 100
    ends = data.draw(
        st.sampled_from(
            [
                ((left - 50, bottom + along * (top - bottom)), (right + 50, top - along * (top - bottom))),
                ((left + along * (right - left), bottom - 50), (left + along * (right - left), top + 50)),
                ((x1, y1 + (y2 - y1) * along), (x1 + (x2 - x1) * along, y1)),
            ]
        )
    )
    inner = data.draw(st.lists(spots, max_size=2))
    return (ends[0], *inner, ends[1])


def _move(data, state, kind):
    leaves, cells = [node.id for node in state.leaves()], sorted(state.cells)
    nodes = [*sorted(state.nodes), *leaves, *leaves]  # most of what is drawn should be carried out
    node = st.sampled_from(nodes)
    if kind == "assign":
        chosen = data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=4))
        return Assign(tuple(chosen), data.draw(node))
    if kind == "cut":
        face = data.draw(st.sampled_from(sorted(state.faces)))
        return Cut(face, _line(data, {face: state.faces[face]}))
    if kind == "join":
        parts = [record.parts for _, record in sorted(state.cuts.items())]
        return Join(data.draw(st.sampled_from(parts or [(min(state.faces), max(state.faces))])))
    if kind == "give":
        return give(state, data.draw(st.sampled_from("ABCDEF")), data.draw(node))
    if kind == "split":
        return split(state, data.draw(node), _line(data, state.faces))
    if kind == "merge":
        return merge(state, [data.draw(node), data.draw(node)], parts=data.draw(st.booleans()))
    if kind in DRAWN:
        return _drawn(data, state, kind)
    op = data.draw(st.sampled_from(["create", "remove", "reparent", "rename", "kind", "lock", "unlock"]))
    return Tree(
        op,
        node=None if op == "create" else data.draw(node),
        parent=data.draw(node),
        kind=data.draw(st.sampled_from(["ordinary", "dedicated"])),
        name=data.draw(st.sampled_from([None, "东片", "西片"])),
    )


KINDS = (
    "assign", "cut", "cut", "join", "tree", "give", "split", "merge", "paint", "floors", "reshape", "reshape",
    "drag", "drag", "draw", "draw", "fill",
)  # fmt: skip
DRAWN = frozenset({"paint", "floors", "reshape", "drag", "draw", "fill"})


def _drawn(data, state, kind):
    node = data.draw(st.sampled_from([*sorted(state.nodes), *(leaf.id for leaf in state.leaves())]))
    shapes = grid_shapes(state)
    if kind == "paint":
        cells = st.lists(st.sampled_from(sorted(state.cells)), min_size=1, max_size=8)
        return paint(state, data.draw(cells), node)
    if kind == "floors":
        low = data.draw(st.sampled_from([1, 4, 2]))
        return paint(
            state, cells_on_floors(state, data.draw(st.sampled_from("AE")), None, (low, low + 2)), node
        )
    if kind == "reshape":
        ends = [data.draw(st.sampled_from(_spots(shapes.get(node)))) for _ in range(2)]
        return reshape(
            state, shapes, data.draw(st.sampled_from([node, None])), [ends[0], _near(data, *ends), ends[1]]
        )
    if kind == "drag":
        net = simplified(state, data.draw(st.sampled_from([1, 2])))
        handle = data.draw(st.sampled_from(net.handles.tolist() or [[0, 0]]))
        return drag(state, shapes, net, handle, _near(data, handle, handle))
    if kind == "draw":
        x, y = _near(data, (4500, 3000), (4500, 3000))
        size = data.draw(st.integers(200, 4_000))
        return draw(state, node, shapely.Point(x, y).buffer(size, quad_segs=2))
    a, b = _touching(state)
    return fill(state, data.draw(st.sampled_from([node, None])), Links(a, b, np.full(len(a), 1.0)), BANDS)


def _spots(shape):
    return [(0.0, 0.0)] if shape is None else shapely.get_coordinates(shape)[::5].tolist()


def _near(data, a, b):
    """A place around the middle of two."""
    away = st.integers(-1_500, 1_500)
    return (a[0] + b[0]) / 2 + data.draw(away), (a[1] + b[1]) / 2 + data.draw(away)


def _touching(state):
    names = sorted({cell.face for cell in state.cells.values()})
    frame = adjacency(np.array([state.faces[n].polygon for n in names], dtype=object))
    return cell_links(state, names, frame["a"].to_numpy(np.int64), frame["b"].to_numpy(np.int64))


def _exact(state, drawing):
    faces = np.array([f.polygon for f in state.faces.values()], dtype=object)
    assert prove(faces, drawing.outline) == []
    total, whole = area_cm2_doubled(faces).sum(), area_cm2_doubled([drawing.outline])[0]
    assert total == whole
    if len(state.assign) == len(state.cells):
        root = state.root.id
        below = [n.id for n in state.children(root)]
        shapes = grid_shapes(state, nodes=[root, *below])
        assert prove(np.array([shapes[root]], dtype=object), drawing.outline) == []
        if below and not any(c.floor_low for c in state.cells.values()):
            assert (
                prove(np.array([shapes[n] for n in below if n in shapes], dtype=object), drawing.outline)
                == []
            )
    sums = count(state)
    for node in state.nodes.values():
        if below := state.children(node.id):
            assert sums[node.id].households == sum(sums[n.id].households for n in below)


def walk(data, tally=None, most=8):
    """Carry out random moves, prove the seams after each, take all back, do all again.

    ``tally`` counts what was carried out and what was refused, by kind; ``most`` is the longest walk.
    """
    tally = Counter() if tally is None else tally
    runs = data.draw(st.sampled_from([None, {"A": [10, 10], "E": [15, 15]}]))
    state, _, drawing = plan(LEAVES, NODES, runs=runs)
    history = [snapshot(state)]
    inverses = []
    for _ in range(data.draw(st.integers(1, most))):
        before, kind = snapshot(state), data.draw(st.sampled_from(KINDS))
        try:
            inverse, touched = apply(state, _move(data, state, kind), state.rev, bands=BANDS)
        except WanggeError:
            assert snapshot(state) == before
            tally[kind, "refused"] += 1
            continue
        tally[kind, "done"] += 1
        assert touched.rev == state.rev
        assert set(state.assign) <= set(state.cells)
        assert all(state.is_leaf(leaf) for leaf in state.assign.values())
        inverses.append(from_json(to_json(inverse)))
        history.append(snapshot(state))
        _exact(state, drawing)
    end, redo = snapshot(state), []
    for inverse in reversed(inverses):
        assert snapshot(state) == history.pop()
        redo.append(apply(state, inverse, state.rev)[0])
        _exact(state, drawing)
    assert snapshot(state) == history.pop()
    for move in reversed(redo):
        apply(state, from_json(to_json(move)), state.rev)
        _exact(state, drawing)
    assert snapshot(state) == end


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_undo_returns_to_the_identical_start(data):
    walk(data)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_cuts_change_no_other_face(data):
    state, _, drawing = plan(LEAVES, NODES)
    for _ in range(4):
        face = data.draw(st.sampled_from(sorted(state.faces)))
        others = {k: v for k, v in state.faces.items() if k != face}
        try:
            _, touched = apply(state, Cut(face, _line(data, {face: state.faces[face]})), state.rev)
        except WanggeError:
            continue
        a, b = (state.faces[f] for f in touched.faces_added)
        assert all(state.faces[k] is v for k, v in others.items())
        assert a.polygon.is_valid
        assert b.polygon.is_valid
        assert (a.footprint is None) or (b.footprint is None)
    _exact(state, drawing)
