"""Alternatives side by side: a picture of each plan and one table. Figures and polygons in, HTML out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import numpy as np
import shapely

from maps.popups import template
from maps.style import GRID_LINES_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

Language = Literal["zh", "en"]
LONGEST_PX = 430.0
FINE_PX = 0.5
"""Borders are simplified by so much, once per shared edge."""
TINTS = ("#f2d7b6", "#cfe3c2", "#c4dcec", "#ead0de", "#efe6a9", "#d3d0ec", "#c9e5dc", "#f0cbbf")
"""Fills of the grids of level 1, one after the other."""
INK = "#25343c"
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("备选方案比较", "Alternatives side by side"),
    "language": ("EN", "中文"),
    "sample": ("示例数据", "Sample data"),
    "plan": ("方案", "Plan"),
    "edit": ("打开", "Open"),
    "figures": ("指标", "Figures"),
    "difference": ("换网格的户数占比（网格匹配后）", "Households that change grid, grids matched"),
    "level": ("{n} 级", "level {n}"),
    "pair": ("{a} 与 {b}", "{a} and {b}"),
    "disclaimer": ("界线不作为划界依据", "Borders are no legal ground for delimitation"),
}


@dataclass(frozen=True)
class Column:
    """One plan: its number, what it is called, its grids (columns level, parent, node_id, geometry)."""

    plan: int
    zh: str
    en: str
    grids: gpd.GeoDataFrame


@dataclass(frozen=True)
class Compared:
    """Plans of one basic grid.

    Parameters
    ----------
    code, name, sample
        The basic grid, and whether its data are invented.
    columns
        The plans.
    table
        By level: its heading, and rows of a figure's name with a value for each plan.
    differences
        Two positions among the columns, and the share of households that change grid, by level.
    """

    code: str
    name: str
    sample: bool
    columns: Sequence[Column]
    table: Sequence[tuple[str, Sequence[tuple[str, Sequence[str]]]]]
    differences: Sequence[tuple[int, int, Sequence[float]]]


def alternatives_page(found: Compared, *, lang: Language = "zh", area: str | None = None) -> str:
    """Draw the page; ``area`` is kept in the switch's link."""

    def word(name: str, **given: object) -> str:
        return _WORDS[name][0 if lang == "zh" else 1].format(**given)

    titles = [column.zh if lang == "zh" else column.en for column in found.columns]
    asked = {"plans": ",".join(str(c.plan) for c in found.columns), "lang": "en" if lang == "zh" else "zh"}
    return template(
        "alternatives.html",
        found=found, lang=lang, t=word, titles=titles, pictures=[picture(c.grids) for c in found.columns],
        again="/maps/alternatives?" + urlencode(asked | ({} if area is None else {"area": area})),
    )  # fmt: skip


Pin = tuple[float, float, str, bool]
"""Longitude, latitude (EPSG:4326), what stands in it, and whether it is still open."""


def picture(grids: gpd.GeoDataFrame, pins: Sequence[Pin] = ()) -> str:
    """Draw the grids of a plan as SVG: level 1 filled and named by number, the finer ones as lines.

    Parameters
    ----------
    grids
        Columns level, short, name, households, geometry (EPSG:4326); all levels.
    pins
        Marks above them.
    """
    west, south, east, north = grids.total_bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = LONGEST_PX / max((east - west) * squeeze, north - south)

    def place(lonlat: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [(lonlat[:, 0] - west) * squeeze * scale + 3, (north - lonlat[:, 1]) * scale + 3]
        )

    drawn: dict[int, list[str]] = {}
    labels, outer = [], []
    for level in sorted(set(grids["level"]) - {0}):
        rows = grids[grids["level"] == level].sort_values("short")
        shapes = shapely.coverage_simplify(shapely.transform(rows.geometry.to_numpy(), place), FINE_PX)
        pen = f'stroke="{INK}" stroke-width="{GRID_LINES_PX[level] * 0.7:.2f}" stroke-linejoin="round"'
        drawn[level] = [_shape(shape, row, pen, at, level) for at, (row, shape) in
                        enumerate(zip(rows.itertuples(), shapes, strict=True))]  # fmt: skip
        if level == 1:
            outer = [f'<path d="{_path(shape)}" fill="none" {pen}/>' for shape in shapes]
            labels = [_label(shape, str(row.short)) for row, shape in
                      zip(rows.itertuples(), shapes, strict=True)]  # fmt: skip
    wide, tall = (east - west) * squeeze * scale + 6, (north - south) * scale + 6
    inner = [text for level in sorted(drawn) for text in drawn[level]]
    spots = place(np.array([pin[:2] for pin in pins], dtype=float).reshape(-1, 2))
    marks = [_pin(x, y, pin) for (x, y), pin in zip(spots.tolist(), pins, strict=True)]
    return (
        f'<svg class="plan" viewBox="0 0 {wide:.0f} {tall:.0f}" role="group">'
        f"{''.join(inner + outer + labels + marks)}</svg>"
    )


def _shape(shape: shapely.Geometry, row: Any, pen: str, at: int, level: int) -> str:
    """Draw one grid; those of level 1 have a fill."""
    fill = TINTS[at % len(TINTS)] if level == 1 else "transparent"
    title = f"<title>{escape(str(row.name))} · {row.households}</title>"
    return f'<path d="{_path(shape)}" fill="{fill}" fill-rule="evenodd" {pen}>{title}</path>'


def _pin(x: float, y: float, pin: Pin) -> str:
    kind = "pin" if pin[3] else "pin done"
    return (
        f'<g class="{kind}"><circle cx="{x:.0f}" cy="{y:.0f}" r="9"/>'
        f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{escape(pin[2])}</text></g>'
    )


def _label(shape: shapely.Geometry, text: str) -> str:
    x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
    return f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{escape(text)}</text>'


def _path(shape: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in r.coords[:-1]) + "Z" for r in rings)
