"""Make ``sample.gpkg``: a plainly synthetic community and a village beside it, for the demo and the tests.

Real are only the position near Lingquan and the two codes (shilou_villages.csv); every street, building and
household is drawn by a seeded generator. Run: ``.venv/bin/python data/boundaries/make_sample.py [FILE]``.
"""

# ruff: noqa: INP001 - a program beside its data, no package

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon

from spatial.ground.crs import Lattice

SEED = 1126
COMMUNITY, VILLAGE, TOWN = "141126100001", "141126100200", "141126100"
LATTICE = Lattice.at(110.84, 37.0)
ORIGIN_M = (-330.0, -260.0)
"""Where the drawing's (0, 0) lies, in metres from the lattice's origin."""
XY = tuple[float, float]


@dataclass
class Town:
    """The drawing: layers in metres of the drawing's own frame, straightened; :func:`warp` bends it."""

    rng: np.random.Generator
    buildings: list[dict[str, Any]] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def line(
        self, layer: str, points: list[XY] | LineString, kind: str, name: str | None = None
    ) -> LineString:
        """Draw a line of a layer, bent, and answer it."""
        bent = bend(points if isinstance(points, LineString) else LineString(points))
        self.lines.setdefault(layer, []).append({"class": kind, "name": name, "geometry": bent})
        return bent

    def area(self, layer: str, shape: Polygon, kind: str, name: str | None = None) -> Polygon:
        """Draw a polygon of a layer, bent, and answer it."""
        bent = bend(shape)
        self.lines.setdefault(layer, []).append({"class": kind, "name": name, "geometry": bent})
        return bent

    def building(self, shape: Polygon, middle: XY, turn: float, **row: Any) -> str | None:
        """Place a building, turned as the ground under it; None where another or a street is in the way."""
        placed = place(shape, middle, turn)
        clear = placed.buffer(1.0)
        roads = (item["geometry"] for item in self.lines.get("roads", []))
        if any(clear.intersects(other["geometry"]) for other in self.buildings) or any(
            clear.intersects(road) for road in roads
        ):
            return None
        bid = f"B{len(self.buildings) + 1:04d}"
        self.buildings.append({"bid": bid, "group": None, **row, "geometry": placed})
        return bid

    def rooms(self, bid: str, stairwells: int, floors: range, doors: int, shops: int = 0) -> int:
        """Fill a building's register room by room; ``shops`` doors of floor 1 a stairwell are 底商."""
        count = 0
        for stairwell in range(1, stairwells + 1):
            at = {"bid": bid, "stairwell": f"{stairwell}单元", "n": 1}
            self.households += [
                {**at, "floor": "1层", "room": f"1{door:02d}", "status": "底商"}
                for door in range(1, shops + 1)
            ]
            for floor in floors:
                for door in range(1, doors + 1):
                    status = self.rng.choice(["常住户", "租房户", "空房户"], p=[0.84, 0.11, 0.05])
                    room = f"{floor}{door:02d}"
                    self.households.append({**at, "floor": f"{floor}层", "room": room, "status": str(status)})
                    count += 1
        return count

    def homes(self, bid: str, count: int, away: float) -> None:
        """Fill a house's register: ``count`` households, each away with a probability."""
        for _ in range(count):
            status = "外出" if self.rng.random() < away else "常住户"
            row = {"bid": bid, "stairwell": None, "floor": None, "room": None, "status": status, "n": 1}
            self.households.append(row)


