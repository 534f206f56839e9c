"""Positions in a register's rows: degrees of a named system, checked against an area."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from spatial.errors import BadCoordinates, Where
from spatial.ground.crs import SYSTEMS, canonical, to_wgs84
from spatial.readers.text import plain
from spatial.readers.words import bad_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.readers.tables import Table
    from spatial.readers.words import Findings

_GEOD = pyproj.Geod(ellps="GRS80")
_DMS = re.compile(
    r"[EWNS东西南北经纬]*\s*(?P<d>\d{1,3})\s*[°度]\s*(?:(?P<m>\d{1,2})\s*[′'分])?\s*"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:″|\"|''|秒))?\s*[EN东北]?"
)


@dataclass(frozen=True)
class Placing:
    """How the positions of a register are read.

    Parameters
    ----------
    crs
        System of the rows that do not name one (``wgs84``, ``gcj02`` ...); None where each must.
    area
        Ground (EPSG:4326, polygons) that the register is about, to tell swapped and stray points by; or None.
    """

    crs: str | None = None
    area: Any | None = None

    def checked(self, table: Table) -> Placing:
        """Make sure that some system is named; raises ``crs_missing``, ``unknown_crs``."""
        if self.crs is None and "crs" not in table.columns and {"lon", "lat"} <= set(table.columns):
            raise bad_file("crs_missing", where=Where(layer=table.name, field="crs"), why=", ".join(SYSTEMS))
        return self if self.crs is None else replace(self, crs=canonical(self.crs))

    @cached_property
    def ground(self) -> Any:
        """The area, prepared."""
        shapely.prepare(self.area)
        return self.area

    def holds(self, point: Any) -> bool:
        """Say whether the area holds a point."""
        return bool(shapely.intersects(self.ground, point))

    def seen(self, point: Any, layer: str, row: int, ref: str, findings: Findings) -> Any:
        """The point of a drawn shape, told where it lies outside the area."""
        if self.area is not None and not self.holds(point):
            where = Where(layer=layer, row=row, field="geometry", ref=ref, value=f"{self.km_to(point):.1f}")
            findings.note("point_outside", where, geometry=_geojson(point))
        return point

    def km_to(self, point: Any) -> float:
        """Kilometres from a point to the area along the ellipsoid."""
        a, b = shapely.get_coordinates(shapely.shortest_line(self.area, point))
        return float(_GEOD.inv(a[0], a[1], b[0], b[1])[2]) / 1000.0


def degrees(cell: Any) -> float | None:
    """Coordinate of a cell: a number, or degrees, minutes and seconds; None where it is neither.

    Examples
    --------
    >>> degrees("110.84"), degrees(37), degrees("110°45′0″"), degrees("东经110度30分"), degrees("一百一")
    (110.84, 37.0, 110.75, 110.5, None)
    """
    text = plain(cell)
    if text is None:
        return None
    match = _DMS.fullmatch(text)
    if match:
        return int(match["d"]) + int(match["m"] or 0) / 60.0 + float(match["s"] or 0) / 3600.0
    try:
        number = float(text.rstrip("°度EN"))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def read_point(
    table: Table, cells: Sequence[Any], row: int, ref: str, placing: Placing, findings: Findings
) -> Any | None:
    """Point of a row in EPSG:4326, or None where it has none that can be taken; both are told."""
    told = [plain(table.cell(cells, column)) for column in ("lon", "lat")]
    where = Where(
        layer=table.name, row=row, field="lon, lat", ref=ref, value=", ".join(t or "-" for t in told)
    )
    if told == [None, None]:
        findings.note("point_missing", where)
        return None
    x, y = (degrees(table.cell(cells, column)) for column in ("lon", "lat"))
    if x is None or y is None or (x == 0 and y == 0):
        findings.note("point_not_read", where)
        return None
    crs = _system(table, cells, placing)
    if crs is None:
        said = replace(where, field="crs", value=plain(table.cell(cells, "crs")))
        findings.note("point_no_crs", said, "、".join(SYSTEMS))
        return None
    return _placed(_moved(x, y, crs), _moved(y, x, crs), where, placing, findings)


def _system(table: Table, cells: Sequence[Any], placing: Placing) -> str | None:
    """System that a row names, else the register's."""
    word = plain(table.cell(cells, "crs"))
    if word is None:
        return placing.crs
    try:
        return canonical(word)
    except BadCoordinates:
        return None


def _moved(x: float, y: float, crs: str) -> Any | None:
    try:
        lon, lat = to_wgs84(x, y, crs)
    except BadCoordinates:
        return None
    return shapely.Point(lon[0], lat[0])


def _placed(
    point: Any | None, turned: Any | None, where: Where, placing: Placing, findings: Findings
) -> Any | None:
    """Choose between a point as written and with x and y changed: only the area may decide that."""
    if placing.area is not None:
        if point is not None and placing.holds(point):
            return point
        if turned is not None and placing.holds(turned):
            findings.note("point_swapped", where, geometry=_geojson(turned))
            return turned
    if point is None:
        findings.note("point_not_read" if turned is None else "point_maybe_swapped", where)
        return None
    if placing.area is not None:
        told = replace(where, value=f"{placing.km_to(point):.1f}")
        findings.note("point_outside", told, geometry=_geojson(point))
    return point


def _geojson(point: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [point.x, point.y]}
