"""What an action would do before it is done: figures of each touched grid, flaws, new borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from spatial.ground.seam import directed_edges, edge_keys, undirected
from spatial.planning.carrying import carried_out, still_draft
from spatial.planning.crossing import Cross, crosses
from spatial.planning.desk import Work, as_if, work
from spatial.planning.holding import Held, held_of
from spatial.planning.reading import flaws
from spatial.policy import LINGQUAN, Policy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numpy.typing import NDArray

    from spatial.planning.views import FlawView
    from spatial.plans.tree import Node
    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class Change:
    """One grid before and after: its figures, None where it is not there; whether it meets its band.

    ``state_before`` and ``state_after`` are in_band, under, over, no_band, or None where it is not there;
    ``band`` is None where none applies.
    """

    node: int
    name: str
    label: str
    level: int
    before: Held | None
    after: Held | None
    band: tuple[int, int] | None
    state_before: str | None
    state_after: str | None
    new: bool
    gone: bool


@dataclass(frozen=True)
class Preview:
    """What an action would do: nothing of it is stored.

    ``touched`` are the leaves whose ground changes, ``parents`` all grids above them; ``crosses`` says what
    would change parent; ``lines`` are the borders that would be new (EPSG:4326).
    """

    rev: int
    touched: list[Change]
    parents: list[Change]
    crosses: list[Cross]
    flaws_new: list[FlawView]
    flaws_gone: list[FlawView]
    lines: gpd.GeoDataFrame


def preview(
    store: Store, plan_id: int, *, base_rev: int, action: Mapping[str, Any], policy: Policy = LINGQUAN
) -> Preview:
    """Say what an action on a plan would do; parameters and errors as `spatial.planning.move`."""
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        still_draft(found)
        done = carried_out(tx, found, action, base_rev, policy)
        return compared(tx, found, as_if(found, done.state, policy), done.touched.cells)


def compared(tx: Transaction, found: Work, then: Work, moved: Iterable[int]) -> Preview:
    """Compare a plan with itself after some cells have ``moved``."""
    before, after = held_of(tx, found), held_of(tx, then)
    leaves = _leaves(found, then)
    above = {n.id for work in (found, then) for leaf in leaves for n in _above(work, leaf)}
    return Preview(
        found.row.rev,
        _changes(found, then, before, after, leaves),
        _changes(found, then, before, after, above),
        crosses(tx, found, then, moved),
        *_flaws(flaws(tx, found), flaws(tx, then)),
        _lines(found, then, leaves),
    )


def _leaves(found: Work, then: Work) -> set[int]:
    """Leaves, before or after, that hold other cells than before, or are no longer or not yet there."""
    old, new = found.state, then.state
    cells = old.assign.keys() ^ new.assign.keys()
    cells |= {cell for cell, leaf in new.assign.items() if old.assign.get(cell, leaf) != leaf}
    held = {work.assign[cell] for work in (old, new) for cell in cells if cell in work.assign}
    fresh = {n.id for work in (old, new) for n in work.leaves()}
    return {n for n in held | (old.nodes.keys() ^ new.nodes.keys()) if n in fresh}


def _above(work: Work, leaf: int) -> Iterable[Node]:
    chain = work.state.chain(leaf) if leaf in work.state.nodes else ()
    return (node for node in chain if node.id != leaf and node.level > 0)


def _changes(
    found: Work, then: Work, before: Mapping[int, Held], after: Mapping[int, Held], only: Collection[int]
) -> list[Change]:
    out = []
    for n in only:
        old, new = found.state.nodes.get(n), then.state.nodes.get(n)
        node = new or old
        if node is None or node.level == 0:
            continue
        band = found.measured.standing.bands[node.level - 1]
        limits = None
        if band.minimum is not None and band.maximum is not None and node.kind == "ordinary":
            limits = (band.minimum, band.maximum)
        was, is_ = before.get(n) if old else None, after.get(n) if new else None
        states = (_state(then, was, limits), _state(then, is_, limits))
        out.append(
            Change(n, node.name, node.label, node.level, was, is_, limits, *states, old is None, new is None)
        )
    return sorted(out, key=lambda change: (change.level, change.node))


def _state(work: Work, held: Held | None, limits: tuple[int, int] | None) -> str | None:
    if held is None:
        return None
    if limits is None:
        return "no_band"
    n = held.households if work.state.counts == "occupied" else held.registered
    return "under" if n < limits[0] else "over" if n > limits[1] else "in_band"


def _flaws(before: list[FlawView], after: list[FlawView]) -> tuple[list[FlawView], list[FlawView]]:
    """Flaws that come and those that go; one of the same kind and grid stays."""
    old, new = ({(f.kind, f.node_id) for f in one} for one in (before, after))
    return (
        [f for f in after if (f.kind, f.node_id) not in old],
        [f for f in before if (f.kind, f.node_id) not in new],
    )


def _lines(found: Work, then: Work, leaves: Collection[int]) -> gpd.GeoDataFrame:
    """Borders of the touched leaves that are none before, as one line a stretch."""
    old, new = (_rings(work, leaves) for work in (found, then))
    keys = edge_keys(np.concatenate([old, new]))
    fresh = new[~np.isin(keys[len(old) :], keys[: len(old)])]
    parts: NDArray[np.object_] = np.empty(0, dtype=object)
    if len(fresh):
        edges = shapely.linestrings(fresh.reshape(-1, 2, 2).astype(np.float64))
        parts = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(edges)))
        parts = then.ground.lattice.to_lonlat(parts)
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(list(parts), crs=4326))


def _rings(work: Work, leaves: Collection[int]) -> NDArray[np.int64]:
    """Edges of grids' rings, each once."""
    shapes = [work.measured.drawn.shapes[n] for n in sorted(leaves) if n in work.measured.drawn.shapes]
    edges = undirected(directed_edges(np.array(shapes, dtype=object)).xy)[0]
    return np.asarray(np.unique(edges, axis=0), dtype=np.int64)
