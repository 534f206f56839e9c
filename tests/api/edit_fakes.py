"""What the editing use cases answer in tests of the routes."""

import geopandas as gpd
from shapely import LineString, Point

from spatial.planning.crossing import Cross
from spatial.planning.holding import Held
from spatial.planning.previewing import Change, Preview
from spatial.planning.towers import Stairwell, Tower, TowerCell
from spatial.planning.transferring import Transferred


def preview():
    before, after = Held(18, 20, 2, 3, 1, 0, 583.0), Held(12, 13, 1, 2, 1, 0, 401.5)
    change = Change(
        5, "凤城社区1-01-01网格", "1-01-01", 3, before, after, (10, 20), "in_band", "in_band", False, False
    )
    line = LineString([(110.8, 37.0), (110.81, 37.0)])
    return Preview(
        4, [change], [], [Cross("从 1-01 移到 1-02", "from 1-01 to 1-02", 2, 3, 2, [7])], [], [],
        gpd.GeoDataFrame(geometry=[line], crs=4326),
    )  # fmt: skip


def tower(bid):
    cells = [TowerCell(7, "f1", (2, 4), 9, 9, 5), TowerCell(8, "f1", (5, 7), 9, 9, None)]
    return Tower(bid, "1号楼", 7, [Stairwell("1", cells)])


def handles():
    points = {"id": ["1_2"], "kind": ["junction"], "grids": [[3, 4]], "a": [None], "b": [None]}
    return gpd.GeoDataFrame(points, geometry=[Point(110.8, 37.0)], crs=4326)


def use_cases(asked):
    return {
        "plan_handles": asked(lambda *_, **__: handles()),
        "preview": asked(lambda *_, **__: preview()),
        "transfer": asked(
            lambda **_: [Transferred(5, 2, "141126100001", None), Transferred(6, 3, "141126100002", 7)]
        ),
        "tower": asked(lambda *given: tower(given[-1])),
    }
