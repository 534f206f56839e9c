"""Codes, short numbers and names of grids; what keeps its code in a new edition; the crosswalk between two.

A grid's code is its basic grid's 12 digits + 3 (level 1) + 2 (level 2) + 2 (level 3), text everywhere; the
prefix is the parent (DB11/T 2157-2023, DB6101/T 3185-2024). Pure functions over frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spatial.errors import Refused, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

AREA_DIGITS = 12
DIGITS = (3, 2, 2)
"""Digits that levels 1, 2, 3 add to their parent's code."""
COLUMN_M = 50.0

GRID_COLUMNS = ("parent", "level", "x", "y")
PREVIOUS_COLUMNS = ("code", "households", "m2")
OVERLAP_COLUMNS = ("old", "new", "households", "m2")


def level_of(code: str) -> int:
    """Level of a grid by the length of its code: 12 digits 0, 15 1, 17 2, 19 3."""
    return [12, 15, 17, 19].index(len(code))


def parent_code(code: str) -> str:
    """Code of a grid's parent; a basic grid's is its town's 9 digits."""
    return code[: -(DIGITS[level_of(code) - 1] if len(code) > AREA_DIGITS else 3)]


def short(code: str) -> str:
    """Short number that people see; empty for a basic grid.

    Examples
    --------
    >>> short("141126100001003"), short("14112610000100302"), short("1411261000010030205")
    ('3', '3-02', '3-02-05')
    """
    tail = code[AREA_DIGITS:]
    if not tail:
        return ""
    return "-".join([str(int(tail[:3])), *(tail[i : i + 2] for i in range(3, len(tail), 2))])


def child_label(label: str, number: int) -> str:
    """Short number of a grid's n-th child.

    Examples
    --------
    >>> child_label("", 3), child_label("3", 2), child_label("3-02", 5)
    ('3', '3-02', '3-02-05')
    """
    return f"{label}-{number:02d}" if label else str(number)


def grid_name(area_name: str, label: str) -> str:
    """Name of a grid by its short number.

    Examples
    --------
    >>> grid_name("凤城社区", "3"), grid_name("凤城社区", "3-02"), grid_name("凤城社区", "")
    ('凤城社区第3网格', '凤城社区3-02网格', '凤城社区')
    """
    if not label:
        return area_name
    return f"{area_name}{label}网格" if "-" in label else f"{area_name}第{label}网格"


def names(area_name: str, codes: Iterable[str], groups: Mapping[str, str] | None = None) -> dict[str, str]:
    """Name every grid, unique under its parent.

    Parameters
    ----------
    area_name
        Name of the basic grid.
    codes
        Codes of all its grids.
    groups
        Code -> name of the villagers' group that the grid is; beats the number.

    Returns
    -------
    dict
        Code -> name. Of two grids with one group's name the later carries its short number behind it.
    """
    out: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for code in sorted(codes):
        group = (groups or {}).get(code)
        name = grid_name(area_name, short(code)) if group is None else f"{area_name}{group}"
        if (parent_code(code), name) in taken:
            name = f"{name}({short(code)})"
        taken.add((parent_code(code), name))
        out[code] = name
    return out


def spatial_order(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order points west to east by columns of 50 m, north to south inside a column.

    Parameters
    ----------
    x, y
        (N,) lattice centimetres. The first column begins at the westernmost point.

    Examples
    --------
    >>> spatial_order(np.array([0.0, 100.0, 9000.0]), np.array([0.0, 500.0, 900.0])).tolist()
    [1, 0, 2]
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if not len(x):
        return np.empty(0, dtype=np.int64)
    column = np.floor((x - x.min()) / (COLUMN_M * 100))
    return np.lexsort((x, -y, column)).astype(np.int64)


def number(
    grids: pd.DataFrame,
    area_code: str,
    *,
    previous: pd.DataFrame | None = None,
    retired: Iterable[str] = (),
    overlap: pd.DataFrame | None = None,
) -> pd.Series:
    """Give every grid of a basic grid its code.

    In the first edition by spatial order under each parent. Later a grid that holds at least half of an old
    grid's households (of its area where it had none) keeps that code, if its parent keeps its own; a new grid
    takes the next number never used under its parent.

    Parameters
    ----------
    grids
        Columns ``GRID_COLUMNS``, index = grid id; ``parent`` the parent's id, or <NA> at level 1; x, y a
        point of the grid in lattice centimetres. All levels from 1 on; the basic grid is left out.
    area_code
        The basic grid's 12 digits.
    previous
        Columns ``PREVIOUS_COLUMNS``: grids of the edition before, one row each.
    retired
        Codes of the basic grid that earlier editions used.
    overlap
        Columns ``OVERLAP_COLUMNS``: households and square metres that an old code and a new grid's id share;
        see `share`.

    Returns
    -------
    Series
        Code text by grid id, in the order of ``grids``.

    Raises
    ------
    Refused
        ``too_many_grids``: more than 999 (level 1) or 99 (below) numbers under one parent.
    """
    old = _empty(PREVIOUS_COLUMNS) if previous is None else previous
    shared = _empty(OVERLAP_COLUMNS) if overlap is None else overlap
    used = {str(code) for code in old["code"]} | set(retired)
    claims = _claims(old, shared)
    codes: dict[object, str] = {}
    for _, level in grids.groupby("level", sort=True):
        parents = [area_code if pd.isna(p) else codes[p] for p in level["parent"].tolist()]
        for parent, siblings in level.groupby(np.array(parents, dtype=object), sort=True):
            order = spatial_order(siblings["x"].to_numpy(), siblings["y"].to_numpy())
            ids = siblings.index.to_numpy()[order].tolist()
            codes |= _number_siblings(ids, str(parent), claims, used)
    return pd.Series([codes[i] for i in grids.index], index=grids.index, dtype=object, name="code")


def _empty(columns: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})


