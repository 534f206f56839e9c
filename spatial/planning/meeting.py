"""Whether outlines of basic grids meet their neighbours' in the town, exactly: asked before publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.errors import Where
from spatial.ground.coverage import outline_flaws
from spatial.ground.seam import CM2_PER_M2, prove
from spatial.store import editions, grounds, places, plans

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from spatial.ground.crs import Lattice
    from spatial.ground.seam import Flaw
    from spatial.store.engine import Transaction

MEND_ZH = (
    "。轮廓须先与邻界相接：用 wangge disputes 划定争议地，或用 wangge import 重新导入边界文件，再提出方案。"
)
MEND_EN = (
    ". Outlines must meet first: assign disputed ground (wangge disputes), or import the boundary file again"
    " (wangge import), then propose anew."
)
_WORDS = {"gap": "空隙", "overlap": "重叠", "edge": "边不相接", "invalid": "多边形无效"}


def meet(tx: Transaction, town_code: str, grounds: Mapping[str, Any]) -> list[Where]:
    """Where the outlines to be published fail to be the frozen ones, or these to meet their neighbours'.

    Parameters
    ----------
    town_code
        9 digits.
    grounds
        Outline that each plan's ground was cut of, by code of the basic grid, on the lattice.

    Returns
    -------
    list of Where
        Field ``outline`` (frozen anew since the plan), ``overlap``, ``gap`` or ``edge``; each with its place.
        What is listed as disputed ground is not listed again.
    """
    town = places.town_of(tx, town_code)
    frozen = places.outlines(tx, town)
    moved = [_moved(code, was, frozen.get(code, was), town.lattice) for code, was in grounds.items()]
    unmet = [_said(f, list(frozen), town.lattice) for f in _unmet(tx, town, frozen, grounds)]
    return [w for w in moved if w is not None] + unmet


def partners(tx: Transaction, town_code: str, given: Mapping[str, plans.PlanRow]) -> list[Where]:
    """Basic grids in force that a building has moved to or from, and that are not published along.

    Parameters
    ----------
    given
        The plans to be published, by code of the basic grid.

    Returns
    -------
    list of Where
        Field ``transfer``, ``ref`` the code: alone, one of the two would lie over the other, or leave a gap.
    """
    frozen = places.outlines(tx, places.town_of(tx, town_code))
    out = []
    for code, row in given.items():
        other = row.about.get("transfer", {}).get("with")
        current = None if other is None or other in given else editions.in_force(tx, other)
        if current is None or current.plan_id is None:
            continue
        ground = grounds.load_ground(tx, plans.get(tx, current.plan_id).ground_id)
        if prove(np.array([ground.outline], dtype=object), frozen[other]):
            value = f"有楼栋在 {code} 与 {other} 之间划转，两边的方案须一起发布"
            out.append(Where(ref=other, field="transfer", value=value))
    return out


def to_mend(tx: Transaction, town: places.Town) -> frozenset[str]:
    """Codes of the basic grids whose frozen outlines fail to meet, and that nothing is published of.

    They are frozen anew by the next import, be it of the same file.
    """
    frozen = places.outlines(tx, town)
    names = list(frozen)
    codes = {names[i] for flaw in _unmet(tx, town, frozen, names) for i in flaw.faces}
    return frozenset(code for code in codes if not editions.list_editions(tx, code))


def _moved(code: str, was: Any, now: Any, lattice: Lattice) -> Where | None:
    """Where the outline was frozen anew since the plan's ground was made: neighbours fit the new one."""
    flaws = prove(np.array([was], dtype=object), now)
    if not flaws:
        return None
    change = shapely.symmetric_difference(now, was, grid_size=1.0)
    m2 = float(shapely.area(change)) / CM2_PER_M2
    shape = change if m2 else flaws[0].geometry
    value = f"方案之后轮廓又变了 {m2:.1f} m2，请重新提出方案"
    return Where(ref=code, field="outline", value=value, geometry=mapping(lattice.to_lonlat(shape)))


def _unmet(
    tx: Transaction, town: places.Town, frozen: Mapping[str, Any], codes: Collection[str]
) -> list[Flaw]:
    """Flaws of some outlines in the town, what is listed as disputed ground left out."""
    shapes = np.array(list(frozen.values()), dtype=object)
    flaws = outline_flaws(shapes, [i for i, code in enumerate(frozen) if code in codes])
    if not flaws:
        return []
    told = shapely.union_all(town.lattice.to_lattice(places.disputed(tx, town.code).geometry.to_numpy()))
    return [f for f in flaws if not shapely.intersects(told, shapely.point_on_surface(f.geometry))]


def _said(flaw: Flaw, names: list[str], lattice: Lattice) -> Where:
    who = [names[i] for i in flaw.faces]
    value = f"{'、'.join(who)} 的轮廓{_WORDS[flaw.kind]} {flaw.area_m2:.4f} m2"
    return Where(
        ref=",".join(who), field=flaw.kind, value=value, geometry=mapping(lattice.to_lonlat(flaw.geometry))
    )
