"""A building's ground goes from one basic grid to another: whole faces, so that no vertex moves.

Both grounds lie on their town's lattice, and their outlines carry the same vertices; so what one outline
loses the other gains exactly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from spatial.plans.shapes import adjacency
from spatial.plans.start import ground_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.plans.tree import CellRow, CutRecord, PlanState


def without(ground: Ground, gone: NDArray[np.bool_]) -> Ground:
    """Take faces off a ground.

    Parameters
    ----------
    ground
        The ground; cells keep their order.
    gone
        (F,) the faces to take off.
    """
    kept = np.flatnonzero(~gone)
    place = np.cumsum(~gone) - 1
    mine = ~gone[ground.cells["face"].to_numpy(np.int64)]
    cells = ground.cells[mine].reset_index(drop=True)
    outer = ground.outer_m.copy()
    a, b = (ground.edges[side].to_numpy(np.int64) for side in ("a", "b"))
    length = ground.edges["length_m"].to_numpy(np.float64)
    for one, other in ((a, b), (b, a)):
        np.add.at(outer, one[gone[other]], length[gone[other]])
    edges = ground.edges[~gone[a] & ~gone[b]].reset_index(drop=True)
    return replace(
        ground,
        outline=shapely.coverage_union_all(ground.faces[kept]),
        faces=ground.faces[kept], face_ids=ground.face_ids[kept], footprints=ground.footprints[kept],
        cells=cells.assign(face=place[cells["face"].to_numpy(np.int64)]),
        edges=edges.assign(a=place[edges["a"].to_numpy(np.int64)], b=place[edges["b"].to_numpy(np.int64)]),
        outer_m=outer[kept], layers=ground.layers[mine].reset_index(drop=True),
    )  # fmt: skip


def joined(ground: Ground, other: Ground, taken: NDArray[np.bool_]) -> Ground:
    """Add faces of another ground to one; their cells come last.

    Parameters
    ----------
    ground, other
        Two basic grids of one town.
    taken
        (F,) the faces of ``other`` to add. Between them and ``ground`` borders follow no feature.
    """
    n, moved = len(ground.faces), np.flatnonzero(taken)
    faces = np.concatenate([ground.faces, other.faces[moved]])
    place = np.full(len(other.faces), -1, dtype=np.int64)
    place[moved] = n + np.arange(len(moved))
    mine = taken[other.cells["face"].to_numpy(np.int64)]
    cells = other.cells[mine]
    cells = cells.assign(face=place[cells["face"].to_numpy(np.int64)])
    new, edges = _new_edges(faces, n), _inner_edges(other, taken, place)
    outer = np.concatenate([ground.outer_m, shapely.length(faces[n:]) / 100.0])
    for frame in (new, edges):
        for side in ("a", "b"):
            np.subtract.at(outer, frame[side].to_numpy(np.int64), frame["length_m"].to_numpy(np.float64))
    return replace(
        ground,
        outline=shapely.coverage_union_all(faces), faces=faces,
        face_ids=np.concatenate([ground.face_ids, other.face_ids[moved]]),
        footprints=np.concatenate([ground.footprints, other.footprints[moved]]),
        cells=pd.concat([ground.cells, cells], ignore_index=True),
        edges=pd.concat([ground.edges, *(f for f in (edges, new) if len(f))], ignore_index=True),
        outer_m=np.maximum(outer, 0.0),
        layers=pd.concat([ground.layers, other.layers[mine]], ignore_index=True),
    )  # fmt: skip


def _inner_edges(other: Ground, taken: NDArray[np.bool_], place: NDArray[np.int64]) -> pd.DataFrame:
    a, b = (other.edges[side].to_numpy(np.int64) for side in ("a", "b"))
    edges = other.edges[taken[a] & taken[b]]
    return edges.assign(a=place[edges["a"].to_numpy(np.int64)], b=place[edges["b"].to_numpy(np.int64)])


def _new_edges(faces: NDArray[np.object_], n: int) -> pd.DataFrame:
    """Edges between faces that were there and those that come, which start at ``n``."""
    near = np.unique(shapely.STRtree(faces).query(faces[n:])[1])
    found = adjacency(faces[near])
    found["a"], found["b"] = near[found["a"]], near[found["b"]]
    found = found[(found["a"] < n) & (found["b"] >= n)]
    return found.assign(barrier=None, strength=0.0, feature=None).astype(
        {"barrier": object, "feature": object}
    )


def renumbered(state: PlanState, ground: Ground, new: Mapping[int, int]) -> PlanState:
    """Bring a plan to another ground of the same faces: cells that it keeps get their new numbers.

    Parameters
    ----------
    state
        The plan; cells that are not in ``new`` are dropped.
    ground
        The new ground.
    new
        New number of each cell that stays, those of cuts (also of cells that were cut) among them.
    """
    cells, faces = ground_rows(ground)

    def row(cell: CellRow) -> CellRow:
        return replace(cell, id=new[cell.id])

    def record(cut: CutRecord) -> CutRecord:
        return replace(cut, cells=tuple(map(row, cut.cells)), made=tuple(new[c] for c in cut.made))

    cuts = {face: record(cut) for face, cut in state.cuts.items()}
    gone = {cell.id for cut in cuts.values() for cell in cut.cells}
    made = {new[c]: row(cell) for c, cell in state.cells.items() if state.faces[cell.face].cut}
    parts: dict[str, Any] = {name: face for name, face in state.faces.items() if face.cut}
    return replace(
        state,
        cells={c: cell for c, cell in (cells | made).items() if c not in gone},
        faces={name: face for name, face in (faces | parts).items() if name not in cuts},
        assign={new[c]: leaf for c, leaf in state.assign.items() if c in new},
        cell_rev={}, cuts=cuts, rev=0, next_cell=-1,
        nodes={n: replace(node, rev=0) for n, node in state.nodes.items()},
    )  # fmt: skip
