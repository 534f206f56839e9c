"""Jobs over the wire: what is passed on, what comes back, and a stream from another process."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.live import Live
from spatial import jobs, planning
from spatial.store import jobs as stored
from tests.api.conftest import ASKED, key
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY

BODY = {"kind": "propose", "area": "141126100001", "seed": 7, "staff": {"liaison": 55}}


def test_what_is_asked_is_written_down_and_answered(client):
    answer = client.post("/v1/jobs", json=BODY, headers=key("planner"))
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert ASKED[-1] == (("propose", "141126100001", BODY), {"who": "planner-1"})
    found = client.get("/v1/jobs/5?lang=en", headers=key("planner")).json()
    assert (found["error"]["code"], found["error"]["status"], found["error"]["detail"]) == (
        "targets",
        409,
        "no",
    )
    assert found["error"]["data"] == {"nearest": 3}
    assert "cells" not in found["asked"]
    assert client.get("/v1/jobs", headers=key("planner")).json()["jobs"][0]["place"] == "凤城社区"
    assert client.post("/v1/jobs/5/cancel", headers=key("planner")).json()["stopping"] is True
    assert client.post("/v1/jobs", json=BODY, headers=key("inspector")).status_code == 403


@pytest.mark.parametrize(
    "more", [{"alternatives": 3}, {"targets": {"community": [4, None, None]}}, {"kind": "paint"}]
)
def test_two_ways_at_once_are_refused(client, more):
    answer = client.post("/v1/jobs", json=BODY | more, headers=key("planner"))
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


def test_the_stream_tells_progress_and_ends_with_the_job(real_store, tmp_path):
    planning.import_place(real_store, drawn.drawn(drawn.community(halves=1)).write(tmp_path))
    job_id = jobs.ask(real_store, "propose", COMMUNITY, {}, who="li").row.id

    def read():
        row = jobs.job(real_store, job_id).row
        return json.dumps([row.state, row.done]), row.state == "done"

    def work(_, __, progress):
        progress("划分", "dividing", 3, 4)
        return {"plans": []}

    async def watching():
        told = []
        live = Live(real_store)
        async with asyncio.timeout(20):
            async for text in live.watch(job_id, read):
                if text.startswith("["):
                    told.append(json.loads(text))
                    if len(told) == 1:
                        asyncio.get_running_loop().run_in_executor(
                            None, jobs.perform, real_store, job_id, work
                        )
        live.close()
        return told

    with ThreadPoolExecutor(1) as thread:
        told = thread.submit(asyncio.run, watching()).result()
    assert (told[0], told[-1]) == (["waiting", 0], ["done", 4])
    with real_store.transaction() as tx:
        assert stored.get(tx, job_id).result == {"plans": []}
