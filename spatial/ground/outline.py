"""Outlines of the basic grids of a town: noded together, densified, frozen; what is disputed is named.

Neighbours carry the same vertices from here on. Ground that two outlines claim, and strips between them that
none claims, are disputed ground: shown, and assigned by a planner, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from scipy.spatial import KDTree
from shapely.geometry import mapping

from spatial.errors import BadRows, Where
from spatial.ground.model import ReportRow
from spatial.ground.seam import directed_edges, edge_keys, undirected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.ground.model import PlaceFile

CM = 100.0
CM2_PER_M2 = 10_000.0
GAP_CM = 2_000.0
"""Ground between two outlines narrower than this is a gap; wider, it is nobody's by intent."""
SLIVER_CM = 10.0
"""Overlaps and gaps narrower than this on average come from digitising and go to the longer neighbour."""
ON_BORDER_CM = 1.6
"""Lattice rounding, twice, as for barriers."""
ROUNDING = 0.02
"""An edge longer than the spacing by no more than this share was dense before it was rounded."""
LEAST_PART_CM2 = 10_000.0
"""Parts of an outline below 1 m² are slivers."""


@dataclass(frozen=True)
class Disputed:
    """Ground that several outlines claim (``overlap``) or that none between them does (``gap``).

    ``areas`` are positions of the outlines concerned; geometry in lattice centimetres.
    """

    kind: Literal["overlap", "gap"]
    areas: tuple[int, ...]
    geometry: Any

    @property
    def area_m2(self) -> float:
        """Its area in square metres."""
        return float(shapely.area(self.geometry)) / CM2_PER_M2


@dataclass(frozen=True)
class FrozenOutlines:
    """Outlines on the lattice (Polygon or MultiPolygon each), and what is disputed between them.

    ``slivers`` counts, for each outline, parts and strips too small to stand that were mended.
    """

    outlines: NDArray[np.object_]
    disputed: list[Disputed]
    slivers: NDArray[np.int64]


def freeze(
    given: NDArray[np.object_], spacing_m: NDArray[np.float64], crossings: NDArray[np.object_]
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

    Returns
    -------
    FrozenOutlines
        Overlaps are taken away from every outline that claims them.
    """
    snapped = np.asarray(shapely.set_precision(given, 1.0), dtype=object)
    polygons, slivers = _without_specks(snapped)
    lines = shapely.boundary(np.concatenate([polygons, _hairlines(polygons)]))
    noded = shapely.union_all(lines, grid_size=1.0)
    pieces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), dtype=object)
    claims = _claims(pieces, polygons)
    label, disputed = _settle(pieces, claims, polygons, slivers)
    settled = np.array([_dissolve(pieces[label == i]) for i in range(len(polygons))], dtype=object)
    dense = _densify(settled, spacing_m, crossings)
    return FrozenOutlines(dense, disputed + open_gaps(dense, disputed), slivers)


def disputed_row(disputed: Disputed, codes: list[str], lattice: Lattice) -> ReportRow:
    """Row of a report for a piece of disputed ground; ``codes`` are those of the outlines frozen together."""
    who = [codes[i] for i in disputed.areas]
    zh, en = ("重叠", "overlap") if disputed.kind == "overlap" else ("空隙", "gap")
    return ReportRow(
        "boundary", None, " / ".join(who), "geometry", "disputed", f"disputed_{disputed.kind}",
        f"基础网格 {'、'.join(who)} 之间有 {disputed.area_m2:.1f} 平方米{zh}，列为争议地；"
        "划定归属之前不能发布。",
        f"An {en} of {disputed.area_m2:.1f} m² between basic grids {', '.join(who)} is disputed ground:"
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
    border = shapely.union_all(shapely.boundary(fixed))
    vertices = np.unique(shapely.get_coordinates(border), axis=0)
    coords = shapely.get_coordinates(outline)
    _, nearest = KDTree(vertices).query(coords)
    shapely.prepare(border)
    on = shapely.dwithin(border, shapely.points(coords), ON_BORDER_CM)
    moved = np.where(on[:, None], vertices[nearest], coords)
    fitted = shapely.set_coordinates(outline, moved)
    return shapely.remove_repeated_points(fitted, 0.0)


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


def _hairlines(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Strips between outlines that are too narrow to be ground, those open at their ends too."""
    if len(polygons) < 2:
        return np.empty(0, dtype=object)
    solid = shapely.union_all(polygons)
    wider = shapely.buffer(solid, SLIVER_CM, join_style="mitre")
    closed = shapely.buffer(wider, -SLIVER_CM, join_style="mitre")
    strips = shapely.get_parts(shapely.difference(closed, solid, grid_size=1.0))
    strips = strips[shapely.area(strips) > 0]
    return np.array([s for s in strips if len(_sides(s, polygons)) > 1], dtype=object)


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
    polygons: NDArray[np.object_],
    slivers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], list[Disputed]]:
    """Give each piece to its claimant; slivers to the neighbour with most border; the rest is disputed."""
    label = np.full(len(pieces), -1, dtype=np.int64)
    disputed: list[Disputed] = []
    for i, who in enumerate(claims):
        if len(who) == 1:
            label[i] = who[0]
    for i, who in enumerate(claims):
        if len(who) == 1:
            continue
        touching = who or _neighbours(pieces[i], polygons)
        if len(touching) < 2:
            continue
        if 2.0 * shapely.area(pieces[i]) < SLIVER_CM * shapely.length(pieces[i]):
            shared = [
                float(shapely.length(shapely.intersection(shapely.boundary(pieces[i]), pieces[j])))
                for j in (np.flatnonzero(label == t)[0] if (label == t).any() else i for t in touching)
            ]
            label[i] = touching[int(np.argmax(shared))]
            slivers[label[i]] += 1
        else:
            disputed.append(Disputed("overlap" if who else "gap", touching, pieces[i]))
    return label, disputed


def _neighbours(piece: Any, polygons: NDArray[np.object_]) -> tuple[int, ...]:
    """Outlines that a piece shares a stretch of border with."""
    near = shapely.STRtree(polygons).query(piece, predicate="intersects")
    shared = shapely.length(shapely.intersection(polygons[near], shapely.boundary(piece)))
    return tuple(int(i) for i in np.sort(near[shared > 0]))


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


def open_gaps(outlines: NDArray[np.object_], known: Sequence[Disputed] = ()) -> list[Disputed]:
    """Find strips between outlines that are open at their ends, so that no ring closes them in."""
    if len(outlines) < 2:
        return []
    solid = shapely.union_all(np.append(outlines, [d.geometry for d in known]))
    half = GAP_CM / 2.0
    closed = shapely.buffer(shapely.buffer(solid, half, join_style="mitre"), -half, join_style="mitre")
    strips = shapely.get_parts(shapely.difference(closed, solid, grid_size=1.0))
    strips = strips[shapely.area(strips) >= CM2_PER_M2]
    strips = strips[~shapely.is_empty(shapely.buffer(strips, -1.0))]
    found = []
    for strip in strips:
        who = _sides(strip, outlines)
        if len(who) >= 2:
            found.append(Disputed("gap", who, strip))
    return found


def _sides(strip: Any, outlines: NDArray[np.object_]) -> tuple[int, ...]:
    """Outlines that a strip runs along, for more than its width."""
    near = shapely.STRtree(outlines).query(strip, predicate="dwithin", distance=2.0)
    along = shapely.length(shapely.intersection(shapely.boundary(strip), shapely.buffer(outlines[near], 2.0)))
    width = 2.0 * float(shapely.area(strip)) / float(shapely.length(strip))
    return tuple(int(i) for i in np.sort(near[along > width]))
