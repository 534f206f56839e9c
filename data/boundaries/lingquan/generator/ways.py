"""Roads outside the county seat: the valley road, the expressway on its bridges, and what people trod over the hills."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from data.boundaries.lingquan.generator import relief
from data.boundaries.lingquan.generator.frame import Valley
from data.boundaries.lingquan.generator.outlines import VILLAGES, Town
from data.boundaries.lingquan.generator.sheet import Sheet
from data.boundaries.lingquan.generator.streets import S0, S1, Net
from data.boundaries.lingquan.generator.terrain import Terrain
from data.boundaries.lingquan.generator.villages import Settlement

EXPRESSWAY = np.array(
    [(900, 900), (2600, 760), (4300, 640), (6200, 760), (8200, 640), (9700, 380), (10700, -60), (11900, -420),
     (13600, -620), (15600, -700), (18000, -900)], dtype=float,
)  # fmt: skip
"""Corners of the expressway in the frame; it crosses the valley below the town."""


def valley_road(sheet: Sheet, shape: Valley, net: Net, town: Any) -> list[Any]:
    """Draw the road along the valley on both sides of the seat; answers its lines."""
    lines = []
    for low, high in ((150.0, S0 - 370.0), (S1 + 370.0, shape.length - 150.0)):
        s = np.arange(low, high, 20.0)
        join = np.clip(np.minimum(np.abs(s - S0 + 380), np.abs(s - S1 - 380)) / 500.0, 0, 1)
        n = (1 - join) * net.n("main", np.clip(s, S0 - 380, S1 + 380)) + join * (
            shape.at(shape.river, s) - 34.0
        )
        line = shapely.intersection(shapely.LineString(shape.xy(np.column_stack([s, n]))), town)
        for part in shapely.get_parts(line):
            sheet.add("roads", part, "secondary", "沿河公路（示例）")
            lines.append(part)
    return lines


def expressway(sheet: Sheet, shape: Valley, land: Terrain, town: Any) -> list[Any]:
    """Draw the expressway: bridges where the deck stands high above the ground; tunnels are left out."""
    frame = CubicSpline(EXPRESSWAY[:, 0], EXPRESSWAY[:, 1])
    s = np.arange(900.0, 18000.0, 20.0)
    xy = gaussian_filter1d(shape.xy(np.column_stack([s, frame(s)])), 12, axis=0, mode="nearest")
    ground = land.sample(land.z, xy)
    deck = gaussian_filter1d(ground, 28, mode="nearest")
    state = np.where(deck > ground + 6.0, 1, np.where(deck < ground - 14.0, 2, 0))
    edges = np.r_[0, np.flatnonzero(np.diff(state)) + 1, len(s) - 1]
    lines = []
    for a, b in pairwise(edges):
        if state[a] == 2 or b <= a:
            continue
        line = shapely.intersection(shapely.LineString(xy[a : b + 1]), town)
        for part in (p for p in shapely.get_parts(line) if p.length > 1.0):
            name = "屈产河特大桥（示例）" if state[a] and part.length > 260 else "吕梁山高速（示例）"
            sheet.add("roads", part, "motorway", name, bridge="yes" if state[a] else None)
            lines.append(part)
    return lines


def join(sheet: Sheet, reach: float = 8.0) -> None:
    """Let every road that ends near another end on it, at a vertex that both have."""
    rows = sheet.layers["roads"]
    lines = [shapely.get_coordinates(r["geometry"]) for r in rows]
    tree = shapely.STRtree([r["geometry"] for r in rows])
    stops: dict[int, list[np.ndarray[Any, Any]]] = {}
    for i, xy in enumerate(lines):
        if rows[i]["class"] == "motorway":
            continue
        for end in (0, -1):
            near = tree.query(shapely.Point(xy[end]), predicate="dwithin", distance=reach)
            near = [j for j in near if j != i and rows[j]["class"] != "motorway"]
            if not near:
                continue
            far = {j: round(rows[j]["geometry"].distance(shapely.Point(xy[end])), 3) for j in near}
            j = min(near, key=lambda j: (far[j], j))  # at a corner two are as near: no rounding error decides
            whole = rows[j]["geometry"]
            at = whole.interpolate(whole.project(shapely.Point(xy[end])))
            xy[end] = np.round([at.x, at.y], 2)
            stops.setdefault(j, []).append(xy[end])
    for j, points in stops.items():
        lines[j] = _with_vertices(lines[j], np.array(points))
    for row, xy in zip(rows, lines, strict=True):
        row["geometry"] = shapely.remove_repeated_points(shapely.LineString(xy), 0.02)


def _with_vertices(xy: Any, points: Any) -> Any:
    """Put vertices into a line where others end on it; its own ends stay."""
    line = shapely.LineString(xy)
    at = np.r_[
        shapely.line_locate_point(line, shapely.points(xy)),
        shapely.line_locate_point(line, shapely.points(points)),
    ]
    at[0], at[len(xy) - 1] = -1.0, line.length + 1.0
    return np.vstack([xy, points])[np.argsort(np.round(at, 3), kind="stable")]


def village_roads(
    sheet: Sheet, land: Terrain, town: Town, places: list[Settlement], trunk: list[Any]
) -> list[Any]:
    """Draw the roads from every settlement down to the trunk, the way that climbs least; answers their lines."""
    rows, cols = land.z.shape
    seat = shapely.union_all(town.communities)
    weight = 1.0 + 2.5 * (land.area_m2 > 2e6) + 0.8 * (land.area_m2 > 3e5)
    steps = relief.graph(land, np.where(land.inside, 0.7, weight), 130.0)
    coords = shapely.get_coordinates(shapely.segmentize([*trunk, *_rim(seat)], 20.0))
    roots = np.unique(relief.cell_of(coords, cols))
    roots = roots[(roots >= 0) & (roots < rows * cols)]
    ends = [int(relief.cell_of(p.middle[None], cols)[0]) for p in places]
    used = relief.ways(steps, roots, ends)
    inside = shapely.union_all([*town.communities, *town.villages])
    lines = []
    for xy, count in relief.strands(used, cols):
        kind = "unclassified" if count >= 4 else "track" if count >= 2 else "path"
        line = shapely.intersection(relief.natural(xy, 3.0), inside)
        middle = shapely.line_interpolate_point(line, 0.5, normalized=True) if not line.is_empty else None
        at = next(
            (v for v, g in zip(VILLAGES, town.villages, strict=True) if middle and g.intersects(middle)), None
        )
        for part in shapely.get_parts(line):
            sheet.add("roads", part, kind, f"{at[1]}路" if at and count >= 4 else None)
            lines.append(part)
    return lines


def give_way(sheet: Sheet, seat: Any) -> None:
    """Let roads from the hills end at the seat's edge where they would run through its houses.

    From there they go straight on to the nearest corner of a street or lane that no house stands in the way of.
    """
    rows = sheet.layers["roads"]
    houses = shapely.STRtree(shapely.buffer([h["geometry"] for h in sheet.layers["buildings"]], 0.5))
    lines = np.array([r["geometry"] for r in rows], dtype=object)
    hit = np.unique(houses.query(lines, predicate="crosses")[0])
    town = lines[shapely.covered_by(lines, shapely.buffer(seat, 5.0))]
    corners = np.unique(shapely.get_coordinates(town), axis=0)
    for i in hit[shapely.crosses(lines[hit], shapely.boundary(seat))]:
        outside = max(shapely.get_parts(shapely.difference(lines[i], seat)), key=lambda part: part.length)
        xy = shapely.get_coordinates(outside)
        inward = seat.distance(shapely.Point(xy[-1])) < 0.01
        xy = xy if inward else xy[::-1]
        near = corners[np.argsort(np.hypot(*(corners - xy[-1]).T))[:40]]
        steps = shapely.linestrings(np.stack([np.tile(xy[-1], (len(near), 1)), near], axis=1))
        free = np.setdiff1d(np.arange(len(near)), houses.query(steps, predicate="intersects")[0])
        whole = np.vstack([xy, near[free[:1]]])
        rows[i]["geometry"] = shapely.LineString(whole if inward else whole[::-1])


def _rim(seat: Any) -> list[Any]:
    return [shapely.buffer(seat, -30.0).exterior]
