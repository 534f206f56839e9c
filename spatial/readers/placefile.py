"""A GeoPackage in, a :class:`~spatial.ground.model.PlaceFile` out (docs/place-file.md)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from spatial.errors import Where
from spatial.ground.model import PlaceFile
from spatial.policy import LINGQUAN, Policy
from spatial.readers.areas import Flags, read_areas
from spatial.readers.buildings import inside, read_bids, read_buildings
from spatial.readers.features import FEATURE_LAYERS, joined, no_places, read_features, read_places
from spatial.readers.gpkg import GeoPackage
from spatial.readers.register import empty_register, occupied, read_register
from spatial.readers.system import given_system, refuse_swapped, system_of, to_4326
from spatial.readers.words import Findings, bad_file

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    import numpy as np
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
    policy: Policy = LINGQUAN,  # noqa: ARG001 - statuses become the policy's own when a town has its own words
) -> PlaceFile:
    """Read and check a place file.

    Parameters
    ----------
    path
        GeoPackage with the layers of docs/place-file.md.
    code, name, division, parent
        Fill what the boundary lacks; what the file says stays.
    crs
        System of the layers that declare none, or are known to be wrong (``wgs84``, ``cgcs2000``, ``gcj02``,
        ``bd09``, ``EPSG:n``).
    policy
        The town's policy.

    Returns
    -------
    PlaceFile
        Every geometry in EPSG:4326, valid; every code and bid text; ``report`` lists what was repaired, set
        aside or noted.

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
    package = GeoPackage(Path(path))
    for needed in NEEDED:
        if needed not in package.layers:
            raise bad_file("layer_missing", where=Where(layer=needed), why=", ".join(package.layers) or "-")
    findings = Findings()
    for other in package.layers:
        if other not in KNOWN:
            findings.note("layer_ignored", Where(layer=other))
    source = _Source(package, given, findings)
    areas, system = _areas(source, Flags(code, name, division, parent))
    buildings, register = _buildings(source, areas)
    features = joined(
        [read_features(*source.spatial(layer)[:2], findings) for layer in source.present(FEATURE_LAYERS)]
    )
    spots = [source.spatial(layer)[:2] for layer in source.present(("places",))]
    places = read_places(*spots[0], findings) if spots else no_places()
    findings.refuse_if_faulty()
    buildings = inside(buildings, areas, findings)
    register = register[register["bid"].isin(set(buildings["bid"]))].reset_index(drop=True)
    return PlaceFile(
        areas=areas,
        buildings=buildings,
        households=register,
        features=features,
        places=places,
        crs=system.name,
        sha256=_sha256(package.path, areas, system if given else None),
        report=findings.report,
    )


class _Source:
    """The file, the system that was given, and what reading found."""

    def __init__(self, package: GeoPackage, given: System | None, findings: Findings) -> None:
        self.package, self.given, self.findings = package, given, findings

    def present(self, names: tuple[str, ...]) -> list[str]:
        """Layers of these names that the file has."""
        return [name for name in names if name in self.package.layers]

    def spatial(self, name: str) -> tuple[Layer, NDArray[np.object_], System]:
        """Read a layer with geometry, and its geometries in EPSG:4326."""
        layer = self.package.read(name)
        if layer.geometry is None:
            raise bad_file("column_missing", where=Where(layer=name, field="geometry"))
        if name in NEEDED and not len(layer.rows):
            raise bad_file("layer_empty", where=Where(layer=name))
        system = system_of(layer, self.given, self.findings)
        return layer, to_4326(layer, system), system


def _areas(source: _Source, flags: Flags) -> tuple[gpd.GeoDataFrame, System]:
    layer, geometry, system = source.spatial("boundary")
    return read_areas(layer, geometry, flags, source.findings), system


def _buildings(source: _Source, areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    layer, geometry, system = source.spatial("buildings")
    bids = read_bids(layer, source.findings)
    register = empty_register()
    if source.present(("households",)):
        register = read_register(source.package.read("households"), set(bids), source.findings)
    named = occupied(register).reindex(pd.unique(register["bid"]), fill_value=0)
    buildings = read_buildings(layer, geometry, bids, named, source.findings)
    shapes = areas.geometry.to_numpy(dtype=object)
    if not areas.geometry.is_empty.all():
        refuse_swapped(layer, system, geometry, shapes)
    return buildings, register


def _sha256(path: Path, areas: gpd.GeoDataFrame, given: System | None) -> str:
    """Hash of the file's bytes, of what the areas are called in the end, and of the system that was given."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    called = areas[["code", "name", "division", "parent"]].to_numpy().tolist()
    digest.update(json.dumps([called, given.name if given else None], ensure_ascii=False).encode())
    return digest.hexdigest()
