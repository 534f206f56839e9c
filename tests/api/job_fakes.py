# ruff: noqa: ARG001, ARG005
"""Stand-ins for the use cases of jobs."""

import datetime as dt

from spatial import jobs
from spatial.errors import Infeasible
from spatial.store.jobs import JobRow

MADE = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)


def view(job_id=5, **more):
    refused = Infeasible("targets", zh="不行", en="no", data={"nearest": 3})
    error = jobs.to_json(refused) if more.get("state") == "failed" else None
    given = {
        "id": job_id, "kind": "propose", "area": "141126100001", "who": "li", "state": "running",
        "stage": {"zh": "划分", "en": "dividing"}, "done": 1, "total": 4, "result": None, "error": error,
        "asked": {"kind": "propose", "area": "141126100001", "cells": [1]}, "tries": 1, "stopped_by": None,
        "made_at": MADE, "started_at": MADE, "ended_at": None,
    }  # fmt: skip
    return jobs.JobView(JobRow(**given | more), "凤城社区", 0, served=True)


async def one_event(self, job_id, read):
    text, _ = read()
    yield text


def put(use, asked):
    use(
        jobs,
        ask=asked(lambda kind, area, body, who: view(kind=kind, area=area, who=who, state="waiting")),
        job=lambda store, job_id: view(job_id, state="failed"),
        jobs=lambda store, area=None: [view()],
        cancel=asked(lambda job_id, who: view(job_id, stopped_by=who)),
    )  # fmt: skip


def break_all(use, broken):
    """Let every one of them fail."""
    use(jobs, ask=broken, job=broken, jobs=broken, cancel=broken)
