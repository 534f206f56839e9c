"""The command line's overview of a town: the page's table, or its JSON."""

# ruff: noqa: PLC0415 - each command imports what it needs, so that the others start at once

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.console import terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from spatial.store.engine import Store

Area = Annotated[
    str | None, typer.Option("--area", help="9 位乡镇或 12 位基础网格 / 9 digits a town, 12 a basic grid")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


def attach(app: typer.Typer, opened: Callable[[], AbstractContextManager[Store]]) -> None:
    """Add the command to the command line; ``opened`` opens the store."""
    app.command()(overview)
    _given.update(opened=opened)


_given: dict[str, Any] = {}


def overview(area: Area = None, as_json: AsJson = False) -> None:
    """全镇概况：目标、现有、达标、岗位、事件 / A town at a glance: wanted, in force, in band, duty."""
    from api import overview as table
    from spatial import overview as figures

    with _given["opened"]() as store:
        found = figures.overview(store, area)
    if as_json:
        plain = {name: value for name, value in vars(found).items() if name != "outlines"}
        terminal.result(json.dumps(plain, default=_plain, ensure_ascii=False))
        return
    if not terminal.out.is_terminal:
        terminal.rows(table.heads(terminal.lang), table.rows(found, terminal.lang))
        return
    terminal.rows([terminal.words(zh, en) for zh, en in table.SHORT_HEADS], table.short_rows(found))
    terminal.note(f"{found.day}，第 {found.release} 次发布", f"{found.day}, release {found.release}")


def _plain(value: object) -> object:
    """Write what JSON has no word for."""
    return asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)  # type: ignore[call-overload]
