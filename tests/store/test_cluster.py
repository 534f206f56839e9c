"""Faults of the private cluster: killed processes, half-done folders, missing servers, long paths."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from spatial.errors import Unavailable
from spatial.store import server
from spatial.store.cluster import Cluster, default_data_dir

ROOT = Path(__file__).resolve().parents[2]
ANSWER = """
import signal, sys, time
from pathlib import Path
import psycopg
from spatial.store.cluster import Cluster
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background has it ignored
cluster = Cluster(Path(sys.argv[1]), durable=False)
cluster.acquire()
with psycopg.connect(cluster.url()) as connection:
    version = connection.execute("SELECT postgis_lib_version()").fetchone()[0]
print(version, flush=True)
if len(sys.argv) > 2:
    time.sleep(float(sys.argv[2]))
cluster.release()
"""


def python_of(user):
    """An interpreter that a user can run with our packages: ours may live in root's home."""
    packages = [str(Path(psycopg.__file__).resolve().parents[1]), str(ROOT / "spatial")]
    ours = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, ours):
        tests = " -a ".join(f"-r {path}" for path in [python, *packages]).split()
        done = subprocess.run(
            ["test", *tests], check=False, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/"
        )
        if done.returncode == 0:
            return python
    return pytest.skip(f"user {user.pw_name} can't read {ROOT}, its packages or a Python like ours")


def child(data_dir, *arguments, user=None):
    python = python_of(user) if user else sys.executable
    path = f"{ROOT}:{Path(psycopg.__file__).resolve().parents[1]}"
    extra = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return subprocess.Popen(
        [python, "-c", ANSWER, str(data_dir), *map(str, arguments)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}, **extra,
    )  # fmt: skip


def postgis_of(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.strip()


@pytest.fixture
def data_dir():
    """A folder that the server's user can enter: pytest's own are closed to user postgres."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-test-"))
    yield folder
    Cluster(folder, durable=False).stop(force=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def made():
    """A stopped cluster, made once and copied where a test needs one quickly."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-test-made-"))
    with Cluster(folder, durable=False):
        pass
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ready(made, data_dir):
    """A data folder whose cluster is made and stopped."""
    subprocess.run(["cp", "-a", f"{made}/.", str(data_dir)], check=True)
    return data_dir


def test_starts_from_nothing_answers_and_stops(data_dir):
    cluster = Cluster(data_dir, durable=False)
    assert cluster.status().version is None
    with cluster:
        status = cluster.status()
        assert status.running
        assert cluster.url() == f"postgresql://wangge@/wangge?host={data_dir}/socket"
        with psycopg.connect(cluster.url()) as connection:
            extensions = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
            assert {"postgis", "btree_gist"} <= extensions
            shown = {
                name: connection.execute(f"SHOW {name}").fetchone()[0]
                for name in ("listen_addresses", "fsync", "server_encoding", "lc_collate")
            }
        assert shown == {
            "listen_addresses": "", "fsync": "off", "server_encoding": "UTF8", "lc_collate": "C.UTF-8",
        }  # fmt: skip
    assert not cluster.status().running
    assert server.processes_in(cluster.pgdata) == set()


def test_durable_unless_told(ready):
    with Cluster(ready) as cluster, psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_psql_takes_the_url_as_it_is(ready):
    with Cluster(ready, durable=False) as cluster:
        done = subprocess.run(
            ["psql", "-At", cluster.url(), "-c", "SELECT 7"], capture_output=True, text=True, check=True
        )
    assert done.stdout == "7\n"


def test_two_processes_starting_at_once_share_one_server(data_dir):
    both = [child(data_dir), child(data_dir)]
    assert len({postgis_of(process) for process in both}) == 1
    assert not Cluster(data_dir).status().running


def test_the_last_one_out_stops_it(ready):
    other = child(ready, 60)
    other.stdout.readline()
    cluster = Cluster(ready, durable=False)
    cluster.acquire()
    pid = cluster.status().pid
    other.send_signal(signal.SIGKILL)  # a user that never says goodbye
    other.wait()
    cluster.acquire()
    cluster.release()
    assert cluster.status().pid == pid
    cluster.release()
    assert not cluster.status().running


def test_a_user_leaving_does_not_stop_it_under_another(ready):
    other = child(ready, 60)
    other.stdout.readline()
    cluster = Cluster(ready, durable=False)
    with cluster:
        pass
    assert cluster.status().running
    assert cluster.stop() is False
    other.kill()
    other.wait()
    assert cluster.stop() is True
    assert not cluster.status().running


def test_kept_up_from_start_until_stop(ready):
    cluster = Cluster(ready, durable=False)
    assert cluster.start().kept
    with cluster:
        pass
    assert cluster.status().running
    assert Cluster(ready).stop()
    assert not cluster.status().running
    assert not cluster.status().kept


def test_the_server_killed_is_recovered_with_its_data(ready):
    cluster = Cluster(ready)  # with synchronous commit
    cluster.acquire()
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS a")
    os.kill(cluster.status().pid, signal.SIGKILL)
    again = Cluster(ready, durable=False)
    with again, psycopg.connect(again.url()) as connection:
        assert connection.execute("SELECT a FROM kept").fetchone() == (1,)
    cluster.release()


def test_a_stale_pid_that_is_another_program_now(ready):
    (ready / "postgres" / "postmaster.pid").write_text(
        f"{os.getppid()}\n{ready}/postgres\n1\n5432\n/nowhere\n"
    )
    with Cluster(ready, durable=False) as cluster:
        assert cluster.status().running


