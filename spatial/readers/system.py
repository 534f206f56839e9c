"""Coordinate systems of a place file: what it declares or is given, to EPSG:4326; nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import ProjError

from spatial.errors import Where
from spatial.ground.crs import SYSTEMS, canonical, to_wgs84
from spatial.readers.words import bad_coordinates, bad_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.readers.gpkg import Layer
    from spatial.readers.words import Findings

_NAMES = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490", "gcj02": "GCJ-02", "bd09": "BD-09"}
_FAR_M = 50_000.0
"""Farther than this from the boundary a building can't belong to the place."""
_M_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class System:
    """One coordinate system: its name in a PlaceFile, and how its coordinates become EPSG:4326.

    Parameters
    ----------
    name
        ``EPSG:n``, ``GCJ-02``, ``BD-09``, or the declared name where it has no EPSG code.
    geographic
        Whether its coordinates are degrees of longitude and latitude.
    given
        The word for :func:`spatial.ground.crs.to_wgs84`; None where ``declared`` is used.
    declared
        The file's own definition where no word names it.
    """

    name: str
    geographic: bool
    given: str | None
    declared: pyproj.CRS | None = None

    def to_4326(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bring (N, 2) coordinates of this system to degrees; not finite where there is no such place."""
        if self.name in {"EPSG:4326", "EPSG:4490"}:
            return xy
        if self.given is not None and self.given in {"gcj02", "bd09"}:
            return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], self.given))
        move = pyproj.Transformer.from_crs(self.declared or self.given, 4326, always_xy=True)
        return np.column_stack(move.transform(xy[:, 0], xy[:, 1]))


def given_system(crs: str | None) -> System | None:
    """System that ``--crs`` names; raises BadCoordinates ``unknown_crs`` listing the systems."""
    if crs is None:
        return None
    word = canonical(crs)
    named = pyproj.CRS.from_user_input(word) if word.startswith("EPSG") else None
    if named is not None and not _of_places(named):
        raise bad_file("crs_unknown", where=Where(layer="--crs", field="crs", value=word))
    geographic = named is None or bool(named.is_geographic)
    return System(_NAMES.get(word, word), geographic, word)


def system_of(layer: Layer, given: System | None, findings: Findings) -> System:
    """System of one layer: what it declares; what was given where it declares none or both are degrees.

    GCJ-02 and BD-09 have no code, so that a file in them declares WGS 84 or nothing: there the given one
    holds and the report says so.

    Raises
    ------
    BadFile
        ``crs_missing``, ``crs_unknown`` or ``crs_conflict``.
    """
    where = Where(layer=layer.name, field="crs", value=layer.crs)
    if layer.crs is None:
        if given is None:
            raise bad_file("crs_missing", where=where, why=", ".join(SYSTEMS))
        return given
    try:
        declared = pyproj.CRS.from_user_input(layer.crs)
        if _of_places(declared):
            pyproj.Transformer.from_crs(declared, 4326, always_xy=True)  # a unit may be no unit
    except ProjError as error:
        if given is not None:
            findings.note("crs_by_flag", where, given.name)
            return given
        raise bad_file("crs_unknown", where=where) from error
    if not _of_places(declared):
        raise bad_file("crs_unknown", where=where)
    epsg = declared.to_epsg()
    name = f"EPSG:{epsg}" if epsg else str(declared.name)
    if given is None or given.name == name or layer.settled:
        return System(name, bool(declared.is_geographic), None, declared)
    if not (given.geographic and declared.is_geographic):
        raise bad_file("crs_conflict", where=where, why=given.name)
    findings.note("crs_by_flag", where, given.name)
    return given


def _of_places(crs: pyproj.CRS) -> bool:
    """Say whether a system tells places on the ground: one of heights or of the earth's centre does not."""
    return bool(crs.is_geographic or crs.is_projected)


def to_4326(layer: Layer, system: System) -> NDArray[np.object_]:
    """Geometries of a layer in EPSG:4326, two-dimensional; empty and missing ones as they are.

    Raises
    ------
    BadCoordinates
        ``not_finite``, ``lonlat_swapped`` or ``out_of_range``, every row listed.
    """
    assert layer.geometry is not None  # noqa: S101 - only called for layers with geometry
    flat = shapely.force_2d(layer.geometry)
    xy, owner = shapely.get_coordinates(flat, return_index=True)
    _refuse("not_finite", layer.name, ~np.isfinite(xy).all(axis=1), xy, owner)
    if system.geographic:
        x, y = np.abs(xy[:, 0]), np.abs(xy[:, 1])
        high = y > 90.0
        if high.any() and bool(((x <= 90.0) & (y <= 180.0))[high].all()):
            _refuse("lonlat_swapped", layer.name, high, xy, owner)
        _refuse("out_of_range", layer.name, high | (x > 180.0), xy, owner)
    lonlat = system.to_4326(xy)
    outside = (
        ~np.isfinite(lonlat).all(axis=1) | (np.abs(lonlat[:, 0]) > 180.0) | (np.abs(lonlat[:, 1]) > 90.0)
    )
    _refuse("out_of_range", layer.name, outside, xy, owner)
    moved: NDArray[np.object_] = shapely.set_coordinates(flat.copy(), lonlat)
    return moved


def refuse_swapped(
    layer: Layer, system: System, geometry: NDArray[np.object_], areas: NDArray[np.object_]
) -> None:
    """Refuse a layer whose rows lie far from the boundary, but inside its box once x and y change places.

    Parameters
    ----------
    layer, system
        The layer as it stands in the file, and its system.
    geometry
        (n,) its geometries in EPSG:4326.
    areas
        Boundaries in EPSG:4326.

    Raises
    ------
    BadCoordinates
        ``lonlat_swapped``, every row listed.
    """
    box = shapely.total_bounds(areas)
    points = _points(geometry)
    far = _distance_m(points, box) > _FAR_M
    if not far.any():
        return
    assert layer.geometry is not None  # noqa: S101 - only called for layers with geometry
    turned = _points(shapely.force_2d(layer.geometry[far]))[:, ::-1]
    if system.geographic:
        turned = np.where(np.abs(turned) <= [180.0, 90.0], turned, np.nan)
    rows = np.flatnonzero(far)
    known = np.isfinite(turned).all(axis=1)
    back = np.full(len(turned), np.inf)
    if known.any():
        back[known] = _distance_m(system.to_4326(turned[known]), box)
    near = back == 0.0
    _refuse("lonlat_swapped", layer.name, near, points[far], rows)


def distance_km(geometry: NDArray[np.object_], areas: NDArray[np.object_]) -> float:
    """Distance in km of the nearest geometry's middle from the areas, for a message; both EPSG:4326."""
    points = _points(geometry)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return float("nan")
    south, north = shapely.total_bounds(areas)[[1, 3]]
    scale = np.array([np.cos(np.radians((south + north) / 2.0)), 1.0])
    around = shapely.transform(shapely.union_all(areas), lambda xy: xy * scale)
    shapely.prepare(around)
    return float(shapely.distance(shapely.points(points * scale), around).min()) * _M_PER_DEGREE / 1000.0


def km_text(km: float) -> str:
    """A distance in km as a message says it: whole from 10 km on, else to 10 m.

    >>> km_text(412.4), km_text(0.034)
    ('412', '0.03')
    """
    return f"{km:.0f}" if km >= 10.0 else f"{km:.2f}"


def _points(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """(n, 2) middle of each geometry's box, NaN where it is empty."""
    west, south, east, north = shapely.bounds(geometry).T
    return np.column_stack([(west + east) / 2.0, (south + north) / 2.0])


def _distance_m(points: NDArray[np.float64], box: Any) -> NDArray[np.float64]:
    """Rough metres from points to a box in degrees; exact enough to tell 50 km."""
    dx = np.maximum(np.maximum(box[0] - points[:, 0], points[:, 0] - box[2]), 0.0)
    dy = np.maximum(np.maximum(box[1] - points[:, 1], points[:, 1] - box[3]), 0.0)
    dx = dx * np.cos(np.radians((box[1] + box[3]) / 2.0))
    metres: NDArray[np.float64] = np.hypot(dx, dy) * _M_PER_DEGREE
    return metres


def _refuse(
    code: str, layer: str, bad: NDArray[np.bool_], xy: NDArray[np.float64], owner: NDArray[np.int64]
) -> None:
    if not bad.any():
        return
    rows, first = np.unique(owner[bad], return_index=True)
    values = xy[bad][first]
    raise bad_coordinates(
        code,
        [
            Where(layer=layer, row=int(row) + 1, field="geometry", value=f"{value[0]:.10g}, {value[1]:.10g}")
            for row, value in zip(rows, values, strict=True)
        ],
    )
