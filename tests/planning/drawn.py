"""Drawn places whose grids have one right answer, written as GeoPackages through `tests.fixtures.makers`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, box
from shapely.affinity import translate

from tests.fixtures.makers import Drawn
from tests.places import LATTICE, TOWN

COMMUNITY, VILLAGE, TOWERS = f"{TOWN}001", f"{TOWN}201", f"{TOWN}002"
FIVE = [(600, 600), (3_000, 600), (5_400, 600), (1_200, 3_000), (4_800, 3_000)]
"""South-west corners (cm) of the five houses of a block of 80 m x 50 m."""
BLOCK_CM = (8_000, 5_000)


def lonlat(geoms: Any) -> Any:
    """Lattice centimetres to EPSG:4326."""
    return LATTICE.to_lonlat(np.array(geoms, dtype=object))


@dataclass
class Site:
    """A basic grid in the making, lattice centimetres: outline, buildings, lines; shift it, write it."""

    code: str
    name: str
    outline: Any
    buildings: dict[str, tuple[Any, int]]
    lines: list[tuple[str, str, str, Any]] = field(default_factory=list)
    register: list[tuple[str, str | None, int | None, int]] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    levels: int = 6

    def shifted(self, east_m: float, north_m: float = 0.0) -> Site:
        """Move the whole site."""
        self.outline = _shift(self.outline, east_m, north_m)
        self.buildings = {b: (_shift(g, east_m, north_m), n) for b, (g, n) in self.buildings.items()}
        self.lines = [(*row[:3], _shift(row[3], east_m, north_m)) for row in self.lines]
        return self


def _shift(shape: Any, east_m: float, north_m: float) -> Any:
    return translate(shape, east_m * 100, north_m * 100)


def drawn(*sites: Site, parent: str = TOWN) -> Drawn:
    """Make one place file of some sites."""
    buildings = [(s, b) for s in sites for b in s.buildings]
    register = [row for s in sites for row in s.register]
    lines: dict[str, list[tuple[str, str, str, Any]]] = {}
    for site in sites:
        for row in site.lines:
            lines.setdefault(row[0], []).append(row)
    return Drawn(
        boundary=gpd.GeoDataFrame(
            {"code": [s.code for s in sites], "name": [s.name for s in sites], "parent": parent},
            geometry=list(lonlat([s.outline for s in sites])), crs=4326,
        ),
        buildings=gpd.GeoDataFrame(
            {
                "bid": [b for _, b in buildings], "levels": [s.levels for s, _ in buildings],
                "households": [s.buildings[b][1] for s, b in buildings],
                "group": pd.Series([s.groups.get(b) for s, b in buildings], dtype=object),
            },
            geometry=list(lonlat([s.buildings[b][0] for s, b in buildings])), crs=4326,
        ),
        households=pd.DataFrame(register, columns=["bid", "stairwell", "floor", "n"]) if register else None,
        layers={
            layer: gpd.GeoDataFrame(
                {"class": [r[1] for r in rows], "name": [r[2] for r in rows]},
                geometry=list(lonlat([r[3] for r in rows])), crs=4326,
            )
            for layer, rows in lines.items()
        },
    )  # fmt: skip


def community(code: str = COMMUNITY, name: str = "凤城社区", *, halves: int = 2, each: int = 16) -> Site:
    """Two halves either side of a river, four blocks each by roads, five houses of 16 households a block.

    One right answer: 2 grids of 320 at level 1 (the halves), 8 of 80 at level 2 (the blocks), 40 of 16 at
    level 3 (the houses: two together hold 32).
    """
    wide, high = BLOCK_CM
    width, height = 2 * halves * wide, 2 * high
    buildings = {
        f"{code[-3:]}-{column}{row}{n}": (
            box(column * wide + x, row * high + y, column * wide + x + 1_400, row * high + y + 1_200),
            each,
        )
        for column in range(2 * halves) for row in range(2) for n, (x, y) in enumerate(FIVE)
    }  # fmt: skip
    lines = [("roads", "residential", "横街", LineString([(-500, high), (width + 500, high)]))]
    for half in range(halves):
        x = (2 * half + 1) * wide
        lines.append(("roads", "residential", f"纵街{half}", LineString([(x, -500), (x, height + 500)])))
    for half in range(1, halves):
        x = 2 * half * wide
        lines.append(("water_lines", "river", "屈产河", LineString([(x, -500), (x, height + 500)])))
    return Site(code, name, box(0, 0, width, height), buildings, lines)


def village(code: str = VILLAGE, name: str = "前山村") -> Site:
    """Three villagers' groups in a row, gullies between; each of two hamlets of five houses of 3 households.

    One right answer: 3 grids at level 1 (the groups, 30 households each), 6 of 15 at level 2.
    """
    buildings, groups = {}, {}
    for g, title in enumerate(("一组", "二组", "三组")):
        for hamlet in range(2):
            for n in range(5):
                x, y = g * 30_000 + 4_000 + n * 4_500, 5_000 + hamlet * 20_000
                bid = f"院{g}{hamlet}{n}"
                buildings[bid] = (box(x, y, x + 1_200, y + 900), 3)
                groups[bid] = title
    lines = [
        ("gullies", "gully", f"沟{x}", LineString([(x, -500), (x, 30_500)])) for x in (30_000, 60_000)
    ] + [("roads", "track", "山路", LineString([(-500, 15_000), (90_500, 15_000)]))]
    return Site(code, name, box(0, 0, 90_000, 30_000), buildings, lines, groups=groups, levels=1)


def towers(code: str = TOWERS, name: str = "高层社区", *, count: int = 3, floors: int = 18) -> Site:
    """Towers in a row, two stairwells each, four households a floor; three of 18 floors hold 432.

    One right answer: 1 grid at level 1, 6 of 72 at level 2 (a stairwell each), and at level 3 runs of three
    to five floors.
    """
    buildings, register = {}, []
    for t in range(count):
        bid = f"塔{t + 1}"
        buildings[bid] = (box(t * 6_000 + 1_500, 1_500, t * 6_000 + 4_500, 3_000), 8 * floors)
        register += [(bid, well, floor, 4) for well in ("1", "2") for floor in range(1, floors + 1)]
    return Site(code, name, box(0, 0, count * 6_000, 4_500), buildings, [], register, levels=floors)


def town() -> list[Site]:
    """The community, the towers 500 m to its east, the village 300 m to its north: nothing disputed."""
    return [community(), towers().shifted(500), village().shifted(0, 300)]
