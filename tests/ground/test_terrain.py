"""Heights between the centres of cells are bilinear, and unknown outside."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.ground.terrain import Terrain


@pytest.fixture
def plane():
    """Heights 2 e + 3 n over 40 x 30 cells of 25 m: bilinear is exact on a plane."""
    rows, columns = 30, 40
    e = 1_000.0 + (np.arange(columns) + 0.5) * 25
    n = 5_000.0 - (np.arange(rows) + 0.5) * 25
    return Terrain((2 * e[None] + 3 * n[:, None]).astype(np.float32), 1_000.0, 5_000.0, 25.0, 25.0, 4546)


def test_a_plane_is_sampled_exactly(plane):
    left, bottom, right, top = plane.bounds
    some = np.random.default_rng(7).uniform([left + 13, bottom + 13], [right - 13, top - 13], (500, 2))
    assert plane.sample(some) == pytest.approx(2 * some[:, 0] + 3 * some[:, 1], abs=0.01)


def test_outside_nothing_is_known(plane):
    left, bottom, right, top = plane.bounds
    around = [(left - 1, 4_500), (right + 1, 4_500), (1_500, top + 1), (1_500, bottom - 1)]
    assert np.isnan(plane.sample(np.array(around))).all()
    assert np.isfinite(plane.sample(np.array([(left, top), (right, bottom)]))).all()


def test_beside_a_cell_without_height_nothing_is_known(plane):
    plane.heights[10, 10] = np.nan
    middle = (1_000 + 10.5 * 25, 5_000 - 10.5 * 25)
    far = (middle[0] + 60, middle[1])
    found = plane.sample(np.array([middle, (middle[0] + 20, middle[1] + 10), far]))
    assert np.isnan(found).tolist() == [True, True, False]
