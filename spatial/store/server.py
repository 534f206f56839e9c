"""PostgreSQL on this machine: which servers there are, as whom they run, what their folders need.

The cluster's hands: nothing here holds a lock or decides when to start and stop.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from spatial.errors import Unavailable

SERVER_DIRS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
"""Where distributions put the server's programs; those of ``pg_config`` and PATH are looked at too."""
DEBIAN_VERSION = 15
"""Debian 12's PostgreSQL: the version that the words name when there is none."""
SOCKET_PATH_MAX = 92
"""Longest folder of a Unix socket: 107 bytes less ``/.s.PGSQL.5432``."""
ORPHANS_WAIT_S = 15.0

_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Server:
    """One installed PostgreSQL server: its major version, its programs, whether PostGIS is with it."""

    version: int
    bin_dir: Path
    postgis: bool


@dataclass(frozen=True)
class Postmaster:
    """What ``postmaster.pid`` says; both None where there is none or it is broken."""

    pid: int | None = None
    socket: Path | None = None


def find_servers() -> list[Server]:
    """List the PostgreSQL servers of this machine, newest first, those with PostGIS before those without.

    Returns
    -------
    list of Server
        Empty where nothing is installed.
    """
    folders = [folder for pattern in SERVER_DIRS for folder in Path("/").glob(pattern.lstrip("/"))]
    config = which("pg_config")
    if config:
        folders.append(Path(_answer([config, "--bindir"])))
    initdb = which("initdb")
    if initdb:
        folders.append(Path(initdb).resolve().parent)
    servers = []
    for folder in {folder.resolve() for folder in folders}:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "pg_ctl", "postgres")):
            version = re.search(r"\) (\d+)", _answer([str(folder / "postgres"), "--version"]))
            if version:
                servers.append(Server(int(version[1]), folder, _has_postgis(folder, int(version[1]))))
    return sorted(servers, key=lambda server: (server.postgis, server.version), reverse=True)


def find_server(version: int | None, *, postgis: bool = True) -> Server:
    """Find the newest server with PostGIS, or the one that a data folder needs.

    Parameters
    ----------
    version
        Major version of the data folder; None for a new one.
    postgis
        Whether PostGIS must be there (stopping does not need it).

    Raises
    ------
    Unavailable
        ``postgis_missing`` or ``postgres_version_missing``, with the one apt line to run.
    """
    servers = find_servers()
    for server in servers:
        if (version is None or server.version == version) and (server.postgis or not postgis):
            return server
    line = f"apt-get install postgresql-{_wanted(version, servers)}-postgis-3"
    if version is not None and not any(server.version == version for server in servers):
        there = "、".join(str(server.version) for server in servers) or "无"
        raise Unavailable(
            "postgres_version_missing",
            zh=f"数据文件夹由 PostgreSQL {version} 建立，本机没有这个版本（本机有：{there}）。请运行：{line}",
            en=f"The data folder was made by PostgreSQL {version}, which is not installed here. Run: {line}",
            data={"needs": version, "install": line, "found": [server.version for server in servers]},
        )
    raise Unavailable(
        "postgis_missing",
        zh=f"本机没有带 PostGIS 的 PostgreSQL（需要 15 或更新）。请运行：{line}",
        en=f"No PostgreSQL with PostGIS here (15 or newer is needed). Run: {line}",
        data={"needs": version, "install": line, "found": [server.version for server in servers]},
    )


def data_version(pgdata: Path) -> int | None:
    """Major version that made a PGDATA folder, None where there is no such folder yet."""
    try:
        return int((pgdata / "PG_VERSION").read_text().strip())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (PermissionError, ValueError) as error:
        raise unusable_folder(pgdata, str(error)) from error


def server_user(data_dir: Path, pgdata: Path) -> pwd.struct_passwd:
    """User that the server runs as: the data's owner; for root's new data ``postgres``, for others oneself.

    Raises
    ------
    Unavailable
        Root has no user ``postgres`` to run the server, or the data belong to somebody else.
    """
    me = os.geteuid()
    owner = pgdata.stat().st_uid if pgdata.exists() else me
    if me not in (0, owner):
        raise unusable_folder(pgdata, f"it belongs to user number {owner}")
    try:
        user = pwd.getpwuid(owner) if owner else pwd.getpwnam("postgres")
    except KeyError as error:
        raise Unavailable(
            "no_server_user",
            zh=f"运行数据库的用户不存在（{error.args[0]}）。数据库不能以 root 运行，"
            "请安装 postgresql-common 或新建用户 postgres。",
            en=f"There is no user to run the database as ({error.args[0]}); it can't run as root. Install"
            " postgresql-common or add a user postgres.",
        ) from error
    if me == 0 and not _may_enter(data_dir, user):
        raise unusable_folder(data_dir, f"user {user.pw_name}, who runs the server, can't enter it")
    return user


