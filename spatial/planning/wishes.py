"""What a planner asks of a proposal beside bands and numbers: weights, locks, a base plan, effort."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from spatial.errors import BadParameter, Where
from spatial.policy import LOADS, MOST_WEIGHT, WEIGHT_NAMES, Weights

if TYPE_CHECKING:
    from collections.abc import Mapping

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Burden:
    """What a building, or one stairwell of it, weighs on who holds its grid: people, frail residents ..."""

    bid: str
    stairwell: str | None
    load: float


@dataclass(frozen=True)
class Wishes:
    """What is asked of a proposal.

    Parameters
    ----------
    weights
        None takes the policy's.
    base_plan
        A plan whose locked grids, and locked borders, stay; the rest is proposed again.
    cells, within
        Of the base plan only the finest grids that hold one of these cells, or touch this GeoJSON polygon
        (EPSG:4326), are proposed again; everything else stays as it is. None: all that is not locked.
    apart, together
        Pairs of cells (numbers of the plan's cells) between which a border must run, or may not.
    borders
        GeoJSON lines (EPSG:4326): cells left and right of one can't share a finest grid.
    loads
        What is weighed of the store's own, by the keys of `spatial.policy.LOADS`, and how much each weighs.
    burdens
        Loads of buildings or stairwells. With neither, load is not weighed.
    mode
        ``best`` searches some twenty times as long as ``fast``.
    limit_s
        Seconds of searching after which the best so far is taken; such a plan is marked as not reproducible.
        None: no limit.
    """

    weights: Weights | None = None
    base_plan: int | None = None
    cells: frozenset[int] | None = None
    within: Mapping[str, Any] | None = None
    apart: Pairs = ()
    together: Pairs = ()
    borders: tuple[Mapping[str, Any], ...] = ()
    loads: Mapping[str, float] = field(default_factory=dict)
    burdens: tuple[Burden, ...] = ()
    mode: Literal["fast", "best"] = "fast"
    limit_s: float | None = None

    def __post_init__(self) -> None:
        if self.limit_s is not None and not 0 < self.limit_s < math.inf:
            raise BadParameter(
                "bad_limit",
                zh=f"时限须为正的秒数，给出的是 {self.limit_s:g}。",
                en=f"A limit is a number of seconds above 0, not {self.limit_s:g}.",
                where=(Where(field="limit_s", value=f"{self.limit_s:g}"),),
            )
        for name, value in [*self.loads.items(), *((one.bid, one.load) for one in self.burdens)]:
            if not 0 <= value < math.inf or (name in self.loads and name not in LOADS):
                raise _bad_load(name, value)
        if self.base_plan is None and not (self.cells is None and self.within is None):
            raise BadParameter(
                "part_without_plan",
                zh="只重划一部分时，须给出以哪个方案为底（base_plan）。",
                en="To propose a part again, say which plan it is a part of (base_plan).",
                where=(Where(field="base_plan"),),
            )

    @property
    def locking(self) -> bool:
        """Whether anything may be locked."""
        return self.base_plan is not None or bool(self.apart or self.together or self.borders)


def _bad_load(name: str, value: float) -> BadParameter:
    listed = "、".join(f"{key}（{zh}）" for key, (zh, _) in LOADS.items())
    return BadParameter(
        "bad_load",
        zh=f"负荷 {name}={value:g} 不可用：名称须为 {listed} 之一，数值从 0 起。",
        en=f"Load {name}={value:g} can't be used: one of {', '.join(LOADS)}, a number from 0.",
        where=(Where(field="loads", value=f"{name}={value:g}"),),
    )


def weights_of(given: Mapping[str, float], start: Weights | None = None) -> Weights:
    """Make weights of some of them by name, the others as they were.

    Raises
    ------
    BadParameter
        ``bad_weight``: no such weight, or one outside 0 to 10.

    Examples
    --------
    >>> weights_of({"features": 1.5}).features
    1.5
    """
    for name, value in given.items():
        if name not in WEIGHT_NAMES or not (math.isfinite(value) and 0 <= value <= MOST_WEIGHT):
            listed = "、".join(f"{key}（{zh}）" for key, (zh, _) in WEIGHT_NAMES.items())
            raise BadParameter(
                "bad_weight",
                zh=f"权重 {name}={value:g} 不可用：名称须为 {listed} 之一，数值 0 至 {MOST_WEIGHT:g}。",
                en=f"Weight {name}={value:g} can't be used: one of {', '.join(WEIGHT_NAMES)}, "
                f"from 0 to {MOST_WEIGHT:g}.",
                where=(Where(field="weights", value=f"{name}={value:g}"),),
            )
    return Weights(**(asdict(start or Weights()) | dict(given)))
