"""Outlines of the basic grids of a town: noded together, densified, frozen; what is disputed is named.

Neighbours carry the same vertices from here on. Ground that two outlines claim, and strips between them that
none claims, are disputed ground: shown, and assigned by a planner, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry import mapping

from spatial.errors import BadRows, Where
from spatial.ground.gaps import CM, SLIVER_CM, Disputed, hairlines, open_gaps
from spatial.ground.model import ReportRow
from spatial.ground.seam import directed_edges, edge_keys, undirected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.ground.model import PlaceFile

ON_BORDER_CM = 1.6
"""Lattice rounding, twice, as for barriers."""
ROUNDING = 0.02
"""An edge longer than the spacing by no more than this share was dense before it was rounded."""
LEAST_PART_CM2 = 10_000.0
"""Parts of an outline below 1 m² are slivers."""


@dataclass(frozen=True)
class FrozenOutlines:
    """Outlines on the lattice (Polygon or MultiPolygon each), and what is disputed between them.

    ``slivers`` counts, for each outline, parts and strips too small to stand that were mended.
    """

    outlines: NDArray[np.object_]
    disputed: list[Disputed]
    slivers: NDArray[np.int64]


def freeze(
    given: NDArray[np.object_],
    spacing_m: NDArray[np.float64],
    crossings: NDArray[np.object_],
    fixed: NDArray[np.bool_] | None = None,
) -> FrozenOutlines:
    """Node outlines together and freeze them.

    Parameters
    ----------
    given
        (A,) Polygons or MultiPolygons on the lattice, valid.
    spacing_m
        (A,) greatest distance between vertices, by division; shared edges take the smaller.
    crossings
        Lines and walls that will meet the outlines: where they do, a vertex is set.
    fixed
        (A,) outlines that were frozen before and stay as they are: a sliver beside one goes to the other, who
        is then brought to its vertices by :func:`fit`. None: none of them.

    Returns
    -------
    FrozenOutlines
        Overlaps are taken away from every outline that claims them.
    """
    snapped = np.asarray(shapely.set_precision(given, 1.0), dtype=object)
    polygons, slivers = _without_specks(snapped)
    lines = shapely.boundary(np.concatenate([polygons, hairlines(polygons)]))
    noded = shapely.union_all(lines, grid_size=1.0)
    pieces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), dtype=object)
    claims = _claims(pieces, polygons)
    standing = np.zeros(len(polygons), dtype=np.bool_) if fixed is None else fixed
    label, disputed = _settle(pieces, claims, standing, slivers)
    settled = np.array([_dissolve(pieces[label == i]) for i in range(len(polygons))], dtype=object)
    dense = _densify(settled, spacing_m, crossings)
    return FrozenOutlines(dense, disputed + open_gaps(dense, disputed), slivers)


def disputed_row(disputed: Disputed, codes: list[str], lattice: Lattice) -> ReportRow:
    """Row of a report for a piece of disputed ground; ``codes`` are those of the outlines frozen together."""
    who = [codes[i] for i in disputed.areas]
    zh, en = ("重叠", "An overlap") if disputed.kind == "overlap" else ("空隙", "A gap")
    return ReportRow(
        "boundary", None, " / ".join(who), "geometry", "disputed", f"disputed_{disputed.kind}",
        f"基础网格 {'、'.join(who)} 之间有 {disputed.area_m2:.1f} 平方米{zh}，列为争议地；"
        "划定归属之前不能发布。",
        f"{en} of {disputed.area_m2:.1f} m² between basic grids {', '.join(who)} is disputed ground:"
        " nothing there is published until it is assigned.",
        mapping(lattice.to_lonlat(disputed.geometry)),
    )  # fmt: skip


def refuse_empty(frozen: FrozenOutlines, codes: list[str]) -> None:
    """Refuse outlines of which nothing is left once disputed ground is taken away; BadRows."""
    gone = [codes[i] for i in np.flatnonzero(shapely.is_empty(frozen.outlines))]
    if gone:
        raise BadRows(
            "outline_taken",
            zh=f"基础网格 {'、'.join(gone)} 太小，或全部与别的基础网格重叠，没有剩下土地；请检查边界。",
            en=f"Nothing is left of basic grid {', '.join(gone)}: too small, or overlapped wholly by others."
            " Check the boundary.",
            where=[Where(layer="boundary", field="geometry", ref=code) for code in gone],
        )


def fit(outline: Any, fixed: NDArray[np.object_]) -> Any:
    """Fit a new outline to frozen neighbours: along their border it uses their vertices and no others.

    Parameters
    ----------
    outline
        As :func:`freeze` made it together with the neighbours, so that it has all their vertices.
    fixed
        (K,) outlines frozen before, which never change.
    """
    ends = directed_edges(fixed).xy.reshape(-1, 2, 2).astype(np.float64)
    coords = shapely.get_coordinates(outline)
    tree = shapely.STRtree(shapely.linestrings(ends))
    on, edge = tree.query_nearest(shapely.points(coords), max_distance=ON_BORDER_CM, all_matches=False)
    away = np.hypot(*np.moveaxis(ends[edge] - coords[on][:, None], 2, 0))
    moved = coords.copy()
    moved[on] = ends[edge, np.argmin(away, axis=1)]
    fitted = shapely.remove_repeated_points(shapely.set_coordinates(outline, moved), 0.0)
    # a sliver along the border has no width any more: its edges, there and back, are no ground
    return shapely.make_valid(fitted, method="structure", keep_collapsed=False)


def borders_m(piece: Any, outlines: Sequence[Any]) -> list[float]:
    """Metres of border that a piece of ground shares with each of some outlines, to the centimetre.

    Parameters
    ----------
    piece
        Polygon or MultiPolygon on the lattice.
    outlines
        (N,) frozen outlines on the lattice. Their edges have more vertices than the piece's, each rounded.
    """
    left, bottom, right, top = shapely.bounds(piece)
    near = shapely.clip_by_rect(
        np.array(outlines, dtype=object), left - CM, bottom - CM, right + CM, top + CM
    )
    along = shapely.intersection(shapely.boundary(piece), shapely.buffer(near, ON_BORDER_CM))
    return [round(float(length) / CM, 2) for length in shapely.length(along)]


def crossings_of(place: PlaceFile, lattice: Lattice) -> NDArray[np.object_]:
    """Lines and walls of a place that may meet an outline, on the lattice."""
    lines = np.concatenate([place.features.geometry.to_numpy(), place.buildings.geometry.to_numpy()])
    lines = lines[shapely.get_dimensions(lines) > 0]
    if not len(lines):
        return np.empty(0, dtype=object)
    laid = lattice.to_lattice(lines)
    return np.asarray(np.where(shapely.get_dimensions(laid) == 2, shapely.boundary(laid), laid), dtype=object)


def _without_specks(polygons: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Drop parts below 1 m²; the largest part always stays."""
    out = polygons.copy()
    dropped = np.zeros(len(polygons), dtype=np.int64)
    for i, polygon in enumerate(polygons):
        parts = [
            p for p in shapely.get_parts(polygon) if shapely.get_dimensions(p) == 2 and shapely.area(p) > 0
        ]
        if not parts:
            out[i] = shapely.Polygon()
            continue
        keep = [p for p in parts if shapely.area(p) >= LEAST_PART_CM2] or parts[:1]
        dropped[i] = len(parts) - len(keep)
        out[i] = shapely.multipolygons(keep) if len(keep) > 1 else keep[0]
    return out, dropped


