"""Jobs in one process: what they make and how they end, kept together or not at all."""

import pytest

from api import jobbing
from spatial import jobs, planning
from spatial.errors import NotFound
from spatial.store import jobs as stored
from spatial.store import queue
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWN
from tests.planning.ledger import counts


@pytest.fixture
def town(real_store, tmp_path):
    """A store with half a community and a village, imported."""
    planning.import_place(
        real_store, drawn.drawn(drawn.community(halves=1), drawn.village().shifted(0, 300)).write(tmp_path)
    )
    return real_store


def ask(store, area=TOWN, **more):
    return jobs.ask(store, "propose", area, {"kind": "propose", "area": area, **more}, who="li").row.id


def do(store, job_id, work=jobbing.perform):
    jobs.perform(store, job_id, work)
    return jobs.job(store, job_id).row


def plans(store):
    return counts(store).get("plan", 0)


def test_a_town_is_proposed_with_progress_by_stage_and_area(town):
    told = []

    def work(store, row, progress):
        def tell(zh, *rest):
            told.append(zh)
            progress(zh, *rest)

        return jobbing.perform(store, row, tell)

    row = do(town, ask(town), work)
    assert (row.state, row.tries, row.done, row.error) == ("done", 1, row.total, None)
    made = row.result["plans"]
    assert [one["area_code"] for one in made] == [COMMUNITY, drawn.VILLAGE]
    assert [planning.plan(town, one["plan_id"]).area_name for one in made] == ["凤城社区", "前山村"]
    for said in ("凤城社区 读取地块数据", "前山村 读取地块数据", "凤城社区 划分第3级", "前山村 划分第2级"):
        assert said in told
    again = do(town, row.id)  # delivered twice
    assert (again.result, plans(town)) == (row.result, 2)


def test_alternatives_staff_and_what_can_not_be_met(town):
    row = do(town, ask(town, COMMUNITY, alternatives=2))
    assert [len(one["plans"]) for one in row.result["alternatives"]] == [1] * len(row.result["alternatives"])
    before = plans(town)
    refused = do(town, ask(town, COMMUNITY, staff={"liaison": 4000}))
    assert (refused.state, refused.error["code"], plans(town)) == ("failed", "staff", before)
    said = jobs.to_error(refused.error)
    assert "4000" in said.zh
    assert said.data["asked"] == 4000


def test_cancelled_before_and_in_the_middle_nothing_is_kept(town):
    waiting = ask(town)
    assert jobs.cancel(town, waiting, who="zhao").row.state == "cancelled"
    assert do(town, waiting).state == "cancelled"
    running = ask(town)

    def work(store, row, progress):
        made = jobbing.perform(store, row, progress)
        assert jobs.cancel(town, row.id, who="zhao").row.stopped_by == "zhao"
        return made

    assert do(town, running, work).state == "cancelled"
    assert plans(town) == 0
    assert jobs.cancel(town, running, who="li").row.stopped_by == "zhao", "what has ended stays"


def test_a_job_without_its_worker_is_tried_once_more_and_then_has_failed(town):
    def die(store, row, progress):
        jobbing.perform(store, row, progress)
        raise RuntimeError("as a kill would")

    job_id = ask(town)
    for state in ("waiting", "failed"):
        with pytest.raises(RuntimeError):
            do(town, job_id, die)
        assert jobs.job(town, job_id).row.state == "running"
        jobs.sweep(town)
        assert (jobs.job(town, job_id).row.state, plans(town)) == (state, 0)
    assert jobs.job(town, job_id).row.error["code"] == "worker_lost"


def test_what_is_held_is_not_swept_and_what_stops_waits_again(town):
    job_id = ask(town)
    with stored.claimed(town, job_id) as row:
        jobs.sweep(town)
        assert (row.id, jobs.job(town, job_id).row.state) == (job_id, "running")
        with stored.claimed(town, job_id) as second:
            assert second is None
        jobs.put_back(town, job_id)
    back = jobs.job(town, job_id).row
    assert (back.state, back.tries) == ("waiting", 0)
    assert do(town, job_id).state == "done"


def test_a_lost_delivery_is_made_again(town):
    job_id = ask(town)
    with town.transaction() as tx:
        assert queue.undelivered(tx) == []
        tx.exec_driver_sql("SET LOCAL search_path TO queue, public")
        tx.exec_driver_sql("DELETE FROM procrastinate_jobs")
        assert queue.undelivered(tx) == [job_id]
    jobs.sweep(town)
    with town.transaction() as tx:
        assert queue.undelivered(tx) == []


def test_a_place_that_is_not_leaves_nothing_in_the_queue(town):
    with pytest.raises(NotFound):
        ask(town, "141126100999")
    assert jobs.jobs(town) == []
    first, second = ask(town), ask(town, COMMUNITY)
    view = jobs.job(town, second)
    assert (view.ahead, view.served, view.place) == (1, False, "凤城社区")
    assert [one.row.id for one in jobs.jobs(town, TOWN)] == [second, first]
    assert [one.row.id for one in jobs.jobs(town, COMMUNITY)] == [second]
