"""What publishing a plan would change: households, cases, hazard points and posts, old code to new code.

Codes come from `spatial.planning.succession.carry_on`, as publishing gives them; nothing is written, and no
person is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from spatial.duty.staff import POST_TABLE, post_for
from spatial.planning.desk import Work, work
from spatial.planning.succession import Succession, at_level, carry_on, grid_names, old_leaves
from spatial.plans.codes import level_of, short
from spatial.plans.finest import Leaf, finest_over
from spatial.plans.publish import stacks
from spatial.policy import LINGQUAN, Policy
from spatial.store import cases, editions, grounds, hazards, places, staff

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class GridRef:
    """A grid by its code, with what people call it."""

    code: str
    short: str
    name: str


@dataclass(frozen=True)
class GridChange:
    """Households and ground that go from a grid to one of another code; None: to or from no grid."""

    level: int
    old: GridRef | None
    new: GridRef | None
    households: int
    m2: float


@dataclass(frozen=True)
class BuildingChange:
    """Households of a building, stairwell or run of floors whose finest grid has another code.

    ``floors`` are runs of floors, both ends included, empty where floors don't matter; ``node`` is the plan's
    grid that they go to; ``level`` the highest level whose grid is another.
    """

    bid: str
    name: str | None
    stairwell: str | None
    floors: tuple[tuple[int, int], ...]
    level: int
    old: GridRef | None
    new: GridRef | None
    node: int | None
    households: int
    registered: int


@dataclass(frozen=True)
class PointChange:
    """An open case or a hazard point (by its id, number and kind) that goes to a grid of another code."""

    id: int
    number: str
    kind: str
    old: GridRef | None
    new: GridRef | None
    lon: float
    lat: float


@dataclass(frozen=True)
class PostChange:
    """A post of a grid that ends, and the grid that takes most of it; or (``old`` None) a new post to fill.

    ``post`` is a key of `spatial.duty.staff.POST_TABLE`, ``holders`` how many hold it now.
    """

    post: str
    old: GridRef | None
    new: GridRef | None
    holders: int

    @property
    def post_zh(self) -> str:
        """What the post is called in Chinese."""
        return POST_TABLE[self.post].zh

    @property
    def post_en(self) -> str:
        """What the post is called in English."""
        return POST_TABLE[self.post].en


@dataclass(frozen=True)
class Impact:
    """What would change on ``valid_from``, against ``edition``, which the plan would follow (None: none).

    ``households`` and ``moved``: households by level, and those of them whose grid of that level has another
    code; ``kept``, ``added``, ``retired``: codes.
    """

    plan: int
    rev: int
    area_code: str
    area_name: str
    valid_from: dt.date
    edition: int | None
    households: int
    moved: dict[int, int]
    kept: int
    added: list[GridRef]
    retired: list[GridRef]
    grids: list[GridChange]
    buildings: list[BuildingChange]
    cases: list[PointChange]
    hazards: list[PointChange]
    posts: list[PostChange]


@dataclass(frozen=True)
class _Both:
    """The grids in force before, those of the plan, and how both are called."""

    found: Work
    old: gpd.GeoDataFrame
    succession: Succession
    names: dict[str, str]

    def ref(self, code: str | None) -> GridRef | None:
        return None if code is None else GridRef(code, short(code), self.names.get(code, code))

    @property
    def old_codes(self) -> set[str]:
        return set(self.old.loc[self.old["level"] > 0, "code"])

    @property
    def new_codes(self) -> set[str]:
        return {code for code in self.succession.codes.values() if level_of(code) > 0}


def impact(
    store: Store, plan_id: int, *, valid_from: dt.date | None = None, policy: Policy = LINGQUAN
) -> Impact:
    """Say what publishing a plan would change.

    Parameters
    ----------
    store
        The database.
    plan_id
        The plan; it may have flaws.
    valid_from
        First day in force, Asia/Shanghai; None is today.
    policy
        Bands.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    Refused
        ``too_many_grids``: more grids under one parent than a code can number.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        area = places.get(tx, found.row.area_code)
        day = valid_from or editions.today(tx)
        before, both = _both(tx, found, area, day)
        rows = _cells(tx, both)
        old, new = both.old_codes, both.new_codes
        return Impact(
            plan_id, found.row.rev, area.code, area.name, day, None if before is None else before.id,
            int(rows["households"].sum()), _moved(rows, found.state.levels) if before is not None else {},
            len(old & new), _refs(both, new - old), _refs(both, old - new), _grids(both),
            _buildings(both, rows) if before is not None else [], _cases(tx, both, area),
            _hazards(tx, both, area), _posts(tx, both, area),
        )  # fmt: skip


