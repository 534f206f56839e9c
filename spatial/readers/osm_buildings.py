"""Buildings of an OpenStreetMap extract: areas, ways that do not close, nodes; each under its own number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from spatial.errors import Where
from spatial.readers.osm_tags import DEAD, height_of, labels_of, layer_of, levels_of, words_of
from spatial.readers.writings import some_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.readers.gpkg import Layer
    from spatial.readers.osm_scan import Scan
    from spatial.readers.words import Findings

USES = ("amenity", "shop", "office", "tourism", "leisure", "craft", "man_made", "historic")
HOMELY = frozenset({"shelter", "nursing_home", "social_facility", "toilets"})
"""Amenities that say nothing about whether anybody lives in the building."""


def buildings_of(
    areas: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    ground: Any,
    findings: Findings,
) -> Layer:
    """Make the layer buildings of what GDAL read; ``ground`` (EPSG:4326) leaves out what does not touch it.

    Takes ``osm_way_open``, ``osm_points`` and ``osm_outside`` into ``findings``. A node inside a footprint is
    that building again and left out.
    """
    solid, open_ways, nodes = _built(areas), _built(lines), _built(points)
    closed, lone = _closed(open_ways), nodes.geometry.to_numpy(dtype=object)
    shapes = np.concatenate([solid.geometry.to_numpy(dtype=object), closed])
    free = _outside(lone, shapes)
    rows = pd.concat(
        [
            _rows(solid, labels_of(solid)),
            _rows(open_ways, "w" + words_of(open_ways, "osm_id")),
            _rows(nodes[free], "n" + words_of(nodes, "osm_id")[free]),
        ],
        ignore_index=True,
    )
    geometry = np.concatenate([shapes, lone[free]])
    if ground is not None and len(geometry):
        # what has no shape lies nowhere: it is set aside by its number further on
        touches = shapely.is_missing(geometry) | shapely.intersects(shapely.make_valid(geometry), ground)
        if not touches.all():
            findings.note("osm_outside", Where(layer="buildings", value=str(int((~touches).sum()))))
        rows, geometry = rows[touches], geometry[touches]
    bids = rows["bid"].tolist()
    made = set("w" + words_of(open_ways, "osm_id"))
    _tell("osm_way_open", [bid for bid in bids if bid in made], findings)
    _tell("osm_points", [bid for bid in bids if bid.startswith("n")], findings)
    return layer_of("buildings", rows, geometry)


def note_lost(scan: Scan | None, made: frozenset[int], name: str, findings: Findings) -> None:
    """Name the shapes of an extract that could not be made, or not from all their nodes.

    ``made`` are the relations of which GDAL made a shape.
    """
    if scan is None:
        findings.note("osm_not_scanned", Where(layer="buildings", value=name))
        return
    feeds = {"buildings": ("building",), "water_areas": ("natural", "waterway"), "landuse": ("landuse",)}
    broken = scan.broken()
    for layer, keys in feeds.items():
        lost = [f"r{r.id}" for r in broken if any(key in r.tags for key in keys)]
        _tell("osm_relation_broken", lost, findings, layer)
    _tell("osm_relation_open", [f"r{r.id}" for r in scan.whole() if r.id not in made], findings)
    _tell("osm_relation_untyped", [f"r{r.id}" for r in scan.untyped()], findings)
    short = scan.short()
    _tell("osm_way_short", [f"w{way}" for way in short], findings)
    _tell("osm_way_incomplete", [f"w{way}" for way in scan.incomplete() if way not in set(short)], findings)


def _tell(code: str, labels: Sequence[str], findings: Findings, layer: str = "buildings") -> None:
    if labels:
        findings.note(code, Where(layer=layer, field="geometry", value=str(len(labels))), some_of(labels))


def _built(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame[~np.isin(words_of(frame, "building"), ["", *DEAD])]


def _closed(ways: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Outlines of ways that do not end where they began; an empty polygon for a straight or short one."""
    made = [
        shapely.Polygon(xy) if len(np.unique(xy, axis=0)) > 2 else shapely.Polygon()
        for xy in map(shapely.get_coordinates, ways.geometry)
    ]
    out = np.empty(len(made), dtype=object)
    out[:] = made
    return out


def _outside(points: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """(n,) whether each point lies in none of the shapes."""
    free = np.ones(len(points), dtype=bool)
    if len(points) and len(shapes):
        free[shapely.STRtree(shapely.make_valid(shapes)).query(points, predicate="intersects")[0]] = False
    return free


def _rows(frame: gpd.GeoDataFrame, bids: NDArray[np.object_]) -> pd.DataFrame:
    uses = [
        next((use for use in found if use and use not in HOMELY), None)
        for found in zip(*(words_of(frame, key) for key in USES), strict=True)
    ]
    return pd.DataFrame(
        {
            "bid": bids,
            "name": words_of(frame, "name"),
            "btype": words_of(frame, "building"),
            "levels": [levels_of(cell) for cell in words_of(frame, "building:levels")],
            "height_m": [height_of(cell) for cell in words_of(frame, "height")],
            "use": uses,
        },
        dtype=object,
    )
