"""The worker that ``wangge serve`` keeps: begun again when it dies, gone when the server goes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.console import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMAND = (sys.executable, "-P", "-m", "api", "worker", "--with-parent")
"""It stops at the end of its standard input: even where the server is killed, no worker is left over."""
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
"""Seconds before a worker is begun again, twice as many each time it dies young."""
YOUNG_S = 30.0
GRACE_S = 5.0
"""Seconds that a worker is given at a stop to put back what it was doing."""


@contextmanager
def worker(command: Sequence[str] = COMMAND) -> Iterator[Supervisor]:
    """Keep a worker running as long as the context is open."""
    supervisor = Supervisor(command)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


class Supervisor:
    """Keeps one child process running, in a thread of its own.

    Parameters
    ----------
    command
        What is run; the child is in a session of its own, so that Ctrl-C is the server's business.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.child: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the child to stop, and kill it where it does not."""
        self._stopping.set()
        child = self.child
        if child is not None:
            child.terminate()
            try:
                child.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                child.kill()
        self._thread.join()

    def _keep(self) -> None:
        wait = FIRST_WAIT_S
        while not self._stopping.is_set():
            began = time.monotonic()
            with subprocess.Popen(  # noqa: S603 - our own command
                self.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
            ) as child:
                self.child = child
                if self._stopping.is_set():
                    child.terminate()
                status = child.wait()
            if self._stopping.is_set():
                return
            wait = FIRST_WAIT_S if time.monotonic() - began > YOUNG_S else wait
            terminal.note(
                f"处理任务的进程意外结束（{status}），{wait:.0f} 秒后重新启动。",
                f"The worker ended unexpectedly ({status}); it is begun again in {wait:.0f} s.",
            )
            self._stopping.wait(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)
