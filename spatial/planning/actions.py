"""A planner's action as the API takes it, read into the moves that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import shape

from spatial.errors import BadParameter, Where
from spatial.plans.actions import give, merge, split
from spatial.plans.moves import Cut, Move, from_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.ground.crs import Lattice
    from spatial.plans.tree import PlanState


def compiled(state: PlanState, action: Mapping[str, Any], lattice: Lattice) -> Move:
    """Turn an action into moves.

    Parameters
    ----------
    state
        The plan as it stands.
    action
        ``give`` (building, to), ``split`` (node, line), ``merge`` (nodes), ``cut`` (face, line), or any other
        move as :func:`spatial.plans.moves.from_json` reads it. A line is a GeoJSON LineString in EPSG:4326.
    lattice
        The town's.

    Raises
    ------
    BadParameter
        ``bad_action`` or ``bad_move``: a field is missing or of the wrong form; ``bad_line``.
    Refused, NotFound
        As `spatial.plans.actions`.
    """
    match action.get("kind"):
        case "give":
            return give(state, _text(action, "building"), _whole("to", action.get("to")))
        case "split":
            return split(state, _whole("node", action.get("node")), _line(action.get("line"), lattice))
        case "merge":
            nodes = action.get("nodes")
            if not isinstance(nodes, list | tuple) or len(nodes) != 2:
                raise _bad("nodes", nodes)
            return merge(state, _whole("nodes", nodes[0]), _whole("nodes", nodes[1]))
        case "cut":
            return Cut(_text(action, "face"), tuple(_line(action.get("line"), lattice)))
        case _:
            return from_json(action)


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


def _line(geojson: Any, lattice: Lattice) -> list[tuple[float, float]]:
    """Bring a drawn line to the lattice; it is rounded where it is used."""
    try:
        with np.errstate(invalid="ignore"):  # what is not finite is refused below
            line = shape(geojson)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.GEOSException) as error:
        raise _bad_line() from error
    if (
        line.geom_type != "LineString"
        or line.is_empty
        or not np.isfinite(shapely.get_coordinates(line)).all()
    ):
        raise _bad_line()
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(lattice.to_lattice(line))]


def _bad_line() -> BadParameter:
    return BadParameter(
        "bad_line",
        zh="line 应为 GeoJSON LineString（WGS 84，经度在前，至少两个点）。",
        en="line must be a GeoJSON LineString: WGS 84, longitude first, two points at least.",
        where=(Where(field="line"),),
    )
