"""Coordinate systems and the lattice: the one file that knows EPSG codes.

Everything stored is EPSG:4326 in degrees (longitude, latitude); everything computed is whole centimetres on a
town's :class:`Lattice`. GCJ-02 and BD-09 have no EPSG code and no exact inverse; the inverse here is the
fixed-point iteration, six rounds, below 2 µm (four leave 12 µm in BD-09).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from spatial.errors import BadCoordinates

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

WGS84 = 4326
CGCS2000 = 4490
SYSTEMS = ("wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:n")
"""What ``crs`` may say; n is any code of the EPSG register."""

CM = 100.0
LIMIT_CM = float(2**23)
"""Lattice coordinates stay below this, so that cross products are exact in float64."""

_GCJ_A = 6378245.0
_GCJ_EE = 0.00669342162296594323
_GCJ_BOX = (72.004, 137.8347, 0.8293, 55.8271)
_BD_K = np.pi * 3000.0 / 180.0
_INVERSE_ROUNDS = 6


def metric_epsg(lon: float, lat: float) -> int:
    """EPSG code of the metric CRS at a place.

    CGCS2000 3-degree Gauss-Krüger without zone prefix (4534 + n, 75E..135E) inside China, UTM elsewhere.

    Examples
    --------
    >>> metric_epsg(110.84, 37.0), metric_epsg(11.5, 50.0), metric_epsg(-70.6, -33.4)
    (4546, 32632, 32719)
    """
    if 73.5 <= lon <= 135.1 and 3.0 <= lat <= 53.6:
        return 4534 + round((lon - 75.0) / 3.0)
    zone = min(int((lon + 180.0) // 6.0), 59) + 1
    return (32600 if lat >= 0 else 32700) + zone


@lru_cache(maxsize=64)
def _transformer(source: int, target: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


@dataclass(frozen=True)
class Lattice:
    """Integer centimetres from a town's origin in the town's metric CRS.

    Parameters
    ----------
    epsg
        Metric CRS, axes easting and northing in metres.
    origin_e, origin_n
        Origin in whole metres of that CRS.
    """

    epsg: int
    origin_e: int
    origin_n: int

    @classmethod
    def at(cls, lon: float, lat: float) -> Lattice:
        """Lay a lattice for the town around a point (degrees, EPSG:4326); the origin is rounded to 1 km."""
        epsg = metric_epsg(lon, lat)
        e, n = _transformer(WGS84, epsg).transform(lon, lat)
        return cls(epsg, round(e / 1000.0) * 1000, round(n / 1000.0) * 1000)

    def metres(self, lonlat: Array) -> Array:
        """Turn (N, 2) degrees of EPSG:4326 into metres of the metric CRS, from this lattice's origin."""
        e, n = _transformer(WGS84, self.epsg).transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([np.asarray(e) - self.origin_e, np.asarray(n) - self.origin_n])

    def coords_to_lattice(self, lonlat: Array) -> Array:
        """Turn (N, 2) degrees of EPSG:4326 into whole centimetres; raises BadCoordinates beyond 83 km."""
        out = np.rint(self.metres(lonlat) * CM)
        if out.size and not (np.abs(out) < LIMIT_CM).all():
            bad = int(np.flatnonzero(~(np.abs(out) < LIMIT_CM).all(axis=1))[0])
            lon, lat = float(lonlat[bad, 0]), float(lonlat[bad, 1])
            raise BadCoordinates(
                "beyond_lattice",
                zh=f"坐标 ({lon:.6f}, {lat:.6f}) 离本镇原点超过 83 公里。"
                "请检查坐标系；这个乡镇代码若已用于别处，请换一个。",
                en=f"({lon:.6f}, {lat:.6f}) lies over 83 km from the town's origin: check its CRS;"
                " if the town's code is another place's, take another.",
            )
        return out + 0.0

    def coords_to_lonlat(self, lattice_cm: Array) -> Array:
        """Turn (N, 2) centimetres into degrees of EPSG:4326; the twin of :meth:`coords_to_lattice`."""
        e = lattice_cm[:, 0] / CM + self.origin_e
        n = lattice_cm[:, 1] / CM + self.origin_n
        lon, lat = _transformer(self.epsg, WGS84).transform(e, n)
        return np.column_stack([lon, lat])

    def to_lattice(self, geoms: Any) -> Any:
        """Move EPSG:4326 geometries (one or an array) onto the lattice, vertex by vertex."""
        return shapely.transform(geoms, self.coords_to_lattice)

    def to_lonlat(self, geoms: Any) -> Any:
        """Move lattice geometries to EPSG:4326; ``to_lattice(to_lonlat(g)) == g`` exactly."""
        return shapely.transform(geoms, self.coords_to_lonlat)


