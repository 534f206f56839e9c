"""Outlines of a file's basic grids: frozen beside those that are there, and kept with what is disputed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from spatial.ground.gaps import Disputed
from spatial.ground.model import ReportRow
from spatial.ground.outline import ON_BORDER_CM, crossings_of, disputed_row, fit, freeze, refuse_empty
from spatial.store import editions, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.model import PlaceFile
    from spatial.policy import Policy
    from spatial.store.engine import Transaction

Claim = tuple[Literal["overlap", "gap"], list[str], Any]
"""Disputed ground: its kind, the codes of the basic grids concerned, and its shape on the lattice."""
SAME_WIDTH_CM = 5.0
"""Two outlines that differ by a strip narrower than this are the same outline."""
LEAST_DISPUTED_CM2 = 10_000.0
"""Less than 1 m² left of disputed ground is settled."""


def save_outlines(
    tx: Transaction, town: places.Town, areas: Any, place: PlaceFile, policy: Policy,
    mend: frozenset[str] = frozenset(),
) -> tuple[dict[str, Any], list[Claim], list[ReportRow]]:  # fmt: skip
    """Freeze the outlines; keep them with the names of the basic grids, and what is disputed.

    Parameters
    ----------
    areas
        The file's basic grids of one town, columns ``AREA_COLUMNS``.
    mend
        Codes of those to be frozen anew, see `meeting.to_mend`.

    Returns
    -------
    outlines, disputed, rows
        Frozen outlines by code, lattice; what is disputed in the town; what there is to say.
    """
    outlines, disputed, rows = _freeze(tx, town, areas, place, policy, mend)
    for area in areas.itertuples():
        places.save_basic(
            tx, area.code, name=area.name, division=area.division, parent=town.code,
            outline=outlines[area.code],
        )  # fmt: skip
        places.mark_sample(tx, area.code, sample=place.sample)
    if not _same_disputes(tx, town, disputed):
        places.save_disputed(tx, town, place.sha256, disputed)
    return outlines, disputed, rows


def _freeze(
    tx: Transaction, town: places.Town, areas: Any, place: PlaceFile, policy: Policy, mend: frozenset[str]
) -> tuple[dict[str, Any], list[Claim], list[ReportRow]]:
    """Outline of every basic grid of the file: as frozen before, else frozen now beside its neighbours."""
    known = places.outlines(tx, town)
    codes = areas["code"].tolist()
    given = dict(zip(codes, town.lattice.to_lattice(areas.geometry.to_numpy()), strict=True))
    rows: list[ReportRow] = []
    keep = {c for c in known if c not in given}
    again = place.sha256 in {report.source_sha for report in places.reports(tx, town)}
    for code in codes:
        if code not in known or code in mend:
            continue
        differs = not again and _differs(given[code], known[code])
        published = bool(editions.list_editions(tx, code))
        if not differs or published:
            keep.add(code)
            rows += [_kept_row(code)] if differs else []
    fresh = [c for c in codes if c not in keep]
    if not fresh:
        standing = _disputed_now(tx, town)
        rows += [
            disputed_row(Disputed(kind, tuple(range(len(who))), shape), who, town.lattice)
            for kind, who, shape in standing
            if set(who) & set(codes)
        ]
        return {c: known[c] for c in codes}, standing, rows
    names = [*fresh, *sorted(keep)]
    shapes = np.array([*(given[c] for c in fresh), *(known[c] for c in sorted(keep))], dtype=object)
    division = dict(zip(areas["code"], areas["division"], strict=True))
    sort = {c: division.get(c) or places.get(tx, c).division or "village" for c in names}
    spacing = np.array([policy.node_spacing_m[sort[c]] for c in names])
    before = np.arange(len(names)) >= len(fresh)
    lines = crossings_of(place, town.lattice)
    frozen = freeze(shapes, spacing, lines, before)
    settled = _settled(frozen.disputed, names, places.assigned(tx, town))
    if settled:
        shapes = _with(shapes, settled, before)
        frozen = freeze(shapes, spacing, lines, before)
    refuse_empty(frozen, names)
    outlines = dict(zip(names, frozen.outlines, strict=True))
    if keep:
        fixed = np.array([known[c] for c in sorted(keep)], dtype=object)
        outlines = {c: fit(outlines[c], fixed) for c in fresh} | {c: known[c] for c in keep}
    rows += [_sliver_row(c, int(n)) for c, n in zip(names, frozen.slivers, strict=True) if n and c in fresh]
    found = [d for d in frozen.disputed if not keep.issuperset(names[i] for i in d.areas)]
    rows += [disputed_row(d, names, town.lattice) for d in found]
    disputed: list[Claim] = [(d.kind, [names[i] for i in d.areas], d.geometry) for d in found]
    taken = np.array([outlines[c] for c in fresh], dtype=object)
    return outlines, [*_still_disputed(tx, town, keep, taken), *disputed], rows


def _settled(
    disputed: list[Disputed], names: list[str], assigned: list[tuple[str, Any]]
) -> list[tuple[int, Any]]:
    """Disputed ground that was assigned before: position of who has it, and the ground (lattice)."""
    found = []
    for piece in disputed:
        for code, shape in assigned:
            if code not in {names[i] for i in piece.areas}:
                continue
            taken = shapely.intersection(piece.geometry, shapely.buffer(shape, ON_BORDER_CM))
            left = float(shapely.area(piece.geometry)) - float(shapely.area(taken))
            taken = piece.geometry if left < LEAST_DISPUTED_CM2 else taken
            if shapely.area(taken) >= LEAST_DISPUTED_CM2:
                found.append((names.index(code), taken))
    return found


def _with(
    shapes: NDArray[np.object_], settled: list[tuple[int, Any]], fixed: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Outlines once what was assigned before is given to whom it was, and taken from the others."""
    out = shapes.copy()
    for to, ground in settled:
        for i in np.flatnonzero(~fixed & (np.arange(len(out)) != to)):
            out[i] = shapely.difference(out[i], ground, grid_size=1.0)
        if not fixed[to]:
            out[to] = shapely.union(out[to], ground, grid_size=1.0)
    return out


