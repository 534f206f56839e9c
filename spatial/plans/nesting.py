"""Old grids as a tree: which grid lies in which, by what a file says and by where they lie.

Pure: polygons in lattice centimetres, no file, no database. `spatial.plans.inheriting` gives cells to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

NONE = -1
INSIDE = 0.8
"""A polygon lies in a larger one that covers so much of it, where nothing else says so."""
LARGER = 1.05
"""A polygon is larger when its area is so many times the other's."""
FILLED = 0.6
"""What lies in a polygon are its children, where nothing else says so, when they fill so much of it."""
MOST = 0.3
"""Where levels are given the parent is the polygon above that covers most, and at least so much."""
_CODE = re.compile(r"\d{12}(\d{3}(\d{2}){0,2})?")


@dataclass(frozen=True)
class OldTree:
    """Grids of today, nested.

    Parameters
    ----------
    grids
        One row = one grid, index 0..n-1: columns code, name, kind, stairwell, low, high as
        `spatial.readers.oldgrids.OLD_COLUMNS`; ``level`` from 1, ``parent`` (position or -1), ``leaf``;
        ``geometry`` on the lattice, None for a parent that only its children's codes tell of.
    deep
        Grids that lay deeper than there are levels and were joined with what they lie in.
    """

    grids: pd.DataFrame
    deep: int

    @property
    def leaves(self) -> Ints:
        """Positions of the grids without children."""
        return np.flatnonzero(self.grids["leaf"].to_numpy(np.bool_)).astype(np.int64)

    def ancestors(self, position: int) -> list[int]:
        """Positions from a grid upwards, itself first."""
        return _chain(self.grids["parent"].to_numpy(np.int64), position)


def nest(old: pd.DataFrame, area_code: str, levels: int) -> OldTree:
    """Nest old grids.

    Parents are told by the column ``parent`` (code or name), else by codes (the longest that a code begins
    with), else by levels, else by which polygon lies in which. Rows of one code, or of one name in one
    parent without codes, are one grid in several parts. Rows of the basic grid itself are left out.

    Parameters
    ----------
    old
        Columns ``spatial.readers.oldgrids.OLD_COLUMNS``, geometry on the lattice, valid.
    area_code
        12 digits of the basic grid.
    levels
        Levels that its division knows.
    """
    basic = (old["code"] == area_code) | (old["level"] == 0) | (old["kind"] == "basic")
    rows = _joined(old[~basic.fillna(value=False).to_numpy(np.bool_)], ["code"])
    parent = _by_column(rows)
    parent = np.where(parent == NONE, _by_prefix(rows), parent)
    rows, parent = _with_ancestors(rows, parent, area_code)
    parent = np.where(_told(rows, parent), parent, _by_ground(rows))
    rows, parent = _parts_joined(rows, _acyclic(parent))
    return _levelled(rows, parent, levels)


def _chain(parent: Ints, position: int) -> list[int]:
    chain = [position]
    while parent[chain[-1]] != NONE and len(chain) <= len(parent):
        chain.append(int(parent[chain[-1]]))
    return chain


