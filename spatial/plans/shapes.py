"""Geometry of a plan: names of faces, who touches whom, and the polygons of its grids, exact on the lattice.

Polygons of grids are unions of faces by cancelling shared edges; no overlay ever computes a coordinate, so
every vertex of a child is a vertex of its parent, and neighbours carry the same edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon

from spatial.ground.seam import directed_edges, doubled_area, edge_keys, undirected

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.plans.tree import FaceRow, PlanState

VIEW_TOLERANCE_M = 0.7
"""Grids to look at lose corners of less than this, squared; once per shared edge."""


def area_cm2_doubled(polygons: Sequence[BaseGeometry]) -> NDArray[np.int64]:
    """Twice the area of each (multi)polygon in square centimetres, exact."""
    array = np.array(polygons, dtype=object)
    return doubled_area(directed_edges(array), len(array))


def adjacency(polygons: NDArray[np.object_], min_m: float = 0.3) -> pd.DataFrame:
    """Pairs of faces with a common edge.

    Parameters
    ----------
    polygons
        (N,) faces in lattice centimetres that share their vertices.
    min_m
        Pairs with less common edge than this touch at a corner and are left out.

    Returns
    -------
    DataFrame
        Columns a, b (positions, ``a < b``) and length_m; one row = one pair, ordered by a, b.
    """
    edges = directed_edges(polygons)
    forward, _ = undirected(edges.xy)
    keys = edge_keys(forward)
    order = np.lexsort((edges.owner, keys))
    keys, owner, xy = keys[order], edges.owner[order], forward[order]
    twice = np.flatnonzero((keys[1:] == keys[:-1]) & (owner[1:] != owner[:-1]))
    length = np.hypot(xy[twice, 2] - xy[twice, 0], xy[twice, 3] - xy[twice, 1]) / 100.0
    pair, place = np.unique(owner[twice] * len(polygons) + owner[twice + 1], return_inverse=True)
    metres = np.bincount(place, length, len(pair))
    kept = metres >= min_m
    a, b = np.divmod(pair[kept], max(len(polygons), 1))
    return pd.DataFrame({"a": a, "b": b, "length_m": metres[kept]})


def face_links(
    state: PlanState, faces: Sequence[str], a: NDArray[np.int64], b: NDArray[np.int64], min_m: float = 0.3
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Bring the neighbours of a ground's faces up to date with a plan's cuts.

    Only cut faces and those beside them are measured; the rest is taken over.

    Parameters
    ----------
    state
        The plan.
    faces, a, b
        Ids of the ground's faces, and positions of neighbours (`Ground.face_ids`, `Ground.edges`).
    min_m
        As in `adjacency`.

    Returns
    -------
    names, a, b
        Ids of the plan's faces, and positions of neighbours, every pair once.
    """
    span = max(len(faces), 1)
    keys = np.unique(np.minimum(a, b) * span + np.maximum(a, b))
    pairs = np.stack([keys // span, keys % span], axis=1)
    there = np.array([name in state.faces for name in faces], dtype=np.bool_)
    beside = np.unique(pairs[~there[pairs].all(axis=1)])
    cut = sorted(name for name, face in state.faces.items() if face.cut)
    kept = [name for name, here in zip(faces, there.tolist(), strict=True) if here]
    place = np.cumsum(there) - 1
    links = place[pairs[there[pairs].all(axis=1)]]
    if cut:
        beside = beside[there[beside]]
        near = [*cut, *(faces[i] for i in beside.tolist())]
        of_near = np.concatenate([len(kept) + np.arange(len(cut)), place[beside]])
        found = adjacency(np.array([state.faces[n].polygon for n in near], dtype=object), min_m)
        fresh = found.loc[found["a"] < len(cut), ["a", "b"]].to_numpy(dtype=np.int64)
        links = np.concatenate([links, of_near[fresh]])
    return [*kept, *cut], links[:, 0], links[:, 1]


def grid_shapes(
    state: PlanState, level: int | None = None, *, nodes: Sequence[int] | None = None
) -> dict[int, MultiPolygon]:
    """Polygons of the grids of one level, or of given grids, in lattice centimetres.

    A face belongs to the grid that holds its lowest run; a grid that holds only higher runs of a face gets
    the building's part of it (the whole face where there is no footprint).

    Parameters
    ----------
    state
        The plan.
    level
        Level of the grids; None: all levels.
    nodes
        Only these grids (any levels); None: all.

    Returns
    -------
    dict
        Grid id -> MultiPolygon, valid; grids without cells are left out.
    """
    held = grid_faces(state, level, nodes=nodes)
    return {node: grid_polygon(state.faces, of) for node, of in held.items()}


@dataclass(frozen=True)
class GridFaces:
    """Ids of the faces that make a grid's polygon: ``whole`` ones, and those of which the building's part."""

    whole: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


def grid_faces(
    state: PlanState, level: int | None = None, *, nodes: Collection[int] | None = None
) -> dict[int, GridFaces]:
    """Find the faces of grids, by id, in the order of ids; parameters as in `grid_shapes`."""
    lowest, upper = holdings(state)
    wanted = {
        node.id
        for node in state.nodes.values()
        if (level is None or node.level == level) and (nodes is None or node.id in nodes)
    }
    chains: dict[int, list[int]] = {}
    for node in sorted(state.nodes.values(), key=lambda node: node.level):
        above = [] if node.parent is None else chains[node.parent]
        chains[node.id] = [*above, node.id] if node.id in wanted else above
    of_leaf: dict[int, set[str]] = {}
    for face, leaf in lowest.items():
        of_leaf.setdefault(leaf, set()).add(face)
    whole: dict[int, set[str]] = {}
    for leaf, faces in of_leaf.items():
        for grid in chains[leaf]:
            whole.setdefault(grid, set()).update(faces)
    parts: dict[int, set[str]] = {}
    for face, leaf in upper:
        base = lowest.get(face)
        for grid in chains[leaf]:
            if base is None or grid not in chains[base]:
                parts.setdefault(grid, set()).add(face)
    return {
        grid: GridFaces(frozenset(whole.get(grid, ())), frozenset(parts.get(grid, ())))
        for grid in sorted(whole.keys() | parts.keys())
    }


def holdings(state: PlanState) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """Give each face's leaf by its lowest run (where assigned); face and leaf of every other run."""
    first: dict[str, tuple[int, int]] = {}
    for cell in state.cells.values():
        key = (cell.floor_low if cell.floor_low is not None else -(10**6), cell.id)
        first[cell.face] = min(first.get(cell.face, key), key)
    lowest = {f: state.assign[cell] for f, (_, cell) in first.items() if cell in state.assign}
    upper = [
        (state.cells[cell].face, leaf)
        for cell, leaf in state.assign.items()
        if first[state.cells[cell].face][1] != cell
    ]
    return lowest, upper


def grid_polygon(faces: Mapping[str, FaceRow], of: GridFaces) -> MultiPolygon:
    """Union of whole faces by their edges, with the footprints of stacked runs laid to it.

    The same faces give the same polygon, to the order of its vertices.
    """
    pieces: list[BaseGeometry] = []
    if of.whole:
        pieces.append(dissolve(np.array([faces[f].polygon for f in sorted(of.whole)], dtype=object)))
    for name in sorted(of.parts):
        face = faces[name]
        pieces.append(face.polygon if face.footprint is None else face.footprint)
    # Footprints of neighbouring stairwells need not share vertices: node them on the lattice itself.
    return as_multi(pieces[0] if len(pieces) == 1 else shapely.union_all(pieces, grid_size=1.0))


def dissolve(faces: NDArray[np.object_]) -> MultiPolygon:
    """Union of faces by cancelling the edges that two of them share; keeps every other vertex."""
    return as_multi(shapely.coverage_union_all(faces))


def as_multi(geometry: BaseGeometry) -> MultiPolygon:
    """Take the polygons of a geometry as one MultiPolygon; points and lines fall away."""
    parts = shapely.get_parts(geometry)
    return MultiPolygon([p for p in parts if p.geom_type == "Polygon" and not p.is_empty])


def cell_points(state: PlanState, cells: Sequence[int]) -> NDArray[np.object_]:
    """Find a point of each cell: on its building's part of the face, or on the face where nothing stands."""
    faces = [state.faces[state.cells[cell].face] for cell in cells]
    shapes = [face.polygon if face.footprint is None else face.footprint for face in faces]
    return np.asarray(shapely.point_on_surface(np.array(shapes, dtype=object)))
