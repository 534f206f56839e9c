"""What the fake use cases say of reasons: an area of one level that fits no number of grids."""

from spatial.planning.feasibility import AreaRange, LevelRange, ObstacleView


def area_range(area):
    why = ObstacleView("no_k", 550, 2, 0.0833, ["001-000"])
    level = LevelRange(
        1, "网格员", "grid member", 300, 500, 550, 2, 2, 2, False, 1, False, [why], "1级 550 户合不上",
        "level 1: 550 households do not fit",
    )  # fmt: skip
    zh, en = level.zh, level.en
    return AreaRange(area, "凤城社区", "community", 550, 600, False, [level], zh, en)
