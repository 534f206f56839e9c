"""Give every cell to one of the old grids: the one that covers most of its building, or of its ground.

Gaps go to the neighbour with the longest border that follows no feature, inside the parent that is drawn
there. What was mended is listed piece by piece. Pure: lattice centimetres throughout; overlay in floating
point only tells cells apart and shows flaws, no grid's polygon comes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from spatial.plans.nesting import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.plans.nesting import OldTree

    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

CM2 = 10_000.0
LEAST_M2 = 1.0
"""Smaller pieces of gaps and overlaps are the width of a pencil line."""
MENDED_COLUMNS = ("kind", "m2", "gave_to", "geometry")


@dataclass(frozen=True)
class Adopted:
    """Old grids on the cells of a ground.

    Parameters
    ----------
    leaf
        (n,) position in ``tree.grids`` of the finest old grid that each cell goes to.
    mended
        One row = one piece of ground that was mended, columns ``MENDED_COLUMNS``: kind ``gap`` (no grid
        covered it), ``overlap`` (several did), ``outside`` (a grid ran beyond the basic grid) or ``moved``
        (one grid covered it, but the border now runs round whole buildings, or along a feature); square
        metres; position of the grid that has it now (-1 outside); Polygon. The largest first.
    """

    leaf: Ints
    mended: pd.DataFrame


def adopt(ground: Ground, tree: OldTree) -> Adopted:
    """Give the cells of a ground to old grids; ``tree`` has at least one leaf."""
    leaf = _by_cover(ground, tree)
    leaf = _filled(ground, tree, leaf)
    return Adopted(leaf, _mended(ground, tree, leaf))


def _by_cover(ground: Ground, tree: OldTree) -> Ints:
    """Leaf that covers most of each cell, -1 where none does; of two alike the smaller."""
    leaves = tree.leaves
    shapes = tree.grids["geometry"].to_numpy(object)[leaves]
    built = np.array([part is not None for part in ground.footprints], dtype=np.bool_)
    spots = np.where(built, ground.footprints, ground.faces)
    pairs = _cover(spots, shapes)
    missed = ~np.isin(np.arange(len(spots)), pairs["face"]) & built
    spots = ground.faces.copy()
    spots[~missed] = None
    more = _cover(spots, shapes)
    pairs = pd.concat([pairs, more], ignore_index=True)
    cells = ground.cells[["face", "floor_low", "floor_high", "stairwell"]].assign(
        cell=np.arange(len(ground.cells))
    )
    held = cells.merge(pairs, on="face")
    held["fits"] = _fits(held, tree.grids.iloc[leaves[held["leaf"]]])
    held = held.sort_values(
        ["cell", "fits", "share", "area", "leaf"], ascending=[True, False, False, True, True]
    ).drop_duplicates("cell")
    out = np.full(len(cells), NONE, dtype=np.int64)
    out[held["cell"].to_numpy(np.int64)] = leaves[held["leaf"].to_numpy(np.int64)]
    return out


def _cover(spots: Shapes, shapes: Shapes) -> pd.DataFrame:
    """Share of each spot that each shape covers, in per cent, with the shape's area."""
    face, leaf = shapely.STRtree(shapes).query(spots, predicate="intersects")
    area = shapely.area(shapely.intersection(spots[face], shapes[leaf]))
    whole = shapely.area(spots[face])
    share = np.round(area / np.maximum(whole, 1.0), 2)
    frame = pd.DataFrame({"face": face, "leaf": leaf, "share": share, "area": shapely.area(shapes[leaf])})
    return frame[area > 0]


