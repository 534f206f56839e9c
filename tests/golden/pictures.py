"""Pictures of a plan as whole numbers a pixel: 0 ground, 1 to 3 the border of that level, 255 outside."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from rasterio.features import rasterize
from rasterio.transform import from_bounds

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.ground.model import Ground
    from spatial.partition.propose import Proposal

SIDE = 480
"""Pixels along the longer side."""
OUTSIDE = 255
COLOURS = {
    0: (250, 248, 240),
    1: (20, 20, 20),
    2: (60, 110, 190),
    3: (200, 160, 110),
    OUTSIDE: (255, 255, 255),
}
SAME, LOST, NEW = (170, 170, 170), (30, 90, 220), (220, 30, 30)


def picture(ground: Ground, proposal: Proposal) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Draw the borders of a plan: between two pixels of different grids, the coarsest level that differs."""
    left, bottom, right, top = ground.outline.bounds
    scale = SIDE / max(right - left, top - bottom)
    shape = max(int((top - bottom) * scale), 1), max(int((right - left) * scale), 1)
    face = rasterize(
        ((polygon, i + 1) for i, polygon in enumerate(ground.faces)), out_shape=shape, fill=0, dtype=np.int32,
        transform=from_bounds(left, bottom, right, top, shape[1], shape[0]),
    )  # fmt: skip
    lowest = np.full(len(ground.faces) + 1, -1)
    cells = ground.cells["face"].to_numpy()
    lowest[cells[::-1] + 1] = np.arange(len(cells))[::-1]
    inside, drawn = face > 0, np.zeros(shape, np.uint8)
    for level in range(len(proposal.levels), 0, -1):
        grid = np.append(proposal.levels[level - 1], -2)[lowest][face]
        differs = np.zeros(shape, np.bool_)
        differs[:, 1:] |= (grid[:, 1:] != grid[:, :-1]) & inside[:, 1:] & inside[:, :-1]
        differs[1:] |= (grid[1:] != grid[:-1]) & inside[1:] & inside[:-1]
        drawn[differs] = level
    drawn[~inside] = OUTSIDE
    return drawn


def save(path: Path, image: np.ndarray[Any, Any]) -> None:
    """Write a PNG, one band or (height, width, 3)."""
    bands = image[np.newaxis] if image.ndim == 2 else np.moveaxis(image, 2, 0)
    count, height, width = bands.shape
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(path, "w", "PNG", width, height, count, dtype="uint8") as file:
            file.write(bands.astype(np.uint8))


def load(path: Path) -> np.ndarray[Any, Any]:
    """Read the first band of a PNG."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(path) as file:
            return file.read(1)


def difference(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Show borders of both in grey, what is lost in blue, what is new in red."""
    border = [(image > 0) & (image < OUTSIDE) for image in (before, after)]
    shown = np.full((*before.shape, 3), 255, np.uint8)
    shown[border[0] & border[1]] = SAME
    shown[border[0] & ~border[1]] = LOST
    shown[border[1] & ~border[0]] = NEW
    return shown


def coloured(image: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give the picture as people look at it."""
    shown = np.zeros((*image.shape, 3), np.uint8)
    for value, colour in COLOURS.items():
        shown[image == value] = colour
    return shown
