"""Faces and cells: one basic grid's ground, cut once, exactly.

The procedure: footprints -> barriers -> blocks -> ridges -> pieces -> labels -> faces -> cells, at the
end the seam proof. Robust because ownership is decided last: whatever the lines do, a piece in a footprint
belongs to that building and every other piece to the building it shares most open border with, so no building
is cut and nothing is left over.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.ground.adjoining import outer_metres, shared_edges
from spatial.ground.arrangement import NONE
from spatial.ground.cells import cells_of, memberships
from spatial.ground.crossings import crossings_in
from spatial.ground.cutting import cut_seamless
from spatial.ground.footprints import resolve, solid
from spatial.ground.households import stairwells, tally
from spatial.ground.landscape import barriers_of
from spatial.ground.model import Ground, PlaceFile, ReportRow
from spatial.ground.slices import Units, slice_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.policy import Division, Policy

CM = 100.0


def face_id(polygon: Any) -> str:
    """Name a face by its ring: 16 hex digits, the same however the ring is turned, started or ordered.

    Parameters
    ----------
    polygon
        Polygon in whole lattice centimetres. Every vertex counts, those on straight edges too.

    Examples
    --------
    >>> from shapely import Polygon
    >>> a = Polygon([(0, 0), (10, 0), (10, 10)])
    >>> face_id(a) == face_id(Polygon([(10, 10), (10, 0), (0, 0)])), len(face_id(a))
    (True, 16)
    """
    return str(face_ids(np.array([polygon], dtype=object))[0])


def face_ids(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Name (N,) faces as :func:`face_id` does."""
    rings, of = shapely.get_rings(shapely.orient_polygons(polygons), return_index=True)
    data, bounds = _canonical(rings)
    first = np.searchsorted(of, np.arange(len(polygons) + 1)).tolist()
    return np.array([_digest(data, bounds[a : b + 1]) for a, b in pairwise(first)], dtype=object)


def _digest(data: memoryview, bounds: list[int]) -> str:
    """Digest of one face's rings, the outer one first; holes in the order of their bytes."""
    outer, *holes = [data[a:b] for a, b in pairwise(bounds)]
    digest = blake2b(outer, digest_size=8)
    for hole in sorted(bytes(hole) for hole in holes):
        digest.update(b"hole" + hole)
    return digest.hexdigest()


def _canonical(rings: NDArray[np.object_]) -> tuple[memoryview, list[int]]:
    """Points of rings, each from its leftmost lowest point on, as bytes; where each ring's bytes begin."""
    coords, of = shapely.get_coordinates(rings, return_index=True)
    open_end = np.r_[of[1:] == of[:-1], False] if len(of) else np.empty(0, dtype=bool)
    xy, of = np.rint(coords[open_end]).astype("<i8"), of[open_end]
    begin = np.searchsorted(of, np.arange(len(rings) + 1))
    lowest = np.lexsort((xy[:, 1], xy[:, 0], of))[begin[:-1]] if len(xy) else begin[:-1]
    place = np.arange(len(xy)) - begin[of] + (lowest - begin[:-1])[of]
    turned = xy[begin[of] + place % np.diff(begin)[of]]
    return memoryview(turned.tobytes()), (begin * turned.itemsize * 2).tolist()


def home_areas(buildings: NDArray[np.object_], outlines: NDArray[np.object_]) -> NDArray[np.int64]:
    """Basic grid in which most of each building lies; NONE where it lies in none.

    Parameters
    ----------
    buildings
        (N,) Polygons or Points on the lattice.
    outlines
        (A,) the basic grids' outlines on the same lattice.
    """
    home = np.full(len(buildings), NONE, dtype=np.int64)
    building, area = shapely.STRtree(outlines).query(buildings, predicate="intersects")
    claimants = np.bincount(building, minlength=len(buildings))[building]
    shared = np.zeros(len(building))
    torn = claimants > 1
    shared[torn] = shapely.area(shapely.intersection(buildings[building[torn]], outlines[area[torn]]))
    order = np.lexsort((area, -shared, building))
    building, area = building[order], area[order]
    first = np.r_[True, building[1:] != building[:-1]] if len(building) else np.empty(0, dtype=bool)
    home[building[first]] = area[first]
    return home


