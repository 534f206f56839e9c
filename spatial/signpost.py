"""Where to go from a page of a town: other towns, and what is to be done before its grids are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.duty.figures import Signpost
from spatial.store import editions, places, plans

if TYPE_CHECKING:
    from spatial.store.engine import Store

PLANS = 5
"""So many plans are named, the newest first."""


def signpost(store: Store, area: str) -> Signpost:
    """Tell what to do next in a town or basic grid, and which other towns there are; NotFound."""
    with store.transaction() as tx:
        basic = places.basic_of(tx, area)
        waiting = tuple(b.code for b in basic if editions.in_force(tx, b.code) is None)
        newest: dict[str, tuple[int, str]] = {}
        for row in plans.list_plans(tx) if waiting else ():
            if row.area_code in waiting and row.edition_id is None:
                newest.setdefault(row.area_code, (row.id, row.area_code))
        disputes = len(places.disputed(tx, area))
        towns = [p for p in places.list_places(tx) if p.level == "town"]
    return Signpost(
        area, tuple((p.code, title(p.code, p.name)) for p in towns), waiting, disputes,
        tuple(newest[code] for code in sorted(newest))[:PLANS],
    )  # fmt: skip


def title(code: str, name: str | None) -> str:
    """Name a town; one whose name nobody gave goes by its code.

    Examples
    --------
    >>> title("141126100", "灵泉镇"), title("141126100", "")
    ('灵泉镇', '141126100')
    """
    return name or code
