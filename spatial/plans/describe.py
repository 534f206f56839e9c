"""The four bounds (四至) of every grid: the features that its outer border follows, east, west, south, north.

A grid is looked at from each of the four sides: of every strip of sight the outermost piece of its border is
seen, and what that piece follows gets the strip's width. Notches that lie open, slanting borders and patches
far apart come out as a person at the map would say; holes are never seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spatial.plans.borders import NONE, OPEN_GROUND, RIMS, Borders, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from spatial.plans.tree import CellRow, PlanState

SIDES = ("east", "west", "south", "north")
SIDE_WORDS = {
    "east": Words("东", "East"),
    "west": Words("西", "West"),
    "south": Words("南", "South"),
    "north": Words("北", "North"),
}
STRIPS = 32
"""Strips of sight across a grid, from each side."""
MOST = 2
"""Things named on one side."""
LEAST_SHARE = 0.25
"""Share of a side that something must take to be named beside the first."""


@dataclass(frozen=True)
class Bounds:
    """The four bounds of one grid.

    Parameters
    ----------
    sides
        East, west, south, north -> what is met there, the longest first.
    within
        The building that the whole grid is part of, with stairwells and floors, or None.
    """

    sides: Mapping[str, tuple[Words, ...]]
    within: Words | None = None

    @property
    def text(self) -> Words:
        """Say the bounds in one line."""
        if self.within is not None:
            return self.within
        said = [(SIDE_WORDS[side], _side(self.sides[side])) for side in SIDES if self.sides.get(side)]
        return Words(
            "，".join(f"{side.zh}至{met.zh}" for side, met in said),
            "; ".join(f"{side.en}: {met.en}" for side, met in said),
        )

    def to_json(self) -> dict[str, Any]:
        """Give the bounds as they are stored: sides in both languages, ``text_zh`` and ``text_en``."""
        met = {side: _side(self.sides[side]) for side in SIDES if self.sides.get(side)}
        return {
            "zh": {side: words.zh for side, words in met.items()},
            "en": {side: words.en for side, words in met.items()},
            "text_zh": self.text.zh,
            "text_en": self.text.en,
        }


def _side(met: Iterable[Words]) -> Words:
    listed = list(met)
    return Words("、".join(w.zh for w in listed), ", ".join(w.en for w in listed))


def four_bounds(
    state: PlanState, borders: Borders, names: Mapping[int, Words], buildings: Mapping[str, str | None]
) -> dict[int, Bounds]:
    """Describe every grid of a plan, all levels at once.

    Parameters
    ----------
    state
        The plan.
    borders
        Its border edges, as `spatial.plans.borders.borders_of` gives them.
    names
        Grid id -> how a neighbour calls it.
    buildings
        Name of each building by bid; one without a name is called by its bid.

    Returns
    -------
    dict
        Grid id -> Bounds; every grid that holds a cell.
    """
    order = sorted(state.nodes)
    dedicated = np.array([state.nodes[node].kind == "dedicated" for node in order], dtype=np.bool_)
    labels = _Labels(borders, [names[node] for node in order], dedicated)
    seen: dict[int, dict[str, tuple[Words, ...]]] = {}
    for level in range(state.levels + 1):
        above = _above(state, order, level)
        seen |= _seen_at(
            borders, labels, above, np.array([state.nodes[n].level == level for n in order]), order
        )
    inside = _within(state, buildings)
    held = {node.id for leaf in set(state.assign.values()) for node in state.chain(leaf)}
    return {node: _bounds(seen.get(node), inside.get(node), buildings) for node in sorted(held)}


def _bounds(
    sides: Mapping[str, tuple[Words, ...]] | None,
    inside: tuple[str, Words] | None,
    buildings: Mapping[str, str | None],
) -> Bounds:
    if inside is None:
        return Bounds(sides or {})
    bid, part = inside
    if sides is None:
        title = buildings.get(bid) or bid
        sides = dict.fromkeys(SIDES, (Words(f"{title}外墙", f"outer wall of {title}"),))
    return Bounds(sides, part)


class _Labels:
    """What may stand on a side, numbered: features, what lies beyond the outline, grids, open ground.

    Things that read the same (a river and its bank) have one number. Where a border follows nothing, or only
    the rim of an area, the named way along it is told before what lies beyond; a dedicated grid's own rim
    says nothing about where it lies.
    """

    def __init__(self, borders: Borders, grids: list[Words], dedicated: NDArray[np.bool_]) -> None:
        features = [Words(f.zh, f.en) for f in borders.features]
        every = [*features, *borders.neighbours, *grids, OPEN_GROUND]
        self.words = sorted(set(every), key=lambda w: (w.zh, w.en))
        place = {words: i for i, words in enumerate(self.words)}
        numbers = np.array([place[words] for words in every], dtype=np.int64)
        ends = np.cumsum([len(features), len(borders.neighbours), len(grids)])
        self.features, self.beyond, self.grids, rest = np.split(numbers, ends)
        self.open = int(rest[0])
        self.dedicated = dedicated
        self.rims = np.array([f.barrier == "dedicated" for f in borders.features], dtype=np.bool_)
        self.areal = np.array([f.barrier in RIMS for f in borders.features], dtype=np.bool_)

    def of(
        self, borders: Borders, own: NDArray[np.int64], across: NDArray[np.int64], way: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Number what each edge meets.

        ``own``, ``across`` are positions of the grids beside it, or NONE; ``way`` the named way that runs
        along it as seen from ``own``.
        """
        out = np.full(len(across), self.open)
        grid = across != NONE
        out[grid] = self.grids[across[grid]]
        outer = borders.beyond != NONE
        out[outer] = self.beyond[borders.beyond[outer]]
        on = borders.feature != NONE
        on[on] = ~(self.rims[borders.feature[on]] & self.dedicated[own[on]])
        out[on] = self.features[borders.feature[on]]
        along = way != NONE
        along[along] = ~on[along] | self.areal[borders.feature[along]]
        out[along] = self.features[way[along]]
        return out