def _fits(held: pd.DataFrame, grids: pd.DataFrame) -> NDArray[np.int64]:
    """1 where a grid of some floors holds a run's floors, -1 where it holds others, 0 where it says none."""
    low, high = (
        grids[name].astype("Float64").to_numpy(np.float64, na_value=np.nan) for name in ("low", "high")
    )
    runs = [
        held[name].astype("Float64").to_numpy(np.float64, na_value=np.nan)
        for name in ("floor_low", "floor_high")
    ]
    middle = (runs[0] + runs[1]) / 2.0
    other = grids["stairwell"].to_numpy(object) != held["stairwell"].to_numpy(object)
    other &= grids["stairwell"].notna().to_numpy() & held["stairwell"].notna().to_numpy()
    asked = ~np.isnan(low) & ~np.isnan(middle)
    inside = (low <= middle) & (middle <= high) & ~other
    return np.where(asked, np.where(inside, 1, -1), 0)


def _filled(ground: Ground, tree: OldTree, leaf: Ints) -> Ints:
    """Give the faces that no grid covers to neighbours, first inside the parent that is drawn there."""
    of_face = _of_faces(ground, leaf)
    if (of_face == NONE).any():
        allowed = _drawn_parents(ground, tree, of_face)
        of_face = _spread(ground, of_face, allowed)
        of_face = _spread(ground, of_face, None)
        of_face = _nearest(ground, of_face)
    return np.where(leaf == NONE, of_face[ground.cells["face"].to_numpy(np.int64)], leaf)


def _of_faces(ground: Ground, leaf: Ints) -> Ints:
    """Leaf of each face: the one of its lowest run."""
    cells = ground.cells[["face", "floor_low"]].assign(leaf=leaf)
    lowest = cells.sort_values(["face", "floor_low"], na_position="first").drop_duplicates("face")
    out = np.full(len(ground.faces), NONE, dtype=np.int64)
    out[lowest["face"].to_numpy(np.int64)] = lowest["leaf"].to_numpy(np.int64)
    return out


def _drawn_parents(ground: Ground, tree: OldTree, of_face: Ints) -> NDArray[np.bool_]:
    """(faces, grids) whether a face may go to a grid: in a drawn parent to those below it only."""
    grids = tree.grids
    allowed = np.ones((len(of_face), len(grids)), dtype=np.bool_)
    drawn = np.flatnonzero(~grids["leaf"].to_numpy(np.bool_) & grids["geometry"].notna().to_numpy())
    gaps = np.flatnonzero(of_face == NONE)
    if not len(drawn):
        return allowed
    shapes = grids["geometry"].to_numpy(object)[drawn]
    points = shapely.point_on_surface(ground.faces[gaps])
    gap, at = shapely.STRtree(shapes).query(points, predicate="intersects")
    level = grids["level"].to_numpy(np.int64)[drawn]
    deepest = pd.DataFrame({"gap": gap, "at": at, "level": level[at]}).sort_values(["gap", "level", "at"])
    below = np.zeros((len(grids), len(grids)), dtype=np.bool_)
    for i in range(len(grids)):
        below[tree.ancestors(i), i] = True
    for row in deepest.drop_duplicates("gap", keep="last").itertuples(index=False):
        allowed[gaps[row.gap]] = below[drawn[row.at]]
    return allowed


def _spread(ground: Ground, of_face: Ints, allowed: NDArray[np.bool_] | None) -> Ints:
    """Give faces to the neighbouring grid with the longest border that follows no feature, round by round."""
    out = of_face.copy()
    a, b = (ground.edges[side].to_numpy(np.int64) for side in ("a", "b"))
    open_m = ground.edges["length_m"].to_numpy(np.float64) * (
        1.01 - ground.edges["strength"].to_numpy(np.float64)
    )
    here, there, metres = np.r_[a, b], np.r_[b, a], np.r_[open_m, open_m]
    while True:
        near = (out[here] == NONE) & (out[there] != NONE)
        if allowed is not None:
            near &= allowed[here, out[there]]
        if not near.any():
            return out
        found = pd.DataFrame({"face": here[near], "leaf": out[there[near]], "m": metres[near]})
        best = found.groupby(["face", "leaf"], as_index=False)["m"].sum()
        best = best.sort_values(["face", "m", "leaf"], ascending=[True, False, True]).drop_duplicates("face")
        out[best["face"].to_numpy(np.int64)] = best["leaf"].to_numpy(np.int64)


