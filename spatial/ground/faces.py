"""Faces and cells: one basic grid's ground, cut once, exactly.

The procedure: footprints -> barriers -> blocks -> ridges -> pieces -> labels -> faces -> cells, at the
end the seam proof. Robust because ownership is decided last: whatever the lines do, a piece in a footprint
belongs to that building and every other piece to the building it shares most open border with, so no building
is cut and nothing is left over.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from spatial.errors import Refused
from spatial.ground.arrangement import (
    CLEAR_CM,
    NONE,
    Pieces,
    dissolve,
    inner_lines,
    node,
    node_into,
    pieces_of,
    rounded,
    spread,
)
from spatial.ground.footprints import Units, resolve, slice_units, solid
from spatial.ground.households import floor_runs, stairwells, tally
from spatial.ground.landscape import NO_BARRIER, Barriers, barriers_of, carry_on, follow
from spatial.ground.model import CELL_COLUMNS, EDGE_COLUMNS, Ground, PlaceFile, ReportRow
from spatial.ground.ridges import ridges, site_steps, wall_sites
from spatial.ground.seam import prove
from spatial.ground.strips import part_strips
from spatial.policy import BARRIERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.policy import Division, Policy

CM = 100.0
CM2 = 10_000.0
SMOOTH_CM = {"community": 25.0, "village": 100.0}
TRIES = ((5.0, False), (5.0, True), (20.0, True), (60.0, True))
"""Width of the band along the outline that inner lines keep out of, and whether all lines are noded together
rather than only those that come near each other; the next is tried if the proof fails."""
THIN_M = 1.5
"""Open faces narrower than this on average are slivers and join a neighbour."""
SMALL_M2 = 12.0


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
    digest = blake2b(_canonical(polygon.exterior, ccw=True), digest_size=8)
    for hole in sorted(_canonical(ring, ccw=False) for ring in polygon.interiors):
        digest.update(b"hole" + hole)
    return digest.hexdigest()


def _canonical(ring: Any, *, ccw: bool) -> bytes:
    """Points of a ring from its lowest point on, in one sense of rotation, as bytes."""
    xy = np.rint(shapely.get_coordinates(ring)).astype(np.int64)[:-1]
    if bool(shapely.is_ccw(ring)) != ccw:
        xy = xy[::-1]
    start = int(np.lexsort((xy[:, 1], xy[:, 0]))[0])
    data: bytes = np.roll(xy, -start, axis=0).astype("<i8").tobytes()
    return data


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


@dataclass(frozen=True)
class _Cut:
    """Faces of one try: polygons, the unit of each (NONE: open ground), what edges follow, built parts."""

    pieces: Pieces
    unit: NDArray[np.int64]
    line: NDArray[np.int64]
    walls: NDArray[np.object_]


@dataclass(frozen=True)
class _Way:
    """How one try cuts: centimetres, and whether all lines are noded together."""

    spacing: float
    smooth: float
    dangle: float
    band: float
    careful: bool


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
    cut = _cut_seamless(outline, units, barriers, division, policy)
    order = _west_to_east(cut.pieces.polygons)
    faces, unit = cut.pieces.polygons[order], cut.unit[order]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    ids = np.array([face_id(f) for f in faces], dtype=object)
    walls = cut.walls[order]
    cells = _cells(ids, unit, owner, counts, policy.bands[division][-1].maximum or 0)
    cells["group"], layers = _memberships(place, cells, faces, walls, buildings, lattice)
    return Ground(
        lattice=lattice,
        area_code=area_code,
        division=division,
        outline=outline,
        faces=faces,
        face_ids=ids,
        footprints=walls,
        cells=cells,
        edges=_edges(cut, rank, barriers, policy.adjacency_m),
        outer_m=_outer(cut.pieces, rank, len(faces)),
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


def _cut_seamless(outline: Any, units: Units, barriers: Barriers, division: Division, policy: Policy) -> _Cut:
    """Cut, prove, and try again with a wider band along the outline where the proof fails."""
    origin = np.floor(np.asarray(shapely.bounds(outline))[:2])
    here = _moved(outline, -origin)
    local_units = Units(_moved(units.geoms, -origin), units.building, units.stairwell)
    local = Barriers(_moved(barriers.lines, -origin), barriers.kind, barriers.names)
    spacing, dangle = policy.node_spacing_m[division] * CM, policy.dangle_m * CM
    for band, careful in TRIES:
        way = _Way(spacing, SMOOTH_CM[division], dangle, band, careful)
        cut = _cut(here, local_units, local, way)
        if not prove(cut.pieces.polygons, here):
            back = Pieces(
                _moved(cut.pieces.polygons, origin),
                _moved(cut.pieces.points, origin),
                cut.pieces.xy + np.tile(origin, 2).astype(np.int64),
                cut.pieces.left,
                cut.pieces.right,
                cut.pieces.length,
            )
            return _Cut(back, cut.unit, cut.line, _moved(cut.walls, origin))
    raise Refused(
        "ground_not_seamless",
        zh="该区域的地块切分未通过无缝检验，这是软件缺陷，请把文件交给我们。",
        en="The ground could not be cut without a seam. This is a defect of ours: please send us the file.",
    )


def _moved(geoms: Any, by: NDArray[np.float64]) -> Any:
    return shapely.transform(geoms, lambda xy: xy + by)


def _cut(outline: Any, units: Units, barriers: Barriers, way: _Way) -> _Cut:
    """One try: blocks, then ridges in them, then pieces with labels, then faces."""
    lines = _barrier_lines(barriers, units.geoms, outline, way.dangle)
    walls = shapely.segmentize(shapely.boundary(units.geoms), way.spacing)
    alone = _alone(units.geoms, lines, outline, way.band) & (not way.careful)
    first = inner_lines(np.concatenate([lines, walls[~alone]]), outline, way.band)
    noded = node(first, shapely.get_parts(shapely.boundary(outline)), way.spacing)
    noded = np.concatenate([noded, shapely.transform(walls[alone], rounded)])
    blocks = pieces_of(noded, outline)
    unit = _unit_of(blocks, units.geoms)
    sites = wall_sites(blocks, unit, site_steps(units.geoms, way.smooth))
    middle = ridges(*sites, blocks.polygons, way.smooth)
    if len(middle):
        add = node if way.careful else node_into
        noded = add(inner_lines(middle, outline, way.band), noded, way.spacing)
    pieces = pieces_of(noded, outline)
    return _faces(pieces, _unit_of(pieces, units.geoms), barriers, way.spacing)


def _alone(
    units: NDArray[np.object_], lines: NDArray[np.object_], outline: Any, band: float
) -> NDArray[np.bool_]:
    """Units whose walls no other line comes near to: they need no noding."""
    out = np.ones(len(units), dtype=bool)
    if not len(units):
        return out
    tree = shapely.STRtree(units)
    one, other = tree.query(units, predicate="dwithin", distance=CLEAR_CM)
    out[one[one != other]] = False
    out[tree.query(lines, predicate="dwithin", distance=CLEAR_CM)[1]] = False
    inside = shapely.buffer(outline, -band - CLEAR_CM, join_style="mitre")
    shapely.prepare(inside)
    return np.asarray(out & shapely.contains_properly(inside, units), dtype=bool)


def _barrier_lines(
    barriers: Barriers, units: NDArray[np.object_], outline: Any, dangle: float
) -> NDArray[np.object_]:
    """Barrier lines, dangling ends carried on, and taken away inside buildings."""
    if not len(barriers.lines):
        return np.empty(0, dtype=object)
    within = shapely.intersection(barriers.lines, outline)
    within = within[~shapely.is_empty(within)]
    noded = shapely.get_parts(shapely.union_all(within, grid_size=1.0))
    noded = noded[shapely.get_dimensions(noded) == 1]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(noded)))
    lines = np.concatenate([merged, carry_on(merged, shapely.boundary(outline), dangle)])
    if len(units):
        line, _ = shapely.STRtree(units).query(lines, predicate="intersects")
        crossing = np.unique(line)
        if len(crossing):
            erased = shapely.difference(shapely.union_all(lines[crossing]), shapely.union_all(units))
            lines = np.concatenate([np.delete(lines, crossing), shapely.get_parts(erased)])
    return np.asarray(lines[shapely.get_dimensions(lines) == 1], dtype=object)


def _unit_of(pieces: Pieces, units: NDArray[np.object_]) -> NDArray[np.int64]:
    """Unit inside whose footprint each piece lies, or NONE."""
    out = np.full(len(pieces.points), NONE, dtype=np.int64)
    if len(units):
        piece, unit = shapely.STRtree(units).query(pieces.points, predicate="intersects")
        out[piece[::-1]] = unit[::-1]
    return out


def _faces(pieces: Pieces, unit: NDArray[np.int64], barriers: Barriers, spacing: float) -> _Cut:
    """Label every piece, merge by label, let slivers join neighbours, part what is long and open."""
    line = follow(pieces.xy, barriers)
    open_edge = line == NO_BARRIER
    labels = _open_labels(pieces, spread(unit, pieces, open_edge), open_edge)
    merged, into, kept = dissolve(pieces, labels)
    for _ in range(4):
        owner = _main_parts(pieces, unit, merged, into)
        loose = _loose(merged, owner)
        if not loose.any():
            break
        start = np.where(loose, NONE, np.arange(len(merged.polygons)))
        joined = spread(start, merged, np.ones(len(merged.xy), dtype=bool))
        labels = np.where(joined == NONE, np.arange(len(joined)), joined)[into]
        merged, into, kept = dissolve(pieces, labels)
    owner = _main_parts(pieces, unit, merged, into)
    walls, line = _walls(pieces, unit, into, owner), line[kept]
    parted, origin, edge = part_strips(merged, owner == NONE, spacing)
    return _Cut(parted, owner[origin], np.where(edge == NONE, NO_BARRIER, line[edge]), walls[origin])


def _walls(
    pieces: Pieces, unit: NDArray[np.int64], into: NDArray[np.int64], owner: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Built part of each face, with the face's own vertices along shared walls; None on open ground."""
    out = np.full(len(owner), None, dtype=object)
    built = np.flatnonzero((unit != NONE) & (unit == owner[into]))
    order = built[np.argsort(into[built], kind="stable")]
    fresh = np.flatnonzero(into[order][1:] != into[order][:-1]) + 1
    for group in np.split(order, fresh) if len(order) else []:
        parts = pieces.polygons[group]
        out[into[group[0]]] = parts[0] if len(parts) == 1 else shapely.coverage_union_all(parts)
    return out


