"""A drawn town for the map tests: faces in rows, three levels, one building a face."""

import base64
import datetime as dt

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import LineString, box

from spatial.ground.relief import Relief

AREA = "141126100001"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
WEST, SOUTH, STEP = 110.83, 36.99, 0.0008


def face(column: int, row: int) -> shapely.Polygon:
    west, south = WEST + column * STEP, SOUTH + row * STEP
    return shapely.set_precision(box(west, south, west + STEP, south + STEP), 1e-7)


def grid_row(code, short, level, name, *, parent, households, band, geometry, kind="ordinary"):
    low, high = band
    return {
        "code": code, "short": short, "level": level, "kind": kind, "name": name, "parent": parent,
        "area_code": AREA, "households": households, "registered": households + 3, "stairwell": None,
        "floors": None, "reason": None, "valid_from": dt.date(2026, 1, 1), "valid_to": None,
        "in_band": None if low is None else low <= households <= high, "band_min": low, "band_max": high,
        "area_m2": 9000, "post": ("grid_chief", "grid_member", "grid_assistant", "grid_liaison")[level],
        "geometry": geometry,
    }  # fmt: skip


def town(*, name: str = "凤城社区") -> dict[str, gpd.GeoDataFrame]:
    """Layers of `town_page`: 6 x 4 faces, one level-1 grid, two of level 2, six of level 3."""
    rows, buildings = [], []
    third = {0: 15, 1: 8, 2: 24, 3: 16, 4: 12, 5: 20}
    for half in range(2):
        code2 = f"{AREA}001{half + 1:02d}"
        parts = []
        for n in range(3):
            column = half * 3 + n
            shape = shapely.union_all([face(column, row) for row in range(4)])
            parts.append(shape)
            label = f"1-{half + 1:02d}-{n + 1:02d}"
            code, grid_name = f"{code2}{n + 1:02d}", f"{name}{label}"
            households = third[column]
            rows.append(
                grid_row(
                    code,
                    label,
                    3,
                    grid_name,
                    parent=code2,
                    households=households,
                    band=(10, 20),
                    geometry=shape,
                )
            )
        total = sum(third[half * 3 + n] for n in range(3))
        label, grid_name, shape = f"1-{half + 1:02d}", f"{name}第{half + 1}组", shapely.union_all(parts)
        rows.append(
            grid_row(
                code2,
                label,
                2,
                grid_name,
                parent=f"{AREA}001",
                households=total,
                band=(50, 100),
                geometry=shape,
            )
        )
    whole = shapely.union_all([face(c, r) for c in range(6) for r in range(4)])
    first = f"{AREA}001"
    rows += [
        grid_row(
            first, "1", 1, f"{name}第1网格", parent=AREA, households=95, band=(300, 500), geometry=whole
        ),
        grid_row(
            AREA,
            None,
            0,
            name,
            parent="141126100",
            households=95,
            band=(None, None),
            geometry=whole,
            kind="basic",
        ),
    ]
    for column in range(6):
        for row in range(4):
            inner = face(column, row).buffer(-STEP * 0.2, join_style="mitre")
            buildings.append({
                "bid": f"b{column}-{row}", "name": f"{column * 4 + row + 1}号楼", "btype": "apartments",
                "levels": 6, "households": 4, "geometry": inner,
            })  # fmt: skip
    across = LineString([(WEST - STEP, SOUTH + 2 * STEP), (WEST + 7 * STEP, SOUTH + 2 * STEP)])
    along = LineString([(WEST - STEP, SOUTH - STEP / 2), (WEST + 7 * STEP, SOUTH - STEP / 2)])
    features = [
        {"layer": "roads", "class": "primary", "name": "屈产大道", "geometry": across},
        {"layer": "water_lines", "class": "river", "name": "屈产河", "geometry": along},
        {
            "layer": "places",
            "class": "quarter",
            "name": "城关",
            "geometry": shapely.Point(WEST, SOUTH + STEP),
        },
    ]
    return {
        "grids": gpd.GeoDataFrame(rows, crs=4326),
        "buildings": gpd.GeoDataFrame(buildings, crs=4326),
        "features": gpd.GeoDataFrame(features, crs=4326),
        "areas": gpd.GeoDataFrame([{"code": AREA, "name": name, "geometry": whole}], crs=4326),
    }


def duty() -> dict[str, pd.DataFrame]:
    """Frames of the duty: 12 cases, two a week; two hazards, one with its area; two posts held."""
    day = dt.date(2026, 1, 5)
    cases = [
        {
            "number": f"A{n}", "category": "fire" if n % 3 else "dispute", "subcategory": None,
            "state": "archived" if n % 4 else "accepted", "reported_at": day + dt.timedelta(7 * (n // 2)),
            "area_code": AREA, "grid": f"{AREA}00101{n % 3 + 1:02d}", "description": f"示例 {n}",
            "geometry": face(n % 3, n % 4).centroid,
        } for n in range(12)
    ]  # fmt: skip
    hazards = [
        {
            "id": n, "number": f"H{n}", "kind": "landslide", "name": f"{n}号滑坡", "grade": "III",
            "state": "registered",
            "households": 4, "people": 10, "area_code": AREA, "grid": f"{AREA}0010201",
            "scale": "small", "scale_wan_m3": 2.5, "trend": "不稳定", "place": "城关后坡", "trigger": "降雨",
            "monitoring": "裂缝计", "warning": "铜锣",
            "responsible": {"name": "刘*", "post": "村党支部书记", "phone": "100****0001"},
            "monitors": [{"name": "王*", "phone": "100****1001"}, {"name": "陈*"}],
            "danger_area": face(3, n).buffer(STEP / 4) if n == 1 else None, "geometry": face(3, n).centroid,
        } for n in (1, 2)
    ]  # fmt: skip
    threats = [{"hazard": 1, "code": f"{AREA}0010201", "households": 8}]
    staff = [
        {"code": AREA, "post": "grid_chief", "holder": "王*", "phone": "138****1234", "time": "part"},
        {"code": f"{AREA}0010201", "post": "grid_liaison", "holder": "李*", "phone": None, "time": None},
    ]
    return {
        "cases": gpd.GeoDataFrame(cases, crs=4326), "hazards": gpd.GeoDataFrame(hazards, crs=4326),
        "threats": pd.DataFrame(threats), "staff": pd.DataFrame(staff),
    }  # fmt: skip


def relief() -> Relief:
    """A picture of one grey pixel under the town."""
    return Relief(PIXEL, WEST, SOUTH, WEST + 6 * STEP, SOUTH + 4 * STEP)
