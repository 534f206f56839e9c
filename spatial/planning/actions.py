"""A planner's action as the API takes it, read into the moves that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from spatial.errors import BadParameter, Where
from spatial.planning.splitting import split_into
from spatial.plans.actions import give, paint, split
from spatial.plans.dragging import drag
from spatial.plans.filling import Links, fill
from spatial.plans.floors import cells_on_floors
from spatial.plans.merging import merge
from spatial.plans.moves import Cut, Move, from_json
from spatial.plans.reshaping import draw, reshape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from spatial.ground.crs import Lattice
    from spatial.planning.desk import Work
    from spatial.plans.moves import NewKind
    from spatial.policy import Policy

MOST_POINTS = 10_000
"""A drawing of more points is refused: nobody draws it by hand, and a move of it would not fit the log."""


def compiled(found: Work, action: Mapping[str, Any], policy: Policy) -> Move:
    """Turn an action into moves.

    Parameters
    ----------
    found
        The plan as it stands.
    action
        ``give`` (building, to), ``paint`` (cells, to), ``hand`` (cells or bid, stairwell, floors; to),
        ``split`` (node, line), ``split_into`` (node, n), ``merge`` (nodes, parts), ``reshape`` (node, line),
        ``drag`` (level, from, to), ``draw`` (parent, polygon, grid_kind, name), ``fill`` (node), ``cut``
        (face, line), or any other move as :func:`spatial.plans.moves.from_json` reads it. Shapes are GeoJSON
        in EPSG:4326, places lon and lat.
    policy
        Bands and weights.

    Raises
    ------
    BadParameter
        ``bad_action`` or ``bad_move``: a field is missing or of the wrong form; ``bad_line``,
        ``too_many_points``.
    Refused, NotFound
        As `spatial.plans.actions`, `spatial.plans.merging`, `spatial.planning.splitting`.
    """
    read = _KINDS.get(str(action.get("kind")))
    return from_json(action) if read is None else read(found, action, policy)


def _give(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    return give(found.state, _text(action, "building"), _whole("to", action.get("to")))


def _paint(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    return paint(found.state, _wholes(action, "cells"), _whole("to", action.get("to")))


def _hand(found: Work, action: Mapping[str, Any], policy: Policy) -> Move:
    floors = action.get("floors")
    if floors is None:
        return _paint(found, action, policy)
    if not isinstance(floors, list | tuple) or len(floors) != 2:
        raise _bad("floors", floors)
    well = None if action.get("stairwell") is None else _text(action, "stairwell")
    span = (_whole("floors", floors[0]), _whole("floors", floors[1]))
    cells = cells_on_floors(found.state, _text(action, "bid"), well, span)
    return paint(found.state, cells, _whole("to", action.get("to")))


def _split(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    return split(found.state, _whole("node", action.get("node")), _line(action.get("line"), found))


def _split_into(found: Work, action: Mapping[str, Any], policy: Policy) -> Move:
    return split_into(found, _whole("node", action.get("node")), _whole("n", action.get("n")), policy)


def _merge(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    nodes = _wholes(action, "nodes")
    if len(nodes) < 2:
        raise _bad("nodes", nodes)
    return merge(found.state, nodes, parts=bool(action.get("parts", False)))


def _cut(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    return Cut(_text(action, "face"), tuple(_line(action.get("line"), found)))


def _reshape(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    node = None if action.get("node") is None else _whole("node", action.get("node"))
    return reshape(found.state, found.measured.drawn.shapes, node, _line(action.get("line"), found))


def _drag(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    level = min(max(_whole("level", action.get("level")), 1), found.state.levels)
    ends = (_place(action, "from", found), _place(action, "to", found))
    now = found.measured
    return drag(found.state, now.drawn.shapes, now.net(found.state, level), *ends)


def _draw(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    polygon = _drawn(action.get("polygon"), "polygon", "Polygon", found.ground.lattice)
    kind: NewKind = "dedicated" if action.get("grid_kind") == "dedicated" else "ordinary"
    name = None if action.get("name") is None else _text(action, "name").strip()
    return draw(found.state, _whole("parent", action.get("parent")), polygon, kind=kind, name=name)


def _fill(found: Work, action: Mapping[str, Any], _: Policy) -> Move:
    node, standing = action.get("node"), found.measured.standing
    graph, ids = standing.graph, standing.ids
    links = Links(ids[graph.a], ids[graph.b], graph.length_m - graph.followed_m)
    return fill(found.state, None if node is None else _whole("node", node), links, standing.bands)


_KINDS: dict[str, Callable[[Work, Mapping[str, Any], Policy], Move]] = {
    "cut": _cut, "drag": _drag, "draw": _draw, "fill": _fill, "give": _give, "hand": _hand, "merge": _merge,
    "paint": _paint, "reshape": _reshape, "split": _split, "split_into": _split_into,
}  # fmt: skip


def _text(action: Mapping[str, Any], field: str) -> str:
    value = action.get(field)
    if not isinstance(value, str) or not value:
        raise _bad(field, value)
    return value


def _whole(field: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _bad(field, value)
    return value


def _bad(field: str, value: object) -> BadParameter:
    return BadParameter(
        "bad_action",
        zh=f"操作中的“{field}”缺失或格式不对，请检查后重试。",
        en=f"The action's {field!r} is missing or of the wrong form; check it and try again.",
        where=(Where(field=field, value=repr(value)[:200]),),
    )


def _wholes(action: Mapping[str, Any], field: str) -> list[int]:
    value = action.get(field)
    if not isinstance(value, list | tuple) or not value:
        raise _bad(field, value)
    return [_whole(field, one) for one in value]


def _place(action: Mapping[str, Any], field: str, found: Work) -> tuple[float, float]:
    """Bring a place, lon and lat, to the lattice."""
    value = action.get(field)
    good = isinstance(value, list | tuple) and len(value) == 2
    if not good or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in value or ()):
        raise _bad(field, value)
    point = _drawn({"type": "Point", "coordinates": value}, field, "Point", found.ground.lattice)
    return float(point.x), float(point.y)


def _line(geojson: Any, found: Work) -> list[tuple[float, float]]:
    """Bring a drawn line to the lattice; it is rounded where it is used."""
    line = _drawn(geojson, "line", "LineString", found.ground.lattice)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]


def _drawn(geojson: Any, field: str, kind: str, lattice: Lattice) -> Any:
    """Bring a drawn shape of one kind to the lattice."""
    try:
        with np.errstate(invalid="ignore"):  # what is not finite is refused below
            drawn = shape(geojson)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.GEOSException) as error:
        raise _bad_shape(field, kind) from error
    if drawn.geom_type != kind or drawn.is_empty or not np.isfinite(shapely.get_coordinates(drawn)).all():
        raise _bad_shape(field, kind)
    if shapely.get_num_coordinates(drawn) > MOST_POINTS:
        raise _too_many(field, drawn)
    return lattice.to_lattice(drawn)


def _bad_shape(field: str, kind: str) -> BadParameter:
    return BadParameter(
        f"bad_{field}",
        zh=f"{field} 应为 GeoJSON {kind}（WGS 84，经度在前）。",
        en=f"{field} must be a GeoJSON {kind}: WGS 84, longitude first.",
        where=(Where(field=field),),
    )


def _too_many(field: str, drawn: Any) -> BadParameter:
    count = int(shapely.get_num_coordinates(drawn))
    return BadParameter(
        "too_many_points",
        zh=f"画出的图形有 {count} 个点，最多 {MOST_POINTS} 个；请简化后再试。",
        en=f"The drawing has {count} points, {MOST_POINTS} at most are taken: simplify it.",
        where=(Where(field=field, geometry=mapping(shapely.envelope(drawn))),),
        data={"points": count, "most": MOST_POINTS},
    )
