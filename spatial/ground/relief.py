"""Relief shading: a terrain as a picture to lie under a web map, clear where the land is flat and low.

Pure: a terrain and a box in, a PNG out. Pixels are square in EPSG:3857, in which web maps draw; the heights
are brought there by cubic splines, so that cells of 25 m leave no steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from rasterio.warp import Resampling, reproject, transform_bounds
from scipy.ndimage import distance_transform_edt, gaussian_filter, sobel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.terrain import Terrain

    Array = NDArray[np.float32]

PIXEL_M = 5.0
"""Size of a pixel on the ground."""
LONGEST_PX = 2200
"""Most pixels along a side; a larger town gets larger pixels."""
FADE_M = 450.0
"""Within this of its edge the picture fades out, so that no rectangle shows on the map."""
TURN = 0.06
"""A metric grid is turned against EPSG:3857 by less than this, radians: so wide a rim covers its corners."""
SMOOTHING = 0.45
"""Heights are smoothed by this many of the terrain's own cells, so that no stairs show at a valley's edge."""
EXAGGERATION = 1.5
"""Heights are stretched by this before they are lit."""
AZIMUTHS = (225.0, 270.0, 315.0, 360.0)
"""Where the light comes from, degrees clockwise from north."""
ALTITUDE = 35.0
"""Height of the light above the horizon, degrees."""
SHADES, TINTS = 31, 8
"""Steps of light (odd, so that flat land is one of them) and of height: a palette of 248 colours."""
SHADOW_SPAN, LIGHT_SPAN = 0.42, 0.14
"""How far from flat land's light the deepest shadow and the brightest slope drawn are."""
LEAST_RANGE_M = 150.0
"""Land that rises less than this from low to high is tinted less than it might be."""

_SHADOW = (84, 60, 38)
_LIGHT = (255, 247, 228)
_TINTS = ((218, 214, 186), (224, 196, 142), (206, 164, 104))
"""Loess: pale grey-green on the valley floor, ochre on the slopes, brown ochre on the tablelands."""
_MOST_SHADOW, _MOST_LIGHT, _MOST_TINT = 0.6, 0.5, 0.38


@dataclass(frozen=True)
class Relief:
    """A shaded relief: ``png`` (palette with opacity, EPSG:3857), its outer bounds in EPSG:4326 degrees."""

    png: bytes
    west: float
    south: float
    east: float
    north: float


def shade(terrain: Terrain, bounds: tuple[float, float, float, float]) -> Relief | None:
    """Draw the relief of a box.

    Parameters
    ----------
    terrain
        Heights.
    bounds
        left, bottom, right, top in metres of the terrain's CRS: what is drawn at most.

    Returns
    -------
    Relief or None
        None where the terrain lies nowhere under the box.
    """
    left, bottom, right, top = np.array([terrain.bounds, bounds]).T
    box = (float(left.max()), float(bottom.max()), float(right.min()), float(top.min()))
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    west, south, east, north = transform_bounds(terrain.epsg, 4326, *box)
    stretch = 1.0 / math.cos(math.radians((south + north) / 2))
    x0, y0, x1, y1 = transform_bounds(4326, 3857, west, south, east, north)
    pixel = max(PIXEL_M * stretch, (x1 - x0) / LONGEST_PX, (y1 - y0) / LONGEST_PX)
    shape = (math.ceil((y1 - y0) / pixel), math.ceil((x1 - x0) / pixel))
    heights, far_m = _brought(terrain, Affine(pixel, 0.0, x0, 0.0, -pixel, y1), shape)
    if not far_m.any():
        return None
    pixel_m = pixel / stretch
    heights = gaussian_filter(heights, SMOOTHING * terrain.cell_e / pixel_m)
    light = hillshade(heights, pixel_m)
    outer = transform_bounds(3857, 4326, x0, y1 - shape[0] * pixel, x0 + shape[1] * pixel, y1)
    return Relief(_png(light, _raised(heights), _opacity(far_m, pixel_m)), *outer)


def hillshade(heights: Array, pixel_m: float) -> Array:
    """Light on a surface from four sides, each weighed by how much a slope faces across it.

    Gradient by Horn (1981), "Hill shading and the reflectance map", Proc. IEEE 69(1); light from several
    sides by Mark (1992), USGS Open-File Report 92-422: the weight of an azimuth is the squared sine of the
    angle between it and the aspect.

    Parameters
    ----------
    heights
        (rows, columns) metres, north up.
    pixel_m
        Size of a pixel on the ground.

    Returns
    -------
    (rows, columns) float32
        0 in full shadow, ``sin(ALTITUDE)`` where flat, 1 facing the light.
    """
    east, north = _gradient(heights, pixel_m / EXAGGERATION)
    steep = np.maximum(np.hypot(east, north), 1e-6)
    across, high = math.cos(math.radians(ALTITUDE)), math.sin(math.radians(ALTITUDE))
    total, weights = np.zeros_like(heights), np.zeros_like(heights)
    for azimuth in np.radians(AZIMUTHS).tolist():
        facing = -(math.sin(azimuth) * east + math.cos(azimuth) * north) / steep
        weight = 1.0 + 1e-6 - facing * facing
        total += weight * facing
        weights += weight
    light = (high + across * steep * total / weights) / np.sqrt(1.0 + steep * steep)
    return np.clip(light, 0.0, 1.0)