def _gcj_shift(lon: Array, lat: Array) -> tuple[Array, Array]:
    """GCJ-02 offset in degrees at WGS 84 positions; zero outside its box (constants: domain.md section 4)."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    dlat += wave * 2.0 / 3.0 + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    dlat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    dlon += wave * 2.0 / 3.0 + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    dlon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _GCJ_EE * np.sin(phi) ** 2
    dlat = dlat * 180.0 / ((_GCJ_A * (1.0 - _GCJ_EE)) / (magic * np.sqrt(magic)) * np.pi)
    dlon = dlon * 180.0 / (_GCJ_A / np.sqrt(magic) * np.cos(phi) * np.pi)
    west, east, south, north = _GCJ_BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return np.where(inside, dlon, 0.0), np.where(inside, dlat, 0.0)


def wgs84_to_gcj02(lon: Array, lat: Array) -> tuple[Array, Array]:
    """WGS 84 degrees to GCJ-02 degrees."""
    dlon, dlat = _gcj_shift(lon, lat)
    return lon + dlon, lat + dlat


def gcj02_to_bd09(lon: Array, lat: Array) -> tuple[Array, Array]:
    """GCJ-02 degrees to BD-09 degrees."""
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_K)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_K)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def _wgs84_to_bd09(lon: Array, lat: Array) -> tuple[Array, Array]:
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def _invert(
    forward: Callable[[Array, Array], tuple[Array, Array]], lon: Array, lat: Array
) -> tuple[Array, Array]:
    """Fixed-point inverse of a near-identity map of the plane."""
    x, y = lon.copy(), lat.copy()
    for _ in range(_INVERSE_ROUNDS):
        fx, fy = forward(x, y)
        x, y = x + (lon - fx), y + (lat - fy)
    return x, y


def _epsg_of(crs: str) -> int | None:
    """EPSG code that ``crs`` names, None for GCJ-02 and BD-09; raises BadCoordinates."""
    word = crs.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    named = {"wgs84": WGS84, "cgcs2000": CGCS2000}
    if word in named:
        return named[word]
    if word in {"gcj02", "bd09"}:
        return None
    match = re.fullmatch(r"epsg:(\d{4,6})", word)
    if match:
        try:
            system = pyproj.CRS.from_epsg(int(match.group(1)))
        except pyproj.exceptions.CRSError:
            match = None
        else:
            match = match if system.is_geographic or system.is_projected else None
    if not match:
        raise BadCoordinates(
            "unknown_crs",
            zh=f"不认识坐标系“{crs}”。请写明：{'、'.join(SYSTEMS)}。",
            en=f"Unknown coordinate system {crs!r}. Name one of: {', '.join(SYSTEMS)}.",
            data={"systems": list(SYSTEMS)},
        )
    return int(match.group(1))


def canonical(crs: str) -> str:
    """Canonical name of a coordinate system: ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09`` or ``EPSG:n``.

    Examples
    --------
    >>> canonical("GCJ-02"), canonical("epsg:4546"), canonical("WGS84")
    ('gcj02', 'EPSG:4546', 'wgs84')
    """
    code = _epsg_of(crs)
    word = crs.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    return f"EPSG:{code}" if word.startswith("epsg") else word


def _finite(lon: Array, lat: Array, *, degrees: bool) -> None:
    bad = ~(np.isfinite(lon) & np.isfinite(lat))
    if degrees:
        bad |= (np.abs(lon) > 180.0) | (np.abs(lat) > 90.0)
    if bad.any():
        i = int(np.flatnonzero(bad)[0])
        raise BadCoordinates(
            "bad_input",
            zh=f"第 {i + 1} 个坐标 ({lon[i]}, {lat[i]}) 不在该坐标系内；次序是经度、纬度，请检查是否颠倒。",
            en=f"Coordinate {i + 1} ({lon[i]}, {lat[i]}) is outside its system; longitude comes first.",
            data={"row": i + 1},
        )


def to_wgs84(lon: Any, lat: Any, crs: str) -> tuple[Array, Array]:
    """Bring positions of a named system to WGS 84.

    Parameters
    ----------
    lon, lat
        Longitude and latitude in degrees, or easting and northing in the CRS's unit; scalars or (N,).
    crs
        One of :data:`SYSTEMS`. CGCS2000 and WGS 84 agree within a metre and are taken as equal.

    Returns
    -------
    tuple of (N,) float64
        Longitude and latitude, EPSG:4326.

    Raises
    ------
    BadCoordinates
        ``unknown_crs`` or ``bad_input``.
    """
    x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    code = _epsg_of(crs)
    _finite(x, y, degrees=code in {None, WGS84, CGCS2000})
    if code in {WGS84, CGCS2000}:
        return x, y
    if code is None:
        gcj = _invert(gcj02_to_bd09, x, y) if canonical(crs) == "bd09" else (x, y)
        return _invert(wgs84_to_gcj02, *gcj)
    out = _transformer(code, WGS84).transform(x, y)
    px, py = np.asarray(out[0], dtype=np.float64), np.asarray(out[1], dtype=np.float64)
    _finite(px, py, degrees=True)
    return px, py


def from_wgs84(lon: Any, lat: Any, crs: str) -> tuple[Array, Array]:
    """Bring WGS 84 positions (degrees) to a named system; the twin of :func:`to_wgs84`."""
    x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    code = _epsg_of(crs)
    _finite(x, y, degrees=True)
    if code in {WGS84, CGCS2000}:
        return x, y
    if code is None:
        return wgs84_to_gcj02(x, y) if canonical(crs) == "gcj02" else _wgs84_to_bd09(x, y)
    out = _transformer(WGS84, code).transform(x, y)
    return np.asarray(out[0], dtype=np.float64), np.asarray(out[1], dtype=np.float64)
