"""Small pictures as inline SVG: households a grid against the band, shares, and a town's basic grids.

They are SVG as text with every name escaped; colours are attributes and classes: no inline style.
The hatches that they name are drawn once a page by :func:`hatches`.
"""

from __future__ import annotations

import math
from collections import Counter
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maps.style import BANDS, COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd

    from maps.style import BandState

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
MOST_BARS, MOST_SPARKS = 26, 66
WIDE, HIGH, FOOT = 300.0, 84.0, 16.0
"""Size of a histogram, and the strip below it for the axis."""
LEAST_LABEL_PX = 26.0
"""A basic grid narrower than this on the picture has no label."""
LETTER_PX, LINE_PX = 11.0, 13.0
"""Width of a Chinese letter and height of a line of the labels."""
MARGIN_PX = 16.0
"""Room left and right for the labels at the rim."""
GROUP, SILENT = 'role="group"', 'aria-hidden="true"'
"""How a picture is read out: part by part by their titles; not at all where its figures stand beside it."""


def hatches() -> str:
    """Draw the page's patterns for below and above the band: colour, stripes and their direction."""
    found = []
    for state in ("under", "over"):
        band = BANDS[state]
        path = "M-1 5 5-1M0 6 6 0M5 7 7 5" if state == "under" else "M-1 1 1-1M0 6 6 0M5 7 7 5"
        turn = "" if state == "under" else ' patternTransform="scale(-1 1)"'
        found.append(
            f'<pattern id="hatch-{state}" width="6" height="6" patternUnits="userSpaceOnUse"{turn}>'
            f'<rect width="6" height="6" fill="{band.fill}" fill-opacity=".45"/>'
            f'<path d="{path}" stroke="{band.fill}" stroke-width="1.8"/></pattern>'
        )
    return f'<svg width="0" height="0" class="defs" aria-hidden="true"><defs>{"".join(found)}</defs></svg>'


