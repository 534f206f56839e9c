"""The figures of a score card in words, in the order in which people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Form = Literal["number", "percent", "metres", "kilometres", "ratio", "minutes"]


class Words(NamedTuple):
    """A figure's name in both languages, and how it is written."""

    zh: str
    en: str
    form: Form


FIGURES: dict[str, Words] = {
    "grids": Words("网格数", "grids", "number"),
    "in_band": Words("户数在区间内的网格", "grids in band", "percent"),
    "in_band_strict": Words("同上，不豁免不可再分的单元", "the same, no lump excused", "percent"),
    "households_in_band": Words("在区间内网格的户数", "households in such grids", "percent"),
    "followed": Words("内部边界沿地物（按强度加权）", "inner border on features, by strength", "percent"),
    "offered": Words("地面所能提供的", "what the ground offers", "percent"),
    "followed_relative": Words("沿地物与地面所能提供之比", "followed over offered", "ratio"),
    "border_km": Words("内部边界长度", "inner border", "kilometres"),
    "polsby_popper": Words("紧凑度（Polsby-Popper）平均", "Polsby-Popper, mean", "ratio"),
    "polsby_popper_weighted": Words("紧凑度按面积加权", "Polsby-Popper by area", "ratio"),
    "scattered": Words("不连片的网格", "grids of several parts", "number"),
    "load.p10": Words("每格户数，第 10 百分位", "households a grid, p10", "number"),
    "load.p50": Words("每格户数，中位数", "households a grid, median", "number"),
    "load.p90": Words("每格户数，第 90 百分位", "households a grid, p90", "number"),
    "load.gini": Words("户数基尼系数", "Gini of households", "ratio"),
    "load.cv": Words("户数变异系数", "coefficient of variation", "ratio"),
    "burden.p50": Words("每格负荷，中位数", "load a grid, median", "ratio"),
    "burden.p90": Words("每格负荷，第 90 百分位", "load a grid, p90", "ratio"),
    "burden.gini": Words("负荷基尼系数", "Gini of the load", "ratio"),
    "burden.cv": Words("负荷变异系数", "coefficient of variation of the load", "ratio"),
    "walk.p50_m": Words("到网格中心步行，中位数", "walk to the grid's middle, median", "metres"),
    "walk.p95_m": Words("到网格中心步行，第 95 百分位", "walk to the grid's middle, p95", "metres"),
    "walk.p50_s": Words("同上，沿路步行时间，中位数", "the same by paths and slopes, median", "minutes"),
    "walk.p95_s": Words("同上，第 95 百分位", "the same by paths and slopes, p95", "minutes"),
    "walk.cut_off": Words("格内走不到中心的户数", "households cut off from the middle", "number"),
    "zones.areas": Words("功能区", "functional zones", "number"),
    "zones.cut": Words("被切开的功能区", "zones cut", "number"),
    "estates.areas": Words("习惯片区", "habit areas", "number"),
    "estates.cut": Words("被切开的习惯片区", "habit areas cut", "number"),
    "change.households": Words("与现行版本相比的户数", "households compared with the edition", "number"),
    "change.moved": Words("其中换网格的户数", "of these in another grid", "number"),
}
"""Path of the figure in a level of the card -> its words."""


def figure(level: Mapping[str, Any], path: str) -> str | None:
    """Write one figure of a level of a card; None where the plan has none.

    Examples
    --------
    >>> figure({"in_band": 0.985}, "in_band"), figure({"load": None}, "load.gini")
    ('98.5 %', None)
    """
    value: Any = level
    for name in path.split("."):
        value = None if value is None else value[name]
    if value is None:
        return None
    match FIGURES[path].form:
        case "percent":
            return f"{100 * value:.1f} %"
        case "metres":
            return f"{value:.0f} m"
        case "kilometres":
            return f"{value:.2f} km"
        case "minutes":
            return f"{value / 60:.1f} min"
        case "ratio":
            return f"{value:.3f}"
        case _:
            return f"{value:g}"
