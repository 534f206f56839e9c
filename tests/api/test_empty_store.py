# ruff: noqa: E501
"""The real use cases on a real, empty database, through the routes."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from spatial.store import keys


@pytest.fixture
def get(store):
    """Ask as an administrator."""
    with store.transaction() as tx:
        header = {"Authorization": f"Bearer {keys.add_key(tx, 'test', 'admin')}"}
    client = TestClient(create_app(store, Settings()), follow_redirects=False)
    return lambda path: client.get(path, headers=header)


def test_what_an_empty_database_answers(get):
    assert get("/healthz").json()["status"] == "ok"
    for path, name in (("/v1/places", "places"), ("/v1/plans", "plans"), ("/v1/editions", "editions")):
        assert get(path).json() == {name: []}
    assert get("/v1/grids").json() == {"type": "FeatureCollection", "features": []}
    located = get("/v1/locate?lon=110.8&lat=37&crs=gcj02").json()
    assert located == {"status": "outside", "crs": "gcj02", "edition": None, "matches": []}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/places/141126100001", 404, "no_such_place"), ("/v1/plans/1", 404, None),
        ("/v1/plans/1/grids", 404, None), ("/v1/editions/1", 404, None), ("/v1/editions/1/crosswalk", 404, None),
        ("/v1/grids/141126100001", 404, "no_grid"), ("/maps/town", 404, None), ("/plan/1", 404, None),
        ("/maps/grid/141126100001", 404, None),
        ("/v1/locate?lon=37&lat=110.8&crs=wgs84", 400, "bad_input"),
        ("/v1/locate?lon=110.8&lat=37&crs=EPSG:1", 400, "unknown_crs"),
    ],
)  # fmt: skip
def test_what_is_not_there(get, path, status, code):
    answer = get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (
        answer.text
    )
    assert code in {None, answer.json()["code"]}
