"""Hand floors of a stairwell to another grid: whole runs, as the ground has cut them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.errors import NotFound, Refused, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.plans.tree import CellRow, PlanState


def cells_on_floors(state: PlanState, bid: str, stairwell: str | None, floors: tuple[int, int]) -> list[int]:
    """Find the cells of a stairwell on a range of floors, both ends included.

    Raises
    ------
    NotFound
        ``no_such_stairwell``, ``no_such_floor``.
    Refused
        ``stairwell_not_stacked``: the stairwell fits in one finest grid and is one cell; ``run_torn``: the
        range ends inside a run.
    """
    low, high = min(floors), max(floors)
    own = [
        c for c in state.cells.values() if c.bid == bid and (stairwell is None or c.stairwell == stairwell)
    ]
    if not own:
        raise NotFound(
            "no_such_stairwell",
            zh=f"方案中没有“{bid} {stairwell or ''}”这个单元。",
            en=f"The plan has no stairwell {stairwell or ''} of {bid}.",
            where=(Where(ref=bid),),
        )
    runs = [c for c in own if c.floor_low is not None]
    if not runs:
        raise _refusal(
            "stairwell_not_stacked",
            "这个单元的住户放得进一个末级网格，不按楼层划分；请整个单元一起划。",
            "The stairwell fits in one grid and is not cut between floors: hand it over whole.",
            own,
        )
    inside = [c for c in runs if _span(c)[0] >= low and _span(c)[1] <= high]
    torn = [c for c in runs if c not in inside and _span(c)[0] <= high and _span(c)[1] >= low]
    if torn:
        spans = "、".join("{}-{}".format(*_span(c)) for c in torn)
        raise _refusal(
            "run_torn",
            f"{spans} 层合在一起，没有分层户数，不能再分；请连同整段一起划。",
            f"Floors {spans} are one run whose households are not known floor by floor: take all of it.",
            torn,
        )
    if not inside:
        raise NotFound(
            "no_such_floor",
            zh=f"“{bid} {stairwell or ''}”的 {low}-{high} 层没有住户。",
            en=f"{bid} {stairwell or ''} has no households on floors {low}-{high}.",
            where=(Where(ref=bid, value=f"{low}-{high}"),),
        )
    return sorted(c.id for c in inside)


def _span(cell: CellRow) -> tuple[int, int]:
    low = cell.floor_low or 0
    return low, low if cell.floor_high is None else cell.floor_high


def _refusal(code: str, zh: str, en: str, cells: Sequence[CellRow]) -> Refused:
    return Refused(
        code, zh=zh, en=en, where=[Where(ref=cells[0].bid)], data={"cells": sorted(c.id for c in cells)}
    )
