from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from spatial.errors import BadCoordinates
from spatial.ground.crs import LIMIT_CM, Lattice, canonical, from_wgs84, metric_epsg, to_wgs84

VECTORS = [
    ((110.835, 36.997), (110.84068663, 36.99725925), (110.84725625, 37.00310933)),
    ((116.397, 39.909), (116.40324351, 39.9104034), (116.40961569, 39.91674422)),
    ((121.4737, 31.2304), (121.47822306, 31.22845774), (121.48478147, 31.23431059)),
]


@pytest.mark.parametrize(("wgs", "gcj", "bd"), VECTORS)
def test_gcj02_and_bd09_match_the_published_vectors(wgs, gcj, bd):
    assert np.allclose(np.ravel(from_wgs84(*wgs, "gcj02")), gcj, atol=6e-9, rtol=0)
    assert np.allclose(np.ravel(from_wgs84(*wgs, "bd09")), bd, atol=6e-9, rtol=0)


@given(st.floats(73.6, 134.9), st.floats(18.2, 53.4), st.sampled_from(["gcj02", "bd09"]))
def test_the_inverse_errs_below_2_micrometres(lon, lat, crs):
    there = from_wgs84(lon, lat, crs)
    back = to_wgs84(*there, crs)
    assert abs(back[0][0] - lon) * 111_320 < 2e-6
    assert abs(back[1][0] - lat) * 111_320 < 2e-6


def test_gcj02_equals_wgs84_outside_its_box():
    assert [float(v[0]) for v in from_wgs84(11.5, 50.0, "gcj02")] == [11.5, 50.0]


def test_easting_and_northing_of_a_gauss_krueger_zone():
    e, n = from_wgs84(110.84, 37.0, "EPSG:4546")
    lon, lat = to_wgs84(e, n, "epsg:4546")
    assert abs(e[0] - 485_758.127) < 0.01
    assert np.allclose([lon[0], lat[0]], [110.84, 37.0], atol=1e-11)


@pytest.mark.parametrize(
    "word", ["", "wgs", "gcj", "EPSG:", "EPSG:99999", "EPSG:5773", "4326", "wgs84; drop table"]
)
def test_an_unknown_system_lists_the_known_ones(word):
    with pytest.raises(BadCoordinates) as caught:
        to_wgs84(110.0, 37.0, word)
    assert caught.value.code == "unknown_crs"
    assert "gcj02" in caught.value.data["systems"]


@pytest.mark.parametrize(("lon", "lat"), [(37.0, 110.84), (181.0, 0.0), (np.nan, 37.0), (110.0, np.inf)])
def test_positions_outside_their_system_are_refused(lon, lat):
    with pytest.raises(BadCoordinates) as caught:
        to_wgs84(lon, lat, "wgs84")
    assert caught.value.code == "bad_input"


def test_words_for_systems_are_taken_as_people_write_them():
    assert [canonical(w) for w in ("WGS-84", "CGCS 2000", "GCJ02", "bd-09", "epsg:4546")] == [
        "wgs84",
        "cgcs2000",
        "gcj02",
        "bd09",
        "EPSG:4546",
    ]


def test_the_metric_zone_follows_longitude():
    assert metric_epsg(110.84, 37.0) == 4546
    assert metric_epsg(116.3, 40.0) == 4548
    assert metric_epsg(9.5, 47.1) == 32632


@pytest.mark.parametrize("at", [(110.84, 37.0), (116.33, 39.99), (9.55, 47.1), (-70.6, -33.4)])
def test_lattice_points_come_back_exactly(at):
    lattice = Lattice.at(*at)
    rng = np.random.default_rng(5)
    points = rng.integers(-(2**22), 2**22, (100_000, 2)).astype(float)
    assert (lattice.coords_to_lattice(lattice.coords_to_lonlat(points)) == points).all()


def test_lattice_points_come_back_through_nine_decimals():
    lattice = Lattice.at(110.84, 37.0)
    points = np.random.default_rng(6).integers(-(2**20), 2**20, (50_000, 2)).astype(float)
    assert (lattice.coords_to_lattice(np.round(lattice.coords_to_lonlat(points), 9)) == points).all()


def test_the_lattice_ends_where_cross_products_stop_being_exact():
    lattice = Lattice.at(110.84, 37.0)
    with pytest.raises(BadCoordinates) as caught:
        lattice.to_lattice(shapely.Point(112.0, 37.0))
    assert caught.value.code == "beyond_lattice"
    assert LIMIT_CM**2 * 2 < 2**53
