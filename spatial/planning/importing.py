"""Import a place file: read, freeze the outlines, cut the ground, store it; one transaction."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.errors import Cancelled as CancelledError
from spatial.ground.crs import Lattice
from spatial.ground.faces import home_areas, report_unhoused
from spatial.ground.model import ReportRow
from spatial.ground.parallel import GroundJob, build_grounds, helpers
from spatial.planning.meeting import to_mend
from spatial.planning.outlining import Claim, save_outlines
from spatial.planning.terrain import keep_terrain
from spatial.planning.views import AreaResult, ImportResult
from spatial.policy import LINGQUAN, Policy
from spatial.readers.placefile import read_place
from spatial.store import grounds, places

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from spatial.ground.model import Ground, PlaceFile
    from spatial.planning.views import Cancelled, Progress
    from spatial.store.engine import Store, Transaction


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
    mend = to_mend(tx, town)
    fresh = {c for c in codes if c in mend or not _same_file(tx, c, place)}
    with helpers(len(fresh)) as pool:
        step("划定轮廓", "freezing the outlines", 0, 1)
        outlines, disputed, rows = save_outlines(tx, town, areas, place, policy, mend)
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
