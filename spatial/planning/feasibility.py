"""Feasibility first: before any search, how many grids an area fits at each level, or why it can't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from spatial.errors import Infeasible
from spatial.partition.graph import cell_graph
from spatial.partition.outlook import outlook
from spatial.policy import LINGQUAN, POSTS, Policy
from spatial.store import grounds, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.ground.model import Ground
    from spatial.partition.graph import CellGraph
    from spatial.partition.outlook import LevelOutlook, Obstacle
    from spatial.store.engine import Store

FEW = 3
"""So many buildings are named at most in a sentence."""


class Said(NamedTuple):
    """A sentence in Chinese and English."""

    zh: str
    en: str


WHY = {
    "no_k": Said(
        "{h} 户分几个都不在 {low}-{high} 户内，分 {k} 个偏差最小（{off}）",
        "{h} households fit no number of grids of {low}-{high}; {k} err least, {off}",
    ),
    "lump": Said(
        "{n} 个不可再分的单元超过 {high} 户（最多 {h} 户）",
        "{n} indivisible cells hold more than {high} (at most {h})",
    ),
    "part": Said(
        "{n} 片四周没有可合并的单元，分几个都不在 {low}-{high} 户内（最大 {h} 户）",
        "{n} parts with nobody to join fit no number of grids of {low}-{high} (the largest {h})",
    ),
    "lumps": Said(
        "{h} 户的各单元怎样组合都不能全在 {low}-{high} 户内",
        "no combination of the cells of {h} households keeps all grids in {low}-{high}",
    ),
}
CLASH = Said(
    "{h} 户时各级的区间互相矛盾（本级 {low}-{high} 户）",
    "for {h} households the bands of the levels contradict each other (here {low}-{high})",
)


@dataclass(frozen=True)
class ObstacleView:
    """Ground of which some grid must be out of band; ``code`` as the grid's reason will be.

    ``grids`` is the number that errs least, ``deviation`` how far their mean lies outside the band, relative
    to the bound it breaks, ``buildings`` the buildings concerned.
    """

    code: str
    households: int
    grids: int
    deviation: float
    buildings: list[str]


@dataclass(frozen=True)
class LevelRange:
    """One level: between ``low`` and ``high`` ordinary grids fit, ``aim`` are nearest to the target size.

    ``minimum`` and ``maximum`` are the band, None where there is none; ``given`` says that the level is the
    villagers' groups as they stand; ``dedicated`` grids come on top; ``zh`` and ``en`` say it all in words.
    """

    level: int
    post_zh: str
    post_en: str
    minimum: int | None
    maximum: int | None
    households: int
    low: int
    high: int
    aim: int
    given: bool
    dedicated: int
    fits: bool
    obstacles: list[ObstacleView]
    zh: str
    en: str


@dataclass(frozen=True)
class AreaRange:
    """What one basic grid can be divided into."""

    area_code: str
    area_name: str
    division: str
    households: int
    registered: int
    fits: bool
    levels: list[LevelRange]
    zh: str
    en: str


def feasible(store: Store, area: str, *, policy: Policy = LINGQUAN) -> list[AreaRange]:
    """Say, before anything is searched, between how many grids each area fits, or why it does not.

    Parameters
    ----------
    store
        The database.
    area
        A basic grid (12 digits), or a town (9) for all of its basic grids that have a ground.
    policy
        Bands.

    Raises
    ------
    NotFound
        No such place.
    Infeasible
        ``no_ground``.
    """
    with store.transaction() as tx:
        found = [(basic.name, row) for basic in places.basic_of(tx, area)
                 if (row := grounds.latest(tx, basic.code))]  # fmt: skip
        if not found:
            raise Infeasible(
                "no_ground",
                zh=f"{area} 还没有导入地块数据，请先运行 wangge import。",
                en=f"{area} has no ground yet: run wangge import first.",
            )
        loaded = [(name, grounds.load_ground(tx, row.id)) for name, row in found]
    return [range_of(name, ground, cell_graph(ground, policy), policy) for name, ground in loaded]


def range_of(name: str, ground: Ground, graph: CellGraph, policy: Policy) -> AreaRange:
    """Say between how many grids one basic grid fits; see `feasible`."""
    levels = [_level(ground, one) for one in outlook(graph, ground.division, policy)]
    households = int(graph.households.sum())
    if not households:
        said = Said("没有住户，无法划分", "no household: nothing to divide")
    else:
        said = Said("；".join(x.zh for x in levels), "; ".join(x.en for x in levels))
    return AreaRange(
        ground.area_code, name, ground.division, households, int(graph.registered.sum()),
        bool(households) and all(x.fits for x in levels), levels, *said,
    )  # fmt: skip


def _level(ground: Ground, one: LevelOutlook) -> LevelRange:
    obstacles = [_obstacle(ground, found) for found in one.obstacles]
    said = _said(one, obstacles)
    return LevelRange(
        one.level, *POSTS[ground.division, one.level], one.band.minimum, one.band.maximum, one.households,
        one.low, one.high, one.aim, one.given, one.dedicated, one.fits, obstacles, *said,
    )  # fmt: skip


def _obstacle(ground: Ground, found: Obstacle) -> ObstacleView:
    bids = ground.cells["bid"].iloc[list(found.cells)]
    named = sorted({bid for bid in bids if isinstance(bid, str)})
    return ObstacleView(found.code, found.households, found.grids, found.deviation, named)


def _said(one: LevelOutlook, obstacles: Sequence[ObstacleView]) -> Said:
    """Say what a level may look like, in words."""
    span = str(one.low) if one.low == one.high else f"{one.low}-{one.high}"
    if one.given:
        zh, en = f"{one.level}级按村民小组 {span} 个", f"level {one.level}: the {span} villagers' groups"
    elif one.band.minimum is None:
        zh = f"{one.level}级不设户数区间，按每格 {one.band.target} 户约 {one.aim} 个"
        en = f"level {one.level}: no band; about {one.aim} grids of {one.band.target} households"
    else:
        zh = f"{one.level}级 {one.households} 户可分 {span} 个（目标规模约 {one.aim} 个）"
        en = f"level {one.level}: {one.households} households fit {span} grids, {one.aim} of the target size"
    if one.dedicated:
        zh, en = f"{zh}，另有专属网格 {one.dedicated} 个", f"{en}, and {one.dedicated} dedicated"
    why = [_why(one, code, [o for o in obstacles if o.code == code]) for code in _codes(obstacles)]
    return Said("，但".join([zh, *(w.zh for w in why)]), ", but ".join([en, *(w.en for w in why)]))


def _codes(obstacles: Sequence[ObstacleView]) -> list[str]:
    return list(dict.fromkeys(o.code for o in obstacles))


def _why(one: LevelOutlook, code: str, mine: Sequence[ObstacleView]) -> Said:
    """Say why some grids of a level can't be in band: all obstacles of one kind together."""
    largest = mine[0]
    template = CLASH if code == "no_k" and not largest.deviation else WHY[code]
    given = {
        "n": len(mine), "h": largest.households, "k": largest.grids, "off": f"{largest.deviation:.1%}",
        "low": one.band.minimum, "high": one.band.maximum,
    }  # fmt: skip
    named = _of(mine) if code != "no_k" else Said("", "")
    return Said(template.zh.format(**given) + named.zh, template.en.format(**given) + named.en)


def _of(mine: Sequence[ObstacleView]) -> Said:
    """Name some of the buildings concerned."""
    named = sorted({bid for o in mine for bid in o.buildings})
    if not named:
        return Said("", "")
    some, more = named[:FEW], len(named) > FEW
    return Said(f"：{'、'.join(some)}{'等' if more else ''}", f": {', '.join(some)}{' ...' if more else ''}")
