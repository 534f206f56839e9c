"""Import a place file: read, freeze the outlines, cut the ground, store it; one transaction."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from spatial.errors import Cancelled as CancelledError
from spatial.ground.crs import Lattice
from spatial.ground.faces import home_areas, report_unhoused
from spatial.ground.model import ReportRow
from spatial.ground.outline import Disputed, crossings_of, disputed_row, fit, freeze, refuse_empty
from spatial.ground.parallel import GroundJob, build_grounds, helpers
from spatial.planning.terrain import keep_terrain
from spatial.planning.views import AreaResult, ImportResult
from spatial.policy import LINGQUAN, Policy
from spatial.readers.placefile import read_place
from spatial.store import editions, grounds, places

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from spatial.ground.model import Ground, PlaceFile
    from spatial.planning.views import Cancelled, Progress
    from spatial.store.engine import Store, Transaction

Claim = tuple[Literal["overlap", "gap"], list[str], Any]
"""Disputed ground: its kind, the codes of the basic grids concerned, and its shape on the lattice."""
SAME_WIDTH_CM = 5.0
"""Two outlines that differ by a strip narrower than this are the same outline."""
LEAST_DISPUTED_CM2 = 10_000.0
"""Less than 1 m² left of disputed ground is settled."""


def import_place(
    store: Store,
    path: str | os.PathLike[str],
    *,
    code: str | None = None,
    name: str | None = None,
    division: str | None = None,
    parent: str | None = None,
    crs: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    boundary: str | None = None,
    households: str | os.PathLike[str] | None = None,
    who: str = "import",
    policy: Policy = LINGQUAN,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ImportResult:
    """Import a place file: every basic grid in it gets a new ground, unless nothing changed.

    Parameters
    ----------
    store
        The database.
    path
        GeoPackage as docs/place-file.md describes, or another form of docs/readers.md.
    mapping, boundary, households
        Names of layers and columns; outline of an extract; register of households: see docs/readers.md.
    code, name, division, parent, crs
        Fill what the file lacks.
    who
        For the import's report.
    policy
        Bands, spacings, reaches.
    progress, cancelled
        Told and asked between stages and areas.

    Raises
    ------
    BadInput
        Nothing is stored.
    Cancelled
        Nothing is stored.
    """
    step = _Steps(progress, cancelled)
    step("读取文件", "reading the file", 0, 1)
    place = read_place(
        path, code=code, name=name, division=division, parent=parent, crs=crs, mapping=mapping,
        boundary=boundary, households=households, policy=policy,
    )  # fmt: skip
    results: list[AreaResult] = []
    report = list(place.report)
    with store.transaction() as tx:
        for town_code in sorted(set(place.areas["parent"])):
            done, rows = _import_town(tx, place, town_code, policy, step)
            rows += keep_terrain(tx, path, place.areas, town_code)
            results += done
            report += rows
            _save_report(tx, town_code, place.sha256, [*place.report, *rows], done, Path(path).name, who)
    return ImportResult(results, report)


def _save_report(
    tx: Transaction, town_code: str, sha: str, rows: list[ReportRow], done: list[AreaResult], file: str,
    who: str,
) -> None:  # fmt: skip
    """Keep what the import said; the same file once more, with nothing new to say, leaves no trace."""
    town = places.town_of(tx, town_code)
    if not any(area.new for area in done):
        last = next(iter(places.reports(tx, town)), None)
        if last is not None and last.source_sha == sha and _json(last.rows) == _json(rows):
            return
    places.save_report(tx, town, rows, source_sha=sha, file=file, who=who)


def _json(rows: list[ReportRow]) -> list[Any]:
    """Report rows as they come back from the store."""
    plain: list[Any] = json.loads(json.dumps([asdict(row) for row in rows]))
    return plain


@dataclass(frozen=True)
class _Steps:
    """Progress and cancelling in one call."""

    progress: Progress | None
    cancelled: Cancelled | None

    def __call__(self, zh: str, en: str, done: int, total: int) -> None:
        if self.cancelled is not None and self.cancelled():
            raise CancelledError(
                "cancelled", zh="已取消，没有保存任何内容。", en="Cancelled; nothing was kept."
            )
        if self.progress is not None:
            self.progress(zh, en, done, total)


def _import_town(
    tx: Transaction, place: PlaceFile, town_code: str, policy: Policy, step: _Steps
) -> tuple[list[AreaResult], list[ReportRow]]:
    """Import the basic grids of one town."""
    areas = place.areas[place.areas["parent"] == town_code].sort_values("code").reset_index(drop=True)
    centre = shapely.centroid(shapely.union_all(shapely.envelope(areas.geometry.to_numpy())))
    called = place.town if place.areas["parent"].nunique() == 1 else ""
    town = places.ensure_town(tx, town_code, called, Lattice.at(centre.x, centre.y))
    codes = areas["code"].tolist()
    fresh = {c for c in codes if not _same_file(tx, c, place)}
    with helpers(len(fresh)) as pool:
        step("划定轮廓", "freezing the outlines", 0, 1)
        outlines, disputed, rows = _save_outlines(tx, town, areas, place, policy)
        homes = _homes(place, town.lattice, [outlines[c] for c in codes])
        if town_code == min(place.areas["parent"]):
            rows += _outside_every_town(place, homes)
        results = {}
        for code in sorted(set(codes) - fresh):
            results[code], said = _kept(tx, code)
            rows += said
        bids = place.buildings["bid"].to_numpy(object)
        jobs = [
            GroundJob(c, outlines[c], frozenset(bids[homes == i])) for i, c in enumerate(codes) if c in fresh
        ]
        step("切分地块", "cutting the ground", 0, len(jobs))
        for i, ground in enumerate(build_grounds(place, jobs, town.lattice, policy, pool), start=1):
            ground_id, new = grounds.write_ground(
                tx, ground.area_code, ground, place, claimed=_claimed(disputed, ground.area_code)
            )
            rows += ground.report
            results[ground.area_code] = _result(tx, ground, ground_id, new=new)
            step("切分地块", "cutting the ground", i, len(jobs))
    return [results[c] for c in codes], rows


def _save_outlines(
    tx: Transaction, town: places.Town, areas: Any, place: PlaceFile, policy: Policy
) -> tuple[dict[str, Any], list[Claim], list[ReportRow]]:
    """Freeze the outlines; keep them with the names of the basic grids, and what is disputed."""
    outlines, disputed, rows = _freeze(tx, town, areas, place, policy)
    for area in areas.itertuples():
        places.save_basic(
            tx, area.code, name=area.name, division=area.division, parent=town.code,
            outline=outlines[area.code],
        )  # fmt: skip
        places.mark_sample(tx, area.code, sample=place.sample)
    if not _same_disputes(tx, town, disputed):
        places.save_disputed(tx, town, place.sha256, disputed)
    return outlines, disputed, rows


def _homes(place: PlaceFile, lattice: Lattice, outlines: list[Any]) -> NDArray[np.int64]:
    """Position of the outline in which each building belongs."""
    solid = lattice.to_lattice(place.buildings.geometry.to_numpy())
    return home_areas(solid, np.array(outlines, dtype=object))


def _claimed(disputed: list[Claim], code: str) -> Any:
    """Disputed ground that a basic grid claims or borders, or None."""
    shapes = [shape for _, codes, shape in disputed if code in codes]
    return shapely.union_all(shapes) if shapes else None


def _same_file(tx: Transaction, code: str, place: PlaceFile) -> bool:
    """Whether the newest ground of a basic grid came of this very file."""
    newest = grounds.latest(tx, code)
    return newest is not None and newest.source_sha == place.sha256


def _kept(tx: Transaction, code: str) -> tuple[AreaResult, list[ReportRow]]:
    """Result of a ground that is there already, and what was said when it was made."""
    newest = grounds.latest(tx, code)
    if newest is None:
        raise LookupError(code)
    ground = grounds.load_ground(tx, newest.id)
    return _result(tx, ground, newest.id, new=False), ground.report


def _outside_every_town(place: PlaceFile, homes: NDArray[np.int64]) -> list[ReportRow]:
    """Buildings in none of the file's basic grids; a file of several towns is asked town by town."""
    if place.areas["parent"].nunique() > 1:
        return []
    return report_unhoused(place, homes)


def _result(tx: Transaction, ground: Ground, ground_id: int, *, new: bool) -> AreaResult:
    cells = ground.cells
    return AreaResult(
        ground.area_code, places.get(tx, ground.area_code).name, ground.division, ground_id, new,
        int(cells["bid"].nunique()), int(cells["households"].sum()), int(cells["registered"].sum()),
        len(ground.faces), len(cells), grounds.derived_households(tx, ground_id),
    )  # fmt: skip


def _freeze(
    tx: Transaction, town: places.Town, areas: Any, place: PlaceFile, policy: Policy
) -> tuple[dict[str, Any], list[Claim], list[ReportRow]]:
    """Outline of every basic grid of the file: as frozen before, else frozen now beside its neighbours."""
    known = places.outlines(tx, town)
    codes = areas["code"].tolist()
    given = dict(zip(codes, town.lattice.to_lattice(areas.geometry.to_numpy()), strict=True))
    rows: list[ReportRow] = []
    keep = {c for c in known if c not in given}
    again = place.sha256 in {report.source_sha for report in places.reports(tx, town)}
    for code in codes:
        if code not in known:
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
    frozen = freeze(shapes, spacing, crossings_of(place, town.lattice))
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
