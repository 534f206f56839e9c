"""The graph a plan is drawn on: cells, their adjacencies and what the policy counts, as plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from spatial.ground.model import Ground
    from spatial.policy import Policy

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CM_PER_M = 100.0


@dataclass(frozen=True)
class CellGraph:
    """Cells (n of them) and adjacencies (m of them) of one basic grid.

    Cells stand in the order of the ground, that is by id; nothing below depends on anything else, so the
    rows of the place file may come in any order.

    Parameters
    ----------
    households
        (n,) households that the bands count, by the policy occupied or registered.
    registered
        (n,) all registered households.
    area_m2
        (n,) area of the cell's face; 0 for every floor run but the lowest of a face.
    outer_m
        (n,) metres of the face's ring on the outline of the basic grid; 0 for upper floor runs.
    xy_m
        (n, 2) a point of the face, metres on the town's lattice.
    face
        (n,) position of the cell's face.
    a, b
        (m,) cells of each adjacency, ``a < b``, every pair once.
    length_m
        (m,) metres of common border; 0 between the floor runs of one face and on a bridge.
    followed_m
        (m,) sum of metres times strength of the features followed.
    vertical
        (m,) two floor runs of one face.
    bridge
        (m,) a virtual link, no common border.
    group, dedicated, zone, affinity
        (n,) code of the villagers' group, dedicated area, functional zone, habit area, or -1.
    walk_s
        (m,) seconds on foot from a point of the one cell to one of the other, `walking.NO_WAY_S` and more
        where no way leads; None where nothing is known of paths (`walking.on_foot` adds it).
    """

    households: Ints
    registered: Ints
    area_m2: Floats
    outer_m: Floats
    xy_m: Floats
    face: Ints
    a: Ints
    b: Ints
    length_m: Floats
    followed_m: Floats
    vertical: Bools
    bridge: Bools
    group: Ints
    dedicated: Ints
    zone: Ints
    affinity: Ints
    walk_s: Floats | None = None

    @property
    def n(self) -> int:
        """Number of cells."""
        return len(self.households)


def cell_graph(ground: Ground, policy: Policy) -> CellGraph:
    """Turn a ground into the graph the partitioner works on.

    An edge between two faces joins their lowest floor runs; consecutive runs of one face are adjacent by a
    vertical link of no length.

    Parameters
    ----------
    ground
        Faces and cells of one basic grid; lattice centimetres.
    policy
        Says which households the bands count.
    """
    cells = ground.cells
    households = cells["households" if policy.counts == "occupied" else "registered"].to_numpy(np.int64)
    face = cells["face"].to_numpy(np.int64)
    order, lowest = _floor_runs(cells, len(ground.faces))
    ground_level = np.zeros(len(cells), dtype=np.bool_)
    ground_level[lowest[lowest >= 0]] = True
    a, b, length_m, followed_m = _face_links(ground.edges, lowest)
    stacked = face[order[1:]] == face[order[:-1]]
    low, high = order[:-1][stacked], order[1:][stacked]
    none = np.zeros(len(low))
    points = shapely.get_coordinates(shapely.point_on_surface(ground.faces)) / CM_PER_M
    return CellGraph(
        households=households,
        registered=cells["registered"].to_numpy(np.int64),
        area_m2=np.where(ground_level, (shapely.area(ground.faces) / CM_PER_M**2)[face], 0.0),
        outer_m=np.where(ground_level, np.asarray(ground.outer_m, dtype=np.float64)[face], 0.0),
        xy_m=points[face],
        face=face,
        a=np.concatenate([a, np.minimum(low, high)]),
        b=np.concatenate([b, np.maximum(low, high)]),
        length_m=np.concatenate([length_m, none]),
        followed_m=np.concatenate([followed_m, none]),
        vertical=np.concatenate([np.zeros(len(a), np.bool_), np.ones(len(low), np.bool_)]),
        bridge=np.zeros(len(a) + len(low), np.bool_),
        group=_codes(cells["group"]),
        dedicated=_codes(ground.layers["dedicated"]),
        zone=_codes(ground.layers["zone"]),
        affinity=_codes(ground.layers["affinity"]),
    )


def join(graphs: Sequence[CellGraph]) -> CellGraph:
    """Put the graphs of several basic grids side by side, without a link between them; codes stay apart.

    Ways on foot are kept if they are known of all.
    """
    first = np.cumsum([0, *(graph.n for graph in graphs)])
    unknown = {"walk_s" for graph in graphs if graph.walk_s is None}
    columns: dict[str, list[NDArray[Any]]] = {
        column.name: [] for column in fields(CellGraph) if column.name not in unknown
    }
    code = dict.fromkeys(("group", "dedicated", "zone", "affinity"), 0)
    for graph, start in zip(graphs, first[:-1], strict=True):
        for name, values in columns.items():
            own = getattr(graph, name)
            if name in ("a", "b", "face"):
                own = own + start
            elif name in code:
                last = int(own.max(initial=-1)) + 1
                own = np.where(own >= 0, own + code[name], -1)
                code[name] += last
            values.append(own)
    return CellGraph(**{name: np.concatenate(values) for name, values in columns.items()})


def _floor_runs(cells: pd.DataFrame, n_faces: int) -> tuple[Ints, Ints]:
    """Order cells by face, then floor; give the lowest cell of each face (-1 for none)."""
    face = cells["face"].to_numpy(np.int64)
    floor = cells["floor_low"].astype("Float64").fillna(-np.inf).to_numpy(np.float64)
    order = np.lexsort((np.arange(len(face)), floor, face)).astype(np.int64)
    lowest = np.full(n_faces, -1, dtype=np.int64)
    lowest[face[order[::-1]]] = order[::-1]
    return order, lowest


def _face_links(edges: pd.DataFrame, lowest: Ints) -> tuple[Ints, Ints, Floats, Floats]:
    """Sum the edges of each pair of faces and join the lowest runs of the two."""
    u = lowest[edges["a"].to_numpy(np.int64)]
    v = lowest[edges["b"].to_numpy(np.int64)]
    length = edges["length_m"].to_numpy(np.float64)
    followed = length * edges["strength"].to_numpy(np.float64)
    return merge_links(u, v, length, followed)


def merge_links(u: Ints, v: Ints, length: Floats, followed: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Sum length and followed metres of each unordered pair; loops fall away.

    Examples
    --------
    >>> one = np.ones(3)
    >>> a, b, length, _ = merge_links(np.array([2, 1, 3]), np.array([1, 2, 3]), one, one)
    >>> a.tolist(), b.tolist(), length.tolist()
    ([1], [2], [2.0])
    """
    keep = (u != v) & (u >= 0) & (v >= 0)
    low, high = np.minimum(u, v)[keep], np.maximum(u, v)[keep]
    span = np.int64(max(int(high.max(initial=0)) + 1, 1))
    keys, place = np.unique(low * span + high, return_inverse=True)
    return (
        keys // span,
        keys % span,
        np.bincount(place, length[keep], len(keys)).astype(np.float64),
        np.bincount(place, followed[keep], len(keys)).astype(np.float64),
    )


