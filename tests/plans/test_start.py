import numpy as np
import pandas as pd

from spatial.ground.faces import face_id
from spatial.ground.model import CELL_COLUMNS, EDGE_COLUMNS, Ground
from spatial.plans import count
from spatial.plans.start import begin
from spatial.policy import LINGQUAN
from tests.drawing import draw


def ground(table: str, groups=None, division="community") -> Ground:
    d = draw(table, spacing_m=2)
    letters = sorted(d.polygons)
    faces = np.array([d.polygons[x] for x in letters], dtype=object)
    rows = [
        (f"{i:016x}", i, None, None, x, None, 10, 12, (groups or {}).get(x)) for i, x in enumerate(letters)
    ]
    cells = pd.DataFrame(rows, columns=list(CELL_COLUMNS)).astype(
        {"floor_low": "Int64", "floor_high": "Int64"}
    )
    return Ground(
        lattice=None,
        area_code="141126100001" if division == "community" else "141126100200",
        division=division,
        outline=d.outline,
        faces=faces,
        face_ids=np.array([face_id(f) for f in faces], dtype=object),
        footprints=np.array([None] * len(faces), dtype=object),
        cells=cells,
        edges=pd.DataFrame(columns=list(EDGE_COLUMNS)),
        outer_m=np.zeros(len(faces)),
        layers=pd.DataFrame(index=cells.index),
    )


def test_a_plan_begins_numbered_and_named():
    # West to east by columns of 50 m: A and D are in the first.
    g = ground("AAABBBCCC\nAAABBBCCC\nDDDEEEFFF\nDDDEEEFFF", division="community")
    one = np.array([7, 2, 5, 7, 2, 2])
    two = np.array([0, 1, -1, 0, 3, 4])
    state = begin(g, "凤城社区", [one, two], LINGQUAN, dedicated={(1, 5)})
    assert [(n.id, n.parent, n.level, n.kind, n.label) for n in state.nodes.values()] == [
        (0, None, 0, "basic", ""),
        (1, 0, 1, "ordinary", "1"),
        (2, 0, 1, "ordinary", "2"),
        (3, 0, 1, "dedicated", "3"),
        (4, 1, 2, "ordinary", "1-01"),
        (5, 2, 2, "ordinary", "2-01"),
        (6, 2, 2, "ordinary", "2-02"),
        (7, 2, 2, "ordinary", "2-03"),
    ]
    assert state.assign == {0: 4, 1: 5, 2: 3, 3: 4, 4: 6, 5: 7}
    assert state.nodes[5].name == "凤城社区2-01网格"
    assert (state.levels, state.spacing_m, state.next_node, state.next_cell) == (3, 2.0, 8, 6)
    assert count(state)[0].registered == 72


def test_groups_of_a_village_name_its_grids():
    g = ground("AABB\nAABB", groups={"A": "一组", "B": "二组"}, division="village")
    state = begin(g, "王家村", [np.array([0, 1])], LINGQUAN)
    assert [n.name for n in state.nodes.values()] == ["王家村", "王家村一组", "王家村二组"]
    assert state.levels == 2