def _both(
    tx: Transaction, found: Work, area: places.Place, day: dt.date
) -> tuple[editions.EditionRow | None, _Both]:
    shapes, lattice = found.measured.drawn.shapes, found.ground.lattice
    before, succession = carry_on(tx, found.row.id, found.state, shapes, lattice, area.code, day)
    old = editions.grids(tx, edition_id=0 if before is None else before.id)
    called = dict(zip(old["code"], old["name"], strict=True))
    return before, _Both(
        found, old, succession, called | grid_names(area.name, found.state, succession.codes)
    )


def _refs(both: _Both, codes: set[str]) -> list[GridRef]:
    return [ref for ref in (both.ref(code) for code in sorted(codes)) if ref is not None]


def _cells(tx: Transaction, both: _Both) -> pd.DataFrame:
    """Cells of buildings, each with the leaf that holds it and the codes of its leaf before and after."""
    state, codes = both.found.state, both.succession.codes
    ids = [c for c in sorted(state.cells) if state.cells[c].bid is not None]
    was = old_leaves(state, both.found.ground.lattice, ids, both.old) if len(both.old) else [None] * len(ids)
    nodes = [state.assign.get(c) for c in ids]
    called = grounds.building_names(tx, both.found.row.ground_id, [str(state.cells[c].bid) for c in ids])
    cells = [state.cells[c] for c in ids]
    return pd.DataFrame(
        {
            "bid": [c.bid for c in cells], "name": [called.get(str(c.bid)) for c in cells],
            "stairwell": [c.stairwell for c in cells], "floor_low": [c.floor_low for c in cells],
            "floor_high": [c.floor_high for c in cells], "old": was,
            "new": [None if n is None else codes.get(n) for n in nodes], "node": nodes,
            "households": [c.households for c in cells], "registered": [c.registered for c in cells],
        },
        dtype=object,
    )  # fmt: skip


def _moved(rows: pd.DataFrame, levels: int) -> dict[int, int]:
    """Households by level whose grid of that level has another code."""
    pairs = list(zip(rows["old"], rows["new"], strict=True))
    counted = rows["households"].to_numpy(np.int64)
    out = {}
    for level in range(1, levels + 1):
        other = np.array([at_level(a, level) != at_level(b, level) for a, b in pairs], dtype=np.bool_)
        out[level] = int(counted[other].sum())
    return out


def _grids(both: _Both) -> list[GridChange]:
    """Pairs of grids of one level and different codes that share households or ground."""
    walk = both.succession.crosswalk
    if walk is None:
        return []
    rows = walk[walk["old"] != walk["new"]]
    return [
        GridChange(
            level_of(r.new), both.ref(r.old), both.ref(r.new), int(r.households), round(float(r.m2), 1)
        )
        for r in rows.itertuples(index=False)
    ]


def _buildings(both: _Both, rows: pd.DataFrame) -> list[BuildingChange]:
    """Buildings, or parts of them, whose finest grid has another code; by building."""
    same = [a == b for a, b in zip(rows["old"], rows["new"], strict=True)]
    changed = rows[~np.array(same, dtype=np.bool_)]
    parts = changed.groupby(["bid", "stairwell", "old", "new"], dropna=False, sort=False)
    found = [_building(both, part) for _, part in parts]
    return sorted(found, key=lambda b: (b.bid, b.stairwell or "", b.floors))


def _building(both: _Both, part: pd.DataFrame) -> BuildingChange:
    """One row for the cells of a building's stairwell that go from one grid to another."""
    first = next(part.itertuples(index=False))
    return BuildingChange(
        str(first.bid), first.name, first.stairwell, floor_runs(part), _parted(first.old, first.new),
        both.ref(first.old), both.ref(first.new), first.node, int(part["households"].sum()),
        int(part["registered"].sum()),
    )  # fmt: skip


