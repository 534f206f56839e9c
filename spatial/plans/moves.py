"""The four moves that all editing is made of, as data: assign, cut, join, tree, and a batch of them.

Every move goes to JSON and back; lines are whole lattice centimetres there. `spatial.plans.apply.apply`
carries a move out and gives its inverse, `spatial.plans.actions` composes what planners do from these four.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from spatial.errors import BadParameter, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

TreeOp = Literal["create", "remove", "reparent", "rename", "kind", "lock", "unlock"]
NewKind = Literal["ordinary", "dedicated"]


@dataclass(frozen=True)
class Assign:
    """Give cells to a leaf; ``to`` None leaves them unassigned."""

    cells: tuple[int, ...]
    to: int | None


@dataclass(frozen=True)
class Cut:
    """Cut a face along a line.

    ``line`` is in lattice centimetres. ``made`` are the ids of the cells that come of it, given only where a
    cut that was joined is made again: one for each cell of the face, then one for the part without the
    building.
    """

    face: str
    line: tuple[tuple[float, float], ...]
    made: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Join:
    """Join the two faces that one cut made."""

    faces: tuple[str, str]


@dataclass(frozen=True)
class Tree:
    """Change the tree of grids.

    Parameters
    ----------
    op
        create (under ``parent``), remove, reparent (to ``parent``), rename, kind, lock, unlock.
    node
        The grid; for create the id it shall get, or None for the next.
    parent
        For create and reparent.
    kind
        For create and kind: ordinary or dedicated.
    name, label
        For create and rename. None at create: named after its place in the tree; a label of None is kept at
        rename and reparent.
    """

    op: TreeOp
    node: int | None = None
    parent: int | None = None
    kind: NewKind | None = None
    name: str | None = None
    label: str | None = None


@dataclass(frozen=True)
class Batch:
    """Several moves (no batch among them) as one action: all or none, one revision, one inverse."""

    moves: tuple[Move, ...]


Move = Assign | Cut | Join | Tree | Batch


def to_json(move: Move) -> dict[str, Any]:
    """Write a move as JSON values.

    Examples
    --------
    >>> to_json(Assign((3, 4), 7))
    {'kind': 'assign', 'cells': [3, 4], 'to': 7}
    """
    match move:
        case Assign(cells, to):
            return {"kind": "assign", "cells": list(cells), "to": to}
        case Cut(face, line, made):
            out: dict[str, Any] = {"kind": "cut", "face": face, "line": [list(p) for p in line]}
            return out if made is None else out | {"made": list(made)}
        case Join(faces):
            return {"kind": "join", "faces": list(faces)}
        case Tree():
            values = {k: getattr(move, k) for k in ("node", "parent", "kind", "name", "label")}
            kind = values.pop("kind")
            out = {"kind": "tree", "op": move.op} | {k: v for k, v in values.items() if v is not None}
            return out if kind is None else out | {"grid_kind": kind}
        case Batch(moves):
            return {"kind": "batch", "moves": [to_json(m) for m in moves]}


def from_json(data: Mapping[str, Any]) -> Move:
    """Read a move from JSON values.

    Parameters
    ----------
    data
        ``{"kind": "assign", "cells": [..], "to": id}``,
        ``{"kind": "cut", "face": id, "line": [[x, y], ..]}``,
        ``{"kind": "join", "faces": [a, b]}``,
        ``{"kind": "tree", "op": .., "node", "parent", "grid_kind", "name", "label"}`` or
        ``{"kind": "batch", "moves": [..]}`` (no batch in a batch). Lines in lattice centimetres.

    Raises
    ------
    BadParameter
        ``bad_move``: a field is missing, or of the wrong type; ``where[0].field`` names it.
    """
    kind = data.get("kind")
    if kind == "assign":
        to = data.get("to")
        return Assign(_integers(data, "cells"), None if to is None else _integer("to", to))
    if kind == "cut":
        made = None if data.get("made") is None else _integers(data, "made")
        return Cut(_text("face", data.get("face")), _points(data.get("line")), made)
    if kind == "join":
        faces = _list(data, "faces")
        if len(faces) != 2:
            raise _bad("faces", faces)
        return Join((_text("faces", faces[0]), _text("faces", faces[1])))
    if kind == "tree":
        return _tree(data)
    if kind == "batch":
        moves = _list(data, "moves")
        if not all(isinstance(m, dict) and m.get("kind") != "batch" for m in moves):
            raise _bad("moves", moves)
        return Batch(tuple(from_json(m) for m in moves))
    raise _bad("kind", kind)


def _tree(data: Mapping[str, Any]) -> Tree:
    op, kind = data.get("op"), data.get("grid_kind")
    if op not in get_args(TreeOp):
        raise _bad("op", op)
    if kind is not None and kind not in get_args(NewKind):
        raise _bad("grid_kind", kind)
    node, parent, name, label = (data.get(k) for k in ("node", "parent", "name", "label"))
    return Tree(
        cast("TreeOp", op),
        node=None if node is None else _integer("node", node),
        parent=None if parent is None else _integer("parent", parent),
        kind=kind,
        name=None if name is None else _text("name", name),
        label=None if label is None else _text("label", label, empty=True),
    )


def _bad(field: str, value: object) -> BadParameter:
    return BadParameter(
        "bad_move",
        zh=f"操作中的“{field}”缺失或格式不对,请检查后重试。",
        en=f"The move's {field!r} is missing or of the wrong form; check it and try again.",
        where=(Where(field=field, value=repr(value)[:200]),),
    )


def _list(data: Mapping[str, Any], field: str) -> list[Any]:
    value = data.get(field)
    if not isinstance(value, list | tuple):
        raise _bad(field, value)
    return list(value)


def _integer(field: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _bad(field, value)
    return value


def _integers(data: Mapping[str, Any], field: str) -> tuple[int, ...]:
    return tuple(_integer(field, value) for value in _list(data, field))


def _text(field: str, value: object, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not (empty or value.strip()) or len(value) > 100:
        raise _bad(field, value)
    return value


def _points(value: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list | tuple) or len(value) > 10_000:
        raise _bad("line", value)
    for point in value:
        good = isinstance(point, list | tuple) and len(point) == 2
        if not good or not all(
            isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < 2**53 for v in point
        ):
            raise _bad("line", point)
    return tuple((float(x), float(y)) for x, y in value)
