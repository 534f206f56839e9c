"""Outlines of the 25 basic grids: communities along streets and the river, villages along ridges and gullies."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray

from data.boundaries.lingquan.generator import relief
from data.boundaries.lingquan.generator.frame import SEED, Array, Valley
from data.boundaries.lingquan.generator.streets import S0, S1, STATIONS, Net
from data.boundaries.lingquan.generator.terrain import CELL_M, EAST, NORTH, SOUTH, WEST, Terrain
from data.boundaries.lingquan.generator.uses import COMMUNITIES, Block

VILLAGES = (
    ("200", "城关村"), ("201", "塔底村"), ("202", "王村"), ("203", "二郎坡村"), ("204", "东庄村"), ("205", "岔沟村"),
    ("206", "胡家峪村"), ("207", "关头村"), ("209", "板桥村"), ("210", "龙台村"), ("211", "南辰村"), ("213", "车家坡村"),
    ("217", "西卫村"), ("219", "马村"), ("220", "孟家塔村"), ("224", "塔子上村"), ("225", "东卫村"), ("226", "木挪村"),
)  # fmt: skip
"""Last three digits and names as registered; where they lie here is invented."""
REACH_M = 4550.0
MIDDLE = np.array([450.0, -50.0])
SLIVER_M2 = 6_000.0


@dataclass(frozen=True)
class Town:
    """The town cut up: outlines of communities and villages (ground metres) and the villages' middles."""

    communities: list[Any]
    villages: list[Any]
    seeds: Array


def community_shapes(net: Net, blocks: list[Block]) -> list[Any]:
    """Outlines of the communities in the frame: their blocks, and the bank up to the middle of the river."""
    out = []
    for i, (_, _, bank, *_) in enumerate(COMMUNITIES):
        own = [b for b in blocks if b.community == i]
        strip, line = (1, "west_bank") if bank == "west" else (2, "east_bank")
        spans = [b.fact[line] for b in own if b.strip == strip]
        low, high = min(a for a, _ in spans), max(b for _, b in spans)
        river, side = net.line("river", low, high), net.line(line, low, high)
        shore = shapely.Polygon(np.vstack([river, side[::-1]]))
        rings = [shapely.set_precision(net.blocks[b.number]["sn"], 0.001) for b in own]
        out.append(shapely.union_all([*rings, shapely.set_precision(shore, 0.001)], grid_size=0.001))
    return out


def bent_together(shapes: list[Any], shape: Valley) -> list[Any]:
    """Bend polygons of a coverage so that neighbours keep the same vertices."""
    noded = shapely.union_all([shapely.boundary(s) for s in shapes], grid_size=0.001)
    arcs = shapely.get_parts(shapely.line_merge(noded))
    bent = [shape.bend(arc, 14.0) for arc in arcs]
    pieces = shapely.get_parts(shapely.polygonize(bent))
    points = shapely.points(shape.sn(shapely.get_coordinates(shapely.point_on_surface(pieces))))
    inside = [np.flatnonzero(shapely.covers(s, points)) for s in shapes]
    return [shapely.coverage_union_all(pieces[i]) for i in inside]


def village_seeds(shape: Valley, rng: np.random.Generator) -> Array:
    """Middles of the villages, then of their neighbours outside the town: well apart, off the valley's floor."""
    town_line = shapely.LineString(shape.xy(np.column_stack([STATIONS, np.zeros(len(STATIONS))])))
    first = shape.xy(np.array([[(S0 + S1) / 2 + 300.0, 620.0]]))[0]
    seeds = [first]
    while len(seeds) < 18 + 30:
        outside = len(seeds) >= 18
        angle = rng.uniform(0, 2 * np.pi, 500)
        far = rng.uniform(5350, 6100, 500) if outside else REACH_M * np.sqrt(rng.uniform(0, 1, 500))
        try_xy = MIDDLE + np.column_stack([np.cos(angle), np.sin(angle) * 1.06]) * far[:, None]
        keep = (
            (np.abs(try_xy[:, 0]) < EAST - 250) & (try_xy[:, 1] < NORTH - 250) & (try_xy[:, 1] > SOUTH + 250)
        )
        keep &= shapely.distance(shapely.points(try_xy), town_line) > 950
        apart = np.linalg.norm(try_xy[:, None] - np.array(seeds)[None], axis=2).min(axis=1)
        seeds.append(try_xy[np.argmax(np.where(keep, apart, -1))])
    return np.array(seeds)


