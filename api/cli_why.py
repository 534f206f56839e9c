"""The command line of reasons: how many grids an area fits before anything is searched."""

# ruff: noqa: PLC0415 - each command imports what it needs, so that the others start at once

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from api.console import terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from spatial.planning.feasibility import AreaRange, LevelRange
    from spatial.store.engine import Store

HEADS = (
    ("编码", "area"), ("名称", "name"), ("级", "level"), ("岗位", "post"), ("区间", "band"),
    ("户数", "households"), ("最少", "low"), ("最多", "high"), ("目标规模", "aim"), ("专属", "dedicated"),
    ("可行", "fits"), ("说明", "what"),
)  # fmt: skip


def attach(app: typer.Typer, opened: Callable[[], AbstractContextManager[Store]]) -> None:
    """Add the commands to the command line; ``opened`` opens the store."""

    @app.command()
    def feasible(
        area: Annotated[
            str, typer.Option("--area", help="9 位乡镇或 12 位基础网格 / 9 digits a town, 12 a basic grid")
        ],
        *,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    ) -> None:
        """划分之前：各级能分几个网格，或为何不能 / How many grids fit at each level, or why not."""
        from spatial import planning

        with opened() as store:
            found = planning.feasible(store, area)
        if as_json:
            terminal.result(json.dumps([asdict(one) for one in found], ensure_ascii=False))
            return
        heads = [terminal.words(zh, en) for zh, en in HEADS]
        terminal.rows(heads, [_row(one, level) for one in found for level in one.levels])


def _row(one: AreaRange, level: LevelRange) -> list[object]:
    span = None if level.minimum is None else f"{level.minimum}-{level.maximum}"
    fits = terminal.words("是", "yes") if level.fits and one.households else terminal.words("否", "no")
    what = terminal.words(level.zh, level.en) if one.households else terminal.words(one.zh, one.en)
    return [
        one.area_code, one.area_name, level.level, terminal.words(level.post_zh, level.post_en), span,
        level.households, level.low, level.high, level.aim, level.dedicated, fits, what,
    ]  # fmt: skip


def foreseen(one: AreaRange) -> None:
    """Tell one area's numbers on a line, as a proposal starts."""
    terminal.note(f"{one.area_name} {one.area_code}：{one.zh}", f"{one.area_name} {one.area_code}: {one.en}")
