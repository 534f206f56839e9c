"""The overview's page and its pictures."""

from __future__ import annotations

import re
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from maps import pictures
from maps.overview import overview_page, scale
from tests.maps import figures

SAY = "{}-{}: {}".format


def bars(svg):
    """Fill and words of each bar of a histogram."""
    return re.findall(r'fill="([^"]+)"><title>([^<]+)</title>', svg)


def counted(svg, kind=""):
    return sum(int(text.split(": ")[1]) for fill, text in bars(svg) if kind in fill)


@pytest.mark.parametrize(
    ("sizes", "low", "high", "under", "over"),
    [
        ([9, 10, 10, 15, 20, 21, 30], 10, 20, 1, 2),
        ([299, 300, 407, 499, 500, 501, 650], 300, 500, 1, 2),
        ([40, 50, 99, 100, 101], 50, 100, 1, 1),
        ([20] * 900, 10, 20, 0, 0),
    ],
)
def test_every_grid_is_in_one_bar_and_the_band_s_ends_belong_to_it(sizes, low, high, under, over):
    svg = pictures.histogram(sizes, low, high, SAY)
    assert counted(svg) == len(sizes)
    assert (counted(svg, "under"), counted(svg, "over")) == (under, over)


def test_without_a_band_no_bar_is_out_of_it():
    svg = pictures.histogram([62, 84, 105], None, None, SAY)
    assert counted(svg) == 3
    assert not {"url(#hatch-under)", "url(#hatch-over)"} & {fill for fill, _ in bars(svg)}
    assert pictures.histogram([], None, None, SAY) == ""


def test_a_part_short_of_the_whole_shows():
    def full(svg):
        return float(re.findall(r'<rect width="([\d.]+)"', svg)[1])

    assert full(pictures.share(7, 7)) == 64.0
    assert full(pictures.share(1112, 1113)) <= 61.0


def test_classes_of_counts_hold_every_value():
    for most in (1, 4, 9, 37, 1_800, 123_456):
        classes, labels = scale("households", [0, 1, most, None])
        assert (classes[0], classes[1], classes[3]) == (0, 1, -1)
        assert 1 <= classes[2] <= 4
        assert len(labels) == 5


@pytest.fixture(params=["zh", "en"])
def lang(request):
    return request.param


def test_the_page_says_what_was_wanted_beside_what_is(lang):
    page = overview_page(figures.overview(), lang=lang)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert ("示例数据" if lang == "zh" else "Sample data") in text
    assert ("与目标一致" if lang == "zh" else "as wanted") in text, "3 level-1 grids of 3"
    assert "−2" in text, "53 level-3 grids of 55"
    assert ("未发布" if lang == "zh" else "not published") in text
    assert ("单元过大 2" if lang == "zh" else "one lump too big 2") in text
    assert f"lang={'en' if lang == 'zh' else 'zh'}" in page, "one switch"


def test_each_language_stands_alone():
    page = overview_page(figures.overview(), lang="en")
    chinese = {"灵泉镇", "凤城社区", "东关社区", "前山村", "后沟村", "中文"}
    rest = re.sub("|".join(chinese), "", re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL))
    assert re.findall(r"[\u4e00-\u9fff]+", rest) == [], "names alone are Chinese on the English page"


def test_names_are_escaped_and_nothing_is_inline():
    page = overview_page(figures.overview(name="<img src=x onerror=alert(1)>"), area="141126100")
    assert "<img" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert "http" not in page


def test_links_keep_what_was_asked_for():
    page = overview_page(figures.overview(), lang="zh", area="141126100")
    assert "/maps/overview?lang=en&amp;area=141126100" in page
    assert "/maps/overview?lang=zh&amp;download=xlsx&amp;area=141126100" in page
    assert "/maps/town?lang=zh&amp;area=141126100001" in page


def test_a_town_without_a_name_is_called_by_its_code():
    page = overview_page(replace(figures.overview(), name=""), lang="zh")
    assert "<h1>141126100 网格概况</h1>" in page


def test_derived_households_are_marked_and_are_not_registered_ones():
    found = figures.overview()
    first = found.areas[0]
    level = first.levels[0]
    changed = replace(first, derived=level.households)
    page = overview_page(replace(found, areas=(changed, *found.areas[1:])), lang="zh")
    assert page.count('class="derived"') == 1
    assert "并非登记数" in page
    assert 'class="derived"' not in overview_page(found, lang="zh")


def test_several_towns_can_be_chosen_from():
    towns = (("141126100", "灵泉镇"), ("141126200", "141126200"))
    page = overview_page(figures.overview(), towns=towns)
    assert '<option value="141126100" selected>灵泉镇' in page
    assert '<select id="town"' not in overview_page(figures.overview(), towns=towns[:1])


def test_names_on_the_small_map_do_not_lie_over_one_another():
    rows = [
        {"code": f"{n}", "geometry": shapely.box(110.8 + n * 0.01, 37.0, 110.81 + n * 0.01, 37.03)}
        for n in range(4)
    ]
    names = {row["code"]: f"第{row['code']}个很长的社区" for row in rows}
    drawn = pictures.locator(
        gpd.GeoDataFrame(rows, crs=4326), names, {"households": dict.fromkeys(names, 1)}, "households",
        longest=160.0,
    )  # fmt: skip
    texts = re.findall(r'<text x="(-?\d+)" y="(-?\d+)"[^>]*>([^<]+)</text>', drawn)
    assert [name for *_, name in texts] == list(names.values())
    at = [(int(x), int(y)) for x, y, _ in texts]
    wide = 11 * len(names["0"])
    assert all(abs(x - a) >= wide or abs(y - b) >= 12 for i, (x, y) in enumerate(at) for a, b in at[:i])
