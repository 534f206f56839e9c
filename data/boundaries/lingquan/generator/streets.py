"""The streets of the county seat: drawn in the valley's frame, strip by strip, none of them straight for long.

Along the valley run the banks' roads, the main street and back streets at the foot of the slopes; across it every strip
between two of them has crossings of its own, so most corners are T's; lanes of the old quarters end blind.
"""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from data.boundaries.lingquan.generator.frame import SEED, TOWN_S, Array, Valley, wave

S0, S1 = TOWN_S
STATIONS = np.arange(S0 - 400.0, S1 + 400.0, 10.0)
BRIDGES = (5230.0, 6150.0, 7080.0, 7990.0, 8900.0)
"""Metres along the valley at which a street crosses the river."""


@dataclass
class Net:
    """The streets: rows of the layer ``roads`` in the frame, and the blocks between them.

    ``along`` holds the n of every street along the valley at ``STATIONS``, by name, west to east.
    """

    along: dict[str, Array]
    roads: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def n(self, name: str, s: Any) -> Any:
        """Where a street along the valley lies at s."""
        return np.interp(s, STATIONS, self.along[name])

    def line(self, name: str, start: float, end: float) -> Array:
        """Frame points of a street along the valley between two s."""
        s = np.r_[start, STATIONS[(start < STATIONS) & (end > STATIONS)], end]
        return np.column_stack([s, self.n(name, s)])


ALONG = (
    ("west_edge", None, None), ("west_back", "residential", "西坡路"), ("west_bank", "tertiary", "滨河西路"),
    ("river", None, None), ("east_bank", "tertiary", "滨河东路"), ("main", "secondary", "凤城大街"),
    ("east_back", "residential", "东坡路"), ("east_edge", None, None),
)  # fmt: skip
"""Lines along the valley west to east: key, class, name; edges and the river are no streets."""
STRIPS = (
    ("west_edge", "west_back", 170, 330, "residential"), ("west_back", "west_bank", 130, 290, "residential"),
    ("east_bank", "main", 120, 300, "residential"), ("main", "east_back", 130, 310, "residential"),
    ("east_back", "east_edge", 150, 330, "service"),
)  # fmt: skip
"""Strips between them: the two lines, least and greatest distance of crossings, class of these."""


def lines_along(shape: Valley, rng: np.random.Generator) -> dict[str, Array]:
    """Lay the lines along the valley; where the floor is narrow the back streets run at its very edge."""
    s, count = STATIONS, len(STATIONS)
    west, east = shape.at(shape.west, s), -shape.at(shape.east, s)
    river = shape.at(shape.river, s)
    near = river + 27 + 4 * wave(rng, count, 9)
    far = river - 28 - 4 * wave(rng, count, 9)
    back = near + np.clip((west - near) * (0.66 + 0.08 * wave(rng, count, 22)), 40, 210)
    main = far - np.clip((far - east) * (0.42 + 0.07 * wave(rng, count, 28)), 50, 200)
    foot = main - np.clip((main - east) * (0.64 + 0.09 * wave(rng, count, 20)), 34, 190)
    return {
        "west_edge": np.maximum(west + 14 + 10 * wave(rng, count, 7), back + 26),
        "west_back": back, "west_bank": near, "river": river, "east_bank": far, "main": main, "east_back": foot,
        "east_edge": np.minimum(east - 14 - 10 * wave(rng, count, 7), foot - 26),
    }  # fmt: skip


def crossings(rng: np.random.Generator, least: float, most: float, fixed: tuple[float, ...]) -> Array:
    """Positions of the streets across a strip: at irregular distances, some fixed."""
    at, out = S0 + float(rng.uniform(0.4, 1.0)) * most, []
    while at < S1 - least * 0.7:
        out.append(at)
        at += float(rng.uniform(least, most)) * float(rng.choice([0.62, 1.0, 1.3], p=[0.25, 0.55, 0.2]))
    kept = [a for a in out if all(abs(a - f) > least * 0.5 for f in fixed)]
    return np.array(sorted([*kept, *fixed]))


def _lured(rng: np.random.Generator, at: Array, lure: Array, fixed: tuple[float, ...]) -> Array:
    """Let some crossings begin where a street of the strip before arrives: there the corners have four arms."""
    out = []
    for s in at:
        near = lure[np.abs(lure - s) < 55.0]
        go = len(near) and s not in fixed and rng.random() < 0.6
        out.append(float(near[np.argmin(np.abs(near - s))]) if go else float(s))
    return np.unique(out)


