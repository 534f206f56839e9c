"""Staff: lists taken in, posts held, grids that nobody holds. Each function is one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from spatial.duty.staff import POST_TABLE, STAFF_COLUMNS, TIME_WORDS, mask_name, mask_phone, post_for, post_of
from spatial.store import editions, places, staff
from spatial.store.intake import Intake, text

if TYPE_CHECKING:
    from spatial.ground.model import ReportRow
    from spatial.store.engine import Store, Transaction

Shown = Literal["all", "masked"]


@dataclass(frozen=True)
class StaffImported:
    """How many posts are ``held`` by the list, and the report of rows noted or set aside."""

    held: int
    report: list[ReportRow]


def import_staff(
    store: Store, frame: pd.DataFrame, *, who: str = "import", file: str = "staff", source_sha: str = ""
) -> StaffImported:
    """Take in a staff list: it replaces all staff of the basic grids (or the town itself) that it names.

    Parameters
    ----------
    store
        The database.
    frame
        Columns of `spatial.duty.staff.STAFF_COLUMNS`; codes as text; one row = one post held.
    who, file, source_sha
        For the report.
    """
    intake = Intake.of("staff", frame, STAFF_COLUMNS)
    held = 0
    with store.transaction() as tx:
        towns = _read(tx, intake)
        for code, rows in intake.rows.groupby(intake.rows.index.map(towns), sort=True):
            town = places.town_of(tx, str(code))
            held += staff.save(tx, town, rows, source_sha=source_sha)
            places.save_report(tx, town, intake.report, source_sha=source_sha, file=file, who=who)
    return StaffImported(held, intake.report)


def list_staff(
    store: Store, *, area: str | None = None, grid: str | None = None, shown: Shown = "masked"
) -> pd.DataFrame:
    """List the posts held in a town or basic grid, or in a grid and below it.

    Returns
    -------
    DataFrame
        ``STAFF_COLUMNS``, sorted by code; ``masked`` shows 张* and 138****1234.
    """
    with store.transaction() as tx:
        found = staff.find(tx, area, grid)
    if shown == "masked":
        for column, mask in (("holder", mask_name), ("phone", mask_phone)):
            found[column] = pd.Series([mask(v) for v in found[column]], index=found.index, dtype=object)
    return found


def vacancies(store: Store, area: str) -> pd.DataFrame:
    """Tell for each grid in force of a town or basic grid whether its post is held.

    Returns
    -------
    DataFrame
        One row = one grid: code, short, name, level, kind, area_code, division; ``post`` (key) that the
        policy wants, None where it wants none, with ``post_zh`` and ``post_en``; ``holders``, how many
        hold it; ``vacant``, True where a post is wanted and nobody holds it. Sorted by code.

    Raises
    ------
    NotFound
        ``no_such_place``.
    """
    with store.transaction() as tx:
        places.get(tx, area)
        found = staff.held(tx, area)
    posts = [post_for(d, int(level)) for d, level in zip(found["division"], found["level"], strict=True)]
    holders = [list(held).count(post) for held, post in zip(found.pop("posts"), posts, strict=True)]
    found["post"] = posts
    found["post_zh"] = [None if post is None else POST_TABLE[post].zh for post in posts]
    found["post_en"] = [None if post is None else POST_TABLE[post].en for post in posts]
    found["holders"] = holders
    found["vacant"] = [post is not None and not n for post, n in zip(posts, holders, strict=True)]
    return found


def _read(tx: Transaction, intake: Intake) -> dict[Any, str]:
    """Turn words into keys, and find each row's town; rows of no post, code or town are set aside."""
    towns: dict[Any, str] = {}
    in_force = {}
    gone = []
    for at, row in intake.rows.iterrows():
        code, post = text(row["code"]) or "", post_of(text(row["post"]) or "")
        town = places.find_town(tx, code[:12]) if re.fullmatch(r"[0-9]{9}|[0-9]{12,24}", code) else None
        if post is None or town is None:
            name = "post" if post is None else "code"
            intake.say(at, name, "set_aside", f"unknown_{name}", f"{name}“{row[name]}”不认识，该行未取。",
                       f"{name} {row[name]!r} is not known; the row is not taken.")  # fmt: skip
            gone.append(at)
            continue
        if town.code not in in_force:
            in_force[town.code] = set(editions.grids(tx, area=town.code)["code"])
        if len(code) > 12 and code not in in_force[town.code]:
            intake.say(at, "code", "noted", "grid_not_in_force", f"现行版本没有网格 {code}。",
                       f"Grid {code} is not in force.")  # fmt: skip
        towns[at] = town.code
        read = {"code": code, "post": post, "time": TIME_WORDS.get(text(row["time"]) or "")}
        for name, value in (read | {c: text(row[c]) for c in ("holder", "phone", "body")}).items():
            intake.rows.at[at, name] = value
    intake.drop(gone)
    return towns
