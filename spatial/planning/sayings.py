"""Say the reasons on the map: barriers, lines that are no border, zones, habit areas, dedicated grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from spatial.errors import BadParameter, Refused, Where
from spatial.ground.reasoned import AREAS, reasoned, unfit
from spatial.policy import BARRIERS
from spatial.store import grounds, places, sayings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from spatial.ground.model import Ground
    from spatial.store.engine import Store, Transaction

LINES, POLYGONS = ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon")
KINDS: dict[str, tuple[str, str]] = {
    "barrier": ("阻隔", "barrier"), "no_border": ("不作边界", "no border"), "zone": ("功能区", "zone"),
    "habit": ("习惯片区", "habit area"), "dedicated": ("专属网格", "dedicated grid"),
}  # fmt: skip
"""Kinds of sayings in Chinese and English."""


@dataclass(frozen=True)
class Said:
    """A saying that was kept: its id; ``open`` are stretches (GeoJSON) along which no border can run yet."""

    id: int
    open: dict[str, Any] | None


def said_of(store: Store, code: str) -> gpd.GeoDataFrame:
    """Read what was said of a town or basic grid: `spatial.store.sayings.SAYING_COLUMNS`, EPSG:4326.

    Raises
    ------
    NotFound
        ``no_such_place``.
    """
    with store.transaction() as tx:
        places.get(tx, code)
        return sayings.of_place(tx, code)


def say(
    store: Store, code: str, geometry: Mapping[str, Any], said: Mapping[str, Any], *, who: str,
    number: int | None = None,
) -> Said:  # fmt: skip
    """Keep a reason, or correct one; it weighs in the next proposal of every basic grid that it meets.

    Parameters
    ----------
    store
        The database.
    code
        The town or basic grid that it is said of.
    geometry
        GeoJSON in EPSG:4326: a line for barrier and no_border, a polygon for the others.
    said
        ``kind``; ``class`` (of a barrier: a row of the policy's table); ``name`` and ``note``.
    who
        Whose word it is.
    number
        The saying that is corrected; None: a new one.

    Raises
    ------
    BadParameter
        ``bad_saying``: a kind, class or geometry that can't be meant.
    Refused
        ``saying_outside``: it meets none of the place's ground.
    NotFound
        ``no_such_place``, ``no_such_saying``.
    """
    kept = {name: said.get(name) for name in ("kind", "class", "name", "note")}
    drawn = _drawn(kept, geometry)
    with store.transaction() as tx:
        place = places.get(tx, code)
        town = places.town_of(tx, code)
        inside = places.outlines(tx, town)
        wanted = [p.code for p in places.basic_of(tx, code) if p.code in inside]
        on_lattice = town.lattice.to_lattice(np.array([drawn], dtype=object))[0]
        met = [c for c in wanted if shapely.intersects(inside[c], on_lattice)]
        if not met:
            raise _outside(code, geometry)
        if number is None:
            number = sayings.add(tx, place, kept, drawn, who)
        else:
            sayings.change(tx, code, number, kept, drawn, who)
        stretches = [] if kept["kind"] != "barrier" else _unfit(tx, met, drawn)
    lines = shapely.union_all(stretches) if stretches else None
    return Said(number, None if lines is None else mapping(lines))


def unsay(store: Store, code: str, number: int) -> None:
    """Take a saying back; NotFound (``no_such_saying``, ``no_such_place``)."""
    with store.transaction() as tx:
        places.get(tx, code)
        sayings.remove(tx, code, number)


def with_sayings(tx: Transaction, ground: Ground) -> Ground:
    """Give a ground with what was said of its basic grid and town."""
    return reasoned(ground, sayings.of_place(tx, ground.area_code))


def _unfit(tx: Transaction, codes: list[str], line: Any) -> list[Any]:
    """Stretches of a line along which no border of the newest grounds runs."""
    found = []
    for code in codes:
        row = grounds.latest(tx, code)
        stretch = None if row is None else unfit(grounds.load_ground(tx, row.id), line)
        found += [] if stretch is None else [stretch]
    return found


def _drawn(said: Mapping[str, Any], geometry: Mapping[str, Any]) -> Any:
    """Check what was said and drawn; the geometry, valid."""
    kind, class_ = said["kind"], said["class"]
    if kind not in KINDS:
        raise _bad("kind", f"kind 应为 {'、'.join(KINDS)} 之一。", f"kind is one of {', '.join(KINDS)}.")
    known = [barrier.name for barrier in BARRIERS]
    if kind == "barrier" and class_ not in known:
        raise _bad(
            "class", f"阻隔的 class 应为 {'、'.join(known)} 之一。", f"class is one of {', '.join(known)}."
        )
    wanted = POLYGONS if kind in AREAS else LINES
    try:
        drawn = shape(geometry)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.GEOSException):
        drawn = shapely.Point()
    xy = shapely.get_coordinates(drawn)
    if drawn.geom_type not in wanted or drawn.is_empty or not np.isfinite(xy).all():
        zh, en = KINDS[kind]
        raise _bad(
            "geometry", f"{zh}要画成 {wanted[0]}（WGS 84）。", f"Draw a {en} as a {wanted[0]}, WGS 84."
        )
    if not shapely.is_valid(drawn):
        raise _bad(
            "geometry", "画出的范围自己相交，请重画。", "What was drawn crosses itself; draw it again.",
            geometry=geometry,
        )  # fmt: skip
    return drawn


def _bad(field: str, zh: str, en: str, *, geometry: Mapping[str, Any] | None = None) -> BadParameter:
    place = None if geometry is None else dict(geometry)
    return BadParameter("bad_saying", zh=zh, en=en, where=(Where(field=field, geometry=place),))


def _outside(code: str, geometry: Mapping[str, Any]) -> Refused:
    return Refused(
        "saying_outside",
        zh=f"画出的位置不在 {code} 界内，请在界内重画。",
        en=f"What was drawn does not meet the ground of {code}; draw it inside.",
        where=(Where(field="geometry", geometry=dict(geometry)),),
    )
