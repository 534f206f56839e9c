"""Which grid holds each cell; no building cut, none held twice, floors as the place file has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.checking.model import NOWHERE, Proof
from spatial.readers.gridfile import floors_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.model import Ground

ROUNDING_CM = 2.0
"""A wall between two stairwells moves by this much at most when it comes to the lattice."""


def leaf_of_cells(
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


def levels_of_cells(grids: gpd.GeoDataFrame, held: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row of the grid that holds each cell, for levels 0 to 3; -1 where its branch ends above."""
    row_of = {str(code): i for i, code in enumerate(grids["code"])}
    chain = _chains(grids, row_of)
    return np.array(
        [[chain[h].get(level, NOWHERE) if h != NOWHERE else NOWHERE for h in held] for level in range(4)]
    )


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


def prove_cells(
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


def prove_stacks(
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


def _same_ground(walls: Any, shape: Any) -> bool:
    """Whether a polygon is a building's part, but for the rounding of its walls to whole centimetres."""
    change = float(shapely.area(shapely.symmetric_difference(walls, shape)))
    return change <= ROUNDING_CM * float(shapely.length(walls))
