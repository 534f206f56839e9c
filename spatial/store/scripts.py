"""SQL that is too long to sit beside its use lies in sql/; this is the one loader of these files."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def read(name: str) -> str:
    """Text of one file of sql/."""
    return (files("spatial.store") / "sql" / name).read_text(encoding="utf-8")


def run_file(connection: Connection, name: str) -> None:
    """Run every statement of one .sql file, as it is: no parameters, no escapes."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    driver.cursor().execute(read(name))
