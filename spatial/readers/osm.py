"""OpenStreetMap extracts (.osm, .osm.pbf) read by GDAL as the layers of a place file."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from spatial.errors import Where
from spatial.readers.gpkg import READ_ERRORS, Layer, read_frame
from spatial.readers.osm_buildings import buildings_of, note_lost
from spatial.readers.osm_crossings import crossings_of
from spatial.readers.osm_outline import Outlines
from spatial.readers.osm_scan import scan
from spatial.readers.osm_tags import DEAD, labels_of, layer_of, words_of
from spatial.readers.vector import open_vector
from spatial.readers.words import bad_file

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.readers.vector import Source
    from spatial.readers.words import Findings

INI = Path(__file__).with_name("osm.ini")
OUTLINES = "boundary = 'administrative' OR type = 'boundary' OR place IS NOT NULL"
UNDERGROUND = frozenset({"yes", "culvert", "flooded", "building_passage"})


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
    "ridges": (Tagged("lines", "natural", frozenset({"ridge", "arete"})),),
}
"""Which tags make which layer; the layers and their classes are those of ``spatial.policy.BARRIERS``."""


class OsmExtract:
    """An extract as a source of layers, read inside the boundary's box only.

    Parameters
    ----------
    path
        The extract.
    boundary
        A file whose first layer (or layer ``boundary``) is the outline; or an area of the extract by name or
        number (``r123``, ``relation/123``, ``w123``); or several areas, each with its code
        (``r123=141126100001,r124=141126100200``).
    findings
        Takes what reading notes, and the shapes that could not be made.

    Raises
    ------
    BadFile
        ``file_missing``, ``file_empty``, ``file_broken``, ``boundary_needed``, ``boundary_not_found``,
        ``boundary_not_whole``, ``boundary_several``.
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
        self._scanned = scan(path)
        self._outline = self._find(boundary)
        note_lost(self._scanned, self._made(), path.name, findings)
        self.layers: tuple[str, ...] = ("boundary", "buildings", *BY_TAGS, "crossings", "places")

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
            frame = frame[words_of(frame, "place") != ""]
            rows = pd.DataFrame({"name": frame["name"], "kind": frame["place"]})
            return layer_of(name, rows, frame.geometry.to_numpy(dtype=object))
        if name == "crossings":
            return layer_of(name, *crossings_of(self._frame("points"), self._frame("lines")))
        parts = [self._tagged(tagged) for tagged in BY_TAGS[name]]
        rows = pd.concat([part[0] for part in parts], ignore_index=True)
        geometry = np.concatenate([part[1] for part in parts])
        if name == "landuse":
            dry = ~rows["class"].isin({"reservoir", "basin"}).to_numpy()
            rows, geometry = rows[dry].reset_index(drop=True), geometry[dry]
        return layer_of(name, rows, geometry)

    def _tagged(self, tagged: Tagged) -> tuple[pd.DataFrame, NDArray[np.object_]]:
        frame = self._frame(tagged.source)
        words = words_of(frame, tagged.key)
        keep = (
            (words != "")
            & ~np.isin(words, list(DEAD))
            & ~np.isin(words_of(frame, "tunnel"), list(UNDERGROUND))
        )
        if tagged.values is not None:
            keep &= np.isin(words, list(tagged.values))
        rows = pd.DataFrame({"class": words[keep], "name": frame["name"].to_numpy(object)[keep]})
        return rows, frame.geometry.to_numpy(dtype=object)[keep]

    def _buildings(self) -> Layer:
        frames = (self._frame("multipolygons"), self._frame("lines"), self._frame("points"))
        layer = buildings_of(*frames, self._shape, self._findings)
        if not len(layer.rows):
            raise bad_file("osm_no_buildings", where=Where(layer="buildings", value=self.path.name))
        return layer

    def _frame(self, layer: str) -> gpd.GeoDataFrame:
        if layer not in self._cache:
            self._cache[layer] = self._read(layer, bbox=self._box)
        return self._cache[layer]

    def _read(self, layer: str, **options: Any) -> gpd.GeoDataFrame:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            frame, mended = self._of_gdal(layer, **options)
        for words in sorted({str(w.message) for w in said if issubclass(w.category, RuntimeWarning)}):
            self._findings.note("osm_shape_lost", Where(layer=layer, field="geometry"), words)
        for label in labels_of(frame.iloc[list(mended)]).tolist():
            self._findings.note("osm_ring_closed", Where(layer=layer, field="geometry", value=label))
        return frame

    def _of_gdal(self, layer: str, **options: Any) -> tuple[Any, tuple[int, ...]]:
        """Rows of a layer and those whose rings had to be closed; BadFile ``file_broken``."""
        try:
            return read_frame(self.path, layer, CONFIG_FILE=str(INI), **options)
        except READ_ERRORS as error:
            raise bad_file("file_broken", where=Where(value=self.path.name), why=str(error)) from error

    def _made(self) -> frozenset[int]:
        """Relations of which GDAL made a shape, wherever they lie."""
        if self._scanned is None or not self._scanned.whole():
            return frozenset()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # told when the shapes are read
            found, _ = self._of_gdal("multipolygons", columns=["osm_id"], read_geometry=False)
        return frozenset(int(number) for number in words_of(found, "osm_id") if number)

    def _find(self, boundary: str | None) -> Layer:
        path = Path(boundary) if boundary else None
        if path is not None and path.exists():
            self._outline_file = open_vector(path)
            return outline_of(self._outline_file, path)
        known = self._read("multipolygons", where=OUTLINES)
        official = (words_of(known, "boundary") != "") | (words_of(known, "type") == "boundary")
        outlines = Outlines(
            words_of(known, "name"), labels_of(known), words_of(known, "admin_level"), official, self._scanned
        )
        hits, rows = outlines.choose(boundary, self._findings)
        return layer_of("boundary", rows, known.geometry.to_numpy(dtype=object)[hits])


def outline_of(source: Source, path: Path) -> Layer:
    """Layer ``boundary`` of a file that holds an outline: the one of that name, else the first."""
    if not source.layers:
        raise bad_file("layer_missing", where=Where(layer="boundary"), why=path.name)
    found = source.read("boundary" if "boundary" in source.layers else source.layers[0])
    return replace(found, name="boundary")