def _open_labels(
    pieces: Pieces, labels: NDArray[np.int64], open_edge: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Give ground without a building a label for each stretch that no barrier parts."""
    out = labels.copy()
    rest = np.flatnonzero(out == NONE)
    if not len(rest):
        return out
    number = np.full(len(out), NONE, dtype=np.int64)
    number[rest] = np.arange(len(rest))
    both = (pieces.left != NONE) & (pieces.right != NONE) & open_edge
    a, b = number[pieces.left[both]], number[pieces.right[both]]
    inner = (a != NONE) & (b != NONE)
    links = coo_matrix((np.ones(int(inner.sum())), (a[inner], b[inner])), shape=(len(rest), len(rest)))
    _, stretch = connected_components(links, directed=False)
    out[rest] = stretch + (int(labels.max()) + 1 if len(labels) else 0)
    return out


def _main_parts(
    pieces: Pieces, unit: NDArray[np.int64], merged: Pieces, into: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Unit of each merged piece: the one whose footprint lies in it, by its largest part."""
    out = np.full(len(merged.polygons), NONE, dtype=np.int64)
    built = np.flatnonzero((unit != NONE) & (into != NONE))
    if not len(built):
        return out
    area = pd.Series(shapely.area(pieces.polygons[built]))
    sums = area.groupby([unit[built], into[built]]).sum().reset_index(name="area")
    sums.columns = pd.Index(["unit", "piece", "area"])
    best = sums.sort_values(["unit", "area", "piece"], ascending=[True, False, True]).drop_duplicates("unit")
    best = best.sort_values(["piece", "area", "unit"], ascending=[True, False, True]).drop_duplicates("piece")
    out[best["piece"].to_numpy()] = best["unit"].to_numpy()
    return out


def _loose(merged: Pieces, unit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Open faces too small or too thin to stand by themselves."""
    area = shapely.area(merged.polygons) / CM2
    perimeter = shapely.length(merged.polygons) / CM
    thin = 2.0 * area < THIN_M * perimeter
    return np.asarray((unit == NONE) & ((area < SMALL_M2) | thin), dtype=bool)


def _west_to_east(faces: NDArray[np.object_]) -> NDArray[np.int64]:
    """Order of faces that a shift of the whole town does not change."""
    box = shapely.bounds(faces)
    return np.lexsort((shapely.area(faces), box[:, 3], box[:, 2], box[:, 1], box[:, 0]))


def _cells(
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


def _memberships(
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


def _edges(cut: _Cut, rank: NDArray[np.int64], barriers: Barriers, least_m: float) -> pd.DataFrame:
    """Shared edges of faces, summed by the feature that they follow; corner touches are left out."""
    both = (cut.pieces.left != NONE) & (cut.pieces.right != NONE)
    left, right = rank[cut.pieces.left[both]], rank[cut.pieces.right[both]]
    line = cut.line[both]
    on = line != NO_BARRIER
    kind = np.full(len(line), NO_BARRIER)
    kind[on] = barriers.kind[line[on]]
    name = np.full(len(line), None, dtype=object)
    name[on] = barriers.names[line[on]]
    table = np.array([(b.name, b.strength) for b in BARRIERS] + [(None, 0.0)], dtype=object)
    frame = pd.DataFrame(
        {
            "a": np.minimum(left, right),
            "b": np.maximum(left, right),
            "length_m": cut.pieces.length[both] / CM,
            "barrier": table[kind, 0],
            "strength": table[kind, 1].astype(float),
            "feature": pd.Series(name, dtype=object).where(pd.notna(name), None),
        }
    )
    pair = frame.groupby(["a", "b"])["length_m"].transform("sum")
    frame = frame[(pair >= least_m) & (frame["a"] != frame["b"])]
    keys = ["a", "b", "barrier", "strength", "feature"]
    summed = frame.groupby(keys, dropna=False, sort=True)["length_m"].sum().reset_index()
    for column in ("barrier", "feature"):
        summed[column] = summed[column].astype(object).where(summed[column].notna(), None)
    return summed[list(EDGE_COLUMNS)]


def _outer(pieces: Pieces, rank: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Metres of each face's ring on the outline."""
    out = np.zeros(count)
    rim = (pieces.left == NONE) ^ (pieces.right == NONE)
    owner = np.where(pieces.left == NONE, pieces.right, pieces.left)[rim]
    np.add.at(out, rank[owner], pieces.length[rim] / CM)
    return out


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
