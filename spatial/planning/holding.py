"""What each grid of a draft holds: households, open cases, hazard points, ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from spatial.store import within

if TYPE_CHECKING:
    import pandas as pd

    from spatial.planning.desk import Work
    from spatial.plans.tree import CellRow
    from spatial.store.engine import Transaction


@dataclass(frozen=True)
class Held:
    """Sums over one grid; cases are the open ones, hazard points those not struck off."""

    households: int
    registered: int
    buildings: int
    cells: int
    cases: int
    hazards: int
    area_m2: float


def held_of(tx: Transaction, work: Work) -> dict[int, Held]:
    """Sum up what every grid of a plan holds; a point of a stacked face counts by its floor, else lowest."""
    cases = dict.fromkeys(work.state.nodes, 0)
    hazards = dict.fromkeys(work.state.nodes, 0)
    for kind, cell in _cells_of(tx, work):
        counted = cases if kind == "case" else hazards
        for node in work.state.chain(work.state.assign.get(cell)):
            counted[node.id] += 1
    sums, shapes = work.measured.sums, work.measured.drawn.shapes
    area = {n: round(float(shape.area) / 1e4, 1) for n, shape in shapes.items()}
    return {
        n: Held(
            sums[n].households, sums[n].registered, sums[n].buildings, sums[n].cells, cases[n], hazards[n],
            area.get(n, 0.0),
        )
        for n in work.state.nodes
    }  # fmt: skip


def _cells_of(tx: Transaction, work: Work) -> list[tuple[str, int]]:
    """Kind and cell of every case and hazard point on the plan's ground."""
    lattice = work.ground.lattice
    box = shapely.bounds(lattice.to_lonlat(shapely.box(*shapely.bounds(work.ground.outline))))
    rows = within.points(tx, work.row.area_code, tuple(box.tolist()))
    if not len(rows):
        return []
    places = lattice.to_lattice(shapely.points(rows[["lon", "lat"]].to_numpy(dtype=float)))
    names = list(work.measured.drawn.faces)
    tree = shapely.STRtree([work.measured.drawn.faces[name].polygon for name in names])
    point, face = tree.query(places, predicate="intersects")
    first = dict(zip(point.tolist()[::-1], face.tolist()[::-1], strict=True))
    return [_on_floor(work, rows, i, names[f]) for i, f in sorted(first.items())]


def _on_floor(work: Work, rows: pd.DataFrame, i: int, face: str) -> tuple[str, int]:
    runs, floor = work.state.runs(face), rows["floor"].iloc[i]
    held = [run for run in runs if floor is not None and _holds(run, int(floor))]
    return str(rows["kind"].iloc[i]), (held or runs)[0].id


def _holds(run: CellRow, floor: int) -> bool:
    return (
        run.floor_low is not None and run.floor_high is not None and run.floor_low <= floor <= run.floor_high
    )
