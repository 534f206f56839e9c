"""The relief of a town or basic grid, to lie under its map. One function, one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import shapely

from spatial.errors import NotFound
from spatial.ground.relief import Relief, shade
from spatial.ground.terrain import Terrain
from spatial.store import places, terrain

if TYPE_CHECKING:
    from spatial.store.engine import Store, Transaction

__all__ = ["Relief", "relief"]

Box = tuple[float, float, float, float]
AROUND_M = 1500.0
"""How far around a town or basic grid its relief goes."""


def relief(store: Store, area: str) -> Relief | None:
    """Shade the relief of a town or basic grid.

    Parameters
    ----------
    store
        The database.
    area
        A town (9 digits) or a basic grid (12): what is drawn reaches `AROUND_M` beyond it.

    Returns
    -------
    Relief or None
        A PNG whose pixels are square in EPSG:3857, with its bounds in degrees of EPSG:4326; None where no
        terrain was imported. The same terrain and area give the same bytes; the last few are remembered.

    Raises
    ------
    NotFound
        ``no_such_place``.
    """
    with store.transaction() as tx:
        town = places.town_of(tx, area)
        sha = terrain.stamp(tx, town)
        land = None if sha is None else terrain.get(tx, town)
        box = _box(tx, town, area)
    return None if sha is None or land is None else _shaded(_Drawing(sha, box, land))


@dataclass(frozen=True)
class _Drawing:
    """What is drawn; the digest stands for the heights."""

    sha: str
    box: Box
    land: Terrain = field(compare=False)


@lru_cache(maxsize=8)
def _shaded(drawing: _Drawing) -> Relief | None:
    return shade(drawing.land, drawing.box)


def _box(tx: Transaction, town: places.Town, area: str) -> Box:
    """Box around the outlines that a code names, metres of the town's CRS."""
    outlines = places.outlines(tx, town)
    mine = list(outlines.values()) if area == town.code else [outlines[area]] if area in outlines else []
    if not mine:
        raise NotFound(
            "no_outline",
            zh=f"{area} 还没有轮廓，请先导入该地的数据。",
            en=f"{area} has no outline yet: import the place first.",
        )
    west, south, east, north = (float(cm) / 100.0 for cm in shapely.total_bounds(mine))
    e, n = town.lattice.origin_e, town.lattice.origin_n
    return west + e - AROUND_M, south + n - AROUND_M, east + e + AROUND_M, north + n + AROUND_M
