"""The command line of duty: hazards, cases and staff taken in from files."""

# ruff: noqa: PLC0415 - each command imports what it needs, so that the others start at once

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.console import terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from spatial.store.engine import Store

hazards = typer.Typer(no_args_is_help=True, help="隐患点 / Hazard points.")
cases = typer.Typer(no_args_is_help=True, help="事件 / Cases.")
staff = typer.Typer(no_args_is_help=True, help="网格员队伍 / Staff.")

File = Annotated[Path, typer.Argument(metavar="FILE")]
Crs = Annotated[
    str | None, typer.Option("--crs", help="文件未注明时的坐标系 / system, where the file lacks it")
]
HazardForm = Literal["register", "nasa"]
CaseForm = Literal["register", "nyc311"]
Town = Annotated[str | None, typer.Option("--town", help="9 位乡镇编码 / the town's code, 9 digits")]


def attach(
    app: typer.Typer, opened: Callable[[], AbstractContextManager[Store]], who: Callable[[], str]
) -> None:
    """Add these commands to the command line; ``opened`` opens the store, ``who`` names the user."""
    app.add_typer(hazards, name="hazards")
    app.add_typer(cases, name="cases")
    app.add_typer(staff, name="staff")
    _given.update(opened=opened, who=who)


_given: dict[str, Any] = {}


@hazards.command("import")
def import_hazards(
    path: File, crs: Crs = None, town: Town = None,
    form: Annotated[HazardForm, typer.Option("--form", help="nasa: Global Landslide Catalog")] = "register",
) -> None:  # fmt: skip
    """导入隐患点台账 / Import a register of hazard points: XLSX, CSV, GeoPackage, GeoJSON ..."""
    from spatial import watch
    from spatial.readers.hazards import read_hazards
    from spatial.readers.landslides import read_landslides

    with _given["opened"]() as store:
        area = _ground(store, town)
        if form == "nasa":
            read = read_landslides(path, area=area)
        else:
            read = read_hazards(path, crs=crs, area=area, county=town[:6] if town else None)
        done = watch.import_hazards(store, read.hazards, town=town, **_source(path))
    _tell([*read.report, *done.report])
    terminal.rows(("new", "updated"), [(done.new, done.updated)])


@cases.command("import")
def import_cases(
    path: File, crs: Crs = None, town: Town = None,
    form: Annotated[CaseForm, typer.Option("--form", help="nyc311: New York, 311 records")] = "register",
) -> None:  # fmt: skip
    """导入事件台账 / Import a register of cases: XLSX or CSV."""
    from spatial import casework
    from spatial.readers.cases import read_cases
    from spatial.readers.requests311 import read_requests

    with _given["opened"]() as store:
        if form == "nyc311":
            read = read_requests(path)
        else:
            read = read_cases(path, crs=crs, area=_ground(store, town), county=town[:6] if town else None)
        done = casework.import_cases(store, read.cases, town=town, **_source(path))
    _tell([*read.report, *done.report])
    terminal.rows(("new", "known"), [(done.new, done.known)])


@cases.command("regrid")
def regrid_cases(
    town: Annotated[str, typer.Option("--town", help="9 位乡镇编码 / the town's code, 9 digits")],
) -> None:
    """未结事件改归现行网格 / Give open cases the grids in force, on the day an edition begins."""
    from spatial import casework

    with _given["opened"]() as store:
        terminal.rows(("regridded",), [(casework.regrid(store, town, who=_given["who"]()),)])


@staff.command("import")
def import_staff(path: File) -> None:
    """导入人员名册 / Import a staff list, XLSX or CSV, in place of that of the basic grids it names."""
    from spatial import staffing
    from spatial.readers.staff import read_staff

    read = read_staff(path)
    with _given["opened"]() as store:
        done = staffing.import_staff(store, read.staff, **_source(path))
    _tell([*read.report, *done.report])
    terminal.rows(("held",), [(done.held,)])


def _source(path: Path) -> dict[str, str]:
    """Say for the report which file it was, and who took it in."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"who": _given["who"](), "file": path.name, "source_sha": digest}


def _ground(store: Store, town: str | None) -> Any:
    """Give a town's ground in EPSG:4326, to tell swapped and stray points by; None where none is named."""
    import shapely

    from spatial.store import places

    if town is None:
        return None
    with store.transaction() as tx:
        found = places.town_of(tx, town)
        outlines = list(places.outlines(tx, found).values())
    return found.lattice.to_lonlat(shapely.union_all(outlines)) if outlines else None


def _tell(report: list[Any]) -> None:
    heads = [terminal.words(zh, en) for zh, en in (
        ("图层", "layer"), ("行", "row"), ("对象", "ref"), ("处理", "action"),
        ("代码", "code"), ("说明", "what"),
    )]  # fmt: skip
    lines = [(r.layer, r.row, r.ref, r.action, r.code, terminal.words(r.zh, r.en)) for r in report]
    terminal.rows(heads, lines, err=True)
