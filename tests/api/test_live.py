"""Two planners at once: events over two server processes, presence, resuming, and interleaved edits."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from api import live as rim
from api.app import create_app
from api.live import Live
from api.settings import Settings
from spatial import planning
from spatial.store import keys
from spatial.store.engine import Store
from tests.store.community import save_plan


@pytest.fixture
def plan_id(real_store):
    with real_store.transaction() as tx:
        return save_plan(tx)[0]


@pytest.fixture
def other_store(database_url, real_store):  # noqa: ARG001
    """The same database from another process."""
    with Store.open(database_url) as store:
        yield store


def rename(store, plan_id, name, who="li"):
    rev = planning.plan(store, plan_id).rev
    action = {"kind": "tree", "op": "rename", "node": 1, "name": name}
    return planning.move(store, plan_id, base_rev=rev, action=action, who=who)


def read(text):
    """One event of a stream: its kind, its data, its id."""
    rows = dict(row.split(": ", 1) for row in text.strip().splitlines() if ": " in row)
    return rows.get("event"), json.loads(rows.get("data", "null")), rows.get("id")


def run(watching):
    """Run to its end in a thread of its own: a browser test before may have left a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, watching).result()


async def until(stream, wanted):
    """Read on to the first event that is wanted."""
    async with asyncio.timeout(20):
        async for text in stream:
            kind, data, number = read(text)
            if wanted(kind, data):
                return data, number
    raise AssertionError("the stream ended")


def test_moves_and_presence_go_from_process_to_process(real_store, other_store, plan_id):
    rename(real_store, plan_id, "甲")

    async def watch():
        here, there = Live(real_store), Live(other_store)
        li, wang = here.events(plan_id, "li", 0), there.events(plan_id, "wang", 1)
        data, number = await until(li, lambda kind, _: kind == "move")
        assert (data["rev"], data["who"], number) == (1, "li", "1")
        assert data["words"]["zh"].endswith("改名为 甲")
        await until(li, lambda kind, data: kind == "here" and data["who"] == ["li"])
        await until(wang, lambda kind, data: kind == "here" and data["who"] == ["li", "wang"])
        await until(li, lambda kind, data: kind == "here" and data["who"] == ["li", "wang"])
        await asyncio.to_thread(rename, real_store, plan_id, "乙", "li")
        data, number = await until(wang, lambda kind, _: kind == "move")
        assert (data["rev"], data["grids"], number) == (2, [1], "2")
        await wang.aclose()
        await until(li, lambda kind, data: kind == "here" and data["who"] == ["li"])
        again = there.events(plan_id, "wang", 0)  # a page that was away goes on from where it was
        assert [(await until(again, lambda kind, _: kind == "move"))[0]["rev"] for _ in range(2)] == [1, 2]
        await again.aclose()
        await li.aclose()

    run(watch())


def test_a_heartbeat_keeps_the_stream_and_who_is_silent_has_left(real_store, plan_id, monkeypatch):
    monkeypatch.setattr(rim, "BEAT_S", 0.1)
    monkeypatch.setattr(rim, "GONE_S", 0.5)

    async def watch():
        live = Live(real_store)
        stream = live.events(plan_id, "li", 0)
        await until(stream, lambda kind, data: kind == "here" and data["who"] == ["li"])
        gone = {"plan": plan_id, "seat": "x", "who": "wang", "here": True, "new": False}
        await asyncio.to_thread(rim._told, real_store, gone)
        await until(stream, lambda kind, data: kind == "here" and data["who"] == ["li", "wang"])
        await until(stream, lambda kind, data: kind == "here" and data["who"] == ["li"])
        assert await anext(stream) == ": \n\n"
        await stream.aclose()

    run(watch())


def test_two_clients_interleave(real_store, plan_id):
    client = TestClient(create_app(real_store, Settings(public_lookup=False)))
    with real_store.transaction() as tx:
        made = {who: keys.add_key(tx, who, "planner") for who in ("li", "wang")}

    def act(who, base_rev, **action):
        body = {"base_rev": base_rev, "action": {"kind": "tree"} | action}
        header = {"Authorization": f"Bearer {made[who]}"}
        return client.post(f"/v1/plans/{plan_id}/moves", json=body, headers=header)

    assert act("li", 0, op="rename", node=1, name="甲").json()["rev"] == 1
    assert act("wang", 0, op="rename", node=2, name="乙").json()["rev"] == 2  # elsewhere: goes through
    stale = act("wang", 0, op="rename", node=1, name="丙")
    assert stale.status_code == 409
    (change,) = stale.json()["data"]["changes"]
    assert (change["rev"], change["who"], change["nodes"]) == (1, "li", [1])
    assert act("wang", 2, op="rename", node=1, name="丙").json()["rev"] == 3
    rows = client.get(f"/v1/plans/{plan_id}/moves", headers={"Authorization": f"Bearer {made['li']}"}).json()
    assert [(row["rev"], row["who"], row["undone"]) for row in rows["moves"]] == [
        (1, "li", False), (2, "wang", False), (3, "wang", False),
    ]  # fmt: skip
