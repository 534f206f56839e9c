"""Synthetic communities by seed: bent streets, courtyards on lanes, slabs of stairwells, schools, a river."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, Polygon

from spatial.ground.crs import Lattice
from spatial.ground.model import PlaceFile

BLOCK_M = 108.0
"""Side of a street block before the bending."""
SIDE = 6
"""Blocks along each side of one community."""
SHARES = {"courtyards": 0.64, "slabs": 0.17, "zone": 0.11, "open": 0.08}
"""Share of the blocks by what stands on them."""
STAIRWELL = (10, 13)
"""Households of one stairwell: from, below."""
LATTICE = Lattice.at(110.84, 37.0)
AREA = {"code": ["141126100001"], "name": ["试验社区"], "division": ["community"], "parent": ["141126100"]}
CM = 100.0


@dataclass
class _Draft:
    """What has been drawn so far, in metres of the unbent plan."""

    lines: list[tuple[Any, str, str]] = field(default_factory=list)
    zones: list[Any] = field(default_factory=list)
    houses: list[tuple[float, float, float, float]] = field(default_factory=list)
    stairwells: list[list[int]] = field(default_factory=list)


def community(
    seed: int, *, stairwells: bool = True, side: int = SIDE, at_m: tuple[float, float] = (0.0, 0.0)
) -> PlaceFile:
    """Draw a community of about 2,700 households (``side`` 6); the same seed draws the same.

    Parameters
    ----------
    seed
        Chance.
    stairwells
        Whether the register names the stairwells of the slabs; else only each building's sum is known.
    side
        Street blocks along each side.
    at_m
        Where its corner lies, metres east and north of the lattice's origin.

    Returns
    -------
    PlaceFile
        One area, 141126100001; EPSG:4326.
    """
    chance = np.random.default_rng(seed)
    draft = _Draft()
    kinds = chance.permutation(
        np.repeat(list(SHARES), np.diff(np.rint(np.cumsum([0, *SHARES.values()]) * side * side).astype(int)))
    )
    for number, kind in enumerate(kinds):
        corner = np.array([number % side, number // side]) * BLOCK_M
        {"courtyards": _courtyards, "slabs": _slabs, "zone": _zone, "open": lambda *_: None}[kind](
            draft, corner, chance
        )
    _streets(draft, side)
    _river(draft, side, chance)
    return _place(draft, side, seed, stairwells=stairwells, at_m=at_m)


def _courtyards(draft: _Draft, corner: Any, chance: np.random.Generator) -> None:
    """Four quarters of courtyards in two rows between lanes; some lanes stop half way or are missing."""
    middle = corner + BLOCK_M * chance.uniform(0.45, 0.55, 2)
    for axis in (0, 1):
        reach = chance.choice([1.0, 0.6, 0.0], p=[0.75, 0.15, 0.10])
        if reach:
            ends = np.array([corner, corner + BLOCK_M * reach])
            ends[:, axis] = middle[axis]
            draft.lines.append((ends, "roads", "footway"))
    edges = np.array([corner, middle, corner + BLOCK_M])
    for east, north in ((0, 0), (1, 0), (0, 1), (1, 1)):
        low = np.array([edges[east, 0], edges[north, 1]])
        room = (edges[east + 1, 0] - low[0] - 11.0, edges[north + 1, 1] - low[1] - 11.0) / np.array([4, 2])
        for i in range(8):
            if chance.random() < 0.04:
                continue
            centre = low + 5.5 + room * (i % 4 + 0.5, i // 4 + 0.5)
            draft.houses.append((*centre, chance.uniform(6.5, 8.5), chance.uniform(8.0, 14.0)))
            draft.stairwells.append([int(chance.choice([0, 1, 2, 3], p=[0.04, 0.6, 0.25, 0.11]))])


def _slabs(draft: _Draft, corner: Any, chance: np.random.Generator) -> None:
    """Two columns of four slabs with two to five stairwells, and the wall between two estates."""
    for i in range(8):
        stairs = int(chance.integers(2, 6))
        within = (BLOCK_M * (i % 2 + 0.5) / 2, 9.0 + (BLOCK_M - 18.0) * (i // 2 + 0.5) / 4)
        centre = corner + np.array(within)
        draft.houses.append((*centre, min(11.5 * stairs, 44.0), 11.0))
        draft.stairwells.append(chance.integers(*STAIRWELL, stairs).tolist())
    across = int(chance.random() < 0.7)
    ends = np.array([corner, corner + BLOCK_M])
    ends[:, across] = corner[across] + BLOCK_M / 2
    draft.lines.append((ends, "walls", "wall"))


def _zone(draft: _Draft, corner: Any, chance: np.random.Generator) -> None:
    """A school, works or park: a zone of its own with a large building and perhaps a caretaker."""
    draft.zones.append(corner + BLOCK_M * np.array([(0, 0), (1, 0), (1, 1), (0, 1)]))
    centre = corner + BLOCK_M * chance.uniform(0.35, 0.65, 2)
    draft.houses.append((*centre, chance.uniform(16, 26), chance.uniform(11, 16)))
    draft.stairwells.append([int(chance.integers(0, 3))])


def _streets(draft: _Draft, side: int) -> None:
    """Streets on all block borders, every third one a main street."""
    for i in range(side + 1):
        kind = "secondary" if i % 3 == 0 else "residential"
        for ends in ([(i, 0), (i, side)], [(0, i), (side, i)]):
            draft.lines.append((np.array(ends) * BLOCK_M, "roads", kind))


def _river(draft: _Draft, side: int, chance: np.random.Generator) -> None:
    """A winding river through the lower middle; what stands in it is pulled down in `_place`."""
    x = np.linspace(0.0, side * BLOCK_M, 12 * side)
    y = side * BLOCK_M * 0.42 + 45 * np.sin(x / 230 + chance.uniform(0, 6)) + 17 * np.sin(x / 85)
    draft.lines.append((np.column_stack([x, y]), "water_lines", "river"))


def _bend(xy: Any, seed: int) -> Any:
    """Bend the plan by a few long waves, so that nothing is straight or square."""
    chance = np.random.default_rng(seed + 77_000)
    out = np.array(xy, dtype=np.float64)
    for length, height in ((300.0, 13.0), (125.0, 5.0), (72.0, 2.5)):
        turn = chance.uniform(0, 2 * np.pi, 4)
        x, y = np.asarray(xy)[..., 0], np.asarray(xy)[..., 1]
        out[..., 0] += height * np.sin(x / length + turn[0]) * np.cos(y / length + turn[1])
        out[..., 1] += height * np.cos(x / length + turn[2]) * np.sin(y / length + turn[3])
    return out


def _dense(xy: Any, step: float = 12.0, *, closed: bool = False) -> Any:
    shape = Polygon(xy) if closed else LineString(xy)
    return shapely.get_coordinates(shapely.segmentize(shape, step))


def _place(draft: _Draft, side: int, seed: int, *, stairwells: bool, at_m: tuple[float, float]) -> PlaceFile:
    """Bend the draft, pull down what stands in the way, and put it into the frames of a place file."""
    edge = side * BLOCK_M
    outline = Polygon(_bend(_dense([(0, 0), (edge, 0), (edge, edge), (0, edge)], closed=True), seed))
    lines = [(LineString(_bend(_dense(xy), seed)), layer, kind) for xy, layer, kind in draft.lines]
    lines = [(shapely.intersection(line, outline.buffer(1.0)), layer, kind) for line, layer, kind in lines]
    zones = [Polygon(_bend(_dense(xy, closed=True), seed)) for xy in draft.zones]
    boxes = _boxes(np.array(draft.houses), seed)
    river = shapely.union_all([g.buffer(8.0) for g, layer, _ in lines if layer == "water_lines"])
    ways = shapely.STRtree([g for g, layer, _ in lines if layer != "water_lines"])
    keep = shapely.contains_properly(outline, boxes) & ~shapely.intersects(river, boxes)
    keep[np.unique(ways.query(boxes, predicate="intersects")[0])] = False
    kept = np.flatnonzero(keep)
    lines = [(_moved(line, at_m), layer, kind) for line, layer, kind in lines]
    zones = [_moved(zone, at_m) for zone in zones]
    return PlaceFile(
        _frame(AREA, [_moved(outline, at_m)]),
        _buildings(_moved(boxes[kept], at_m), [draft.stairwells[i] for i in kept]),
        _register([draft.stairwells[i] for i in kept]) if stairwells else _register([]),
        _features(lines, zones),
        _frame({"name": [], "kind": []}, []),
        "EPSG:4326",
        f"benchmark-{seed}-{side}-{stairwells}",
    )  # fmt: skip


def _moved(shapes: Any, at_m: tuple[float, float]) -> Any:
    return shapely.transform(shapes, lambda xy: xy + np.array(at_m))


def _boxes(houses: Any, seed: int) -> Any:
    """Footprints: rectangles moved and turned with the bent plan, unbent themselves."""
    centre = _bend(houses[:, :2], seed)
    east = _bend(houses[:, :2] + (1.0, 0.0), seed) - centre
    east /= np.linalg.norm(east, axis=1, keepdims=True)
    north = np.column_stack([-east[:, 1], east[:, 0]])
    half_e, half_n = east * houses[:, 2:3] / 2, north * houses[:, 3:4] / 2
    corners = [centre + a * half_e + b * half_n for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return shapely.polygons(np.stack(corners, axis=1))


def _buildings(boxes: Any, stairwells: list[list[int]]) -> gpd.GeoDataFrame:
    n = len(boxes)
    return _frame(
        {
            "bid": pd.Series([f"b{i:05d}" for i in range(n)], dtype=object),
            "name": None,
            "btype": None,
            "levels": pd.array([6] * n, dtype="Int64"),
            "households": np.array([sum(s) for s in stairwells], dtype=np.int64),
            "group": pd.Series([None] * n, dtype=object),
        },
        boxes,
    )


def _register(stairwells: list[list[int]]) -> pd.DataFrame:
    """One row a stairwell, of the buildings that have more than one."""
    rows = [
        (f"b{i:05d}", str(j + 1), n) for i, s in enumerate(stairwells) if len(s) > 1 for j, n in enumerate(s)
    ]
    return pd.DataFrame(
        {
            "bid": pd.Series([r[0] for r in rows], dtype=object),
            "stairwell": pd.Series([r[1] for r in rows], dtype=object),
            "floor": pd.array([pd.NA] * len(rows), dtype="Int64"),
            "room": pd.Series([None] * len(rows), dtype=object),
            "status": pd.Series(["resident"] * len(rows), dtype=object),
            "n": np.array([r[2] for r in rows], dtype=np.int64),
        }
    )


def _features(lines: list[tuple[Any, str, str]], zones: list[Any]) -> gpd.GeoDataFrame:
    rows = [(layer, kind, geometry) for geometry, layer, kind in lines] + [
        ("zones", "zone", z) for z in zones
    ]
    columns = {
        name: pd.Series([r[i] for r in rows], dtype=object) for i, name in enumerate(("layer", "class"))
    }
    return _frame({**columns, "name": None}, [r[2] for r in rows])


def _frame(columns: dict[str, Any], metres: Any) -> gpd.GeoDataFrame:
    """A frame in EPSG:4326 from plan metres."""
    geometry = list(
        LATTICE.to_lonlat(shapely.transform(np.array(metres, dtype=object), lambda c: np.rint(c * CM)))
    )
    return gpd.GeoDataFrame(columns, geometry=geometry or [], crs=4326)
