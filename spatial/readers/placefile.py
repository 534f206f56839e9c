"""A place in, a :class:`~spatial.ground.model.PlaceFile` out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from spatial.errors import Where
from spatial.ground.model import PlaceFile
from spatial.policy import LINGQUAN, Policy
from spatial.readers.areas import Flags, note_counties, read_areas
from spatial.readers.buildings import inside, note_groups, read_bids, read_buildings
from spatial.readers.cells import NO
from spatial.readers.crossings import note_crossings
from spatial.readers.derive import DERIVED, DerivedRule, derive
from spatial.readers.features import FEATURE_LAYERS, joined, no_places, read_features, read_places
from spatial.readers.hints import note_system
from spatial.readers.household_register import read_register
from spatial.readers.opening import Given, Opened, open_place
from spatial.readers.ridges import with_ridges
from spatial.readers.rooms import empty_register, occupied, read_rooms
from spatial.readers.system import given_system, refuse_swapped, system_of, to_4326
from spatial.readers.terrain import check_terrain, terrain_of
from spatial.readers.text import texts
from spatial.readers.words import Findings, bad_file

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.readers.gpkg import Layer
    from spatial.readers.system import System

NEEDED = ("boundary", "buildings")
KNOWN = frozenset({*NEEDED, *FEATURE_LAYERS, "places", "households", "about"})


def read_place(
    path: str | os.PathLike[str],
    *,
    code: str | None = None,
    name: str | None = None,
    division: str | None = None,
    parent: str | None = None,
    crs: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    boundary: str | os.PathLike[str] | None = None,
    households: str | os.PathLike[str] | None = None,
    rule: DerivedRule = DERIVED,
    policy: Policy = LINGQUAN,
) -> PlaceFile:
    """Read and check a place.

    Parameters
    ----------
    path
        GeoPackage with the layers of docs/place-file.md; or an OpenStreetMap extract (.osm, .osm.pbf), a
        GeoJSON, Shapefile, KML file, a zip or a folder of such files (docs/readers.md).
    code, name, division, parent
        Fill what the boundary lacks; what the file says stays.
    crs
        System of the layers that declare none, or are known to be wrong (``wgs84``, ``cgcs2000``, ``gcj02``,
        ``bd09``, ``EPSG:n``).
    mapping
        JSON or TOML file that says which layer and column is which.
    boundary
        Outline of a place that has none: a file, or an administrative relation of an OpenStreetMap extract by
        name or number.
    households
        Register of households (XLSX, CSV) by building, stairwell, floor, room.
    rule
        How households are derived where the source has none (OpenStreetMap; ``derive`` in a mapping).
    policy
        The town's policy.

    Returns
    -------
    PlaceFile
        Every geometry in EPSG:4326, valid; every code and bid text; ``report`` lists what was repaired, set
        aside, derived or noted.

    Raises
    ------
    BadFile
        Missing, empty, broken file; missing layer, column or coordinate system.
    BadRows
        Rows that can't be taken, all listed in ``where``.
    BadCoordinates
        Swapped, not finite, out of range, nothing inside; an unknown ``crs``.
    """
    given = given_system(crs)
    findings = Findings()
    told = Given(
        Path(path), Path(mapping) if mapping else None, str(boundary) if boundary else None,
        Path(households) if households else None,
    )  # fmt: skip
    source = _Source(_opened(told, findings), given, findings, rule)
    areas, system = _areas(source, Flags(code, name, division, parent))
    buildings, register, features, derived = _lived(source, areas, told.households)
    places = (
        read_places(*source.spatial("places")[:2], findings) if source.present(("places",)) else no_places()
    )
    findings.refuse_if_faulty()
    check_terrain(Path(path), areas, findings)
    note_counties(areas, findings)
    _note_system(buildings, areas, findings)
    buildings = inside(buildings, areas, findings)
    note_groups(buildings, _urban(buildings.geometry.to_numpy(dtype=object), areas), findings)
    features = with_ridges(Path(path), areas, buildings, features, policy, findings)
    note_crossings(buildings, features, findings)
    register = register[register["bid"].isin(set(buildings["bid"]))].reset_index(drop=True)
    land = terrain_of(Path(path))
    files = [*source.opened.source.files, *told.beside, *([land] if land.exists() else [])]
    notes = _notes(source)
    return PlaceFile(
        areas=areas,
        buildings=buildings,
        households=register,
        features=features,
        places=places,
        crs=system.name,
        sha256=_sha256(files, areas, system if given else None),
        report=findings.report,
        sample=notes.get("sample", "否").lower() not in NO,
        town=notes.get("town", ""),
        derived=derived & frozenset(buildings["bid"]),
    )


@dataclass(frozen=True)
class _Source:
    """The opened place, the system that was given, what reading found, the rule of derived households."""

    opened: Opened
    given: System | None
    findings: Findings
    rule: DerivedRule

    def present(self, names: tuple[str, ...]) -> list[str]:
        """Layers of these names that the place has."""
        return [name for name in names if name in self.opened.layers]

    def spatial(self, name: str) -> tuple[Layer, NDArray[np.object_], System]:
        """Read a layer with geometry, and its geometries in EPSG:4326."""
        layer = self.opened.read(name)
        if layer.geometry is None:
            raise bad_file("column_missing", where=Where(layer=name, field="geometry"))
        if name in NEEDED and not len(layer.rows):
            raise bad_file("layer_empty", where=Where(layer=name))
        for row in layer.closed:
            self.findings.note("ring_closed", Where(layer=name, row=row + 1, field="geometry"))
        system = system_of(layer, self.given, self.findings)
        return layer, to_4326(layer, system), system


def _notes(source: _Source) -> dict[str, str]:
    """What the table ``about`` says, by key."""
    if not source.present(("about",)):
        return {}
    rows = source.opened.read("about").rows
    if not {"key", "value"} <= set(rows.columns):
        return {}
    notes = zip(texts(rows["key"], len(rows)), texts(rows["value"], len(rows)), strict=True)
    return {key: value for key, value in notes if key and value}


def _opened(told: Given, findings: Findings) -> Opened:
    opened = open_place(told, findings)
    for needed in NEEDED:
        if needed not in opened.layers:
            raise bad_file("layer_missing", where=Where(layer=needed), why=", ".join(opened.layers) or "-")
    for other in opened.layers:
        if other not in KNOWN:
            findings.note("layer_ignored", Where(layer=other))
    return opened


def _areas(source: _Source, flags: Flags) -> tuple[gpd.GeoDataFrame, System]:
    layer, geometry, system = source.spatial("boundary")
    areas = read_areas(layer, geometry, flags, source.findings)
    source.opened.focus(areas.geometry.to_numpy(dtype=object))
    return areas, system


def _lived(
    source: _Source, areas: gpd.GeoDataFrame, households: Path | None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, gpd.GeoDataFrame, frozenset[str]]:
    """Buildings, who lives in them, the features around them, and the bids whose households are derived."""
    layer, geometry, system = source.spatial("buildings")
    bids = read_bids(layer, source.findings)
    register = _register(source, layer, bids, households)
    features = joined(
        [read_features(*source.spatial(name)[:2], source.findings) for name in source.present(FEATURE_LAYERS)]
    )
    if source.opened.derives:
        landuse = features[features["layer"] == "landuse"]
        urban = _urban(geometry, areas)
        counts = derive(layer.rows, geometry, urban, landuse, source.rule, source.findings)
        layer.rows["households"], layer.rows["derived"] = counts, True
    elif households is not None and "households" not in layer.rows:
        layer.rows["households"] = 0
        unnamed = len(set(bids) - set(register["bid"]))
        source.findings.note("households_not_in_register", Where(layer=layer.name, value=str(unnamed)))
    named = occupied(register).reindex(pd.unique(register["bid"]), fill_value=0)
    buildings = read_buildings(layer, geometry, bids, named, source.findings)
    if not areas.geometry.is_empty.all():
        refuse_swapped(layer, system, geometry, areas.geometry.to_numpy(dtype=object))
    return buildings, register, features, _derived(layer, bids, register)


def _derived(layer: Layer, bids: list[str], register: pd.DataFrame) -> frozenset[str]:
    """Buildings whose households nobody counted, by the column ``derived``; those of the register are."""
    said = texts(layer.rows.get("derived"), len(bids))
    marked = {
        bid for bid, word in zip(bids, said, strict=True) if word is not None and word.lower() not in NO
    }
    return frozenset(marked - set(register["bid"]))


def _register(source: _Source, layer: Layer, bids: list[str], households: Path | None) -> pd.DataFrame:
    """Rows of the table households, and of the register given, which beats it by building."""
    findings = source.findings
    rows = empty_register()
    if source.present(("households",)):
        rows = read_rooms(source.opened.read("households"), set(bids), findings)
    if households is None:
        return rows
    names = texts(layer.rows.get("name"), len(bids))
    given = read_register(households, pd.DataFrame({"bid": bids, "name": names}, dtype=object))
    findings.report += given.report
    if not len(rows):
        return given.rows
    findings.note("register_replaces", Where(layer="households", value=str(len(rows))))
    kept = rows[~rows["bid"].isin(set(given.rows["bid"]))]
    return pd.concat([kept, given.rows], ignore_index=True) if len(kept) else given.rows


def _urban(geometry: NDArray[np.object_], areas: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """(n,) whether each building stands in a community rather than in a village."""
    urban = np.zeros(len(geometry), dtype=bool)
    towns = areas.geometry.to_numpy(dtype=object)[(areas["division"] == "community").to_numpy()]
    if len(towns):
        hits = shapely.STRtree(shapely.centroid(geometry)).query(towns, predicate="intersects")
        urban[hits[1]] = True
    return urban


def _note_system(buildings: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, findings: Findings) -> None:
    centres = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy(dtype=object)))
    note_system("buildings", centres, shapely.union_all(areas.geometry.to_numpy(dtype=object)), findings)


def _sha256(files: list[Path], areas: gpd.GeoDataFrame, given: System | None) -> str:
    """Hash of the files' bytes, of what the areas are called in the end, and of the system that was given."""
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    called = areas[["code", "name", "division", "parent"]].to_numpy().tolist()
    digest.update(json.dumps([called, given.name if given else None], ensure_ascii=False).encode())
    return digest.hexdigest()
