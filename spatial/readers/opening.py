"""A place opened by its format: place file, OpenStreetMap extract, other files under a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spatial.errors import Where
from spatial.readers.gpkg import GeoPackage
from spatial.readers.mapping import Mapped, read_mapping
from spatial.readers.osm import OsmExtract, outline_of
from spatial.readers.vector import SUFFIXES, open_vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spatial.readers.gpkg import Layer
    from spatial.readers.vector import Source
    from spatial.readers.words import Findings

OSM_SUFFIXES = (".osm", ".pbf")


@dataclass(frozen=True)
class Given:
    """What the command line names: the place, and the files beside it."""

    path: Path
    mapping: Path | None = None
    boundary: str | None = None
    households: Path | None = None

    @property
    def beside(self) -> list[Path]:
        """Files that were given beside the place, for the hash."""
        outline = Path(self.boundary) if self.boundary else None
        files = (self.mapping, self.households, outline)
        return [file for file in files if file is not None and file.is_file()]


@dataclass(frozen=True)
class Opened:
    """Layers of a place, whatever the format.

    Parameters
    ----------
    source
        The place itself.
    derives
        Whether the households of its buildings are to be derived.
    outline
        The layer ``boundary`` where it comes from another file.
    """

    source: Source
    derives: bool = False
    outline: Layer | None = None

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers, an outline from elsewhere first."""
        return (*(("boundary",) if self.outline else ()), *self.source.layers)

    def read(self, name: str) -> Layer:
        """Read one layer as it stands."""
        return self.outline if self.outline and name == "boundary" else self.source.read(name)

    def focus(self, areas: NDArray[np.object_]) -> None:
        """Tell a large source which ground (EPSG:4326) is wanted."""
        if isinstance(self.source, OsmExtract):
            self.source.focus(areas)


def open_place(given: Given, findings: Findings) -> Opened:
    """Open a place; raises BadFile as its format's reader does."""
    suffix = given.path.suffix.lower()
    if suffix in OSM_SUFFIXES:
        return Opened(OsmExtract(given.path, given.boundary, findings), derives=True)
    source, derives = _source(given, findings)
    if given.boundary is None:
        return Opened(source, derives)
    if "boundary" in source.layers:
        findings.note("boundary_unused", Where(layer="boundary", value=given.boundary))
        return Opened(source, derives)
    path = Path(given.boundary)
    return Opened(source, derives, outline_of(open_vector(path), path))


def _source(given: Given, findings: Findings) -> tuple[Source, bool]:
    if given.mapping is not None:
        entries = read_mapping(given.mapping)
        buildings = entries.get("buildings")
        return Mapped(given.path, entries, findings), buildings is not None and buildings.derive
    # what is called neither way is looked at as a place file, so that the error says what is wrong with it
    known = given.path.is_dir() or given.path.suffix.lower() in SUFFIXES
    return (open_vector(given.path) if known else GeoPackage(given.path)), False
