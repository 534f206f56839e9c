"""Whole pages: the town's map and a grid's by folium, and the planner's page. Frames in, HTML out."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import folium
import geopandas as gpd
from branca.element import Element, Figure
from folium.map import CustomPane

from maps import assets
from maps.duty import danger_areas, duty_values
from maps.filling import fill, script_json, token
from maps.ground import ground, places
from maps.layers import (
    DIGITS,
    collection,
    folium_layer,
    grid_collections,
)
from maps.popups import TownPanel, template
from maps.style import style_table
from maps.words import words
from spatial.duty.categories import CATEGORIES
from spatial.duty.hazards import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from spatial.duty.figures import Signpost
    from spatial.ground.relief import Relief

Language = Literal["zh", "en"]

FIXED_SCALE = re.compile(r'<meta name="viewport"[^>]*user-scalable=no[^>]*>')
"""folium's own viewport, which forbids to enlarge a page on a phone."""
PANES: tuple[tuple[str, int, bool], ...] = (
    ("under", 205, False),
    ("grids", 210, True),
    ("relief", 215, False),
    ("above", 220, False),
    ("danger", 425, False),
    ("upper", 430, False),
    ("chosen", 440, False),
    ("leaders", 610, False),
    ("marks", 620, True),
    ("labels", 650, False),
)
"""Panes from the ground up: name, z-index, and whether they answer to the pointer.

The grids' colour lies on the open ground and below relief, water, roads and buildings; their borders on top.
"""


class OutsideAddress(RuntimeError):
    """A finished page would ask another server for something."""


@dataclass(frozen=True)
class Extras:
    """What a map shows beside its layers.

    Parameters
    ----------
    duty
        Frames of `maps.duty.duty_values`: cases, hazards, threats, staff; None shows none.
    told
        Whether the descriptions of cases may be shown.
    relief
        Shading to lie under everything.
    relief_url
        Address of the same picture, instead of the picture itself; a one-file page never uses it.
    sign
        The other towns, and what is to be done where nothing is published; None tells neither.
    """

    duty: Mapping[str, pd.DataFrame] | None = None
    told: bool = False
    relief: Relief | None = None
    relief_url: str | None = None
    sign: Signpost | None = None


def town_page(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    title: str,
    lang: Language = "zh",
    inline: bool = False,
    sample: bool = False,
    grid_url: str | None = "/maps/grid/{code}",
    export_url: str | None = None,
    overview_url: str | None = None,
    plan_url: str | None = None,
    extras: Extras | None = None,
) -> str:
    """Return the town map as one HTML page.

    Parameters
    ----------
    layers
        Frames in EPSG:4326 by name: ``grids`` (``maps.layers.GRID_COLUMNS``), ``buildings``
        (``BUILDING_COLUMNS``), ``features`` (``FEATURE_COLUMNS``), ``areas`` (``AREA_COLUMNS``), each with
        its geometry. Only ``grids`` has to be there.
    title
        Name of the town or basic grid, shown in the header before "网格图"; empty shows that alone.
    lang
        Language to begin with; the page can switch.
    inline
        Put every script, style and picture into the page, so that it opens from disk without a network.
    sample
        Mark the page as sample data.
    grid_url
        Address of a grid's page with ``{code}`` in it; None shows no link.
    export_url
        Address of the one-file export; None shows no link.
    overview_url
        Address of the overview's page, the page adds its language; None shows no link.
    plan_url
        Address of the page where a planner begins; None, for who is none, shows no link.
    extras
        Duty and relief.

    Raises
    ------
    KeyError
        If a layer lacks a column.
    maps.assets.UnmappedAsset, maps.assets.MissingAsset
        If a script or style is not ours to serve, or not there to be inlined.
    """
    config = {
        **_choice(extras, inline=inline),
        "title": title, "lang": lang, "sample": sample, "focus": None, "backUrl": None,
        "gridUrl": None if inline else grid_url, "exportUrl": None if inline else export_url,
        "overviewUrl": None if inline else overview_url, "planUrl": None if inline else plan_url,
    }  # fmt: skip
    return _page(layers, config, extras or Extras(), inline=inline)


def grid_page(
    layers: Mapping[str, gpd.GeoDataFrame],
    code: str,
    *,
    lang: Language = "zh",
    inline: bool = False,
    sample: bool = False,
    grid_url: str | None = "/maps/grid/{code}",
    town_url: str | None = "/maps/town",
    export_url: str | None = None,
    extras: Extras | None = None,
) -> str:
    """Return one grid's page: the map on that grid, its card, and the grids inside it.

    Parameters
    ----------
    layers
        As for :func:`town_page`; at least the grid, its parents and its children.
    code
        Code of the grid.
    lang, inline, sample, grid_url, export_url, extras
        As for :func:`town_page`.
    town_url
        Address to go back to; None shows no link.

    Raises
    ------
    KeyError
        If no grid has this code, or a layer lacks a column.
    """
    named = layers["grids"].loc[layers["grids"]["code"] == code, "name"]
    if named.empty:
        raise KeyError(code)
    config = {
        "title": str(named.iloc[0]), "lang": lang, "sample": sample, "focus": code,
        "backUrl": None if inline else town_url, "gridUrl": None if inline else grid_url,
        "exportUrl": None if inline else export_url,
    }  # fmt: skip
    return _page(layers, config, extras or Extras(), inline=inline)


