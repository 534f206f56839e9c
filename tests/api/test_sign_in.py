"""Keys, sign-in links and sessions on the real store."""

import datetime as dt

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.security import COOKIE
from api.settings import Settings
from spatial.store import keys

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def client(store):
    return TestClient(create_app(store, Settings()), follow_redirects=False)


def test_a_key_works_until_it_is_revoked(client, store):
    with store.transaction() as tx:
        made = keys.add_key(tx, "gis", "admin")
    header = {"Authorization": f"Bearer {made}"}
    assert client.post("/sign-out", headers=header).status_code == 303
    assert client.post("/sign-out", headers={"Authorization": f"bearer {made[:-1]}"}).status_code == 401
    with store.transaction() as tx:
        keys.revoke_key(tx, keys.list_keys(tx)[-1].id)
    assert client.post("/sign-out", headers=header).status_code == 401


def test_a_link_signs_in_once_and_the_session_ends(client, store):
    with store.transaction() as tx:
        token = keys.new_token(tx, "somebody", "reader", HOUR)
    assert client.get("/sign-in", params={"token": token}).status_code == 303
    cookie = client.cookies[COOKIE]
    assert client.get("/sign-in", params={"token": token}).status_code == 401
    assert client.post("/sign-out").json()["code"] == "cross_site"
    assert client.post("/sign-out", headers={"X-Wangge": "1"}).status_code == 303
    client.cookies.set(COOKIE, cookie)
    assert client.post("/sign-out", headers={"X-Wangge": "1"}).status_code == 401


def test_a_link_that_is_too_old(client, store):
    with store.transaction() as tx:
        token = keys.new_token(tx, "somebody", "reader", -HOUR)
    assert client.get("/sign-in", params={"token": token}).json()["code"] == "sign_in_link_used"


def test_nonsense_in_place_of_secrets(client):
    for nonsense in ("", "x" * 5000, "'; DROP TABLE session; --", "\x00", "密钥"):
        assert client.get("/sign-in", params={"token": nonsense}).status_code == 401
    client.cookies.set(COOKIE, "nonsense")
    assert client.post("/sign-out", headers={"X-Wangge": "1"}).json()["code"] == "not_signed_in"