def _across(rng: np.random.Generator, net: Net, near: str, far: str, s: float, lean: float) -> Array:
    """Draw one street across a strip: leaning, with a bend in it."""
    end = s + lean
    a, b = np.array([s, net.n(near, s)]), np.array([end, net.n(far, end)])
    t = np.linspace(0, 1, 6)[:, None]
    bow = np.sin(np.pi * t) * float(rng.normal(0, 0.05)) + np.sin(2 * np.pi * t) * float(rng.normal(0, 0.035))
    away = np.array([[-(b - a)[1], (b - a)[0]]])
    return np.asarray(a + (b - a) * t + bow * away)


def draw(shape: Valley, seed: int = SEED) -> Net:
    """Draw all streets of the county seat and the blocks between them."""
    rng = np.random.default_rng([seed, 3])
    net = Net(lines_along(shape, rng))
    for key, kind, name in ALONG:
        if kind:
            reach = 380.0 if key == "main" else 0.0
            net.roads.append({"class": kind, "name": name, "sn": net.line(key, S0 - reach, S1 + reach)})
    lure = np.empty(0)
    for number, (near, far, least, most, kind) in enumerate(STRIPS):
        inner = number in (1, 2, 3)
        fixed = tuple(b + float(rng.normal(0, 9)) * (number != 2) for b in BRIDGES) if inner else ()
        ends: list[Array] = [_across(rng, net, near, far, S0, 0.0)]
        for s in _lured(rng, crossings(rng, least, most, fixed), lure if number != 2 else np.empty(0), fixed):
            on_bridge = any(abs(b - s) < 1e-6 for b in fixed)
            lean = 0.0 if on_bridge else float(rng.normal(0, 26))
            path = _across(rng, net, near, far, float(s), lean)
            ends.append(path)
            _street(rng, net, path, kind if number != 4 else "service", number, on_bridge)
        ends.append(_across(rng, net, near, far, S1, 0.0))
        lure = np.array([e[-1, 0] for e in ends[1:-1]])
        for one, two in pairwise(ends):
            _block(net, near, far, one, two, number)
    for s in BRIDGES:
        path = np.column_stack([[s, s], [net.n("west_bank", s), net.n("east_bank", s)]])
        net.roads.append(
            {"class": "tertiary", "name": f"屈产河{BRIDGES.index(s) + 1}号桥", "sn": path, "bridge": "yes"}
        )
    return net


CROSS_NAMES = ["文化", "健康", "光明", "建设", "解放", "团结", "新建", "和平", "胜利", "西门", "东门", "学府", "龙泉", "青年", "朝阳", "粮站", "工农", "永宁", "德安", "广场", "钟楼", "城隍庙", "幸福", "育才"]  # fmt: skip


def _street(rng: np.random.Generator, net: Net, path: Array, kind: str, strip: int, through: bool) -> None:
    """Add a street across a strip; the outermost often climb the slope and end there, or stop half-way."""
    name = CROSS_NAMES[len(net.roads) % len(CROSS_NAMES)] + (
        "路" if through else "街" if strip in (1, 2, 3) else "巷"
    )
    if strip in (0, 4):
        cut = float(rng.choice([0.55, 0.8, 1.0]))
        order = path if strip == 4 else path[::-1]
        path = order[: max(3, int(len(order) * cut))]
        kind = "footway" if rng.random() < 0.4 else "service"
    net.roads.append({"class": "tertiary" if through else kind, "name": name, "sn": path})


def _block(net: Net, near: str, far: str, one: Array, two: Array, strip: int) -> None:
    """Add the block between two streets across and the two lines along."""
    low, high = net.line(near, one[0, 0], two[0, 0]), net.line(far, one[-1, 0], two[-1, 0])
    ring = shapely.Polygon(np.vstack([low, two[1:-1], high[::-1], one[1:-1][::-1]]))
    if not ring.is_valid:
        ring = shapely.make_valid(ring)
    span = {near: (one[0, 0], two[0, 0]), far: (one[-1, 0], two[-1, 0])}
    net.blocks.append({"strip": strip, "s": float(ring.centroid.x), "span": span, "sn": ring})
