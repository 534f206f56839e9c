"""Disputed ground: list it, and assign its pieces to basic grids that they lie between; one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.errors import BadParameter, Refused, Where
from spatial.ground.faces import build_ground
from spatial.ground.gaps import GAP_CM
from spatial.ground.model import ReportRow
from spatial.ground.outline import borders_m, crossings_of, fit, freeze
from spatial.planning.rehousing import Change, rehoused
from spatial.policy import LINGQUAN, Policy
from spatial.store import editions, grounds, places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.ground.model import PlaceFile
    from spatial.planning.views import Progress
    from spatial.store.engine import Store, Transaction

OUTLINE_COLUMNS = ("code", "name", "division", "geometry")
LEAST_TAKEN_CM2 = 10_000.0
"""A piece that shares less than 1 m² with an outline does not lie in it."""


@dataclass(frozen=True)
class DisputeView:
    """A piece of disputed ground: ``overlap`` or ``gap`` between the basic grids ``codes``.

    ``names`` and ``borders_m`` (metres of border that the piece shares with each) go with ``codes``;
    ``geometry`` is GeoJSON in EPSG:4326.
    """

    id: int
    kind: str
    codes: list[str]
    names: list[str]
    borders_m: list[float]
    area_m2: float
    geometry: dict[str, Any]

    @property
    def nearest(self) -> str:
        """Code of the basic grid with the longest common border; of equal ones the first."""
        return self.codes[int(np.argmax(self.borders_m))]


def disputes(store: Store, area: str) -> list[DisputeView]:
    """List the disputed ground of a town or basic grid; NotFound (``no_such_place``)."""
    with store.transaction() as tx:
        places.get(tx, area)
        rows = places.disputed(tx, area)
        town = places.town_of(tx, area)
        known = places.outlines(tx, town)
        names = {place.code: place.name for place in places.list_places(tx, town.code)}
        shapes = town.lattice.to_lattice(rows.geometry.to_numpy())
        return [
            DisputeView(
                int(r.id), r.kind, list(r.codes), [names.get(c, c) for c in r.codes],
                borders_m(shape, [known[c] for c in r.codes]), float(r.area_m2), mapping(r.geometry),
            )
            for r, shape in zip(rows.itertuples(), shapes, strict=True)
        ]  # fmt: skip


def town_outlines(store: Store, area: str) -> gpd.GeoDataFrame:
    """Read the frozen outlines of a town's basic grids: ``OUTLINE_COLUMNS``, EPSG:4326; NotFound."""
    with store.transaction() as tx:
        town = places.town_of(tx, area)
        known = places.outlines(tx, town)
        rows = [place for place in places.list_places(tx, town.code) if place.code in known]
        shapes = town.lattice.to_lonlat(np.array([known[p.code] for p in rows], dtype=object))
        plain = {column: [getattr(p, column) for p in rows] for column in OUTLINE_COLUMNS[:-1]}
        return gpd.GeoDataFrame(plain, geometry=shapes, crs=4326)


def assign_disputed(
    store: Store, dispute_id: int, to: str, *, who: str = "planner", policy: Policy = LINGQUAN
) -> int:
    """Assign one piece of disputed ground; gives back the new ground's id. See :func:`assign_disputes`."""
    return assign_disputes(store, {dispute_id: to}, who=who, policy=policy)[to]


