"""The private PostGIS cluster: a PostgreSQL of our own, on a Unix socket, up while somebody uses it.

It stands beside the engine, which asks it for a URL when no ``DATABASE_URL`` is given. A data folder holds::

    postgres/       the server's own folder (PGDATA), with its log
    socket/         the Unix socket, where its path is short enough
    turn.lock       exclusive: who starts or stops the server, one at a time
    users.lock      shared: one lock a process that uses the server; the last one out stops it
    keep            there between ``wangge db start`` and ``wangge db stop``
"""

from __future__ import annotations

import atexit
import fcntl
import os
import pwd
import re
import shutil
import signal
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from spatial.errors import Unavailable
from spatial.store import server

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "wangge"
"""The database role that owns everything; the owner of the data folder, postgres and root may be it."""
DATABASE = "wangge"
TURN_WAIT_S = 120.0
STOP_WAIT_S = 60

_PASSING = re.compile("starting up|shutting down|recovery|not yet accepting|No such file|refused")


@dataclass(frozen=True)
class ClusterStatus:
    """What ``wangge db status`` tells.

    Parameters
    ----------
    running
        Whether the server answers for this data folder now.
    version
        Major version of the data folder, None before the first start.
    data_dir, socket
        The data folder and the folder of the Unix socket.
    pid
        Process id of the server, None when it is down.
    kept
        Whether ``db start`` asked to keep it up.
    """

    running: bool
    version: int | None
    data_dir: Path
    socket: Path
    pid: int | None
    kept: bool


def default_data_dir() -> Path:
    """Folder of the data: ``WANGGE_DATA_DIR``, as root ``/var/lib/wangge``, else below the XDG data home.

    Examples
    --------
    >>> default_data_dir().is_absolute()
    True
    """
    given = os.environ.get("WANGGE_DATA_DIR")
    if given:
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/wangge")
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share").absolute() / "wangge"


