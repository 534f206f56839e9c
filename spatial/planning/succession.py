"""A plan beside the edition before it: what old and new grids share, and the codes that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.plans.codes import crosswalk, grid_name, names, number, parent_code, share, short
from spatial.plans.publish import numbering_frame
from spatial.store import editions

if TYPE_CHECKING:
    from datetime import date

    from spatial.ground.crs import Lattice
    from spatial.plans.tree import CellRow, PlanState
    from spatial.store.engine import Transaction


@dataclass(frozen=True)
class Succession:
    """Codes of a plan's grids (grid id -> code, the basic grid too), and what follows from the one before.

    Parameters
    ----------
    codes
        Grid id -> code.
    retired
        Codes of the edition before that no grid carries on.
    crosswalk
        ``spatial.store.editions.CROSSWALK_COLUMNS``; None where no edition came before.
    """

    codes: dict[int, str]
    retired: list[str]
    crosswalk: pd.DataFrame | None


def succeed(
    tx: Transaction, state: PlanState, shapes: dict[int, Any], lattice: Lattice, area: str, before: int | None
) -> Succession:
    """Number a plan's grids so that they carry on the codes of an edition.

    Parameters
    ----------
    tx
        The transaction.
    state, shapes
        The plan and the polygons of its grids, lattice centimetres.
    lattice
        The town's.
    area
        12-digit code of the basic grid.
    before
        The edition that it follows, or None.
    """
    frame = numbering_frame(state, shapes)
    retired = editions.used_codes(tx, area)
    if before is None:
        return Succession({state.root.id: area} | _by_node(number(frame, area, retired=retired)), [], None)
    old = editions.grids(tx, edition_id=before)
    overlap, previous = _overlap(state, lattice, old), _previous(lattice, old)
    codes = number(frame, area, previous=previous, retired=retired, overlap=overlap)
    gone = sorted(set(previous["code"]) - set(codes))
    return Succession({state.root.id: area} | _by_node(codes), gone, crosswalk(overlap, codes.to_dict()))


def carry_on(
    tx: Transaction, state: PlanState, shapes: dict[int, Any], lattice: Lattice, area: str, valid_from: date
) -> tuple[editions.EditionRow | None, Succession]:
    """Number a plan's grids as publishing it from a day on does; with the edition that it would follow.

    Parameters as in `succeed`; ``valid_from`` is the first day in force, Asia/Shanghai.
    """
    before = editions.last_edition(tx, area, valid_from)
    return before, succeed(tx, state, shapes, lattice, area, None if before is None else before.id)


def grid_names(area_name: str, state: PlanState, codes: dict[int, str]) -> dict[str, str]:
    """Name grids by code as the plan has them; a provisional number in a name becomes what its code gives.

    Parameters
    ----------
    area_name
        Name of the basic grid.
    state
        The plan.
    codes
        Grid id -> code, the basic grid too.
    """
    root = state.root.id
    standard = names(area_name, [c for n, c in codes.items() if n != root])
    out = {codes[root]: area_name}
    taken: set[tuple[str, str]] = set()
    for node, code in sorted(codes.items(), key=lambda item: item[1]):
        if node == root:
            continue
        draft_name = state.nodes[node].name
        provisional = draft_name in _provisional(area_name, state.nodes[node].label)
        name = standard[code] if provisional else draft_name
        if (parent_code(code), name) in taken:
            name = f"{name}({short(code)})"
        taken.add((parent_code(code), name))
        out[code] = name
    return out


def _provisional(area_name: str, label: str) -> set[str]:
    name = grid_name(area_name, label)
    return {name, *(f"{name}({i})" for i in range(2, 100))}


def _by_node(codes: pd.Series[Any]) -> dict[int, str]:
    return {int(n): str(c) for n, c in codes.items()}


def runs_by_face(state: PlanState) -> dict[str, list[CellRow]]:
    """List the cells of each face, the lowest run first."""
    runs: dict[str, list[CellRow]] = {}
    for cell in state.cells.values():
        runs.setdefault(cell.face, []).append(cell)
    for cells in runs.values():
        cells.sort(key=lambda c: (c.floor_low if c.floor_low is not None else -(10**6), c.id))
    return runs


def _previous(lattice: Lattice, old: gpd.GeoDataFrame) -> pd.DataFrame:
    """Grids of the edition before, with the households that now live where they were."""
    below = old[old["level"] > 0]
    shapes = lattice.to_lattice(below.geometry.to_numpy())
    return pd.DataFrame({
        "code": below["code"].to_numpy(object), "households": below["households"].to_numpy(),
        "m2": shapely.area(shapes) / 10_000.0,
    })  # fmt: skip


def _overlap(state: PlanState, lattice: Lattice, old: gpd.GeoDataFrame) -> pd.DataFrame:
    """What old and new grids share at every level, cell by cell."""
    cells = sorted(state.assign)
    held = old_leaves(state, lattice, cells, old)
    runs = runs_by_face(state)
    m2 = [
        float(shapely.area(state.faces[state.cells[c].face].polygon)) / 10_000.0
        if runs[state.cells[c].face][0].id == c
        else 0.0
        for c in cells
    ]
    people = [state.cells[c].households for c in cells]
    parts = []
    for level in range(1, state.levels + 1):
        new = state.labels(cells, level)
        was = [at_level(code, level) for code in held]
        parts.append(share(was, [int(n) if n >= 0 else None for n in new], people, m2))
    return pd.concat(parts, ignore_index=True)


def at_level(code: str | None, level: int) -> str | None:
    """Code of the grid of a level that a grid lies in; None where its branch ends above."""
    digits = (12, 15, 17, 19)[level]
    return code[:digits] if code is not None and len(code) >= digits else None


def old_leaves(
    state: PlanState, lattice: Lattice, cells: list[int], old: gpd.GeoDataFrame
) -> list[str | None]:
    """Code of the old leaf that held each cell's place (and floor, where leaves stand on one another)."""
    leaves = old[old["leaf"]].reset_index(drop=True)
    shapes = lattice.to_lattice(leaves.geometry.to_numpy())
    spots = [state.faces[state.cells[c].face] for c in cells]
    points = shapely.point_on_surface(
        np.array([f.polygon if f.footprint is None else f.footprint for f in spots], dtype=object)
    )
    point, leaf = shapely.STRtree(shapes).query(points, predicate="intersects")
    found: dict[int, list[int]] = {}
    for p, i in zip(point.tolist(), leaf.tolist(), strict=True):
        found.setdefault(p, []).append(i)
    out: list[str | None] = []
    for i, cell in enumerate(cells):
        rows = sorted(found.get(i, []))
        row = rows[0] if len(rows) == 1 else _of_floor(leaves, rows, state.cells[cell].floor_low)
        out.append(None if row is None else str(leaves["code"].iloc[row]))
    return out


def _of_floor(leaves: gpd.GeoDataFrame, rows: list[int], floor: int | None) -> int | None:
    """Leaf over a point whose floors hold a floor; else one that has none."""
    plain = [r for r in rows if leaves["floors"].iloc[r] is None]
    if floor is not None:
        for row in rows:
            text = leaves["floors"].iloc[row]
            if text is not None:
                low, high = (int(v) for v in text.strip("[)").split(","))
                if low <= floor < high:
                    return row
    return plain[0] if plain else (rows[0] if rows else None)