def assign_disputes(
    store: Store,
    wanted: Mapping[int, str],
    *,
    who: str = "planner",
    policy: Policy = LINGQUAN,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Assign pieces of disputed ground: outlines grow, and the ground of whom it concerns is cut anew.

    All of them or none. A building that lies mostly in the assigned ground goes with it; where a neighbour
    held it until now, the neighbour's ground is cut anew too.

    Parameters
    ----------
    store
        The database.
    wanted
        12-digit code of the basic grid that gets a piece, by the piece's id as :func:`disputes` gives it.
    who
        For the record.
    policy
        Spacings and bands.
    progress
        Told after each ground.

    Returns
    -------
    dict
        Id of the newest ground by code, for every basic grid whose ground was cut anew or that got a piece.

    Raises
    ------
    NotFound
        ``no_such_dispute``.
    Refused
        ``not_concerned``: a piece does not lie between that basic grid and another. ``ground_published``: it
        lies in the frozen outline of another that is published. ``several_towns``.
    BadParameter
        ``nothing_to_assign``.
    """
    if not wanted:
        raise BadParameter(
            "nothing_to_assign",
            zh="没有给出要划定的争议地。", en="No disputed ground to assign was given.",
            where=(Where(field="assign"),),
        )  # fmt: skip
    with store.transaction() as tx:
        town = places.lock_disputed(tx, list(wanted))
        pieces = [_take(tx, town, dispute_id, to) for dispute_id, to in sorted(wanted.items())]
        known = places.outlines(tx, town)
        files = _files(tx, known, pieces)
        redrawn = _redrawn(tx, known, pieces, files, town, policy)
        for code, outline in redrawn.items():
            area = places.get(tx, code)
            if area.division is None:
                raise LookupError(code)
            places.save_basic(
                tx, code, name=area.name, division=area.division, parent=town.code, outline=outline
            )
        done = _cut_anew(tx, town, Change(known, known | redrawn, files), pieces, policy, progress)
        _record(tx, town, pieces, who)
        return done


@dataclass(frozen=True)
class _Piece:
    """A piece of disputed ground on its way to a basic grid; geometry on the lattice."""

    id: int
    kind: str
    codes: list[str]
    to: str
    shape: Any


def _take(tx: Transaction, town: places.Town, dispute_id: int, to: str) -> _Piece:
    kind, codes, shape = places.take_disputed(tx, dispute_id)
    if to not in codes:
        raise Refused(
            "not_concerned",
            zh=f"争议地 {dispute_id} 在 {'、'.join(codes)} 之间，不能划给 {to}。",
            en=f"Disputed ground {dispute_id} lies between {', '.join(codes)}; it can't go to {to}.",
            where=(Where(field="to", value=to),),
            data={"codes": codes},
        )
    laid = shapely.set_precision(town.lattice.to_lattice(shape), 1.0)
    return _Piece(dispute_id, kind, codes, to, laid)


def _files(tx: Transaction, known: dict[str, Any], pieces: list[_Piece]) -> dict[str, PlaceFile]:
    """What the grounds at the pieces were made from, by basic grid."""
    codes = np.array(sorted(known), dtype=object)
    tree = shapely.STRtree(np.array([known[c] for c in codes], dtype=object))
    _, near = tree.query(np.array([p.shape for p in pieces], dtype=object), predicate="dwithin", distance=2.0)
    concerned = {c for p in pieces for c in p.codes} | set(codes[near])
    newest = {code: grounds.latest(tx, code) for code in sorted(concerned)}
    return {code: grounds.load_place(tx, row.id) for code, row in newest.items() if row is not None}


def _redrawn(
    tx: Transaction, known: dict[str, Any], pieces: list[_Piece], files: dict[str, PlaceFile],
    town: places.Town, policy: Policy,
) -> dict[str, Any]:  # fmt: skip
    """Outlines that change, meeting their neighbours vertex by vertex."""
    whole: dict[str, Any] = {}
    for piece in pieces:
        for code in _holders(tx, known, piece):
            rest = shapely.difference(whole.get(code, known[code]), piece.shape, grid_size=1.0)
            whole[code] = rest
    for piece in pieces:
        whole[piece.to] = shapely.union(whole.get(piece.to, known[piece.to]), piece.shape, grid_size=1.0)
    changed, fixed = sorted(whole), _beside(known, whole)
    names = [*changed, *fixed]
    spacing = [policy.node_spacing_m[places.get(tx, c).division or "village"] for c in names]
    lines = [crossings_of(files[c], town.lattice) for c in changed if c in files]
    frozen = freeze(
        np.array([whole.get(c, known[c]) for c in names], dtype=object),
        np.array(spacing),
        np.concatenate(lines) if lines else np.empty(0, dtype=object),
        np.arange(len(names)) >= len(changed),
    )
    drawn = dict(zip(changed, frozen.outlines[: len(changed)], strict=True))
    if not fixed:
        return drawn
    rest = np.array([known[c] for c in fixed], dtype=object)
    return {code: fit(outline, rest) for code, outline in drawn.items()}


def _beside(known: dict[str, Any], whole: dict[str, Any]) -> list[str]:
    """Basic grids that stay as they are, beside some that change."""
    others = np.array(sorted(set(known) - set(whole)), dtype=object)
    if not len(others):
        return []
    tree = shapely.STRtree(np.array([known[c] for c in others], dtype=object))
    shapes = np.array(list(whole.values()), dtype=object)
    return sorted(set(others[tree.query(shapes, predicate="dwithin", distance=GAP_CM)[1]]))


def _holders(tx: Transaction, known: dict[str, Any], piece: _Piece) -> list[str]:
    """Other basic grids in whose outline a piece lies, none of them published; Refused if one is."""
    others = [c for c in sorted(known) if c != piece.to]
    shared = shapely.area(
        shapely.intersection(np.array([known[c] for c in others], dtype=object), piece.shape)
    )
    held = [c for c, m2 in zip(others, shared.tolist(), strict=True) if m2 >= LEAST_TAKEN_CM2]
    fixed = [c for c in held if editions.list_editions(tx, c)]
    if fixed:
        raise Refused(
            "ground_published",
            zh=f"争议地 {piece.id} 在已发布的基础网格 {'、'.join(fixed)} 轮廓之内，已冻结，只能划给它。",
            en=f"Disputed ground {piece.id} lies in the frozen outline of {', '.join(fixed)}, which is"
            " published: it can go there only.",
            where=(Where(field="to", value=piece.to, ref=fixed[0]),),
            data={"published": fixed},
        )
    return held


def _cut_anew(
    tx: Transaction, town: places.Town, change: Change, pieces: list[_Piece], policy: Policy,
    progress: Progress | None,
) -> dict[str, int]:  # fmt: skip
    """Cut the ground of every basic grid whose outline or buildings changed; ids of the new grounds."""
    files = rehoused(change, town.lattice)
    said = "".join(f" {p.id} {p.to} {shapely.to_wkt(p.shape)}" for p in pieces)
    done: dict[str, int] = {}
    for at, (code, (file, bids)) in enumerate(sorted(files.items()), start=1):
        ground = build_ground(file, code, change.after[code], town.lattice, policy, bids)
        mark = sha256(f"{file.sha256} {code}{said}".encode()).hexdigest()
        done[code] = grounds.write_ground(
            tx, code, ground, replace(file, sha256=mark), claimed=_claimed(tx, town, code)
        )[0]
        if progress is not None:
            progress("切分地块", "cutting the ground", at, len(files))
    return done


def _claimed(tx: Transaction, town: places.Town, code: str) -> Any:
    """Disputed ground that a basic grid still lies beside, on the lattice, or None."""
    rest = places.disputed(tx, code)
    return None if rest.empty else shapely.union_all(town.lattice.to_lattice(rest.geometry.to_numpy()))


def _record(tx: Transaction, town: places.Town, pieces: list[_Piece], who: str) -> None:
    """Keep who assigned what among the town's import reports."""
    rows = [
        ReportRow(
            "boundary", None, piece.to, "geometry", "noted", "dispute_assigned",
            f"{'、'.join(piece.codes)} 之间 {float(shapely.area(piece.shape)) / 10_000:.1f} 平方米争议地"
            f"（{'重叠' if piece.kind == 'overlap' else '空隙'}）划给 {piece.to}。",
            f"{float(shapely.area(piece.shape)) / 10_000:.1f} m² of disputed ground ({piece.kind}) between"
            f" {', '.join(piece.codes)} went to {piece.to}.",
            mapping(town.lattice.to_lonlat(piece.shape)),
        )
        for piece in pieces
    ]  # fmt: skip
    mark = sha256("".join(f"{p.id} {p.to} " for p in pieces).encode()).hexdigest()
    places.save_report(tx, town, rows, source_sha=mark, file="disputes", who=who)
