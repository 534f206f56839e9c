"""A real worker and what it is killed by: jobs are done, cancelled at once, and survive it."""

import os
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from api import supervising
from spatial import jobs, planning
from tests.jobs.test_jobs import ask, plans
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY

WORKER = (sys.executable, "-m", "api", "worker", "--with-parent")


@pytest.fixture
def town(real_store, tmp_path, monkeypatch):
    """A store with half a community, imported; workers find it by DATABASE_URL."""
    planning.import_place(real_store, drawn.drawn(drawn.community(halves=1)).write(tmp_path))
    monkeypatch.setenv("DATABASE_URL", real_store.url)
    monkeypatch.chdir(Path(__file__).parents[2])
    return real_store


def until(read, wanted, within_s=90.0):
    """Read on until it is what is wanted; how long that took."""
    began = time.monotonic()
    while (found := read()) != wanted:
        assert time.monotonic() - began < within_s, f"still {found}"
        time.sleep(0.02)
    return time.monotonic() - began


@contextmanager
def plans_locked(store):
    """Nobody can write a plan: a job that wants to is caught half-way; yields how many are."""
    with psycopg.connect(store.url) as lock, psycopg.connect(store.url, autocommit=True) as look:
        lock.execute("LOCK TABLE plan IN SHARE MODE")
        query = "SELECT count(*) FROM pg_locks WHERE relation = 'plan'::regclass AND NOT granted"
        yield lambda: look.execute(query).fetchone()[0]


def test_cancelled_at_once_killed_begun_again_and_done(town):
    def state(job_id):
        return jobs.job(town, job_id).row.state

    cancelled, killed = ask(town, COMMUNITY), ask(town, COMMUNITY)
    with supervising.worker(WORKER) as keeper, plans_locked(town) as caught:
        until(caught, 1)
        assert (state(cancelled), state(killed)) == ("running", "waiting")
        jobs.cancel(town, cancelled, who="zhao")
        assert until(lambda: state(cancelled), "cancelled") < 1.0

        until(caught, 2)  # the backend of the first still waits for the lock
        os.kill(keeper.child.pid, signal.SIGKILL)
        until(lambda: jobs.job(town, killed).row.tries, 2)
        until(caught, 3)
    back = jobs.job(town, killed).row
    assert (back.state, back.tries, plans(town)) == ("waiting", 1, 0), "a worker that stops puts its job back"

    with supervising.worker(WORKER) as keeper:
        until(lambda: state(killed), "done")
        child = keeper.child
        assert jobs.job(town, killed).served
        child.stdin.close()  # as if the server had been killed
        assert child.wait(20) == 0
    assert plans(town) == 1
    assert state(cancelled) == "cancelled"
