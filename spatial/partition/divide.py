"""First stage: divide a region into a number of grids by cuts along barrier-weighted random trees."""

from __future__ import annotations

import numpy as np
from numba import njit

from spatial.partition.kernels import Ints, Net, Rule, Words, split_into, total_price


@njit(cache=True, error_model="numpy", nogil=True)
def divide(net: Net, k: int, rule: Rule, trees: int, starts: int, state: Words) -> Ints:
    """Divide a connected net into k connected grids and keep the cheapest of some starts.

    Parameters
    ----------
    net
        The region; connected (bridges included).
    k
        Number of grids wanted.
    rule
        Band and prices.
    trees
        Random trees tried for each cut.
    starts
        Whole divisions tried.
    state
        Chance; advanced.

    Returns
    -------
    Labels 0 .. made - 1 per node; fewer than k only where the net has fewer nodes.
    """
    best = np.zeros(len(net.households), np.int64)
    least = np.inf
    for _ in range(starts):
        label, made = split_into(net, k, rule, trees, state)
        price = total_price(net, label, made, rule) + 1000.0 * (k - made)
        if price < least:
            best, least = label, price
    return best
