"""One piece of ground divided into a number of grids: divide, refine, and exact search for what is small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spatial.partition.divide import divide
from spatial.partition.exact import groups_fit
from spatial.partition.graph import Ints
from spatial.partition.kernels import OUT_OF_BAND, Net, Rule, Words, total_price
from spatial.partition.refine import mend, polish, recombine
from spatial.partition.region import Piece
from spatial.policy import Band

SMALL = 40
"""Pieces of up to so many nodes are searched exactly where the heuristic leaves a grid out of band."""
NEARBY = 6
"""So many numbers of grids are tried at most where the first leaves one out of band."""
ROOMY = 0.6
"""Share of the way from the mean child to the end of its band that look-ahead counts on."""


@dataclass(frozen=True)
class Effort:
    """How hard one level is searched; counts moves, never seconds.

    Parameters
    ----------
    trees
        Random trees tried for each first cut.
    retrees
        The same when a window of grids is divided anew.
    starts
        Whole divisions tried per piece.
    sweeps
        Sweeps of recombination.
    passes, heat
        Passes of border moves, and the loss they may take at first.
    mends
        Windows tried around grids out of band.
    restarts
        Divisions from other seeds where mending failed.
    noise, shape, look, crowd
        See ``Rule``.
    child_mean
        Households of a grid of the next level by the number asked for there; 0 where none is.
    """

    trees: int = 10
    retrees: int = 5
    starts: int = 2
    sweeps: int = 6
    passes: int = 40
    heat: float = 0.3
    mends: int = 60
    restarts: int = 4
    noise: float = 0.6
    shape: float = 0.35
    look: bool = False
    crowd: float = 8.0
    child_mean: float = 0.0


FAST = Effort()


def solve(
    piece: Piece,
    k: int,
    bands: tuple[Band, Band | None],
    *,
    seed: int,
    fixed: bool = False,
    effort: Effort = FAST,
) -> Ints:
    """Divide one piece into k grids: all in band if the search or, for a small piece, any division can.

    Where k is not fixed and fails, the neighbouring numbers that fit are tried as well.
    """
    if k < 2:
        return np.zeros(len(piece.nodes), np.int64)
    state = np.array([seed & 0xFFFFFFFFFFFFFFFF], np.uint64)
    rule = rule_of(piece, k, bands, effort)
    best = _search(piece.net, k, rule, effort, state)
    price = _price(piece.net, best, rule)
    if price < OUT_OF_BAND or not piece.room.fits:
        return best
    others = sorted(range(max(piece.room.low, 2), piece.room.high + 1), key=lambda j: (abs(j - k), j))[
        1:NEARBY
    ]
    for j in ([] if fixed else others) + [k] * effort.restarts:
        label = _search(piece.net, j, rule_of(piece, j, bands, effort), effort, state)
        if _price(piece.net, label, rule) < price - 1e-9:
            best, price = label, _price(piece.net, label, rule)
        if price < OUT_OF_BAND:
            return best
    exact = _exactly(piece.net, bands[0]) if len(piece.nodes) <= SMALL and not fixed else None
    if exact is None:
        return best
    _refine(piece.net, exact, rule, effort, state)
    return exact


def rule_of(piece: Piece, k: int, bands: tuple[Band, Band | None], effort: Effort) -> Rule:
    """Turn a band into what the kernels ask for."""
    band, after = bands
    big = (
        after is not None
        and after.maximum is not None
        and (effort.look or bool((piece.net.households > after.maximum).any()))
    )
    return Rule(
        band.minimum or 0,
        band.maximum or 0,
        (after.minimum or 0) if big and after else 0,
        (after.maximum or 0) if big and after else 0,
        float(np.sqrt(max(piece.net.area_m2.sum(), 1.0) / k)),
        effort.shape,
        effort.noise,
        effort.look and big,
        *_child_sizes(after, effort.child_mean),
        effort.crowd if effort.child_mean else 0.0,
    )


def _child_sizes(after: Band | None, mean: float) -> tuple[float, float, float]:
    """Least, mean and most households of a child, with some room left towards the ends of its band."""
    if after is None or after.minimum is None or after.maximum is None or not mean:
        return 1.0, 1.0, 1.0
    return (
        mean - ROOMY * max(mean - after.minimum, 0.0),
        mean,
        mean + ROOMY * max(after.maximum - mean, 0.0),
    )


def _search(net: Net, k: int, rule: Rule, effort: Effort, state: Words) -> Ints:
    """Run the heuristic once: divide, then refine."""
    label: Ints = divide(net, k, rule, effort.trees, effort.starts, state)
    _refine(net, label, rule, effort, state)
    return label


def _refine(net: Net, label: Ints, rule: Rule, effort: Effort, state: Words) -> None:
    """Make a division cheaper in place."""
    made = int(label.max()) + 1
    if made < 2:
        return
    recombine(net, label, made, rule, 2, effort.retrees, effort.sweeps, state)
    polish(net, label, made, rule, effort.passes, effort.heat, state)
    if made > 2:
        recombine(net, label, made, rule, 3, effort.retrees, 2, state)
    recombine(net, label, made, rule, 2, effort.retrees, 2, state)
    if rule.maximum > 0:
        mend(net, label, made, rule, effort.mends, effort.retrees, state)
    polish(net, label, made, rule, effort.passes, effort.heat / 3.0, state)


def _price(net: Net, label: Ints, rule: Rule) -> float:
    return float(total_price(net, label, int(label.max()) + 1, rule))


def _exactly(net: Net, band: Band) -> Ints | None:
    """Search a small piece exactly; None where there is no division in band, or none was found in budget."""
    near = [set(net.neighbour[net.ptr[i] : net.ptr[i + 1]].tolist()) for i in range(len(net.households))]
    found = groups_fit(net.households.tolist(), near, band.minimum or 0, band.maximum or 0)
    if not isinstance(found, list):
        return None
    label = np.full(len(near), -1, np.int64)
    for g, group in enumerate(found):
        label[list(group)] = g
    while (label < 0).any():
        loose = [i for i in np.flatnonzero(label < 0) if any(label[j] >= 0 for j in near[i])]
        if not loose:
            return None
        label[loose[0]] = max(label[j] for j in near[loose[0]])
    return label
