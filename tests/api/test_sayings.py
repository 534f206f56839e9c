"""Reasons over the wire: a GeoJSON feature in, a collection out; a planner's right."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pytest
import shapely

from spatial.planning import sayings
from tests.api.conftest import key

URL = "/v1/places/141126100001/sayings"
LINE = {"type": "LineString", "coordinates": [[110.84, 37.0], [110.85, 37.0]]}


@pytest.fixture
def asked(monkeypatch):
    """What the use cases were asked."""
    got = []
    frame = gpd.GeoDataFrame(
        {"id": [5], "place": ["141126100001"], "kind": ["barrier"], "class": ["wall"], "name": ["围墙"],
         "note": [None], "who": ["li"], "at": [dt.datetime(2026, 12, 1, tzinfo=dt.UTC)]},
        geometry=[shapely.LineString(LINE["coordinates"])], crs=4326,
    )  # fmt: skip
    monkeypatch.setattr(sayings, "said_of", lambda *_: frame)
    monkeypatch.setattr(sayings, "say", lambda *a, **k: got.append((*a[1:], k)) or sayings.Said(5, LINE))
    monkeypatch.setattr(sayings, "unsay", lambda *a: got.append(a[1:]))
    return got


def test_a_reason_is_said_listed_and_taken_back(client, asked):
    body = {"geometry": LINE, "properties": {"kind": "barrier", "class": "wall", "name": "围墙"}}
    answer = client.post(URL, json=body, headers=key("planner"))
    assert (answer.status_code, answer.json()) == (201, {"id": 5, "open": LINE})
    assert asked[0][2] == {"kind": "barrier", "class": "wall", "name": "围墙", "note": None}
    listed = client.get(URL, headers=key("reader")).json()["features"][0]["properties"]
    assert (listed["kind"], listed["who"], listed["at"][:10]) == ("barrier", "li", "2026-12-01")
    assert client.delete(f"{URL}/5", headers=key("planner")).status_code == 204
    assert asked[1] == ("141126100001", 5)


def test_what_is_none_and_who_may_not(client, asked):
    bad = {"geometry": LINE, "properties": {"kind": "dragon"}}
    assert client.post(URL, json=bad, headers=key("planner")).status_code == 422
    good = {"geometry": LINE, "properties": {"kind": "no_border"}}
    assert client.post(URL, json=good, headers=key("reader")).status_code == 403
    assert asked == []
