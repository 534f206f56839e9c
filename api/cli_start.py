"""The command line's way to begin a plan from the grids that a town has today."""

# ruff: noqa: PLC0415 - the command imports what it needs, so that the others start at once

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.console import terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from spatial.planning.todays import Begun
    from spatial.store.engine import Store

HEADS = ("area", "plan", "grids", "gaps", "gaps_m2", "overlaps", "overlaps_m2", "outside_m2", "moved_m2")
_given: dict[str, Any] = {}


def attach(
    app: typer.Typer, opened: Callable[[], AbstractContextManager[Store]], who: Callable[[], str]
) -> None:
    """Add the command to the command line; ``opened`` opens the store."""
    app.command()(start)
    _given.update(opened=opened, who=who)


def start(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="现有网格：GeoPackage、Shapefile、GeoJSON、KML；不给则取现行网格 / or those in force"
        ),
    ] = None,
    area: Annotated[str, typer.Option("--area", help="9 位乡镇或 12 位基础网格 / 9 or 12 digits")] = "",
    crs: Annotated[str | None, typer.Option("--crs", help="wgs84, cgcs2000, gcj02, bd09, EPSG:n")] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="对照表 / names of columns")] = None,
    mended: Annotated[
        Path | None, typer.Option("--mended", help="修补之处写成 GeoJSON / what was mended, as GeoJSON")
    ] = None,
) -> None:
    """从现有网格开始 / Begin plans from the grids that a town has today."""
    from spatial import planning

    if not area:
        raise typer.BadParameter("--area", param_hint="--area")
    with _given["opened"]() as store:
        begun = planning.start_from(store, area, file, who=_given["who"](), crs=crs, mapping=mapping)
    for row in [*begun.report, *(row for plan in begun.plans for row in plan.report)]:
        terminal.note(row.zh, row.en)
    terminal.rows(HEADS, [_row(plan) for plan in begun.plans])
    if mended is not None:
        _write(mended, begun.plans)


def _row(plan: Begun) -> tuple[object, ...]:
    by = plan.mended.groupby("kind")["m2"].agg(["size", "sum"])
    of = {kind: (int(by["size"].get(kind, 0)), round(float(by["sum"].get(kind, 0.0)), 1))
          for kind in ("gap", "overlap", "outside", "moved")}  # fmt: skip
    return (
        plan.area_code,
        plan.plan_id,
        plan.grids,
        *of["gap"],
        *of["overlap"],
        of["outside"][1],
        of["moved"][1],
    )


def _write(path: Path, plans: list[Begun]) -> None:
    import geopandas as gpd
    import pandas as pd

    from api.geojson import feature_collection

    frames = [plan.mended.assign(area=plan.area_code) for plan in plans]
    path.write_text(feature_collection(gpd.GeoDataFrame(pd.concat(frames), crs=4326)), encoding="utf-8")
