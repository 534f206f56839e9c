"""OpenStreetMap extracts (.osm, .osm.pbf) read by GDAL as the layers of a place file."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio
import shapely

from spatial.errors import Where
from spatial.readers.gpkg import READ_ERRORS, Layer
from spatial.readers.vector import open_vector
from spatial.readers.words import bad_file

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.readers.vector import Source
    from spatial.readers.words import Findings

INI = Path(__file__).with_name("osm.ini")
DEAD = frozenset({"proposed", "construction", "razed", "abandoned", "disused", "platform", "no"})
UNDERGROUND = frozenset({"yes", "culvert", "flooded", "building_passage"})
USES = ("amenity", "shop", "office", "tourism", "leisure", "craft", "man_made", "historic")
HOMELY = frozenset({"shelter", "nursing_home", "social_facility", "toilets"})
"""Amenities that say nothing about whether anybody lives in the building."""
LEVELS = "building:levels"


@dataclass(frozen=True)
class Tagged:
    """One layer of a place file by tags: the extract's layer, and the values of a key that feed it."""

    source: str
    key: str
    values: frozenset[str] | None = None


WATER = frozenset({"river", "canal", "stream", "ditch", "drain"})
RAILS = frozenset({"rail", "light_rail", "narrow_gauge", "tram", "subway", "monorail"})
BY_TAGS: dict[str, tuple[Tagged, ...]] = {
    "roads": (Tagged("lines", "highway"),),
    "rail": (Tagged("lines", "railway", RAILS),),
    "water_lines": (Tagged("lines", "waterway", WATER),),
    "water_areas": (
        Tagged("multipolygons", "natural", frozenset({"water"})),
        Tagged("multipolygons", "waterway", frozenset({"riverbank", "dock"})),
        Tagged("multipolygons", "landuse", frozenset({"reservoir", "basin"})),
    ),
    "landuse": (Tagged("multipolygons", "landuse"),),
    "walls": (Tagged("lines", "barrier", frozenset({"wall", "city_wall", "retaining_wall"})),),
    "gullies": (Tagged("lines", "natural", frozenset({"gully", "earth_bank", "cliff"})),),
}
"""Which tags make which layer; the layers and their classes are those of ``spatial.policy.BARRIERS``."""


