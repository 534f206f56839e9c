"""Ridges of the terrain beside a place file: features of its villages."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.transform import from_bounds

from spatial.ground.landscape import classify
from spatial.policy import BARRIERS
from spatial.readers.placefile import read_place
from tests.fixtures.makers import LAT, LON, D, Drawn, square

WEST, SOUTH, EAST, NORTH = LON, LAT - 0.01, LON + 0.034, LAT + 0.03


def place(tmp_path, **layers):
    """A village of two kilometres in valleys that fall to the south, with a ridge every 600 m."""
    drawn = Drawn().shape("boundary", 2, square(4, 0, 20))
    drawn.layers |= layers
    path = drawn.write(tmp_path)
    rows, columns = 200, 150
    south, east = np.mgrid[0:rows, 0:columns] * 20.0
    heights = 40.0 * np.cos(2 * np.pi * east / 600.0) - 0.05 * south
    with rasterio.open(
        path.with_name(f"{path.stem}_dem.tif"), "w", driver="GTiff", width=columns, height=rows, count=1,
        dtype="float32", crs=4326, transform=from_bounds(WEST, SOUTH, EAST, NORTH, columns, rows),
    ) as file:  # fmt: skip
        file.write(heights.astype(np.float32), 1)
    return path


def ridges(read):
    return read.features[read.features["layer"] == "ridges"]


def test_ridges_of_a_village_become_features_and_are_told(tmp_path):
    read = read_place(place(tmp_path))
    found = ridges(read)
    village = read.areas.geometry.iloc[1]
    assert len(found) >= 3
    assert shapely.intersects(found.geometry.to_numpy(), village).all()
    long = found.geometry.to_crs(4546).length.max()
    assert long > 1_500
    kinds = classify(found["layer"].to_numpy(object), found["class"].to_numpy(object))
    assert {BARRIERS[kind].name for kind in kinds} == {"ridge"}
    (told,) = [row for row in read.report if row.code == "ridges_found"]
    assert (told.action, told.layer) == ("noted", "ridges")
    homes = read.buildings.geometry.to_crs(4546)
    assert found.geometry.to_crs(4546).distance(homes.union_all()).min() > 39


def test_a_community_has_none(tmp_path):
    place(tmp_path)
    drawn = Drawn()
    drawn.boundary["division"] = ["community", "community"]
    other = tmp_path / "b"
    other.mkdir()
    alone = drawn.write(other)
    (other / "place_dem.tif").write_bytes((tmp_path / "place_dem.tif").read_bytes())
    assert len(ridges(read_place(alone))) == 0


def test_ridges_that_a_file_brings_are_its_own(tmp_path):
    line = shapely.LineString([(LON + 5 * D, LAT + 5 * D), (LON + 9 * D, LAT + 9 * D)])
    own = gpd.GeoDataFrame({"class": ["ridge"], "name": ["南梁"]}, geometry=[line], crs=4326)
    read = read_place(place(tmp_path, ridges=own))
    assert ridges(read)["name"].tolist() == ["南梁"]
    assert "ridges_found" not in {row.code for row in read.report}


def test_another_terrain_makes_another_place(tmp_path):
    path = place(tmp_path)
    before = read_place(path).sha256
    path.with_name("place_dem.tif").unlink()
    assert read_place(path).sha256 != before
