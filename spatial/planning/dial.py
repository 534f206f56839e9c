"""The staffing dial: "55 liaisons" as numbers of grids, or why not, and the numbers that would go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.errors import BadParameter, Infeasible, Where
from spatial.partition.feasible import Room, spread
from spatial.partition.outlook import outlook
from spatial.policy import POSTS, Division

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from spatial.partition.outlook import LevelOutlook
    from spatial.planning.proposing import Targets
    from spatial.planning.sites import Site
    from spatial.planning.views import ProposeResult
    from spatial.policy import Policy


STEPS = (-1, 1, -2, 2)
"""Grids more or fewer that are tried on the level above."""


def level_of_post(post: str) -> dict[Division, int]:
    """Level of the grids that a post holds, by division; ``level2`` names a level itself.

    Raises
    ------
    BadParameter
        ``bad_post``.

    Examples
    --------
    >>> level_of_post("liaison"), level_of_post("网格助理员"), level_of_post("level1")
    ({'community': 3, 'village': 2}, {'community': 2}, {'community': 1, 'village': 1})
    """
    named = post.strip().lower()
    found = {
        division: level
        for (division, level), (zh, en) in POSTS.items()
        if level and named in (zh, en, en.removeprefix("grid "), f"level{level}")
    }
    if not found:
        listed = dict.fromkeys(
            (zh, en.removeprefix("grid ")) for (_, level), (zh, en) in POSTS.items() if level
        )
        raise BadParameter(
            "bad_post",
            zh=f"没有“{post}”这个岗位，可用：{'、'.join(f'{zh}（{en}）' for zh, en in listed)}，或 level1。",
            en=f"No post is called {post}: use {', '.join(en for _, en in listed)}, or level1 and so on.",
            where=(Where(field="staff", value=post),),
        )
    return found


def staffed(
    sites: Sequence[Site], staff: Mapping[str, int], policy: Policy,
    attempt: Callable[[Targets], list[ProposeResult]],
) -> list[ProposeResult]:  # fmt: skip
    """Divide so that there are so many people of each post.

    The numbers of the levels above are left open first; where that fails, one grid more or fewer than comes
    of itself is tried on the level above.

    Parameters
    ----------
    sites, staff, policy
        Basic grids, people by post, bands.
    attempt
        Divides by targets; Infeasible (``targets``) where it can't.

    Raises
    ------
    BadParameter
        ``bad_post``, ``bad_number``.
    Infeasible
        ``staff``: with the least, the most and the nearest number.
    """
    asked = staff_targets(sites, staff, policy)
    refusal: Infeasible | None = None
    for targets in _around(sites, asked, policy):
        try:
            return attempt(targets)
        except Infeasible as error:
            if error.code != "targets":
                raise
            refusal = refusal or error
    post, number = next(iter(staff.items()))
    data = refusal.data if refusal else {}
    nearest = int(data.get("nearest", data.get("low", number)))
    raise unmet(post, number, int(data.get("low", 0)), int(data.get("high", 0)), nearest)


def _around(sites: Sequence[Site], asked: Targets, policy: Policy) -> Iterator[Targets]:
    """Targets with the levels above left open, then with the one above fixed around its natural number."""
    yield asked
    for division, numbers in asked.items():
        looks = [
            outlook(site.graph, site.ground.division, policy)
            for site in sites if site.ground.division == division
        ]  # fmt: skip
        for level in range(1, len(numbers)):
            if numbers[level] is None or numbers[level - 1] is not None or looks[0][level - 1].given:
                continue
            dedicated = sum(look[level - 1].dedicated for look in looks)
            aim = dedicated + sum(look[level - 1].aim for look in looks)
            for step in STEPS:
                yield {**asked, division: (*numbers[: level - 1], max(aim + step, 1), *numbers[level:])}


def staff_targets(sites: Sequence[Site], staff: Mapping[str, int], policy: Policy) -> Targets:
    """Turn numbers of people by post into numbers of grids; the other levels are left open.

    Raises
    ------
    BadParameter
        ``bad_post``, ``bad_number``.
    Infeasible
        ``staff``: no division has so many grids; ``data`` has the least and the most.
    """
    looks = [outlook(site.graph, site.ground.division, policy) for site in sites]
    wanted: dict[str, list[int | None]] = {}
    for post, number in staff.items():
        if number < 1:
            raise BadParameter(
                "bad_number",
                zh=f"{post}={number}：人数须为正整数。",
                en=f"{post}={number}: give a number of people above 0.",
                where=(Where(field="staff", value=f"{post}={number}"),),
            )
        levels = level_of_post(post)
        divisions = [d for d in levels if any(site.ground.division == d for site in sites)]
        for division, share in _shared(sites, looks, post, number, {d: levels[d] for d in divisions}).items():
            empty: list[int | None] = [None] * len(policy.bands[division])
            wanted.setdefault(division, empty)[levels[division] - 1] = share
    return {division: tuple(numbers) for division, numbers in wanted.items()}


def _shared(
    sites: Sequence[Site], looks: Sequence[Sequence[LevelOutlook]], post: str, number: int,
    levels: Mapping[Division, int],
) -> dict[Division, int]:  # fmt: skip
    """Share a number of people over the divisions that have the post."""
    if not levels:
        raise BadParameter(
            "bad_post",
            zh=f"范围内没有设“{post}”的基础网格。",
            en=f"No basic grid here has a post called {post}.",
            where=(Where(field="staff", value=post),),
        )
    rooms, naturals = [], []
    for division, level in levels.items():
        own = [
            look[level - 1]
            for site, look in zip(sites, looks, strict=True)
            if site.ground.division == division
        ]
        extra = sum(one.dedicated for one in own)
        rooms.append(Room(extra + sum(one.low for one in own), extra + sum(one.high for one in own)))
        naturals.append(float(extra + sum(one.aim for one in own)))
    shares = spread(number, rooms, naturals)
    if shares is None:
        low, high = sum(r.low for r in rooms), sum(r.high for r in rooms)
        raise unmet(post, number, low, high, low if number < low else high)
    return dict(zip(levels, shares, strict=True))


def unmet(post: str, number: int, low: int, high: int, nearest: int) -> Infeasible:
    """Say why there can't be so many grids of a post, and how many there could be."""
    return Infeasible(
        "staff",
        zh=f"配不出 {number} 名{post}：按户数与楼栋单元可设 {low} 至 {high} 名，最接近的是 {nearest} 名。",
        en=f"There can't be {number} of {post}: the households and stairwells fit {low} to {high}; "
        f"the nearest is {nearest}.",
        data={"post": post, "asked": number, "low": low, "high": high, "nearest": nearest},
    )
