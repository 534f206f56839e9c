"""The valley's own frame: metres along the valley (s) and across it (n), and where they lie on the ground.

Stands at the bottom of the generator. Ground metres (x, y) are east and north of 110.84 E, 37.00 N in EPSG:4546;
n is positive to the left of the way down the valley (west bank), negative to the right (east bank).
"""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import KDTree

from spatial.ground.crs import Lattice

Array = NDArray[np.float64]
SEED = 141126100
LATTICE = Lattice.at(110.84, 37.0)
CENTRE = LATTICE.metres(np.array([[110.84, 37.0]]))[0]
COURSE = np.array(
    [
        (7600, -4200), (6200, -3850), (4900, -3100), (3900, -2900), (2800, -2250), (1900, -1150), (1250, -350), (720, 500),
        (650, 1400), (150, 2350), (-800, 2950), (-1900, 3250), (-2900, 4050), (-4300, 4150), (-5600, 4900), (-7600, 5200),
    ],
    dtype=float,
)  # fmt: skip
"""Corners of the valley's middle line, from its head to its mouth."""
TOWN_S = (4650.0, 9850.0)
"""Metres along the valley between which the county seat lies."""


def wave(rng: np.random.Generator, length: int, scale: float) -> Array:
    """Make smooth noise of mean 0 and spread 1 over ``length`` steps, correlated over ``scale`` steps."""
    raw = gaussian_filter1d(rng.normal(size=length + int(8 * scale)), scale)
    raw = raw[int(4 * scale) : int(4 * scale) + length]
    return np.asarray((raw - raw.mean()) / (raw.std() + 1e-12))


@dataclass(frozen=True)
class Valley:
    """The frame and the valley's shape, sampled every ``STEP`` metres of s.

    ``middle`` (K, 2) and ``left`` (K, 2) are the middle line and its unit normals; ``river`` (K,) is the n of
    the river; ``west`` and ``east`` (K,) are the widths of the flat floor on either side.
    """

    middle: Array
    left: Array
    river: Array
    west: Array
    east: Array
    STEP = 5.0

    @property
    def length(self) -> float:
        """Metres along the valley."""
        return (len(self.middle) - 1) * self.STEP

    def at(self, values: Array, s: Any) -> Any:
        """One of the sampled widths at s."""
        return np.interp(s, np.arange(len(values)) * self.STEP, values)

    def xy(self, sn: Array) -> Array:
        """Ground metres of (N, 2) frame metres."""
        s, n = sn[:, 0], sn[:, 1]
        base = np.column_stack([self.at(self.middle[:, i], s) for i in (0, 1)])
        side = np.column_stack([self.at(self.left[:, i], s) for i in (0, 1)])
        side /= np.hypot(*side.T)[:, None]
        return np.asarray(base + side * n[:, None])

    def sn(self, xy: Array, within: float = np.inf) -> Array:
        """Frame metres of (N, 2) ground metres: the nearest station and the offset; inf beyond ``within``."""
        far, k = KDTree(self.middle).query(xy, distance_upper_bound=within)
        k = np.where(np.isfinite(far), k, 0)
        off = xy - self.middle[k]
        n = (off * self.left[k]).sum(axis=1)
        along = off[:, 0] * self.left[k, 1] - off[:, 1] * self.left[k, 0]
        return np.column_stack([k * self.STEP + along, np.where(np.isfinite(far), n, np.inf)])

    def bend(self, shape: Any, step: float = 12.0) -> Any:
        """Lay a shape of the frame on the ground, with a vertex every ``step`` metres."""
        return shapely.transform(shapely.segmentize(shape, step), self.xy)


def valley(seed: int = SEED) -> Valley:
    """Draw the valley: its middle line, the river winding in it, the floor's width on both sides."""
    rng = np.random.default_rng([seed, 1])
    chord = np.r_[0, np.cumsum(np.hypot(*np.diff(COURSE, axis=0).T))]
    fine = CubicSpline(chord, COURSE)(np.linspace(0, chord[-1], 4000))
    run = np.r_[0, np.cumsum(np.hypot(*np.diff(fine, axis=0).T))]
    s = np.arange(0, run[-1], Valley.STEP)
    middle = gaussian_filter1d(
        np.column_stack([np.interp(s, run, fine[:, i]) for i in (0, 1)]), 45, axis=0, mode="nearest"
    )
    way = np.gradient(middle, axis=0)
    way /= np.hypot(*way.T)[:, None]
    town = np.exp(-(((s - np.mean(TOWN_S)) / 2600.0) ** 4))
    river = (28 + 42 * town) * wave(rng, len(s), 42) + 38 * town
    west = 75 + 185 * town + (16 + 48 * town) * wave(rng, len(s), 50)
    east = 70 + 330 * town + (16 + 60 * town) * wave(rng, len(s), 60)
    west, east = np.maximum(west, river + 45), np.maximum(east, 45 - river)
    return Valley(middle, np.column_stack([-way[:, 1], way[:, 0]]), river, west, east)
