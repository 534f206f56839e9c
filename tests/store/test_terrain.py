"""A town's terrain comes back as it was put, and is replaced whole."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.ground.terrain import Terrain
from spatial.store import places, terrain
from tests.places import LATTICE, TOWN


@pytest.fixture
def town(tx):
    return places.ensure_town(tx, TOWN, "灵泉镇", LATTICE)


def land(first=911.3):
    heights = np.array([[first, np.nan, 1313.6], [1000, 1001, 1002]], dtype=np.float32)
    return Terrain(heights, 479_258.127, 4_103_522.942, 25.0, 20.0, LATTICE.epsg)


def test_a_town_has_none_at_first(tx, town):
    assert terrain.get(tx, town) is None
    assert terrain.stamp(tx, town) is None


def test_it_comes_back_to_the_last_bit(tx, town):
    given = land()
    assert terrain.put(tx, town, given)
    kept = terrain.get(tx, town)
    assert kept.heights.tobytes() == given.heights.tobytes()
    assert kept.heights.dtype == np.float32
    assert (kept.transform, kept.bounds, kept.epsg) == (given.transform, given.bounds, given.epsg)


def test_another_replaces_it_and_the_same_leaves_no_trace(tx, town):
    terrain.put(tx, town, land())
    first = terrain.stamp(tx, town)
    assert not terrain.put(tx, town, land())
    assert terrain.put(tx, town, land(900.0))
    assert terrain.stamp(tx, town) != first
    assert terrain.get(tx, town).heights[0, 0] == 900.0
