"""Footprints: which building stands on which ground, overlaps resolved.

Real footprints overlap, cross outlines and lie on top of each other. Here the larger keeps shared ground, and
a building left without ground joins the one that covers it. Geometry in lattice centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.ground.model import ReportRow

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINT_HALF_CM = 150.0
"""A building known as a point only stands on a square of twice this side."""
LEAST_GROUND_CM2 = 10_000.0
"""A footprint with less than this left (1 m²) has no ground of its own."""
CM2_PER_M2 = 10_000.0


@dataclass(frozen=True)
class Footprints:
    """Footprints that overlap no more; ``host`` is the building whose ground each one uses."""

    geoms: NDArray[np.object_]
    host: NDArray[np.int64]
    report: list[ReportRow]


def solid(geoms: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give every building an area: points become small squares, polygons snap to the lattice."""
    points = shapely.get_dimensions(geoms) == 0
    out = geoms.copy()
    if points.any():
        xy = shapely.get_coordinates(shapely.centroid(geoms[points]))
        half = POINT_HALF_CM
        out[points] = shapely.box(xy[:, 0] - half, xy[:, 1] - half, xy[:, 0] + half, xy[:, 1] + half)
    return np.asarray(polygons_only(shapely.set_precision(out, 1.0)), dtype=object)


def polygons_only(geoms: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep the largest polygon of each geometry; an empty polygon where there is none."""
    parts, of = shapely.get_parts(geoms, return_index=True)
    area = shapely.area(parts)
    order = np.lexsort((-area, of))
    first = order[np.r_[True, of[order][1:] != of[order][:-1]]] if len(order) else order
    out = np.full(len(geoms), shapely.Polygon(), dtype=object)
    good = first[area[first] > 0]
    out[of[good]] = parts[good]
    return out


def resolve(geoms: NDArray[np.object_], bids: NDArray[np.object_], within: Any) -> Footprints:
    """Resolve overlaps between footprints, and clip them to their basic grid.

    Parameters
    ----------
    geoms
        (N,) solid footprints.
    bids
        (N,) text, for the report.
    within
        The ground they must stay on.

    Returns
    -------
    Footprints
        Empty polygons for buildings without ground of their own.
    """
    report: list[ReportRow] = []
    out = geoms.copy()
    shapely.prepare(within)
    crossing = ~shapely.contains_properly(within, out)
    out[crossing] = polygons_only(shapely.intersection(out[crossing], within, grid_size=1.0))
    report += _across(geoms, out, crossing, bids)
    host = np.arange(len(out))
    size = shapely.area(geoms)
    for small, large in _overlapping(out, size):
        if shapely.is_empty(out[small]) or host[large] != large:
            continue
        shared = float(shapely.area(shapely.intersection(out[small], out[large])))
        if shared < 1.0:
            continue
        before = out[small]
        out[small] = polygons_only(
            np.array([shapely.difference(before, out[large], grid_size=1.0)], dtype=object)
        )[0]
        lost = shapely.is_empty(out[small]) or shapely.area(out[small]) < LEAST_GROUND_CM2
        if lost:
            out[small] = shapely.Polygon()
            host[small] = large
        if lost or shared >= LEAST_GROUND_CM2:
            report.append(_overlap_row(bids[small], bids[large], shared / CM2_PER_M2, lost=bool(lost)))
    _house_the_rest(out, host, geoms, bids, report)
    return Footprints(out, host, report)


def _across(
    given: NDArray[np.object_], kept: NDArray[np.object_], crossing: NDArray[np.bool_],
    bids: NDArray[np.object_],
) -> list[ReportRow]:  # fmt: skip
    """Say which buildings stand across their basic grid's outline, and how much of them stands beyond it."""
    beyond = (shapely.area(given) - shapely.area(kept)) / CM2_PER_M2
    return [
        ReportRow(
            "buildings", None, str(bids[i]), "geometry", "repaired", "building_across",
            f"建筑 {bids[i]} 跨在基础网格的界线上，大部分在本格，归本格；界外 {beyond[i]:.1f} 平方米不计。",
            f"Building {bids[i]} stands across the outline: most of it is here, so it belongs here;"
            f" {beyond[i]:.1f} m² beyond are left out.",
        )
        for i in np.flatnonzero(crossing & (beyond * CM2_PER_M2 >= LEAST_GROUND_CM2))
    ]  # fmt: skip


def _overlapping(geoms: NDArray[np.object_], size: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pairs (smaller, larger) whose boxes meet with common inner points, the largest first.

    Of two alike the one that comes first counts as the larger.
    """
    left, right = shapely.STRtree(geoms).query(geoms, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    real = ~shapely.touches(geoms[left], geoms[right])
    left, right = left[real], right[real]
    flip = size[left] >= size[right]
    small, large = np.where(flip, right, left), np.where(flip, left, right)
    order = np.lexsort((small, -size[small], -size[large]))
    return [(int(s), int(g)) for s, g in zip(small[order], large[order], strict=True)]


def _overlap_row(small: str, large: str, area_m2: float, *, lost: bool) -> ReportRow:
    if lost:
        return ReportRow(
            "buildings",
            None,
            small,
            "geometry",
            "repaired",
            "building_joined",
            f"建筑 {small} 全部落在建筑 {large} 内，其户数并入后者。",
            f"Building {small} lies wholly on building {large}: its households join that one.",
        )
    return ReportRow(
        "buildings",
        None,
        small,
        "geometry",
        "repaired",
        "footprints_overlap",
        f"建筑 {small} 与更大的建筑 {large} 重叠 {area_m2:.1f} 平方米，重叠部分归后者。",
        f"Building {small} overlaps the larger {large} by {area_m2:.1f} m²: the larger keeps it.",
    )


def _house_the_rest(
    out: NDArray[np.object_],
    host: NDArray[np.int64],
    given: NDArray[np.object_],
    bids: NDArray[np.object_],
    report: list[ReportRow],
) -> None:
    """Let buildings left without ground (a sliver inside the outline, say) join the nearest that has some."""
    homeless = np.flatnonzero(shapely.is_empty(out) & (host == np.arange(len(out))))
    housed = np.flatnonzero(~shapely.is_empty(out))
    if not len(homeless) or not len(housed):
        return
    near = shapely.STRtree(out[housed]).nearest(shapely.centroid(given[homeless]))
    host[homeless] = housed[near]
    report.extend(
        _overlap_row(bids[i], bids[h], 0.0, lost=True) for i, h in zip(homeless, host[homeless], strict=True)
    )
