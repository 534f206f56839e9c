"""The command line's proposals: one plan an area, alternatives that differ, so many people of a post."""

# ruff: noqa: PLC0415 - each command imports what it needs, so that the others start at once

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api import cli_why
from api.console import terminal
from spatial.errors import BadParameter, Where

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from spatial.planning.choosing import Alternatives
    from spatial.planning.views import ProposeResult
    from spatial.planning.wishes import Burden, Wishes
    from spatial.store.engine import Store

HEADS = ("area", "plan", "edition", "level", "grids", "dedicated", "in_band", "out_of_band", "households")
Area = Annotated[
    str, typer.Option("--area", help="9 位乡镇或 12 位基础网格 / 9 digits a town, 12 a basic grid")
]
Targets = Annotated[
    list[str] | None, typer.Option("--targets", help="community=60,212,1113 (可重复 / repeatable)")
]
Staff = Annotated[
    list[str] | None, typer.Option("--staff", help="liaison=55, 网格助理员=12 (可重复 / repeatable)")
]
Weight = Annotated[
    list[str] | None,
    typer.Option("--weight", help="features|shape|zones|affinity|keep|load=0..10, 1 = 常规 / usual"),
]
Load = Annotated[
    list[str] | None,
    typer.Option("--load", help="households=1, cases=0.5, hazards=2：各格负荷相近 / spread evenly"),
]
Loads = Annotated[
    Path | None, typer.Option("--loads", help="负荷表 bid[,stairwell],load / a table of loads, XLSX or CSV")
]
Base = Annotated[
    int | None, typer.Option("--base-plan", min=1, help="锁定的网格与边界不动，其余重划 / keep its locks")
]
Part = Annotated[
    Path | None, typer.Option("--within", help="只重划此面碰到的网格 / only grids it touches, GeoJSON")
]
Borders = Annotated[
    Path | None, typer.Option("--borders", help="必须作边界的线 / lines that must be borders, GeoJSON")
]
Pairs = Annotated[list[str] | None, typer.Option(help="单元对 3,4（可重复）/ a pair of cells")]


def attach(
    app: typer.Typer,
    opened: Callable[[], AbstractContextManager[Store]],
    who: Callable[[], str],
    day: Callable[[str | None], dt.date | None],
) -> None:
    """Add the command to the command line; ``opened`` opens the store, ``day`` reads a day."""
    app.command()(propose)
    _given.update(opened=opened, who=who, day=day)


_given: dict[str, Any] = {}


def propose(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    area: Area,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    targets: Targets = None, staff: Staff = None, weight: Weight = None, base_plan: Base = None,
    within: Part = None, borders: Borders = None, apart: Pairs = None, together: Pairs = None,
    alternatives: Annotated[
        int | None, typer.Option(min=2, max=5, help="几个真正不同的方案 / plans that really differ")
    ] = None,
    load: Load = None, loads: Loads = None,
    mode: Annotated[str, typer.Option(help="fast | best：约二十倍时间 / some twenty times as long")] = "fast",
    limit: Annotated[
        float | None,
        typer.Option("--limit", metavar="SECONDS", help="到时取当时最好的，并注明不可重现 / best so far"),
    ] = None,
    publish: Annotated[bool, typer.Option("--publish", help="立即发布 / publish at once")] = False,
    valid_from: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD")] = None,
) -> None:  # fmt: skip
    """提出方案 / Propose plans for a basic grid, or for each of a town's."""
    from spatial import planning
    from spatial.planning.wishes import Wishes, weights_of

    wanted = dict(target(text) for text in targets) if targets else None
    people = dict(_number(text, "staff", int) for text in staff) if staff else None
    weights = weights_of(dict(_number(text, "weight", float) for text in weight)) if weight else None
    wishes = Wishes(
        weights=weights, base_plan=base_plan, within=_geometry(within, "Polygon") if within else None,
        apart=_pairs(apart, "apart"), together=_pairs(together, "together"),
        borders=tuple(_lines(borders)) if borders else (), mode=_mode(mode), limit_s=limit,
        loads=dict(_number(text, "load", float) for text in load or ()), burdens=_burdens(loads),
    )  # fmt: skip
    if alternatives is not None:
        _alternatives(area, alternatives, seed, wanted, wishes, clash=bool(people or weights or publish))
        return
    if wanted and people:
        raise typer.BadParameter("--targets | --staff", param_hint="--staff")
    day = _given["day"](valid_from)
    with _given["opened"]() as store, terminal.progress() as progress:
        results = planning.propose(
            store, area, who=_given["who"](), seed=seed, targets=wanted, staff=people, wishes=wishes,
            publish=publish, valid_from=day, progress=progress, foreseen=cli_why.foreseen,
        )  # fmt: skip
    terminal.rows(HEADS, rows(results))
    for note in (note for one in results for note in one.notes if note["code"] == "not_reproducible"):
        terminal.note(note["zh"], note["en"])


def rows(results: Iterable[ProposeResult]) -> list[tuple[object, ...]]:
    """Write a row a level of each plan."""
    return [
        (r.area_code, r.plan_id, r.edition_id, s.level, s.grids, s.dedicated, s.in_band, s.out_of_band,
         s.households)
        for r in results
        for s in r.levels
    ]  # fmt: skip