def _claims(pieces: NDArray[np.object_], polygons: NDArray[np.object_]) -> list[tuple[int, ...]]:
    """Outlines that claim each piece of the noded arrangement."""
    piece, area = shapely.STRtree(polygons).query(shapely.point_on_surface(pieces), predicate="intersects")
    found: list[list[int]] = [[] for _ in pieces]
    for p, a in sorted(zip(piece.tolist(), area.tolist(), strict=True)):
        found[p].append(a)
    return [tuple(f) for f in found]


def _settle(
    pieces: NDArray[np.object_],
    claims: list[tuple[int, ...]],
    fixed: NDArray[np.bool_],
    slivers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], list[Disputed]]:
    """Give each piece to its claimant; slivers to the neighbour with most border; the rest is disputed.

    A fixed outline keeps the sliver that it claims and takes no other. A hole is a sliver or meant.
    """
    label = np.array([who[0] if len(who) == 1 else -1 for who in claims], dtype=np.int64)
    border = _borders(pieces)
    thin = 2.0 * shapely.area(pieces) < SLIVER_CM * shapely.length(pieces)
    disputed: list[Disputed] = []
    for lot in _lots(claims, thin, border):
        beside = np.asarray(border[lot].sum(axis=0)).ravel()
        who = claims[lot[0]]
        touching = who or tuple(sorted({a for j in np.flatnonzero(beside) for a in claims[j]}))
        if not touching or (len(touching) == 1 and not thin[lot[0]]):
            continue
        if not thin[lot[0]]:
            disputed.append(Disputed("overlap" if who else "gap", touching, pieces[lot[0]]))
            continue
        able = [t for t in touching if fixed[t] == bool(who)] or list(who)
        if able:
            shared = [float(beside[label == t].sum()) for t in able]
            label[lot] = able[int(np.argmax(shared))]
            slivers[label[lot[0]]] += 1
    return label, disputed


