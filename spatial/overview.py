"""A town at a glance: what was wanted beside what is in force, and what goes on there. One transaction."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.duty.figures import Duty, Figures, LevelFigures, Overview
from spatial.duty.staff import POST_TABLE, post_for
from spatial.errors import NotFound
from spatial.policy import LINGQUAN, Policy
from spatial.store import editions, places
from spatial.store import overview as counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spatial.policy import Division
    from spatial.store.engine import Store, Transaction

PICTURE_TOLERANCE_CM = 2000.0
"""Outlines for a small picture are simplified by this much, once per shared edge."""


def overview(store: Store, area: str | None = None, *, policy: Policy = LINGQUAN) -> Overview:
    """Count what is in force in a town or basic grid today.

    Parameters
    ----------
    store
        The database.
    area
        9 or 12 digits; None takes the first town.
    policy
        Bands, and which households they count.

    Raises
    ------
    NotFound
        ``no_such_place``; ``nothing_here``: nothing was imported yet.
    """
    with store.transaction() as tx:
        place = places.get(tx, area or _first(tx))
        basic = places.basic_of(tx, place.code)
        rows = counted.levels(tx, place.code, _rules(policy), occupied=policy.counts == "occupied")
        wanted = counted.wanted(tx, place.code)
        duty = counted.duty(tx, place.code)
        outlines = _outlines(tx, basic)
        derived = _derived(tx, basic)
        sample, day = places.is_sample(tx, place.code), editions.today(tx)
        release = editions.release_of(tx, place.code)
    by_area = {
        b.code: _levels(rows[rows["area_code"] == b.code], b.division, wanted.get(b.code), policy)
        for b in basic
    }
    of_area = duty[~duty["summed"].astype(bool)].set_index("area_code")
    areas = tuple(
        Figures(b.code, b.name, b.division, 1, by_area[b.code], _duty(of_area, b.code), derived[b.code])
        for b in basic if b.division
    )  # fmt: skip
    divisions = tuple(_division(d, areas, rows, wanted, duty, policy) for d in _divisions(areas))
    whole = duty[duty["whole"].astype(bool)].assign(key="all").set_index("key")
    return Overview(
        place.code, place.name, sample, day, release, divisions, areas, _duty(whole, "all"), outlines
    )


def _first(tx: Transaction) -> str:
    """Code of the first town."""
    found = next((p.code for p in places.list_places(tx) if p.level == "town"), None)
    if found is None:
        raise NotFound(
            "nothing_here",
            zh="这里还没有导入数据，请先运行 wangge import。",
            en="Nothing was imported here yet: run wangge import first.",
        )
    return found


def _derived(tx: Transaction, basic: list[places.Place]) -> dict[str, int]:
    """Households in force of each basic grid that nobody counted."""
    editions_now = [e.id for b in basic if (e := editions.in_force(tx, b.code)) is not None]
    codes = [b.code for b in basic]
    return dict(zip(codes, editions.derived(tx, editions_now, codes), strict=True))


def _rules(policy: Policy) -> list[dict[str, Any]]:
    """Band and post of each division and level, as `counted.levels` takes them."""
    out = []
    for division, bands in policy.bands.items():
        limits = [(None, None), *((band.minimum, band.maximum) for band in bands)]
        for level, (low, high) in enumerate(limits):
            post = post_for(division, level)
            out.append({"division": division, "level": level, "low": low, "high": high, "post": post})
    return out


def _outlines(tx: Transaction, basic: list[places.Place]) -> gpd.GeoDataFrame:
    """Frozen outlines, simplified together so that neighbours still meet."""
    town = places.town_of(tx, basic[0].code) if basic else None
    known = places.outlines(tx, town) if town else {}
    codes = [b.code for b in basic if b.code in known]
    shapes = np.array([known[code] for code in codes], dtype=object)
    if town and codes:
        shapes = town.lattice.to_lonlat(shapely.coverage_simplify(shapes, PICTURE_TOLERANCE_CM))
    return gpd.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4326)


def _divisions(areas: Iterable[Figures]) -> list[Division]:
    return list(dict.fromkeys(a.division for a in sorted(areas, key=lambda a: a.division)))


def _division(
    division: Division, areas: tuple[Figures, ...], rows: pd.DataFrame,
    wanted: Mapping[str, tuple[int, ...]], duty: pd.DataFrame, policy: Policy,
) -> Figures:  # fmt: skip
    """Figures of all basic grids of a division; what was wanted only where it was of every one."""
    mine = [a for a in areas if a.division == division]
    asked = [wanted.get(a.code or "") for a in mine]
    total = None
    if all(asked):
        total = tuple(sum(n) for n in zip(*(a for a in asked if a), strict=False))
    whole = rows[(rows["division"] == division) & rows["area_code"].isna()]
    of_division = duty[duty["summed"].astype(bool)].set_index("division")
    return Figures(
        None,
        "",
        division,
        len(mine),
        _levels(whole, division, total, policy),
        _duty(of_division, division),
        sum(a.derived for a in mine),
    )


def _levels(
    rows: pd.DataFrame, division: Division | None, wanted: tuple[int, ...] | None, policy: Policy
) -> tuple[LevelFigures, ...]:
    out = []
    for row in rows.sort_values("level").itertuples():
        if division is None:
            continue
        level = int(row.level)
        bands = policy.bands[division]
        band = bands[level - 1] if 1 <= level <= len(bands) else None
        post = POST_TABLE.get(post_for(division, level) or "")
        asked = wanted[level - 1] if wanted and 1 <= level <= len(wanted) else None
        out.append(
            LevelFigures(
                level, post.zh if post else None, post.en if post else None,
                band.minimum if band else None, band.maximum if band else None, asked,
                int(row.grids), int(row.dedicated), int(row.households), int(row.registered),
                tuple(int(n) for n in row.sizes or ()), None if row.median is None else float(row.median),
                int(row.banded), int(row.in_band), dict(Counter(row.reasons or ())),
                int(row.posts), int(row.held),
            )
        )  # fmt: skip
    return tuple(out)


def _duty(rows: pd.DataFrame, key: Any) -> Duty:
    if key not in rows.index:
        return Duty()
    row = rows.loc[key]
    return Duty(**{name: int(row[name]) for name in Duty.__dataclass_fields__})