def _joined(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """One row for rows that agree in columns that none leaves empty; polygons united, words of the first."""
    known = rows[by].notna().all(axis=1)
    if not rows[known].duplicated(by).any():
        return rows.reset_index(drop=True)
    order = np.arange(len(rows))
    key = pd.Series(order, index=rows.index)
    key[known] = rows[known].groupby(by, sort=False).ngroup() + len(rows)
    first = key.groupby(key, sort=False).head(1).index
    shapes = rows["geometry"].groupby(key, sort=False).agg(lambda s: shapely.union_all(s.to_numpy(object)))
    out = rows.loc[first].copy()
    out["geometry"] = shapes.loc[key[first]].to_numpy(object)
    return out.reset_index(drop=True)


def _by_column(rows: pd.DataFrame) -> Ints:
    """Parent by the column that names it: its code, else its name where one grid only bears it."""
    codes = {code: i for i, code in enumerate(rows["code"]) if code is not None}
    named = rows["name"].value_counts()
    names = {n: i for i, n in enumerate(rows["name"]) if n is not None and named[n] == 1}
    found = [codes.get(p, names.get(p, NONE)) if p is not None else NONE for p in rows["parent"]]
    out = np.array(found, dtype=np.int64)
    return np.where(out == np.arange(len(rows)), NONE, out)


def _by_prefix(rows: pd.DataFrame) -> Ints:
    """Parent by codes: the longest other code that a code begins with."""
    codes = {code: i for i, code in enumerate(rows["code"]) if code is not None}

    def of(code: str | None) -> int:
        if code is None:
            return NONE
        return next((codes[code[:n]] for n in range(len(code) - 1, 0, -1) if code[:n] in codes), NONE)

    return np.array([of(code) for code in rows["code"]], dtype=np.int64)


def _with_ancestors(rows: pd.DataFrame, parent: Ints, area_code: str) -> tuple[pd.DataFrame, Ints]:
    """Add the parents that standard codes tell of and the file does not draw."""
    at = {code: i for i, code in enumerate(rows["code"]) if code is not None}
    more: list[str] = []
    above = parent.tolist()
    for i, code in enumerate(rows["code"].tolist()):
        if above[i] != NONE or code is None or not _standard(code, area_code):
            continue
        child, on_row = code, i
        while len(child) > 15:
            up = child[:-2]
            if up not in at:
                at[up] = len(rows) + len(more)
                more.append(up)
                above.append(NONE)
            if above[on_row] != NONE:
                break
            above[on_row], on_row, child = at[up], at[up], up
    made = pd.DataFrame({"code": pd.Series(more, dtype=object)}).reindex(columns=rows.columns)
    for column in ("name", "parent", "kind", "stairwell", "geometry"):
        made[column] = pd.Series([None] * len(more), dtype=object)
    both = pd.concat([rows, made.astype(rows.dtypes.to_dict())], ignore_index=True) if more else rows
    return both, np.array(above, dtype=np.int64)


def _standard(code: str, area_code: str) -> bool:
    return code.startswith(area_code) and _CODE.fullmatch(code) is not None and len(code) > len(area_code)


def _told(rows: pd.DataFrame, parent: Ints) -> NDArray[np.bool_]:
    """Whether the file says what a grid's parent is, or that it has none."""
    first = (rows["level"] == 1).fillna(value=False).to_numpy(np.bool_)
    first |= np.array([c is not None and bool(_CODE.fullmatch(c)) and len(c) == 15 for c in rows["code"]])
    return np.asarray((parent != NONE) | first, dtype=np.bool_)


def _by_ground(rows: pd.DataFrame) -> Ints:
    """Parent by which polygon lies in which; by level where both have one."""
    out = np.full(len(rows), NONE, dtype=np.int64)
    shapes = rows["geometry"].to_numpy(object)
    child, above = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    area = np.nan_to_num(shapely.area(shapes))
    level = rows["level"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    child, above = child[child != above], above[child != above]
    share = shapely.area(shapely.intersection(shapes[child], shapes[above])) / np.maximum(area[child], 1.0)
    leveled = ~np.isnan(level[child]) & ~np.isnan(level[above])
    higher = leveled & (level[above] < level[child]) & (share >= MOST)
    inside = ~leveled & (share >= INSIDE) & (area[above] > LARGER * area[child])
    pairs = pd.DataFrame({
        "child": child, "above": above, "share": share, "depth": np.where(leveled, level[above], 0.0),
        "area": area[above], "leveled": leveled,
    })[higher | inside]  # fmt: skip
    filled = pairs.assign(part=area[pairs["child"]] * pairs["share"]).groupby("above")["part"].sum()
    enough = pairs["leveled"] | (pairs["above"].map(filled) >= FILLED * pairs["area"])
    best = pairs[enough].sort_values(
        ["child", "depth", "share", "area"], ascending=[True, False, False, True]
    )
    loose = best[~best["leveled"]].sort_values(["child", "area"])
    chosen = pd.concat([best[best["leveled"]], loose]).drop_duplicates("child")
    out[chosen["child"].to_numpy(np.int64)] = chosen["above"].to_numpy(np.int64)
    return out


def _acyclic(parent: Ints) -> Ints:
    """Take away the parent of a grid that would come to lie in itself."""
    out = parent.copy()
    for i in range(len(out)):
        seen, at = {i}, int(out[i])
        while at != NONE:
            if at in seen:
                out[i] = NONE
                break
            seen.add(at)
            at = int(out[at])
    return out


def _parts_joined(rows: pd.DataFrame, parent: Ints) -> tuple[pd.DataFrame, Ints]:
    """Join rows without code that bear one name in one parent: one grid in several parts."""
    twice = rows["code"].isna() & rows["name"].notna()
    key = pd.DataFrame({"name": rows["name"], "parent": parent})[twice]
    if not key.duplicated().any():
        return rows, parent
    number = np.arange(len(rows))
    first = key.groupby(["name", "parent"], sort=False)["name"].transform(lambda s: s.index[0])
    number[first.index.to_numpy()] = first.to_numpy(np.int64)
    shapes = rows["geometry"].groupby(number).agg(lambda s: shapely.union_all(s.to_numpy(object)))
    kept = shapes.index.to_numpy(np.int64)
    place = np.full(len(rows) + 1, NONE, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    up = np.where(parent == NONE, NONE, place[number[parent]])[kept]
    out = rows.loc[kept].assign(geometry=shapes.to_numpy(object)).reset_index(drop=True)
    return out, np.asarray(up, dtype=np.int64)


def _levelled(rows: pd.DataFrame, parent: Ints, levels: int) -> OldTree:
    """Count the levels; what lies too deep joins what it lies in."""
    depth = np.array([len(_chain(parent, i)) for i in range(len(rows))], dtype=np.int64)
    deep = np.flatnonzero(depth > levels)
    shapes = rows["geometry"].to_numpy(object).copy()
    for i in deep.tolist():
        top = _chain(parent, i)[depth[i] - levels]
        if rows["geometry"].iloc[top] is None:
            shapes[top] = shapely.union_all(np.array([shapes[top], shapes[i]], dtype=object))
    kept = np.flatnonzero(depth <= levels)
    place = np.full(len(rows) + 1, NONE, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    up = np.where(parent[kept] == NONE, NONE, place[parent[kept]])
    leaf = ~np.isin(np.arange(len(kept)), up)
    grids: dict[str, Any] = {
        name: rows[name].to_numpy(object)[kept] for name in ("code", "name", "kind", "stairwell")
    }
    frame = pd.DataFrame(grids, dtype=object).assign(
        low=rows["low"].array[kept], high=rows["high"].array[kept], level=depth[kept], parent=up, leaf=leaf
    )
    frame["geometry"] = pd.Series(shapes[kept], dtype=object)
    return OldTree(frame, len(deep))
