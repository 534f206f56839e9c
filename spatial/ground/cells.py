"""Cells: one a face, or one a run of floors, with their households and the named areas that they lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from spatial.ground.arrangement import NONE
from spatial.ground.households import floor_runs
from spatial.ground.model import CELL_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.ground.model import PlaceFile


def cells_of(
    ids: NDArray[np.object_],
    unit: NDArray[np.int64],
    owner: pd.DataFrame,
    counts: pd.DataFrame,
    finest: int,
) -> pd.DataFrame:
    """Make the cells: one a face, or one a run of floors where a stairwell holds more than ``finest``."""
    of = _unit_of_rows(owner, counts)
    housed = of != NONE
    sums = {
        column: np.bincount(of[housed], counts[column].to_numpy()[housed], len(owner)).astype(int).tolist()
        for column in ("households", "registered")
    }
    bids, wells = owner["bid"].tolist(), owner["stairwell"].tolist()
    rows: list[tuple[Any, ...]] = []
    for face, (fid, u) in enumerate(zip(ids, unit.tolist(), strict=True)):
        if u == NONE:
            rows.append((fid, face, None, None, None, None, 0, 0, None))
            continue
        runs: list[tuple[int | None, int | None, int, int]] = [
            (None, None, sums["households"][u], sums["registered"][u])
        ]
        if sums["households"][u] > finest:
            runs = floor_runs(counts[of == u], finest)
        for low, high, households, registered in runs:
            cid = fid if low is None else f"{fid}:{low}"
            rows.append((cid, face, low, high, bids[u], wells[u], households, registered, None))
    frame = pd.DataFrame(rows, columns=list(CELL_COLUMNS))
    return frame.astype({"floor_low": "Int64", "floor_high": "Int64", "households": int, "registered": int})


def _unit_of_rows(owner: pd.DataFrame, counts: pd.DataFrame) -> NDArray[np.int64]:
    """Unit of each register row; rows without a stairwell go to the building's first."""
    first = owner.drop_duplicates("bid").reset_index(names="unit").set_index("bid")["unit"]
    exact = {(b, s): i for i, (b, s) in enumerate(zip(owner["bid"], owner["stairwell"], strict=True))}
    lowest = first.to_dict()
    return np.array(
        [
            exact.get((b, s), lowest.get(b, NONE))
            for b, s in zip(counts["bid"], counts["stairwell"], strict=True)
        ],
        dtype=np.int64,
    )


def memberships(
    place: PlaceFile,
    cells: pd.DataFrame,
    faces: NDArray[np.object_],
    walls: NDArray[np.object_],
    buildings: gpd.GeoDataFrame,
    lattice: Lattice,
) -> tuple[pd.Series, pd.DataFrame]:
    """Villagers' group of each cell, and the zone, habit area and dedicated area that it lies in."""
    built = np.array([w is not None for w in walls], dtype=bool)
    points = shapely.point_on_surface(np.where(built, walls, faces))[cells["face"].to_numpy()]
    named = {
        layer: _named_area(place, layer, points, lattice)
        for layer in ("groups", "zones", "affinity", "dedicated")
    }
    own = cells["bid"].map(buildings.set_index("bid")["group"]).to_numpy(object)
    group = np.where(pd.notna(own), own, named["groups"][0])
    layers = pd.DataFrame(
        {
            "zone": named["zones"][0],
            "affinity": named["affinity"][0],
            "dedicated": named["dedicated"][0],
            "dedicated_kind": named["dedicated"][1],
        },
        index=cells.index,
        dtype=object,
    )
    return pd.Series(group, index=cells.index, dtype=object), layers


def _named_area(
    place: PlaceFile, layer: str, points: NDArray[np.object_], lattice: Lattice
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Name and class of the polygon of a layer that holds each point; unnamed ones are numbered."""
    name = np.full(len(points), None, dtype=object)
    kind = np.full(len(points), None, dtype=object)
    rows = place.features[place.features["layer"] == layer]
    rows = rows[shapely.get_dimensions(rows.geometry.to_numpy()) == 2]
    if not len(rows):
        return name, kind
    geoms = lattice.to_lattice(rows.geometry.to_numpy())
    names = [n if isinstance(n, str) and n else f"{layer}-{i + 1}" for i, n in enumerate(rows["name"])]
    order = np.argsort(-shapely.area(geoms), kind="stable")
    point, area = shapely.STRtree(geoms[order]).query(points, predicate="intersects")
    last_wins = np.argsort(area, kind="stable")
    hit = order[area[last_wins]]
    name[point[last_wins]] = np.array(names, dtype=object)[hit]
    kind[point[last_wins]] = rows["class"].to_numpy(object)[hit]
    return name, kind
