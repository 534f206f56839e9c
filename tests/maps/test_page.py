"""The folium pages: nothing of the data becomes HTML, nothing comes from outside, one file is one file."""

import json
import re

import folium
import folium.plugins
import numpy as np
import pytest
import shapely
from branca.element import Figure

from maps import assets
from maps.duty import danger_areas, duty_values
from maps.layers import GRID_COLUMNS, collection, grid_collections, label_points
from maps.packing import pack
from maps.page import Extras, grid_page, plan_page, town_page
from maps.style import BANDS, ROADS, style_table
from spatial.duty.figures import Signpost
from tests.maps.frames import AREA, duty, relief, town

NASTY = "</script><img src=x onerror=alert(1)>`${alert(1)}`<!--\u2028&'\""


@pytest.fixture(scope="module", autouse=True)
def vendor():
    """The web parts are there."""
    if not (assets.STATIC / "vendor" / "leaflet.js").is_file():
        pytest.fail("the web parts are missing: run script/web")


def test_names_with_script_stay_text():
    page = town_page(town(name=NASTY), title=NASTY)
    assert "<img" not in page
    assert "</script><" not in page.replace("</script></body>", "")
    harmless = page.replace("\\u003cimg src=x onerror=alert", "").replace("&lt;img src=x onerror=alert", "")
    assert "onerror=alert" not in harmless
    assert "\u2028" not in page.partition("</title>")[2]
    assert "<!--" not in page.partition("</title>")[2]


def test_backticks_stand_only_in_json_strings():
    page = town_page(town(name=NASTY), title="t")
    body = page.partition("</head>")[2]
    for at in (found.start() for found in re.finditer(r"\$\{alert", body)):
        line = body[body.rfind("\n", 0, at) : body.find("\n", at)]
        assert re.search(r'"[^"]*\$\{alert\(1\)\}`[^"]*"', line), "a name stands outside a JSON string"


@pytest.mark.parametrize("inline", [False, True])
def test_no_address_outside(inline):
    page = town_page(town(), title="灵泉镇", inline=inline)
    own = page.partition("<body>")[2] if inline else page
    tags = re.findall(r"<(?:script|link|img|iframe|a)\b[^>]*>", own)
    assert not [tag for tag in tags if re.search(r"""(?:src|href)=["']?(?:https?:)?//""", tag)]
    assert not re.search(r"cdn\.|jsdelivr|cdnjs|unpkg|googleapis|bootstrapcdn|code\.jquery", page)


def test_links_of_the_page_exist():
    links = re.findall(r'(?:src|href)="(/static/[^"]+)"', town_page(town(), title="t"))
    assert len(links) >= 8
    assert [link for link in links if not assets.path_of(link).is_file()] == []


def test_one_file_names_no_other():
    page = town_page(town(), title="t", inline=True)
    assert "/static/" not in page
    assert not re.search(r"url\((?!data:|#|%23|['\"]?data:|['\"]?#|\"\+|'\+)[^)]*\.(?:png|gif|svg|css)", page)


def test_one_file_without_the_web_parts_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    with pytest.raises(assets.MissingAsset, match="run script/web"):
        town_page(town(), title="t", inline=True)


def test_unmapped_asset_fails():
    figure = Figure()
    folium.Map(tiles=None).add_to(figure)
    drawn = folium.plugins.Draw()
    next(iter(figure._children.values())).add_child(drawn)
    with pytest.raises(assets.UnmappedAsset) as caught:
        assets.localise(figure)
    assert caught.value.url.startswith("https://")


def test_localise_touches_no_class():
    before = list(folium.Map.default_js)
    town_page(town(), title="t")
    assert folium.Map.default_js == before


def test_same_frames_same_page():
    assert town_page(town(), title="t") == town_page(town(), title="t")


def test_grid_page_is_named_after_its_grid():
    page = grid_page(town(), f"{AREA}00102")
    assert "<title>凤城社区第2组</title>" in page
    with pytest.raises(KeyError):
        grid_page(town(), "999")


