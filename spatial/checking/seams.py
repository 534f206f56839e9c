"""Outline as in the place file, grids that tile it, children that tile their parent, on the lattice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.checking.model import Proof
from spatial.ground.seam import CM2_PER_M2, prove
from spatial.readers.gridfile import floors_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.checking.model import Subject
    from spatial.ground.model import Ground

OUTLINE_TOLERANCE_CM = 5.0


def prove_seams(
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
    out += _tiling(ground, area, "seam", shapes[standing_low(grids, shapes, np.flatnonzero(leaf))], whole)
    parents = grids["parent"].to_numpy(object)
    for i in np.flatnonzero(~leaf):
        children = standing_low(grids, shapes, np.flatnonzero(parents == codes[i]))
        out += _tiling(ground, str(codes[i]), "nesting", shapes[children], shapes[i])
    return out


def standing_low(
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
