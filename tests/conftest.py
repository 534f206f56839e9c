"""The test database: one private cluster a worker, one migrated template, a rollback a test."""

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path

import psycopg
import pytest

from spatial.store.cluster import Cluster
from spatial.store.engine import NestedStore, Store

_numbers = count()


@pytest.fixture(scope="session")
def cluster():
    """A private cluster in a folder that the server's user can enter; nothing survives the run."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-tests-"))
    cluster = Cluster(folder, durable=False)
    cluster.acquire()
    yield cluster
    cluster.release()
    cluster.stop(force=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(cluster):
    """Name of a migrated database that others are copied from."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_wangge TEMPLATE wangge")
    Store.open(cluster.url("template_wangge")).close()
    return "template_wangge"


@pytest.fixture
def database_url(cluster, template):
    """A database of the test's own, migrated and empty; dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield cluster.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def real_store(database_url):
    """A store that commits, for tests with several connections, threads or processes."""
    with Store.open(database_url) as store:
        yield store


@pytest.fixture(scope="session")
def shared_store(cluster, template):
    """The database that `store` rolls back in; never write to it."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE shared TEMPLATE {template}")
    with Store.open(cluster.url("shared")) as store:
        yield store


@pytest.fixture
def store(shared_store):
    """A store whose transactions are savepoints of one that is rolled back after the test."""
    with shared_store.engine.connect() as connection:
        outer = connection.begin()
        yield NestedStore(connection)
        outer.rollback()


@pytest.fixture
def tx(store):
    """One transaction of `store`, rolled back after the test."""
    return store.connection