def build_ground(
    place: PlaceFile,
    area_code: str,
    outline: Any,
    lattice: Lattice,
    policy: Policy,
    bids: set[str] | None = None,
) -> Ground:
    """Cut the ground of one basic grid into faces and cells.

    Parameters
    ----------
    place
        The place file, read.
    area_code
        12-digit code of one of its areas.
    outline
        That area's frozen outline on the lattice.
    lattice
        The town's lattice.
    policy
        Bands (the finest cuts towers into floors), node spacing, reaches.
    bids
        The buildings that belong to the area; None takes all that lie mostly in it.

    Returns
    -------
    Ground
        Proved seamless.

    Raises
    ------
    Refused
        ``ground_not_seamless`` if no try passes the proof (a defect: please report the file).
    """
    division: Division = place.areas.set_index("code").at[area_code, "division"]
    buildings = _buildings_of(place, outline, lattice, bids)
    footprints = resolve(
        solid(lattice.to_lattice(buildings.geometry.to_numpy())), buildings["bid"].to_numpy(object), outline
    )
    counts = _counts(place, buildings, footprints.host)
    units, owner = _units(buildings, footprints.geoms, stairwells(counts))
    barriers = barriers_of(place.features, lattice, outline, policy.own_face_width_m * CM)
    crossings = crossings_in(place.features, lattice, outline, barriers, policy.crossing_reach_m * CM)
    cut = cut_seamless(outline, units, barriers, division, policy)
    order = _west_to_east(cut.pieces.polygons)
    faces, unit = cut.pieces.polygons[order], cut.unit[order]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    ids = face_ids(faces)
    walls = cut.walls[order]
    cells = cells_of(ids, unit, owner, counts, policy.bands[division][-1].maximum or 0)
    cells["group"], layers = memberships(place, cells, faces, walls, buildings, lattice)
    return Ground(
        lattice=lattice,
        area_code=area_code,
        division=division,
        outline=outline,
        faces=faces,
        face_ids=ids,
        footprints=walls,
        cells=cells,
        edges=shared_edges(cut, rank, barriers, crossings, policy),
        outer_m=outer_metres(cut.pieces, rank, len(faces)),
        layers=layers,
        report=footprints.report,
    )


def _buildings_of(
    place: PlaceFile, outline: Any, lattice: Lattice, bids: set[str] | None
) -> gpd.GeoDataFrame:
    """Buildings of the area in order of bid, so that the file's row order changes nothing."""
    frame = place.buildings
    if bids is None:
        inside = home_areas(lattice.to_lattice(frame.geometry.to_numpy()), np.array([outline], dtype=object))
        frame = frame[inside == 0]
    else:
        frame = frame[frame["bid"].isin(bids)]
    return frame.sort_values("bid", kind="stable").reset_index(drop=True)


def _counts(place: PlaceFile, buildings: gpd.GeoDataFrame, host: NDArray[np.int64]) -> pd.DataFrame:
    """Households of the area's buildings; those of a building without ground move to its host."""
    counts = tally(place)
    bids = buildings["bid"].to_numpy(object)
    position = pd.Series(np.arange(len(bids)), index=bids)
    counts = counts[counts["bid"].isin(set(bids))].copy()
    root = host[host[host]] if len(host) else host
    at = position.loc[counts["bid"]].to_numpy()
    moved = root[at] != at
    counts["bid"] = bids[root[at]] if len(at) else counts["bid"]
    counts.loc[moved, ["stairwell"]] = None
    counts.loc[moved, ["floor"]] = pd.NA
    return counts


def _units(
    buildings: gpd.GeoDataFrame, footprints: NDArray[np.object_], wells: dict[str, list[str]]
) -> tuple[Units, pd.DataFrame]:
    """One unit a building or stairwell; with them bid and stairwell by unit."""
    standing = np.flatnonzero(~shapely.is_empty(footprints))
    bids = buildings["bid"].to_numpy(object)[standing]
    units = slice_units(footprints[standing], [wells.get(str(b), []) for b in bids])
    owner = pd.DataFrame({"bid": bids[units.building], "stairwell": units.stairwell})
    return units, owner


def _west_to_east(faces: NDArray[np.object_]) -> NDArray[np.int64]:
    """Order of faces that a shift of the whole town does not change."""
    box = shapely.bounds(faces)
    return np.lexsort((shapely.area(faces), box[:, 3], box[:, 2], box[:, 1], box[:, 0]))


def report_unhoused(place: PlaceFile, homes: NDArray[np.int64]) -> list[ReportRow]:
    """Report the buildings that lie in no basic grid at all."""
    return [
        ReportRow(
            "buildings",
            int(i) + 1,
            str(place.buildings["bid"].iloc[i]),
            "geometry",
            "set_aside",
            "building_outside",
            f"建筑 {place.buildings['bid'].iloc[i]} 不在任何基础网格内，已搁置。",
            f"Building {place.buildings['bid'].iloc[i]} lies in no basic grid and is set aside.",
        )
        for i in np.flatnonzero(homes == NONE)
    ]
