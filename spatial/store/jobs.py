"""Long work: what was asked, who works on it, how far it is, and how it ended.

A running job is held by an advisory lock on the connection of its worker: a worker that is killed lets go of
it at once, whatever else it leaves behind, and a job that runs and is held by nobody has lost its worker.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from spatial.errors import NotFound
from spatial.store import notices, queue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from spatial.store.engine import Store, Transaction

State = Literal["waiting", "running", "done", "failed", "cancelled"]
LISTED = 50
"""So many jobs are listed, the newest."""
LOCKS = 7_266_431
"""First key of the advisory locks; the second is the job's id."""

_COLUMNS = (
    "id, kind, area, who, state, stage, done, total, result, error, asked, tries, stopped_by, made_at,"
    " started_at, ended_at"
)
_RUNNING = "UPDATE job SET state = 'running', tries = tries + 1, started_at = clock_timestamp()"
_OPEN = "state IN ('waiting', 'running')"


@dataclass(frozen=True)
class JobRow:
    """One job.

    Parameters
    ----------
    id, kind, area, who
        What it is, the code of the place it is for, and who asked.
    state
        waiting, running; done, failed or cancelled for good.
    stage, done, total
        What is being done ({"zh", "en"}), and how much of how much; None and 0 before it has begun.
    result, error
        What it made; why it did not.
    asked
        The request, as JSON.
    tries
        How often a worker has begun.
    stopped_by
        Who wants it stopped, or None.
    """

    id: int
    kind: str
    area: str
    who: str
    state: State
    stage: dict[str, str] | None
    done: int
    total: int
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    asked: dict[str, Any]
    tries: int
    stopped_by: str | None
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def add(tx: Transaction, kind: str, area: str, asked: Mapping[str, Any], who: str) -> int:
    """Write down a job and have it delivered, both or neither."""
    query = sa.text(
        "INSERT INTO job (county_code, kind, area, who, asked) VALUES (:county, :kind, :area, :who,"
        " CAST(:asked AS jsonb)) RETURNING id"
    )
    values = {"county": area[:6], "kind": kind, "area": area, "who": who, "asked": _json(asked)}
    job_id = int(tx.execute(query, values).scalar_one())
    queue.enqueue(tx, job_id)
    return job_id


def get(tx: Transaction, job_id: int) -> JobRow:
    """Get a job; NotFound (``no_such_job``)."""
    row = tx.execute(sa.text(f"SELECT {_COLUMNS} FROM job WHERE id = :id"), {"id": job_id}).first()
    if row is None:
        raise NotFound(
            "no_such_job",
            zh=f"没有任务 {job_id}。请核对编号。",
            en=f"There is no job {job_id}. Check its number.",
        )
    return JobRow(*row)


def list_jobs(tx: Transaction, area: str | None = None) -> list[JobRow]:
    """List jobs, those that wait or run first, then the newest; of a place and what lies in it, or all."""
    query = (
        f"SELECT {_COLUMNS} FROM job WHERE starts_with(area, :area) ORDER BY {_OPEN} DESC, id DESC"
        f" LIMIT {LISTED}"
    )
    return [JobRow(*row) for row in tx.execute(sa.text(query), {"area": area or ""})]


def ahead(tx: Transaction, job_id: int) -> int:
    """Count the jobs that are to be worked on before one that waits, those that run among them."""
    query = sa.text(f"SELECT count(*) FROM job WHERE {_OPEN} AND (id < :id OR state = 'running')")
    return int(tx.execute(query, {"id": job_id}).scalar_one())


def stop(tx: Transaction, job_id: int, who: str) -> None:
    """Cancel a job that waits; mark one that runs, for its worker to stop. One that has ended stays."""
    values = {"id": job_id, "who": who}
    tx.execute(
        sa.text(
            "UPDATE job SET state = 'cancelled', stopped_by = :who, ended_at = clock_timestamp()"
            " WHERE id = :id AND state = 'waiting'"
        ),
        values,
    )
    tx.execute(
        sa.text(
            "UPDATE job SET stopped_by = :who WHERE id = :id AND state = 'running' AND stopped_by IS NULL"
        ),
        values,
    )
    _tell(tx, job_id)