class OsmExtract:
    """An extract as a source of layers, read inside the boundary's box only.

    Parameters
    ----------
    path
        The extract.
    boundary
        A file whose first layer (or layer ``boundary``) is the outline, or an administrative relation of the
        extract by name, number, ``r123`` or ``relation/123``.
    findings
        Takes ``boundary_relation``, ``osm_shape_lost``, ``osm_outside``.

    Raises
    ------
    BadFile
        ``file_missing``, ``file_empty``, ``file_broken``, ``boundary_needed``, ``boundary_not_found``,
        ``boundary_several``.
    """

    def __init__(self, path: Path, boundary: str | None, findings: Findings) -> None:
        self.path = path
        self._findings = findings
        if not path.is_file():
            raise bad_file("file_missing", where=Where(value=str(path)))
        if path.stat().st_size == 0:
            raise bad_file("file_empty", where=Where(value=path.name))
        self._cache: dict[str, gpd.GeoDataFrame] = {}
        self._box: tuple[float, float, float, float] | None = None
        self._shape: Any = None
        self._outline_file: Source | None = None
        self._outline = self._find(boundary)
        self.layers: tuple[str, ...] = ("boundary", "buildings", *BY_TAGS, "places")

    @property
    def files(self) -> tuple[Path, ...]:
        """The extract, and the boundary's file."""
        return (self.path, *(self._outline_file.files if self._outline_file else ()))

    def focus(self, areas: NDArray[np.object_]) -> None:
        """Read only what lies in the box of the areas (EPSG:4326), and buildings only where they touch it."""
        self._box = tuple(float(v) for v in shapely.total_bounds(areas))  # type: ignore[assignment]
        self._shape = shapely.union_all(shapely.make_valid(areas))
        self._cache.clear()

    def read(self, name: str) -> Layer:
        """Read one layer of the place; raises BadFile ``osm_no_buildings``, ``file_broken``."""
        if name == "boundary":
            return self._outline
        if name == "buildings":
            return self._buildings()
        if name == "places":
            frame = self._frame("points")
            frame = frame[_text(frame, "place") != ""]
            return _layer(name, pd.DataFrame({"name": frame["name"], "kind": frame["place"]}), frame)
        parts = [self._tagged(tagged) for tagged in BY_TAGS[name]]
        rows = pd.concat([part[0] for part in parts], ignore_index=True)
        geometry = np.concatenate([part[1] for part in parts])
        if name == "landuse":
            dry = ~rows["class"].isin({"reservoir", "basin"}).to_numpy()
            rows, geometry = rows[dry].reset_index(drop=True), geometry[dry]
        return Layer(name, rows, _types(rows), geometry, "EPSG:4326", settled=True)

    def _tagged(self, tagged: Tagged) -> tuple[pd.DataFrame, NDArray[np.object_]]:
        frame = self._frame(tagged.source)
        words = _text(frame, tagged.key)
        keep = (
            (words != "") & ~np.isin(words, list(DEAD)) & ~np.isin(_text(frame, "tunnel"), list(UNDERGROUND))
        )
        if tagged.values is not None:
            keep &= np.isin(words, list(tagged.values))
        rows = pd.DataFrame({"class": words[keep], "name": frame["name"].to_numpy(object)[keep]})
        return rows, frame.geometry.to_numpy(dtype=object)[keep]

    def _buildings(self) -> Layer:
        frame = self._frame("multipolygons")
        frame = frame[~np.isin(_text(frame, "building"), ["", *DEAD])]
        if self._shape is not None and len(frame):
            shapes = frame.geometry.to_numpy(dtype=object)
            touches = shapely.intersects(shapely.make_valid(shapes), self._shape)
            if (~touches).any():
                count = str(int((~touches).sum()))
                self._findings.note("osm_outside", Where(layer="buildings", value=count))
            frame = frame[touches]
        if not len(frame):
            raise bad_file("osm_no_buildings", where=Where(layer="buildings", value=self.path.name))
        uses = [
            next((use for use in found if use and use not in HOMELY), None)
            for found in zip(*(_text(frame, key) for key in USES), strict=True)
        ]
        rows = pd.DataFrame(
            {
                "bid": _labels(frame),
                "name": frame["name"].to_numpy(object),
                "btype": _text(frame, "building"),
                "levels": [_levels(cell) for cell in _text(frame, LEVELS)],
                "height_m": _text(frame, "height"),
                "use": uses,
            }
        )
        return _layer("buildings", rows, frame)

    def _frame(self, layer: str) -> gpd.GeoDataFrame:
        if layer not in self._cache:
            self._cache[layer] = self._read(layer, bbox=self._box)
        return self._cache[layer]

    def _read(self, layer: str, **options: Any) -> gpd.GeoDataFrame:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            try:
                frame = pyogrio.read_dataframe(self.path, layer=layer, CONFIG_FILE=str(INI), **options)
            except READ_ERRORS as error:
                raise bad_file("file_broken", where=Where(value=self.path.name), why=str(error)) from error
        for words in sorted({str(w.message) for w in said if issubclass(w.category, RuntimeWarning)}):
            self._findings.note("osm_shape_lost", Where(layer=layer, field="geometry"), words)
        return frame

    def _find(self, boundary: str | None) -> Layer:
        path = Path(boundary) if boundary else None
        if path is not None and path.exists():
            self._outline_file = open_vector(path)
            return outline_of(self._outline_file, path)
        known = self._read("multipolygons", where="boundary = 'administrative' OR type = 'boundary'")
        names, labels = _text(known, "name"), _labels(known)
        listed = [f"{name} ({label})" for name, label in zip(names, labels, strict=True) if name]
        why = ", ".join(sorted(set(listed))[:20]) or "-"
        if boundary is None:
            raise bad_file("boundary_needed", where=Where(field="boundary"), why=why)
        number = boundary.removeprefix("relation/").removeprefix("r")
        wanted = f"r{number}" if number.isdigit() else boundary
        hits = np.flatnonzero((labels == wanted) | (names == boundary))
        if len(hits) != 1:
            code = "boundary_several" if len(hits) else "boundary_not_found"
            why = ", ".join(labels[hits]) or why
            raise bad_file(code, where=Where(field="boundary", value=boundary), why=why)
        hit = int(hits[0])
        self._findings.note("boundary_relation", Where(layer="boundary", ref=labels[hit], value=names[hit]))
        rows = pd.DataFrame({"name": pd.Series([names[hit] or None], dtype=object)})
        return _layer("boundary", rows, known.iloc[[hit]])


def outline_of(source: Source, path: Path) -> Layer:
    """Layer ``boundary`` of a file that holds an outline: the one of that name, else the first."""
    if not source.layers:
        raise bad_file("layer_missing", where=Where(layer="boundary"), why=path.name)
    found = source.read("boundary" if "boundary" in source.layers else source.layers[0])
    return Layer("boundary", found.rows, found.types, found.geometry, found.crs)


def _layer(name: str, rows: pd.DataFrame, frame: gpd.GeoDataFrame) -> Layer:
    rows = rows.reset_index(drop=True)
    geometry = frame.geometry.to_numpy(dtype=object)
    return Layer(name, rows, _types(rows), geometry, "EPSG:4326", settled=True)


def _types(rows: pd.DataFrame) -> dict[str, str]:
    return dict.fromkeys(map(str, rows.columns), "object")


def _text(frame: gpd.GeoDataFrame, column: str) -> NDArray[np.object_]:
    """(n,) words of a column, "" where there are none."""
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    words: NDArray[np.object_] = (
        frame[column].astype(object).where(frame[column].notna(), "").to_numpy(dtype=object)
    )
    return words


def _labels(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """(n,) names of OpenStreetMap's things: w123 for a way, r123 for a relation."""
    ways, relations = _text(frame, "osm_way_id"), _text(frame, "osm_id")
    pairs = zip(ways, relations, strict=True)
    return np.array([f"w{way}" if way else f"r{relation}" for way, relation in pairs], dtype=object)


def _levels(cell: str) -> int | None:
    """Storeys that a tag names: the highest of "5;6", whole ones of "2.5"; None where it names none."""
    found = []
    for word in cell.replace(",", ";").split(";"):
        try:
            found.append(int(float(word)))
        except (ValueError, OverflowError):
            continue
    return max(found) if found and max(found) > 0 else None
