"""Long work as jobs: asked for here, done by a worker, looked at and stopped meanwhile.

What a job makes and the mark that it is done are kept in one transaction: a worker killed half-way leaves
nothing, and nothing is made twice. A job that lost its worker is tried once more, then it has failed.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from spatial import errors
from spatial.errors import Cancelled, WanggeError
from spatial.store import jobs as stored
from spatial.store import places, queue
from spatial.store.engine import NestedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from spatial.planning.views import Progress
    from spatial.store.engine import Store, Transaction
    from spatial.store.jobs import JobRow

    Work = Callable[[Store, JobRow, Progress], dict[str, Any]]
    """Does a job on a store, tells how far it is, and gives its result in JSON types."""

TRIES = 2
"""A job is begun so often at most."""
TOLD_EVERY_S = 0.25
"""Progress is written so often at most, but for the first word of a stage."""


@dataclass(frozen=True)
class JobView:
    """One job as it stands.

    Parameters
    ----------
    row
        What is stored.
    place
        Name of the place that it is for.
    ahead
        Jobs that are worked on before it, where it waits.
    served
        Whether any worker is there.
    """

    row: JobRow
    place: str
    ahead: int
    served: bool


def ask(store: Store, kind: str, area: str, asked: Mapping[str, Any], *, who: str) -> JobView:
    """Ask for a job; a worker begins it when its turn comes.

    Parameters
    ----------
    kind, asked
        What is to be done, as the worker understands it (JSON types).
    area
        The town or basic grid that it is for.

    Raises
    ------
    NotFound
        ``no_such_place``.
    """
    with store.transaction() as tx:
        places.get(tx, area)
        job_id = stored.add(tx, kind, area, asked, who)
        return _view(tx, stored.get(tx, job_id))


def job(store: Store, job_id: int) -> JobView:
    """Get a job; NotFound (``no_such_job``)."""
    with store.transaction() as tx:
        return _view(tx, stored.get(tx, job_id))


def jobs(store: Store, area: str | None = None) -> list[JobView]:
    """List the jobs of a place and what lies in it, or all: open ones first, then the newest."""
    with store.transaction() as tx:
        return [_view(tx, row) for row in stored.list_jobs(tx, area)]


def cancel(store: Store, job_id: int, *, who: str) -> JobView:
    """Stop a job: at once where it waits, as soon as its worker hears of it where it runs.

    One that has ended stays as it is. NotFound (``no_such_job``).
    """
    with store.transaction() as tx:
        stored.get(tx, job_id)
        stored.stop(tx, job_id, who)
        return _view(tx, stored.get(tx, job_id))


def perform(store: Store, job_id: int, work: Work) -> None:
    """Do a job that waits, and keep what it made together with how it ended; called by a worker.

    A job that does not wait is left alone: it may be delivered twice. An error that wangge has words for
    ends the job with them; any other comes through, and the job is left to `abandoned`.
    """
    with stored.claimed(store, job_id) as row:
        if row is None:
            return
        try:
            with store.transaction() as tx:
                result = work(NestedStore(tx), row, _Told(store, job_id))
                if not stored.finish(tx, job_id, result):
                    raise Cancelled(
                        "cancelled", zh="已取消，未保留任何结果。", en="Cancelled; nothing was kept."
                    )
        except WanggeError as error:
            with store.transaction() as tx:
                if isinstance(error, Cancelled):
                    stored.end(tx, job_id, "cancelled", None)
                else:
                    stored.end(tx, job_id, "failed", to_json(error))


def to_be_stopped(store: Store, job_id: int) -> bool:
    """Say whether somebody wants a job stopped."""
    with store.transaction() as tx:
        return stored.stopped(tx, job_id)


def put_back(store: Store, job_id: int) -> None:
    """Let a job wait again, because its worker stops; cancelled where somebody wants that."""
    with store.transaction() as tx:
        _again_or_end(tx, stored.get(tx, job_id), None, counts=False)


def abandoned(store: Store, job_id: int, *, by_fault: bool) -> None:
    """Settle a job whose process ended before the job did.

    Parameters
    ----------
    by_fault
        The program itself was at fault: a second try would end the same way.
    """
    with store.transaction() as tx:
        _again_or_end(tx, stored.get(tx, job_id), _fault() if by_fault else None, counts=True)


def sweep(store: Store) -> None:
    """Settle the jobs that lost their worker, and deliver again what waits and is not on its way."""
    with store.transaction() as tx:
        for row in stored.lost(tx):
            _again_or_end(tx, row, None, counts=True)
        for job_id in queue.undelivered(tx):
            queue.enqueue(tx, job_id)


def to_json(error: WanggeError) -> dict[str, Any]:
    """Write an error down; `to_error` reads it."""
    where = [{k: v for k, v in asdict(place).items() if v is not None} for place in error.where]
    return {
        "class": type(error).__name__, "code": error.code, "zh": error.zh, "en": error.en, "where": where,
        "data": error.data,
    }  # fmt: skip


def to_error(written: Mapping[str, Any]) -> WanggeError:
    """Read an error that was written down.

    Examples
    --------
    >>> to_error(to_json(errors.Infeasible("targets", zh="不行", en="no")))
    Infeasible('no')
    """
    kind: type[WanggeError] = getattr(errors, written["class"], WanggeError)
    where = [errors.Where(**place) for place in written["where"]]
    return kind(written["code"], zh=written["zh"], en=written["en"], where=where, data=written["data"])


class _Told:
    """Writes progress down, not more often than people see."""

    def __init__(self, store: Store, job_id: int) -> None:
        self.store, self.job_id = store, job_id
        self.stage, self.at = "", 0.0

    def __call__(self, zh: str, en: str, done: int, total: int) -> None:
        """Tell the stage, what is done, and how much there is."""
        now = time.monotonic()
        if en == self.stage and now - self.at < TOLD_EVERY_S:
            return
        self.stage, self.at = en, now
        with self.store.transaction() as tx:
            stored.progress(tx, self.job_id, {"zh": zh, "en": en}, done, total)


def _again_or_end(tx: Transaction, row: JobRow, fault: WanggeError | None, *, counts: bool) -> None:
    """Let a job that runs wait again, or end it: cancelled, at fault, or begun often enough."""
    if row.stopped_by is not None:
        stored.end(tx, row.id, "cancelled", None)
    elif fault is not None:
        stored.end(tx, row.id, "failed", to_json(fault))
    elif counts and row.tries >= TRIES:
        stored.end(tx, row.id, "failed", to_json(_worker_lost()))
    else:
        stored.again(tx, row.id, counts=counts)


def _worker_lost() -> WanggeError:
    return errors.Unavailable(
        "worker_lost",
        zh=f"处理进程在中途被终止，已试 {TRIES} 次，未保留任何结果。可能是内存不足。"
        "请告诉管理员，或稍后再提交。",
        en=f"The worker was killed half-way, {TRIES} times; nothing was kept. Memory may have run out: tell"
        " the administrator, or ask again later.",
    )


def _fault() -> WanggeError:
    return WanggeError(
        "internal",
        zh="程序内部出错，已记入处理进程的日志，未保留任何结果。请把时间告诉管理员。",
        en="Something broke inside the program and was logged by the worker; nothing was kept. Tell the"
        " administrator the time.",
    )


def _view(tx: Transaction, row: JobRow) -> JobView:
    waits = row.state == "waiting"
    return JobView(
        row, places.get(tx, row.area).name, stored.ahead(tx, row.id) if waits else 0,
        served=queue.workers(tx) > 0,
    )  # fmt: skip
