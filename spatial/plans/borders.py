"""Borders of a plan, edge by edge: which grids lie on either side, and which feature the edge follows.

Geometry in lattice centimetres. Edges inside the ground follow a feature exactly or not at all; the outline,
which was frozen apart from the features, follows what runs along it within `ALONGSIDE_CM`. Beside what it
follows, an edge knows the named way, a street or a river, that runs along it within `WAY_CM`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from spatial.ground.landscape import NO_BARRIER, Barriers, alongside, follow
from spatial.ground.seam import directed_edges, edge_keys, undirected
from spatial.plans.shapes import holdings
from spatial.policy import BARRIERS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from spatial.plans.tree import PlanState

NONE = -1
ALONGSIDE_CM = 1_000.0
WAY_CM = 1_500.0
WAYS = frozenset({"roads", "rail", "water_lines"})
"""Layers of what runs along a border as a street does."""
ON_EDGE_CM = 100.0
"""A way that strays from an edge by no more than this runs on it."""
RIMS = {
    "wall": ("围墙", " wall"),
    "group_border": ("界", " border"),
    "zone": ("边界", " border"),
    "landuse": ("边界", " border"),
    "affinity": ("边界", " border"),
    "dedicated": ("", ""),
}
"""Barriers that are the rim of a named area, and what follows its name; a dedicated area's rim is itself."""


@dataclass(frozen=True)
class Feature:
    """What a border may follow: barrier class, the feature's name or None, and what people read."""

    barrier: str
    name: str | None
    zh: str
    en: str


@dataclass(frozen=True)
class Words:
    """One thing in Chinese and English."""

    zh: str
    en: str


TOWN_BORDER = Words("镇界", "town border")
OPEN_GROUND = Words("空地", "open ground")


@dataclass(frozen=True)
class Borders:
    """Edges of faces where two leaves meet, or a leaf and what lies beyond the basic grid.

    Parameters
    ----------
    xy
        (E, 4) int64 x1, y1, x2, y2, lattice centimetres, with ``left`` on the left hand.
    left, right
        (E,) leaf on either side; NONE on ground given to no grid, and on the right of the outline.
    feature
        (E,) position in ``features``, NONE where the edge follows none.
    features
        The features met, in order of what people read.
    beyond
        (E,) position in ``neighbours`` on the outline, else NONE.
    neighbours
        What lies beyond the outline: basic grids of the town, and the town's border.
    way
        (E, 2) position in ``features`` of the named way that runs along the edge, seen from the left and from
        the right: only on the edge itself or across it, never on the looker's own side; else NONE.
    """

    xy: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    feature: NDArray[np.int64]
    features: tuple[Feature, ...]
    beyond: NDArray[np.int64]
    neighbours: tuple[Words, ...]
    way: NDArray[np.int64]

    @property
    def metres(self) -> NDArray[np.float64]:
        """Length of each edge."""
        x1, y1, x2, y2 = self.xy.T
        return np.asarray(np.hypot(x2 - x1, y2 - y1) / 100.0, dtype=np.float64)


def borders_of(
    state: PlanState,
    barriers: Barriers,
    neighbours: Sequence[tuple[str, Any]],
    *,
    leaves: Collection[int] | None = None,
) -> Borders:
    """Collect the border edges of a plan's leaves.

    Parameters
    ----------
    state
        The plan; of a face shared by floor runs the lowest run stands for all.
    barriers
        Lines near the basic grid, as `spatial.ground.landscape.barriers_of` gives them.
    neighbours
        Name and frozen outline, on the lattice, of each other basic grid of the town.
    leaves
        Only edges with one of these on a side; None: all.
    """
    xy, left, right, outer = _edges(state)
    if leaves is not None:
        kept = np.isin(left, list(leaves)) | np.isin(right, list(leaves))
        xy, left, right, outer = xy[kept], left[kept], right[kept], outer[kept]
    line = follow(xy, barriers)
    loose = np.flatnonzero(outer & (line == NO_BARRIER))
    line[loose] = alongside(xy[loose], barriers, ALONGSIDE_CM)
    features, of_line = _features(barriers)
    feature = np.where(line == NO_BARRIER, NONE, of_line[line]) if len(of_line) else np.full(len(xy), NONE)
    beyond, words = _beyond(xy, outer, neighbours)
    way = _ways(xy, barriers, of_line)
    return Borders(xy, left, right, feature.astype(np.int64), features, beyond, words, way)