def test_only_grids_are_needed():
    assert "grids3" in town_page({"grids": town()["grids"]}, title="t")


def test_empty_town_still_draws():
    layers = {name: frame.iloc[:0] for name, frame in town().items()}
    assert "Wangge.town" in town_page(layers, title="t")


def test_missing_column_is_named():
    layers = town()
    layers["grids"] = layers["grids"].drop(columns="short")
    with pytest.raises(KeyError, match="short"):
        town_page(layers, title="t")


def test_codes_stay_text_and_dates_iso():
    grids = grid_collections(town()["grids"])
    found = grids[3]["features"][0]["properties"]
    assert isinstance(found["code"], str)
    assert len(found["code"]) == 19
    assert found["valid_from"] == "2026-01-01"
    assert found["stairwell"] is None
    assert set(found) == {*GRID_COLUMNS, "state", "leaf", "at"}


def test_states_by_band():
    found = [feature["properties"] for feature in grid_collections(town()["grids"])[3]["features"]]
    states = {values["short"]: values["state"] for values in found}
    assert states["1-01-01"] == "in_band"
    assert states["1-01-02"] == "under"
    assert states["1-01-03"] == "over"


def test_label_lies_in_the_largest_part():
    ring = shapely.Point(0, 0).buffer(2).difference(shapely.Point(0, 0).buffer(1.5))
    shapes = [shapely.MultiPolygon([shapely.box(9, 9, 9.1, 9.1), ring]), shapely.box(0, 0, 2, 2)]
    points = label_points(shapely.from_wkb(shapely.to_wkb(shapes)))
    assert shapely.contains_xy(ring, *points[0])
    assert points[1].tolist() == [1, 1]


def test_rows_without_geometry_are_left_out():
    frame = town()["buildings"].copy()
    frame.loc[0, "geometry"] = None
    assert len(collection(frame, ("bid",))["features"]) == len(frame) - 1


def test_plan_page_has_no_inline_script():
    page = plan_page(7, lang="en")
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", page, re.DOTALL)
    assert all("application/json" in attributes for attributes, code in scripts if code.strip())
    assert not re.search(r"<[^>]+\son\w+=|<style|style=", page)
    config = json.loads(re.search(r'id="config">(.*?)</script>', page, re.DOTALL).group(1))
    assert config["plan"] == 7
    assert config["style"]["bands"] == style_table()["bands"]


def test_three_cues_differ():
    under, over = BANDS["under"], BANDS["over"]
    assert under.fill != over.fill
    assert under.hatch == -over.hatch
    assert {under.mark, over.mark} == {"▼", "▲"}
    assert ROADS[-1].classes == ()


GLYPHS = re.compile(r"[\x00-\x7e\u3000-\u303f\u3400-\u9fff\uff00-\uffef·×–—…›−▲▼²≥→’“”⇧✓]*")
"""Characters that Noto Sans CJK has: a Debian without an emoji font draws all of them."""


def test_every_glyph_is_in_the_chinese_font():
    folder = assets.WEB.parent
    sources = [p for s in ("*.py", "web/**/*.js", "web/**/*.css", "templates/*.html") for p in folder.glob(s)]
    assert len(sources) > 15
    for path in sources:
        text = path.read_text(encoding="utf-8")
        end = GLYPHS.match(text).end()
        assert end == len(text), f"{path.name}: {text[end]!r} is in no font of a plain Debian"


