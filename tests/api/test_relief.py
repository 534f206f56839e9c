"""The picture of the relief and where it lies, over the wire."""

from __future__ import annotations

import pytest

from spatial import planning, relief
from tests.api.conftest import key
from tests.planning import drawn
from tests.planning.test_terrain import raster


def test_the_picture_is_sent_once(client):
    first = client.get("/v1/relief/141126100.png", headers=key("reader"))
    assert (first.status_code, first.headers["content-type"]) == (200, "image/png")
    assert first.content.startswith(b"\x89PNG")
    assert "max-age" in first.headers["cache-control"]
    tag = {"If-None-Match": first.headers["etag"]}
    again = client.get("/v1/relief/141126100.png", headers=key("reader") | tag)
    assert (again.status_code, again.content) == (304, b"")


def test_where_it_lies(client):
    found = client.get("/v1/relief/141126100001", headers=key("reader")).json()
    assert found == {
        "url": "/v1/relief/141126100001.png", "west": 110.7, "south": 36.9, "east": 111.0, "north": 37.1,
    }  # fmt: skip


def test_a_town_without_terrain_says_so(client, fakes):
    fakes(relief, relief=lambda *_: None)
    answer = client.get("/v1/relief/141126100.png", headers=key("reader"))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_terrain")


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_the_use_case_draws_a_town_and_a_basic_grid_of_it(store, tmp_path):
    place = drawn.drawn(drawn.community(), drawn.village().shifted(0, 300)).write(tmp_path)
    planning.import_place(store, place)
    assert relief.relief(store, drawn.TOWN) is None
    raster(place, (-3_000, -3_000, 5_000, 5_000))
    planning.import_place(store, place)
    town, part = relief.relief(store, drawn.TOWN), relief.relief(store, drawn.COMMUNITY)
    assert town.png.startswith(b"\x89PNG")
    assert town.west <= part.west < part.east < town.east
    assert town.north > part.north
    assert relief.relief(store, drawn.TOWN) is town, "drawn once"
