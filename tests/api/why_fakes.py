"""What the fake use cases say of reasons: an area that fits no number of grids, a border along a road."""

from spatial.planning.courses import Course, Side
from spatial.planning.elsewhere import WhyNot
from spatial.planning.feasibility import AreaRange, LevelRange, ObstacleView


def area_range(area):
    why = ObstacleView("no_k", 550, 2, 0.0833, ["001-000"])
    level = LevelRange(
        1, "网格员", "grid member", 300, 500, 550, 2, 2, 2, False, 1, False, [why], "1级 550 户合不上",
        "level 1: 550 households do not fit",
    )  # fmt: skip
    zh, en = level.zh, level.en
    return AreaRange(area, "凤城社区", "community", 550, 600, False, [level], zh, en)


def why_not(plan_id):
    line = {"type": "LineString", "coordinates": [[110.84, 37.0], [110.85, 37.0]]}
    sides = [
        Side(3, "1-01", 15, 16, 0.7, 0.8, 60.0, 50.0), Side(4, "1-02", 13, 12, 0.6, 0.6, None, None),
    ]  # fmt: skip
    now, other = Course(50.0, 41.0, ["横街"], ["横街"], line), Course(40.0, 10.0, ["纵街"], ["纵街"], line)
    said = "改沿纵街走，1-01 为 16 户、1-02 为 12 户，少沿地物 31 米", "along 纵街"
    return WhyNot(plan_id, 4, sides, now, other, [7], ["001-000"], 1.0, 1.2, True, *said)
