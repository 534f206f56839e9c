"""Today's grids over the wire: a file or the edition in force reaches the use case, its answer is GeoJSON."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from spatial import planning
from spatial.planning.todays import Begun, Start
from tests.api.conftest import key

AREA = "141126100001"
URL = f"/v1/places/{AREA}/todays"


@pytest.fixture
def asked(monkeypatch):
    """What the use case was asked, the file's bytes read while it is there."""
    got = []
    mended = gpd.GeoDataFrame(
        {"kind": ["gap"], "m2": [12.5], "node": [3], "name": ["三"]},
        geometry=[shapely.box(110, 37, 110.001, 37.001)], crs=4326,
    )  # fmt: skip

    def start_from(_, area, path, **named):
        sent = None if path is None else (Path(path).name, Path(path).read_bytes())
        names = named["mapping"]
        got.append((area, sent, named["crs"], names and Path(names).read_text(encoding="utf-8")))
        return Start([Begun(AREA, "凤城社区", 7, 2, mended)], [])

    monkeypatch.setattr(planning, "start_from", start_from)
    monkeypatch.setattr(planning, "mended", lambda *_: mended)
    return got


def test_a_file_with_its_system_and_mapping_reaches_the_use_case(client, asked):
    answer = client.post(
        URL, files={"file": ("../../网格.zip", b"PK"), "mapping": ("m.toml", "[grids]")},
        data={"crs": "gcj02"}, headers=key("planner"),
    )  # fmt: skip
    assert answer.status_code == 201
    assert asked == [(AREA, ("网格.zip", b"PK"), "gcj02", "[grids]")]
    (plan,) = answer.json()["plans"]
    assert (plan["plan_id"], plan["mended"]["features"][0]["properties"]["m2"]) == (7, 12.5)
    assert client.get("/v1/plans/7/mended", headers=key("reader")).json()["features"][0]["properties"] == {
        "kind": "gap", "m2": 12.5, "node": 3, "name": "三",
    }  # fmt: skip


def test_the_edition_in_force_needs_no_file_and_one_of_the_two_is_asked(client, asked):
    assert client.post(URL, data={"edition": "current"}, headers=key("planner")).status_code == 201
    assert asked == [(AREA, None, None, None)]
    both = client.post(
        URL, data={"edition": "current"}, files={"file": ("a.gpkg", b"x")}, headers=key("planner")
    )
    assert [both.status_code, client.post(URL, headers=key("planner")).status_code] == [400, 400]
    assert both.json()["code"] == "file_or_edition"
    assert client.post(URL, data={"edition": "current"}, headers=key("reader")).status_code == 403