def least_of(u: Ints, v: Ints, a: Ints, b: Ints, values: Floats) -> Floats:
    """Give the least value of the links u-v that became each merged link a-b (as ``merge_links`` gives them).

    Examples
    --------
    >>> u, v, one = np.array([1, 2, 3]), np.array([2, 1, 3]), np.array([1])
    >>> least_of(u, v, one, one + 1, np.arange(3.0)).tolist()
    [0.0]
    """
    span = np.int64(int(b.max(initial=0)) + 1)
    low, high = np.minimum(u, v), np.maximum(u, v)
    keep = (low != high) & (low >= 0)
    least = np.full(len(a), np.inf)
    np.minimum.at(least, np.searchsorted(a * span + b, (low * span + high)[keep]), values[keep])
    return least


def _codes(names: pd.Series) -> Ints:
    """Number the names in sorted order; no name is -1."""
    known = names.notna().to_numpy()
    codes = np.full(len(names), -1, dtype=np.int64)
    if known.any():
        codes[known] = np.unique(names[known].astype(str).to_numpy(dtype=str), return_inverse=True)[1]
    return codes


def components(n: int, a: Ints, b: Ints) -> Ints:
    """Number the connected components of n nodes under the links a-b, by their first node.

    Examples
    --------
    >>> components(4, np.array([2]), np.array([3])).tolist()
    [0, 1, 2, 2]
    """
    return _joined(n, np.asarray(a, np.int64), np.asarray(b, np.int64))


@njit(cache=True, error_model="numpy", nogil=True)
def _joined(n: int, a: Ints, b: Ints) -> Ints:
    """Join the two ends of every link under the lower root, then number the roots."""
    forest = np.arange(n)
    for e in range(len(a)):
        x, y = a[e], b[e]
        while forest[x] != x:
            forest[x] = forest[forest[x]]
            x = forest[x]
        while forest[y] != y:
            forest[y] = forest[forest[y]]
            y = forest[y]
        forest[max(x, y)] = min(x, y)
    label = np.empty(n, np.int64)
    count = 0
    for x in range(n):
        if forest[x] == x:
            label[x] = count
            count += 1
        else:
            label[x] = label[forest[x]]
    return label


def by_first(labels: Ints) -> Ints:
    """Renumber labels 0, 1, ... by their first appearance; -1 stays.

    Examples
    --------
    >>> by_first(np.array([7, -1, 3, 7])).tolist()
    [0, -1, 1, 0]
    """
    result = np.full(len(labels), -1, dtype=np.int64)
    used = np.flatnonzero(labels >= 0)
    if len(used):
        _, first, place = np.unique(labels[used], return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int64)
        rank[np.argsort(first, kind="stable")] = np.arange(len(first))
        result[used] = rank[place]
    return result
