"""Who takes ground that a border's move has set free: the leaf that it shares most border with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.plans.moves import Assign
from spatial.plans.shapes import adjacency, holdings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from spatial.plans.tree import PlanState

Metres = dict[str, dict[str, float]]
"""Metres of border that faces share: face -> neighbour -> metres."""


def around(state: PlanState, faces: Collection[str]) -> Metres:
    """Metres of common border of some faces with one another and with what lies around them."""
    names = np.array(sorted({cell.face for cell in state.cells.values()}), dtype=object)
    shapes = np.array([state.faces[name].polygon for name in names], dtype=object)
    mine = np.isin(names, sorted(faces))
    tree = shapely.STRtree(shapes)
    near = np.unique(tree.query(shapes[mine])[1])
    frame = adjacency(shapes[near], min_m=0.0)
    out: Metres = {name: {} for name in faces}
    for a, b, metres in frame.itertuples(index=False):
        one, two = names[near[int(a)]], names[near[int(b)]]
        for face, other in ((one, two), (two, one)):
            if face in out:
                out[face][other] = metres
    return out


def adopted(
    state: PlanState, cells: Iterable[int], leaves: Collection[int], metres: Metres | None = None
) -> list[Assign]:
    """Give cells, face by face, to the leaves that they share most border with.

    Parameters
    ----------
    state
        The plan, cut as need be.
    cells
        What is to be given; cells of one face go together, what touches none of the leaves with most.
    leaves
        Who may take it, one at least.
    metres
        As `around` gives them, where they are known of all faces of the cells.

    Returns
    -------
    list
        One move a leaf that takes anything, in order of its id.
    """
    by_face: dict[str, list[int]] = {}
    for cell in sorted(cells):
        by_face.setdefault(state.cells[cell].face, []).append(cell)
    if len(leaves) == 1:
        return [Assign(tuple(sorted(c for own in by_face.values() for c in own)), next(iter(leaves)))]
    metres = around(state, by_face.keys()) if metres is None else metres
    taken = grown(metres, by_face.keys(), _held(state, by_face.keys(), leaves))
    rest = max(sorted(leaves), key=lambda leaf: sum(one == leaf for one in taken.values()))
    out: dict[int, list[int]] = {}
    for face, own in by_face.items():
        out.setdefault(taken.get(face, rest), []).extend(own)
    return [Assign(tuple(sorted(own)), leaf) for leaf, own in sorted(out.items())]


def _held(state: PlanState, free: Collection[str], leaves: Collection[int]) -> dict[str, int]:
    lowest, _ = holdings(state)
    return {face: leaf for face, leaf in lowest.items() if leaf in leaves and face not in free}


def grown(metres: Metres, free: Collection[str], held: Mapping[str, int]) -> dict[str, int]:
    """Give free faces to leaves one after the other, always the longest common border first."""
    pull: dict[str, dict[int, float]] = {face: {} for face in free}
    for face in free:
        for other, length in metres[face].items():
            if other in held:
                pull[face][held[other]] = pull[face].get(held[other], 0.0) + length
    out: dict[str, int] = {}
    while live := [(length, face, leaf) for face in pull for leaf, length in pull[face].items()]:
        _, face, leaf = max(live, key=lambda one: (one[0], one[1], -one[2]))
        out[face] = leaf
        del pull[face]
        for other, length in metres[face].items():
            if other in pull:
                pull[other][leaf] = pull[other].get(leaf, 0.0) + length
    return out
