"""Relief shading: light from the north-west, clear where the land is flat, no cells shining through."""

from __future__ import annotations

import numpy as np
import pytest
from rasterio.io import MemoryFile
from rasterio.warp import transform

from spatial.ground.relief import hillshade, shade
from spatial.ground.terrain import Terrain

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
FLAT = np.sin(np.radians(35.0))
E, N = 480_000.0, 4_100_000.0


def slope(towards, rise=0.5, n=21):
    """A plane that falls towards a bearing, 10 m a pixel."""
    row, column = np.mgrid[0:n, 0:n] * 10.0
    bearing = np.radians(towards)
    down = np.sin(bearing) * column - np.cos(bearing) * row
    return (1_000 - rise * down).astype(np.float32)


def middle(heights):
    return float(hillshade(heights, 10.0)[10, 10])


def test_flat_land_has_the_light_of_the_sun_s_height():
    assert middle(slope(0, rise=0.0)) == pytest.approx(FLAT, abs=1e-4)


def test_slopes_to_the_north_west_are_lit_and_those_to_the_south_east_lie_in_shadow():
    assert middle(slope(315)) > FLAT > middle(slope(135))
    assert middle(slope(315)) > middle(slope(45)) > middle(slope(135))


def test_steeper_is_darker_on_the_far_side():
    assert middle(slope(135, 0.2)) > middle(slope(135, 0.5)) > middle(slope(135, 1.0))


def land(heights):
    return Terrain(heights.astype(np.float32), E, N, 25.0, 25.0, 4546)


def picture(relief):
    """RGBA as (rows, columns, 4)."""
    with MemoryFile(relief.png) as memory, memory.open() as found:
        table = found.colormap(1)
        lookup = np.array([table[i] for i in sorted(table)])
        return lookup[found.read(1)]


@pytest.fixture
def hills():
    row, column = np.mgrid[0:120, 0:160]
    heights = 1_000 + 60 * np.sin(column / 6.0) * np.cos(row / 9.0)
    heights[:, 60:100] = 940.0
    return land(heights)


def test_it_lies_where_the_terrain_lies(hills):
    relief = shade(hills, hills.bounds)
    left, bottom, right, top = hills.bounds
    lon, lat = transform("EPSG:4546", "EPSG:4326", [left, right], [bottom, top])
    assert (relief.west, relief.south, relief.east, relief.north) == pytest.approx(
        (lon[0], lat[0], lon[1], lat[1]), abs=6e-4
    )
    rows, columns = picture(relief).shape[:2]
    (x0, x1), (y0, y1) = transform(
        "EPSG:4326", "EPSG:3857", [relief.west, relief.east], [relief.south, relief.north]
    )
    assert (x1 - x0) / columns == pytest.approx((y1 - y0) / rows, rel=1e-6), "pixels are square on the map"


def test_a_valley_floor_is_clear_and_hills_are_not(hills):
    opacity = picture(shade(hills, hills.bounds))[..., 3]
    columns = opacity.shape[1]
    floor = opacity[200:-200, int(columns * 70 / 160) : int(columns * 90 / 160)]
    assert floor.max() <= 4
    assert (opacity[200:-200, 200 : int(columns * 55 / 160)] > 25).mean() > 0.5


def test_it_fades_out_at_its_edge(hills):
    opacity = picture(shade(hills, hills.bounds))[..., 3]
    edge = np.concatenate([opacity[0], opacity[-1], opacity[:, 0], opacity[:, -1]])
    assert edge.max() == 0


def test_cells_of_the_terrain_leave_no_steps():
    row, column = np.mgrid[0:60, 0:60]
    heights = land(1_000 + (column * 25) ** 2 / 4_000 + 0.0 * row)
    light = picture(shade(heights, heights.bounds))[150, 60:-60, 3].astype(int)
    assert np.abs(np.diff(light)).max() <= 12


def test_a_part_of_it_is_drawn_by_a_box(hills):
    left, bottom, _, _ = hills.bounds
    part = shade(hills, (left + 500, bottom + 500, left + 1_500, bottom + 1_500))
    assert part.east - part.west < (shade(hills, hills.bounds).east - part.west) / 2
    assert shade(hills, (left - 900, bottom, left - 100, bottom + 100)) is None


def test_land_without_heights_is_clear():
    heights = np.full((80, 80), np.nan)
    assert shade(land(heights), land(heights).bounds) is None
    heights[:, :40] = 1_000 + 200 * np.sin(np.mgrid[0:80, 0:40][1] / 4.0)
    opacity = picture(shade(land(heights), land(heights).bounds))[..., 3]
    assert opacity[:, int(opacity.shape[1] * 0.55) :].max() == 0
    assert opacity.max() > 60


def test_the_same_terrain_gives_the_same_bytes(hills):
    assert shade(hills, hills.bounds).png == shade(hills, hills.bounds).png
