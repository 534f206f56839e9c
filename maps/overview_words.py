"""The words of the overview page, Chinese first, English second: one row a phrase."""

from __future__ import annotations

_ROWS: dict[str, tuple[str, str]] = {
    "title": ("网格概况", "Grids at a glance"),
    "town": ("全镇", "Town"),
    "map": ("地图", "Map"),
    "csv": ("下载 CSV", "CSV"),
    "xlsx": ("下载 XLSX", "XLSX"),
    "print": ("打印", "Print"),
    "language": ("EN", "中文"),
    "sample": ("示例数据", "Sample data"),
    "note": ("备注", "Note"),
    "sample_long": ("示例数据，人口与事件均为虚构", "Sample data: people and events are invented"),
    "disclaimer": ("界线不作为划界依据", "Borders are no legal ground for delimitation"),
    "as_of": ("截至 {day}，第 {release} 次发布", "As of {day}, release {release}"),
    "community": ("社区", "Communities"),
    "village": ("行政村", "Villages"),
    "areas": ("基础网格", "Basic grids"),
    "area": ("基础网格", "Basic grid"),
    "level0": ("基础网格", "Basic grids"),
    "level1": ("一级网格", "Level 1"),
    "level2": ("二级网格", "Level 2"),
    "level3": ("三级网格", "Level 3"),
    "l1": ("一级", "L1"),
    "l2": ("二级", "L2"),
    "l3": ("三级", "L3"),
    "level": ("级别", "Level"),
    "post": ("负责人", "Held by"),
    "wanted": ("目标", "Wanted"),
    "in_force": ("现有", "In force"),
    "as_wanted": ("与目标一致", "as wanted"),
    "dedicated": ("其中专属", "of which dedicated"),
    "band": ("每格应有户数", "Band, households"),
    "no_band": ("不设区间", "none"),
    "spread": ("最少 · 中位 · 最多", "Min · median · max"),
    "picture": ("每格户数分布", "Households a grid"),
    "in_band": ("达标", "In band"),
    "out": ("不达标", "Out of band"),
    "none_out": ("无", "none"),
    "posts": ("在岗 / 岗位", "Posts held / all"),
    "vacant": ("空缺", "vacant"),
    "vacant_posts": ("岗位空缺", "Vacant posts"),
    "households": ("常住户", "Households"),
    "registered": ("登记户", "Registered"),
    "derived": ("推算", "derived"),
    "derived_of": ("推算 {n}", "{n} derived"),
    "derived_title": (
        "其中 {n} 户没有户籍资料，由规则按房屋用途、占地面积和层数推算，并非登记数",
        "{n} households have no register: a rule derived them from use, footprint and storeys of buildings",
    ),
    "cases": ("事件", "Cases"),
    "open": ("未结", "open"),
    "closed": ("已结", "closed"),
    "cases_open": ("未结事件", "Open cases"),
    "on_time": ("按时办结率", "Closed on time"),
    "on_time_of": ("{part} / {whole} 件到期事件", "{part} of {whole} due"),
    "hazards": ("在册隐患点", "Hazard points in force"),
    "threatened": ("威胁 {n} 户（台账）", "{n} households by the register"),
    "grids": ("格", "grids"),
    "bar": ("{low}–{high} 户：{n} 格", "{low}–{high} households: {n} grids"),
    "bar_one": ("{low} 户：{n} 格", "{low} households: {n} grids"),
    "nothing": ("还没有发布的网格", "No grids published yet"),
    "choose_town": ("选择乡镇", "Choose a town"),
    "go": ("查看", "Show"),
    "disputes_open": ("先划定 {n} 处争议地", "first assign {n} pieces of disputed ground"),
    "propose_next": ("下一步：提出并发布方案", "next: propose and publish"),
    "measure": ("图上显示", "Shown on the map"),
    "each": ("各基础网格", "Basic grid by basic grid"),
    "each_hint": ("点列名排序，点名称看地图", "Click a heading to sort, a name for its map"),
    "sort": ("排序", "Sort by"),
    "finest": ("末级每格户数", "Finest level, households"),
    "over": ("偏多", "over"),
    "under": ("偏少", "under"),
    "no_k": ("无合适格数", "no number fits"),
    "lump": ("单元过大", "one lump too big"),
    "lumps": ("单元凑不齐", "lumps do not add up"),
    "part": ("地块过小", "part too small"),
    "locked": ("锁定所致", "locked"),
    "": ("未注明原因", "no reason given"),
    "unpublished": ("未发布", "not published"),
    "outside": ("不在任何基础网格内", "in no basic grid"),
    "none": ("无", "none"),
}


def say(key: str, lang: str, **values: object) -> str:
    """Give a phrase in a language, its placeholders filled.

    Examples
    --------
    >>> say("level1", "zh"), say("bar", "en", low=10, high=14, n=3)
    ('一级网格', '10–14 households: 3 grids')
    """
    zh, en = _ROWS[key]
    return (zh if lang == "zh" else en).format(**values)
