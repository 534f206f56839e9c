"""NASA's Global Landslide Catalog (CSV): events, checked against their own words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from spatial.duty.model import HAZARD_COLUMNS
from spatial.errors import Where
from spatial.readers.cells import AMERICAN, read_date, read_number
from spatial.readers.hazards import HazardFile, hazard_file, kind_of, usable_number
from spatial.readers.points import Placing, read_point
from spatial.readers.provinces import PROVINCES, km_outside, provinces_named
from spatial.readers.tables import read_tables
from spatial.readers.text import plain
from spatial.readers.words import Findings

if TYPE_CHECKING:
    import os

    import geopandas as gpd

    from spatial.readers.tables import Table, Words

WORDS: Words = {
    "number": ("event_id",),
    "found_on": ("event_date",),
    "place": ("location_description",),
    "accuracy": ("location_accuracy",),
    "kind": ("landslide_category",),
    "trigger": ("landslide_trigger",),
    "scale": ("landslide_size",),
    "deaths": ("fatality_count",),
    "injured": ("injury_count",),
    "province": ("admin_division_name",),
    "lon": ("longitude",),
    "lat": ("latitude",),
}
NEEDED = (("number",), ("kind",), ("lon",), ("lat",))
ACCURACY_M = {"exact": 50.0, "1km": 1e3, "5km": 5e3, "10km": 1e4, "25km": 2.5e4, "50km": 5e4, "100km": 1e5}
"""Metres of the catalogue's words; unknown is NaN. An event is never closer to a grid than this."""
SOURCE = "NASA Global Landslide Catalog (Kirschbaum et al. 2010, 2015)"
LEAST_KM = 10.0
"""A county's outline is generalised: what lies nearer than this is no contradiction."""
_GEOD = pyproj.Geod(ellps="GRS80")


def read_landslides(
    path: str | os.PathLike[str], *, area: Any | None = None, counties: gpd.GeoDataFrame | None = None
) -> HazardFile:
    """Read the catalogue; its positions are WGS 84.

    Parameters
    ----------
    path
        CSV of the catalogue, or a part of it.
    area
        Ground (EPSG:4326): events elsewhere are told as outside.
    counties
        Outlines with a column ``english`` (Shilou, Liulin ...), EPSG:4326: an event whose words name
        a county is told with its distance from it, where that is more than its accuracy.

    Returns
    -------
    HazardFile
        Every event is kept; ``place_differs`` names those whose words and point contradict each other.
    """
    findings = Findings()
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    aside = 0
    for table in read_tables(Path(path), WORDS, NEEDED, findings):
        for row, cells in table.rows:
            number = usable_number(table, cells, row, seen, findings)
            aside += number is None
            if number is None:
                continue
            read = _row(table, row, cells, number, findings)
            read["geometry"] = read_point(table, cells, row, number, Placing("wgs84", area), findings)
            _check_place(table, row, cells, read, counties, findings)
            rows.append(read)
    return hazard_file(rows, Path(path).name, aside, findings)


def _row(table: Table, row: int, cells: tuple[Any, ...], number: str, findings: Findings) -> dict[str, Any]:
    read: dict[str, Any] = dict.fromkeys(HAZARD_COLUMNS)
    place = plain(table.cell(cells, "place"))
    return read | {
        "row": row,
        "number": number,
        "kind": kind_of(table, cells, row, findings),
        "state": "registered",
        "place": place.replace("\xa0", " ") if place else None,
        "scale": plain(table.cell(cells, "scale")),
        "trigger": plain(table.cell(cells, "trigger")),
        "found_on": read_date(table, cells, "found_on", row, findings, AMERICAN),
        "deaths": read_number(table, cells, "deaths", row, findings),
        "injured": read_number(table, cells, "injured", row, findings),
        "accuracy_m": ACCURACY_M.get(plain(table.cell(cells, "accuracy")) or "", float("nan")),
        "monitors": [],
        "source": SOURCE,
    }


def _check_place(
    table: Table,
    row: int,
    cells: tuple[Any, ...],
    read: dict[str, Any],
    counties: gpd.GeoDataFrame | None,
    findings: Findings,
) -> None:
    """Tell an event that lies elsewhere than the county or province that its words name."""
    point, words = read["geometry"], read["place"] or ""
    if point is None:
        return
    allowed = max(LEAST_KM, np.nan_to_num(read["accuracy_m"]) / 1000.0)
    said = plain(table.cell(cells, "province")) or "-"
    where = {"layer": table.name, "row": row, "ref": read["number"]}
    provinces = provinces_named(words)
    for name, outline in _named(words, counties):
        home = outline.centroid
        if provinces and all(km_outside(province, home.x, home.y) > 0 for province in provinces):
            continue  # a county of the same name in another province
        km = _km(outline, point)
        if km > allowed:
            findings.note("place_differs", Where(**where, field=name, value=f"{km:.0f}"), said)
            return
    far = min((km_outside(province, point.x, point.y) for province in provinces), default=0.0)
    if provinces and far > allowed:
        names = "/".join(PROVINCES[province][1][0] for province in sorted(provinces))
        findings.note("place_differs", Where(**where, field=names, value=f"{far:.0f}"), said)


def _named(words: str, counties: gpd.GeoDataFrame | None) -> list[tuple[str, Any]]:
    """Counties that a text names: Shilou County, Shilou."""
    if counties is None:
        return []
    pairs = zip(counties["english"], counties.geometry, strict=True)
    return [
        (name, outline)
        for name, outline in pairs
        if isinstance(name, str) and re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE)
    ]


def _km(outline: Any, point: Any) -> float:
    if shapely.intersects(outline, point):
        return 0.0
    a, b = shapely.get_coordinates(shapely.shortest_line(outline, point))
    return float(_GEOD.inv(a[0], a[1], b[0], b[1])[2]) / 1000.0
