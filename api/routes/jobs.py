"""Jobs: ask for long work, see how far it is, stop it."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from typing import Annotated, Any, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Query, Request, status
from fastapi.responses import StreamingResponse

from api import errors, security
from api.context import StoreDep
from api.jobbing import JobIn
from api.live import Live
from api.routes.history import STREAM
from api.schemas import Code, Problem, Wire
from spatial import jobs

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
JobId = Annotated[int, Path(ge=1, le=2**31 - 1)]
ENDED = {"done", "failed", "cancelled"}


class Job(Wire):
    """One job as it stands."""

    id: int
    kind: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    stopping: bool
    """It runs, and somebody wants it stopped."""
    stage: dict[str, str] | None
    done: int
    total: int
    area: str
    place: str
    who: str
    ahead: int
    """Jobs before it, where it waits."""
    served: bool
    """A worker is there."""
    asked: dict[str, Any]
    result: dict[str, Any] | None
    error: Problem | None
    made_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None


class JobList(Wire):
    """Open jobs first, then the newest; 50 at most."""

    jobs: list[Job]


@router.post("", response_model=Job, status_code=status.HTTP_202_ACCEPTED, summary="提交任务 / Ask for a job")
def ask(who: security.Planner, request: Request, store: StoreDep, asked: JobIn) -> Job:
    """Have plans proposed in the background; a worker begins when the job's turn comes."""
    body = asked.model_dump(mode="json", exclude_unset=True)
    return _job(request, jobs.ask(store, asked.kind, asked.area, body, who=who.name))


@router.get("", response_model=JobList, summary="任务列表 / Jobs")
def list_jobs(
    _: security.Planner, request: Request, store: StoreDep,
    area: Annotated[Code | None, Query(description="9 digits a town and all in it, 12 a basic grid")] = None,
) -> dict[str, Any]:  # fmt: skip
    """List jobs: those that wait or run first, then the newest."""
    return {"jobs": [_job(request, one) for one in jobs.jobs(store, area)]}


@router.get("/{job_id}", response_model=Job, summary="一个任务 / One job")
def get_job(_: security.Planner, request: Request, store: StoreDep, job_id: JobId) -> Job:
    """Say how far a job is, what it made, or why it did not."""
    return _job(request, jobs.job(store, job_id))


@router.get("/{job_id}/events", responses=STREAM, summary="任务进度 / Live progress")
async def events(_: security.Planner, request: Request, store: StoreDep, job_id: JobId) -> StreamingResponse:
    """Tell how a job stands, now and whenever that changes, until it has ended."""
    await run_sync(jobs.job, store, job_id)  # an unknown job is refused before the stream
    live: Live = request.app.state.live
    return StreamingResponse(
        live.watch(job_id, partial(_told, request, store, job_id)), media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )  # fmt: skip


@router.post("/{job_id}/cancel", response_model=Job, summary="取消任务 / Cancel a job")
def cancel(who: security.Planner, request: Request, store: StoreDep, job_id: JobId) -> Job:
    """Stop a job, with nothing kept; one that has ended stays as it is."""
    return _job(request, jobs.cancel(store, job_id, who=who.name))


def _told(request: Request, store: StoreDep, job_id: int) -> tuple[str, bool]:
    """Give a job as an event, and whether it has ended."""
    found = _job(request, jobs.job(store, job_id))
    data = json.dumps(found.model_dump(mode="json"), ensure_ascii=False)
    return f"event: job\ndata: {data}\n\n", found.state in ENDED


def _job(request: Request, view: jobs.JobView) -> Job:
    row = view.row
    error = None
    if row.error is not None:
        found = jobs.to_error(row.error)
        error = Problem(**errors.problem(request, found, errors.status_of(found)))
    same = {name: getattr(row, name) for name in _SAME}
    return Job(
        **same, asked={k: v for k, v in row.asked.items() if k not in _LONG}, error=error, place=view.place,
        ahead=view.ahead, served=view.served, stopping=row.state == "running" and row.stopped_by is not None,
    )  # fmt: skip


_SAME = (
    "id", "kind", "state", "stage", "done", "total", "area", "who", "result", "made_at", "started_at",
    "ended_at",
)  # fmt: skip
_LONG = {"cells", "within", "locks"}
"""What of a request may be long and is not told again."""