def histogram(
    sizes: Sequence[int], low: int | None, high: int | None, say: Callable[[int, int, int], str]
) -> str:
    """Draw how many grids have how many households, the band behind.

    Parameters
    ----------
    sizes
        Households of each grid.
    low, high
        The band, both included; None where none applies.
    say
        Words of one bar, of its least and greatest households and its number of grids.
    """
    if not sizes:
        return ""
    step, bars = _bars(sizes, low, high)
    first = min(bars) - 1 if low is None else min(0, *bars) - 1
    last = max(bars) + 2
    if low is not None and high is not None:
        last = max(last, (high - low) // step + 2)
    unit, top = WIDE / (last - first), max(bars.values())
    base = HIGH - FOOT
    parts = []
    if low is not None and high is not None:
        left, right = (0 - first) * unit, (math.ceil((high - low + (step == 1)) / step) - first) * unit
        parts.append(_band(left, right, base, low, high, unit / 2 if step == 1 else 0.0))
    for at, count in sorted(bars.items()):
        start = (low or 0) + at * step
        tall = max(1.5, count / top * (base - 13.0))
        parts.append(
            f'<rect x="{(at - first) * unit + 0.6:.1f}" y="{base - tall:.1f}" height="{tall:.1f}"'
            f' width="{max(unit - 1.2, 0.8):.1f}" fill="{_fill(start, step, low, high)}">'
            f"<title>{escape(say(start, start + step - 1, count))}</title></rect>"
        )
    highest = max(bars, key=lambda at: bars[at])
    x = min(max((highest - first + 0.5) * unit, 10.0), WIDE - 10.0)
    parts.append(f'<text x="{x:.1f}" y="9" text-anchor="middle" class="peak">{top}</text>')
    if low is None:
        ends = {min(bars): min(sizes), max(bars): max(sizes)}
        parts += [_tick((at - first + 0.5) * unit, value) for at, value in ends.items()]
    return _svg(WIDE, HIGH, "histogram", [*parts, _line(base)], GROUP)


def spark(sizes: Sequence[int], low: int | None, high: int | None, ends: tuple[int, int]) -> str:
    """Draw how many grids have how many households, small and without words, the band behind.

    Parameters
    ----------
    sizes
        Households of each grid, small numbers: those of a finest level.
    low, high
        The band, both included; None where none applies.
    ends
        Households at the left and right end, the same for all pictures that stand below each other.
    """
    if not sizes:
        return ""
    wide, tall = 132.0, 26.0
    step = max(1, math.ceil((ends[1] - ends[0] + 1) / MOST_SPARKS))
    unit = wide / ((ends[1] - ends[0]) // step + 1)
    bars = Counter((n - ends[0]) // step for n in sizes)
    top = max(bars.values())
    parts = []
    if low is not None and high is not None:
        first, last = (low - ends[0]) // step, (high - ends[0]) // step
        parts.append(
            f'<rect x="{first * unit:.1f}" width="{(last + 1 - first) * unit:.1f}" height="{tall}"'
            f' fill="{BANDS["in_band"].fill}" fill-opacity=".14"/>'
        )
    for at, count in sorted(bars.items()):
        height = max(1.5, count / top * (tall - 2.0))
        parts.append(
            f'<rect x="{at * unit + 0.4:.1f}" y="{tall - height:.1f}" width="{max(unit - 0.8, 0.6):.1f}"'
            f' height="{height:.1f}" fill="{_fill(ends[0] + at * step, step, low, high)}"/>'
        )
    parts.append(f'<path d="M0 {tall}H{wide}" stroke="{COLOURS["muted"]}" stroke-width="1"/>')
    return _svg(wide, tall, "spark", parts, SILENT)


def share(part: int, whole: int) -> str:
    """Draw a part of a whole as a bar: what is missing is hatched."""
    if not whole:
        return ""
    wide = 64.0
    full = wide * part / whole
    if part < whole:
        full = min(full, wide - 3.0)  # one in a thousand shows too
    parts = [
        f'<rect width="{wide}" height="8" rx="2" fill="url(#hatch-over)"/>',
        f'<rect width="{full:.1f}" height="8" rx="2" fill="{BANDS["in_band"].fill}"/>',
    ]
    return _svg(wide, 8.0, "share", parts, SILENT)


def locator(
    outlines: gpd.GeoDataFrame,
    names: Mapping[str, str],
    classes: Mapping[str, Mapping[str, int]],
    shown: str,
    *,
    longest: float = 460.0,
) -> str:
    """Draw basic grids; each leads to its row (``#a-CODE``).

    Parameters
    ----------
    outlines
        Columns code and geometry, EPSG:4326; they share their borders' vertices.
    names
        By code.
    classes
        Of each measure the class 0..4 of each code, -1 where nothing is known; written as ``data-MEASURE``.
    shown
        The measure that is drawn first, by CSS classes c0..c4 (cx: not known).
    longest
        The longer side, pixels.
    """
    if outlines.empty:
        return ""
    west, south, east, north = outlines.total_bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = longest / max((east - west) * squeeze, north - south)
    wide = (east - west) * squeeze * scale + 2 * MARGIN_PX
    tall = (north - south) * scale + 8

    def place(xy: np.ndarray) -> np.ndarray:
        x = (xy[:, 0] - west) * squeeze * scale + MARGIN_PX
        return np.column_stack([x, (north - xy[:, 1]) * scale + 4])

    shapes = shapely.transform(outlines.geometry.to_numpy(), place)
    paths, rooms = [], []
    for code, shape in zip(outlines["code"], shapes, strict=True):
        values = "".join(f' data-{name}="{of[code]}"' for name, of in classes.items())
        now = classes[shown][code]
        name = escape(names[code])
        paths.append(
            f'<a href="#a-{code}"><path class="c{"x" if now < 0 else now}"{values} d="{_path(shape)}"'
            f' fill-rule="evenodd"><title>{name}</title></path></a>'
        )
        circle = shapely.maximum_inscribed_circle(shape, tolerance=1.0)
        if 2 * shapely.length(circle) >= LEAST_LABEL_PX:
            x, y = shapely.get_coordinates(circle)[0]
            rooms.append((float(x), float(y), names[code]))
    labels = [
        f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{escape(name)}</text>'
        for x, y, name in _apart(rooms)
    ]
    return _svg(wide, tall, "locator", paths + labels, GROUP)


def _apart(names: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Move names (x, y of their middle) up or down until none lies over one before it."""
    out: list[tuple[float, float, str]] = []
    for x, y, name in names:
        near = [
            b for a, b, other in out if abs(x - a) < LETTER_PX * (len(name) + len(other)) / 2
        ]  # names that stand above or below this one
        steps = sorted((n * LINE_PX / 2 for n in range(-12, 13)), key=abs)
        moved = (y + step for step in steps if all(abs(y + step - b) >= LINE_PX for b in near))
        out.append((x, next(moved, y), name))
    return out


def _bars(sizes: Sequence[int], low: int | None, high: int | None) -> tuple[int, Counter[int]]:
    """Step of the bars and how many grids each has, counted from the band's lower end.

    The upper end belongs to the band: where a bar would begin with it, it goes to the bar before.
    """
    origin = low or 0
    spread = max(*sizes, high or 0) - min(*sizes, origin)
    step = next((s for s in STEPS if spread / s <= MOST_BARS), STEPS[-1])
    at = (np.asarray(sizes) - origin) // step
    if high is not None and step > 1 and (high - origin) % step == 0:
        at = np.where(np.asarray(sizes) == high, at - 1, at)
    return step, Counter(int(i) for i in at)


def _fill(start: int, step: int, low: int | None, high: int | None) -> str:
    """Colour of a bar that begins at ``start``."""
    if low is None or high is None:
        return BANDS["none"].fill
    state: BandState = "under" if start < low else "over" if start > high - (step > 1) else "in_band"
    return BANDS["in_band"].fill if state == "in_band" else f"url(#hatch-{state})"


def _band(left: float, right: float, base: float, low: int, high: int, inward: float) -> str:
    green = BANDS["in_band"].fill
    return (
        f'<rect x="{left:.1f}" y="0" width="{right - left:.1f}" height="{base}" fill="{green}"'
        f' fill-opacity=".1"/><path d="M{left:.1f} 0V{base}M{right:.1f} 0V{base}" stroke="{green}"'
        f' stroke-dasharray="3 2"/>{_tick(left + inward, low)}{_tick(right - inward, high)}'
    )


def _tick(x: float, value: int) -> str:
    return f'<text x="{min(max(x, 9.0), WIDE - 12.0):.1f}" y="{HIGH - 4}" text-anchor="middle">{value}</text>'


def _line(base: float) -> str:
    return f'<path d="M0 {base}H{WIDE}" stroke="{COLOURS["muted"]}" stroke-width=".8"/>'


def _path(shape: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in r.coords[:-1]) + "Z" for r in rings)


def _svg(wide: float, tall: float, name: str, parts: Sequence[str], access: str) -> str:
    return (
        f'<svg class="{name}" viewBox="0 0 {wide:.0f} {tall:.0f}" width="{wide:.0f}" height="{tall:.0f}"'
        f" {access}>{''.join(parts)}</svg>"
    )
