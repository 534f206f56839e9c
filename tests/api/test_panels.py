"""Routes of the planner's panels, and the base map that an operator may name."""

import pytest

from api.basemap import basemap
from api.settings import Settings
from tests.api.conftest import ASKED, key

TILES = "https://t0.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"


def test_accepting_is_signed_by_who_asks_and_can_be_withdrawn(client):
    body = {"node": 3, "reason": "no_k"}
    answer = client.post("/v1/plans/1/acceptances", json=body, headers=key("planner"))
    assert (answer.status_code, answer.json()["node"]["id"]) == (201, 3)
    assert ASKED[-1] == ((1,), {"node": 3, "reason": "no_k", "who": "planner-1"})
    assert client.delete("/v1/plans/1/acceptances/3", headers=key("planner")).json()["flaws"] == []
    assert client.get("/v1/plans/1/posts", headers=key("reader")).json()["posts"][0]["holders"] == 0


def test_the_effect_of_edits_is_told_as_a_preview_is(client):
    answer = client.get("/v1/plans/1/effect?since=3", headers=key("reader")).json()
    assert ASKED[-1] == ((1,), {"since": 3})
    assert {"touched", "parents", "flaws_new", "flaws_gone", "lines"} <= answer.keys()


def test_a_reference_keeps_the_ending_of_its_name_and_nothing_of_its_folder(client):
    answer = client.post(
        "/v1/places/141126100001/references", files={"file": ("../../etc/老.geojson", b"{}")},
        data={"name": "老界线", "crs": ""}, headers=key("planner"),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["name"]) == (201, "老界线")
    (code, path), named = ASKED[-1]
    assert (code, path.name, named["crs"]) == ("141126100001", "老.geojson", None)
    assert not path.exists()
    assert client.delete("/v1/places/141126100/references/7", headers=key("planner")).status_code == 204
    large = {"file": ("x.geojson", bytes(9 * 1024 * 1024))}
    answer = client.post(
        "/v1/places/141126100001/references", files=large, data={"name": "x"}, headers=key("planner")
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_base_map_widens_the_policy_for_pictures_of_its_host_alone():
    found = basemap(Settings(basemap_url=TILES, basemap_crs="cgcs2000", basemap_key="a&b"))
    assert found.refused is None
    assert found.urls[0].endswith("tk=a%26b")
    assert "img-src 'self' https://t0.tianditu.gov.cn data: blob:;" in found.policy()
    assert found.policy().count("tianditu") == 1
    assert basemap(Settings()) is None


@pytest.mark.parametrize(
    ("url", "crs", "said"),
    [
        (TILES, "gcj02", "GCJ-02"),
        ("https://webrd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}", "wgs84", "GCJ-02"),
        (TILES, None, "WANGGE_BASEMAP_CRS"),
        ("javascript:alert(1)//{z}{x}{y}", "wgs84", "{z}"),
        ("https://a.example; script-src *//{z}/{x}/{y}", "wgs84", "{z}"),
        ("https://tiles.example/{z}/{x}.png", "wgs84", "{z}"),
    ],
)
def test_a_base_map_that_would_lie_is_refused_in_words(url, crs, said):
    found = basemap(Settings(basemap_url=url, basemap_crs=crs))
    assert said in found.refused["zh"]
    assert found.to_page()["urls"] == []
    assert found.policy().count("img-src 'self' data: blob:;") == 1