def _gradient(heights: Array, pixel_m: float) -> tuple[Array, Array]:
    """Rise to the east and to the north, metres per metre; Horn's kernel is Sobel's."""
    scale = np.float32(8.0 * pixel_m)
    return sobel(heights, axis=1, mode="nearest") / scale, -sobel(heights, axis=0, mode="nearest") / scale


def _brought(terrain: Terrain, transform: Affine, shape: tuple[int, int]) -> tuple[Array, Array]:
    """Heights on a grid of EPSG:3857, and how far from where none are known, metres.

    Gaps and what lies around the terrain take the nearest height, so that every pixel has one.
    """
    around = math.ceil(TURN * max(terrain.heights.shape)) + 2
    known = np.pad(np.isfinite(terrain.heights), around)
    if not known.any():
        return np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    rows, columns = distance_transform_edt(~known, return_distances=False, return_indices=True)
    filled = np.pad(terrain.heights, around)[rows, columns]
    far = distance_transform_edt(known, sampling=(terrain.cell_n, terrain.cell_e)).astype(np.float32)
    corner = Affine(*terrain.transform) @ Affine.translation(-around, -around)
    out = []
    for band, way in ((filled, Resampling.cubic_spline), (far, Resampling.bilinear)):
        moved = np.zeros(shape, dtype=np.float32)
        reproject(
            band, moved, src_transform=corner, src_crs=terrain.epsg, dst_transform=transform, dst_crs=3857,
            resampling=way,
        )  # fmt: skip
        out.append(moved)
    return out[0], out[1]


def _raised(heights: Array) -> Array:
    """How high land lies between the valley floor (0) and the tops (1)."""
    low, high = np.percentile(heights[::8, ::8], [3.0, 97.0])
    out: Array = np.clip((heights - low) / max(high - low, LEAST_RANGE_M), 0.0, 1.0)
    return out


def _opacity(far_m: Array, pixel_m: float) -> Array:
    """1 inside, falling to 0 where heights end and at the picture's edge."""
    down, right = (
        (np.minimum(np.arange(n), np.arange(n)[::-1]) * pixel_m).astype(np.float32) for n in far_m.shape
    )
    inside = np.minimum(np.minimum(far_m, down[:, None]), right[None, :])
    near: Array = np.clip(inside / np.float32(FADE_M), 0.0, 1.0)
    out: Array = near * near * (3.0 - 2.0 * near)
    return out


def _palette() -> dict[int, tuple[int, int, int, int]]:
    """Colour and opacity of each step of light and height: the tint, and over it shadow or light."""
    steps = np.linspace(-1.0, 1.0, SHADES)[:, None]
    height = np.linspace(0.0, 1.0, TINTS)[None, :]
    over = np.where(steps < 0, -steps * _MOST_SHADOW, steps * _MOST_LIGHT) + 0.0 * height
    under = height * _MOST_TINT * (1.0 - over)
    opacity = over + under
    colours = np.zeros((SHADES, TINTS, 3))
    for band in range(3):
        tint = np.interp(height, (0.0, 0.5, 1.0), [one[band] for one in _TINTS])
        top = np.where(steps < 0, _SHADOW[band], _LIGHT[band])
        colours[..., band] = (over * top + under * tint) / np.maximum(opacity, 1e-9)
    rows = np.dstack([colours, opacity * 255.0]).reshape(-1, 4).round().astype(int).tolist()
    return {i: (red, green, blue, alpha) for i, (red, green, blue, alpha) in enumerate(rows)}


def _png(light: Array, raised: Array, opacity: Array) -> bytes:
    """Draw light and height by a palette; where the picture fades, both go to what is drawn clear."""
    flat = math.sin(math.radians(ALTITUDE))
    lit = np.where(light < flat, (light - flat) / SHADOW_SPAN, (light - flat) / LIGHT_SPAN)
    step = np.rint((np.clip(lit, -1.0, 1.0) * opacity + 1.0) / 2.0 * (SHADES - 1))
    index = (step * TINTS + np.rint(raised * opacity * (TINTS - 1))).astype(np.uint8)
    with MemoryFile() as memory:
        with memory.open(
            driver="PNG", width=index.shape[1], height=index.shape[0], count=1, dtype="uint8", zlevel=6,
            transform=Affine.scale(1, -1),  # none at all is warned of
        ) as picture:  # fmt: skip
            picture.write(index, 1)
            picture.write_colormap(1, _palette())
        return bytes(memory.read())
