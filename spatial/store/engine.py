"""The store: one database, one pool, and a transaction a use case.

``with store.transaction() as tx`` commits at the end and rolls back on any error; `tx` goes first into every
function of the repositories.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from spatial.errors import BadParameter, Unavailable
from spatial.store.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Transaction = Connection
"""What the repositories take: a SQLAlchemy connection with one open transaction."""

POOL_SIZE = 12
"""Connections kept open: one for each thread that serves requests, and a few."""
MIGRATION_LOCK = 7_266_431_126
"""Key of the advisory lock that lets one process migrate at a time."""


class Store:
    """A migrated database.

    Parameters
    ----------
    engine
        SQLAlchemy engine of the database.
    cluster
        The private cluster that it lives in, acquired, or None.
    """

    def __init__(self, engine: sa.Engine, cluster: Cluster | None = None) -> None:
        self.engine = engine
        self.cluster = cluster

    @classmethod
    def open(
        cls, url: str | None = None, *, data_dir: Path | None = None, pool_size: int = POOL_SIZE
    ) -> Self:
        """Open a database and bring its tables up to date.

        Parameters
        ----------
        url
            ``postgresql://...``; None takes ``DATABASE_URL``, and where that is not set the private cluster.
        data_dir
            Data folder of the private cluster; None takes the default one.
        pool_size
            Connections kept open; as many again may come and go under load.

        Raises
        ------
        Unavailable
            The database does not answer, lacks PostGIS, or was made by a newer wangge.
        BadParameter
            The URL is none of PostgreSQL.
        """
        url = url or ("" if data_dir else os.environ.get("DATABASE_URL", ""))
        cluster = None if url else Cluster(data_dir)
        if cluster:
            cluster.acquire()
        try:
            address = _address(f"{cluster.url()}&port=5432" if cluster else url)
            engine = sa.create_engine(
                address, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True
            )
            store = cls(engine, cluster)
            store.migrate()
        except BaseException:
            if cluster:
                cluster.release()
            raise
        return store

    @property
    def url(self) -> str:
        """Address for psql and GDAL, with the password if there is one."""
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One transaction: committed at the end, rolled back on any error.

        Raises
        ------
        Unavailable
            The database does not answer, or went away half-way; nothing was kept.
        """
        try:
            connection = self.engine.connect()
        except OperationalError as error:
            raise _no_answer(self.engine, error) from error
        try:
            with connection, connection.begin():
                yield connection
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _no_answer(self.engine, error) from error
            raise

    def migrate(self) -> None:
        """Run the migrations up to the newest, one process at a time."""
        try:
            with self.transaction() as tx:
                tx.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                command.upgrade(migrations(tx), "head")
        except CommandError as error:
            raise Unavailable(
                "newer_database",
                zh=f"数据库由更新版本的 wangge 建立，请升级程序：{error}",
                en=f"The database was made by a newer wangge; upgrade the program: {error}",
            ) from error
        except DBAPIError as error:
            raise Unavailable(
                "migration_failed",
                zh=f"不能更新数据库的表：{error.orig}。"
                "该数据库需要 PostgreSQL 15、PostGIS 3.3，以及建立扩展的权限。",
                en=f"Can't bring the tables up to date: {error.orig}. The database needs PostgreSQL 15,"
                " PostGIS 3.3 and the right to create extensions.",
            ) from error

    def close(self) -> None:
        """Close every connection, and let go of the private cluster."""
        self.engine.dispose()
        if self.cluster:
            self.cluster.release()

    def __enter__(self) -> Self:
        """Use the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


class NestedStore(Store):
    """A store inside one outer transaction: what a test writes is gone when that is rolled back.

    Each `transaction` is a savepoint. There is one connection, so threads take turns.

    Parameters
    ----------
    connection
        A connection with its outer transaction begun.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.engine)
        self.connection = connection
        self._turn = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One savepoint: released at the end, rolled back on any error."""
        with self._turn, self.connection.begin_nested():
            yield self.connection

    def close(self) -> None:
        """Do nothing: who opened the connection closes it."""


def migrations(tx: Transaction) -> Config:
    """Alembic's configuration, bound to a transaction."""
    config = Config()
    config.set_main_option("script_location", str(files("spatial.store") / "migrations"))
    config.attributes["connection"] = tx
    return config


def _address(url: str) -> sa.URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _bad_url() from error
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise _bad_url()
    return parsed.set(drivername="postgresql+psycopg")


def _bad_url() -> BadParameter:
    return BadParameter(
        "bad_database_url",
        zh="DATABASE_URL 不是 PostgreSQL 地址，应形如 postgresql://用户:密码@主机/数据库。",
        en="DATABASE_URL is no PostgreSQL address; it looks like postgresql://user:password@host/database.",
    )


def _no_answer(engine: sa.Engine, error: DBAPIError) -> Unavailable:
    where = engine.url.render_as_string(hide_password=True)
    return Unavailable(
        "database_unavailable",
        zh=f"数据库没有应答（{where}）：{error.orig}",
        en=f"The database does not answer ({where}): {error.orig}",
    )
