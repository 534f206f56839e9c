"""One piece of ground divided into a number of grids: divide, refine, and exact search for what is small."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numba import njit

from spatial.partition.divide import divide
from spatial.partition.exact import groups_fit
from spatial.partition.graph import Ints
from spatial.partition.kernels import OUT_OF_BAND, Net, Rule, Words, blocks, total_price
from spatial.partition.refine import mend, polish, recombine
from spatial.partition.region import OVERRUN, Piece, merged
from spatial.policy import Band

if TYPE_CHECKING:
    from collections.abc import Callable

COARSE = 60
"""Pieces of more cells a grid are divided as blocks first."""
BLOCKS = 8
"""Blocks a grid, at least."""
BLOCK_STARTS = 2
"""Divisions into blocks for each start."""
FEW_CELLS = 10
"""Grids of so few cells are begun once."""
COARSE_SHAPE = 0.35
"""Price of the shape of grids of so many cells, beside that of others."""
BLOCK_NOISE = 0.3
"""How far blocks stray from the barriers."""
COARSE_OVERRUN = 0.13
"""Price of a metre that follows a feature fully, for grids of so many cells."""
FINE_OVERRUN = -0.15
"""The same for others: a reward, as the fewer cells a grid has, the less of its border follows features."""
PLAIN = 0.1
"""Borders followed no more than this show what a metre without feature costs."""
SMALL = 40
"""Pieces of up to so many nodes are searched exactly where the heuristic leaves a grid out of band."""
NEARBY = 6
"""So many numbers of grids are tried at most where the first leaves one out of band."""
ROOMY = 0.6
"""Share of the way from the mean child to the end of its band that look-ahead counts on."""


class Amounts(NamedTuple):
    """What the compiled refining takes of an :class:`Effort`."""

    retrees: int
    sweeps: int
    triples: int
    passes: int
    heat: float
    mends: int


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
    sweeps, triples
        Sweeps of recombination of pairs, and of windows of three, which find little more for a fifth of the
        time.
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
    overrun
        Price of a metre that follows a feature fully, beside 1 for one that follows none; None: by the cells
        that a grid has.
    rounds
        Whole searches of a piece by other chances, the cheapest of which is kept.
    """

    trees: int = 10
    retrees: int = 6
    starts: int = 2
    sweeps: int = 6
    triples: int = 0
    passes: int = 48
    heat: float = 0.3
    mends: int = 30
    restarts: int = 4
    noise: float = 0.6
    shape: float = 0.5
    look: bool = False
    crowd: float = 8.0
    child_mean: float = 0.0
    overrun: float | None = None
    rounds: int = 1

    @property
    def amounts(self) -> Amounts:
        """What refining takes of it."""
        return Amounts(self.retrees, self.sweeps, self.triples, self.passes, self.heat, self.mends)


FAST = Effort()
BEST = Effort(trees=20, retrees=10, starts=3, sweeps=10, triples=2, passes=120, heat=1.0, mends=100, rounds=8)
Mode = Literal["fast", "best"]
EFFORTS: dict[Mode, Effort] = {"fast": FAST, "best": BEST}
"""How hard each mode searches."""


def thorough(effort: Effort) -> Effort:
    """Search as hard as mode ``best`` does, with the same prices."""
    amounts = ("trees", "retrees", "starts", "sweeps", "triples", "passes", "heat", "mends", "rounds")
    return replace(effort, **{name: getattr(BEST, name) for name in amounts})


def hasty(effort: Effort) -> Effort:
    """Divide once and mend nothing, at the same prices: for what is left when a limit has passed."""
    return replace(effort, trees=1, retrees=1, starts=1, rounds=1, sweeps=0, passes=0, mends=0, restarts=0)


def solve(
    piece: Piece,
    k: int,
    bands: tuple[Band, Band | None],
    *,
    seed: int,
    fixed: bool = False,
    effort: Effort = FAST,
    late: Callable[[], bool] = lambda: False,
) -> Ints:
    """Divide one piece into k grids: all in band if the search or, for a small piece, any division can.

    Where k is not fixed and fails, the neighbouring numbers that fit are tried as well; none once it is late.
    """
    if k < 2:
        return np.zeros(len(piece.nodes), np.int64)
    state = np.array([seed & 0xFFFFFFFFFFFFFFFF], np.uint64)
    piece = replace(piece, net=_priced(piece.net, k, effort))
    rule = rule_of(piece, k, bands, effort)
    best, price = _cheapest(piece.net, k, rule, effort, state, late)
    if late() or _is_done(piece.net, best, price, rule) or not piece.room.fits:
        return best
    others = sorted(range(max(piece.room.low, 2), piece.room.high + 1), key=lambda j: (abs(j - k), j))[
        1:NEARBY
    ]
    for j in ([] if fixed else others) + [k] * effort.restarts:
        label = _search(piece.net, j, rule_of(piece, j, bands, effort), effort, state)
        if _price(piece.net, label, rule) < price - 1e-9:
            best, price = label, _price(piece.net, label, rule)
        if late() or _is_done(piece.net, best, price, rule):
            return best
    exact = _exactly(piece.net, bands[0]) if len(piece.nodes) <= SMALL and not fixed else None
    if exact is None:
        return best
    _refine(piece.net, exact, rule, effort.amounts, state)
    return exact


