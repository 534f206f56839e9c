"""Check a place file, and prove a result again from the two files alone: seam, counts, bands, reasons.

Nothing is taken from a database: the ground is cut anew from the place file (the same file gives the same
cells), every cell is looked up in the published polygons, and each statement of the grids file is compared
with what comes out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.ground.crs import Lattice
from spatial.ground.faces import build_ground, home_areas
from spatial.ground.outline import crossings_of, disputed_row, freeze, refuse_empty
from spatial.ground.seam import CM2_PER_M2, prove
from spatial.partition.graph import cell_graph
from spatial.partition.prove import reasons_for, verify
from spatial.policy import LINGQUAN, Policy
from spatial.readers.gridfile import floors_of, read_grids
from spatial.readers.placefile import read_place

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.model import Ground, PlaceFile, ReportRow
    from spatial.partition.graph import CellGraph

    Subject = Literal["code", "outline", "seam", "nesting", "buildings", "households", "band", "reason"]

OUTLINE_TOLERANCE_CM = 5.0
ROUNDING_CM = 2.0
"""A wall between two stairwells moves by this much at most when it comes to the lattice."""
NOWHERE = -1
CODE_LENGTHS = (12, 15, 17, 19)


@dataclass(frozen=True)
class Proof:
    """One statement about one basic grid or grid, and whether it holds; geometry is GeoJSON, EPSG:4326."""

    subject: Subject
    area_code: str
    code: str | None
    ok: bool
    zh: str
    en: str
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True)
class CheckResult:
    """What a check found; ``ok`` is False if one proof fails."""

    ok: bool
    areas: list[dict[str, Any]]
    report: list[ReportRow]
    proofs: list[Proof] = field(default_factory=list)


def check(
    path: str | os.PathLike[str],
    grids_path: str | os.PathLike[str] | None = None,
    *,
    code: str | None = None,
    name: str | None = None,
    division: str | None = None,
    parent: str | None = None,
    crs: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    boundary: str | None = None,
    households: str | os.PathLike[str] | None = None,
    policy: Policy = LINGQUAN,
) -> CheckResult:
    """Check a place file and, with ``grids_path``, prove a result from the two files.

    The flags are those of :func:`spatial.planning.import_place`.

    Raises
    ------
    BadInput
        A file can't be read, as in :func:`spatial.readers.placefile.read_place`.
    """
    place = read_place(
        path, code=code, name=name, division=division, parent=parent, crs=crs, mapping=mapping,
        boundary=boundary, households=households, policy=policy,
    )  # fmt: skip
    grids = None if grids_path is None else read_grids(grids_path)
    asked = set() if grids is None else set(grids["area_code"]) & set(place.areas["code"])
    areas: list[dict[str, Any]] = []
    report = list(place.report)
    proofs: list[Proof] = []
    for town in sorted(set(place.areas["parent"])):
        lattice = _lattice_of(place, town, grids)
        for ground in _grounds(place, town, lattice, policy, report):
            report += ground.report
            areas.append({
                "code": ground.area_code, "division": ground.division, "faces": len(ground.faces),
                "cells": len(ground.cells), "households": int(ground.cells["households"].sum()),
                "registered": int(ground.cells["registered"].sum()),
            })  # fmt: skip
            if grids is not None:
                mine = grids[grids["area_code"] == ground.area_code].reset_index(drop=True)
                left_out = asked and not len(mine)
                proofs += [_left_out(ground)] if left_out else _prove_area(ground, mine, policy)
    return CheckResult(all(p.ok for p in proofs), areas, report, proofs)


def _left_out(ground: Ground) -> Proof:
    """Say that the grids file leaves a basic grid of the place file out altogether: nothing to prove."""
    zh, en = "网格文件不含这个基础网格，未检验", "not in the grids file: nothing proved here"
    return Proof("outline", ground.area_code, None, True, zh, en)


def _lattice_of(place: PlaceFile, town: str, grids: gpd.GeoDataFrame | None) -> Lattice:
    """The town's lattice: the zone whose lattice the published vertices lie on, else the town's own."""
    areas = place.areas[place.areas["parent"] == town]
    centre = shapely.centroid(shapely.union_all(shapely.envelope(areas.geometry.to_numpy())))
    own = Lattice.at(centre.x, centre.y)
    if grids is None or not len(grids):
        return own
    points = shapely.get_coordinates(grids.geometry.to_numpy())[:500]
    for shift in (0.0, -3.0, 3.0):
        other = Lattice.at(centre.x + shift, centre.y)
        near = Lattice(other.epsg, *_origin(other.epsg, centre))
        if (near.coords_to_lonlat(near.coords_to_lattice(points)) == points).all():
            return near
    return own


def _origin(epsg: int, centre: Any) -> tuple[int, int]:
    """Origin of a lattice in a zone near a place, whole kilometres."""
    at = Lattice(epsg, 0, 0)
    xy = at.metres(np.array([[centre.x, centre.y]]))[0]
    return round(xy[0] / 1000.0) * 1000, round(xy[1] / 1000.0) * 1000


def _grounds(
    place: PlaceFile, town: str, lattice: Lattice, policy: Policy, report: list[ReportRow]
) -> list[Ground]:
    """Freeze the outlines of a town's areas and cut their ground, as an import does."""
    areas = place.areas[place.areas["parent"] == town].sort_values("code").reset_index(drop=True)
    spacing = np.array([policy.node_spacing_m[d] for d in areas["division"]])
    frozen = freeze(lattice.to_lattice(areas.geometry.to_numpy()), spacing, crossings_of(place, lattice))
    codes = areas["code"].tolist()
    refuse_empty(frozen, codes)
    report += [disputed_row(d, codes, lattice) for d in frozen.disputed]
    homes = home_areas(lattice.to_lattice(place.buildings.geometry.to_numpy()), frozen.outlines)
    bids = place.buildings["bid"].to_numpy(object)
    return [
        build_ground(place, code, frozen.outlines[i], lattice, policy, set(bids[homes == i]))
        for i, code in enumerate(areas["code"])
    ]


