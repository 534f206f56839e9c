"""The words of the read-only maps, Chinese first, English second: one row a phrase, both in every page."""

from __future__ import annotations

_ROWS: dict[str, tuple[str, str]] = {
    "search": ("搜索编码、简号、网格名、楼栋名", "Search code, number, grid, building"),
    "search_label": ("搜索网格或建筑", "Search grids and buildings"),
    "nothing": ("没有找到", "Nothing found"),
    "building": ("建筑", "building"),
    "language": ("EN", "中文"),
    "language_label": ("Switch to English", "切换为中文"),
    "levels": ("网格级别", "Grid level"),
    "auto": ("自动", "Auto"),
    "all": ("全部", "All"),
    "level0": ("基础网格", "Basic"),
    "level1": ("一级", "Level 1"),
    "level2": ("二级", "Level 2"),
    "level3": ("三级", "Level 3"),
    "level0_long": ("基础网格", "basic grid"),
    "level1_long": ("一级网格", "level-1 grid"),
    "level2_long": ("二级网格", "level-2 grid"),
    "level3_long": ("三级网格", "level-3 grid"),
    "legend": ("图例", "Legend"),
    "in_band": ("户数达标", "In band"),
    "under": ("户数偏少", "Below band"),
    "over": ("户数偏多", "Above band"),
    "none": ("专属 / 不设区间", "Dedicated / no band"),
    "dwelling": ("住宅", "Dwelling"),
    "other_building": ("其他建筑", "Other building"),
    "water": ("水系", "Water"),
    "road": ("道路", "Road"),
    "grids": ("网格", "grids"),
    "households": ("户", "households"),
    "households_unit": ("户", ""),
    "rate": ("达标率", "in band"),
    "to_adjust": ("待调整", "to adjust"),
    "overview": ("概况", "Overview"),
    "selected": ("选中网格", "Selected grid"),
    "pick": ("点击地图上的网格查看详情", "Click a grid on the map for its figures"),
    "out_list": ("户数超出区间的网格", "Grids out of band"),
    "all_in_band": ("本级网格户数全部达标", "Every grid of this level is in band"),
    "children": ("下级网格", "Grids inside"),
    "stack": ("同一楼内的网格", "Grids in the same building"),
    "code": ("编码", "Code"),
    "counted": ("户数（计入）", "Households (counted)"),
    "registered": ("登记户数", "Registered"),
    "band": ("户数区间", "Band"),
    "no_band": ("不设区间", "none applies"),
    "kind": ("类型", "Kind"),
    "basic": ("基础网格", "basic"),
    "ordinary": ("普通网格", "ordinary"),
    "dedicated": ("专属网格", "dedicated"),
    "dedicated_short": ("专属", "dedicated"),
    "grid_map": ("网格图", "grid map"),
    "stairwell": ("单元", "Stairwell"),
    "floors": ("楼层", "Floors"),
    "reason": ("超出原因", "Reason"),
    "valid": ("生效", "Valid"),
    "valid_from": ("{date} 起", "from {date}"),
    "parents": ("上级", "Inside"),
    "open_grid": ("打开网格页", "Open the grid's page"),
    "back": ("返回全镇地图", "Back to the town map"),
    "download": ("下载单页地图", "Download as one file"),
    "close": ("关闭", "Close"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "fit": ("全图", "Whole map"),
    "north": ("北", "N"),
    "panel": ("详情面板", "Details"),
    "sample": ("示例数据", "Sample data"),
    "sample_long": ("示例数据，人口与事件均为虚构", "Sample data: people and events are invented"),
    "disclaimer": ("界线不作为划界依据", "Borders are no legal ground for delimitation"),
    "no_k": ("任何个数都无法使每个网格落入区间", "no number of grids fits the band"),
    "lump": ("含一个不可再分的单元，已超过上限", "one indivisible cell is above the maximum"),
    "lumps": ("不可再分的单元无法凑出区间内的户数", "indivisible cells do not add up to the band"),
    "part": ("所在地块户数太少", "its part of the area is too small"),
    "locked": ("受锁定网格限制", "locked grids force it"),
}


def words() -> dict[str, dict[str, str]]:
    """Return every phrase by language.

    Examples
    --------
    >>> words()["zh"]["level1"], words()["en"]["level1"]
    ('一级', 'Level 1')
    """
    return {
        "zh": {key: zh for key, (zh, _) in _ROWS.items()},
        "en": {key: en for key, (_, en) in _ROWS.items()},
    }