def _alternatives(area: str, count: int, seed: int, targets: Any, wishes: Wishes, *, clash: bool) -> None:
    """Propose alternatives; print their plans, one table of figures, and how far they differ."""
    from api import comparing
    from spatial import planning

    if clash:
        raise typer.BadParameter("--weight, --staff, --publish", param_hint="--alternatives")
    with _given["opened"]() as store, terminal.progress() as progress:
        made = planning.alternatives(
            store, area, who=_given["who"](), count=count, seed=seed, targets=targets, wishes=wishes,
            progress=progress,
        )  # fmt: skip
        cards = [[planning.score_plan(store, p.plan_id) for p in one.plans] for one in made.found]
    titles = [terminal.words(one.zh, one.en) for one in made.found]
    terminal.rows(
        (terminal.words("方案", "alternative"), *HEADS),
        [(title, *row) for title, one in zip(titles, made.found, strict=True) for row in rows(one.plans)],
    )
    for at, place in enumerate(made.found[0].plans):
        terminal.note(f"{place.area_name} {place.area_code}", f"{place.area_name} {place.area_code}")
        for head, lines in comparing.table([one[at] for one in cards], terminal.lang):
            terminal.rows((head, *titles), [(name, *values) for name, values in lines])
    _differences(made, titles, count)
    for at, place in enumerate(made.found[0].plans):
        ids = ",".join(str(one.plans[at].plan_id) for one in made.found)
        terminal.result(f"/maps/alternatives?area={place.area_code}&plans={ids}")


def _differences(made: Alternatives, titles: list[str], count: int) -> None:
    """Print how many households change grid between each pair, and whether there are fewer than asked."""
    levels = range(1, len(made.differences[0].moved) + 1) if made.differences else ()
    heads = [terminal.words(f"{n} 级换网格", f"level {n}, moved") for n in levels]
    terminal.rows(
        (terminal.words("两个方案", "pair"), *heads),
        [
            (f"{titles[d.one]} | {titles[d.other]}", *(f"{100 * share:.1f} %" for share in d.moved))
            for d in made.differences
        ],
    )
    if len(made.found) < count:
        terminal.note(
            f"真正不同的方案只有 {len(made.found)} 个，其余与之几乎相同，未保留。",
            f"Only {len(made.found)} really differ; the others were all but the same and are not kept.",
        )


def target(text: str) -> tuple[str, tuple[int, ...]]:
    """Read ``community=60,212,1113``."""
    division, _, numbers = text.partition("=")
    try:
        counts = tuple(int(n) for n in numbers.split(","))
    except ValueError:
        counts = ()
    if division not in {"community", "village"} or not counts or min(counts) < 1:
        raise BadParameter(
            "bad_targets",
            zh=f"--targets {text} 无法读取，应形如 community=60,212,1113 或 village=84,471。",
            en=f"--targets {text} can't be read; write community=60,212,1113 or village=84,471.",
            where=(Where(field="targets", value=text),),
        )
    return division, counts


def _number(text: str, flag: str, kind: type[Any]) -> tuple[str, Any]:
    """Read ``name=number``."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), kind(value)
    except ValueError as error:
        raise typer.BadParameter(f"{text}: {'liaison=55' if flag == 'staff' else 'features=1.5'}",
                                 param_hint=f"--{flag}") from error  # fmt: skip


def _burdens(path: Path | None) -> tuple[Burden, ...]:
    """Read a table of loads."""
    if path is None:
        return ()
    from spatial.planning.wishes import Burden
    from spatial.readers.loads import read_loads

    return tuple(Burden(*row) for row in read_loads(path))


def _mode(text: str) -> Literal["fast", "best"]:
    """Read the mode."""
    if text == "best":
        return "best"
    if text == "fast":
        return "fast"
    raise typer.BadParameter(f"{text}: fast | best", param_hint="--mode")


def _pairs(texts: list[str] | None, flag: str) -> tuple[tuple[int, int], ...]:
    """Read pairs of cells, ``3,4`` each."""
    try:
        found = [tuple(int(cell) for cell in text.split(",")) for text in texts or ()]
        return tuple((u, v) for u, v in found)
    except ValueError as error:
        raise typer.BadParameter(f"{texts}: 3,4", param_hint=f"--{flag}") from error


def _features(path: Path) -> list[dict[str, Any]]:
    """Geometries of a GeoJSON file, EPSG:4326."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        found = [one["geometry"] for one in read["features"]] if read.get("features") else [read]
        return [one["geometry"] if one.get("type") == "Feature" else one for one in found]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise BadParameter(
            "bad_geojson",
            zh=f"{path} 不是可读的 GeoJSON 文件（WGS 84）。",
            en=f"{path} is no GeoJSON file that can be read (WGS 84).",
            where=(Where(field="geometry", value=str(path)),),
        ) from error


def _geometry(path: Path, kind: str) -> dict[str, Any]:
    """Give the one geometry of a kind."""
    found = [one for one in _features(path) if one.get("type") in {kind, f"Multi{kind}"}]
    if len(found) != 1:
        raise typer.BadParameter(f"{path}: 1 {kind}", param_hint="--within")
    return found[0]


def _lines(path: Path) -> list[dict[str, Any]]:
    found = [one for one in _features(path) if one.get("type") in {"LineString", "MultiLineString"}]
    if not found:
        raise typer.BadParameter(f"{path}: LineString", param_hint="--borders")
    return found
