"""The command line: one command a job. Results on stdout; exit status 1 for a refusal, 2 for wrong usage."""

# ruff: noqa: PLC0415 - each command imports what it needs, so that the others start at once

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import sys
import tempfile
import traceback
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from api import (
    cli_check,
    cli_disputes,
    cli_duty,
    cli_jobs,
    cli_overview,
    cli_propose,
    cli_score,
    cli_start,
    cli_why,
)
from api.console import terminal
from api.settings import Lang, Settings
from spatial.errors import NotFound, WanggeError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from spatial.store.engine import Store


INTERRUPTED = 130
"""Exit status of what Ctrl-C stopped, as a shell gives it."""


class _Commands(TyperGroup):
    """Commands whose errors are told in words, with exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command, and tell its error."""
        try:
            return super().invoke(ctx)
        except WanggeError as error:
            terminal.error(error)
            raise typer.Exit(1) from error
        except KeyboardInterrupt as stopped:
            terminal.note("已取消，未保留任何结果。", "Cancelled; nothing was kept.")
            raise typer.Exit(INTERRUPTED) from stopped


app = typer.Typer(
    cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="基层治理网格 / Grids of grassroots governance that follow the ground.",
)  # fmt: skip
db = typer.Typer(no_args_is_help=True, help="私有数据库 / The private PostGIS.")
key = typer.Typer(no_args_is_help=True, help="接口密钥 / API keys.")
app.add_typer(db, name="db")
app.add_typer(key, name="key")

Area = Annotated[
    str, typer.Option("--area", help="9 位乡镇或 12 位基础网格 / 9 digits a town, 12 a basic grid")
]
Crs = Annotated[str, typer.Option("--crs", help="wgs84, cgcs2000, gcj02, bd09, EPSG:n")]
DataFile = Annotated[Path, typer.Argument(metavar="PLACE.GPKG")]
CodeFlag = Annotated[str | None, typer.Option("--code", help="12 位编码 / the basic grid's code, 12 digits")]
DivisionFlag = Annotated[str | None, typer.Option("--division", help="community | village")]
NameFlag = Annotated[str | None, typer.Option("--name", help="名称 / the basic grid's name")]
CrsFlag = Annotated[
    str | None, typer.Option("--crs", help="文件未注明时的坐标系 / system, where the file lacks it")
]
ParentFlag = Annotated[str | None, typer.Option("--parent", help="9 位乡镇编码 / the town's code, 9 digits")]
MappingFlag = Annotated[Path | None, typer.Option("--mapping", help="对照表 / names of layers, columns")]
BoundaryFlag = Annotated[
    str | None,
    typer.Option("--boundary", help="边界文件或区名 / a file, or an area of the extract"),
]
RegisterFlag = Annotated[Path | None, typer.Option("--households", help="住户台账 / register, XLSX or CSV")]
ROLE_NAMES = ("reader", "inspector", "planner", "admin")


@app.callback()
def language(lang: Annotated[Lang, typer.Option("--lang", envvar="WANGGE_LANG")] = "zh") -> None:
    """Divide, publish and look up the grids of grassroots governance."""
    terminal.lang = lang


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(metavar="[PLACE.GPKG]")] = None,
    grids: Annotated[Path | None, typer.Option("--grids", help="结果网格 / the grids to be proved")] = None,
    area: Annotated[
        str | None, typer.Option("--area", help="不用文件，证明库中的乡镇或基础网格 / prove what is stored")
    ] = None,
    code: CodeFlag = None, division: DivisionFlag = None, name: NameFlag = None, crs: CrsFlag = None,
    parent: ParentFlag = None, mapping: MappingFlag = None, boundary: BoundaryFlag = None,
    households: RegisterFlag = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:  # fmt: skip
    """检查地方文件，并证明网格 / Check a place file, prove grids made from it, or a stored town."""
    from spatial import checking

    if (path is None) == (area is None):
        raise typer.BadParameter("PLACE.GPKG | --area CODE", param_hint="PLACE.GPKG")
    if area is not None:
        with _store() as store:
            cli_check.show(checking.check_town(store, area), as_json=as_json, each=True)
        return
    found = checking.check(
        path or "", grids, code=code, division=division, name=name, crs=crs, parent=parent, mapping=mapping,
        boundary=boundary, households=households,
    )  # fmt: skip
    if not as_json:
        _print_report(found.report)
    cli_check.show(found, as_json=as_json)


