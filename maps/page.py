"""Whole pages: the town's map and a grid's by folium, and the planner's page. Frames in, HTML out."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Literal

import folium
import geopandas as gpd
import numpy as np
from branca.element import Element, Figure
from folium.map import CustomPane

from maps import assets
from maps.layers import (
    AREA_COLUMNS,
    BUILDING_COLUMNS,
    DIGITS,
    FEATURE_COLUMNS,
    collection,
    folium_layer,
    grid_collections,
)
from maps.popups import TownPanel, template
from maps.style import style_table
from maps.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["zh", "en"]

PANES: tuple[tuple[str, int, bool], ...] = (
    ("ground", 205, False),
    ("grids", 210, True),
    ("water", 215, False),
    ("casing", 220, False),
    ("roads", 230, False),
    ("buildings", 420, False),
    ("upper", 430, False),
    ("chosen", 440, False),
    ("labels", 650, False),
)
"""Panes from the ground up: name, z-index, and whether they answer to the pointer.

The grids' colour lies under water, roads and buildings, their borders above them.
"""

FEATURE_PANES: dict[str, tuple[str, tuple[str, ...]]] = {
    "land": ("ground", ("landuse",)),
    "ponds": ("water", ("water_areas",)),
    "lines": ("water", ("water_lines", "walls", "gullies")),
    "roads": ("roads", ("roads", "rail")),
}
"""Our layers of features: the pane and the layers of the place file that go in, from the ground up."""


class OutsideAddress(RuntimeError):
    """A finished page would ask another server for something."""


def town_page(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    title: str,
    lang: Language = "zh",
    inline: bool = False,
    sample: bool = False,
    grid_url: str | None = "/maps/grid/{code}",
    export_url: str | None = None,
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
        Put every script and style into the page, so that it opens from disk without a network.
    sample
        Mark the page as sample data.
    grid_url
        Address of a grid's page with ``{code}`` in it; None shows no link.
    export_url
        Address of the one-file export; None shows no link.

    Raises
    ------
    KeyError
        If a layer lacks a column.
    maps.assets.UnmappedAsset, maps.assets.MissingAsset
        If a script or style is not ours to serve, or not there to be inlined.
    """
    config = {
        "title": title, "lang": lang, "sample": sample, "focus": None, "backUrl": None,
        "gridUrl": None if inline else grid_url, "exportUrl": None if inline else export_url,
    }  # fmt: skip
    return _page(layers, config, inline=inline)


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
) -> str:
    """Return one grid's page: the map on that grid, its card, and the grids inside it.

    Parameters
    ----------
    layers
        As for :func:`town_page`; at least the grid, its parents and its children.
    code
        Code of the grid.
    lang, inline, sample, grid_url, export_url
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
    return _page(layers, config, inline=inline)


def plan_page(
    plan_id: int, *, lang: Language = "zh", sample: bool = False, town_url: str = "/maps/town"
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
    """
    config = {"plan": plan_id, "lang": lang, "sample": sample, "townUrl": town_url, "style": style_table()}
    return template("plan.html", config=config, lang=lang)


def _page(layers: Mapping[str, gpd.GeoDataFrame], config: dict[str, Any], *, inline: bool) -> str:
    figure = Figure()
    _head(figure, config)
    town_map = folium.Map(
        location=_centre(layers["grids"]), tiles=None, zoom_start=16, max_zoom=21, min_zoom=9,
        zoom_control=False, zoom_snap=0.25, zoom_delta=0.5, wheel_px_per_zoom_level=90,
        attribution_control=False,
    )  # fmt: skip
    town_map.add_to(figure)
    for name, z_index, pointer in PANES:
        town_map.add_child(CustomPane(name, z_index=z_index, pointer_events=pointer))
    drawn = _layers(_once(layers))
    for layer in drawn.values():
        town_map.add_child(layer)
    places = _places(layers.get("features"))
    config = {**config, "words": words(), "style": style_table(), "places": places}
    town_map.add_child(TownPanel(drawn, config))
    assets.localise(figure)
    assets.number(figure)
    page = figure.render()
    _forbid_outside(figure)
    if inline:
        page = assets.inline(page)
    lang = "zh-CN" if config["lang"] == "zh" else "en"
    return page.replace("<html>", f'<html lang="{lang}">', 1)


def _head(figure: Figure, config: dict[str, Any]) -> None:
    kind = "" if config["focus"] else words()[config["lang"]]["grid_map"]
    title = html.escape(f"{config['title']} {kind}".strip())
    figure.header.add_child(Element("{% raw %}<title>" + title + "</title>{% endraw %}"), name="title")
    figure.header.add_child(
        Element('<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'),
        name="viewport",
    )
    figure.header.add_child(Element('<link rel="icon" href="data:,">'), name="icon")


def _once(layers: Mapping[str, gpd.GeoDataFrame]) -> Mapping[str, gpd.GeoDataFrame]:
    """Leave out features that two neighbouring basic grids brought with them alike."""
    features = layers.get("features")
    if features is None or features.empty:
        return layers
    alike = features[["layer", "class", "name"]].assign(wkb=features.geometry.to_wkb())
    return {**layers, "features": features[~alike.duplicated()]}


def _centre(grids: gpd.GeoDataFrame) -> list[float]:
    if grids.empty:
        return [36.997, 110.835]
    west, south, east, north = grids.total_bounds
    return [round((south + north) / 2, DIGITS), round((west + east) / 2, DIGITS)]


def _layers(layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, folium.GeoJson]:
    out: dict[str, folium.GeoJson] = {}

    def add(
        name: str, data: dict[str, Any], pane: str, *, canvas: bool = True, interactive: bool = False
    ) -> None:
        out[name] = folium_layer(data, name=name, pane=pane, canvas=canvas, interactive=interactive)

    if "areas" in layers:
        add("areas", collection(layers["areas"], AREA_COLUMNS), "ground")
    features = layers.get("features")
    if features is not None:
        for name, (pane, kinds) in FEATURE_PANES.items():
            rows = features[features["layer"].isin(kinds)]
            add(name, collection(rows, FEATURE_COLUMNS), pane)
    if "buildings" in layers:
        add("buildings", collection(layers["buildings"], BUILDING_COLUMNS), "buildings")
    for level, data in grid_collections(layers["grids"]).items():
        add(f"grids{level}", data, "grids", canvas=False, interactive=True)
    return out


def _places(features: gpd.GeoDataFrame | None) -> list[list[Any]]:
    """Names of places to letter on the map: name, lat, lon."""
    if features is None:
        return []
    rows = features[(features["layer"] == "places") & features["name"].notna()]
    points = rows.geometry.representative_point()
    coordinates = np.column_stack([points.y, points.x]).round(DIGITS).tolist()
    return [[str(name), *at] for name, at in zip(rows["name"], coordinates, strict=True)]


def _forbid_outside(figure: Figure) -> None:
    """Raise if the page's header links to anything but our own files."""
    for link in re.findall(r"""(?:src|href)\s*=\s*["']((?:https?:)?//[^"']+)""", figure.header.render()):
        raise OutsideAddress(link)