def test_packed_shapes_unpack_to_the_same_within_a_unit():
    buildings = town()["buildings"]
    packed = pack(buildings, ("bid",))
    assert packed["area"]
    assert packed["columns"]["bid"] == buildings["bid"].tolist()
    for shape, rings in zip(buildings.geometry, packed["rings"], strict=True):
        back = np.cumsum(np.reshape(rings[0], (-1, 2)), axis=0) / packed["units"]
        assert np.abs(back - shapely.get_coordinates(shape)).max() <= 0.5 / packed["units"] + 1e-12
    lines = pack(town()["features"].query("layer == 'roads'"), ("class",))
    assert (lines["area"], lines["columns"]) == (False, {"class": ["primary"]})
    assert pack(buildings.iloc[:0], ("bid",))["rings"] == []


def test_duty_hides_what_cases_tell_unless_told():
    quiet, told = duty_values(duty()), duty_values(duty(), told=True)
    assert "description" not in quiet["cases"]
    assert told["cases"]["description"][0] == "示例 0"
    assert quiet["cases"]["day"][:3] == ["2026-01-05", "2026-01-05", "2026-01-12"]
    assert quiet["cases"]["closed"][:2] == [False, True]
    assert quiet["posts"][AREA] == [["grid_chief", "王*", "138****1234", "part"]]


def test_danger_areas_are_only_those_drawn():
    found = danger_areas(duty()["hazards"])["features"]
    assert [feature["properties"]["id"] for feature in found] == [1]


def test_a_missing_column_of_the_duty_is_named():
    frames = duty()
    frames["staff"] = frames["staff"].drop(columns="holder")
    with pytest.raises(KeyError, match="holder"):
        duty_values(frames)


@pytest.mark.parametrize("inline", [False, True])
def test_relief_is_linked_or_in_the_file(inline):
    extras = Extras(relief=relief(), relief_url="/v1/relief/141126100.png")
    page = town_page(town(), title="t", inline=inline, extras=extras)
    assert ("/v1/relief/" in page) != inline
    assert ("data:image/png;base64,iVBOR" in page.partition("</head>")[2]) == inline


def test_bounds_go_along_where_a_frame_has_them():
    grids = town()["grids"]
    assert "bounds" not in grid_collections(grids)[3]["features"][0]["properties"]
    grids["bounds"] = [{"zh": {"east": "屈产河"}, "en": {"east": "Quchan"}}] * len(grids)
    found = grid_collections(grids)[3]["features"][0]["properties"]["bounds"]
    assert found["zh"]["east"] == "屈产河"


@pytest.mark.parametrize("name", ["{{ 6 * 7 }}", "{% raw %}", "{% endraw %}{{ 6 * 7 }}", "{#", "@@title@@"])
def test_names_are_never_run_as_templates(name):
    layers = town(name=name)
    layers["buildings"]["name"] = layers["features"]["name"] = name
    frames = duty()
    frames["cases"]["description"] = frames["hazards"]["name"] = name
    page = town_page(layers, title=name, extras=Extras(duty=frames, told=True))
    assert f"<title>{name} 网格图</title>" in page
    assert "42" not in page.partition("</title>")[0]
    for value in (f'"name":"{name}"', f'"description":["{name}"', f'"title":"{name}"'):
        assert value in page


def test_a_town_without_grids_is_shown_by_its_outlines_and_says_what_is_next():
    layers = town()
    areas = layers["grids"].query("level == 0")[["code", "name", "geometry"]]
    layers |= {"grids": layers["grids"].iloc[:0], "areas": areas}
    towns = (("141126100", "灵泉镇"), ("141126200", "141126200"))
    sign = Signpost("141126100", towns, (AREA,), 2, ((7, AREA),))
    page = town_page(layers, title="t", extras=Extras(sign=sign))
    west, south, east, north = areas.total_bounds
    lat, lon = (float(n) for n in re.search(r"center: \[([\d.]+), ([\d.]+)\]", page).groups())
    assert west < lon < east
    assert south < lat < north
    assert '"disputes":2,"all":true,"plans":[[7,' in page
    assert '"towns":[["141126100",' in page
    inline = town_page(layers, title="t", inline=True, extras=Extras(sign=sign))
    assert '"towns":[]' in inline, "a file to take away leads nowhere"
