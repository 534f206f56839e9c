"""The dirty copy: the same town as it would come from real offices, each defect written down in a list.

``spoil`` makes defects that an import repairs, sets aside or notes. ``refuse`` makes one village whose rows no import
may take. Both answer the list: one row a defect, with the layer, the row's key, what was done and what to expect.
"""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.affinity import translate

from data.boundaries.lingquan.generator.frame import SEED

Frames = dict[str, Any]
Notes = list[dict[str, str]]
METRIC = 4546


def copy_of(frames: Frames) -> Frames:
    """Copy the layers so that the clean ones stay as they are."""
    return {name: frame.copy() for name, frame in frames.items()}


def note(notes: Notes, layer: str, key: str, kind: str, expect: str, words: str) -> None:
    """Write one defect down."""
    notes.append(
        {
            "layer": layer,
            "key": key,
            "kind": kind,
            "expect": expect,
            "words": words,
            "file": "lingquan_dirty.gpkg",
        }
    )


def spoil(frames: Frames, hazards: pd.DataFrame, seed: int = SEED) -> tuple[Frames, pd.DataFrame]:
    """Spoil a copy of the town; answers its layers and the list of defects."""
    rng = np.random.default_rng([seed, 30])
    out, notes = copy_of(frames), []
    _outlines(out, notes)
    _buildings(out, rng, notes)
    _footprints(out, rng, notes)
    _register(out, rng, notes)
    _features(out, notes)
    swapped = hazards.copy()
    swapped["lon"], swapped["lat"] = swapped.geometry.x, swapped.geometry.y
    for i in (4, 17):
        swapped.loc[i, ["lon", "lat"]] = [swapped.loc[i, "lat"], swapped.loc[i, "lon"]]
        note(notes, "hazards", swapped.loc[i, "number"], "swapped", "point_swapped", "经纬度写反")
        notes[-1]["file"] = "hazards_dirty.csv"
    swapped["crs"] = "wgs84"
    out["hazards"] = pd.DataFrame(swapped.drop(columns="geometry"))
    note(notes, "hazards", "", "extra layer", "layer_ignored", "地点文件里夹带的登记表")
    return out, pd.DataFrame(notes)


def _shared(one: Any, two: Any) -> np.ndarray[Any, Any]:
    """Middle part of the longest border that two outlines share, vertex by vertex."""
    parts = shapely.get_parts(shapely.line_merge(shapely.intersection(one.boundary, two.boundary)))
    longest = max((p for p in parts if p.geom_type == "LineString"), key=lambda p: p.length)
    xy = shapely.get_coordinates(longest)
    third = len(xy) // 3
    return xy[third : max(third + 4, 2 * third)]