def prepare_data_dir(data_dir: Path) -> None:
    """Make the data folder; root gives a new or empty one to user ``postgres``.

    Raises
    ------
    Unavailable
        The folder can't be made or is no folder.
    """
    try:
        data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
        if os.geteuid() == 0 and data_dir.stat().st_uid == 0 and not any(data_dir.iterdir()):
            user = pwd.getpwnam("postgres")
            os.chown(data_dir, user.pw_uid, user.pw_gid)
    except OSError as error:
        raise unusable_folder(data_dir, str(error)) from error
    except KeyError:
        pass  # server_user tells it in words


def make_dir(path: Path, user: pwd.struct_passwd) -> None:
    """Make a folder that is the server's alone, and refuse one that is somebody else's.

    Raises
    ------
    Unavailable
        A link, a file, or another user's folder stands there.
    """
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(path, user.pw_uid, user.pw_gid)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.pw_uid:
        raise unusable_folder(path, f"it is not a folder of user {user.pw_name}")
    if found.st_mode & 0o077:
        path.chmod(0o700)


def socket_dir(data_dir: Path) -> Path:
    """Folder of the Unix socket: in the data folder, or a short one where that path would be too long.

    A path with a character that server settings read as punctuation is treated as too long.
    """
    own = data_dir / "socket"
    if len(os.fsencode(own)) <= SOCKET_PATH_MAX and _PLAIN_PATH.fullmatch(str(own)):
        return own
    name = f"wangge-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "") if os.geteuid() else ""
    if runtime and len(runtime) < 60 and os.access(runtime, os.W_OK) and _PLAIN_PATH.fullmatch(runtime):
        return Path(runtime) / name
    return Path("/tmp") / f"{name}-{os.geteuid()}"  # noqa: S108 - make_dir refuses another user's


def write_config(pgdata: Path, socket: Path, user: pwd.struct_passwd, *, role: str, durable: bool) -> None:
    """Write the server's settings, and who may connect by the socket: the owner, postgres and root."""
    on = "on" if durable else "off"
    settings = [
        "listen_addresses = ''",
        f"unix_socket_directories = '{socket}'",
        "unix_socket_permissions = 0700",
        "port = 5432",
        "max_connections = 100",
        "shared_buffers = 128MB",
        "work_mem = 32MB",
        "jit = off",
        "timezone = 'Asia/Shanghai'",
        "log_timezone = 'Asia/Shanghai'",
        "lc_messages = 'C.UTF-8'",
        f"fsync = {on}",
        f"synchronous_commit = {on}",
        f"full_page_writes = {on}",
    ]
    names = sorted({user.pw_name, "postgres", "root"})
    files = {
        "postgresql.conf": settings,
        "pg_hba.conf": ["local all all peer map=wangge"],
        "pg_ident.conf": [f'wangge "{name}" {role}' for name in names],
    }
    for name, lines in files.items():
        with tempfile.NamedTemporaryFile("w", dir=pgdata, prefix=f"{name}.", delete=False) as file:
            file.write("# Written by wangge at every start of the server.\n" + "\n".join(lines) + "\n")
        if os.geteuid() == 0:
            os.chown(file.name, user.pw_uid, user.pw_gid)
        Path(file.name).replace(pgdata / name)


def run(
    server: Server, program: str, options: list[str], user: pwd.struct_passwd, *, log: Path | None = None
) -> None:
    """Run a program of the server as its user, in a session of its own so that Ctrl-C does not reach it.

    Raises
    ------
    Unavailable
        ``server_failed``, with the end of what it wrote.
    """
    environment = {"PATH": f"{server.bin_dir}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": user.pw_dir}
    begin = log.stat().st_size if log and log.exists() else 0
    # A file, not a pipe: the server started by pg_ctl inherits it, and a pipe would never be closed.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(  # noqa: S603 - programs of the distribution, arguments of our own
            [str(server.bin_dir / program), *options],
            env=environment, cwd="/", start_new_session=True, check=False,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **_as_user(user),
        )  # fmt: skip
        output.seek(0)
        said = output.read().decode(errors="replace")
    if done.returncode == 0:
        return
    if log and log.exists():
        said += log.read_bytes()[begin:].decode(errors="replace")
    tail = "\n".join(said.strip().splitlines()[-12:])
    raise Unavailable(
        "server_failed",
        zh=f"{program} 失败（PostgreSQL {server.version}）。输出：\n{tail}",
        en=f"{program} of PostgreSQL {server.version} failed. It said:\n{tail}",
        data={"program": program, "output": tail},
    )


