"""Categories of cases, on two levels, as data: a deployer changes the table, never the code."""

from __future__ import annotations

from spatial.errors import BadParameter, Where

Words = tuple[str, str]

CATEGORIES: dict[str, tuple[str, str, dict[str, Words]]] = {
    "environment": ("环境卫生", "environment", {
        "rubbish": ("垃圾清运", "rubbish"), "water": ("水体污染", "polluted water"),
        "noise": ("噪声扰民", "noise"), "illegal_building": ("违章搭建", "illegal building")}),
    "order": ("社会治安", "public order", {
        "parking": ("乱停乱放", "parking"), "stalls": ("占道经营", "street stalls"),
        "suspicious": ("可疑情况", "suspicious circumstances")}),
    "safety": ("安全隐患", "safety hazards", {
        "gas": ("燃气隐患", "gas"), "electricity": ("用电隐患", "electricity"),
        "unsafe_house": ("危房", "unsafe house"), "manhole": ("井盖缺失", "missing manhole cover")}),
    "fire": ("消防", "fire", {
        "blocked_exit": ("通道堵塞", "blocked exit"), "equipment": ("器材缺失", "missing equipment"),
        "e_bike": ("电动车充电", "e-bike charging")}),
    "dispute": ("矛盾纠纷", "disputes", {
        "neighbours": ("邻里纠纷", "neighbours"), "land": ("土地纠纷", "land"),
        "wages": ("欠薪", "wages"), "family": ("家庭纠纷", "family")}),
    "livelihood": ("民生服务", "livelihood", {
        "heating": ("供暖", "heating"), "water_supply": ("供水", "water supply"),
        "road": ("道路", "road"), "benefits": ("低保医保", "benefits")}),
    "special_groups": ("特殊人群", "special groups", {
        "elderly": ("独居老人", "elderly living alone"), "disabled": ("残疾人", "disabled"),
        "children": ("留守儿童", "children left behind")}),
    "epidemic": ("疫情防控", "epidemic prevention", {
        "visit": ("入户排查", "household visit"), "supplies": ("物资配送", "supplies")}),
    "geological": ("地质灾害", "geological disaster", {
        "crack": ("裂缝变形", "cracks"), "slide": ("滑坡崩塌", "slides"),
        "drainage": ("排水不畅", "drainage"), "cave": ("窑洞险情", "cave dwelling in danger")}),
    "party": ("党建", "party building", {
        "activity": ("组织活动", "activity"), "service": ("党员服务", "service by members")}),
    "facilities": ("公共设施", "facilities", {
        "lamp": ("路灯", "street lamp"), "lift": ("电梯", "lift"), "pipe": ("管网", "pipes")}),
    "other": ("其他", "other", {}),
}  # fmt: skip
"""Two levels: category and its subcategories, each with its Chinese and English words."""


def category_of(text: str | None) -> tuple[str, str | None] | None:
    """Find category and subcategory by a key or word of either level; ``a/b`` names both.

    Examples
    --------
    >>> category_of("geological"), category_of("路灯"), category_of("消防/通道堵塞"), category_of("fire/lamp")
    (('geological', None), ('facilities', 'lamp'), ('fire', 'blocked_exit'), None)
    """
    first, _, second = (part.strip() for part in (text or "").partition("/"))
    for key, (zh, en, below) in CATEGORIES.items():
        if first in {key, zh} or first.lower() == en:
            if not second:
                return key, None
            found = named(below, second)
            return None if found is None else (key, found)
        if not second and (found := named(below, first)):
            return key, found
    return None


def check_category(category: str, subcategory: str | None = None) -> tuple[str, str | None]:
    """Read what a caller wrote as category; BadParameter (``unknown_category``) with the list."""
    found = category_of(f"{category}/{subcategory}" if subcategory else category)
    if found is None:
        raise BadParameter(
            "unknown_category",
            zh=f"没有这个事件类别：{category}{'/' + subcategory if subcategory else ''}。"
            f"可用：{'、'.join(zh for zh, _, _ in CATEGORIES.values())}。",
            en=f"There is no category {category}{'/' + subcategory if subcategory else ''}."
            f" Known: {', '.join(CATEGORIES)}.",
            where=(Where(field="category", value=category[:100]),),
            data={"categories": {key: list(below) for key, (_, _, below) in CATEGORIES.items()}},
        )
    return found


def named(table: dict[str, Words], text: str) -> str | None:
    """Key of the entry whose key or word a text is, or None."""
    return next((k for k, (zh, en) in table.items() if text in {k, zh} or text.lower() == en), None)
