"""The page of alternatives: a picture a plan, one table, both languages, names escaped."""

from __future__ import annotations

import re

import geopandas as gpd
import shapely

from maps.alternatives import Column, Compared, alternatives_page, picture


def grids(cut: float = 1.0) -> gpd.GeoDataFrame:
    """Two grids of level 1, the first of two of level 2, side by side."""
    boxes = [(0, 0, 0, 2), (1, 1, 0, cut), (1, 2, cut, 2), (2, 3, 0, cut / 2), (2, 4, cut / 2, cut)]
    return gpd.GeoDataFrame(
        {
            "level": [level for level, *_ in boxes], "short": ["", "1", "2", "1-01", "1-02"],
            "name": ["社区", "一<格>", "二格", "甲", "乙"], "households": [30, 20, 10, 8, 12],
        },
        geometry=[shapely.box(110 + west / 100, 37, 110 + east / 100, 37.01) for _, _, west, east in boxes],
        crs=4326,
    )  # fmt: skip


def compared() -> Compared:
    columns = [Column(3, "紧凑", "compact", grids()), Column(4, "沿地物", "along features", grids(0.5))]
    table = [("1 级 网格员", [("网格数", ["2", "2"]), ("紧凑度", ["0.5", ""])])]
    return Compared("141126100001", "凤城<社区>", True, columns, table, [(0, 1, [0.25, 0.5])])


def test_the_page_in_both_languages():
    zh, en = (alternatives_page(compared(), lang=lang, area="141126100001") for lang in ("zh", "en"))
    assert "备选方案比较" in zh
    assert "紧凑 与 沿地物" in zh
    assert "compact and along features" in en
    for page, other in ((zh, "lang=en"), (en, "lang=zh")):
        assert page.count('<svg class="plan"') == 2
        assert "25.0 %" in page
        assert "凤城&lt;社区&gt;" in page
        assert "/plan/3?lang=" in page
        assert f"plans=3%2C4&amp;{other}&amp;area=141126100001" in page
    assert "示例数据" in zh


def test_a_picture_draws_every_grid_and_names_those_of_level_1():
    drawn = picture(grids())
    assert drawn.count("<title>") == 4  # not the basic grid itself
    assert "一&lt;格&gt; · 20" in drawn
    assert re.findall(r"<text[^>]*>([^<]*)</text>", drawn) == ["1", "2"]
