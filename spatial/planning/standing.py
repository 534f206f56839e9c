"""A plan as it stands: its cells as a graph, the labels of its levels, the reasons of what is out of band."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from spatial.ground.model import CELL_COLUMNS, EDGE_COLUMNS
from spatial.plans.flaws import Pieces, PlanFlaw, cell_links, find_flaws, find_pieces
from spatial.plans.publish import locked_grids
from spatial.plans.shapes import adjacency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.partition.graph import CellGraph
    from spatial.partition.prove import Reason
    from spatial.plans.tree import CellRow, Count, PlanState
    from spatial.policy import Band, Policy

NO_GRID = -1


@dataclass(frozen=True)
class Site:
    """A plan's cells as a graph: what only a cut or a join changes.

    Parameters
    ----------
    ground
        The ground that it was made from, before the plan's cuts.
    cells
        The plan's cells by id.
    ids
        (n,) their ids in the order of the graph.
    graph
        The cells and their adjacencies.
    links
        Cells (ids) that are neighbours, as two arrays.
    """

    ground: Ground
    cells: dict[int, CellRow]
    ids: NDArray[np.int64]
    graph: CellGraph
    links: tuple[NDArray[np.int64], NDArray[np.int64]]


Explained = dict[tuple[int, bytes, bytes], "dict[int, Reason | None]"]
"""Reasons found below one parent, by level, its cells and their grids."""
REMEMBERED = 500
"""So many of them are kept, so that undo and redo find those of before."""


@dataclass(frozen=True)
class Standing:
    """A plan measured.

    Parameters
    ----------
    site
        Its cells as a graph.
    levels
        Grid id of each cell at levels 1, 2, ...; -1 where its branch ends above.
    dedicated
        (n,) whether the cell is in a dedicated grid.
    bands
        Bands of levels 1, 2, ...
    reasons
        Grid id -> Reason, or None where nothing proves it; only grids out of band.
    pieces
        Connected pieces of its grids.
    flaws
        What the plan's own rules find.
    explained
        Reasons parent by parent, those asked for last at the end, for the next measuring.
    """

    site: Site
    levels: list[NDArray[np.int64]]
    dedicated: NDArray[np.bool_]
    bands: tuple[Band, ...]
    reasons: dict[int, Reason | None]
    pieces: Pieces
    flaws: list[PlanFlaw]
    explained: Explained

    @property
    def ids(self) -> NDArray[np.int64]:
        """Cell ids in the order of the graph, (n,)."""
        return self.site.ids

    @property
    def graph(self) -> CellGraph:
        """The plan's cells and their adjacencies."""
        return self.site.graph

    @cached_property
    def score(self) -> dict[str, Any]:
        """Figures of the plan, level by level, in JSON types."""
        from spatial.partition.score import score  # noqa: PLC0415 - brings numba

        dedicated = np.flatnonzero(self.dedicated)
        return score(self.graph, self.levels, self.bands, dedicated=dedicated).to_json()


def ground_now(ground: Ground, state: PlanState) -> tuple[Ground, NDArray[np.int64]]:
    """Bring a ground up to the cuts of a plan; with it the cell ids in the order of its cells."""
    ids = np.array(sorted(state.cells), dtype=np.int64)
    if not state.cuts:
        return ground, ids
    names = sorted({cell.face for cell in state.cells.values()})
    place = {name: i for i, name in enumerate(names)}
    faces = np.array([state.faces[name].polygon for name in names], dtype=object)
    cells = pd.DataFrame(
        [
            (
                str(c.id),
                place[c.face],
                c.floor_low,
                c.floor_high,
                c.bid,
                c.stairwell,
                c.households,
                c.registered,
                c.group,
            )
            for c in (state.cells[i] for i in ids)
        ],
        columns=list(CELL_COLUMNS),
    ).astype({"floor_low": "Int64", "floor_high": "Int64"})
    edges = _edges(ground, faces, place)
    touching = np.zeros(len(faces))
    for side in ("a", "b"):
        np.add.at(touching, edges[side].to_numpy(np.int64), edges["length_m"].to_numpy(np.float64))
    layers = ground.layers.reindex(ids).reset_index(drop=True)
    now = replace(
        ground, faces=faces, face_ids=np.array(names, dtype=object), cells=cells, edges=edges, layers=layers,
        footprints=np.array([state.faces[name].footprint for name in names], dtype=object),
        outer_m=np.maximum(shapely.length(faces) / 100.0 - touching, 0.0),
    )  # fmt: skip
    return now, ids