def floor_runs(part: pd.DataFrame) -> tuple[tuple[int, int], ...]:
    """Floors of some cells of one stairwell, those that follow one another in one run (there is no floor 0).

    Examples
    --------
    >>> floor_runs(pd.DataFrame({"floor_low": [1, 5, -1, 2], "floor_high": [1, 5, -1, 3]}))
    ((-1, 3), (5, 5))
    """
    spans = sorted(
        (int(low), int(high))
        for low, high in zip(part["floor_low"], part["floor_high"], strict=True)
        if low is not None and not pd.isna(low)
    )
    runs: list[tuple[int, int]] = []
    for low, high in spans:
        if runs and low - runs[-1][1] <= (2 if runs[-1][1] == -1 else 1):
            runs[-1] = (runs[-1][0], high)
        else:
            runs.append((low, high))
    return tuple(runs)


def _parted(old: str | None, new: str | None) -> int:
    """Highest level at which two codes differ."""
    return next((level for level in (1, 2, 3) if at_level(old, level) != at_level(new, level)), 3)


def _finest(both: _Both, points: gpd.GeoDataFrame) -> list[str | None]:
    """Code of the plan's finest grid over each point; columns stairwell and floor, where there are any."""
    state, drawn = both.found.state, both.found.measured.drawn
    standing = stacks(state)
    ids = [leaf.id for leaf in state.leaves() if leaf.id in drawn.lonlat]
    leaves = [_leaf(both.succession.codes[n], standing.get(n)) for n in ids]
    shapes = np.array([drawn.lonlat[n] for n in ids], dtype=object)
    blank = [None] * len(points)
    wells = points["stairwell"].tolist() if "stairwell" in points else blank
    floors = points["floor"].tolist() if "floor" in points else blank
    return finest_over(leaves, shapes, points.geometry.to_numpy(object), wells, floors)


def _leaf(code: str, stack: Any) -> Leaf:
    return Leaf(code) if stack is None else Leaf(
        code, stack.stairwell or "", (stack.floor_low, stack.floor_high)
    )  # fmt: skip


def _points(both: _Both, area: str, found: gpd.GeoDataFrame, kind: str) -> list[PointChange]:
    """Points whose finest grid has another code; on a border the lower code of two basic grids stays."""
    out = []
    for row, new in zip(found.itertuples(index=False), _finest(both, found), strict=True):
        old = None if pd.isna(row.grid) else str(row.grid)
        abroad = old is not None and not old.startswith(area) and new is not None and old < new
        if new is None or new == old or abroad:
            continue
        number, point = str(row.number), row.geometry
        out.append(
            PointChange(
                int(row.id), number, getattr(row, kind), both.ref(old), both.ref(new), point.x, point.y
            )
        )
    return out


def _cases(tx: Transaction, both: _Both, area: places.Place) -> list[PointChange]:
    return _points(both, area.code, cases.open_near(tx, area.code), "category")


def _hazards(tx: Transaction, both: _Both, area: places.Place) -> list[PointChange]:
    return _points(both, area.code, hazards.standing_near(tx, area.code), "kind")


def _posts(tx: Transaction, both: _Both, area: places.Place) -> list[PostChange]:
    """Posts of grids that end, each with the grid that takes most of its households; new posts to fill."""
    held = staff.find(tx, area.code)
    counted = held.groupby(["code", "post"], sort=True).size()
    walk = both.succession.crosswalk
    heirs = {}
    if walk is not None and len(walk):
        best = walk.sort_values(["households", "m2"], ascending=False, kind="stable")
        heirs = dict(best.drop_duplicates("old")[["old", "new"]].itertuples(index=False))
    gone, fresh = both.old_codes - both.new_codes, both.new_codes - both.old_codes
    ended = [
        PostChange(str(post), both.ref(str(code)), both.ref(heirs.get(code)), int(n))
        for (code, post), n in counted.items()
        if code in gone
    ]
    division = both.found.ground.division
    wanted = [(code, post_for(division, level_of(code))) for code in sorted(fresh)]
    return ended + [
        PostChange(post, None, both.ref(code), 0)
        for code, post in wanted
        if post is not None and (code, post) not in counted.index
    ]