def test_a_killed_initdb_is_done_again(data_dir):
    server.prepare_data_dir(data_dir)
    half_done = data_dir / "postgres.new"
    half_done.mkdir()
    (half_done / "PG_VERSION").write_text("15\n")
    with Cluster(data_dir, durable=False) as cluster:
        assert cluster.status().running
    assert not half_done.exists()


def test_a_start_killed_before_the_database_was_made(ready):
    cluster = Cluster(ready, durable=False)
    with cluster, psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE wangge")
    with cluster, psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT postgis_lib_version()").fetchone()


def test_a_long_or_odd_path_gets_a_short_socket(ready):
    deep = ready / ("很长的路径" * 5) / ("x" * 60)
    deep.parent.mkdir()
    deep.parent.chmod(0o755)
    deep.mkdir()
    for part in ("postgres", "socket"):
        (ready / part).rename(deep / part)
    shutil.chown(deep, (deep / "postgres").stat().st_uid)
    cluster = Cluster(deep, durable=False)
    with cluster, psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        folder = cluster.status().socket
        assert len(os.fsencode(folder)) <= server.SOCKET_PATH_MAX
        assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(Unavailable, match="can't be used"):
        server.make_dir(tmp_path / "link", pwd.getpwuid(os.geteuid()))


def test_ctrl_c_does_not_reach_the_server(ready):
    process = subprocess.Popen(
        [sys.executable, "-c", ANSWER, str(ready), "60"], cwd=ROOT, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    process.stdout.readline()
    pid = Cluster(ready).status().pid
    assert os.getpgid(pid) != os.getpgid(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=30)
    until = time.monotonic() + 10
    while Cluster(ready).status().running and time.monotonic() < until:
        time.sleep(0.05)
    log = (ready / "postgres" / "server.log").read_text()
    assert "received fast shutdown request" in log
    assert "database system is shut down" in log


def test_words_where_postgis_is_missing(monkeypatch, data_dir):
    monkeypatch.setattr(server, "find_servers", list)
    with pytest.raises(Unavailable) as caught:
        Cluster(data_dir).acquire()
    assert caught.value.code == "postgis_missing"
    assert caught.value.data["install"] == "apt-get install postgresql-15-postgis-3"
    assert "apt-get install postgresql-15-postgis-3" in caught.value.zh


def test_words_where_the_server_has_no_postgis(monkeypatch, data_dir):
    monkeypatch.setattr(server, "find_servers", lambda: [server.Server(17, Path("/nowhere"), postgis=False)])
    with pytest.raises(Unavailable) as caught:
        Cluster(data_dir).acquire()
    assert caught.value.data["install"] == "apt-get install postgresql-17-postgis-3"


def test_words_where_the_folder_needs_a_server_that_is_not_here(ready):
    (ready / "postgres" / "PG_VERSION").write_text("13\n")
    with pytest.raises(Unavailable) as caught:
        Cluster(ready).acquire()
    assert caught.value.code == "postgres_version_missing"
    assert "PostgreSQL 13" in caught.value.zh
    assert caught.value.data["install"] == "apt-get install postgresql-13-postgis-3"
    (ready / "postgres" / "PG_VERSION").write_text("15\n")


def test_the_folder_decides_the_version_not_the_newest(monkeypatch):
    there = [server.Server(17, Path("/a"), postgis=True), server.Server(15, Path("/b"), postgis=True)]
    monkeypatch.setattr(server, "find_servers", lambda: there)
    assert server.find_server(15).version == 15
    assert server.find_server(None).version == 17


def test_where_the_data_lie(monkeypatch):
    monkeypatch.setenv("WANGGE_DATA_DIR", "/srv/somewhere")
    assert default_data_dir() == Path("/srv/somewhere")
    monkeypatch.delenv("WANGGE_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", "/home/li/data")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert default_data_dir() == Path("/home/li/data/wangge")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/wangge")


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@needs_root
def test_as_root_the_server_is_postgres_own(data_dir):
    with Cluster(data_dir, durable=False) as cluster:
        assert pwd.getpwuid(cluster.pgdata.stat().st_uid).pw_name == "postgres"
        assert pwd.getpwuid(Path(f"/proc/{cluster.status().pid}").stat().st_uid).pw_name == "postgres"


@needs_root
def test_as_root_a_folder_that_postgres_cannot_enter_is_named(tmp_path):
    tmp_path.chmod(0o700)
    with pytest.raises(Unavailable, match="postgres"):
        Cluster(tmp_path / "inside").acquire()


@needs_root
def test_as_a_user(data_dir):
    user = pwd.getpwnam("nobody")
    os.chown(data_dir, user.pw_uid, user.pw_gid)
    first = child(data_dir, 60, user=user)
    assert first.stdout.readline().startswith("3.")
    assert (data_dir / "postgres").stat().st_uid == user.pw_uid
    assert postgis_of(child(data_dir)).startswith("3.")  # root beside them: the same server
    pid = Cluster(data_dir).status().pid
    assert Path(f"/proc/{pid}").stat().st_uid == user.pw_uid
    first.kill()
    first.wait()
    os.kill(pid, signal.SIGKILL)
    assert postgis_of(child(data_dir, user=user)).startswith("3.")
    assert not Cluster(data_dir).status().running


@needs_root
def test_a_user_is_told_that_the_data_are_somebody_elses(ready):
    done = child(ready, user=pwd.getpwnam("nobody"))
    _, err = done.communicate(timeout=60)
    assert "Unavailable" in err
    assert "can't be used" in err