def postmaster(pgdata: Path) -> Postmaster:
    """Read ``postmaster.pid``: line 1 the process, line 5 the socket's folder."""
    try:
        lines = (pgdata / "postmaster.pid").read_text().splitlines()
        socket = Path(lines[4].split(",")[0]) if len(lines) > 4 and lines[4] else None
        return Postmaster(int(lines[0]), socket)
    except (OSError, ValueError, IndexError):
        return Postmaster()


def processes_in(pgdata: Path) -> set[int]:
    """Process ids of every server process that works in a PGDATA folder, children of a killed server too.

    A process whose folder can't be told counts if ``postmaster.pid`` names it: better to wait for a stranger
    than to start a second server on the same data.
    """
    if not pgdata.exists():
        return set()
    home, found, hidden = pgdata.resolve(), set(), dict[int, tuple[int, int]]()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if not (process / "comm").read_text().startswith("postgres"):
                continue
            try:
                if (process / "cwd").readlink() == home:
                    found.add(int(process.name))
            except PermissionError:
                owner = process.stat()
                hidden[int(process.name)] = owner.st_uid, owner.st_gid
    told: set[int] = set()
    for uid, gid in set(hidden.values()):
        folders = _folders_of(uid, gid)
        told |= set(folders)
        found |= {pid for pid, folder in folders.items() if folder == home and pid in hidden}
    if (named := postmaster(pgdata).pid) in hidden.keys() - told:
        found.add(named)
    return found


def clear_stale(pgdata: Path) -> None:
    """Remove the ``postmaster.pid`` of a killed server once none of its processes is left.

    Its number may since have gone to another program, for which PostgreSQL would wait for ever.

    Raises
    ------
    Unavailable
        Processes of the killed server go on working in the folder.
    """
    until = time.monotonic() + ORPHANS_WAIT_S
    while left := processes_in(pgdata):
        if time.monotonic() > until:
            raise Unavailable(
                "orphans",
                zh=f"上一个数据库服务器被强制结束，但进程 {sorted(left)} 仍在运行。请结束它们后再试。",
                en=f"The last server was killed, but processes {sorted(left)} go on. End them and try again.",
                data={"pids": sorted(left)},
            )
        time.sleep(0.05)
    (pgdata / "postmaster.pid").unlink(missing_ok=True)


def unusable_folder(path: Path, why: str) -> Unavailable:
    """Make the error that says a folder can't be used, and what to do about it."""
    return Unavailable(
        "data_folder",
        zh=f"文件夹 {path} 不能用：{why}。请修改其权限，或用环境变量 WANGGE_DATA_DIR 另指一个文件夹。",
        en=f"The folder {path} can't be used: {why}. Change its rights, or name another in WANGGE_DATA_DIR.",
        data={"path": str(path)},
    )


def _wanted(version: int | None, servers: list[Server]) -> int:
    return version or max((server.version for server in servers), default=DEBIAN_VERSION)


def _has_postgis(bin_dir: Path, version: int) -> bool:
    share = [Path(f"/usr/share/postgresql/{version}"), bin_dir.parent / "share" / "postgresql",
             bin_dir.parent / "share"]  # fmt: skip
    config = bin_dir / "pg_config"
    if config.exists():
        share.append(Path(_answer([str(config), "--sharedir"])))
    return any((folder / "extension" / "postgis.control").exists() for folder in share)


def _answer(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _may_enter(path: Path, user: pwd.struct_passwd) -> bool:
    done = subprocess.run(  # noqa: S603
        ["/usr/bin/test", "-x", str(path)], check=False, cwd="/", **_as_user(user)
    )
    return bool(done.returncode == 0)


def _folders_of(uid: int, gid: int) -> dict[int, Path]:
    """Working folders of a user's processes, asked as that user.

    Root without CAP_SYS_PTRACE (as in containers) can't read them itself.
    """
    if os.geteuid() != 0:
        return {}
    done = subprocess.run(
        ["/usr/bin/find", "/proc", "-mindepth", "2", "-maxdepth", "2", "-name", "cwd",
         "-printf", r"%h\t%l\0"],
        check=False, cwd="/", user=uid, group=gid, extra_groups=[], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    rows = (row.partition("\t") for row in os.fsdecode(done.stdout).split("\0"))
    return {int(head[6:]): Path(folder) for head, _, folder in rows if folder and head[6:].isdigit()}


def _as_user(user: pwd.struct_passwd) -> dict[str, Any]:
    if os.geteuid() != 0 or user.pw_uid == 0:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "umask": 0o077}