def stopped(tx: Transaction, job_id: int) -> bool:
    """Say whether somebody wants a job stopped."""
    query = sa.text("SELECT stopped_by IS NOT NULL FROM job WHERE id = :id")
    return bool(tx.execute(query, {"id": job_id}).scalar_one())


def progress(tx: Transaction, job_id: int, stage: Mapping[str, str], done: int, total: int) -> None:
    """Write how far a job is."""
    query = sa.text(
        "UPDATE job SET stage = CAST(:stage AS jsonb), done = :done, total = :total"
        " WHERE id = :id AND state = 'running'"
    )
    tx.execute(query, {"id": job_id, "stage": _json(stage), "done": done, "total": total})
    _tell(tx, job_id)


def finish(tx: Transaction, job_id: int, result: Mapping[str, Any]) -> bool:
    """Mark a job done, in the transaction that keeps what it made; False where it is to be stopped."""
    query = sa.text(
        "UPDATE job SET state = 'done', result = CAST(:result AS jsonb), done = greatest(total, 1),"
        " total = greatest(total, 1), ended_at = clock_timestamp()"
        " WHERE id = :id AND state = 'running' AND stopped_by IS NULL"
    )
    ended = tx.execute(query, {"id": job_id, "result": _json(result)}).rowcount == 1
    _tell(tx, job_id)
    return ended


def end(
    tx: Transaction, job_id: int, state: Literal["failed", "cancelled"], error: Mapping[str, Any] | None
) -> None:
    """End a job that made nothing, unless it has ended."""
    query = sa.text(
        "UPDATE job SET state = :state, error = CAST(:error AS jsonb), ended_at = clock_timestamp()"
        f" WHERE id = :id AND {_OPEN}"
    )
    tx.execute(query, {"id": job_id, "state": state, "error": None if error is None else _json(error)})
    _tell(tx, job_id)


def again(tx: Transaction, job_id: int, *, counts: bool) -> None:
    """Have a running job delivered once more; its try is forgotten unless it ``counts``."""
    query = sa.text(
        "UPDATE job SET state = 'waiting', stage = NULL, done = 0, total = 0, started_at = NULL,"
        " tries = tries - :less WHERE id = :id AND state = 'running'"
    )
    if tx.execute(query, {"id": job_id, "less": 0 if counts else 1}).rowcount:
        queue.enqueue(tx, job_id)
        _tell(tx, job_id)


@contextmanager
def claimed(store: Store, job_id: int) -> Iterator[JobRow | None]:
    """Hold a waiting job, which runs from now on; None where it does not wait, or another holds it.

    Who lets go without having ended the job leaves it to the sweep.
    """
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        keys = {"locks": LOCKS, "id": job_id}
        if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:locks, :id)"), keys):
            yield None
            return
        try:
            query = sa.text(f"{_RUNNING} WHERE id = :id AND state = 'waiting' RETURNING {_COLUMNS}")
            row = connection.execute(query, {"id": job_id}).first()
            _tell(connection, job_id)
            yield None if row is None else JobRow(*row)
        finally:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:locks, :id)"), keys)


def lost(tx: Transaction) -> list[JobRow]:
    """Find the jobs that run and are held by nobody, and hold them until the transaction ends."""
    query = sa.text(
        f"SELECT {_COLUMNS} FROM job WHERE id IN (SELECT id FROM job WHERE state = 'running' OFFSET 0)"
        " AND pg_try_advisory_xact_lock(:locks, id::integer)"
    )
    return [row for row in map(_row, tx.execute(query, {"locks": LOCKS})) if row.state == "running"]


def _row(row: Any) -> JobRow:
    return JobRow(*row)


def _tell(tx: Transaction, job_id: int) -> None:
    notices.tell(tx, {"job": job_id})


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
