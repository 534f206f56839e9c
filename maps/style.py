"""One table of colours, widths and marks, for Python and JavaScript: every map and legend reads it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

BandState = Literal["in_band", "under", "over", "none"]


@dataclass(frozen=True)
class BandStyle:
    """How a grid is filled by its households against the band: colour, hatch and mark, three cues.

    ``hatch`` is the direction of the hatch in degrees, None for a plain fill; ``mark`` stands before the
    number of households.
    """

    fill: str
    opacity: float
    hatch: int | None
    mark: str
    zh: str
    en: str


@dataclass(frozen=True)
class RoadStyle:
    """How roads of some classes are drawn: casing below, fill above.

    ``width_m`` is the width on the ground; a road is never drawn thinner than ``least_px`` pixels.
    """

    classes: tuple[str, ...]
    width_m: float
    least_px: float
    fill: str
    casing: str
    dash: str | None = None


BANDS: dict[BandState, BandStyle] = {
    "in_band": BandStyle("#1a936f", 0.30, None, "", "户数达标", "in band"),
    "under": BandStyle("#e6a100", 0.42, 45, "▼", "户数偏少", "below band"),
    "over": BandStyle("#c8452b", 0.42, -45, "▲", "户数偏多", "above band"),
    "none": BandStyle("#7c8ea3", 0.22, None, "", "专属或不设区间", "dedicated or no band"),
}

ROADS: tuple[RoadStyle, ...] = (
    RoadStyle(("rail", "railway", "light_rail", "rail:rail"), 5.0, 1.6, "#ffffff", "#8d8a84", "7 7"),
    RoadStyle(("motorway", "trunk", "motorway_link", "trunk_link"), 18.0, 3.2, "#fbe3b0", "#d9b777"),
    RoadStyle(
        ("primary", "secondary", "main", "primary_link", "secondary_link"), 14.0, 2.6, "#fff6dd", "#d8c9a0"
    ),
    RoadStyle(("tertiary", "tertiary_link"), 10.0, 2.0, "#ffffff", "#d4cec2"),
    RoadStyle(
        ("residential", "unclassified", "living_street", "road", "minor"), 7.0, 1.4, "#ffffff", "#d4cec2"
    ),
    RoadStyle((), 4.0, 0.9, "#ffffff", "#dcd7cc"),
)
"""The first row that names a class draws it; the last, without classes, draws the rest (lanes, paths)."""

COLOURS: dict[str, str] = {
    "ground": "#f3f1ec",
    "area": "#f4ecdc",
    "water": "#b5d6ea",
    "water_line": "#7fb2d2",
    "water_text": "#3b769b",
    "green": "#dbe6cb",
    "landuse": "#ece8df",
    "wall": "#a79f90",
    "gully": "#a98d62",
    "stream": "#8dbcd9",
    "cave": "#a5835c",
    "cave_line": "#7f6040",
    "building": "#c3bcb0",
    "building_line": "#a39b8d",
    "dwelling": "#9a9184",
    "dwelling_line": "#7d7568",
    "grid_line": "#25343c",
    "selection": "#0b5fa5",
    "candidate": "#0b5fa5",
    "flaw": "#b3261e",
    "text": "#17212b",
    "muted": "#56616d",
    "halo": "#ffffff",
    "case": "#1f4e79",
    "hazard": "#8e2f8a",
}

RAMPS: dict[str, tuple[str, ...]] = {
    "band": ("#a9cfa0", "#5fb08c", "#1a936f"),
    "cases": ("#edf1f5", "#c9dcee", "#97bcdf", "#5a93c7", "#2a67a3", "#123f73"),
    "rate": ("#edf1f5", "#cbe3e3", "#96c9c8", "#55a3a5", "#257a80", "#0c4f57"),
    "hazards": ("#f1eef2", "#e0cbe2", "#c79acb", "#a563ab", "#7f3586", "#541459"),
    "vacancies": ("#eef1ea", "#fbe0bd", "#f4b978", "#df8a3c", "#b55d16", "#7c3a06"),
}
"""Colours of the themes from the least to the most; ``band`` are the thirds within the band."""

GRADES: dict[str, str] = {"I": "#b3121d", "II": "#c2255c", "III": "#8e2f8a", "IV": "#a777b0"}
"""Colour of a hazard point by the grade of its threat, from the worst."""

HEAT: dict[float, str] = {0.2: "#f6d77a", 0.5: "#f0a03c", 0.75: "#d9542b", 1.0: "#8f1420"}
"""Colours of the heat of cases by their density, from few to many."""

LAND: dict[str, str] = {
    "residential": "#ece4d6", "school": "#f3e7c4", "hospital": "#f3dede", "government": "#e3e2ec",
    "retail": "#f2e0d3", "industrial": "#e4e1dd", "grass": "#dbe6cb", "park": "#dbe6cb",
}  # fmt: skip
"""Tint of land by its class; green ones by ``COLOURS["green"]``."""

GRID_LINES_PX: dict[int, float] = {0: 3.2, 1: 2.6, 2: 1.7, 3: 1.0}
"""Width of a grid's border by level, pixels: the higher the level, the heavier."""

FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", Arial, sans-serif'


def band_state(in_band: bool | None, households: int, band_min: int | None) -> BandState:
    """Say which of the four ways a grid is filled.

    Parameters
    ----------
    in_band
        Whether the households are in band; None where no band applies.
    households
        Households counted by the band.
    band_min
        Lower end of the band, None where no band applies.

    Examples
    --------
    >>> band_state(True, 80, 50), band_state(False, 30, 50), band_state(False, 130, 50)
    ('in_band', 'under', 'over')
    >>> band_state(None, 0, None)
    'none'
    """
    if in_band is None:
        return "none"
    if in_band:
        return "in_band"
    return "under" if band_min is not None and households < band_min else "over"


def style_table() -> dict[str, Any]:
    """Return the whole table as JSON types, the one thing that the pages' scripts read.

    Examples
    --------
    >>> table = style_table()
    >>> table["bands"]["under"]["mark"], table["colours"]["selection"], table["gridLines"]["1"]
    ('▼', '#0b5fa5', 2.6)
    """
    return {
        "bands": {state: asdict(style) for state, style in BANDS.items()},
        "roads": [asdict(style) for style in ROADS],
        "colours": dict(COLOURS),
        "ramps": {theme: list(colours) for theme, colours in RAMPS.items()},
        "grades": dict(GRADES),
        "heat": {str(share): colour for share, colour in HEAT.items()},
        "land": dict(LAND),
        "gridLines": {str(level): width for level, width in GRID_LINES_PX.items()},
        "font": FONT,
    }
