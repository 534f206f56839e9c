"""Registers drawn on the town of tests/planning: points and areas in its lattice centimetres."""

import geopandas as gpd
import shapely

from tests.places import lonlat

HALF = 8_000
"""Centimetres: half of the community's western half (a block is 80 m x 50 m)."""


def register(rows, **more):
    """A register of (number, x, y) and columns, EPSG:4326."""
    points = lonlat([shapely.Point(x, y) for _, x, y in rows])
    return gpd.GeoDataFrame({"number": [n for n, _, _ in rows], **more}, geometry=list(points), crs=4326)


def degrees(x, y):
    """Longitude and latitude of a place on the lattice."""
    point = lonlat([shapely.Point(x, y)])[0]
    return point.x, point.y
