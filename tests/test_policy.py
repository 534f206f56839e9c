"""Bands that can't be meant are refused where they are written."""

import pytest

from spatial.errors import BadParameter
from spatial.policy import Band


@pytest.mark.parametrize(
    ("minimum", "maximum", "target"),
    [(20, 10, 15), (None, 20, 15), (10, None, 15), (0, 20, 15), (-5, 20, 15), (10, 20, 0), (None, None, 0)],
)
def test_a_band_that_nothing_fits_is_refused_in_words(minimum, maximum, target):
    with pytest.raises(BadParameter) as refusal:
        Band(minimum, maximum, target)
    assert refusal.value.code == "bad_band"
    assert f"{minimum}-{maximum}" in refusal.value.zh
    assert f"{minimum}-{maximum}" in refusal.value.en


def test_one_household_a_grid_is_a_band():
    assert Band(1, 1, 1).holds(1)
