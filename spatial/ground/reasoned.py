"""A ground as planners see it: what was said on the map changes strengths of edges and named areas.

No new ground is made: faces and cells stay; an edge that runs along a drawn line takes its strength.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from spatial.ground.landscape import NO_BARRIER, Barriers, alongside
from spatial.ground.model import EDGE_COLUMNS
from spatial.ground.seam import directed_edges, edge_keys, undirected
from spatial.policy import BARRIERS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.model import Ground

REACH_M = 6.0
"""A hand-drawn line means the edges within this distance that go its way."""
LEAST_M = 5.0
"""Shorter stretches of a line along which no border runs are not worth telling."""
AREAS = {"zone": "zone", "habit": "affinity", "dedicated": "dedicated"}
"""Kind of a drawn area: the ground's layer, and the barrier that its rim is."""
NO_BORDER = "no_border"
_KINDS = {barrier.name: i for i, barrier in enumerate(BARRIERS)}
CM = 100.0


@dataclass(frozen=True)
class Runs:
    """Edges between two faces: (E, 4) int64 ends, faces ``a < b`` (E,), and metres (E,)."""

    xy: NDArray[np.int64]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    metres: NDArray[np.float64]


def runs_of(ground: Ground) -> Runs:
    """Find the edges that two faces of a ground share."""
    edges = directed_edges(ground.faces)
    forward, _ = undirected(edges.xy)
    keys = edge_keys(forward)
    order = np.lexsort((edges.owner, keys))
    keys, owner, xy = keys[order], edges.owner[order], forward[order]
    twice = np.flatnonzero((keys[1:] == keys[:-1]) & (owner[1:] != owner[:-1]))
    ends = xy[twice]
    metres = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) / CM
    return Runs(ends, owner[twice], owner[twice + 1], metres)


def reasoned(ground: Ground, said: gpd.GeoDataFrame) -> Ground:
    """Give a ground with what was said on its map.

    Parameters
    ----------
    ground
        A basic grid's ground.
    said
        One row = one saying, the oldest first: kind (barrier, no_border, zone, habit, dedicated), class,
        name, id; EPSG:4326. Of two about one edge the later holds. An edge of two faces that follows the line
        for a part of its length takes that part of the strength.
    """
    shapes = ground.lattice.to_lattice(said.geometry.to_numpy(dtype=object)) if len(said) else said.geometry
    near = shapely.intersects(shapes, ground.outline) if len(said) else np.empty(0, dtype=np.bool_)
    if not near.any():
        return ground
    runs, edges, layers = runs_of(ground), ground.edges, ground.layers
    columns = (said[near][name] for name in ("id", "kind", "class", "name"))
    for number, kind, class_, name, shape in zip(*columns, shapes[near], strict=True):
        title = name if isinstance(name, str) else f"{kind}-{number}"
        layer = AREAS.get(kind)
        if layer is not None:
            layers = _named(ground, layers, layer, shape, title, class_)
        lines = shape if layer is None else shapely.boundary(shape)
        edges = _along(edges, runs, lines, None if kind == NO_BORDER else layer or class_, title)
    return replace(ground, edges=edges, layers=layers)


def unfit(ground: Ground, line: Any) -> Any:
    """Stretches of a line (EPSG:4326) in a ground along which no two faces meet; None if all fits.

    Returns
    -------
    MultiLineString in EPSG:4326, or None.
    """
    drawn = shapely.intersection(ground.lattice.to_lattice(np.array([line], dtype=object))[0], ground.outline)
    runs = runs_of(ground)
    on = _beside(runs, drawn)
    near = shapely.buffer(shapely.multilinestrings(_lines(runs.xy[on])), REACH_M * CM + 50.0)
    rest = shapely.get_parts(shapely.line_merge(shapely.difference(drawn, near)))
    rest = rest[(shapely.get_dimensions(rest) == 1) & (shapely.length(rest) >= LEAST_M * CM)]
    if not len(rest):
        return None
    return ground.lattice.to_lonlat(np.array([shapely.multilinestrings(rest)], dtype=object))[0]


def _lines(xy: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(xy.reshape(-1, 2, 2).astype(np.float64)), dtype=object)


def _beside(runs: Runs, lines: Any) -> NDArray[np.bool_]:
    """Whether each edge runs along a line."""
    parts = shapely.get_parts(np.atleast_1d(lines))
    parts = shapely.get_parts(parts)
    parts = parts[(shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 1.0)]
    kind = np.zeros(len(parts), dtype=np.int64)
    found = alongside(runs.xy, Barriers(parts, kind, np.full(len(parts), None, dtype=object)), REACH_M * CM)
    return np.asarray(found != NO_BARRIER, dtype=np.bool_)


def _along(edges: pd.DataFrame, runs: Runs, lines: Any, barrier: str | None, title: str) -> pd.DataFrame:
    """Edges of faces with the strength of a barrier, or none, where they run along some lines."""
    on = _beside(runs, lines)
    if not on.any():
        return edges
    met = pd.DataFrame({"a": runs.a[on], "b": runs.b[on], "met": runs.metres[on]})
    met = met.groupby(["a", "b"], as_index=False)["met"].sum()
    whole = edges.groupby(["a", "b"], as_index=False)["length_m"].sum().merge(met, on=["a", "b"])
    whole["share"] = np.minimum(whole["met"] / whole["length_m"], 1.0)
    strength = 0.0 if barrier is None else BARRIERS[_KINDS[barrier]].strength
    fresh = whole.assign(
        length_m=whole["length_m"] * whole["share"], barrier=barrier, strength=strength,
        feature=None if barrier is None else title,
    )  # fmt: skip
    left = edges.merge(whole[["a", "b", "share"]], on=["a", "b"], how="left").fillna({"share": 0.0})
    left["length_m"] *= 1.0 - left["share"]
    kept = left[left["length_m"] > 1e-6]
    both = pd.concat([kept[list(EDGE_COLUMNS)], fresh[list(EDGE_COLUMNS)].astype(edges.dtypes.to_dict())])
    return both.sort_values(["a", "b"], kind="stable").reset_index(drop=True)


def _named(
    ground: Ground, layers: pd.DataFrame, layer: str, shape: Any, title: str, kind: str | None
) -> pd.DataFrame:
    """Layers of the cells with those inside an area called by its name."""
    built = np.array([wall is not None for wall in ground.footprints], dtype=np.bool_)
    spots = shapely.point_on_surface(np.where(built, ground.footprints, ground.faces))
    face = ground.cells["face"].to_numpy(np.int64)
    inside = shapely.intersects(spots, shape)[face]
    out = layers.copy()
    out.loc[inside, layer] = title
    if layer == "dedicated":
        out.loc[inside, "dedicated_kind"] = kind
    return out