def _claims(old: pd.DataFrame, overlap: pd.DataFrame) -> list[tuple[str, object]]:
    """Pairs (old code, new id) with at least half of the old one, the strongest claims first."""
    rows = overlap.merge(old, left_on="old", right_on="code", suffixes=("", "_old"))
    if rows.empty:
        return []
    peopled = rows["households_old"].to_numpy(dtype=np.float64) > 0
    part = np.where(peopled, rows["households"], rows["m2"]).astype(np.float64)
    whole = np.where(peopled, rows["households_old"], rows["m2_old"]).astype(np.float64)
    keeps = (2 * part >= whole) & (part > 0)
    rows = rows.assign(part=part, m2=rows["m2"].astype(np.float64), peopled=peopled)[keeps]
    rows = rows.sort_values(["peopled", "part", "m2", "old"], ascending=[False, False, False, True])
    return [(str(a), b) for a, b in zip(rows["old"], rows["new"].tolist(), strict=True)]


def _number_siblings(
    ids: list[object], parent: str, claims: list[tuple[str, object]], used: set[str]
) -> dict[object, str]:
    """Codes of the grids under one parent, given in spatial order."""
    out: dict[object, str] = {}
    mine = set(ids)
    for code, new in claims:
        if new in mine and new not in out and code not in out.values() and parent_code(code) == parent:
            out[new] = code
    digits = DIGITS[level_of(parent)]
    taken = [int(c[len(parent) :]) for c in used if parent_code(c) == parent]
    number_ = max(taken, default=0)
    for new in ids:
        if new not in out:
            number_ += 1
            out[new] = f"{parent}{number_:0{digits}d}"
    most, name = 10**digits - 1, short(parent) or parent
    if number_ > most:
        raise Refused(
            "too_many_grids",
            zh=f"网格 {name} 下的编号已超过 {most} 个,编码位数不够;请先合并部分网格。",
            en=f"More than {most} numbers under grid {name}; merge some grids first.",
            where=(Where(ref=parent),),
            data={"parent": parent, "needed": number_, "most": most},
        )
    return out


def share(
    old: Iterable[object], new: Iterable[object], households: Iterable[int], m2: Iterable[float]
) -> pd.DataFrame:
    """Add up what old and new grids share, from pieces that each lie in one of both.

    Parameters
    ----------
    old, new
        Code (or id) of each piece's grid before and now; None where it lay in none.
    households, m2
        Households and square metres of each piece (0 m2 for a floor run that is not the lowest).

    Returns
    -------
    DataFrame
        Columns ``OVERLAP_COLUMNS``, one row = one pair, ordered by old, then new.

    Examples
    --------
    >>> share(["a", "a", "b"], ["x", "x", "x"], [1, 2, 3], [10.0, 0.0, 5.0]).values.tolist()
    [['a', 'x', 3, 10.0], ['b', 'x', 3, 5.0]]
    """
    frame = pd.DataFrame(
        {
            "old": pd.Series(list(old), dtype=object),
            "new": pd.Series(list(new), dtype=object),
            "households": np.fromiter(households, dtype=np.int64),
            "m2": np.fromiter(m2, dtype=np.float64),
        }
    )
    frame = frame[frame["old"].notna() & frame["new"].notna()]
    return frame.groupby(["old", "new"], as_index=False, sort=True)[["households", "m2"]].sum()


def crosswalk(overlap: pd.DataFrame, codes: Mapping[object, str]) -> pd.DataFrame:
    """Old code to new code, from an overlap by ids and the codes that `number` gave.

    Returns
    -------
    DataFrame
        Columns ``OVERLAP_COLUMNS`` with codes in both; one row = one pair that shares a household or ground.
    """
    out = overlap[(overlap["households"] > 0) | (overlap["m2"] > 0)].copy()
    out["new"] = out["new"].map(dict(codes))
    return out.sort_values(["old", "new"]).reset_index(drop=True)[list(OVERLAP_COLUMNS)]
