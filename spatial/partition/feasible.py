"""Feasibility first: how many grids a number of households may become, before anything is searched."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from spatial.policy import Band


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


def wanted_count(households: int, band: Band, *, bulky: int = 0) -> int:
    """Give the number of grids nearest to the target size among those that fit, else the nearest count.

    Examples
    --------
    >>> wanted_count(1700, Band(300, 500, 400)), wanted_count(90, Band(10, 20, 17))
    (4, 5)
    """
    fitting = room(households, band, bulky=bulky)
    if not fitting.fits or fitting.high < 1:
        return nearest_count(households, band)
    aim = int(households / max(band.target, 1) + 0.5)
    return max(1, min(max(aim, fitting.low), fitting.high))


def spread(total: int, rooms: Sequence[Room], weights: Sequence[int]) -> list[int] | None:
    """Share a total over places, each within its room, as near to its weight's share as can be.

    Returns None where no sharing meets the total. The place with the fewest grids for its weight gets the
    next one; ties go to the first.

    Examples
    --------
    >>> spread(5, [Room(1, 4), Room(1, 4)], [300, 200])
    [3, 2]
    >>> spread(9, [Room(1, 4), Room(1, 4)], [300, 200]) is None
    True
    """
    shares = [one.low for one in rooms]
    left = total - sum(shares)
    if left < 0 or any(not one.fits for one in rooms) or sum(one.high for one in rooms) < total:
        return None
    heap = [
        ((share + 0.5) / max(weight, 1e-9), i)
        for i, (share, weight) in enumerate(zip(shares, weights, strict=True))
        if share < rooms[i].high
    ]
    heapq.heapify(heap)
    for _ in range(left):
        _, i = heapq.heappop(heap)
        shares[i] += 1
        if shares[i] < rooms[i].high:
            heapq.heappush(heap, ((shares[i] + 0.5) / max(weights[i], 1e-9), i))
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