def plan_page(
    plan_id: int,
    *,
    lang: Language = "zh",
    sample: bool = False,
    town_url: str = "/maps/town",
    basemap: Mapping[str, Any] | None = None,
) -> str:
    """Return the planner's page; it has no inline script and fetches its data from ``/v1/plans``.

    Parameters
    ----------
    plan_id
        The plan to work on.
    lang
        Language to begin with; the page can switch.
    sample
        Mark the page as sample data.
    town_url
        Address of the published map, linked after publishing.
    basemap
        Tiles that may lie under the map: name, note, urls, and refused (words) where it is not shown.
    """
    config = {
        "plan": plan_id, "lang": lang, "sample": sample, "townUrl": town_url, "style": style_table(),
        "basemap": basemap, "kinds": {key: row[:2] for key, row in TYPES.items()},
        "categories": {key: row[:2] for key, row in CATEGORIES.items()},
    }  # fmt: skip
    return template("plan.html", config=config, lang=lang)


def _page(
    layers: Mapping[str, gpd.GeoDataFrame], config: dict[str, Any], extras: Extras, *, inline: bool
) -> str:
    figure = Figure()
    _head(figure)
    town_map = folium.Map(
        location=_centre(layers), tiles=None, zoom_start=16, max_zoom=21, min_zoom=9,
        zoom_control=False, zoom_snap=0.25, zoom_delta=0.5, wheel_px_per_zoom_level=90,
        attribution_control=False,
    )  # fmt: skip
    town_map.add_to(figure)
    for name, z_index, pointer in PANES:
        town_map.add_child(CustomPane(name, z_index=z_index, pointer_events=pointer))
    data = _collections(layers, extras)
    drawn = {name: folium_layer(name, pane="danger" if name == "danger" else "grids") for name in data}
    for layer in drawn.values():
        town_map.add_child(layer)
    config = {
        **config, "words": words(), "style": style_table(), "places": places(layers.get("features")),
        "ground": ground(layers), "relief": _relief(extras, inline=inline),
        "duty": None if extras.duty is None else duty_values(extras.duty, told=extras.told),
        "next": None if config["focus"] or extras.sign is None else _next(extras.sign, layers),
    }  # fmt: skip
    town_map.add_child(TownPanel(drawn, token("config")))
    assets.localise(figure)
    assets.number(figure)
    page = FIXED_SCALE.sub("", figure.render())
    _forbid_outside(figure)
    parts = {name: script_json(found["features"]) for name, found in data.items()}
    page = fill(page, {**parts, "config": script_json(config), "title": html.escape(_title(config))})
    if inline:
        page = assets.inline(page)
    lang = "zh-CN" if config["lang"] == "zh" else "en"
    return page.replace("<html>", f'<html lang="{lang}">', 1)


def _title(config: dict[str, Any]) -> str:
    kind = "" if config["focus"] else words()[config["lang"]]["grid_map"]
    return f"{config['title']} {kind}".strip()


def _head(figure: Figure) -> None:
    figure.header.add_child(Element(f"<title>{token('title')}</title>"), name="title")
    figure.header.add_child(
        Element('<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'),
        name="viewport",
    )
    figure.header.add_child(Element('<link rel="icon" href="data:,">'), name="icon")


def _centre(layers: Mapping[str, gpd.GeoDataFrame]) -> list[float]:
    drawn = [layers[name] for name in ("grids", "areas") if name in layers and not layers[name].empty]
    if not drawn:
        return [36.997, 110.835]
    west, south, east, north = drawn[0].total_bounds
    return [round((south + north) / 2, DIGITS), round((west + east) / 2, DIGITS)]


def _collections(layers: Mapping[str, gpd.GeoDataFrame], extras: Extras) -> dict[str, dict[str, Any]]:
    """Make one feature collection a level, and one of the danger areas, by the layer's name."""
    out = {f"grids{level}": data for level, data in grid_collections(layers["grids"]).items()}
    if extras.duty is not None:
        out["danger"] = danger_areas(extras.duty["hazards"])
    return out


def _choice(extras: Extras | None, *, inline: bool) -> dict[str, Any]:
    """Every town to choose from, and the code of what is shown; nothing in a file to take away."""
    if inline or extras is None or extras.sign is None:
        return {"towns": [], "area": ""}
    return {"towns": [list(town) for town in extras.sign.towns], "area": extras.sign.area}


def _next(sign: Signpost, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Any] | None:
    """What is to be done before grids are in force, and the outlines of the basic grids that wait for it."""
    if not sign.unpublished or "areas" not in layers:
        return None
    areas = layers["areas"]
    waiting = areas[areas["code"].isin(sign.unpublished)]
    names = dict(zip(areas["code"], areas["name"], strict=True))
    return {
        "area": sign.area, "disputes": sign.disputes, "all": len(waiting) == len(areas),
        "plans": [[number, names.get(code) or code] for number, code in sign.plans],
        "outlines": collection(waiting, ("code", "name")),
    }  # fmt: skip


def _relief(extras: Extras, *, inline: bool) -> dict[str, Any] | None:
    shade = extras.relief
    if shade is None:
        return None
    url = None if inline else extras.relief_url
    if url is None:
        url = "data:image/png;base64," + base64.b64encode(shade.png).decode()
    return {"url": url, "bounds": [[shade.south, shade.west], [shade.north, shade.east]]}


def _forbid_outside(figure: Figure) -> None:
    """Raise if the page's header links to anything but our own files."""
    for link in re.findall(r"""(?:src|href)\s*=\s*["']((?:https?:)?//[^"']+)""", figure.header.render()):
        raise OutsideAddress(link)