def _ways(xy: NDArray[np.int64], barriers: Barriers, of_line: NDArray[np.int64]) -> NDArray[np.int64]:
    """Feature of the named way along each edge, seen from its left and from its right."""
    named = np.array([isinstance(name, str) and bool(name) for name in barriers.names], dtype=np.bool_)
    kept = np.flatnonzero(named & np.array([BARRIERS[kind].layer in WAYS for kind in barriers.kind], bool))
    out = np.full((len(xy), 2), NONE, dtype=np.int64)
    ways = Barriers(barriers.lines[kept], barriers.kind[kept], barriers.names[kept])
    line = alongside(xy, ways, WAY_CM)
    edge = np.flatnonzero(line != NO_BARRIER)
    if not len(edge):
        return out
    start, end = xy[edge, :2].astype(np.float64), xy[edge, 2:].astype(np.float64)
    middle = (start + end) / 2.0
    nearest = shapely.shortest_line(shapely.points(middle), ways.lines[line[edge]])
    to = shapely.get_coordinates(nearest).reshape(-1, 2, 2)[:, 1] - middle
    run = (end - start) / np.hypot(*(end - start).T)[:, None]
    left_by = run[:, 0] * to[:, 1] - run[:, 1] * to[:, 0]
    beside = np.abs((run * to).sum(axis=1)) <= np.abs(left_by) + ON_EDGE_CM
    for column, inward in enumerate((left_by, -left_by)):
        seen = beside & (inward <= ON_EDGE_CM)
        out[edge[seen], column] = of_line[kept[line[edge[seen]]]]
    return out


