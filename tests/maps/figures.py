"""Made-up figures of a small town for the overview's tests."""

import datetime as dt

import geopandas as gpd
from shapely.geometry import box

from spatial.duty.figures import Duty, Figures, LevelFigures, Overview

BANDS = {"community": [(300, 500), (50, 100), (10, 20)], "village": [(None, None), (10, 20)]}


def level(n, division, sizes, *, wanted=None, held=None, dedicated=0, reasons=None):
    low, high = BANDS[division][n - 1] if n else (None, None)
    sizes = tuple(sorted(sizes))
    banded = len(sizes) if low is not None else 0
    inside = sum(low <= size <= high for size in sizes) if low is not None else 0
    total = len(sizes) + dedicated
    return LevelFigures(
        n, "网格员", "grid member", low, high, wanted, total, dedicated, sum(sizes), sum(sizes) + 9, sizes,
        float(sizes[len(sizes) // 2]) if sizes else None, banded, inside,
        reasons or ({} if banded == inside else {"lump": banded - inside}), total,
        total if held is None else held,
    )  # fmt: skip


def community(code, name, *, third, duty=None):
    levels = [[sum(third)], [sum(third)], [sum(third) // 2] * 2, third]
    made = tuple(
        level(n, "community", sizes, wanted=len(sizes) if n else None) for n, sizes in enumerate(levels)
    )
    return Figures(code, name, "community", 1, made, duty or Duty())


def overview(*, name="凤城社区（示例）"):
    """Two communities (one out of band), a village with a vacant post, one that is not published."""
    one = community("141126100001", name, third=[9, 15, 16, 20, 25, *[17] * 17], duty=Duty(2, 10, 9, 6))
    two = community("141126100002", "东关社区", third=[10] * 31, duty=Duty(0, 4, 3, 2))
    village = Figures(
        "141126100201", "前山村", "village", 1,
        (level(0, "village", [90]), level(1, "village", [30, 30, 30]), level(2, "village", [15] * 6, held=5)),
        Duty(1, 0, 0, 0, 2, 7),
    )  # fmt: skip
    silent = Figures("141126100202", "后沟村", "village", 1, (), Duty())
    both = [s for c in (one, two) for s in c.levels[3].sizes]
    urban = [level(0, "community", [367, 310]), level(1, "community", [367, 310], wanted=3, dedicated=1)]
    urban.append(level(3, "community", both, wanted=55))
    divisions = (
        Figures(None, "", "community", 2, tuple(urban), Duty(2, 14, 12, 8)),
        Figures(None, "", "village", 2, village.levels, village.duty),
    )
    areas = (one, two, village, silent)
    boxes = [box(110.80 + i * 0.02, 37.0, 110.82 + i * 0.02, 37.02) for i in range(4)]
    outlines = gpd.GeoDataFrame({"code": [a.code for a in areas]}, geometry=boxes, crs=4326)
    return Overview(
        "141126100",
        "灵泉镇",
        True,
        dt.date(2026, 11, 23),
        3,
        divisions,
        areas,
        Duty(3, 14, 12, 8, 2, 7),
        outlines,
    )