def _still_disputed(
    tx: Transaction, town: places.Town, keep: set[str], taken: NDArray[np.object_]
) -> list[Claim]:
    """What was disputed between outlines that stay as they are: frozen, they no longer overlap themselves."""
    out = []
    for kind, codes, ground in _disputed_now(tx, town):
        rest = shapely.difference(ground, shapely.union_all(taken), grid_size=1.0)
        if keep.issuperset(codes) and shapely.area(rest) >= LEAST_DISPUTED_CM2:
            out.append((kind, codes, rest))
    return out


def _disputed_now(tx: Transaction, town: places.Town) -> list[Claim]:
    """Disputed ground of the town as stored, unchanged."""
    frame = places.disputed(tx, town.code)
    shapes = town.lattice.to_lattice(frame.geometry.to_numpy())
    return [(k, list(c), g) for k, c, g in zip(frame["kind"], frame["codes"], shapes, strict=True)]


def _same_disputes(tx: Transaction, town: places.Town, disputed: list[Claim]) -> bool:
    """Whether the town's disputed ground is stored as it is already."""
    stored = _disputed_now(tx, town)
    return len(stored) == len(disputed) and all(
        (a[0], a[1]) == (b[0], b[1]) and shapely.equals(a[2], b[2])
        for a, b in zip(stored, disputed, strict=True)
    )


def _differs(given: Any, frozen: Any) -> bool:
    """Whether two outlines differ by more than rounding along their border."""
    change = float(shapely.area(shapely.symmetric_difference(given, frozen)))
    return change > SAME_WIDTH_CM * float(shapely.length(frozen))


def _kept_row(code: str) -> ReportRow:
    return ReportRow(
        "boundary", None, code, "geometry", "noted", "outline_kept",
        f"基础网格 {code} 的轮廓已冻结并发布，文件中的新轮廓未采用。",
        f"The outline of basic grid {code} is frozen and published: the file's new one is not taken.",
    )  # fmt: skip


def _sliver_row(code: str, count: int) -> ReportRow:
    return ReportRow(
        "boundary", None, code, "geometry", "repaired", "outline_slivers",
        f"基础网格 {code} 轮廓上的 {count} 处碎片或细缝已修补。",
        f"{count} specks or hairline strips on the outline of basic grid {code} were mended.",
    )  # fmt: skip