def _edges(ground: Ground, faces: NDArray[np.object_], place: dict[str, int]) -> pd.DataFrame:
    """Edges of the ground between faces that no cut touched, and plain ones around those that it did."""
    old = ground.edges.assign(
        a=pd.Series(ground.face_ids[ground.edges["a"]]).map(place).to_numpy(),
        b=pd.Series(ground.face_ids[ground.edges["b"]]).map(place).to_numpy(),
    ).dropna(subset=["a", "b"])
    whole = {place[f] for f in ground.face_ids if f in place}
    made = np.array([i for i in range(len(faces)) if i not in whole], dtype=np.int64)
    near = np.unique(shapely.STRtree(faces).query(faces[made])[1])
    found = adjacency(faces[near])
    found["a"], found["b"] = near[found["a"]], near[found["b"]]
    cut = found[~(found["a"].isin(whole) & found["b"].isin(whole))]
    fresh = cut.assign(barrier=None, strength=0.0, feature=None)
    both = pd.concat([old, fresh], ignore_index=True) if len(fresh) else old
    turned = both["a"] > both["b"]
    both.loc[turned, ["a", "b"]] = both.loc[turned, ["b", "a"]].to_numpy()
    return both[list(EDGE_COLUMNS)].astype({"a": np.int64, "b": np.int64})


def measure(
    ground: Ground, state: PlanState, policy: Policy, *, before: Standing | None = None,
    sums: Mapping[int, Count] | None = None,
) -> Standing:  # fmt: skip
    """Measure a plan: graph, labels, reasons and flaws.

    Parameters
    ----------
    ground, state
        The plan and its ground.
    policy
        Bands.
    before
        The same plan at some other revision: what is equal there is taken over, nothing else. The result is
        the same with and without it.
    sums
        Sums of every grid, where they are known.
    """
    # numba is slow to import: who only looks up need not wait for it
    from spatial.partition.forced import with_locks  # noqa: PLC0415
    from spatial.partition.prove import reasons_for  # noqa: PLC0415

    locked = locked_grids(state)
    bands = policy.bands[ground.division]
    site = _site(ground, state, policy, None if before is None else before.site)
    labels = state.labels_of(site.ids.tolist(), range(len(bands) + 1))
    levels = labels[1:]
    dedicated = _in_dedicated(state, site.ids)
    known = before.explained if before is not None and before.site is site else {}
    explained = dict(known)
    reasons: dict[int, Reason | None] = {}
    for level, band in enumerate(bands, start=1):
        parents = np.zeros(len(site.ids), dtype=np.int64) if level == 1 else levels[level - 2].copy()
        parents[dedicated | (levels[level - 1] == NO_GRID)] = NO_GRID
        how = _remembering(level, explained)
        found = reasons_for(site.graph, levels[level - 1], parents, band, how=how)
        reasons |= with_locks(site.graph, levels[level - 1], parents, band, locked, found)
    pieces = find_pieces(site.ids, labels, site.links, None if before is None else before.pieces)
    flaws = find_flaws(state, bands, pieces, sums)
    recent = dict(list(explained.items())[-REMEMBERED:])
    return Standing(site, levels, dedicated, bands, reasons, pieces, flaws, recent)


def _site(ground: Ground, state: PlanState, policy: Policy, before: Site | None) -> Site:
    from spatial.partition.graph import cell_graph  # noqa: PLC0415 - brings numba

    if before is not None and before.ground is ground and before.cells == state.cells:
        return before
    now, ids = ground_now(ground, state)
    a, b = now.edges["a"].to_numpy(np.int64), now.edges["b"].to_numpy(np.int64)
    links = cell_links(state, now.face_ids.tolist(), a, b)
    return Site(ground, dict(state.cells), ids, cell_graph(now, policy), links)


def _remembering(level: int, kept: Explained) -> Any:
    """Explain a parent's grids as `explain` does, or as it did for the same cells in the same grids."""
    from spatial.partition.prove import explain  # noqa: PLC0415 - brings numba

    def how(graph: CellGraph, cells: Any, labels: Any, band: Band) -> dict[int, Reason | None]:
        key = (level, cells.tobytes(), labels[cells].tobytes())
        kept[key] = kept.pop(key) if key in kept else explain(graph, cells, labels, band)
        return kept[key]

    return how


def _in_dedicated(state: PlanState, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    nodes = {n.id for n in state.nodes.values() if n.kind == "dedicated"}
    return np.array([state.assign.get(int(i)) in nodes for i in ids], dtype=np.bool_)


REASON_WORDS: dict[str, tuple[str, str]] = {
    "no_k": ("上级网格的户数无论分成几个都不在区间内", "no number of grids fits the parent's households"),
    "lump": ("只有一个不可再分的单元，户数已超过上限", "one indivisible cell above the maximum"),
    "lumps": ("各单元的户数怎样组合都不在区间内", "no combination of the cells' households fits"),
    "part": ("所在的片区户数太少，四周没有可合并的单元", "the part it lies in holds too few households"),
    "locked": ("锁定的网格或边界使其超出区间", "locked grids or borders force it"),
}


def reason_words(reason: Reason | None) -> tuple[str, str]:
    """Reason in words, Chinese and English."""
    if reason is None:
        return "没有能证明的理由，请调整该网格", "nothing proves that it must be: adjust the grid"
    return REASON_WORDS[reason.code]
