"""The terrain beside a place file is kept with the town, by the import's own transaction."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio.warp
import shapely
from rasterio.transform import from_bounds

from spatial import planning
from spatial.errors import Cancelled
from spatial.store import places, terrain
from tests.places import LATTICE
from tests.planning import drawn

RISE = 0.05
"""Metres that the drawn land rises per metre to the east."""


def raster(place, bounds_m, crs="EPSG:4546", cells=80):
    """Write a slope that rises to the east beside a place file; bounds: metres from the lattice's origin."""
    origin = np.array([LATTICE.origin_e, LATTICE.origin_n] * 2)
    bounds = np.array(bounds_m) + origin
    if crs != "EPSG:4546":
        bounds = rasterio.warp.transform_bounds("EPSG:4546", crs, *bounds)
    heights = np.tile(np.linspace(0, RISE * (bounds_m[2] - bounds_m[0]), cells, dtype=np.float32), (cells, 1))
    with rasterio.open(
        place.with_name(f"{place.stem}_dem.tif"), "w", driver="GTiff", width=cells, height=cells, count=1,
        dtype="float32", crs=crs, transform=from_bounds(*bounds, cells, cells),
    ) as out:  # fmt: skip
        out.write(heights, 1)


def kept(store):
    with store.transaction() as tx:
        town = places.find_town(tx, drawn.TOWN)
        return None if town is None else terrain.get(tx, town)


@pytest.fixture
def place(tmp_path):
    return drawn.drawn(drawn.community(), drawn.village().shifted(0, 300)).write(tmp_path)


@pytest.mark.parametrize("crs", ["EPSG:4546", "EPSG:4326", "EPSG:32649"])
def test_it_is_kept_in_the_town_s_metric_system(store, place, crs):
    raster(place, (-2_000, -2_000, 4_000, 4_000), crs)
    planning.import_place(store, place)
    land = kept(store)
    assert land.epsg == LATTICE.epsg
    origin = (LATTICE.origin_e, LATTICE.origin_n)
    here = np.array([[100.0, 50.0], [700.0, 50.0]]) + origin
    low, high = land.sample(here)
    assert high - low == pytest.approx(600 * RISE, rel=0.05)


def test_a_place_without_terrain_has_none(store, place):
    planning.import_place(store, place)
    assert kept(store) is None


def test_a_cancelled_import_keeps_none(store, place):
    raster(place, (-2_000, -2_000, 4_000, 4_000))
    asked = iter([False, False, False])
    with pytest.raises(Cancelled):
        planning.import_place(store, place, cancelled=lambda: next(asked, True))
    assert kept(store) is None


def test_a_later_raster_replaces_it_though_the_place_file_is_the_same(store, place):
    raster(place, (-2_000, -2_000, 4_000, 4_000))
    planning.import_place(store, place)
    before = kept(store)
    raster(place, (-2_000, -2_000, 4_000, 4_000), cells=40)
    planning.import_place(store, place)
    assert kept(store).heights.shape != before.heights.shape


def test_a_village_with_a_small_raster_leaves_the_town_s(store, place, tmp_path):
    raster(place, (-2_000, -2_000, 4_000, 4_000))
    planning.import_place(store, place)
    before = kept(store)
    (tmp_path / "one").mkdir()
    village = drawn.drawn(drawn.village().shifted(0, 300)).write(tmp_path / "one")
    left, bottom, right, top = shapely.bounds(drawn.village().shifted(0, 300).outline) / 100
    raster(village, (left - 50, bottom - 50, right + 50, top + 50))
    told = planning.import_place(store, village)
    assert "dem_smaller" in {row.code for row in told.report}
    assert kept(store).bounds == before.bounds