def warp(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bend the drawing's straight frame as a valley bends streets, and turn it by 11 degrees; metres."""
    x, y = xy[:, 0], xy[:, 1]
    u = x + 15.0 * np.sin(y / 175.0 + 0.4) + 5.0 * np.sin(x / 95.0 + y / 300.0)
    v = y + 19.0 * np.sin(x / 190.0 - 0.3) + 6.0 * np.sin(y / 88.0 + x / 400.0)
    turn = np.radians(11.0)
    return np.column_stack([u * np.cos(turn) - v * np.sin(turn), u * np.sin(turn) + v * np.cos(turn)])


def bend(shape: Any) -> Any:
    """Bend a line or polygon, with a vertex every 15 m at least."""
    return shapely.transform(shapely.segmentize(shape, 15.0), warp)


def place(shape: Polygon, middle: XY, turn: float) -> Polygon:
    """Move a footprint drawn around (0, 0) to its place: not bent, turned with the ground, and by degrees."""
    here, there = warp(np.array([middle, (middle[0] + 1.0, middle[1])]))
    angle = np.arctan2(there[1] - here[1], there[0] - here[0]) + np.radians(turn)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return shapely.transform(shape, lambda xy: xy @ matrix.T + here)


def slab(length: float, depth: float, stairwells: int) -> Polygon:
    """Footprint of a slab block with a bay for each stairwell on its north side."""
    left, low, high = -length / 2, -depth / 2, depth / 2
    ring = [(left, low), (-left, low), (-left, high)]
    step = length / stairwells
    for i in reversed(range(stairwells)):
        x = left + step * (i + 0.5)
        ring += [(x + 1.6, high), (x + 1.6, high + 1.4), (x - 1.6, high + 1.4), (x - 1.6, high)]
    return Polygon([*ring, (left, high)])


def court(rng: np.random.Generator, width: float, depth: float) -> Polygon:
    """Footprint of an old courtyard: three wings around a yard, or two."""
    w, d, wing = width / 2, depth / 2, 4.2
    arm = [(w - wing, d - wing), (w - wing, -d), (w, -d), (w, d), (-w, d)]
    if rng.random() < 0.6:
        return Polygon([(-w, -d), (-w + wing, -d), (-w + wing, d - wing), *arm])
    return Polygon([(-w, d - wing), *arm])


def box(west: float, south: float, east: float, north: float) -> Polygon:
    """Rectangle of the drawing."""
    return Polygon([(west, south), (east, south), (east, north), (west, north)])


def streets(town: Town) -> None:
    """Draw the valley road, two streets, lanes (some dangle), the river and its banks."""
    town.line("roads", [(-60, 262), (790, 262)], "secondary", "凤城大街")
    town.line("roads", [(252, -70), (252, 262), (256, 470)], "residential", "南关街")
    town.line("roads", [(500, -70), (497, 262), (500, 690)], "tertiary", "石楼路")
    town.line("roads", [(0, 66), (252, 62), (500, 66), (735, 60)], "residential", "滨河路")
    for x in (48, 99, 151, 203):
        # four lanes of the old town come from the valley road and end short of the river road: they dangle
        end = 66 + float(town.rng.uniform(5, 12)) if x != 151 else 65.0
        town.line("roads", [(x, 262), (x + 6, 170), (x - 2, end)], "footway", f"老街{x // 50 + 1}巷")
    town.line("roads", [(0, 168), (252, 164)], "service", "中巷")
    town.line("roads", [(252, 150), (378, 152), (492, 149)], "service", "市场巷")
    town.line("roads", [(500, 160), (640, 163), (712, 160)], "service", "农机巷")
    town.line("roads", [(128, 262), (130, 470)], "service", None)
    town.line("roads", [(378, 262), (376, 468)], "service", None)
    town.line("roads", [(612, 262), (612, 505)], "service", "学府路")
    xs = np.linspace(-120, 840, 49)
    river = LineString(np.column_stack([xs, 14 + 10 * np.sin(xs / 80.0)]))
    town.line("water_lines", river, "river", "屈产河")
    town.area("water_areas", river.buffer(7.5, cap_style="flat"), "river", "屈产河")


def walled(town: Town, shape: Polygon, name: str, gate: XY) -> None:
    """Draw an estate: its land use, and its wall with a gate of 6 m."""
    bent = town.area("landuse", shape, "residential", name)
    opening = Point(warp(np.array([gate]))[0]).buffer(3.0)
    wall = shapely.line_merge(shapely.difference(bent.exterior, opening))
    for part in shapely.get_parts(wall):
        town.lines.setdefault("walls", []).append({"class": "wall", "name": name, "geometry": part})


def block(
    town: Town,
    estate: str,
    number: int,
    middle: XY,
    *,
    stairwells: int,
    storeys: int,
    doors: int = 2,
    shops: int = 0,
) -> None:
    """Place one block of flats with its register; shops take the ground floor of those that have them."""
    wide = 15.0 if doors == 2 else 22.0
    shape = slab(wide * stairwells, 12.5 if doors == 2 else 22.0, stairwells)
    turn = float(town.rng.normal(0, 0.6))
    name = f"{estate}{number}号楼"
    bid = town.building(shape, middle, turn, name=name, btype="apartments", levels=storeys, households=0)
    if bid is None:
        raise RuntimeError(f"no room for {name}")
    count = town.rooms(bid, stairwells, range(2 if shops else 1, storeys + 1), doors, shops)
    town.buildings[-1]["households"] = count


def estates(town: Town) -> None:
    """Draw the walled estates, the tower, the flats with shops along the valley road."""
    walled(town, box(8, 274, 242, 480), "凤城小区", (130, 274))
    for number, (x, y) in enumerate(
        [(68, 306), (68, 352), (68, 400), (68, 450), (188, 312), (188, 372), (190, 440)], 1
    ):
        block(town, "凤城小区", number, (x, y), stairwells=3 if number != 4 else 2, storeys=6)
    walled(town, box(264, 274, 488, 482), "龙泉花园", (376, 274))
    for number, (x, y) in enumerate([(318, 306), (318, 362), (318, 424), (432, 348), (434, 412)], 1):
        block(town, "龙泉花园", number, (x, y), stairwells=2, storeys=11)
    block(town, "龙泉花园", 6, (436, 454), stairwells=1, storeys=18, doors=4)
    walled(town, box(626, 276, 716, 420), "粮站家属院", (626, 350))
    for number, (x, y) in enumerate([(672, 300), (670, 344), (672, 390)], 1):
        block(town, "粮站家属院", number, (x, y), stairwells=3, storeys=5)
    walled(town, box(508, 74, 712, 154), "农机局家属院", (600, 154))
    for number, (x, y) in enumerate([(556, 94), (556, 130), (650, 96), (652, 132)], 1):
        block(town, "农机局家属院", number, (x, y), stairwells=3, storeys=5)
    for number, (x, y) in enumerate([(290, 242), (346, 242), (416, 242), (468, 242)], 1):
        block(town, "凤城大街商住", number, (x, y), stairwells=2, storeys=6, shops=2)


def dedicated(town: Town) -> None:
    """Draw the school and the market, each a dedicated grid with its buildings and no household."""
    for kind, name, shape, parts in (
        (
            "school",
            "凤城小学（示例）",
            box(508, 276, 602, 440),
            [(555, 310, 66, 14), (526, 372, 12, 60), (584, 372, 12, 60)],
        ),
        ("market", "城关集贸市场（示例）", box(262, 80, 366, 138), [(314, 96, 88, 16), (314, 122, 88, 16)]),
    ):
        town.area("dedicated", shape, kind, name)
        for x, y, width, depth in parts:
            hall = box(-width / 2, -depth / 2, width / 2, depth / 2)
            town.building(
                hall, (x, y), 0.0, name=name, btype=kind, levels=3 if kind == "school" else 1, households=0
            )


def courtyards(town: Town, west: float, south: float, east: float, north: float, most: int) -> None:
    """Fill a quarter with old courtyards of one or two households in crooked rows, up to ``most``."""
    rng, made, y = town.rng, 0, south
    while y < north:
        x = west + float(rng.uniform(0, 6))
        while x < east and made < most:
            width, depth = float(rng.uniform(11.5, 15.5)), float(rng.uniform(11.5, 15.0))
            middle = (x + width / 2, y + 8.5 + float(rng.normal(0, 1.0)))
            households = 2 if rng.random() < 0.4 else 1
            bid = town.building(
                court(rng, width, depth),
                middle,
                float(rng.normal(0, 3.0)) + (180.0 if rng.random() < 0.3 else 0.0),
                name=None,
                btype="house",
                levels=1,
                households=households,
            )
            if bid is not None:
                town.homes(bid, households, away=0.05)
                made += 1
            x += width + float(rng.uniform(2.2, 5.0))
        y += float(rng.uniform(18.0, 20.5))


def wander(points: list[XY], swing: float) -> LineString:
    """Let a line of corners swing from side to side as water and paths do; the corners stay (metres)."""
    path: list[XY] = []
    for number, ((ax, ay), (bx, by)) in enumerate(pairwise(points)):
        length = float(np.hypot(bx - ax, by - ay))
        part = np.linspace(0.0, 1.0, max(3, int(length / 9.0)), endpoint=False)
        off = (
            swing * np.sin(np.pi * part * (2 + number % 2)) * (-1) ** (number // 2) * min(1.0, length / 120.0)
        )
        xs = ax + (bx - ax) * part - (by - ay) / length * off
        ys = ay + (by - ay) * part + (bx - ax) / length * off
        path += [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]
    return LineString([*path, points[-1]])


def gullies(town: Town) -> list[LineString]:
    """Draw the village's gullies, roads and paths; answers the gullies by which its groups lie, straight."""
    main = wander(
        [(-70, 520), (40, 640), (150, 760), (230, 900), (260, 1060), (330, 1230), (420, 1380)], 13.0
    )
    west = wander([(150, 760), (40, 850), (-60, 930), (-120, 1040)], 10.0)
    east = wander([(230, 900), (370, 930), (500, 900), (640, 950), (760, 1010)], 11.0)
    for shape, name in ((main, "城关沟"), (west, "西沟"), (east, "东沟")):
        town.line("gullies", shape, "gully", name)
    for points in (
        [(370, 930), (430, 1040), (470, 1150)],
        [(500, 900), (560, 800), (640, 730)],
        [(260, 1060), (150, 1130), (80, 1220)],
    ):
        town.line("gullies", wander([(float(x), float(y)) for x, y in points], 9.0), "gully", None)
    town.line("water_lines", main, "stream", "城关沟")
    road: list[XY] = [(500, 690), (420, 730), (290, 770), (220, 800), (278, 900), (310, 1060), (385, 1220)]
    town.line("roads", wander(road, 7.0), "unclassified", "城关村路")
    town.line(
        "roads", wander([(220, 800), (160, 800), (60, 880), (-40, 960), (-95, 1050)], 5.0), "track", None
    )
    town.line(
        "roads", wander([(278, 900), (370, 966), (500, 936), (630, 985), (740, 1040)], 5.0), "track", None
    )
    town.line("roads", wander([(220, 800), (110, 675), (40, 600)], 6.0), "path", None)
    return [main, west, east]


def village(town: Town) -> None:
    """String cave dwellings along the gullies, a villagers' group a stretch, the fourth in two places."""
    main, west, east = gullies(town)
    stretches = [  # gully, from metre, to metre, group, most dwellings
        (main, 150, 360, "一组", 34), (west, 70, 330, "二组", 34), (east, 50, 390, "三组", 36),
        (main, 640, 900, "四组", 26), (east, 430, 590, "四组", 12),
    ]  # fmt: skip
    for gully, start, end, group, most in stretches:
        made = 0
        for row in range(3):
            for side in (-1.0, 1.0):
                along = start + float(town.rng.uniform(0, 8))
                while along < end and made < most:
                    made += cave(town, gully, along, side * (22.0 + 24.0 * row), group)
                    along += float(town.rng.uniform(15.0, 30.0))


def cave(town: Town, gully: LineString, along: float, off: float, group: str) -> int:
    """Place one cave dwelling beside a gully; answers 1, or 0 where there is no room for it."""
    rng = town.rng
    a, b = gully.interpolate(along - 1.0), gully.interpolate(along + 1.0)
    dx, dy = (b.x - a.x) / 2.0, (b.y - a.y) / 2.0
    off += float(rng.normal(0, 2.5))
    middle = ((a.x + b.x) / 2.0 - dy * off, (a.y + b.y) / 2.0 + dx * off)
    width, depth = float(rng.uniform(9.0, 17.0)), float(rng.uniform(6.5, 9.0))
    turn = float(np.degrees(np.arctan2(dy, dx)) + rng.normal(0, 7.0))
    households = int(rng.choice([0, 1, 2], p=[0.04, 0.70, 0.26]))
    bid = town.building(
        box(-width / 2, -depth / 2, width / 2, depth / 2),
        middle,
        turn,
        name=None,
        btype="cave" if households else "barn",
        levels=1,
        households=households,
        group=group,
    )
    if bid is None:
        return 0
    town.homes(bid, households, away=0.12)
    return 1


COMMON: list[XY] = [
    (-70, 505), (30, 498), (110, 512), (190, 500), (262, 506), (350, 498), (420, 510), (500, 502), (580, 516),
    (660, 506), (752, 512),
]  # fmt: skip
SOUTH: list[XY] = [
    (748, 400), (756, 262), (742, 140), (748, 30), (700, -28), (560, -22), (420, -34), (260, -20), (120, -30),
    (-20, -22), (-48, 60), (-30, 170), (-56, 262), (-40, 400),
]  # fmt: skip
NORTH: list[XY] = [
    (800, 640), (770, 780), (850, 930), (840, 1090), (700, 1120), (600, 1260), (520, 1440), (400, 1470),
    (280, 1400), (140, 1330), (-20, 1260), (-190, 1150), (-210, 980), (-150, 860), (-60, 760), (-130, 620),
]  # fmt: skip
"""The outlines' corners, straight: the edge that both have, and what is south and north of it."""


def outlines(rng: np.random.Generator) -> tuple[Polygon, Polygon]:
    """Draw both outlines with one common edge, vertex by vertex the same."""

    def rough(points: list[XY]) -> list[XY]:
        line = np.array(shapely.get_coordinates(shapely.segmentize(LineString(points), 22.0)))
        line[1:-1] += rng.normal(0, 1.6, line[1:-1].shape)
        return [(float(x), float(y)) for x, y in warp(line)]

    edge = rough(COMMON)
    lower = rough([COMMON[-1], *SOUTH, COMMON[0]])
    upper = rough([COMMON[-1], *NORTH, COMMON[0]])
    return Polygon([*edge, *lower[1:-1]]), Polygon([*edge, *upper[1:-1]])


def draw(seed: int = SEED) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Draw the sample: layer by name, EPSG:4326, rounded to whole centimetres on the lattice."""
    town = Town(np.random.default_rng(seed))
    streets(town)
    estates(town)
    dedicated(town)
    courtyards(town, 2, 74, 246, 250, 70)
    courtyards(town, 378, 76, 490, 140, 22)
    courtyards(town, 506, 172, 712, 250, 34)
    village(town)
    lower, upper = outlines(town.rng)
    boundary = [
        {
            "code": COMMUNITY,
            "name": "城镇社区（示例）",
            "division": "community",
            "parent": TOWN,
            "geometry": lower,
        },
        {"code": VILLAGE, "name": "城关村（示例）", "division": "village", "parent": TOWN, "geometry": upper},
    ]
    spots = [("城镇社区（示例）", "quarter", (380, 262)), ("城关村（示例）", "village", (240, 840))]
    places = [{"name": n, "kind": k, "geometry": Point(warp(np.array([at]))[0])} for n, k, at in spots]
    rows = {"boundary": boundary, "buildings": town.buildings, **town.lines, "places": places}
    layers: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {name: _frame(items) for name, items in rows.items()}
    layers["households"] = pd.DataFrame(town.households)
    layers["about"] = pd.DataFrame(
        {"key": ["sample", "made", "licence"],
         "value": ["示例数据 sample data, synthetic", f"make_sample.py, seed {seed}", "CC0-1.0"]}
    )  # fmt: skip
    return layers


def _frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, geometry="geometry")
    shapes = shapely.transform(
        frame.geometry.to_numpy(dtype=object),
        lambda xy: LATTICE.coords_to_lonlat(np.rint((xy + ORIGIN_M) * 100.0)),
    )
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=4326))


def write(path: Path, seed: int = SEED) -> None:
    """Write the sample as a GeoPackage, its time stamps fixed."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"})
    try:
        for name, frame in draw(seed).items():
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("sample.gpkg"))
