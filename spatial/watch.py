"""Hazard points: taken in, listed, joined to what lies in their areas. Each function is one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from spatial.duty import hazards as duty
from spatial.errors import BadParameter, Refused, Where
from spatial.store import editions, hazards, places
from spatial.store.intake import Intake, blank, day, flag, real, text, whole

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from spatial.ground.model import ReportRow
    from spatial.store.engine import Store, Transaction

CERTAIN_M = 50.0
"""A point known less exactly than this may lie in another grid than the one that it is given."""
_TEXTS = ("name", "trend", "place", "scale", "trigger", "monitoring", "warning", "struck_off_why", "review")


@dataclass(frozen=True)
class HazardsImported:
    """How many points were ``new`` or ``updated``, and the report of rows repaired, noted or set aside."""

    new: int
    updated: int
    report: list[ReportRow]


@dataclass(frozen=True)
class ThreatenedGrid:
    """A finest grid that shares ground with a danger area, and what of it lies inside."""

    code: str
    short: str
    name: str
    area_code: str
    buildings: int
    households: int
    registered: int


@dataclass(frozen=True)
class Threat:
    """What a hazard point threatens.

    ``drawn`` says whether a danger area is drawn. If it is, ``grids`` lists the finest grids in force that
    share ground with it, and ``buildings``, ``households`` (occupied) and ``registered`` count what lies
    inside, a building that is partly inside whole. If it is not, these are empty and None: nothing is guessed
    by a radius, and only the register's own numbers, ``register_households`` and ``register_people``, are
    known. ``grid`` is the finest grid that holds the point.
    """

    id: int
    number: str
    kind: str
    name: str | None
    grade: str | None
    state: str
    area_code: str | None
    grid: str | None
    drawn: bool
    grids: tuple[ThreatenedGrid, ...]
    bids: tuple[str, ...]
    buildings: int | None
    households: int | None
    registered: int | None
    register_households: int | None
    register_people: int | None


@dataclass(frozen=True)
class Threatened:
    """A page of hazard points with what they threaten; ``next`` is the cursor of the next page, or None."""

    hazards: list[Threat]
    next: str | None


def import_hazards(
    store: Store, frame: pd.DataFrame, *, town: str | None = None, who: str = "import",
    file: str = "hazards", source_sha: str = "",
) -> HazardsImported:  # fmt: skip
    """Take in a register of hazard points; a number that is known already is brought up to date.

    A register that draws no danger area at all (a CSV) leaves those that were drawn for its numbers; one that
    draws some says of all of them what is drawn now.

    Parameters
    ----------
    store
        The database.
    frame
        GeoDataFrame of Points with a declared system; columns of `spatial.store.hazards.REGISTER_COLUMNS` as
        far as there are any, words or keys; ``danger_area`` in the points' system; ``accuracy_m``, metres
        within which a point is known, is told where it is coarse. One row = one point.
    town
        9 digits: only points of this town, also those near it but outside of its basic grids. None: each of
        the town whose basic grid holds it.
    who, file, source_sha
        For the report; ``source_sha`` also numbers the points that have no number.

    Raises
    ------
    NotFound
        ``no_such_place``: the town.
    BadCoordinates
        ``crs_missing``.
    """
    intake = Intake.of("hazards", frame, (*hazards.REGISTER_COLUMNS, "accuracy_m"))
    intake.areas("danger_area", getattr(frame, "crs", None))
    intake.number(source_sha or file)
    _read(intake)
    new = updated = 0
    with store.transaction() as tx:
        for found, rows in intake.towns(tx, town):
            added, changed = hazards.save(tx, found, rows, source_sha=source_sha)
            new, updated = new + added, updated + changed
            places.save_report(tx, found, intake.report, source_sha=source_sha, file=file, who=who)
    return HazardsImported(new, updated, intake.report)


def list_hazards(
    store: Store, *, bbox: tuple[float, float, float, float] | None = None,
    since: dt.date | None = None, until: dt.date | None = None, category: str | None = None,
    grade: str | None = None, state: str | None = None, area: str | None = None, grid: str | None = None,
    limit: int = 100, after: str | None = None,
) -> gpd.GeoDataFrame:  # fmt: skip
    """List hazard points by id.

    Parameters
    ----------
    store
        The database.
    bbox
        left, bottom, right, top in degrees, EPSG:4326: points that lie in it.
    since, until
        Found on a day of ``[since, until)``.
    category
        Type: a key or word of `spatial.duty.hazards.TYPES`.
    grade, state
        I to IV; a key of `spatial.duty.hazards.STATES`.
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
        EPSG:4326 Points; id, `spatial.store.hazards.REGISTER_COLUMNS`, and by the editions in force today
        area_code and grid (code of the finest grid), town, sample; ``attrs["next"]`` is the cursor of the
        next page, None on the last.

    Raises
    ------
    BadParameter
        ``unknown_category``, ``bad_limit``, ``bad_cursor``.
    """
    with store.transaction() as tx:
        return _find(
            tx, bbox=bbox, since=since, until=until, category=category, grade=grade, state=state, area=area,
            grid=grid, limit=limit, after=after,
        )  # fmt: skip


def join(store: Store, **wanted: Any) -> Threatened:
    """Join hazard points to the grids, buildings and households inside their danger areas.

    Parameters
    ----------
    store
        The database.
    wanted
        Which points, as in :func:`list_hazards`.

    Returns
    -------
    Threatened
        One `Threat` a point, by id, and the cursor of the next page.

    Raises
    ------
    BadParameter
        As :func:`list_hazards`.
    """
    with store.transaction() as tx:
        found = _find(tx, **wanted)
        ids = [int(i) for i in found["id"]]
        grids = _by_hazard(hazards.threatened_grids(tx, ids))
        buildings = _by_hazard(hazards.threatened_buildings(tx, ids))
    return Threatened([_threat(row, grids, buildings) for row in found.itertuples()], found.attrs["next"])


def move_on(store: Store, hazard_id: int, state: str, *, why: str | None = None) -> None:
    """Move a hazard point on in its life, as `spatial.duty.hazards.TRANSITIONS` allows.

    Raises
    ------
    NotFound
        ``no_such_hazard``.
    BadParameter
        ``why_needed``: striking off needs a reason.
    Refused
        ``hazard_state``: this state can't follow.
    """
    with store.transaction() as tx:
        now = hazards.state_of(tx, hazard_id)
        if state not in duty.TRANSITIONS[now]:
            may = sorted(duty.TRANSITIONS[now])
            raise Refused(
                "hazard_state",
                zh=f"隐患点 {hazard_id} 现在是“{duty.STATES[now][0]}”，不能改为 {state}。",
                en=f"Hazard point {hazard_id} is {duty.STATES[now][1]}: {state} can't follow.",
                where=(Where(field="state", value=state[:40], ref=str(hazard_id)),),
                data={"state": now, "may": may},
            )
        reason = (why or "").strip() or None if state == "struck_off" else None
        if state == "struck_off" and reason is None:
            raise BadParameter("why_needed", zh="核销须写明原因。", en="Striking off needs a reason.")
        on = editions.today(tx) if reason else None
        hazards.set_state(tx, hazard_id, state, on=on, why=reason)


def _find(tx: Transaction, *, category: str | None = None, **wanted: Any) -> gpd.GeoDataFrame:
    """Find hazard points; ``category`` in any word."""
    kind = None if category is None else duty.type_of(category)
    if category is not None and kind is None:
        raise BadParameter(
            "unknown_category", zh=f"没有这种隐患类型：{category}。", en=f"There is no type {category}.",
            where=(Where(field="category", value=category[:100]),), data={"types": list(duty.TYPES)},
        )  # fmt: skip
    return hazards.find(tx, kind=kind, **wanted)


def _threat(row: Any, grids: dict[int, pd.DataFrame], buildings: dict[int, pd.DataFrame]) -> Threat:
    drawn = row.danger_area is not None
    inside = buildings.get(row.id)
    sums = [0, 0, 0] if drawn else [None, None, None]
    if inside is not None:
        sums = [len(inside), int(inside["households"].sum()), int(inside["registered"].sum())]
    listed = grids.get(row.id)
    return Threat(
        int(row.id), row.number, row.kind, row.name, row.grade, row.state, row.area_code, row.grid, drawn,
        () if listed is None else tuple(_grid(one) for one in listed.itertuples()),
        () if inside is None else tuple(inside["bid"]),
        *sums,
        *(None if pd.isna(n) else int(n) for n in (row.households, row.people)),
    )  # fmt: skip


def _grid(row: Any) -> ThreatenedGrid:
    return ThreatenedGrid(
        row.code, row.short, row.name, row.area_code, int(row.buildings), int(row.households),
        int(row.registered),
    )  # fmt: skip


def _by_hazard(rows: pd.DataFrame) -> dict[int, pd.DataFrame]:
    return {int(str(i)): group for i, group in rows.groupby("hazard", sort=False)}


def _read(intake: Intake) -> None:
    """Turn the words of a register into keys, numbers and days."""
    for at, row in intake.rows.iterrows():
        known_m = real(row["accuracy_m"])
        if known_m is not None and known_m > CERTAIN_M:
            intake.say(at, "geometry", "noted", "position_coarse",
                       f"位置只准到约 {known_m:g} 米，所属网格不能确定。",
                       f"The position is known within {known_m:g} m only: its grid is not certain.",
                       )  # fmt: skip
        read: dict[str, Any] = {name: text(row[name]) for name in _TEXTS}
        read |= {name: whole(row[name]) for name in ("households", "people")}
        read |= {name: real(row[name]) for name in ("scale_wan_m3", "property_wan")}
        read |= {name: flag(row[name]) for name in ("frail", "plan", "cards")}
        read |= {name: day(row[name]) for name in ("found_on", "last_drill", "struck_off_on")}
        read |= {"kind": _kind(intake, at, row), "state": _state(intake, at, row)}
        read["grade"] = _grade(intake, at, row, read)
        if read["scale"] is None and read["scale_wan_m3"] is not None:
            read["scale"] = duty.scale_of(read["kind"], read["scale_wan_m3"])
        for name, value in read.items():
            intake.rows.at[at, name] = value


def _kind(intake: Intake, at: Any, row: Any) -> str:
    found = duty.type_of(text(row["kind"]))
    if found is None:
        intake.say(at, "kind", "noted", "unknown_category", f"隐患类型“{row['kind']}”不认识，记为其他。",
                   f"Type {row['kind']!r} is not known; taken as other.")  # fmt: skip
    return found or "other"


def _state(intake: Intake, at: Any, row: Any) -> str:
    found = duty.state_of(text(row["state"]))
    if found is None and not blank(row["state"]):
        intake.say(at, "state", "noted", "unknown_state", f"状态“{row['state']}”不认识，记为在册。",
                   f"State {row['state']!r} is not known; taken as registered.")  # fmt: skip
    return found or "registered"


def _grade(intake: Intake, at: Any, row: Any, read: dict[str, Any]) -> str | None:
    """Take the register's grade; where it has none, the one that its people and property give."""
    given = duty.grade_of(text(row["grade"]))
    if read["people"] is None and read["property_wan"] is None:
        return given
    worked_out = duty.threat_grade(read["people"], read["property_wan"])
    if given is not None and given != worked_out:
        intake.say(at, "grade", "noted", "grade_differs",
                   f"险情等级为 {given}，按人数和财产应为 {worked_out}；保留原值。",
                   f"The grade is {given}; people and property give {worked_out}. Kept.")  # fmt: skip
    return given or worked_out