def _nearest(ground: Ground, of_face: Ints) -> Ints:
    """Give what is left, parts that touch nothing, to the nearest grid."""
    out = of_face.copy()
    rest, known = np.flatnonzero(out == NONE), np.flatnonzero(out != NONE)
    if len(rest) and len(known):
        out[rest] = out[known[shapely.STRtree(ground.faces[known]).nearest(ground.faces[rest])]]
    return out


def _mended(ground: Ground, tree: OldTree, leaf: Ints) -> pd.DataFrame:
    """List what was mended."""
    leaves = tree.leaves
    shapes = tree.grids["geometry"].to_numpy(object)[leaves]
    flat = tree.grids["low"].isna().to_numpy(np.bool_)[leaves]
    drawn = shapely.union_all(shapes)
    of_face = _of_faces(ground, leaf)
    inside = shapely.intersection(shapes[flat], ground.outline)
    twice, common = _overlaps(inside)
    pieces: dict[str, Shapes] = {
        "gap": np.atleast_1d(shapely.difference(ground.outline, drawn)),
        "overlap": common,
        "outside": np.atleast_1d(shapely.difference(drawn, ground.outline)),
        "moved": _moved(ground, inside, twice, leaves[flat], of_face),
    }
    frames = [_listed(kind, parts, ground, of_face) for kind, parts in pieces.items()]
    found = pd.concat(frames, ignore_index=True)
    return found.sort_values("m2", ascending=False, kind="stable").reset_index(drop=True)


def _overlaps(shapes: Shapes) -> tuple[Shapes, Shapes]:
    """Part of each shape that another one covers too, and what every two of them share."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first = a < b
    a, b = a[first], b[first]
    common = shapely.intersection(shapes[a], shapes[b])
    some = shapely.area(common) > 0
    a, b, common = a[some], b[some], common[some]
    twice = np.array([shapely.Polygon()] * len(shapes), dtype=object)
    for i in np.unique(np.r_[a, b]).tolist():
        twice[i] = shapely.union_all(common[(a == i) | (b == i)])
    return twice, common


def _moved(ground: Ground, shapes: Shapes, twice: Shapes, leaves: Ints, of_face: Ints) -> Shapes:
    """Part of each old grid that it alone covered and that another grid has now."""
    own = [ground.faces[of_face == leaf] for leaf in leaves.tolist()]
    now = np.array([shapely.coverage_union_all(faces) for faces in own], dtype=object)
    return np.asarray(shapely.difference(shapely.difference(shapes, twice), now), dtype=object)


def _listed(kind: str, shapes: Shapes, ground: Ground, of_face: Ints) -> pd.DataFrame:
    """Pieces of some shapes, each with its area and the grid that holds most of it now."""
    parts = shapely.get_parts(shapes)
    while np.isin(shapely.get_type_id(parts), (6, 7)).any():
        parts = shapely.get_parts(parts)
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) >= LEAST_M2 * CM2)]
    holder = np.full(len(parts), NONE, dtype=np.int64)
    part, face = shapely.STRtree(ground.faces).query(parts, predicate="intersects")
    if len(part) and kind != "outside":
        area = shapely.area(shapely.intersection(parts[part], ground.faces[face]))
        held = pd.DataFrame({"part": part, "leaf": of_face[face], "area": area})
        held = held.groupby(["part", "leaf"], as_index=False)["area"].sum().sort_values(["part", "area"])
        last = held.drop_duplicates("part", keep="last")
        holder[last["part"].to_numpy(np.int64)] = last["leaf"].to_numpy(np.int64)
    m2 = np.round(shapely.area(parts) / CM2, 1)
    return pd.DataFrame(
        {"kind": kind, "m2": m2, "gave_to": holder, "geometry": parts}, columns=list(MENDED_COLUMNS)
    )