def _above(state: PlanState, order: list[int], level: int) -> dict[int, int]:
    """Position of each grid's ancestor at a level, or of itself where its branch ends above."""
    place = {node: i for i, node in enumerate(order)}
    return {node: place[state.ancestor(node, level)] for node in order} | {NONE: NONE}


def _seen_at(
    borders: Borders, labels: _Labels, above: Mapping[int, int], here: NDArray[np.bool_], order: list[int]
) -> dict[int, dict[str, tuple[Words, ...]]]:
    """Sides of the grids of one level."""
    left = np.array([above[int(leaf)] for leaf in borders.left], dtype=np.int64)
    right = np.array([above[int(leaf)] for leaf in borders.right], dtype=np.int64)
    apart = left != right
    parts = []
    for own, across, way in ((left, right, borders.way[:, 0]), (right, left, borders.way[:, 1])):
        rows = apart & (own != NONE) & here[own]
        parts.append((own[rows], borders.xy[rows], labels.of(borders, own, across, way)[rows]))
    grid, xy, label = (np.concatenate(column) for column in zip(*parts, strict=True))
    out: dict[int, dict[str, tuple[Words, ...]]] = defaultdict(dict)
    for side, found in zip(SIDES, _sight(grid, xy / 100.0, label), strict=True):
        for position, met in _named(*found).items():
            out[order[position]][side] = tuple(labels.words[i] for i in met)
    return out


