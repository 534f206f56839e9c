"""The lie of the land: heights on a grid of square cells in a town's metric CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import map_coordinates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Terrain:
    """Heights above sea level, north up.

    Parameters
    ----------
    heights
        (rows, columns) float32, metres; NaN where nothing is known. Row 0 is the northernmost.
    west, north
        Outer corner of ``heights[0, 0]``: easting and northing in metres of the CRS.
    cell_e, cell_n
        Size of a cell in metres, both positive.
    epsg
        The town's metric CRS: that of its lattice.
    """

    heights: NDArray[np.float32]
    west: float
    north: float
    cell_e: float
    cell_n: float
    epsg: int

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """Affine transform (a, b, c, d, e, f): column and row to easting and northing of a cell's corner."""
        return self.cell_e, 0.0, self.west, 0.0, -self.cell_n, self.north

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top in metres of the CRS."""
        rows, columns = self.heights.shape
        return self.west, self.north - rows * self.cell_n, self.west + columns * self.cell_e, self.north

    def sample(self, xy: Array) -> Array:
        """Heights at points, bilinear between the centres of cells.

        Parameters
        ----------
        xy
            (N, 2) easting and northing in metres of the CRS; a lattice's centimetres are ``cm / 100 +
            (origin_e, origin_n)``.

        Returns
        -------
        (N,) float64
            Metres; NaN outside, and where one of the four cells around has no height.

        Examples
        --------
        >>> slope = Terrain(np.array([[0, 10], [0, 10]], dtype=np.float32), 500.0, 100.0, 20.0, 20.0, 4546)
        >>> slope.sample(np.array([[510.0, 90.0], [520.0, 80.0], [529.0, 75.0], [0.0, 0.0]])).tolist()
        [0.0, 5.0, 9.5, nan]
        """
        row = (self.north - xy[:, 1]) / self.cell_n - 0.5
        column = (xy[:, 0] - self.west) / self.cell_e - 0.5
        found = map_coordinates(
            self.heights, [row, column], output=np.float64, order=1, mode="nearest", prefilter=False
        )
        rows, columns = self.heights.shape
        inside = (np.abs(row - (rows - 1) / 2) <= rows / 2) & (
            np.abs(column - (columns - 1) / 2) <= columns / 2
        )
        return np.where(inside, found, np.nan)