def _priced(net: Net, k: int, effort: Effort) -> Net:
    """Price the borders for grids of so many cells, in the prices of a metre that the net's weights give."""
    overrun = effort.overrun
    if overrun is None:
        overrun = COARSE_OVERRUN if len(net.households) > COARSE * k else FINE_OVERRUN
    plain = (net.length_m > 0.0) & (net.barrier <= PLAIN)
    if overrun >= OVERRUN or not plain.any():
        return net
    middle = int(plain.sum()) // 2
    metre = float(np.partition(net.cost[plain] / net.length_m[plain], middle)[middle]) / (1.0 + OVERRUN)
    return net._replace(cost=net.cost - metre * (OVERRUN - overrun) * net.length_m)


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
        effort.shape * (COARSE_SHAPE if len(piece.nodes) > COARSE * k else 1.0),
        effort.noise,
        effort.look and big,
        *_child_sizes(after, effort.child_mean),
        effort.crowd if effort.child_mean else 0.0,
        piece.net.even if piece.net.load.any() else 0.0,
        float(piece.net.load.sum()) / k,
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


def _cheapest(
    net: Net, k: int, rule: Rule, effort: Effort, state: Words, late: Callable[[], bool]
) -> tuple[Ints, float]:
    """Search as often as the effort says, by other chances; the cheapest and its price."""
    best = _search(net, k, rule, effort, state)
    price = _price(net, best, rule)
    for turn in range(1, effort.rounds):
        if late():
            break
        stray = 1.0 + (turn % 4) / 2.0
        other = replace(effort, heat=effort.heat * stray)
        label = _search(net, k, rule._replace(noise=rule.noise * stray), other, state)
        if _price(net, label, rule) < price - 1e-9:
            best, price = label, _price(net, label, rule)
    return best, price


def _search(net: Net, k: int, rule: Rule, effort: Effort, state: Words) -> Ints:
    """Run the heuristic once: divide, then refine; many cells a grid first as blocks."""
    if len(net.households) > COARSE * k and rule.maximum > 0:
        return _search_blocks(net, k, rule, effort, state)
    starts = effort.starts if len(net.households) > FEW_CELLS * k else 1
    label: Ints = divide(net, k, rule, effort.trees, starts, state)
    _refine(net, label, rule, effort.amounts, state)
    return label


def _search_blocks(net: Net, k: int, rule: Rule, effort: Effort, state: Words) -> Ints:
    """Divide blocks of cells, each time other ones, and refine the cheapest division cell by cell."""
    most = max(int(net.households.sum()) // (BLOCKS * k), 1)
    best, least = np.zeros(len(net.households), np.int64), np.inf
    for _ in range(BLOCK_STARTS * effort.starts):
        node_of = blocks(net, most, BLOCK_NOISE, state)
        coarse = merged(net, node_of)
        label = divide(coarse, k, rule._replace(next_maximum=0), effort.trees, 1, state)
        _refine(coarse, label, rule._replace(next_maximum=0), effort.amounts, state)
        label = label[node_of]
        price = _price(net, label, rule)
        if price < least:
            best, least = label, price
    _touch_up(net, best, rule, effort.amounts, state)
    return best


@njit(cache=True, error_model="numpy", nogil=True)
def _refine(net: Net, label: Ints, rule: Rule, amounts: Amounts, state: Words) -> None:
    """Make a division cheaper in place."""
    made = int(label.max()) + 1
    if made < 2:
        return
    recombine(net, label, made, rule, 2, amounts.retrees, amounts.sweeps, state)
    polish(net, label, made, rule, amounts.passes, amounts.heat, state)
    if made > 2:
        recombine(net, label, made, rule, 3, amounts.retrees, amounts.triples, state)
    recombine(net, label, made, rule, 2, amounts.retrees, 2, state)
    if rule.maximum > 0:
        mend(net, label, made, rule, amounts.mends, amounts.retrees, state)
    polish(net, label, made, rule, amounts.passes, amounts.heat / 3.0, state)


@njit(cache=True, error_model="numpy", nogil=True)
def _touch_up(net: Net, label: Ints, rule: Rule, amounts: Amounts, state: Words) -> None:
    """Make a division cheaper in place that is good as blocks go."""
    made = int(label.max()) + 1
    polish(net, label, made, rule, amounts.passes // 2, amounts.heat / 3.0, state)
    recombine(net, label, made, rule, 2, amounts.retrees, 2, state)
    mend(net, label, made, rule, amounts.mends, amounts.retrees, state)
    polish(net, label, made, rule, amounts.passes // 2, amounts.heat / 3.0, state)


def _is_done(net: Net, label: Ints, price: float, rule: Rule) -> bool:
    """Say whether all grids are in band and few households are trapped."""
    households = np.bincount(label, net.households)
    held = rule.maximum <= 0 or bool(((households >= rule.minimum) & (households <= rule.maximum)).all())
    return held and price < OUT_OF_BAND


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
