"""The command line's worker."""

# ruff: noqa: PLC0415 - each command imports what it needs, so that the others start at once

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.console import terminal
from spatial.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from spatial.store.engine import Store


def attach(app: typer.Typer, opened: Callable[[], AbstractContextManager[Store]]) -> None:
    """Add the command to the command line; ``opened`` opens the store."""
    app.command()(worker)
    _given.update(opened=opened)


_given: dict[str, Any] = {}


def worker(
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """处理排队的任务 / Work on queued jobs; run as many as you like, on one DATABASE_URL."""
    from procrastinate.exceptions import ConnectorException

    from api import worker as working

    with _given["opened"]() as store:
        if not with_parent:
            terminal.note("等待任务，按 Ctrl-C 停止。", "Waiting for jobs; stop with Ctrl-C.")
        try:
            working.run(store, with_parent=with_parent)
        except ConnectorException as error:
            raise Unavailable(
                "database_unavailable",
                zh=f"处理进程与数据库断开：{error}",
                en=f"The worker lost the database: {error}",
            ) from error
