"""The town, drawn step by step: this is the procedure; every step is a module of its own.

terrain -> streets -> blocks and their uses -> outlines -> old quarters, estates, dedicated areas -> places of the
villagers' groups -> roads over the hills -> gullies, river, names -> dwellings -> roads that give way to houses.
"""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.boundaries.lingquan.generator import (
    estates,
    outlines,
    quarters,
    relief,
    streets,
    terrain,
    uses,
    villages,
    ways,
)
from data.boundaries.lingquan.generator.frame import SEED, Valley, valley
from data.boundaries.lingquan.generator.sheet import Sheet
from data.boundaries.lingquan.generator.terrain import Terrain

FOLDER = Path(__file__).parents[1]
DEM = FOLDER / "lingquan_dem.tif"
TOWN_CODE = "141126100"
GULLY_NAMES = ["城关沟", "塔底沟", "王家沟", "二郎沟", "东庄沟", "岔沟", "胡家沟", "关头沟", "板桥沟", "龙台沟", "南辰沟", "车家沟", "西卫沟", "马家沟", "孟家沟", "塔上沟", "东卫沟", "木挪沟"]  # fmt: skip
LAYERS = (
    "boundary", "buildings", "households", "roads", "water_lines", "water_areas", "gullies", "walls", "landuse",
    "dedicated", "places", "about",
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """What the other files are made from: the sheet, the outlines, the terrain, the settlements."""

    sheet: Sheet
    town: outlines.Town
    land: Terrain
    places: list[villages.Settlement]

    def frames(self) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
        """Give the layers of ``lingquan.gpkg`` in their order, EPSG:4326."""
        found = self.sheet.frames()
        found["about"] = pd.DataFrame(
            {"key": ["sample", "town", "made", "real", "licence"],
             "value": ["示例数据 sample data, synthetic", "灵泉镇", f"generator, seed {SEED}",
                       "codes and names of the town, 18 villages and 141126100001; all else is invented", "CC0-1.0"]}
        )  # fmt: skip
        return {name: found[name] for name in LAYERS}


def draw(dem: Path = DEM) -> Drawn:
    """Draw the whole town on its terrain."""
    shape = valley()
    land = terrain.read(dem, shape)
    net, sheet = streets.draw(shape), Sheet()
    blocks = uses.assign(net, shape)
    town = outlines.divide(shape, net, blocks, land)
    _boundary(sheet, town)
    _streets(sheet, shape, net)
    lived = quarters.build(sheet, blocks)
    estates.build(sheet, blocks, estates.choose(blocks, lived))
    quarters.civic(sheet, blocks)
    ground = villages.suitable(land)
    places = villages.settle(land, town, ground)
    whole = shapely.union_all([*town.communities, *town.villages])
    trunk = ways.valley_road(sheet, shape, net, whole)
    fast = ways.expressway(sheet, shape, land, whole)
    trod = ways.village_roads(sheet, land, town, places, trunk)
    ways.join(sheet)
    wet = _water(sheet, shape, land, town, whole)
    lanes = [
        r["geometry"] for r in sheet.layers["roads"][: len(sheet.layers["roads"])] if r["class"] == "footway"
    ]
    blocked = np.concatenate(
        [
            shapely.buffer(fast, 22.0),
            shapely.buffer([*trunk, *trod], 6.0),
            shapely.buffer(wet, 7.0),
            shapely.buffer(lanes, 2.0),
        ]
    )
    villages.build(sheet, land, town, ground, places, blocked)
    ways.give_way(sheet, shapely.union_all(town.communities))
    return Drawn(sheet, town, land, places)


def _boundary(sheet: Sheet, town: outlines.Town) -> None:
    """Draw the 25 outlines and a named point in each."""
    known = [(c[0], c[1], "community", "quarter") for c in uses.COMMUNITIES]
    known += [(TOWN_CODE + number, name, "village", "village") for number, name in outlines.VILLAGES]
    rows = sheet.layers.setdefault("boundary", [])
    for (code, name, division, kind), outline in zip(known, [*town.communities, *town.villages], strict=True):
        rows.append(
            {"code": code, "name": name, "division": division, "parent": TOWN_CODE, "geometry": outline}
        )
        sheet.layers.setdefault("places", []).append(
            {"name": name, "kind": kind, "geometry": shapely.point_on_surface(outline)}
        )


def _streets(sheet: Sheet, shape: Valley, net: streets.Net) -> None:
    for row in net.roads:
        line = shape.bend(shapely.LineString(row["sn"]))
        sheet.add("roads", line, row["class"], row["name"], bridge=row.get("bridge"))


def _water(sheet: Sheet, shape: Valley, land: Terrain, town: outlines.Town, whole: Any) -> list[Any]:
    """Draw the river, its bed, the streams and the gullies inside the town; answers their lines."""
    s = np.arange(60.0, shape.length - 60.0, 12.0)
    middle = shapely.LineString(shape.xy(np.column_stack([s, shape.at(shape.river, s)])))
    middle = shapely.intersection(middle, whole)
    for part in shapely.get_parts(middle):
        sheet.add("water_lines", part, "river", "屈产河")
        sheet.add("water_areas", shapely.buffer(part, 8.5, cap_style="flat"), "river", "屈产河")
    seat = shapely.union_all(town.communities)
    lines = [*shapely.get_parts(middle)]
    for reach in relief.reaches(land):
        kept = shapely.difference(shapely.intersection(reach.line, whole), seat)
        for part in (p for p in shapely.get_parts(kept) if p.length > 15.0):
            name = _gully_name(part, town) if reach.area_m2 > relief.STREAM_M2 else None
            sheet.add("gullies", part, "gully", name)
            if reach.area_m2 > relief.STREAM_M2:
                sheet.add("water_lines", part, "stream", name)
            lines.append(part)
    return lines


def _gully_name(line: Any, town: outlines.Town) -> str | None:
    middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
    return next((n for n, g in zip(GULLY_NAMES, town.villages, strict=True) if g.intersects(middle)), None)