@app.command("import")
def import_(
    path: DataFile,
    code: CodeFlag = None, division: DivisionFlag = None, name: NameFlag = None, crs: CrsFlag = None,
    parent: ParentFlag = None, mapping: MappingFlag = None, boundary: BoundaryFlag = None,
    households: RegisterFlag = None,
) -> None:  # fmt: skip
    """导入地方文件 / Import a place file; flags fill what the file lacks."""
    from spatial import planning

    with _store() as store, terminal.progress() as progress:
        done = planning.import_place(
            store, path, code=code, division=division, name=name, crs=crs, parent=parent, mapping=mapping,
            boundary=boundary, households=households, progress=progress,
        )  # fmt: skip
    _print_report(done.report)
    cli_disputes.hint(done.report)
    heads = (
        "code", "name", "division", "ground", "new", "buildings", "households", "registered", "faces",
        "cells", "derived",
    )  # fmt: skip
    terminal.rows(heads, [astuple(area) for area in done.areas])


@app.command(context_settings={"ignore_unknown_options": True})
def locate(
    where: Annotated[str, typer.Argument(metavar="LON|POINTS.CSV")],
    lat: Annotated[str | None, typer.Argument(metavar="LAT")] = None,
    *,
    crs: Crs,
    at: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD")] = None,
    stairwell: Annotated[str | None, typer.Option()] = None,
    floor: Annotated[int | None, typer.Option()] = None,
    out: Annotated[Path | None, typer.Option(help="CSV")] = None,
) -> None:
    """定位网格 / Find the grid of a point, or of every point of a CSV file with columns lon, lat."""
    from spatial import lookup

    if lat is None:
        _locate_file(where, crs, out)
        return
    lon, lat_degrees = _degrees(where, "LON"), _degrees(lat, "LAT")
    with _store() as store:
        found = lookup.locate(
            store, lon, lat_degrees, crs, at=_day(at), stairwell=stairwell, floor=floor
        )  # fmt: skip
    terminal.result(json.dumps(asdict(found), ensure_ascii=False))


@app.command()
def export(area: Area, out: Annotated[Path, typer.Option("--out", metavar="GRIDS.GPKG")]) -> None:
    """导出现行网格 / Export the grids in force to a GeoPackage."""
    from spatial import lookup
    from spatial.writers import gridfile

    with _store() as store:
        grids, sample = lookup.grids(store, area=area), lookup.is_sample(store, [area])
    if grids.empty:
        raise NotFound(
            "nothing_published",
            zh=f"{area} 没有已发布的网格。请先用 wangge propose --area {area} --publish 发布。",
            en=f"{area} has no published grids. Publish first: wangge propose --area {area} --publish.",
            where=(Where(ref=area),),
        )
    gridfile.write_grids(out, grids, sample=sample)
    terminal.note(f"已写入 {len(grids)} 个网格：{out}", f"wrote {len(grids)} grids: {out}")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="默认只限本机 / default: this machine only")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535)] = None,
    *,
    worker: Annotated[
        bool, typer.Option(help="长任务由子进程处理；别处有 wangge worker 时可关 / work on jobs beside")
    ] = True,
) -> None:
    """启动网页与接口 / Serve the pages and the interface."""
    from api import serving, supervising

    serving.stop_on_signals()
    given = {"host": host, "port": port, "lang": terminal.lang}
    settings = Settings().model_copy(update={k: v for k, v in given.items() if v is not None})
    with _store() as store, supervising.worker() if worker else nullcontext():
        serving.serve(store, settings)


@app.command("sign-in-link")
def sign_in_link(
    role: Annotated[str, typer.Option(help="|".join(ROLE_NAMES))] = "admin",
    host: Annotated[str | None, typer.Option()] = None,
    port: Annotated[int | None, typer.Option()] = None,
) -> None:
    """新建一次性登录链接 / Make a one-time sign-in link."""
    from api import serving

    settings = Settings()
    base = serving.base_url(host or settings.host, port or settings.port)
    with _store() as store:
        goto = "/plan" if role == "planner" else None
        terminal.result(serving.sign_in_link(store, base, who=_who(), role=_role(role), goto=goto))


@db.command("start")
def db_start() -> None:
    """启动并保持 / Start the private PostGIS and keep it up."""
    _cluster().start()
    db_status()


