"""A border between two grids as people weigh it: its course, what it follows, what each grid gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.ground.seam import directed_edges, edge_keys, undirected
from spatial.partition.another import polsby_popper
from spatial.partition.measures import walk
from spatial.plans.borders import Feature, feature_of
from spatial.policy import BARRIERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.partition.graph import CellGraph
    from spatial.plans.tree import Node

    Ints = NDArray[np.int64]

KIND_OF = {barrier.name: kind for kind, barrier in enumerate(BARRIERS)}
NO_GRID = -1


@dataclass(frozen=True)
class Side:
    """One of the two grids, now and after; the way to its middle is the 95th percentile over households."""

    node: int
    label: str
    households: int
    households_after: int
    polsby_popper: float
    polsby_popper_after: float
    walk_m: float | None
    walk_m_after: float | None


@dataclass(frozen=True)
class Course:
    """A border: metres, those on features, the features, GeoJSON (EPSG:4326) or None within a tower."""

    metres: float
    followed_m: float
    features_zh: list[str]
    features_en: list[str]
    geometry: dict[str, Any] | None


def side_of(graph: CellGraph, leaf: Ints, after: Ints, node: Node) -> Side:
    """Measure one grid before and after."""
    figures = []
    for labels in (leaf, after):
        mine = labels == node.id
        way = walk(graph, np.where(mine, 0, NO_GRID))
        figures.append(
            (
                int(graph.households[mine].sum()), round(polsby_popper(graph, mine), 4),
                None if way is None else round(way.p95_m, 1),
            )
        )  # fmt: skip
    pairs = [value for both in zip(*figures, strict=True) for value in both]
    return Side(node.id, node.label or node.name, *pairs)


def course_of(ground: Ground, labels: Ints, pair: tuple[int, int]) -> Course:
    """Draw the border between two grids and name what it follows, the longest first.

    Parameters
    ----------
    ground
        Faces, cells and edges as the plan has cut them.
    labels
        (n,) grid of each cell; of a face shared by floor runs the lowest stands for all.
    pair
        The two grids.
    """
    grid = _grid_of_faces(ground, labels)
    sides = np.sort(grid[ground.edges[["a", "b"]].to_numpy(np.int64)], axis=1)
    rows = ground.edges[(sides == sorted(pair)).all(axis=1)]
    on = rows[rows["barrier"].notna()]
    named = [_named(row.barrier, row.feature) for row in on.itertuples()]
    metres = on.groupby(named, sort=False)["length_m"].sum()  # features have no order
    names: list[Feature] = sorted(metres.index, key=lambda f: (-metres[f], f.zh, f.barrier))
    return Course(
        round(float(rows["length_m"].sum()), 2), round(float(on["length_m"].sum()), 2),
        list(dict.fromkeys(f.zh for f in names)), list(dict.fromkeys(f.en for f in names)),
        _line(ground, grid, pair),
    )  # fmt: skip


def _named(barrier: str, name: object) -> Feature:
    return feature_of(KIND_OF[barrier], name if isinstance(name, str) and name else None)


def _grid_of_faces(ground: Ground, labels: Ints) -> Ints:
    """Grid of the lowest floor run of each face."""
    face = ground.cells["face"].to_numpy(np.int64)
    floor = ground.cells["floor_low"].astype("Float64").fillna(-np.inf).to_numpy(np.float64)
    order = np.lexsort((floor, face))[::-1]
    grid = np.full(len(ground.faces), NO_GRID, dtype=np.int64)
    grid[face[order]] = labels[order]
    return grid


def _line(ground: Ground, grid: Ints, pair: tuple[int, int]) -> dict[str, Any] | None:
    """Common edges of the two grids, merged; EPSG:4326."""
    edges = directed_edges(ground.faces[np.isin(grid, pair)])
    owner = grid[np.isin(grid, pair)][edges.owner]
    keys = edge_keys(undirected(edges.xy)[0])
    order = np.argsort(keys, kind="stable")
    twice = np.flatnonzero((keys[order][1:] == keys[order][:-1]) & (owner[order][1:] != owner[order][:-1]))
    if not len(twice):
        return None
    lines = shapely.linestrings(edges.xy[order[twice]].reshape(-1, 2, 2).astype(np.float64))
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    drawn: dict[str, Any] = mapping(ground.lattice.to_lonlat(np.array([merged], dtype=object))[0])
    return drawn
