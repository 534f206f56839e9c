"""Cases: taken in, registered at a point, followed, listed. Each function is one transaction."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.duty import cases as duty
from spatial.duty import limits
from spatial.duty.categories import category_of, check_category
from spatial.duty.masking import mask_numbers
from spatial.errors import BadParameter, Refused, Where
from spatial.ground.crs import to_wgs84
from spatial.store import cases, places
from spatial.store.duty import towns_of
from spatial.store.intake import CHINA, Intake, flag, moment, text, whole

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from spatial.duty.cases import Case
    from spatial.ground.model import ReportRow
    from spatial.store.engine import Store

LONGEST = 2000
"""Characters of a description or a note."""


@dataclass(frozen=True)
class CasesImported:
    """How many cases were ``new`` or ``known`` already, and the report of rows noted or set aside."""

    new: int
    known: int
    report: list[ReportRow]


def import_cases(
    store: Store, frame: pd.DataFrame, *, town: str | None = None, who: str = "import", file: str = "cases",
    source_sha: str = "",
) -> CasesImported:  # fmt: skip
    """Take in a register of cases; a number that is known already is left as it is.

    Parameters
    ----------
    store
        The database.
    frame
        GeoDataFrame of Points with a declared system; columns of `spatial.store.cases.IMPORT_COLUMNS` as far
        as there are any, words or keys; times without a zone are Asia/Shanghai's; ``steps`` as
        in `spatial.duty.model.CASE_COLUMNS`. One row = one case; without ``due_at`` it is due by the limit of
        its category.
    town
        9 digits: only cases of this town, also those near it but outside of its basic grids. None: each of
        the town whose basic grid holds it.
    who, file, source_sha
        For the report; ``source_sha`` also numbers the cases that have no number.

    Raises
    ------
    NotFound
        ``no_such_place``: the town.
    BadCoordinates
        ``crs_missing``.
    """
    intake = Intake.of("cases", frame, cases.IMPORT_COLUMNS)
    intake.number(source_sha or file)
    _read(intake)
    new = total = 0
    with store.transaction() as tx:
        for found, rows in intake.towns(tx, town):
            new += cases.save(tx, found, rows, who=who, source_sha=source_sha)
            total += len(rows)
            places.save_report(tx, found, intake.report, source_sha=source_sha, file=file, who=who)
    return CasesImported(new, total - new, intake.report)


def register(
    store: Store, category: str, lon: float, lat: float, crs: str, description: str, who: str, *,
    subcategory: str | None = None, stairwell: str | None = None, floor: int | None = None,
) -> Case:  # fmt: skip
    """Register a case at a point: it is given its grid by the edition in force.

    Parameters
    ----------
    store
        The database.
    category, subcategory
        Keys or words of `spatial.duty.categories`.
    lon, lat, crs
        Position and its system: wgs84, cgcs2000, gcj02, bd09 or EPSG:n.
    description
        What is the matter; phone and identity numbers in it are masked, as in a register that is imported.
    who
        Who registers it.
    stairwell, floor
        Tell grids apart that stand on one another; without them the grid is the finest that holds them all.

    Raises
    ------
    BadCoordinates
        ``unknown_crs``, ``bad_input``.
    BadParameter
        ``unknown_category``, ``description_needed``, ``too_long``.
    Refused
        ``outside_town``: the point lies in no town that was imported.
    """
    key, below = check_category(category, subcategory)
    said = _sentence(description, "description")
    x, y = to_wgs84(lon, lat, crs)
    with store.transaction() as tx:
        code = towns_of(tx, shapely.points(np.column_stack([x, y])))["town"].iloc[0]
        if code is None:
            raise Refused(
                "outside_town",
                zh="该点不在已导入的乡镇内，不能登记。请核对位置与坐标系。",
                en="The point lies in no town that was imported. Check the position and its system.",
                where=(Where(field="lon", value=str(lon)), Where(field="lat", value=str(lat))),
            )
        return cases.add(
            tx, places.town_of(tx, code), lon=float(x[0]), lat=float(y[0]), category=key, subcategory=below,
            description=said, who=who, stairwell=stairwell, floor=floor,
            due_at=limits.due(key, below, dt.datetime.now(dt.UTC)),
        )  # fmt: skip


def case(store: Store, case_id: int) -> Case:
    """Get a case with its events; NotFound (``no_such_case``)."""
    with store.transaction() as tx:
        return cases.get(tx, case_id)


def follow(
    store: Store, case_id: int, kind: str, who: str, *, note: str | None = None, to: str | None = None
) -> Case:
    """Let an event happen to a case, as `spatial.duty.cases.TRANSITIONS` allows.

    Raises
    ------
    NotFound
        ``no_such_case``.
    BadParameter
        ``unknown_event``, ``note_needed``, ``to_needed``, ``too_long``.
    Refused
        ``case_state``, ``same_person``, ``nothing_asked``, ``no_higher``.
    """
    said = None if note is None else _sentence(note, "note")
    with store.transaction() as tx:
        found = cases.get(tx, case_id, lock=True)
        return cases.keep(tx, duty.follow(found, kind, who, note=said, to=to))


def list_cases(
    store: Store, *, bbox: tuple[float, float, float, float] | None = None,
    since: dt.date | None = None, until: dt.date | None = None, category: str | None = None,
    state: str | None = None, area: str | None = None, grid: str | None = None, limit: int = 100,
    after: str | None = None,
) -> gpd.GeoDataFrame:  # fmt: skip
    """List cases, the newest first.

    Parameters
    ----------
    store
        The database.
    bbox
        left, bottom, right, top in degrees, EPSG:4326.
    since, until
        Reported in ``[since, until)``; days are of Asia/Shanghai.
    category
        Category, or ``category/subcategory``.
    state
        A key of `spatial.duty.cases.STATES`.
    area
        A town (9 digits) or basic grid (12).
    grid
        A grid and all below it.
    limit
        At most 1,000.
    after
        ``attrs["next"]`` of the page before.

    Returns
    -------
    GeoDataFrame
        EPSG:4326 Points; id, number, category, subcategory, description, state, reach, reported_at,
        due_at, closed_at, satisfied, area_code, grid, town, sample; ``attrs["next"]`` is the cursor of the
        next page, None on the last.

    Raises
    ------
    BadParameter
        ``unknown_category``, ``bad_limit``, ``bad_cursor``.
    """
    key, below = check_category(category) if category is not None else (None, None)
    with store.transaction() as tx:
        return cases.find(
            tx, bbox=bbox, since=_begin(since), until=_begin(until), category=key, subcategory=below,
            state=state, area=area, grid=grid, limit=limit, after=after,
        )  # fmt: skip


def regrid(store: Store, area: str, *, who: str) -> int:
    """Give the open cases of a town or basic grid the grids in force today; returns how many changed.

    A case that goes to a grid of another code keeps a trace of it among its events.
    """
    with store.transaction() as tx:
        places.get(tx, area)
        return cases.regrid(tx, area, who=who)


def count_by_grid(store: Store, area: str) -> dict[str, int]:
    """Count the cases of a town or basic grid by the code of their finest grid."""
    with store.transaction() as tx:
        return cases.count_by_grid(tx, area)


def _read(intake: Intake) -> None:
    """Turn the words of a register into keys; what is not known becomes other or registered, and is noted."""
    for at, row in intake.rows.iterrows():
        words = "/".join(w for w in (text(row["category"]), text(row["subcategory"])) if w)
        found = category_of(words) or category_of(text(row["category"]))
        if found is None:
            intake.say(at, "category", "noted", "unknown_category", f"事件类别“{words}”不认识，记为其他。",
                       f"Category {words!r} is not known; taken as other.")  # fmt: skip
        state = duty.state_of(text(row["state"]))
        if state is None and text(row["state"]):
            intake.say(at, "state", "noted", "unknown_state", f"状态“{row['state']}”不认识，记为已登记。",
                       f"State {row['state']!r} is not known; taken as registered.")  # fmt: skip
        read: dict[str, Any] = dict(zip(("category", "subcategory"), found or ("other", None), strict=True))
        read |= {"state": state or "registered", "description": (text(row["description"]) or "")[:LONGEST]}
        read |= {name: moment(row[name]) for name in cases.TIMES}
        if read["due_at"] is None:
            begun = read["reported_at"] or dt.datetime.now(dt.UTC)
            read["due_at"] = limits.due(read["category"], read["subcategory"], begun)
        read |= {"steps": _steps(row["steps"]), "satisfied": flag(row["satisfied"])}
        read |= {"stairwell": text(row["stairwell"]), "floor": whole(row["floor"])}
        for name, value in read.items():
            intake.rows.at[at, name] = value


def _steps(given: Any) -> str | None:
    """Write a case's steps as JSON with the state that each led to; None where it has none."""
    if not isinstance(given, list) or not given:
        return None
    return json.dumps([{**step, "state": duty.TRANSITIONS[step["kind"]].after} for step in given])


def _sentence(given: str, name: str) -> str:
    """Free text as it is kept: trimmed, personal numbers masked."""
    said = mask_numbers(given.strip())
    if not said or len(said) > LONGEST:
        code = "too_long" if said else f"{name}_needed"
        raise BadParameter(
            code, zh=f"{name} 不能为空，且不超过 {LONGEST} 字。",
            en=f"{name} must not be empty, nor longer than {LONGEST} characters.", where=(Where(field=name),),
        )  # fmt: skip
    return said


def _begin(given: dt.date | None) -> dt.datetime | None:
    """Begin of a day in Asia/Shanghai, or the moment itself."""
    if given is None or isinstance(given, dt.datetime):
        return given
    return dt.datetime.combine(given, dt.time(), CHINA)