@db.command("stop")
def db_stop(
    force: Annotated[bool, typer.Option("--force", help="即使有人在用 / even under its users")] = False,
) -> None:
    """停止 / Stop it, once its last user has gone."""
    down = _cluster().stop(force=force)
    terminal.note(
        *(("已停止", "stopped") if down else ("仍有程序在用，用完即停", "in use; stops after its last user"))
    )


@db.command("status")
def db_status() -> None:
    """状态 / Tell how it stands."""
    status = {**asdict(_cluster().status()), "url": _cluster().url()}
    terminal.rows(("cluster", "value"), list(status.items()))


@db.command("url")
def db_url() -> None:
    """地址 / Print its address on one line, as psql takes it."""
    terminal.result(Settings().database_url or _cluster().url())


@key.command("add")
def key_add(name: str, role: Annotated[str, typer.Option(help="|".join(ROLE_NAMES))] = "reader") -> None:
    """新建密钥，末行即密钥 / Make a key; the last line is the key alone, shown only now."""
    from spatial.store import keys

    with _store() as store, store.transaction() as tx:
        made = keys.add_key(tx, name, _role(role))
    terminal.note(f"密钥 {name}（{role}），只显示这一次：", f"Key {name} ({role}), shown only now:")
    terminal.result(made)


@key.command("list")
def key_list() -> None:
    """列出密钥 / List keys, not their secrets."""
    from spatial.store import keys

    with _store() as store, store.transaction() as tx:
        found = keys.list_keys(tx)
    terminal.rows(("id", "name", "role", "made_at", "revoked_at"), [astuple(row) for row in found])


@key.command("revoke")
def key_revoke(key_id: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """吊销密钥 / Revoke a key by its number in the list."""
    from spatial.store import keys

    with _store() as store, store.transaction() as tx:
        keys.revoke_key(tx, key_id)
    terminal.note(f"已吊销 {key_id}", f"revoked {key_id}")


def main() -> None:
    """Run the command line; a fault of the program itself ends in two lines and a file with the rest."""
    sys.excepthook = _fault
    app()


def _fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that the program is at fault, and keep the traceback for who mends it."""
    said = "".join(traceback.format_exception(kind, error, trace))
    with tempfile.NamedTemporaryFile("w", prefix="wangge-", suffix=".log", delete=False) as log:
        log.write(said)
    terminal.note(
        f"程序出错（{kind.__name__}），这是软件缺陷，没有保存任何内容。请把 {log.name} 发给我们。",
        f"The program is at fault ({kind.__name__}); nothing was kept. Please send us {log.name}.",
    )


@contextmanager
def _store() -> Iterator[Store]:
    from spatial.store.engine import Store

    settings = Settings()
    store = Store.open(settings.database_url, data_dir=settings.data_dir)
    try:
        yield store
    finally:
        store.close()


def _cluster() -> Any:
    from spatial.store.cluster import Cluster

    return Cluster(Settings().data_dir)


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _role(text: str) -> str:
    if text not in ROLE_NAMES:
        raise typer.BadParameter(f"{text}: {' | '.join(ROLE_NAMES)}", param_hint="--role")
    return text


def _day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text}: YYYY-MM-DD") from error


def _degrees(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}", param_hint=name) from error


def _locate_file(name: str, crs: str, out: Path | None) -> None:
    from api import points
    from spatial import lookup

    path = Path(name)
    if name.startswith("-") or not path.is_file():
        raise typer.BadParameter(f"{name!r}", param_hint="LON LAT | POINTS.CSV")
    frame = points.read_points(path)
    with _store() as store:
        answered = points.answers(frame, lookup.locate_many(store, frame[["lon", "lat"]], crs))
    if out is None:
        answered.to_csv(sys.stdout, index=False)
    else:
        answered.to_csv(out, index=False, encoding="utf-8-sig")


def _print_report(report: list[Any]) -> None:
    heads = (terminal.words("图层", "layer"), terminal.words("行", "row"), terminal.words("对象", "ref"),
             terminal.words("处理", "action"), "code", terminal.words("说明", "what"))  # fmt: skip
    rows = [(r.layer, r.row, r.ref, r.action, r.code, terminal.words(r.zh, r.en)) for r in report]
    terminal.rows(heads, rows, err=True)


cli_disputes.attach(app, _store, _who)
cli_duty.attach(app, _store, _who)
cli_jobs.attach(app, _store)
cli_overview.attach(app, _store)
cli_propose.attach(app, _store, _who, _day)
cli_score.attach(app, _store)
cli_start.attach(app, _store, _who)
cli_why.attach(app, _store)
