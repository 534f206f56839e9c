"""Begin a plan from the grids that a town has today: a file of polygons, or the edition in force."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.errors import BadCoordinates, Infeasible, Refused, Where
from spatial.ground.model import ReportRow
from spatial.planning.todays_rows import given_rows, set_aside
from spatial.plans.inheriting import adopt
from spatial.plans.nesting import nest
from spatial.plans.start import adopted_plan
from spatial.policy import LINGQUAN, Policy
from spatial.readers.hints import moved_share
from spatial.readers.oldgrids import OldGrids, read_old_grids
from spatial.store import editions, grounds, places, plans, todays

if TYPE_CHECKING:
    import os

    import pandas as pd

    from spatial.plans.nesting import OldTree
    from spatial.plans.tree import PlanState
    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class Begun:
    """A plan that began from today's grids of one basic grid.

    Parameters
    ----------
    area_code, area_name, plan_id
        The basic grid and the plan.
    grids
        Grids of the plan, all levels.
    mended
        One row = one piece of ground that was mended, the largest first: ``kind`` (gap, overlap, outside,
        moved), ``m2``, ``node`` and ``name`` of the grid that has it now (None outside); EPSG:4326.
    report
        Old grids that were set aside or got no ground.
    """

    area_code: str
    area_name: str
    plan_id: int
    grids: int
    mended: gpd.GeoDataFrame
    report: list[ReportRow] = field(default_factory=list)


@dataclass(frozen=True)
class Start:
    """Plans that began from today's grids, and what reading the file repaired, set aside or noted."""

    plans: list[Begun]
    report: list[ReportRow]


def start_from(
    store: Store,
    area: str,
    path: str | os.PathLike[str] | None = None,
    *,
    who: str,
    crs: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    policy: Policy = LINGQUAN,
) -> Start:
    """Begin plans from today's grids; one transaction.

    Every cell goes to the grid that covers most of its building, or of its ground where nothing stands; a gap
    goes to a neighbour. Codes and names of the old grids stay with the plan.

    Parameters
    ----------
    store
        The database.
    area
        A basic grid (12 digits), or a town (9) for all of its basic grids that the file has grids of.
    path
        File of polygons as `spatial.readers.oldgrids.read_old_grids` takes it; None: the edition in force.
    who
        Whose plan it is.
    crs, mapping
        System and names of columns of the file.
    policy
        Levels and spacings.

    Raises
    ------
    BadInput
        The file can't be read; ``todays_outside``: none of its grids lies in the area; ``todays_shifted``:
        they lie where another coordinate system would put them.
    Refused
        ``no_edition``: no file, and nothing in force.
    Infeasible
        ``no_ground``.
    """
    read = None if path is None else read_old_grids(path, crs=crs, mapping=mapping)
    with store.transaction() as tx:
        found = [(p.code, p.name, grounds.latest(tx, p.code)) for p in places.basic_of(tx, area)]
        ready = [(code, name, row.id) for code, name, row in found if row is not None]
        if not ready:
            raise Infeasible(
                "no_ground",
                zh=f"{area} 还没有导入地块数据，请先运行 wangge import。",
                en=f"{area} has no ground yet: run wangge import first.",
            )
        if read is None:
            return Start(_in_force(tx, area, ready, who, policy), [])
        _not_shifted(tx, area, read)
        begun = [one for one in (_from_file(tx, *row, read, who, policy) for row in ready) if one]
    if not begun:
        raise _outside(area, read)
    return Start(begun, read.report)


def mended(store: Store, plan_id: int) -> gpd.GeoDataFrame:
    """Read what was mended when a plan began: number, kind, m2, node, name of the grid; EPSG:4326.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    """
    with store.transaction() as tx:
        stored = plans.load(tx, plan_id)
        return _named(todays.mended(tx, plan_id), stored.state)


def _from_file(
    tx: Transaction, code: str, name: str, ground_id: int, read: OldGrids, who: str, policy: Policy
) -> Begun | None:
    """Begin one plan from a file; None where the file has no grid of this basic grid."""
    ground = grounds.load_ground(tx, ground_id)
    others = {p.code for p in places.list_places(tx) if p.code != code}
    old, report = given_rows(read.grids, ground, others)
    tree = nest(old, code, len(policy.bands[ground.division])) if len(old) else None
    if tree is None or not len(tree.leaves):
        return None
    adopted = adopt(ground, tree)
    state, nodes = adopted_plan(ground, name, tree, adopted.leaf, policy)
    plan_id = plans.create(
        tx, ground_id, state, who=who,
        about={"todays": {"file": read.file, "crs": read.crs}, "was": _was(tree, nodes)},
    )  # fmt: skip
    pieces = adopted.mended
    holder = [nodes.get(i) for i in pieces["gave_to"].tolist()]
    shown = gpd.GeoDataFrame(
        {"kind": pieces["kind"], "m2": pieces["m2"], "node": np.array(holder, dtype=object)},
        geometry=ground.lattice.to_lonlat(pieces["geometry"].to_numpy(object)), crs=4326,
    )  # fmt: skip
    todays.put(tx, plan_id, _origin(read.file, read.sha256, tree, nodes, adopted.leaf), shown)
    report += _lost(tree, nodes, ground.lattice)
    return Begun(code, name, plan_id, len(state.nodes) - 1, _named(shown, state), report)


def _was(tree: OldTree, nodes: dict[int, int]) -> dict[str, list[str | None]]:
    """Old code and name of each grid of the plan, by its id as JSON has it."""
    words = tree.grids[["code", "name"]].to_numpy(object)
    return {str(node): [*words[i]] for i, node in nodes.items()}