def _push(shape: Any, others: np.ndarray[Any, Any], metres: float) -> Any:
    """Move some vertices of an outline outwards (or inwards, below 0), each by so many metres."""
    keys = {tuple(np.round(p, 9)) for p in others}
    middle = shapely.get_coordinates(shape.centroid)[0]

    def move(xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        out = xy.copy()
        for i, p in enumerate(xy):
            if tuple(np.round(p, 9)) in keys:
                away = p - middle
                out[i] = p + away / np.hypot(*away) * metres / 100_000.0
        return out

    return shapely.transform(shape, move)


def _outlines(out: Frames, notes: Notes) -> None:
    """Overlap, gap and self-crossing between outlines; a code in full-width digits; a parent that differs."""
    rows = out["boundary"].set_index("code", drop=False)
    for code, other, metres, kind in (
        ("141126100213", "141126100202", 14.0, "overlap"), ("141126100224", "141126100203", -11.0, "gap"),
        ("141126100225", "141126100206", -9.0, "gap"),
    ):  # fmt: skip
        here, there = rows.geometry[code], rows.geometry[other]
        rows.loc[code, "geometry"] = _push(here, _shared(here, there), metres)
        note(
            notes,
            "boundary",
            code,
            kind,
            f"disputed_{kind}",
            f"与{other}之间{'重叠' if metres > 0 else '有缝隙'}",
        )
    code = "141126100220"
    rows.loc[code, "geometry"] = _knot(rows.geometry[code])
    note(notes, "boundary", code, "self-crossing", "boundary_repaired", "边界自相交")
    out["boundary"] = gpd.GeoDataFrame(rows.reset_index(drop=True), crs=4326)
    wide = out["boundary"]["code"] == "141126100207"
    out["boundary"].loc[wide, "code"] = "１４１１２６１００２０７"
    note(notes, "boundary", "141126100207", "full-width code", "text_normalised", "代码是全角数字")
    out["boundary"].loc[out["boundary"]["code"] == "141126100226", "parent"] = "141126101"
    note(notes, "boundary", "141126100226", "parent", "parent_by_code", "上级代码是邻镇的")


def _knot(shape: Any) -> Any:
    """Tie a knot of some metres into the longest edge of an outline."""
    xy = shapely.get_coordinates(shape.exterior)
    k = int(np.argmax(np.hypot(*np.diff(xy, axis=0).T)))
    along = xy[k + 1] - xy[k]
    out = np.array([along[1], -along[0]]) * 0.4
    return shapely.Polygon(
        np.vstack([xy[: k + 1], xy[k] + along * 0.7 + out, xy[k] + along * 0.3 + out, xy[k + 1 :]])
    )


def _metric(frame: gpd.GeoDataFrame, shapes: list[Any]) -> list[Any]:
    return list(gpd.GeoSeries(shapes, crs=METRIC).to_crs(frame.crs))


def _onto(shape: Any, other: Any) -> Any:
    """Push a footprint towards another one until a fifth of the smaller is covered."""
    goal = np.array([other.centroid.x - shape.centroid.x, other.centroid.y - shape.centroid.y])
    for part in np.arange(0.1, 1.0, 0.05):
        moved = translate(shape, *(goal * part))
        if moved.intersection(other).area > 0.2 * min(shape.area, other.area):
            return moved
    return translate(shape, *goal)


def _buildings(out: Frames, rng: np.random.Generator, notes: Notes) -> None:
    """Buildings moved on to neighbours, across an outline or out of the town; footprints twice."""
    frame = out["buildings"]
    metric = frame.geometry.to_crs(METRIC)
    chosen = rng.permutation(len(frame))
    for i in chosen[:14]:
        near = metric.distance(metric.iloc[i]).drop(index=i).idxmin()
        other = metric.loc[near]
        frame.loc[i, "geometry"] = _metric(frame, [_onto(metric.iloc[i], other)])[0]
        note(
            notes,
            "buildings",
            frame.loc[i, "bid"],
            "overlap",
            "footprints_overlap",
            f"与{frame.loc[near, 'bid']}重叠",
        )
    for i in chosen[14:20]:
        frame.loc[i, "geometry"] = _metric(frame, [translate(metric.iloc[i], 9000.0, 5500.0)])[0]
        note(notes, "buildings", frame.loc[i, "bid"], "outlying", "building_outside", "落在镇外")
    rims = out["boundary"].geometry.to_crs(METRIC).boundary
    lived = [i for i in chosen[20:400] if frame.loc[i, "group"] is not None][:5]
    for i in lived:
        rim = rims.iloc[int(np.argmin(rims.distance(metric.iloc[i])))]
        goal = shapely.get_coordinates(shapely.shortest_line(metric.iloc[i].centroid, rim))
        frame.loc[i, "geometry"] = _metric(frame, [translate(metric.iloc[i], *(goal[1] - goal[0]))])[0]
        note(notes, "buildings", frame.loc[i, "bid"], "across an outline", "building_across", "跨在界线上")
    twins = frame.loc[chosen[400:409]].copy()
    twins["bid"], twins["households"] = twins["bid"] + "-2", 0
    for bid in twins["bid"]:
        note(notes, "buildings", bid, "footprint twice", "building_same_shape", "同一轮廓录了两次")
    out["buildings"] = gpd.GeoDataFrame(pd.concat([frame, twins], ignore_index=True), crs=frame.crs)


def _footprints(out: Frames, rng: np.random.Generator, notes: Notes) -> None:
    """Footprints that cross themselves or are empty; storeys in words; numbers missing where the register has them."""
    frame = out["buildings"]
    frame["levels"] = frame["levels"].astype(str)
    plain = [i for i in rng.permutation(len(frame))[:600] if len(frame.geometry.iloc[i].exterior.coords) == 5]
    for i in plain[:4]:
        xy = shapely.get_coordinates(frame.geometry.iloc[i])[:4]
        frame.loc[i, "geometry"] = shapely.Polygon(xy[[0, 2, 1, 3]])
        note(notes, "buildings", frame.loc[i, "bid"], "self-crossing", "building_repaired", "轮廓自相交")
    frame.loc[plain[4], "geometry"] = shapely.Polygon()
    note(notes, "buildings", frame.loc[plain[4], "bid"], "empty", "building_empty", "没有图形")
    for i, word in zip(plain[5:8], ("六层半", "不详", "约三层"), strict=True):
        frame.loc[i, "levels"] = word
        note(notes, "buildings", frame.loc[i, "bid"], "storeys in words", "levels_unread", word)
    named = set(out["households"]["bid"])
    missing = [i for i in plain[8:120] if frame.loc[i, "bid"] in named][:12]
    frame["households"] = frame["households"].astype("Int64")
    frame.loc[missing, "households"] = pd.NA
    for i in missing:
        note(
            notes,
            "buildings",
            frame.loc[i, "bid"],
            "households missing",
            "households_by_register",
            "户数空缺，以登记表为准",
        )


def _register(out: Frames, rng: np.random.Generator, notes: Notes) -> None:
    """Full-width digits, 负一层, 无, English floors and blanks in the register; rooms twice."""
    rows = out["households"]
    flats = rows.index[rows["stairwell"].notna()].to_numpy()
    chosen = rng.permutation(flats)
    shops = rows.index[rows["status"] == "底商"].to_numpy()[:24]
    chosen = chosen[~np.isin(chosen, shops)]
    rows.loc[chosen[:60], "floor"] = rows.loc[chosen[:60], "floor"].str.translate(WIDE)
    _tell(notes, 60, "floor", "full-width digits", "cells_full_width", "楼层是全角数字")
    rows.loc[chosen[60:90], "floor"] = rows.loc[chosen[60:90], "floor"].str.replace("层", "F")
    _tell(notes, 30, "floor", "floors as 3F", "cells_floor_letters", "楼层写作 3F")
    rows.loc[shops[:12], "floor"] = "负一层"
    rows.loc[shops[12:], "floor"] = "B1"
    _tell(notes, 24, "floor", "basements", "cells_basement", "负一层和 B1")
    homes = rows.index[rows["stairwell"].isna()].to_numpy()[:40]
    rows.loc[homes, ["stairwell", "floor"]] = "无"
    for field in ("stairwell", "floor"):
        _tell(notes, 40, field, "无", "cells_nothing", "单元和楼层写作无")
    rows.loc[chosen[90:110], "status"] = "  常住 "
    _tell(notes, 20, "status", "blanks", "cells_blanks", "状态前后有空格")
    rows.loc[chosen[110:130], "n"] = np.nan
    _tell(notes, 20, "n", "n missing", "n_missing", "户数空缺")


def _tell(notes: Notes, rows: int, field: str, kind: str, expect: str, words: str) -> None:
    """Write down a defect of many rows of the register."""
    note(notes, "households", f"{rows} rows {field}", kind, expect, words)


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _features(out: Frames, notes: Notes) -> None:
    """A point among the roads, an empty road, a park that crosses itself, a place with its coordinates swapped."""
    roads = out["roads"]
    extra = gpd.GeoDataFrame(
        {"class": ["residential", "residential"], "name": ["断头路", "空路"]},
        geometry=[shapely.Point(110.845, 36.995), shapely.LineString()], crs=roads.crs,
    )  # fmt: skip
    home = out["buildings"][out["buildings"]["bid"] == "LQ05000"].geometry.iloc[0]
    west, south, east, north = home.bounds
    through = shapely.LineString([(west - 2e-4, (south + north) / 2), (east + 2e-4, (south + north) / 2)])
    extra.loc[2] = {"class": "residential", "name": "穿房路", "geometry": through}
    out["roads"] = gpd.GeoDataFrame(pd.concat([roads, extra], ignore_index=True), crs=roads.crs)
    note(
        notes, "roads", "LQ05000", "road through a building", "line_through_building", "穿房路从房屋中间穿过"
    )
    note(notes, "roads", "断头路", "point among lines", "feature_kind", "道路图层里的点")
    note(notes, "roads", "空路", "empty line", "feature_empty", "没有图形的道路")
    land = out["landuse"]
    x, y = land.geometry.iloc[0].centroid.x, land.geometry.iloc[0].centroid.y
    bow = shapely.Polygon([(x, y), (x + 2e-4, y + 2e-4), (x + 2e-4, y), (x, y + 2e-4)])
    park = gpd.GeoDataFrame({"class": ["grass"], "name": ["交叉绿地"]}, geometry=[bow], crs=land.crs)
    out["landuse"] = gpd.GeoDataFrame(pd.concat([land, park], ignore_index=True), crs=land.crs)
    note(notes, "landuse", "交叉绿地", "self-crossing", "feature_repaired", "地块自相交")


def refuse(frames: Frames, code: str = "141126100210") -> tuple[Frames, pd.DataFrame]:
    """Make a file of one village that must be refused, every faulty row named."""
    notes: Notes = []
    outline = frames["boundary"][frames["boundary"]["code"] == code].reset_index(drop=True)
    inside = frames["buildings"].geometry.representative_point().within(outline.geometry.iloc[0])
    homes = frames["buildings"][inside].reset_index(drop=True).astype({"households": "object"})
    register = frames["households"][frames["households"]["bid"].isin(set(homes["bid"][20:]))].reset_index(
        drop=True
    )
    homes.loc[1, "households"] = None
    note(notes, "buildings", homes.loc[1, "bid"], "households missing", "households_missing", "户数空缺")
    homes["households"] = pd.to_numeric(homes["households"])
    homes.loc[2, "households"] = -3
    note(notes, "buildings", homes.loc[2, "bid"], "negative", "households_negative", "户数为负")
    homes.loc[4, "bid"] = homes.loc[3, "bid"]
    note(notes, "buildings", homes.loc[3, "bid"], "number twice", "bid_duplicate", "编号重复")
    homes.loc[5, "households"] = 2.5
    note(notes, "buildings", homes.loc[5, "bid"], "fraction", "households_fraction", "户数不是整数")
    homes.loc[6, "bid"] = None
    note(notes, "buildings", "7", "number missing", "bid_missing", "没有编号")
    register.loc[0, "floor"] = "1-6"
    note(notes, "households", register.loc[0, "bid"], "range of floors", "floor_unread", "楼层是区间")
    register.loc[1, "status"] = "住人"
    note(notes, "households", register.loc[1, "bid"], "unknown status", "status_unknown", "状态不认识")
    register.loc[len(register)] = {"bid": "合计", "n": 480}
    note(notes, "households", "合计", "total row", "household_unknown_building", "最后一行是合计")
    return {"boundary": outline, "buildings": homes, "households": register}, pd.DataFrame(notes).assign(
        file="village_refused.gpkg"
    )


def swap(frames: Frames, code: str = "141126100210") -> Frames:
    """Make a file of one village in which three buildings have latitude before longitude."""
    outline = frames["boundary"][frames["boundary"]["code"] == code].reset_index(drop=True)
    inside = frames["buildings"].geometry.representative_point().within(outline.geometry.iloc[0])
    homes = frames["buildings"][inside].reset_index(drop=True)
    for i in (5, 6, 7):
        homes.loc[i, "geometry"] = shapely.transform(homes.geometry.iloc[i], lambda xy: xy[:, ::-1])
    return {"boundary": outline, "buildings": homes}
