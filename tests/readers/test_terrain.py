"""The terrain beside a place file is checked, and what is wrong with it is said."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_bounds

from spatial.readers.placefile import read_place
from tests.fixtures.makers import Drawn


def codes(path):
    return [row.code for row in read_place(path).report if row.layer == "dem"]


def raster(path, bounds, crs="EPSG:4326"):
    target = path.with_name(f"{path.stem}_dem.tif")
    with rasterio.open(
        target, "w", driver="GTiff", width=4, height=4, count=1, dtype="float32", crs=crs,
        transform=from_bounds(*bounds, 4, 4),
    ) as heights:  # fmt: skip
        heights.write(np.zeros((1, 4, 4), dtype="float32"))


@pytest.mark.parametrize(
    ("bounds", "crs", "said"),
    [
        ((100, 30, 120, 45), "EPSG:4326", []),
        ((110.0, 36.9, 110.1, 37.0), "EPSG:4326", ["dem_partial"]),
        ((100, 30, 120, 45), None, ["dem_without_system"]),
    ],
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_terrain(tmp_path, bounds, crs, said):
    path = Drawn().write(tmp_path)
    raster(path, bounds, crs)
    assert codes(path) == said


def test_terrain_that_is_none(tmp_path):
    path = Drawn().write(tmp_path)
    path.with_name(f"{path.stem}_dem.tif").write_bytes(b"no raster at all")
    assert codes(path) == ["dem_unreadable"]