def _sight(
    grid: NDArray[np.int64], xy: NDArray[np.float64], label: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
    """Look at grids from the four sides: for each side (grid, label, metres seen), sorted by grid.

    Parameters
    ----------
    grid, xy, label
        (E,) grid, (E, 4) metres, (E,) label of each edge of the grids' borders.
    """
    grids, own = np.unique(grid, return_inverse=True)
    low, high = np.full((len(grids), 2), np.inf), np.full((len(grids), 2), -np.inf)
    for ends in (xy[:, :2], xy[:, 2:]):
        np.minimum.at(low, own, ends)
        np.maximum.at(high, own, ends)
    step = (high - low).max(axis=1) / (1.5 * STRIPS)
    length = np.hypot(xy[:, 2] - xy[:, 0], xy[:, 3] - xy[:, 1])
    pieces = np.maximum(np.ceil(length / step[own]), 1).astype(np.int64)
    edge = np.repeat(np.arange(len(xy)), pieces)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    along = ((number + 0.5) / pieces[edge])[:, None]
    at = xy[edge, :2] * (1.0 - along) + xy[edge, 2:] * along
    out = []
    for axis, sign in ((0, 1.0), (0, -1.0), (1, -1.0), (1, 1.0)):
        across = 1 - axis
        wide = np.maximum((high - low)[:, across], 1e-9)
        of = own[edge]
        strip = np.clip((at[:, across] - low[of, across]) / wide[of] * STRIPS, 0, STRIPS - 1).astype(np.int64)
        first = _outermost(of * STRIPS + strip, sign * at[:, axis], label[edge])
        found = of[first] * (int(label.max()) + 1) + label[edge][first] if len(first) else first
        pairs, count = np.unique(found, return_counts=True)
        place, met = np.divmod(pairs, int(label.max()) + 1 if len(label) else 1)
        out.append((grids[place], met, count * wide[place] / STRIPS))
    return out


def _outermost(
    strip: NDArray[np.int64], reach: NDArray[np.float64], label: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Position of the outermost point of each strip; of equal ones that of the lowest label."""
    far = np.full(int(strip.max()) + 1 if len(strip) else 0, -np.inf)
    np.maximum.at(far, strip, reach)
    best = np.flatnonzero(reach == far[strip])
    best = best[np.lexsort((label[best], strip[best]))]
    fresh = np.r_[True, strip[best][1:] != strip[best][:-1]] if len(best) else np.empty(0, dtype=bool)
    return np.asarray(best[fresh], dtype=np.int64)


def _named(
    grid: NDArray[np.int64], label: NDArray[np.int64], metres: NDArray[np.float64]
) -> dict[int, list[int]]:
    """Labels worth naming of each grid on one side, the longest first."""
    rows: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for g, i, m in zip(grid.tolist(), label.tolist(), metres.tolist(), strict=True):
        rows[g].append((-m, i))
    out = {}
    for g, met in rows.items():
        whole = -sum(m for m, _ in met)
        ranked = sorted(met)[:MOST]
        out[g] = [i for n, (m, i) in enumerate(ranked) if n == 0 or -m >= LEAST_SHARE * whole]
    return out


def _within(state: PlanState, buildings: Mapping[str, str | None]) -> dict[int, tuple[str, Words]]:
    """Grids that are a part of one building: its bid, and the part in words."""
    held: dict[int, list[CellRow]] = defaultdict(list)
    for cell_id, leaf in state.assign.items():
        for node in state.chain(leaf):
            held[node.id].append(state.cells[cell_id])
    whole = Counter(cell.bid for cell in state.cells.values())
    runs = Counter(cell.face for cell in state.cells.values())
    out = {}
    for node_id, cells in held.items():
        bid = cells[0].bid
        if bid is not None and len(cells) < whole[bid] and all(cell.bid == bid for cell in cells):
            out[node_id] = (bid, _part(buildings.get(bid) or bid, cells, runs))
    return out


def _part(title: str, cells: list[CellRow], runs: Mapping[str, int]) -> Words:
    """Say which stairwells and floors of a building, as in 3号楼2单元5-9层; floors where it holds not all."""
    wells: dict[str, list[CellRow]] = defaultdict(list)
    for cell in cells:
        wells[cell.stairwell or ""].append(cell)
    zh, en = [], []
    for well, held in sorted(wells.items()):
        floors = _floors(held) if len(held) < sum(runs[face] for face in {c.face for c in held}) else None
        zh.append(_well_zh(well) + (f"{floors.zh}层" if floors else ""))
        said = [_well_en(well)] if well else []
        en.append(", ".join([*said, f"floors {floors.en}"] if floors else said))
    return Words(title + "、".join(zh), " ".join([title, "; ".join(en)]).rstrip())


def _floors(cells: list[CellRow]) -> Words | None:
    """Lowest to highest floor of runs; basements are B1 and 地下1."""
    low = [c.floor_low for c in cells if c.floor_low is not None]
    high = [c.floor_high for c in cells if c.floor_high is not None]
    if not low or not high:
        return None
    ends = sorted({min(low), max(high)})
    return Words(*("-".join(f"{sign}{-n}" if n < 0 else str(n) for n in ends) for sign in ("地下", "B")))


def _well_zh(well: str) -> str:
    return f"{well}单元" if well.isdecimal() else well


def _well_en(well: str) -> str:
    return f"stairwell {well.removesuffix('单元')}"
