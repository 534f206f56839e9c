"""A plan's grids as polygons, on the lattice and in EPSG:4326, with the proof of their seams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import MultiPolygon

from spatial.ground.seam import Flaw, leftover, prove, unproved
from spatial.plans.shapes import GridFaces, dissolve, grid_faces, grid_polygon

if TYPE_CHECKING:
    from spatial.ground.model import Ground
    from spatial.plans.tree import FaceRow, PlanState


@dataclass(frozen=True)
class Drawn:
    """A plan drawn.

    Parameters
    ----------
    ground
        The ground, before the plan's cuts.
    faces
        The plan's faces that hold cells, by id.
    of
        The faces of each grid, by its id; grids without cells are left out.
    shapes, lonlat
        Polygon of each grid in lattice centimetres, and in EPSG:4326.
    leaves
        Whole faces of the leaves, and what the proof finds in each leaf.
    flaws
        What the seam proof finds: in the faces, else in the leaves; empty when it is proved.
    """

    ground: Ground
    faces: dict[str, FaceRow]
    of: dict[int, GridFaces]
    shapes: dict[int, MultiPolygon]
    lonlat: dict[int, Any]
    leaves: dict[frozenset[str], list[Flaw]]
    flaws: list[Flaw]


def draw(ground: Ground, state: PlanState, *, before: Drawn | None = None) -> Drawn:
    """Draw a plan's grids and prove their seams.

    Parameters
    ----------
    ground, state
        The plan and its ground.
    before
        The same plan at some other revision: grids of the same faces are taken over, nothing else. The result
        is the same with and without it.
    """
    if before is not None and before.ground is not ground:
        before = None
    faces = {cell.face: state.faces[cell.face] for cell in state.cells.values()}
    of = grid_faces(state)
    kept = {} if before is None else {n: before.shapes[n] for n in of if before.of.get(n) == of[n]}
    fresh = {n: grid_polygon(state.faces, of[n]) for n in of if n not in kept}
    placed = dict(zip(fresh, ground.lattice.to_lonlat(_array(fresh.values())), strict=True))
    old = {} if before is None else before.lonlat
    shapes = {n: kept[n] if n in kept else fresh[n] for n in of}
    flaws = _in_faces(ground, faces, before)
    leaves = _in_leaves(state, faces, of, shapes, {} if before is None else before.leaves)
    return Drawn(
        ground, faces, of, shapes,
        {n: old[n] if n in kept else placed[n] for n in of}, leaves,
        flaws or [flaw for found in leaves.values() for flaw in found],
    )  # fmt: skip


def _in_faces(ground: Ground, faces: dict[str, FaceRow], before: Drawn | None) -> list[Flaw]:
    """Prove that the faces tile the outline.

    Where they did before, and the faces that came have the same border, edge by edge, as those that went,
    they still do: the directed edges add up to the same sum.
    """
    if before is not None and not before.flaws:
        came = [faces[f].polygon for f in sorted(faces.keys() - before.faces.keys())]
        went = [before.faces[f].polygon for f in sorted(before.faces.keys() - faces.keys())]
        if not came and not went:
            return []
        new = _array(came)
        if shapely.is_valid(new).all() and not len(leftover(new, MultiPolygon(went))):
            return []
    return prove(_array(face.polygon for _, face in sorted(faces.items())), ground.outline)


def _in_leaves(
    state: PlanState,
    faces: dict[str, FaceRow],
    of: dict[int, GridFaces],
    shapes: dict[int, MultiPolygon],
    known: dict[frozenset[str], list[Flaw]],
) -> dict[frozenset[str], list[Flaw]]:
    """Prove that each leaf is tiled by the faces whose lowest run it holds: then leaves tile as faces do."""
    held = {of[leaf.id].whole: leaf.id for leaf in state.leaves() if leaf.id in of and of[leaf.id].whole}
    fresh = [whole for whole in held if whole not in known]
    tiles = [_array(faces[f].polygon for f in sorted(whole)) for whole in fresh]
    outlines = [
        dissolve(mine) if of[held[whole]].parts else shapes[held[whole]]
        for whole, mine in zip(fresh, tiles, strict=True)
    ]
    found = {fresh[i]: prove(tiles[i], outlines[i]) for i in unproved(tiles, _array(outlines))}
    return {whole: known[whole] if whole in known else found.get(whole, []) for whole in held}


def _array(geometries: Any) -> Any:
    found = list(geometries)
    out = np.empty(len(found), dtype=object)
    out[:] = found
    return out