def _edges(
    state: PlanState,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Edges between leaves and along the outline: xy, left, right, and whether on the outline."""
    lowest, _ = holdings(state)
    names = sorted({cell.face for cell in state.cells.values()})
    edges = directed_edges(np.array([state.faces[name].polygon for name in names], dtype=object))
    leaf = np.array([lowest.get(name, NONE) for name in names], dtype=np.int64)[edges.owner]
    keys = edge_keys(undirected(edges.xy)[0])
    order = np.lexsort((edges.owner, keys))
    keys, leaf, xy = keys[order], leaf[order], edges.xy[order]
    same = np.r_[keys[1:] == keys[:-1], False]
    second = np.r_[False, same[:-1]] if len(same) else same
    twin = np.r_[leaf[1:], NONE]
    kept = ~second & (~same | (leaf != twin))
    right = np.where(same, twin, NONE)
    return xy[kept], leaf[kept], right[kept], ~same[kept]


def inner_borders(state: PlanState, level: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Edges between grids of a level, the outline left out.

    Parameters
    ----------
    state
        The plan.
    level
        Level of the grids (a branch that ends above stands for itself); None: the leaves.

    Returns
    -------
    xy, between
        (E, 4) int64 lattice centimetres, and (E, 2) ids of the grids on either side, the lower one first;
        NONE for ground of no grid.
    """
    xy, left, right, outer = _edges(state)
    depth = state.levels if level is None else level
    at = {node: state.ancestor(node, depth) for node in state.nodes} | {NONE: NONE}
    sides = np.array([[at[a], at[b]] for a, b in zip(left.tolist(), right.tolist(), strict=True)])
    sides = np.sort(sides.reshape(-1, 2).astype(np.int64), axis=1)
    kept = ~outer & (sides[:, 0] != sides[:, 1])
    return xy[kept], sides[kept]


STRETCH_COLUMNS = ("left", "right", "level", "feature", "beyond", "metres", "line")


def stretches(state: PlanState, borders: Borders, level: int | None = None) -> pd.DataFrame:
    """Sum borders up by the two grids that they part and the feature that they follow.

    Parameters
    ----------
    state
        The plan.
    borders
        Its border edges.
    level
        Level of the grids (a branch that ends above stands for itself); None: the leaves.

    Returns
    -------
    DataFrame
        Columns ``STRETCH_COLUMNS``, one row = one pair of grids along one feature or none: ``left`` and
        ``right`` grid ids (``right`` NONE on the outline and towards ground of no grid), ``level`` the
        highest level whose grids it parts (0 on the outline), ``feature`` and ``beyond`` positions as in
        `Borders`, ``metres``, ``line`` a LineString or MultiLineString in lattice centimetres.
    """
    depth = state.levels if level is None else level
    at = {node: state.ancestor(node, depth) for node in state.nodes} | {NONE: NONE}
    left = np.array([at[int(leaf)] for leaf in borders.left], dtype=np.int64)
    right = np.array([at[int(leaf)] for leaf in borders.right], dtype=np.int64)
    swap = (right != NONE) & ((left == NONE) | (right < left))
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    kept = left != right
    frame = pd.DataFrame({
        "left": left, "right": right, "feature": borders.feature, "beyond": borders.beyond,
        "metres": borders.metres,
    })[kept]  # fmt: skip
    keys = ["left", "right", "feature", "beyond"]
    groups = frame.groupby(keys, sort=True)
    summed = groups["metres"].sum().reset_index()
    order = np.argsort(groups.ngroup().to_numpy(), kind="stable")
    lines = shapely.linestrings(borders.xy[kept][order].reshape(-1, 2, 2).astype(np.float64))
    joined = shapely.multilinestrings(lines, indices=groups.ngroup().to_numpy()[order])
    pairs = zip(summed["left"].tolist(), summed["right"].tolist(), strict=True)
    summed["level"] = [_parted_at(state, a, b) for a, b in pairs]
    summed["line"] = shapely.line_merge(joined)
    return summed[list(STRETCH_COLUMNS)]


def _parted_at(state: PlanState, left: int, right: int) -> int:
    """Highest level at which two grids lie in different ones; 0 where there is only one."""
    if right == NONE:
        return 0
    levels = range(1, state.levels + 1)
    return next(n for n in levels if state.ancestor(left, n) != state.ancestor(right, n))


def _features(barriers: Barriers) -> tuple[tuple[Feature, ...], NDArray[np.int64]]:
    """Features as people read them, lines of one name and class together; position of each line's."""
    rows = [
        feature_of(int(kind), name if isinstance(name, str) and name else None)
        for kind, name in zip(barriers.kind, barriers.names, strict=True)
    ]
    found = sorted(set(rows), key=lambda f: (f.zh, f.barrier))
    place = {feature: i for i, feature in enumerate(found)}
    return tuple(found), np.array([place[row] for row in rows], dtype=np.int64)


def feature_of(kind: int, name: str | None) -> Feature:
    """Say how people read a feature: its class (position in ``BARRIERS``) and its name, if it has one."""
    barrier = BARRIERS[kind]
    if name is None:
        return Feature(barrier.name, None, barrier.zh, barrier.en)
    if barrier.name not in RIMS:
        return Feature(barrier.name, name, name, name)
    zh, en = RIMS[barrier.name]
    return Feature(barrier.name, name, name if name.endswith(zh) else f"{name}{zh}", f"{name}{en}")


def _beyond(
    xy: NDArray[np.int64], outer: NDArray[np.bool_], neighbours: Sequence[tuple[str, Any]]
) -> tuple[NDArray[np.int64], tuple[Words, ...]]:
    """Basic grid beyond each edge of the outline: outlines are noded together, so edges are equal."""
    names = [name for name, _ in neighbours]
    around = directed_edges(np.array([shape for _, shape in neighbours], dtype=object))
    mine = np.flatnonzero(outer)
    keys = edge_keys(undirected(np.concatenate([xy[mine], around.xy]))[0])
    across = np.full(int(keys.max()) + 1 if len(keys) else 0, len(names), dtype=np.int64)
    across[keys[len(mine) :]] = around.owner
    out = np.full(len(xy), NONE, dtype=np.int64)
    out[mine] = across[keys[: len(mine)]]
    return out, (*(Words(name, name) for name in names), TOWN_BORDER)