def territory(land: Terrain, seeds: Array) -> NDArray[np.int64]:
    """Village of every cell (18 and on: outside): the nearest over land where ridges and the river cost most."""
    weight = 1.0 + 5.0 * relief.ridge_share(land) + 4.0 * (land.area_m2 > 3e6) + 6.0 * land.inside
    steps = relief.graph(land, weight, 1.5)
    cells = relief.cell_of(seeds, land.z.shape[1])
    return relief.nearest_seed(steps, cells).reshape(land.z.shape)


def soft_arcs(label: NDArray[np.int64]) -> list[Any]:
    """Borders between labels, each stretch drawn once, smooth; its ends stay."""
    move = Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH)
    found = rasterio.features.shapes(label.astype(np.int32), transform=move, connectivity=4)
    rings = [shapely.boundary(shapely.geometry.shape(g)) for g, _ in found]
    arcs = shapely.get_parts(shapely.line_merge(shapely.union_all(rings)))
    out = []
    for arc in arcs:
        xy = relief.rounded(shapely.get_coordinates(shapely.simplify(arc, 28.0)), 3)
        out.append(shapely.simplify(shapely.LineString(xy), 2.5))
    return out


def divide(shape: Valley, net: Net, blocks: list[Block], land: Terrain, seed: int = SEED) -> Town:
    """Cut the town into its 25 basic grids; neighbours share every vertex."""
    rng = np.random.default_rng([seed, 9])
    communities = bent_together(community_shapes(net, blocks), shape)
    seeds = village_seeds(shape, rng)
    label = territory(land, seeds)
    seat = shapely.union_all(communities)
    rims = [shapely.boundary(c) for c in communities]
    arcs = [shapely.difference(a, shapely.buffer(seat, -0.5)) for a in soft_arcs(label)]
    noded = shapely.union_all([*arcs, *rims], grid_size=0.01)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.point_on_surface(pieces)
    at = relief.cell_of(shapely.get_coordinates(points), land.z.shape[1])
    home = label.ravel()[np.clip(at, 0, label.size - 1)].copy()
    in_seat = shapely.covers(shapely.buffer(seat, 0.02), points)
    home[in_seat] = -1
    home = _merge_slivers(pieces, home)
    villages = [_largest(shapely.coverage_union_all(pieces[home == i])) for i in range(18)]
    in_which = shapely.STRtree(communities).query(points[in_seat], predicate="intersects")
    own = pieces[in_seat][in_which[0]]
    communities = [_largest(shapely.coverage_union_all(own[in_which[1] == i])) for i in range(7)]
    return _whole(communities, villages, seeds[:18])


def _merge_slivers(pieces: Any, home: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give small leftovers, and parts cut off from their village, to the neighbour with most border."""
    for _ in range(3):
        for i in range(18):
            parts = shapely.get_parts(shapely.coverage_union_all(pieces[home == i]))
            if len(parts) < 2:
                continue
            for part in sorted(parts, key=lambda p: -p.area)[1:]:
                own = np.flatnonzero(
                    (home == i) & shapely.covers(shapely.buffer(part, 0.01), shapely.point_on_surface(pieces))
                )
                edge = {
                    j: float(shapely.length(shapely.intersection(shapely.boundary(part), shapely.boundary(shapely.coverage_union_all(pieces[home == j])))))
                    for j in np.unique(home[home >= 0]) if j != i
                }  # fmt: skip
                home[own] = max(edge, key=lambda j: edge[j])
    return home


def _largest(shape: Any) -> Any:
    return max(shapely.get_parts(shape), key=lambda p: p.area)


def _whole(communities: list[Any], villages: list[Any], seeds: Array) -> Town:
    """Check that the outlines tile the town: no overlap, no hole."""
    every = [*communities, *villages]
    total = shapely.union_all(every)
    slack = sum(p.area for p in every) - total.area
    if abs(slack) > 0.5 or len(shapely.get_parts(total)) != 1 or len(total.interiors):
        raise RuntimeError(f"the outlines do not tile the town: {slack:.2f} m2, {len(total.interiors)} holes")
    return Town(communities, villages, seeds)
