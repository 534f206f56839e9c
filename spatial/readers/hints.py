"""Hints about coordinate systems: what would lie inside the boundary if it were GCJ-02 or BD-09."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.errors import Where
from spatial.ground.crs import to_wgs84

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from spatial.readers.words import Findings

FEW, MOST, GAIN = 0.95, 0.9, 0.03
"""A hint: fewer than ``FEW`` inside as declared, moved at least ``MOST`` and ``GAIN`` more."""


def moved_share(points: NDArray[np.float64], area: Any) -> tuple[float, str, float] | None:
    """Part of the points inside the area as declared, the system that puts most inside, and that part.

    None where no system does clearly better. ``points`` (n, 2) and ``area`` in EPSG:4326.
    """
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    shapely.prepare(area)

    def share(xy: NDArray[np.float64]) -> float:
        return float(shapely.intersects_xy(area, xy[:, 0], xy[:, 1]).mean())

    declared = share(points)
    if declared >= FEW:
        return None
    best = max(
        (share(np.column_stack(to_wgs84(points[:, 0], points[:, 1], system))), name)
        for system, name in (("bd09", "BD-09"), ("gcj02", "GCJ-02"))
    )
    return (declared, best[1], best[0]) if best[0] >= max(MOST, declared + GAIN) else None


def note_system(layer: str, points: NDArray[np.float64], area: Any, findings: Findings) -> None:
    """Note ``crs_hint`` where another system puts clearly more of a layer's points inside the area."""
    hint = moved_share(points, area)
    if hint:
        declared, name, share = hint
        where = Where(layer=layer, field="crs", value=name, ref=f"{declared:.0%}")
        findings.note("crs_hint", where, f"{share:.0%}")


def words_of(points: NDArray[np.float64], area: Any) -> tuple[str, str]:
    """The same as a sentence (Chinese, English) for an error; two empty ones where there is no hint."""
    hint = moved_share(points, area)
    if not hint:
        return "", ""
    _, name, share = hint
    return (
        f"若按 {name} 转换，则有 {share:.0%} 落在边界内。",
        f" Moving by {name} would put {share:.0%} inside.",
    )
