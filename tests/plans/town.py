"""A plan drawn from letters: one letter = one face = one cell (or a stack of floor runs)."""

from __future__ import annotations

import shapely

from spatial.plans import CellRow, FaceRow, Node, PlanState, face_id
from tests.drawing import Drawing, draw

TABLE = """
    AAABBBCCC
    AAABBBCCC
    AAABBBCCC
    DDDEEEFFF
    DDDEEEFFF
    DDDEEEFFF
"""


def plan(
    leaves: dict[str, int],
    nodes: list[Node],
    *,
    table: str = TABLE,
    households: dict[str, int] | None = None,
    runs: dict[str, list[int]] | None = None,
    levels: int = 2,
) -> tuple[PlanState, dict[str, str], Drawing]:
    """Build a plan.

    ``leaves``: letter -> leaf (a lower-case letter's face has no building); ``runs``: letter -> households of
    each floor run (three floors each). Cells are numbered by letter, runs one after the other.
    """
    drawing = draw(table, spacing_m=2)
    faces: dict[str, FaceRow] = {}
    cells: dict[int, CellRow] = {}
    assign: dict[int, int] = {}
    names: dict[str, str] = {}
    for letter, polygon in sorted(drawing.polygons.items()):
        name = face_id(polygon)
        names[letter] = name
        built = letter.isupper()
        faces[name] = FaceRow(name, polygon, drawing.building(letter, 1000) if built else None)
        counts = (runs or {}).get(letter)
        stack = [(households or {}).get(letter, 10 if built else 0)] if counts is None else counts
        for i, n in enumerate(stack):
            low = None if counts is None else 1 + 3 * i
            cell = CellRow(
                len(cells),
                name,
                low,
                None if low is None else low + 2,
                letter if built else None,
                "1" if counts else None,
                n,
                n,
            )
            cells[cell.id] = cell
            if letter in leaves:
                assign[cell.id] = leaves[letter]
    state = PlanState({n.id: n for n in nodes}, cells, faces, assign, levels=levels)
    return state, names, drawing


NODES = [
    Node(0, None, 0, "basic", "凤城社区"),
    Node(1, 0, 1, "ordinary", "凤城社区第1网格", "1"),
    Node(2, 0, 1, "ordinary", "凤城社区第2网格", "2"),
    Node(3, 1, 2, "ordinary", "凤城社区1-01网格", "1-01"),
    Node(4, 1, 2, "ordinary", "凤城社区1-02网格", "1-02"),
    Node(5, 2, 2, "ordinary", "凤城社区2-01网格", "2-01"),
]
LEAVES = {"A": 3, "D": 3, "B": 4, "E": 4, "C": 5, "F": 5}


def snapshot(state: PlanState) -> object:
    """All that a plan says, without revisions."""
    return (
        {k: (n.parent, n.level, n.kind, n.name, n.label, n.locked) for k, n in state.nodes.items()},
        dict(sorted(state.assign.items())),
        dict(sorted(state.cells.items())),
        {k: (shapely.normalize(f.polygon).wkb, f.cut) for k, f in sorted(state.faces.items())},
        {k: (r.parts, r.made, r.line) for k, r in sorted(state.cuts.items())},
    )
