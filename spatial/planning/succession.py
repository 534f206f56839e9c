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
from spatial.store import editions, todays

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    tx: Transaction, plan_id: int, state: PlanState, shapes: dict[int, Any], lattice: Lattice, area: str,
    before: int | None,
) -> Succession:  # fmt: skip
    """Number a plan's grids so that they carry on the codes of an edition, or of what the plan began from.

    Parameters
    ----------
    tx
        The transaction.
    plan_id, state, shapes
        The plan and the polygons of its grids, lattice centimetres.
    lattice
        The town's.
    area
        12-digit code of the basic grid.
    before
        The edition that it follows, or None.
    """
    if before is None:
        return _begun(tx, state, shapes, area, todays.origin_of(tx, plan_id))
    frame = numbering_frame(state, shapes)
    retired = editions.used_codes(tx, area)
    old = editions.grids(tx, edition_id=before)
    overlap, previous = _overlap(state, lattice, old), _previous(lattice, old)
    codes = number(frame, area, previous=previous, retired=retired, overlap=overlap)
    gone = sorted(set(previous["code"]) - set(codes))
    return Succession({state.root.id: area} | _by_node(codes), gone, crosswalk(overlap, codes.to_dict()))


def carry_on(
    tx: Transaction, plan_id: int, state: PlanState, shapes: dict[int, Any], lattice: Lattice, area: str,
    valid_from: date,
) -> tuple[editions.EditionRow | None, Succession]:  # fmt: skip
    """Number a plan's grids as publishing it from a day on does; with the edition that it would follow.

    Parameters as in `succeed`; ``valid_from`` is the first day in force, Asia/Shanghai.
    """
    before = editions.last_edition(tx, area, valid_from)
    return before, succeed(tx, plan_id, state, shapes, lattice, area, None if before is None else before.id)


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


def _begun(
    tx: Transaction, state: PlanState, shapes: dict[int, Any], area: str, origin: todays.Origin | None
) -> Succession:
    """Number the grids of a first edition; they carry on the codes of the old grids that the plan began from.

    Old codes that are none of ours are carried into the crosswalk only; an old grid without code stands there
    by its name.
    """
    frame = numbering_frame(state, shapes)
    retired = editions.used_codes(tx, area)
    if origin is None:
        return Succession({state.root.id: area} | _by_node(number(frame, area, retired=retired)), [], None)
    called = [grid["code"] or grid["name"] for grid in origin.grids]
    overlap = _shared(state, *_old_at_levels(state, origin))
    sums = overlap.groupby("old")[["households", "m2"]].sum()
    ours = [
        i for i, title in enumerate(called) if i in sums.index and _standard(title, origin.grids[i], area)
    ]
    previous = pd.DataFrame({
        "code": pd.Series([called[i] for i in ours], dtype=object),
        "households": sums["households"].reindex(ours).to_numpy(), "m2": sums["m2"].reindex(ours).to_numpy(),
    })  # fmt: skip
    named = overlap.assign(old=[called[i] for i in overlap["old"]])
    named = named[named["old"].notna()].groupby(["old", "new"], as_index=False)[["households", "m2"]].sum()
    codes = number(frame, area, previous=previous, retired=retired, overlap=named)
    gone = sorted(set(previous["code"]) - set(codes))
    return Succession({state.root.id: area} | _by_node(codes), gone, crosswalk(named, codes.to_dict()))


def _standard(title: str | None, grid: dict[str, Any], area: str) -> bool:
    """Whether an old code is one that this basic grid's own numbering could have given at its level."""
    digits = (12, 15, 17, 19)[grid["level"]]
    return title is not None and title.isdigit() and title.startswith(area) and len(title) == digits


def _old_at_levels(state: PlanState, origin: todays.Origin) -> tuple[list[int], list[list[int | None]]]:
    """Cells of a plan, and at every level the old grid that each lay in when the plan began."""
    source = {made: made for made in state.cells}
    for record in reversed(list(state.cuts.values())):
        whole = [cell.id for cell in record.cells]
        for made, old in zip(record.made, [*whole, whole[0]], strict=True):
            source = {cell: old if at == made else at for cell, at in source.items()}
    cells = sorted(state.assign)
    chains = _chains(origin)
    finest = [origin.cells[source[cell]] for cell in cells]
    return cells, [[chains[i].get(level) for i in finest] for level in range(1, state.levels + 1)]


def _chains(origin: todays.Origin) -> list[dict[int, int]]:
    """For each old grid itself and those that it lay in, by level."""
    chains: list[dict[int, int]] = []
    for i, grid in enumerate(origin.grids):
        chain, at = {grid["level"]: i}, grid["parent"]
        while at >= 0:
            chain[origin.grids[at]["level"]] = at
            at = origin.grids[at]["parent"]
        chains.append(chain)
    return chains


def _shared(state: PlanState, cells: list[int], was: Sequence[Sequence[object]]) -> pd.DataFrame:
    """What old and new grids share at every level, old ones by any name."""
    runs = runs_by_face(state)
    m2 = [
        float(shapely.area(state.faces[state.cells[c].face].polygon)) / 10_000.0
        if runs[state.cells[c].face][0].id == c
        else 0.0
        for c in cells
    ]
    people = [state.cells[c].households for c in cells]
    parts = [
        share(old, [int(n) if n >= 0 else None for n in state.labels(cells, level)], people, m2)
        for level, old in enumerate(was, start=1)
    ]
    return pd.concat(parts, ignore_index=True)


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
    return _shared(
        state, cells,
        [[at_level(code, level) for code in held] for level in range(1, state.levels + 1)],
    )  # fmt: skip


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