class Cluster:
    """A private PostGIS cluster in one data folder, shared by every process that acquires it.

    Parameters
    ----------
    data_dir
        The data folder; None takes `default_data_dir`.
    durable
        False switches off fsync, for tests only: a power cut would lose the data.

    Examples
    --------
    ``with Cluster() as cluster: psycopg.connect(cluster.url())``
    """

    def __init__(self, data_dir: Path | None = None, *, durable: bool = True) -> None:
        self.data_dir = (data_dir or default_data_dir()).absolute()
        self.pgdata = self.data_dir / "postgres"
        self.durable = durable
        self._threads = threading.RLock()
        self._users = 0
        self._shared: int | None = None

    def __enter__(self) -> Self:
        """Acquire the server."""
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        """Release it."""
        self.release()

    def acquire(self) -> None:
        """Start the server unless it is up, and hold it up for this process.

        Raises
        ------
        Unavailable
            No PostgreSQL with PostGIS here, not the one the data folder needs, a folder that can't be used,
            or a server that does not start. The words say what to do.
        """
        with self._threads:
            if self._users == 0:
                with self._turn():
                    shared = self._lock_file("users.lock")
                    try:
                        fcntl.flock(shared, fcntl.LOCK_SH)
                        self._ensure_running()
                    except BaseException:
                        os.close(shared)
                        raise
                    self._shared = shared
                atexit.register(self._release_all)
            self._users += 1

    def release(self) -> None:
        """Let go of the server; the last process out stops it, unless it is kept by ``db start``."""
        with self._threads:
            if self._users == 0:
                return
            self._users -= 1
            if self._users > 0 or self._shared is None:
                return
            atexit.unregister(self._release_all)
            shared, self._shared = self._shared, None
            try:
                with self._turn():
                    if not self._kept() and _locked(shared, fcntl.LOCK_EX):
                        self._stop_server()
            finally:
                os.close(shared)

    def start(self, *, keep: bool = True) -> ClusterStatus:
        """Start the server and, with ``keep``, leave it up after this process until `stop`.

        Raises
        ------
        Unavailable
            As `acquire`.
        """
        self.acquire()
        try:
            if keep:
                with self._turn():
                    os.close(self._lock_file("keep"))
            return self.status()
        finally:
            self.release()

    def stop(self, *, force: bool = False) -> bool:
        """End what `start` asked for, and stop the server unless other processes use it.

        Parameters
        ----------
        force
            Stop it under them: their transactions are rolled back.

        Returns
        -------
        bool
            True if the server is down now; False if the last of its users will stop it.
        """
        if not self.data_dir.is_dir():
            return True
        with self._threads, self._turn():
            (self.data_dir / "keep").unlink(missing_ok=True)
            users = self._lock_file("users.lock")
            try:
                if not force and (self._users or not _locked(users, fcntl.LOCK_EX)):
                    return not self._running_pid()
                self._stop_server()
            finally:
                os.close(users)
        return True

    def status(self) -> ClusterStatus:
        """Tell how the server stands, without starting or changing anything."""
        pid = self._running_pid()
        return ClusterStatus(
            running=pid is not None,
            version=server.data_version(self.pgdata),
            data_dir=self.data_dir,
            socket=self._socket(),
            pid=pid,
            kept=self._kept(),
        )

    def url(self, dbname: str = DATABASE) -> str:
        """Address of a database, for psql and for `Store.open`: ``postgresql://USER@/DB?host=FOLDER``."""
        folder = quote(str(self._socket()), safe="/")
        return f"postgresql://{ROLE}@/{quote(dbname, safe='')}?host={folder}"

    # -- the parts of acquire and release; the turn lock is held ------------------------------------------

    def _release_all(self) -> None:
        with self._threads:
            self._users = min(self._users, 1)
            self.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        server.prepare_data_dir(self.data_dir)
        turn = self._lock_file("turn.lock")
        try:
            until = time.monotonic() + TURN_WAIT_S
            while not _locked(turn, fcntl.LOCK_EX):
                if time.monotonic() > until:
                    raise Unavailable(
                        "cluster_busy",
                        zh=f"另一个进程正在启动或停止数据库（{self.data_dir}），"
                        f"已等 {TURN_WAIT_S:.0f} 秒。请稍后再试。",
                        en=f"Another process is starting or stopping the database in {self.data_dir}; waited"
                        f" {TURN_WAIT_S:.0f} s. Try again later.",
                    )
                time.sleep(0.02)
            yield
        finally:
            os.close(turn)

    def _lock_file(self, name: str) -> int:
        path = self.data_dir / name
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise server.unusable_folder(self.data_dir, str(error)) from error
        if os.geteuid() == 0:
            owner = self.data_dir.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        return descriptor

    def _kept(self) -> bool:
        return (self.data_dir / "keep").exists()

    def _running_pid(self) -> int | None:
        pid = server.postmaster(self.pgdata).pid
        return pid if pid is not None and pid in server.processes_in(self.pgdata) else None

    def _socket(self) -> Path:
        """Folder of the socket: what the server wrote down, else where it will be."""
        return server.postmaster(self.pgdata).socket or server.socket_dir(self.data_dir)

    def _ensure_running(self) -> None:
        user = server.server_user(self.data_dir, self.pgdata)
        version = server.data_version(self.pgdata)
        found = server.find_server(version)
        if version is None:
            self._initdb(found, user)
        until = time.monotonic() + TURN_WAIT_S
        while self._running_pid() is not None and self._in_between() and time.monotonic() < until:
            time.sleep(0.1)
        if self._running_pid() is None:
            self._start_server(found, user)
        self._ensure_database()

    def _in_between(self) -> bool:
        """Say whether a running server is on its way up or down, whoever started that having been killed."""
        try:
            psycopg.connect(self._conninfo("postgres")).close()
        except psycopg.OperationalError as error:
            return bool(_PASSING.search(str(error)))
        return False

    def _initdb(self, found: server.Server, user: pwd.struct_passwd) -> None:
        for half_done in self.data_dir.glob("postgres.new*"):
            shutil.rmtree(half_done)
        if self.pgdata.exists() and any(self.pgdata.iterdir()):
            raise server.unusable_folder(self.pgdata, "not empty, and not a PostgreSQL data folder")
        new = self.data_dir / "postgres.new"
        server.make_dir(new, user)
        options = ["-D", str(new), "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8", "-A", "peer"]
        if not self.durable:
            options.append("--no-sync")
        server.run(found, "initdb", options, user)
        with suppress(FileNotFoundError):
            self.pgdata.rmdir()
        new.rename(self.pgdata)

    def _start_server(self, found: server.Server, user: pwd.struct_passwd) -> None:
        server.clear_stale(self.pgdata)
        socket = server.socket_dir(self.data_dir)
        server.make_dir(socket, user)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (socket / name).unlink(missing_ok=True)
        server.write_config(self.pgdata, socket, user, role=ROLE, durable=self.durable)
        log = self.pgdata / "server.log"
        with suppress(FileNotFoundError):
            if log.stat().st_size > 10_000_000:
                log.replace(self.pgdata / "server.log.1")
        options = ["start", "-D", str(self.pgdata), "-l", str(log), "-w", "-t", "120", "-s"]
        server.run(found, "pg_ctl", options, user, log=log)

    def _ensure_database(self) -> None:
        """Make the database and its extensions, if a start was cut off before."""
        try:
            with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
                name = sql.Identifier(DATABASE)
                row = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                ).fetchone()
                if row is None:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
            with psycopg.connect(self._conninfo(DATABASE), autocommit=True) as connection:
                for extension in ("postgis", "btree_gist"):
                    connection.execute(
                        sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                    )
        except psycopg.Error as error:
            raise Unavailable(
                "cluster_refused",
                zh=f"数据库在运行，但连接或建库失败：{error}。请查看日志 {self.pgdata / 'server.log'}。",
                en=f"The database runs, but can't be set up: {error}. See {self.pgdata / 'server.log'}.",
            ) from error

    def _conninfo(self, dbname: str) -> str:
        return f"{self.url(dbname)}&port=5432&connect_timeout=30&options=-cclient_min_messages%3Dwarning"

    def _stop_server(self) -> None:
        pid = self._running_pid()
        if pid is None:
            return
        user = server.server_user(self.data_dir, self.pgdata)
        found = server.find_server(server.data_version(self.pgdata), postgis=False)
        options = ["stop", "-D", str(self.pgdata), "-m", "fast", "-w", "-t", str(STOP_WAIT_S), "-s"]
        try:
            server.run(found, "pg_ctl", options, user)
        except Unavailable:
            if self._running_pid() == pid:  # it ignores a fast stop: let recovery do at the next start
                os.kill(pid, signal.SIGQUIT)


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