def _prove_area(ground: Ground, grids: gpd.GeoDataFrame, policy: Policy) -> list[Proof]:
    """Prove every statement of the grids file about one basic grid."""
    if not len(grids):
        said = ("网格文件中没有这个基础网格", "the grids file has nothing for this basic grid")
        return [Proof("outline", ground.area_code, None, False, *said)]
    shapes = ground.lattice.to_lattice(grids.geometry.to_numpy())
    leaf = ~grids["code"].isin(set(grids["parent"].dropna())).to_numpy()
    codes = _prove_codes(ground, grids)
    seam = _prove_seams(ground, grids, shapes, leaf)
    held = _leaf_of_cells(ground, grids, shapes, leaf)
    levels = _levels_of_cells(grids, held)
    return [
        *codes, *seam, *_prove_cells(ground, grids, shapes, held),
        *_prove_stacks(ground, grids, shapes, levels), *_prove_numbers(ground, grids, levels, policy),
    ]  # fmt: skip


def _prove_codes(ground: Ground, grids: gpd.GeoDataFrame) -> list[Proof]:
    """A code begins with its parent's, which is there, and its length is that of its level."""
    known = set(grids["code"])
    out = []
    for row in grids.itertuples():
        code, level = str(row.code), int(row.level)
        above = None if level == 0 else code[: CODE_LENGTHS[level - 1]]
        fits = len(code) == CODE_LENGTHS[level] and code.startswith(ground.area_code)
        if fits and row.parent == above and (above is None or above in known):
            continue
        zh = f"编码与上级 {row.parent}、层级 {level} 不符"
        en = f"the code does not fit its parent {row.parent}, level {level}"
        out.append(Proof("code", ground.area_code, code, False, zh, en))
    if not out:
        said = ("编码与上下级一致", "every code begins with its parent's")
        out.append(Proof("code", ground.area_code, None, True, *said))
    return out


