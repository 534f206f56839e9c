"""Prove a town as a whole from what is stored: on the lattice, and again in EPSG:4326 by SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.checking.model import CheckResult, Proof
from spatial.checking.seams import standing_low
from spatial.ground.coverage import gaps_between
from spatial.ground.seam import directed_edges, doubled_area, prove
from spatial.store import editions, grounds, places, seams

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.checking.model import Subject
    from spatial.ground.crs import Lattice
    from spatial.ground.seam import Flaw
    from spatial.store.engine import Store, Transaction

FLAW_WORDS = {"gap": "空隙", "overlap": "重叠", "edge": "边不相接", "invalid": "多边形无效"}


def check_town(store: Store, area: str) -> CheckResult:
    """Prove that a town, or a basic grid, is seamless as it is stored.

    The outlines of all basic grids are one coverage; the faces of each ground tile its outline; what is in
    force has the frozen outline, and children tile their parents; nothing is disputed. Each is shown on the
    lattice (whole centimetres, areas add up as integers) and in EPSG:4326, edge by edge, bit by bit.

    Raises
    ------
    NotFound
        ``no_such_place``.
    """
    with store.transaction() as tx:
        town = places.town_of(tx, area)
        codes = {place.code for place in places.basic_of(tx, area)}
        outlines = {code: shape for code, shape in places.outlines(tx, town).items() if code in codes}
        grids = editions.grids(tx, area=area)
        rim = shapely.union_all(list(outlines.values()), grid_size=1.0)
        proofs = [
            *_disputed(tx, area), *_coverage(area, outlines, rim, town.lattice), *_grounds(tx, outlines),
            *_published(grids, outlines, town.lattice), *_stored(tx, area, rim, town.lattice),
            *_exact(area, outlines, grids, town.lattice),
        ]  # fmt: skip
        areas = [_summary(tx, code, grids) for code in sorted(codes)]
    return CheckResult(all(proof.ok for proof in proofs), areas, [], proofs)


def _summary(tx: Transaction, code: str, grids: gpd.GeoDataFrame) -> dict[str, Any]:
    mine = grids[grids["code"].str.startswith(code)]
    return {"code": code, "name": places.get(tx, code).name, "grids": len(mine)}


def _disputed(tx: Transaction, area: str) -> list[Proof]:
    rows = places.disputed(tx, area)
    if rows.empty:
        return [Proof("disputed", area, None, True, "没有争议地", "no disputed ground")]
    return [
        Proof(
            "disputed", area, None, False,
            f"争议地 {row.id}：{'、'.join(row.codes)}，{row.area_m2:.1f} 平方米",
            f"disputed ground {row.id}: {', '.join(row.codes)}, {row.area_m2:.1f} m²",
            mapping(row.geometry),
        )
        for row in rows.itertuples()
    ]  # fmt: skip


def _coverage(area: str, outlines: dict[str, Any], whole: Any, lattice: Lattice) -> list[Proof]:
    """The outlines are one coverage: every edge twice or on the rim, areas add up, no strip between them."""
    shapes = np.array(list(outlines.values()), dtype=object)
    if not len(shapes):
        return [Proof("town", area, None, False, "没有轮廓", "no outlines are stored")]
    edges, rim = directed_edges(shapes), directed_edges(np.array([whole], dtype=object))
    n, pairs = len(edges.xy), (len(edges.xy) - len(rim.xy)) // 2
    zh = f"{len(shapes)} 个基础网格的轮廓共 {n} 条边，{pairs} 对相抵，{len(rim.xy)} 条在外缘，面积相加相等"
    en = f"{n} edges of {len(shapes)} outlines: {pairs} pairs cancel, {len(rim.xy)} on the rim, areas add up"
    said = zh, en
    out = _tiled("town", area, area, shapes, whole, said, lattice)
    for gap in gaps_between(shapes):
        who = [list(outlines)[i] for i in gap.faces]
        zh, en = (
            f"{'、'.join(who)} 之间有空隙 {gap.area_m2:.4f} 平方米",
            f"a gap of {gap.area_m2:.4f} m² between {', '.join(who)}",
        )
        out.append(Proof("town", area, None, False, zh, en, mapping(lattice.to_lonlat(gap.geometry))))
    return out


def _tiled(
    subject: Subject, area: str, code: str, parts: NDArray[np.object_], whole: Any, said: tuple[str, str],
    lattice: Lattice,
) -> list[Proof]:  # fmt: skip
    """Parts tile a whole, edge by edge, and their areas add up as integers."""
    flaws: list[Flaw] = prove(parts, whole)
    each = doubled_area(directed_edges(parts), len(parts))
    total = doubled_area(directed_edges(np.array([whole], dtype=object)), 1)
    if not flaws and int(each.sum()) == int(total[0]):
        return [Proof(subject, area, code, True, *said)]
    if not flaws:
        less = (int(each.sum()) - int(total[0])) / 2.0 / 10_000.0
        return [
            Proof(subject, area, code, False, f"面积相差 {less:.4f} 平方米", f"areas differ by {less:.4f} m²")
        ]
    return [
        Proof(
            subject, area, code, False, f"{FLAW_WORDS[f.kind]}，{f.area_m2:.4f} 平方米",
            f"{f.kind}, {f.area_m2:.4f} m²",
            mapping(lattice.to_lonlat(f.geometry)),
        )
        for f in flaws
    ]  # fmt: skip


def _grounds(tx: Transaction, outlines: dict[str, Any]) -> list[Proof]:
    """The newest ground of each basic grid is cut from its frozen outline, and its faces tile it."""
    out: list[Proof] = []
    for code, outline in outlines.items():
        row = grounds.latest(tx, code)
        if row is None:
            out.append(Proof("ground", code, code, False, "没有地块", "no ground"))
            continue
        ground = grounds.load_ground(tx, row.id)
        n = len(ground.faces)
        said = f"{n} 块地无缝铺满轮廓，误差 0", f"{n} faces tile the outline, tolerance 0"
        out += _tiled("ground", code, code, ground.faces, outline, said, ground.lattice)
    return out


def _published(grids: gpd.GeoDataFrame, outlines: dict[str, Any], lattice: Lattice) -> list[Proof]:
    """Each basic grid in force has its frozen outline; the children of every grid tile it."""
    shapes = lattice.to_lattice(grids.geometry.to_numpy())
    codes, parents = grids["code"].to_numpy(object), grids["parent"].to_numpy(object)
    row_of = {str(code): i for i, code in enumerate(codes)}
    out: list[Proof] = []
    for code, outline in outlines.items():
        if code not in row_of:
            out.append(Proof("outline", code, code, True, "尚未发布", "nothing is published yet"))
            continue
        said = "现行网格的轮廓就是冻结的轮廓", "the outline in force is the frozen one"
        out += _tiled("outline", code, code, shapes[[row_of[code]]], outline, said, lattice)
    for parent in sorted({str(p) for p in parents if p is not None}):
        children = standing_low(grids, shapes, np.flatnonzero(parents == parent))
        said = f"{len(children)} 个下级网格无缝铺满", f"{len(children)} children tile it"
        out += _tiled("nesting", parent[:12], parent, shapes[children], shapes[row_of[parent]], said, lattice)
    return out


def _stored(tx: Transaction, area: str, rim: Any, lattice: Lattice) -> list[Proof]:
    """The same statements on what is stored, by SQL."""
    subjects: dict[str, Subject] = {
        "town": "town",
        "published": "outline",
        "ground": "ground",
        "nesting": "nesting",
    }
    out = []
    for row in seams.stored_edges(tx, area, rim, lattice).itertuples():
        zh = f"{row.edges} 条边，{row.paired} 对相抵，{row.rim} 条在外缘，{row.faults} 条不符"
        en = f"{row.edges} edges, {row.paired} pairs cancel, {row.rim} on the rim, {row.faults} at fault"
        shape = mapping(row.geometry) if row.faults else None
        code = str(row.whole)
        out.append(Proof(subjects[row.kind], code[:12], code, row.faults == 0, zh, en, shape, "EPSG:4326"))
    return out


def _exact(area: str, outlines: dict[str, Any], grids: gpd.GeoDataFrame, lattice: Lattice) -> list[Proof]:
    """Every stored vertex is a lattice point: there and back it is the same double, bit by bit."""
    drawn = lattice.to_lonlat(np.array(list(outlines.values()), dtype=object))
    points = np.concatenate(
        [shapely.get_coordinates(drawn), shapely.get_coordinates(grids.geometry.to_numpy())]
    )
    back = lattice.coords_to_lonlat(lattice.coords_to_lattice(points))
    moved = int((back != points).any(axis=1).sum())
    zh = f"{len(points)} 个顶点在格点与 EPSG:4326 之间往返，{moved} 个移动"
    en = f"{len(points)} vertices to the lattice and back to EPSG:4326: {moved} moved"
    return [Proof("stored", area, None, moved == 0, zh, en, None, "EPSG:4326")]
