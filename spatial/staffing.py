"""Staff: lists taken in, posts held, grids that nobody holds. Each function is one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from spatial.duty.staff import POST_TABLE, STAFF_GIVEN, TIME_WORDS, mask_name, mask_phone, post_for, post_of
from spatial.store import editions, places, staff
from spatial.store.intake import Intake, blank, text, whole

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
        Columns of `spatial.duty.staff.STAFF_GIVEN` as far as there are any; codes as text; one row = one post
        held. A post that is given by area, level and seat goes to the grid in force there; where there is no
        such grid it stays with the area. One whose ``until`` is past is not taken.
    who, file, source_sha
        For the report.
    """
    intake = Intake.of("staff", frame, STAFF_GIVEN)
    held = 0
    with store.transaction() as tx:
        towns = _towns(tx, intake)
        _read(tx, intake, towns)
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


def _towns(tx: Transaction, intake: Intake) -> dict[Any, str]:
    """Find each row's town; rows of no post or no town are set aside, and those whose time is over."""
    known: dict[str, str | None] = {}
    towns: dict[Any, str] = {}
    today = editions.today(tx)
    for at, row in intake.rows.iterrows():
        code, post, until = text(row["code"]) or "", post_of(text(row["post"]) or ""), row["until"]
        if code[:12] not in known and re.fullmatch(r"[0-9]{9}|[0-9]{12,24}", code):
            found = places.find_town(tx, code[:12])
            known[code[:12]] = None if found is None else found.code
        town = known.get(code[:12])
        if post is None or town is None:
            name = "post" if post is None else "code"
            intake.say(at, name, "set_aside", f"unknown_{name}", f"{name}“{row[name]}”不认识，该行未取。",
                       f"{name} {row[name]!r} is not known; the row is not taken.")  # fmt: skip
        elif not blank(until) and until < today:
            intake.say(at, "until", "set_aside", "post_left", f"已于 {until} 离任，该行未取。",
                       f"The post was left on {until}; the row is not taken.")  # fmt: skip
        else:
            towns[at] = town
    intake.drop([at for at in intake.rows.index if at not in towns])
    return towns


def _read(tx: Transaction, intake: Intake, towns: dict[Any, str]) -> None:
    """Turn words into keys, and give each post the code of its grid."""
    in_force = {town: staff.held(tx, town) for town in sorted(set(towns.values()))}
    seats = {town: _seats(grids) for town, grids in in_force.items()}
    codes = {town: set(grids["code"]) for town, grids in in_force.items()}
    for column, words in (("post", post_of), ("time", TIME_WORDS.get)):
        intake.rows[column] = [words(text(v) or "") for v in intake.rows[column]]
    for column in ("holder", "phone", "body", "code"):
        intake.rows[column] = [text(v) for v in intake.rows[column]]
    silent: set[str] = set()
    found = []
    for at, row in intake.rows.iterrows():
        code = _seated(intake, at, row, seats[towns[at]], silent)
        if len(code) > 12 and code not in codes[towns[at]]:
            intake.say(at, "code", "noted", "grid_not_in_force", f"现行版本没有网格 {code}。",
                       f"Grid {code} is not in force.")  # fmt: skip
        found.append(code)
    intake.rows["code"] = found


def _seats(grids: pd.DataFrame) -> dict[tuple[str, int], list[str]]:
    """Codes of the grids of each basic grid and level, in order."""
    levels = grids.groupby(["area_code", "level"], sort=True)["code"]
    return {(str(area), int(level)): sorted(codes) for (area, level), codes in levels}


def _seated(
    intake: Intake, at: Any, row: Any, seats: dict[tuple[str, int], list[str]], silent: set[str]
) -> str:
    """Code of the grid that a post is held in; ``silent`` are the areas of which all was said."""
    code, level, seat = str(row["code"]), whole(row["level"]), whole(row["seat"])
    if len(code) != 12 or not level:
        return code
    there = seats.get((code, level), [])
    if seat is not None and 1 <= seat <= len(there):
        return there[seat - 1]
    if not any(area == code for area, _ in seats):
        if code not in silent:
            intake.say(at, "code", "noted", "nothing_published",
                       f"{code} 没有现行网格，其岗位暂记在基础网格；请先发布再导入。",
                       f"{code} has no grids in force: its posts stay with it. Publish, then import again.",
                       )  # fmt: skip
        silent.add(code)
    else:
        intake.say(at, "seat", "noted", "no_such_seat",
                   f"{code} 第{level}级只有 {len(there)} 个网格，没有第{seat or '-'}个，岗位记在基础网格。",
                   f"{code} has no grid {seat or '-'} of level {level} (there are {len(there)});"
                   " the post stays with the basic grid.")  # fmt: skip
    return code
