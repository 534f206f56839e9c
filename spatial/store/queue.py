"""The queue that carries jobs to workers: procrastinate, in a schema of its own.

The queue holds deliveries and nothing else: what a job is and how far it is stands in the table ``job``
(`spatial.store.jobs`). So a delivery may come twice or too late and does no harm, and a newer procrastinate
is a migration that drops the schema and makes it anew: the sweep delivers again what still waits.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import procrastinate
import sqlalchemy as sa
from procrastinate.schema import SchemaManager

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from spatial.store.engine import Store, Transaction

SCHEMA = "queue"
TASK = "wangge.job"
"""Name of the one task; its argument ``job`` is the id of a job."""
HEARTBEAT_LOST_S = 30.0
"""A worker that was not heard of for this long is taken for dead."""

_ENQUEUEING = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Never opened: it writes on the connection of the transaction that it is given."""

logging.getLogger("procrastinate").setLevel(logging.WARNING)


def create(tx: Transaction) -> None:
    """Make the queue's schema, for a migration: the tables and functions of the procrastinate installed."""
    tx.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
    with _searching(tx):
        _driver(tx).execute(SchemaManager.get_schema())


def enqueue(tx: Transaction, job_id: int) -> None:
    """Have a job delivered to a worker, once the transaction is committed."""
    with _searching(tx):
        _ENQUEUEING.configure_task(TASK, connection=_driver(tx)).defer(job=job_id)


def worker_app(store: Store) -> procrastinate.App:
    """Give the application of a worker, on connections of its own to the store's database."""

    async def search(connection: psycopg.AsyncConnection[Any]) -> None:
        await connection.execute(f"SET search_path TO {SCHEMA}, public")
        await connection.commit()

    connector = procrastinate.PsycopgConnector(
        conninfo=store.url, configure=search, min_size=1, max_size=3, timeout=10.0
    )
    return procrastinate.App(connector=connector)


def undelivered(tx: Transaction) -> list[int]:
    """List the waiting jobs with no delivery under way: its worker died, or the queue was made anew."""
    query = sa.text(
        "SELECT j.id FROM job AS j WHERE j.state = 'waiting' AND NOT EXISTS ("
        f" SELECT FROM {SCHEMA}.procrastinate_jobs AS q LEFT JOIN {SCHEMA}.procrastinate_workers AS w"
        " ON w.id = q.worker_id WHERE q.args = jsonb_build_object('job', j.id) AND (q.status = 'todo' OR"
        " q.status = 'doing' AND w.last_heartbeat > now() - make_interval(secs => :lost)))"
    )
    return list(tx.execute(query, {"lost": HEARTBEAT_LOST_S}).scalars())


def workers(tx: Transaction) -> int:
    """Count the workers that were heard of lately."""
    query = sa.text(
        f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers"
        " WHERE last_heartbeat > now() - make_interval(secs => :lost)"
    )
    return int(tx.execute(query, {"lost": HEARTBEAT_LOST_S}).scalar_one())


@contextmanager
def _searching(tx: Transaction) -> Iterator[None]:
    """Let procrastinate find its tables, whose schema it never names; afterwards all is as it was."""
    before = tx.execute(sa.text("SHOW search_path")).scalar_one()
    tx.execute(sa.text(f"SET LOCAL search_path TO {SCHEMA}, public"))
    yield
    tx.execute(sa.text("SELECT set_config('search_path', :before, true)"), {"before": before})


def _driver(tx: Transaction) -> Any:
    """Connection of psycopg that a transaction runs on."""
    driver = tx.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    return driver
