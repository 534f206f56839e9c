"""The command line of disputed ground: list it, assign a piece, or all the small ones at once."""

# ruff: noqa: PLC0415 - each command imports what it needs, so that the others start at once

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.console import terminal
from spatial.errors import BadParameter, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from spatial.ground.model import ReportRow
    from spatial.planning.disputes import DisputeView
    from spatial.store.engine import Store

disputes = typer.Typer(
    invoke_without_command=True, help="争议地：重叠与空隙 / Disputed ground: overlaps and gaps of outlines."
)
Area = Annotated[
    str | None, typer.Option("--area", help="9 位乡镇或 12 位基础网格 / 9 digits a town, 12 a basic grid")
]

_given: dict[str, Any] = {}


def attach(
    app: typer.Typer, opened: Callable[[], AbstractContextManager[Store]], who: Callable[[], str]
) -> None:
    """Add these commands to the command line; ``opened`` opens the store, ``who`` names the user."""
    app.add_typer(disputes, name="disputes")
    _given.update(opened=opened, who=who)


def hint(report: Iterable[ReportRow]) -> None:
    """Say after an import that disputed ground waits to be assigned, and where."""
    towns = sorted({str(row.ref)[:9] for row in report if row.action == "disputed"})
    for town in towns:
        terminal.note(
            f"有争议地，划定之前不能发布：wangge disputes --area {town}，或打开网页 /disputes?area={town}",
            f"Disputed ground blocks publishing: wangge disputes --area {town}, or /disputes?area={town}",
        )


@disputes.callback()
def list_disputes(context: typer.Context, area: Area = None) -> None:
    """列出争议地 / List the disputed ground of a town or basic grid."""
    from spatial import planning

    if context.invoked_subcommand is not None:
        return
    if area is None:
        raise typer.BadParameter("TOWN", param_hint="--area")
    with _given["opened"]() as store:
        found = planning.disputes(store, area)
    _print(found)
    if not found:
        terminal.note(f"{area} 没有争议地。", f"{area} has no disputed ground.")
        return
    m2 = sum(d.area_m2 for d in found)
    terminal.note(
        f"共 {len(found)} 处，{m2:,.1f} 平方米，划定之前相关基础网格不能发布。"
        "划定：wangge disputes assign 编号 --to 编码",
        f"{len(found)} pieces, {m2:,.1f} m²: the basic grids beside them are not published before each is"
        " assigned by wangge disputes assign ID --to CODE",
    )


@disputes.command("assign")
def assign(
    dispute: Annotated[int | None, typer.Argument(metavar="[ID]", min=1)] = None,
    to: Annotated[str | None, typer.Option("--to", help="12 位编码 / 12 digits")] = None,
    area: Area = None,
    below: Annotated[
        float | None,
        typer.Option("--below", min=0.0, metavar="M2", help="小于此面积的 / all below this area"),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / ask no more")] = False,
) -> None:
    """划定争议地 / Assign ID --to CODE, or --area TOWN --below M2: each to the longest common border."""
    if dispute is not None and to is not None and area is None and below is None:
        _assign({dispute: to})
    elif area is not None and below is not None and dispute is None and to is None:
        _assign_small(area, below, yes=yes)
    else:
        raise BadParameter(
            "bad_assignment",
            zh="请写：编号 --to 编码；或 --area 乡镇编码 --below 平方米。",
            en="Write either ID --to CODE, or --area TOWN --below M2.",
            where=(Where(field="assign"),),
        )


def _assign_small(area: str, below: float, *, yes: bool) -> None:
    """Assign all pieces below an area to whom they share most border with, once that has been looked at."""
    from spatial import planning

    with _given["opened"]() as store:
        small = [d for d in planning.disputes(store, area) if d.area_m2 < below]
    if not small:
        terminal.note(
            f"没有小于 {below:g} 平方米的争议地。", f"No disputed ground is smaller than {below:g} m²."
        )
        return
    _print(small, nearest=True)
    question = f"把这 {len(small)} 处划给公共边界最长的一方？", f"Assign these {len(small)} as shown?"
    if yes or typer.confirm(terminal.words(*question), err=True):
        _assign({d.id: d.nearest for d in small})


def _assign(wanted: dict[int, str]) -> None:
    from spatial import planning

    with _given["opened"]() as store, terminal.progress() as progress:
        done = planning.assign_disputes(store, wanted, who=_given["who"](), progress=progress)
    terminal.rows(("code", "ground"), sorted(done.items()))
    terminal.note(
        f"已划定 {len(wanted)} 处，重切了 {len(done)} 个基础网格的地块；请重新提出它们的方案。",
        f"{len(wanted)} assigned, the ground of {len(done)} basic grids cut anew: propose their plans again.",
    )


def _print(found: list[DisputeView], *, nearest: bool = False) -> None:
    """Print pieces as a table, with whom each lies between; with ``nearest`` whom it would go to."""
    heads = [
        terminal.words("编号", "id"), terminal.words("类型", "kind"), "m2",
        terminal.words("之间", "between"), terminal.words("公共边界（米）", "common border (m)"),
    ]  # fmt: skip
    rows: list[list[object]] = []
    for d in found:
        kind = terminal.words("重叠" if d.kind == "overlap" else "空隙", d.kind)
        sides = "; ".join(f"{code} {name}" for code, name in zip(d.codes, d.names, strict=True))
        row = [d.id, kind, f"{d.area_m2:.1f}", sides, "; ".join(f"{m:.1f}" for m in d.borders_m)]
        rows.append([*row, d.nearest] if nearest else row)
    terminal.rows([*heads, terminal.words("划给", "to")] if nearest else heads, rows)
