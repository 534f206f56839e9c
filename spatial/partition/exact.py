"""Small exact searches: say whether households can be put into groups in band at all.

Both answer True or False only when proven, and None when the budget of steps ran out.
"""

from __future__ import annotations

from collections.abc import Sequence

STEPS = 20_000


class _OutOfSteps(Exception):
    """The budget of steps ran out."""


class _Budget:
    """Counts steps down and ends the search at nought."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _OutOfSteps


def sums_fit(households: Sequence[int], low: int, high: int, *, steps: int = STEPS) -> bool | None:
    """Say whether numbers can be put into groups that each sum to between low and high, wherever they lie.

    Examples
    --------
    >>> sums_fit([9, 9, 9], 10, 20), sums_fit([9, 9, 9, 9], 10, 20), sums_fit([12, 12, 5], 10, 20)
    (False, True, True)
    """
    numbers = tuple(sorted((h for h in households if h > 0), reverse=True))
    if sum(2 * h > high for h in numbers) > sum(numbers) // max(low, 1):
        return False
    try:
        return _Sums(low, high, steps).solve(numbers)
    except (_OutOfSteps, RecursionError):
        return None


class _Sums:
    """Depth-first search for groups of numbers, the largest first; remembers what is hopeless."""

    def __init__(self, low: int, high: int, steps: int) -> None:
        self.low, self.high, self.budget = low, high, _Budget(steps)
        self.hopeless: set[tuple[int, ...]] = set()

    def solve(self, rest: tuple[int, ...]) -> bool:
        """Group all of ``rest``, which is in descending order."""
        if not rest:
            return True
        if rest in self.hopeless:
            return False
        total = sum(rest)
        fits = -(-total // self.high) <= total // max(self.low, 1)
        if fits and self._fill(rest[1:], 0, rest[0], ()):
            return True
        self.hopeless.add(rest)
        return False

    def _fill(self, rest: tuple[int, ...], at: int, total: int, passed: tuple[int, ...]) -> bool:
        """Fill one group from ``rest[at:]``; ``passed`` is what it passed over."""
        self.budget.spend()
        if self.low <= total <= self.high and self.solve(passed + rest[at:]):
            return True
        last = -1
        for i in range(at, len(rest)):
            if rest[i] != last and total + rest[i] <= self.high:
                if self._fill(rest, i + 1, total + rest[i], passed + rest[at:i]):
                    return True
                last = rest[i]
        return False


def runs_fit(households: Sequence[int], low: int, high: int) -> bool:
    """Say whether numbers in a row can be cut into runs that each sum to between low and high.

    Examples
    --------
    >>> runs_fit([3] * 7, 10, 20), runs_fit([3] * 8, 10, 20), runs_fit([9, 9, 9], 10, 20)
    (False, True, False)
    """
    cuts = [0]
    total = 0
    for h in households:
        total += h
        if any(low <= total - cut <= high for cut in cuts):
            cuts.append(total)
    return bool(total) and cuts[-1] == total


def groups_fit(
    households: Sequence[int], near: Sequence[set[int]], low: int, high: int, *, steps: int = STEPS
) -> list[set[int]] | bool | None:
    """Put nodes into connected groups in band; nodes of no households may serve to connect.

    Parameters
    ----------
    households
        Per node.
    near
        Neighbours of each node.
    low, high
        The band, both ends included.
    steps
        Budget.

    Returns
    -------
    Disjoint groups that hold every household; False if there are none, proven; None if the budget ran out.

    Examples
    --------
    >>> groups_fit([9, 2, 9, 9], [{1}, {0, 2}, {1, 3}, {2}], 10, 20)
    [{0, 1}, {2, 3}]
    >>> groups_fit([9, 9, 4, 9], [{1}, {0, 2}, {1, 3}, {2}], 14, 20)
    False
    """
    try:
        found = _Groups(households, near, low, high, steps).solve(frozenset())
    except (_OutOfSteps, RecursionError):
        return None
    return False if found is None else found


class _Groups:
    """Depth-first search for connected groups, the node with the fewest free neighbours first."""

    def __init__(
        self, households: Sequence[int], near: Sequence[set[int]], low: int, high: int, steps: int
    ) -> None:
        self.households, self.near, self.low, self.high = households, near, low, high
        self.budget = _Budget(steps)
        self.settled = frozenset(i for i, h in enumerate(households) if h > 0)
        self.hopeless: set[frozenset[int]] = set()

    def solve(self, taken: frozenset[int]) -> list[set[int]] | None:
        """Group every settled node that is not taken."""
        left = self.settled - taken
        if not left:
            return []
        if taken in self.hopeless:
            return None
        first = min(left, key=lambda i: (len(self.near[i] - taken), i))
        found = self._grow(frozenset({first}), self.households[first], taken)
        if found is None:
            self.hopeless.add(taken)
        return found

    def _grow(
        self, group: frozenset[int], total: int, taken: frozenset[int], banned: frozenset[int] = frozenset()
    ) -> list[set[int]] | None:
        """Grow one connected group; every connected set is met once, by banning what was passed over."""
        self.budget.spend()
        if self.low <= total <= self.high:
            rest = self.solve(taken | group)
            if rest is not None:
                return [set(group), *rest]
        fringe = set[int]().union(*(self.near[i] for i in group)) - group - banned - taken
        for i in sorted(fringe, key=lambda j: (self.households[j] == 0, j)):
            if total + self.households[i] <= self.high:
                found = self._grow(group | {i}, total + self.households[i], taken, banned)
                if found is not None:
                    return found
            banned = banned | {i}
        return None


def reach(
    start: int,
    households: Sequence[int],
    near: Sequence[set[int]],
    low: int,
    high: int,
    *,
    steps: int = STEPS,
) -> set[int] | None:
    """Say what a node could share a group with, if no connected group that holds it is in band.

    Returns
    -------
    Every node in or beside a connected group around ``start`` of at most ``high`` households: the set that
    shows it. None if some group is in band, or the budget ran out.

    Examples
    --------
    >>> reach(0, [47, 54, 60, 9], [{1, 2}, {0, 3}, {0}, {1}], 50, 100)
    {0, 1, 2}
    >>> reach(0, [47, 54, 9], [{1, 2}, {0}, {0}], 50, 100) is None
    True
    """
    met = {frozenset({start})}
    stack = [frozenset({start})]
    beside = {start}
    while stack:
        group = stack.pop()
        total = sum(households[i] for i in group)
        if low <= total <= high or len(met) > steps:
            return None
        for i in set[int]().union(*(near[j] for j in group)) - group:
            beside.add(i)
            larger = group | {i}
            if total + households[i] <= high and larger not in met:
                met.add(larger)
                stack.append(larger)
    return beside
