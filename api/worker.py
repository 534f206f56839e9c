"""``wangge worker``: does the jobs of the queue, one after another, each in a process of its own.

A job's process is forked from one that has the partitioner loaded already. To cancel it is to kill it: its
transaction is rolled back, whatever it was in the middle of. It watches its worker and ends with it.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing import forkserver
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync

from api import worker_job
from spatial import jobs
from spatial.store import queue

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from spatial.store.engine import Store

log = logging.getLogger("wangge.worker")

LOOK_EVERY_S = 0.2
"""A job's worker looks this often whether its process ended, or somebody wants it stopped."""
SWEEP_EVERY_S = 5.0
NICE = 5
"""Proposals stand back behind the pages that are served beside them."""
FAULT = 1
"""Exit status of a Python process that an exception ended."""


def run(store: Store, *, with_parent: bool = False) -> None:
    """Work until a signal comes; a job half-way waits again.

    Parameters
    ----------
    store
        Where jobs are kept; closed by the caller.
    with_parent
        Stop when standard input ends: who started this process is gone.

    Raises
    ------
    procrastinate.exceptions.ConnectorException
        The database went away.
    """
    os.nice(NICE)
    if with_parent:
        threading.Thread(target=_stop_with_parent, daemon=True, name="parent").start()
    asyncio.run(_run(store))


async def _run(store: Store) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["api.worker_ahead"])
    await run_sync(forkserver.ensure_running)
    app = queue.worker_app(store)

    @app.task(name=queue.TASK)
    async def do(job: int) -> None:
        process = processes.Process(target=worker_job.do, args=(store.url, job), name=f"job {job}")
        await run_sync(process.start)
        await _attend(store, job, process)

    async with app.open_async():
        sweeping = asyncio.create_task(_sweep(store))
        try:
            await app.run_worker_async(shutdown_graceful_timeout=0, delete_jobs="always")
        finally:
            sweeping.cancel()


async def _attend(store: Store, job: int, process: ForkServerProcess) -> None:
    """Wait for a job's process; kill it where the job is to be stopped, or this worker."""
    try:
        while process.is_alive():
            if await run_sync(jobs.to_be_stopped, store, job):
                process.kill()
            await asyncio.sleep(LOOK_EVERY_S)
        if process.exitcode:
            await run_sync(_settle, store, job, process.exitcode)
    except asyncio.CancelledError:
        process.kill()
        await asyncio.shield(run_sync(jobs.put_back, store, job))
        raise


def _settle(store: Store, job: int, exitcode: int) -> None:
    log.warning("the process of job %d ended with status %d", job, exitcode)
    jobs.abandoned(store, job, by_fault=exitcode == FAULT)


async def _sweep(store: Store) -> None:
    while True:
        await run_sync(jobs.sweep, store)
        await asyncio.sleep(SWEEP_EVERY_S)


def _stop_with_parent() -> None:
    """Wait for the end of standard input, then stop as a signal would."""
    while os.read(sys.stdin.fileno(), 1):  # nothing is ever sent; a buffered read can't be left at the end
        pass
    os.kill(os.getpid(), signal.SIGTERM)
