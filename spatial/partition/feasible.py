"""Feasibility first: how many grids a number of households may become, before anything is searched."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from spatial.policy import Band

FILLED = 2.0 / 3.0
"""A cell of more than this share of the target size seldom finds company."""


class Room(NamedTuple):
    """Numbers of grids that fit: every k with ``low <= k <= high``; none fits if ``low > high``."""

    low: int
    high: int

    @property
    def fits(self) -> bool:
        """Whether any number fits."""
        return self.low <= self.high


def room(households: int, band: Band, *, bulky: int = 0) -> Room:
    """Say between how many grids a number of households fits.

    Parameters
    ----------
    households
        Households of the piece, cells above the band's maximum left out.
    band
        The band of the level.
    bulky
        Cells of the piece with more than half the maximum: no two of them share a grid.

    Examples
    --------
    >>> room(1000, Band(300, 500, 400)), room(550, Band(300, 500, 400)).fits
    (Room(low=2, high=3), False)
    >>> room(46, Band(10, 20, 17), bulky=4)
    Room(low=4, high=4)
    """
    if band.minimum is None or band.maximum is None:
        return Room(min(1, households), households)
    return Room(max(-(-households // band.maximum), bulky), households // max(band.minimum, 1))


def deviation(households: int, k: int, band: Band) -> float:
    """Say how far the mean of k grids lies outside the band, relative to the bound it breaks.

    Examples
    --------
    >>> deviation(550, 1, Band(300, 500, 400)), round(deviation(550, 2, Band(300, 500, 400)), 3)
    (0.1, 0.083)
    """
    if band.minimum is None or band.maximum is None:
        return 0.0
    mean = households / k
    if mean < band.minimum:
        return (band.minimum - mean) / band.minimum
    return max(0.0, (mean - band.maximum) / band.maximum)


def nearest_count(households: int, band: Band) -> int:
    """Give the number of grids of least relative deviation, the smaller one of two equal ones.

    Examples
    --------
    >>> nearest_count(550, Band(300, 500, 400)), nearest_count(120, Band(300, 500, 400))
    (2, 1)
    """
    if band.minimum is None or band.maximum is None:
        return max(1, round(households / band.target))
    most = max(1, households // max(band.minimum, 1) + 1)
    least = max(1, households // max(band.maximum, 1))
    return min(range(least, most + 1), key=lambda k: (deviation(households, k, band), k))


def wanted_count(households: int, band: Band, fitting: Room | None = None) -> int:
    """Give the number of grids nearest to the target size among those that fit, else the nearest count.

    Examples
    --------
    >>> wanted_count(1700, Band(300, 500, 400)), wanted_count(90, Band(10, 20, 17))
    (4, 5)
    """
    fitting = fitting or room(households, band)
    if not fitting.fits or fitting.high < 1:
        return nearest_count(households, band)
    aim = int(households / max(band.target, 1) + 0.5)
    return max(1, min(max(aim, fitting.low), fitting.high))


def lump_room(lumps: Sequence[int], band: Band) -> Room:
    """Say between how many grids indivisible numbers of households fit, wherever they lie.

    Cells above the maximum are grids of their own. Below, no fewer than the bins of Martello and Toth (1990,
    bound L2); above, no more than the cells that fill a grid alone and what the others fill together.

    Examples
    --------
    >>> lump_room([12, 12, 12, 3, 3, 3], Band(10, 20, 17)), lump_room([19, 19, 9, 9], Band(10, 20, 17))
    (Room(low=3, high=3), Room(low=3, high=3))
    >>> lump_room([30, 9, 9], Band(10, 20, 17))
    Room(low=2, high=2)
    """
    low, high = band.minimum, band.maximum
    if low is None or high is None:
        return room(sum(lumps), band)
    count = Counter(h for h in lumps if h > 0)
    fit = {h: n for h, n in count.items() if h <= high}
    total, large = sum(h * n for h, n in fit.items()), {h: n for h, n in fit.items() if 2 * h > high}
    least = -(-total // high)
    for cut in {h for h in fit if 2 * h <= high} | {0}:
        room_left = sum((high - h) * n for h, n in large.items() if h <= high - cut)
        rest = sum(h * n for h, n in fit.items() if cut <= h and 2 * h <= high) - room_left
        least = max(least, sum(large.values()) + max(0, -(-rest // high)))
    oversize = sum(n for h, n in count.items() if h > high)
    filling = sum(n for h, n in fit.items() if h >= low)
    small = sum(h * n for h, n in fit.items() if h < low)
    return Room(oversize + least, oversize + filling + small // max(low, 1))


def subset_band(lumps: Sequence[int], band: Band) -> Band | None:
    """Narrow a band to the sums that indivisible numbers of households can have: what a grid may hold at all.

    Returns
    -------
    The band from the least subset sum not below its minimum to the greatest not above its maximum; None where
    no subset lies in band. Cells above the maximum are left out.

    Examples
    --------
    >>> subset_band([12] * 9, Band(50, 100, 90)), subset_band([7, 1], Band(5, 10, 8))
    (Band(minimum=60, maximum=96, target=90), Band(minimum=7, maximum=8, target=8))
    """
    low, high = band.minimum, band.maximum
    if low is None or high is None:
        return band
    sums, within = 1, (1 << (high + 1)) - 1
    for h in lumps:
        if h <= high:
            sums |= (sums << h) & within
    inside = sums >> max(low, 1)
    if not inside:
        return None
    least = max(low, 1) + (inside & -inside).bit_length() - 1
    return Band(least, sums.bit_length() - 1, band.target)


def natural_count(lumps: Sequence[int], band: Band) -> float:
    """Give the number of grids that come of themselves: cells that nearly fill one alone, the rest at target.

    Examples
    --------
    >>> natural_count([12, 12, 30, 9, 8], Band(10, 20, 17)), natural_count([54, 36, 90], Band(50, 100, 90))
    (4.0, 2.2)
    """
    target = max(band.target, 1)
    half = math.inf if band.maximum is None else band.maximum / 2
    alone = sum(1.0 if h > FILLED * target else (1.0 + h / target) / 2.0 for h in lumps if h > half)
    return alone + sum(h for h in lumps if h <= half) / target


def spread(total: int, rooms: Sequence[Room], naturals: Sequence[float]) -> list[int] | None:
    """Share a total over places, each within its room, all of them as far from their natural number.

    How far is measured in what lies between the natural number and the end of the room. Returns None where no
    sharing meets the total; ties go to the first.

    Examples
    --------
    >>> spread(5, [Room(1, 4), Room(1, 4)], [3.0, 2.0]), spread(6, [Room(6, 9), Room(0, 9)], [7.0, 4.0])
    ([3, 2], [6, 0])
    >>> spread(9, [Room(1, 4), Room(1, 4)], [3.0, 2.0]) is None
    True
    """
    lows, highs = [one.low for one in rooms], [one.high for one in rooms]
    if any(not one.fits for one in rooms) or not sum(lows) <= total <= sum(highs):
        return None
    middle = [min(max(n, one.low), one.high) for n, one in zip(naturals, rooms, strict=True)]
    ends = lows if total <= sum(middle) else highs
    far = sum(ends) - sum(middle)
    part = (total - sum(middle)) / far if far else 0.0
    exact = [m + part * (end - m) for m, end in zip(middle, ends, strict=True)]
    shares = [min(max(math.floor(x + 1e-9), one.low), one.high) for x, one in zip(exact, rooms, strict=True)]
    while sum(shares) != total:
        step = 1 if sum(shares) < total else -1
        able = [i for i, one in enumerate(rooms) if one.low <= shares[i] + step <= one.high]
        shares[max(able, key=lambda i: (step * (exact[i] - shares[i]), -i))] += step
    return shares


def nested_span(counts: Sequence[int], bands: Sequence[Band]) -> tuple[float, float]:
    """Least and most households that a tree of so many grids per level may hold.

    Children are shared evenly over their parents: the least a parent may hold is convex in the number of its
    children and the most concave, so an even share is the widest.

    Parameters
    ----------
    counts
        Grids at levels 1, 2, ... of one area.
    bands
        Bands of the same levels.

    Examples
    --------
    >>> nested_span((60, 212), (Band(300, 500, 400), Band(50, 100, 90)))
    (18000.0, 21200.0)
    """
    low, high = [0.0] * counts[-1], [float("inf")] * counts[-1]
    for level in range(len(counts) - 1, -1, -1):
        band = bands[level]
        if band.minimum is not None and band.maximum is not None:
            low = [max(one, float(band.minimum)) for one in low]
            high = [min(one, float(band.maximum)) for one in high]
        if any(bottom > top for bottom, top in zip(low, high, strict=True)):
            return float("inf"), float("-inf")
        if level == 0:
            break
        parents = counts[level - 1]
        cuts = [i * len(low) // max(parents, 1) for i in range(parents + 1)]
        if parents > len(low):
            return float("inf"), float("-inf")
        low = [sum(low[cuts[i] : cuts[i + 1]]) for i in range(parents)]
        high = [sum(high[cuts[i] : cuts[i + 1]]) for i in range(parents)]
    return sum(low), sum(high)
