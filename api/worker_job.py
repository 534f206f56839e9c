"""One job in a process of its own."""

# ruff: noqa: PLC0415 - the worker that names this module loads nothing of what its jobs need

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing import connection

KILLED = 137
"""Exit status of what ended with its worker, as a shell tells a kill; nobody is left to read it."""


def do(url: str, job: int) -> None:
    """Do one job on the database at ``url``; the process ends at once when its worker does."""
    from api import jobbing
    from spatial import jobs
    from spatial.store.engine import Store

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is its worker's business
    threading.Thread(target=_end_with_worker, daemon=True, name="worker").start()
    with Store.open(url, pool_size=2) as store:
        jobs.perform(store, job, jobbing.perform)


def _end_with_worker() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(KILLED)