def _standing_low(
    grids: gpd.GeoDataFrame, shapes: NDArray[np.object_], rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Those of some grids that stand for the ground: a grid on floors above another repeats its ground."""
    floors = [floors_of(grids["floors"].iloc[i]) for i in rows]
    tree = shapely.STRtree(shapes[rows])
    keep = []
    for k, run in enumerate(floors):
        inner = shapely.point_on_surface(shapes[rows[k]])
        over = [] if run is None else [j for j in tree.query(inner, predicate="intersects") if j != k]
        lows = [floors[j] for j in over]
        if run is None or not any(low is None or low[0] < run[0] for low in lows):
            keep.append(rows[k])
    return np.array(keep, dtype=np.int64)


def _prove_seams(
    ground: Ground, grids: gpd.GeoDataFrame, shapes: NDArray[np.object_], leaf: NDArray[np.bool_]
) -> list[Proof]:
    """Outline as in the place file; leaves tile the basic grid; children tile their parent."""
    area = ground.area_code
    codes = grids["code"].to_numpy(object)
    basic = np.flatnonzero(codes == area)
    if len(basic) != 1:
        said = ("没有该基础网格本身的一行", "the basic grid itself has no row")
        return [Proof("outline", area, area, False, *said)]
    whole = shapes[basic[0]]
    out = [_outline_proof(ground, whole)]
    out += _tiling(ground, area, "seam", shapes[_standing_low(grids, shapes, np.flatnonzero(leaf))], whole)
    parents = grids["parent"].to_numpy(object)
    for i in np.flatnonzero(~leaf):
        children = _standing_low(grids, shapes, np.flatnonzero(parents == codes[i]))
        out += _tiling(ground, str(codes[i]), "nesting", shapes[children], shapes[i])
    return out


def _outline_proof(ground: Ground, whole: Any) -> Proof:
    change = shapely.symmetric_difference(shapely.make_valid(whole), ground.outline)
    same = float(shapely.area(change)) <= OUTLINE_TOLERANCE_CM * float(shapely.length(ground.outline))
    if same:
        said = ("轮廓与地点文件一致", "the outline is the place file's")
        return Proof("outline", ground.area_code, ground.area_code, True, *said)
    m2 = float(shapely.area(change)) / CM2_PER_M2
    return Proof(
        "outline", ground.area_code, ground.area_code, False, f"轮廓与地点文件相差 {m2:.2f} 平方米",
        f"the outline differs from the place file's by {m2:.2f} m²",
        mapping(ground.lattice.to_lonlat(change)),
    )  # fmt: skip


def _tiling(
    ground: Ground, code: str, subject: Subject, parts: NDArray[np.object_], whole: Any
) -> list[Proof]:
    flaws = prove(parts, whole)
    if not flaws:
        said = (
            f"{len(parts)} 个网格无缝铺满，误差 0",
            f"{len(parts)} grids tile it without a seam, tolerance 0",
        )
        return [Proof(subject, ground.area_code, code, True, *said)]
    words = {"gap": "空隙", "overlap": "重叠", "edge": "边不相接", "invalid": "多边形无效"}
    return [
        Proof(
            subject, ground.area_code, code, False, f"{words[f.kind]}，{f.area_m2:.4f} 平方米",
            f"{f.kind}, {f.area_m2:.4f} m²", mapping(ground.lattice.to_lonlat(f.geometry)),
        )
        for f in flaws
    ]  # fmt: skip


def _leaf_of_cells(
    ground: Ground, grids: gpd.GeoDataFrame, shapes: NDArray[np.object_], leaf: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Row of the leaf that holds each cell: by place, and by floor where leaves stand on one another."""
    leaves = np.flatnonzero(leaf)
    built = np.array([w is not None for w in ground.footprints])
    points = shapely.point_on_surface(np.where(built, ground.footprints, ground.faces))
    cells = ground.cells
    at = points[cells["face"].to_numpy()]
    cell, j = shapely.STRtree(shapes[leaves]).query(at, predicate="intersects")
    found: list[list[int]] = [[] for _ in range(len(cells))]
    for c, row in sorted(zip(cell.tolist(), leaves[j].tolist(), strict=True)):
        found[c].append(row)
    out = np.full(len(cells), NOWHERE, dtype=np.int64)
    for c, rows in enumerate(found):
        if len(rows) == 1:
            out[c] = rows[0]
        elif rows:
            out[c] = _by_floor(grids, rows, cells["floor_low"].iloc[c], cells["stairwell"].iloc[c])
    return out


def _by_floor(grids: gpd.GeoDataFrame, rows: list[int], floor: Any, stairwell: str | None) -> int:
    """Leaf of a floor among those over one point; the one without floors holds what no other claims."""
    for row in rows:
        floors, well = grids["floors"].iloc[row], grids["stairwell"].iloc[row]
        run = floors_of(floors)
        if run is not None and (well or None) == stairwell and run[0] <= int(floor) <= run[1]:
            return row
    free = [r for r in rows if grids["floors"].iloc[r] is None]
    return free[0] if len(free) == 1 else NOWHERE


def _prove_cells(
    ground: Ground, grids: gpd.GeoDataFrame, shapes: NDArray[np.object_], held: NDArray[np.int64]
) -> list[Proof]:
    """Every cell is held by one leaf, and no building lies partly outside the leaf that holds it."""
    out = []
    lost = np.flatnonzero(held == NOWHERE)
    for c in lost[:20]:
        face = ground.faces[int(ground.cells["face"].iloc[c])]
        said = ("单元不属于任何网格", "a cell that no single grid holds")
        out.append(
            Proof("buildings", ground.area_code, None, False, *said, mapping(ground.lattice.to_lonlat(face)))
        )
    walls = ground.footprints[ground.cells["face"].to_numpy()]
    held_in = np.array([w is not None for w in walls]) & (held != NOWHERE)
    rest = shapely.difference(walls[held_in], shapes[held[held_in]])
    cut = np.flatnonzero(shapely.area(rest) > ROUNDING_CM * shapely.length(walls[held_in]))
    cells = np.flatnonzero(held_in)[cut]
    for c in cells[:20]:
        bid, code = ground.cells["bid"].iloc[c], str(grids["code"].iloc[held[c]])
        out.append(
            Proof(
                "buildings", ground.area_code, code, False, f"建筑 {bid} 被网格边界切开",
                f"building {bid} is cut by the grid's border", mapping(ground.lattice.to_lonlat(walls[c])),
            )
        )  # fmt: skip
    if not out:
        said = ("没有建筑被切开，单元不重不漏", "no building is cut, every cell is held once")
        out.append(Proof("buildings", ground.area_code, None, True, *said))
    return out


def _levels_of_cells(grids: gpd.GeoDataFrame, held: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row of the grid that holds each cell, for levels 0 to 3; -1 where its branch ends above."""
    row_of = {str(code): i for i, code in enumerate(grids["code"])}
    chain = _chains(grids, row_of)
    return np.array(
        [[chain[h].get(level, NOWHERE) if h != NOWHERE else NOWHERE for h in held] for level in range(4)]
    )


def _same_ground(walls: Any, shape: Any) -> bool:
    """Whether a polygon is a building's part, but for the rounding of its walls to whole centimetres."""
    change = float(shapely.area(shapely.symmetric_difference(walls, shape)))
    return change <= ROUNDING_CM * float(shapely.length(walls))


def _prove_stacks(
    ground: Ground, grids: gpd.GeoDataFrame, shapes: NDArray[np.object_], levels: NDArray[np.int64]
) -> list[Proof]:
    """A grid with floors holds those of one stairwell; above another it has the building's part alone."""
    cells = ground.cells
    face, low = cells["face"].to_numpy(np.int64), cells["floor_low"]
    lowest = low.notna() & (low == low.groupby(face).transform("min"))
    out = []
    for row in np.flatnonzero(grids["floors"].notna()):
        at = np.flatnonzero(levels[int(grids["level"].iloc[row])] == row)
        mine = cells.iloc[at].dropna(subset=["floor_low"])
        code, run = str(grids["code"].iloc[row]), floors_of(grids["floors"].iloc[row])
        said = (grids["stairwell"].iloc[row] or None, *(run or ()))
        wells = {w if isinstance(w, str) else None for w in mine["stairwell"]}
        real = {(w, mine["floor_low"].min(), mine["floor_high"].max()) for w in wells}
        walls = ground.footprints[face[at]]
        if real != {said} or len(set(face[mine.index])) != 1:
            zh, en = f"单元和楼层写的是 {said}", f"stairwell and floors say {said}, the place file does not"
            out.append(Proof("buildings", ground.area_code, code, False, zh, en))
        elif not lowest.iloc[at].any() and not _same_ground(shapely.union_all(walls), shapes[row]):
            zh, en = "楼上网格的范围不是这栋建筑", "upper floors have other ground than their building's part"
            lonlat = mapping(ground.lattice.to_lonlat(shapes[row]))
            out.append(Proof("buildings", ground.area_code, code, False, zh, en, lonlat))
    return out


def _prove_numbers(
    ground: Ground, grids: gpd.GeoDataFrame, levels: NDArray[np.int64], policy: Policy
) -> list[Proof]:
    """Households of every grid, its band, and the reason of each grid out of band."""
    graph = cell_graph(ground, policy)
    out = _prove_households(ground, grids, levels)
    out += _prove_unbanded(ground, grids)
    dedicated = (grids["kind"] == "dedicated").to_numpy()
    for level, band in enumerate(policy.bands[ground.division], start=1):
        labels, parents = levels[level], levels[level - 1].copy()
        parents[(labels == NOWHERE) | dedicated[labels]] = NOWHERE
        found = reasons_for(graph, labels, parents, band)
        for row in np.flatnonzero((grids["level"] == level).to_numpy() & ~dedicated):
            out += _band_proof(ground, grids, int(row), found, graph, labels, parents, policy)
    return out


def _chains(grids: gpd.GeoDataFrame, row_of: dict[str, int]) -> list[dict[int, int]]:
    """Row of each ancestor by level, for every row; itself included."""
    out = []
    parents, levels = grids["parent"].to_numpy(object), grids["level"].to_numpy(np.int64)
    for i in range(len(grids)):
        chain: dict[int, int] = {}
        at: int | None = i
        while at is not None and int(levels[at]) not in chain:
            chain[int(levels[at])] = at
            at = row_of.get(str(parents[at]))
        out.append(chain)
    return out


def _prove_households(ground: Ground, grids: gpd.GeoDataFrame, levels: NDArray[np.int64]) -> list[Proof]:
    out = []
    for column in ("households", "registered"):
        counted = np.zeros(len(grids), dtype=np.int64)
        for rows in levels:
            known = rows != NOWHERE
            np.add.at(counted, rows[known], ground.cells[column].to_numpy(np.int64)[known])
        for row in np.flatnonzero(counted != grids[column].to_numpy(np.int64)):
            said, code = int(grids[column].iloc[row]), str(grids["code"].iloc[row])
            out.append(
                Proof(
                    "households", ground.area_code, code, False,
                    f"{column} 写的是 {said}，按地点文件是 {counted[row]}",
                    f"{column} says {said}, the place file gives {counted[row]}",
                )
            )  # fmt: skip
    if not out:
        said_ok = ("各网格户数与地点文件一致", "every grid's households are the place file's")
        out.append(Proof("households", ground.area_code, None, True, *said_ok))
    return out


def _prove_unbanded(ground: Ground, grids: gpd.GeoDataFrame) -> list[Proof]:
    """Basic and dedicated grids give no reason, and a dedicated one holds nobody."""
    out = []
    for row in grids[grids["kind"] != "ordinary"].itertuples():
        code = str(row.code)
        if row.kind == "dedicated" and (row.households or row.registered):
            zh, en = f"专属网格却有 {row.households} 户", f"a dedicated grid with {row.households} households"
            out.append(Proof("households", ground.area_code, code, False, zh, en))
        if row.kind == "basic" and int(row.level) != 0:
            zh, en = "只有基础网格本身才是 basic", "only the basic grid itself is basic"
            out.append(Proof("code", ground.area_code, code, False, zh, en))
        if isinstance(row.reason, str):
            zh, en = f"没有户数区间，却写了理由 {row.reason}", f"no band applies, yet it gives {row.reason}"
            out.append(Proof("reason", ground.area_code, code, False, zh, en))
    return out


def _band_proof(
    ground: Ground, grids: gpd.GeoDataFrame, row: int, found: dict[int, Any], graph: CellGraph,
    labels: NDArray[np.int64], parents: NDArray[np.int64], policy: Policy,
) -> list[Proof]:  # fmt: skip
    """Prove one grid: in band and without a reason, or out of band with a reason that holds."""
    level, code = int(grids["level"].iloc[row]), str(grids["code"].iloc[row])
    band = policy.bands[ground.division][level - 1]
    n, said = int(graph.households[labels == row].sum()), grids["reason"].iloc[row]
    span = f"{band.minimum}-{band.maximum}"
    if band.holds(n):
        if said is None:
            return []
        zh, en = (
            f"{n} 户在区间 {span} 内，却写了理由 {said}",
            f"{n} households are in band, yet it gives {said}",
        )
        return [Proof("reason", ground.area_code, code, False, zh, en)]
    if said is None:
        zh, en = (
            f"{n} 户不在区间 {span} 内，没有理由",
            f"{n} households are out of band {span}, no reason given",
        )
        return [Proof("band", ground.area_code, code, False, zh, en)]
    reason = found.get(row)
    ok = reason is not None and reason.code == said and verify(reason, graph, labels, parents, row, band)
    if ok:
        zh, en = f"{n} 户，理由 {said} 成立", f"{n} households, reason {said} proved"
    else:
        zh, en = f"{n} 户，理由 {said} 证明不了", f"{n} households, reason {said} can't be proved"
    return [Proof("reason", ground.area_code, code, ok, zh, en)]