def _origin(
    file: str, sha: str | None, tree: OldTree, nodes: dict[int, int], leaf: np.ndarray[Any, Any]
) -> todays.Origin:
    rows = tree.grids[["level", "parent", "code", "name"]].itertuples(index=True)
    grids = [
        {"node": nodes.get(r.Index), "level": int(r.level), "parent": int(r.parent),
         "code": r.code, "name": r.name}
        for r in rows
    ]  # fmt: skip
    return todays.Origin(file, sha, grids, [int(i) for i in leaf])


def _named(frame: gpd.GeoDataFrame, state: PlanState) -> gpd.GeoDataFrame:
    """Add the name of the grid that holds each piece."""
    rows = frame["node"].astype("Int64")
    names = [None if node is None or node not in state.nodes else state.nodes[node].name
             for node in rows.astype(object).where(rows.notna(), None)]  # fmt: skip
    return frame.assign(node=rows, name=np.array(names, dtype=object))


def _lost(tree: OldTree, nodes: dict[int, int], lattice: Any) -> list[ReportRow]:
    """Say which old grids got no ground, and which lay too deep."""
    rows: pd.DataFrame = tree.grids
    said = []
    for i in [i for i in range(len(rows)) if i not in nodes]:
        title = rows["name"].iloc[i] or rows["code"].iloc[i] or str(i + 1)
        shape = rows["geometry"].iloc[i]
        place = None if shape is None else mapping(lattice.to_lonlat(shapely.point_on_surface(shape)))
        said.append(set_aside(
            "old_grid_lost", f"现有网格“{title}”没有分到任何单元（被别的网格盖住，或小于一个单元），未保留。",
            f"{title} covers most of no cell (another grid lies over it, or it is too small); not kept.",
            ref=title, geometry=place,
        ))  # fmt: skip
    if tree.deep:
        said.append(set_aside(
            "old_grids_deep", f"{tree.deep} 个网格的层级过深，已并入上级网格。",
            f"{tree.deep} grids lay deeper than there are levels; they joined what they lie in.",
        ))  # fmt: skip
    return said


def _in_force(
    tx: Transaction, area: str, ready: list[tuple[str, str, int]], who: str, policy: Policy
) -> list[Begun]:
    """Begin plans from editions in force; on an edition's own ground the plan is the same cell by cell."""
    begun = []
    for code, name, ground_id in ready:
        edition = editions.in_force(tx, code)
        if edition is None:
            continue
        rows = editions.grids(tx, edition_id=edition.id)
        kept = None if edition.plan_id is None else plans.load(tx, edition.plan_id)
        if kept is not None and kept.row.ground_id == ground_id:
            known = dict(zip(rows["node"], zip(rows["code"], rows["name"], strict=True), strict=True))
            was = {str(n): [*words] for n, words in known.items() if n}
            about = {"todays": {"edition": edition.id}, "was": was}
            plan_id = plans.create(tx, ground_id, kept.state.afresh(), who=who, about=about)
            none = gpd.GeoDataFrame({"kind": [], "m2": [], "node": []}, geometry=[], crs=4326)
            begun.append(Begun(code, name, plan_id, len(kept.state.nodes) - 1, _named(none, kept.state)))
            continue
        old = OldGrids(
            _as_old(rows), "EPSG:4326", told=True, file=f"edition {edition.id}", sha256="", report=[]
        )
        made = _from_file(tx, code, name, ground_id, old, who, policy)
        begun += [made] if made else []
    if not begun:
        raise Refused(
            "no_edition",
            zh=f"{area} 还没有生效的网格；请上传现有网格文件，或先提出方案。",
            en=f"{area} has no grids in force: give a file of today's grids, or propose new ones.",
        )
    return begun


def _as_old(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Grids of an edition as a file of old grids has them."""
    floors = rows["floors"].str.extract(r"\[(-?\d+),(-?\d+)\)")
    return rows.assign(low=floors[0].astype("Int64"), high=floors[1].astype("Int64") - 1)


def _not_shifted(tx: Transaction, area: str, read: OldGrids) -> None:
    """Refuse grids that lie where another coordinate system would put them."""
    if read.told:
        return
    town = places.town_of(tx, area)
    whole = town.lattice.to_lonlat(shapely.union_all(list(places.outlines(tx, town).values())))
    points = shapely.get_coordinates(shapely.point_on_surface(read.grids.geometry.to_numpy()))
    hint = moved_share(points, whole)
    if hint is None:
        return
    declared, system, share = hint
    raise BadCoordinates(
        "todays_shifted",
        zh=f"按文件声明的坐标系，只有 {declared:.0%} 的网格落在界内；若按 {system} 转换则有 {share:.0%}。"
        f"请确认坐标系后注明 crs 再试。",
        en=f"As declared only {declared:.0%} of the grids lie inside; taken as {system} {share:.0%} would."
        " Check the coordinate system and say it with crs.",
        where=[Where(layer="grids", field="crs", value=system)],
        data={"crs": {"GCJ-02": "gcj02", "BD-09": "bd09"}[system], "inside": declared, "moved": share},
    )


def _outside(area: str, read: OldGrids) -> BadCoordinates:
    spots = shapely.point_on_surface(read.grids.geometry.to_numpy())
    return BadCoordinates(
        "todays_outside",
        zh=f"{read.file} 里没有一个网格落在 {area} 界内；请核对文件、编码和坐标系。",
        en=f"Not one grid of {read.file} lies in {area}: check the file, its codes and coordinate system.",
        where=[
            Where(layer="grids", row=i + 1, geometry=mapping(spot))
            for i, spot in enumerate(spots[:50].tolist())
        ],
    )