def _lots(
    claims: list[tuple[int, ...]], thin: NDArray[np.bool_], border: csr_array
) -> list[NDArray[np.int64]]:
    """Pieces that have no one claimant, each by itself; slivers side by side that nobody claims together."""
    number = np.array([len(who) for who in claims], dtype=np.int64)
    bits = np.flatnonzero((number == 0) & thin)
    _, part = connected_components(border[bits][:, bits], directed=False)
    single = np.flatnonzero((number > 1) | ((number == 0) & ~thin))
    lots = [bits[part == k] for k in range(int(part.max(initial=-1)) + 1)]
    return sorted([*lots, *single[:, None]], key=lambda lot: int(lot[0]))


def _borders(pieces: NDArray[np.object_]) -> csr_array:
    """Length of the border between any two pieces of one arrangement, (P, P)."""
    edges = directed_edges(pieces)
    keys = edge_keys(undirected(edges.xy)[0])
    order = np.argsort(keys, kind="stable")
    twice = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    one, other = order[twice], order[twice + 1]
    length = np.hypot(*(edges.xy[one, 2:] - edges.xy[one, :2]).T)
    a, b = edges.owner[one], edges.owner[other]
    at = np.concatenate([a, b]), np.concatenate([b, a])
    shape = (len(pieces), len(pieces))
    return csr_array((np.tile(length, 2), at), shape=shape)


def _dissolve(pieces: NDArray[np.object_]) -> Any:
    """Union of noded pieces, every vertex on its border kept."""
    return shapely.coverage_union_all(pieces) if len(pieces) else shapely.Polygon()


def _densify(
    outlines: NDArray[np.object_], spacing_m: NDArray[np.float64], crossings: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Set lattice vertices along every edge, the same for both neighbours, and where lines cross it."""
    edges = directed_edges(outlines)
    forward, _ = undirected(edges.xy)
    keys = edge_keys(forward)
    if not len(keys):
        return outlines
    count = int(keys.max()) + 1
    xy = np.zeros((count, 4))
    xy[keys] = forward
    step = np.full(count, np.inf)
    np.minimum.at(step, keys, spacing_m[edges.owner] * CM)
    edge, t = _stations(xy, step, crossings)
    points = np.rint(xy[edge, :2] * (1.0 - t[:, None]) + xy[edge, 2:] * t[:, None])
    order = np.lexsort((t, edge))
    edge, points = edge[order], points[order]
    same = edge[1:] == edge[:-1]
    pairs = np.stack([points[:-1][same], points[1:][same]], axis=1)
    pairs = pairs[(pairs[:, 0] != pairs[:, 1]).any(axis=1)]
    lines = shapely.get_parts(shapely.union_all(shapely.linestrings(pairs), grid_size=1.0))
    pieces = np.asarray(shapely.get_parts(shapely.polygonize(lines)), dtype=object)
    piece, area = shapely.STRtree(outlines).query(shapely.point_on_surface(pieces), predicate="intersects")
    return np.array([_dissolve(pieces[piece[area == i]]) for i in range(len(outlines))], dtype=object)


def _stations(
    xy: NDArray[np.float64], step: NDArray[np.float64], crossings: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Positions along each edge (0 to 1) where a vertex stands."""
    length = np.hypot(xy[:, 2] - xy[:, 0], xy[:, 3] - xy[:, 1])
    pieces = np.maximum(1, np.ceil(length / step - ROUNDING)).astype(np.int64)
    edge = np.repeat(np.arange(len(xy)), pieces + 1)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(pieces + 1) - (pieces + 1), pieces + 1)
    t = nth / pieces[edge]
    if not len(crossings):
        return edge, t
    lines = shapely.linestrings(xy.reshape(-1, 2, 2))
    crosser, crossed = shapely.STRtree(lines).query(crossings, predicate="crosses")
    meet, of = shapely.get_coordinates(
        shapely.intersection(crossings[crosser], lines[crossed]), return_index=True
    )
    crossed = crossed[of]
    along = np.hypot(*(meet - xy[crossed, :2]).T) / length[crossed]
    inner = (along * length[crossed] > CM / 10) & ((1 - along) * length[crossed] > CM / 10)
    return np.concatenate([edge, crossed[inner]]), np.concatenate([t, along[inner]])
