"""A reason written so that anybody can prove it from the place file: cells by building, stairwell and floors.

Inside, a reason names cells by their positions in one ground. A claim names them as the place file does,
``[bid, stairwell, lowest floor, highest floor, households]``, and open ground not at all: it follows from the
cells that live around it. ``claim_of`` writes, ``reason_of`` reads; what can't be read is no reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spatial.partition.graph import Bools, CellGraph, Ints, components
from spatial.partition.prove import Reason, ReasonCode
from spatial.policy import Band

if TYPE_CHECKING:
    import pandas as pd

CODES: tuple[ReasonCode, ...] = ("no_k", "lump", "lumps", "part", "locked")
_MANY = ("cells", "oversize")
Name = tuple[Any, ...]


@dataclass(frozen=True)
class Setting:
    """Where a claim is read: the ground's cells, the grids of one level, and the codes of those grids.

    Parameters
    ----------
    graph, labels, parents, band
        As in ``prove.reasons_for``.
    names
        Name of each cell, as ``names_of`` gives them.
    codes
        Code of each label.
    """

    graph: CellGraph
    labels: Ints
    parents: Ints
    band: Band
    names: list[Name]
    codes: Mapping[int, str]


def names_of(cells: pd.DataFrame, households: Ints) -> list[Name]:
    """Name cells (columns ``CELL_COLUMNS``) by building, stairwell and floors, with their households."""
    columns = (cells[name].astype(object) for name in ("bid", "stairwell", "floor_low", "floor_high"))
    plain = [[_plain(value) for value in column] for column in columns]
    return list(zip(*plain, [int(n) for n in households], strict=True))


def _plain(value: Any) -> str | int | None:
    """Text, whole number or None of a cell of a frame."""
    if isinstance(value, str):
        return value
    return int(value) if isinstance(value, int | np.integer) else None


def claim_of(reason: Reason, names: list[Name], codes: Mapping[int, str]) -> dict[str, Any]:
    """Write a reason's data with names in place of positions, JSON types only."""
    data = dict(reason.data)
    for key in _MANY:
        if key in data:
            data[key] = sorted(([*names[i]] for i in data[key] if names[i][-1] > 0), key=_order)
    if "cell" in data:
        data["cell"] = [*names[data["cell"]]]
    if "locked" in data:
        data["locked"] = sorted(codes[label] for label in data["locked"])
    if "because" in data:
        inner = Reason(data["because"]["code"], data["because"]["data"])
        data["because"] = {"code": inner.code, "data": claim_of(inner, names, codes)}
    return data


def _order(name: list[Any]) -> tuple[str, ...]:
    return tuple(f"{part:>6}" if isinstance(part, int) else str(part or "") for part in name)


def reason_of(code: object, claim: object, setting: Setting, label: int) -> Reason | None:
    """Read a claim about a grid back, or None where it names what is not there.

    Parameters
    ----------
    code, claim
        The reason's code, and the data as ``claim_of`` writes them; anything a file may hold.
    setting, label
        The grids of the level, and the one that the claim is about.
    """
    if code not in CODES or not isinstance(claim, dict):
        return None
    parents, data = setting.parents, dict(claim)
    mine = (setting.labels == label) & (parents >= 0)
    if not mine.any():
        return None
    siblings = parents == parents[np.flatnonzero(mine)[0]]
    if code == "locked":
        return _read_locked(data, setting, siblings, label)
    if not _placed(data, setting.names):
        return None
    if code == "lumps" and data.get("how") == "alone":
        data["cells"] = sorted(data.get("cells", []))
    elif code in ("part", "lumps"):
        data["cells"] = _closed(setting, siblings, mine, data)
    if "cells" in data and data["cells"] is None:
        return None
    return Reason(next(one for one in CODES if one == code), data)


def _placed(data: dict[str, Any], names: list[Name]) -> bool:
    """Put positions in place of names; says whether all are names of cells of the ground."""
    place = {name: i for i, name in enumerate(names) if name[-1] > 0}
    try:
        for key in _MANY:
            if key in data:
                data[key] = [place[tuple(name)] for name in data[key]]
        if "cell" in data:
            data["cell"] = place[tuple(data["cell"])]
    except (KeyError, TypeError):
        return False
    return True


def _read_locked(data: dict[str, Any], setting: Setting, siblings: Bools, label: int) -> Reason | None:
    """Read the locked grids by their codes, and what then holds of the rest."""
    if data.get("how") == "held":
        return Reason("locked", data)
    labels = {code: one for one, code in setting.codes.items()}
    locked, because = data.get("locked"), data.get("because")
    if not isinstance(locked, list) or not isinstance(because, dict):
        return None
    if not all(isinstance(one, str) and one in labels for one in locked):
        return None
    fixed = sorted(labels[one] for one in locked)
    left = np.where(siblings & np.isin(setting.labels, fixed), -1, setting.parents)
    rest = Setting(setting.graph, setting.labels, left, setting.band, setting.names, setting.codes)
    inner = None if because.get("code") == "locked" else reason_of(
        because.get("code"), because.get("data"), rest, label
    )  # fmt: skip
    if inner is None:
        return None
    return Reason("locked", data | {"locked": fixed, "because": {"code": inner.code, "data": inner.data}})


def _closed(setting: Setting, siblings: Bools, mine: Bools, data: dict[str, Any]) -> list[int] | None:
    """Add the open ground to the cells of a part, if they and the oversize cells around are those named."""
    graph, high = setting.graph, setting.band.maximum
    inside = siblings if high is None else siblings & (graph.households <= high)
    local = np.cumsum(inside) - 1
    both = inside[graph.a] & inside[graph.b]
    part = components(int(inside.sum()), local[graph.a[both]], local[graph.b[both]])
    named = np.zeros(graph.n, np.bool_)
    named[data.get("cells", [])] = True
    touched = np.unique(part[local[inside & (mine | named)]])
    whole = np.zeros(graph.n, np.bool_)
    whole[inside] = np.isin(part, touched)
    around = {int(i) for near, far in ((graph.a, graph.b), (graph.b, graph.a))
              for i in far[whole[near] & ~whole[far] & siblings[far]]}  # fmt: skip
    lived = whole & (graph.households > 0)
    if not (lived == named).all() or around != set(data.get("oversize", [])):
        return None
    return [int(i) for i in np.flatnonzero(whole)]
