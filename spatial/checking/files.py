"""Check a place file, and prove a result again from the two files alone: seam, counts, bands, reasons.

Nothing is taken from a database: the ground is cut anew from the place file (the same file gives the same
cells), every cell is looked up in the published polygons, and each statement of the grids file is compared
with what comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.checking.cells import leaf_of_cells, levels_of_cells, prove_cells, prove_stacks
from spatial.checking.model import CheckResult, Proof
from spatial.checking.numbers import prove_numbers
from spatial.checking.seams import prove_seams
from spatial.ground.crs import Lattice
from spatial.ground.faces import build_ground, home_areas
from spatial.ground.outline import crossings_of, disputed_row, freeze, refuse_empty
from spatial.policy import LINGQUAN, Policy
from spatial.readers.gridfile import read_grids
from spatial.readers.placefile import read_place

if TYPE_CHECKING:
    import os

    import geopandas as gpd

    from spatial.ground.model import Ground, PlaceFile, ReportRow

CODE_LENGTHS = (12, 15, 17, 19)


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
    seam = prove_seams(ground, grids, shapes, leaf)
    held = leaf_of_cells(ground, grids, shapes, leaf)
    levels = levels_of_cells(grids, held)
    return [
        *codes, *seam, *prove_cells(ground, grids, shapes, held),
        *prove_stacks(ground, grids, shapes, levels), *prove_numbers(ground, grids, levels, policy),
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
