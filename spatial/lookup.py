"""Look-ups: whose grid a point is in, and what is published. Each function is one transaction."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd

from spatial.errors import NotFound, Where
from spatial.ground.crs import canonical, to_wgs84
from spatial.store import editions, grounds
from spatial.store import locate as located
from spatial.store import places as stored_places

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from spatial.store.engine import Store, Transaction

    Status = Literal["inside", "border", "outside", "ask_floor"]


@dataclass(frozen=True)
class GridLink:
    """One grid of a chain, from the basic grid down."""

    level: int
    code: str
    short: str
    name: str
    kind: str


@dataclass(frozen=True)
class Match:
    """One covering leaf with its parents."""

    chain: tuple[GridLink, ...]


@dataclass(frozen=True)
class Located:
    """Whose grid a point is in.

    ``status``: ``inside`` one leaf; on a ``border`` (one or more matches); ``outside``; ``ask_floor`` where
    grids stand on one another and stairwell and floor decide. ``crs`` is the system asked in; ``edition`` the
    edition of the first match.
    """

    status: Status
    crs: str
    edition: int | None
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class PlaceView:
    """A town or basic grid, and whether grids are in force there.

    ``sample`` where its data are invented; ``derived`` are the households of its newest ground that nobody
    counted.
    """

    code: str
    level: str
    division: str | None
    name: str
    parent: str | None
    edition: int | None
    ground: int | None
    sample: bool
    derived: int = 0


def locate(
    store: Store,
    lon: float,
    lat: float,
    crs: str,
    *,
    at: dt.date | None = None,
    stairwell: str | None = None,
    floor: int | None = None,
) -> Located:
    """Find whose grid a point is in: the covering leaves exactly as PostGIS ``ST_Covers`` has them.

    Parameters
    ----------
    store
        The database.
    lon, lat
        Longitude and latitude in degrees, or easting and northing of an EPSG system.
    crs
        wgs84, cgcs2000, gcj02, bd09 or EPSG:n.
    at
        Day in Asia/Shanghai; None is today.
    stairwell, floor
        Tell grids apart that stand on one another.

    Raises
    ------
    BadCoordinates
        ``unknown_crs``, ``bad_input``.
    """
    frame = pd.DataFrame({"lon": [lon], "lat": [lat], "stairwell": [stairwell], "floor": [floor]})
    return locate_many(store, frame, crs, at=at)[0]


def locate_many(store: Store, points: pd.DataFrame, crs: str, *, at: dt.date | None = None) -> list[Located]:
    """Find whose grids many points are in, in one query.

    Parameters
    ----------
    store
        The database.
    points
        Columns lon, lat, and where known stairwell and floor; one row = one point.
    crs, at
        As in :func:`locate`.

    Returns
    -------
    list of Located
        In the order of the rows.
    """
    name = canonical(crs)
    lon, lat = to_wgs84(points["lon"].to_numpy(float), points["lat"].to_numpy(float), crs)
    with store.transaction() as tx:
        rows = located.locate(tx, lon, lat, at)
    by_point: dict[int, list[Any]] = {}
    for row in rows.itertuples(index=False):
        by_point.setdefault(row.i, []).append(row)
    wells = points["stairwell"].tolist() if "stairwell" in points else [None] * len(points)
    floors = points["floor"].tolist() if "floor" in points else [None] * len(points)
    return [
        _answer(
            by_point.get(i, []),
            name,
            well if isinstance(well, str) else None,
            None if pd.isna(floor) else int(floor),
        )
        for i, (well, floor) in enumerate(zip(wells, floors, strict=True))
    ]


def _answer(rows: list[Any], crs: str, stairwell: str | None, floor: int | None) -> Located:
    """Turn the chains over one point, rows of `spatial.store.locate.locate`, into an answer."""
    if not rows:
        return Located("outside", crs, None, ())
    kept, ask = _by_floor([r for r in rows if r.code == r.leaf], stairwell, floor)
    matches = tuple(
        Match(tuple(GridLink(int(r.level), r.code, r.short, r.name, r.kind) for r in rows if r.leaf == leaf))
        for leaf in (r.code for r in kept)
    )
    inside = len(kept) == 1 and bool(kept[0].inside)
    status: Status = "ask_floor" if ask else ("inside" if inside else "border")
    return Located(status, crs, int(kept[0].edition_id), matches)


def _by_floor(leaves: list[Any], stairwell: str | None, floor: int | None) -> tuple[list[Any], bool]:
    """Leaves that stairwell and floor leave over, and whether they must be asked for (again).

    A floor or stairwell that no grid over the point has is asked for again: a guess would be somebody else's.
    """
    if not _on_one_another(leaves):
        return leaves, False
    stacked = [r for r in leaves if not pd.isna(r.floor_low)]
    if stairwell is not None:
        stacked = [r for r in stacked if _well(r.stairwell) == _well(stairwell)]
    if floor is None or not stacked:
        return leaves, True
    chosen = [r for r in stacked if r.floor_low <= floor <= r.floor_high]
    if chosen:
        return chosen, False
    below = [r for r in leaves if pd.isna(r.floor_low)]
    ground = 1 <= floor < min(r.floor_low for r in stacked)
    return (below, False) if below and ground else (leaves, True)


def _well(name: str | None) -> str:
    """Stairwell as people may write it: 2单元, 2 and ２门 are one.

    Examples
    --------
    >>> _well("2单元") == _well("２") == _well("02门"), _well("东单元")
    (True, '东')
    """
    plain = re.sub(r"(单元|门|梯)$", "", unicodedata.normalize("NFKC", name or "").strip())
    return str(int(plain)) if plain.isdecimal() else plain


def _on_one_another(leaves: list[Any]) -> bool:
    """Whether some of the leaves over a point stand on others, and do not only meet there at a border.

    They do where the point is inside one of several, or on the wall of a stairwell whose floors they share.
    """
    if len(leaves) < 2:
        return False
    runs: dict[str | None, set[int]] = {}
    for row in leaves:
        if not pd.isna(row.floor_low):
            runs.setdefault(row.stairwell, set()).add(int(row.floor_low))
    return bool(runs) and (any(r.inside for r in leaves) or any(len(lows) > 1 for lows in runs.values()))


def places(store: Store) -> list[PlaceView]:
    """List towns and basic grids by code."""
    with store.transaction() as tx:
        return [_place(tx, p) for p in stored_places.list_places(tx)]


def place(store: Store, code: str) -> PlaceView:
    """Get a town or basic grid; NotFound (``no_such_place``)."""
    with store.transaction() as tx:
        return _place(tx, stored_places.get(tx, code))


def is_sample(store: Store, codes: Iterable[str]) -> bool:
    """Say whether any of some towns or basic grids, by code, is marked as invented data."""
    with store.transaction() as tx:
        return stored_places.any_sample(tx, codes)


def _place(tx: Transaction, found: stored_places.Place) -> PlaceView:
    edition = editions.in_force(tx, found.code) if found.level == "basic" else None
    ground = grounds.latest(tx, found.code) if found.level == "basic" else None
    return PlaceView(
        found.code, found.level, found.division, found.name, found.parent,
        None if edition is None else edition.id, None if ground is None else ground.id, found.sample,
        0 if ground is None else grounds.derived_households(tx, ground.id),
    )  # fmt: skip


def grids(
    store: Store,
    *,
    area: str | None = None,
    level: int | None = None,
    code: str | None = None,
    at: dt.date | None = None,
    bbox: tuple[float, float, float, float] | None = None,
) -> gpd.GeoDataFrame:
    """Read published grids in force on a day: the columns of ``published.grids``, EPSG:4326, exact.

    The four bounds are in ``bounds``: what the border follows on each side (``zh`` and ``en``, by east, west,
    south, north), and ``text_zh``, ``text_en``; None in editions that were published without. ``derived``
    are those of its households that nobody counted: a rule derived them.
    """
    with store.transaction() as tx:
        if area is not None:
            stored_places.get(tx, area)
        found = editions.grids(tx, area=area, level=level, code=code, at=at, bbox=bbox)
        found["derived"] = editions.derived(tx, found["edition_id"].tolist(), found["code"].tolist())
    return found.drop(columns=["node", "edition_id", "leaf"])


def no_grid(code: str) -> NotFound:
    """Build the refusal of a code that is in force nowhere."""
    return NotFound(
        "no_grid",
        zh=f"没有编码为 {code} 的现行网格。请核对编码与日期。",
        en=f"No grid with code {code} is in force. Check the code and the date.",
        where=(Where(ref=code),),
    )


def health(store: Store) -> dict[str, Any]:
    """Ask the database whether it is there: its number of towns."""
    with store.transaction() as tx:
        return {"towns": sum(p.level == "town" for p in stored_places.list_places(tx))}
