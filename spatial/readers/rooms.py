"""The table ``households`` of a place file, without geometry: one row a room or several households."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from spatial.errors import Where
from spatial.ground.model import HOUSEHOLD_COLUMNS
from spatial.policy import OCCUPIED, REGISTERED, STATUS_WORDS
from spatial.readers.text import floor_of, is_absent, plain, texts
from spatial.readers.words import bad_file
from spatial.readers.writings import note_writings

if TYPE_CHECKING:
    from collections.abc import Callable

    from spatial.readers.gpkg import Layer
    from spatial.readers.words import Findings

_STATUSES = {word: word for word in (*sorted(REGISTERED), "shop")} | STATUS_WORDS


def empty_register() -> pd.DataFrame:
    """Register without rows, columns ``HOUSEHOLD_COLUMNS``."""
    return room_frame([], [], [], [], [], [])


MOST_ROWS = 100_000
"""No row of a register stands for more households."""


def read_rooms(layer: Layer, bids: set[str], findings: Findings) -> pd.DataFrame:
    """Register rows, columns ``HOUSEHOLD_COLUMNS``; faults go to ``findings``.

    Parameters
    ----------
    layer
        The table ``households``.
    bids
        Buildings of the file, those set aside later included.
    findings
        Takes faults ``household_unknown_building``, ``n_negative``, ``n_not_number``, ``floor_unread``,
        ``status_unknown``.

    Raises
    ------
    BadFile
        ``column_missing`` where the table has no bid.
    """
    if "bid" not in layer.rows:
        raise bad_file("column_missing", where=Where(layer=layer.name, field="bid"))
    rows = len(layer.rows)
    note_writings(layer, findings)
    named = texts(layer.rows["bid"], rows)
    for i, bid in enumerate(named):
        if bid not in bids:
            where = Where(layer=layer.name, row=i + 1, field="bid", value=bid or "")
            findings.fault("household_unknown_building", where)
    return room_frame(
        named,
        texts(layer.rows.get("stairwell"), rows),
        _each(layer, "floor", lambda value: ("", floor_of(value)), findings),
        texts(layer.rows.get("room"), rows),
        _each(layer, "status", _status, findings, why="、".join(_STATUSES)),
        [1 if n is None else n for n in _each(layer, "n", _count, findings)],
    )


def occupied(register: pd.DataFrame) -> pd.Series[Any]:
    """Occupied households by bid: rows without a status count as lived in."""
    lived = register[register["status"].isna() | register["status"].isin(OCCUPIED)]
    return lived.groupby("bid")["n"].sum()


def _status(value: Any) -> tuple[str, str | None]:
    word = plain(value)
    if word is None:
        return "", None
    status = _STATUSES.get(word.lower())
    return ("", status) if status else ("status_unknown", None)


def _count(value: Any) -> tuple[str, int | None]:
    if is_absent(value):
        return "", None
    if isinstance(value, str) or not np.isfinite(value) or float(value) != int(value) or value > MOST_ROWS:
        return "n_not_number", None
    return ("n_negative", None) if value < 0 else ("", int(value))


def _each(
    layer: Layer, field: str, read: Callable[[Any], tuple[str, Any]], findings: Findings, why: str = ""
) -> list[Any]:
    """Read every cell of a column; ``read`` answers a fault's code (or "") and the value."""
    if field not in layer.rows:
        return [None] * len(layer.rows)
    values = []
    for i, cell in enumerate(layer.rows[field]):
        try:
            code, value = read(cell)
        except ValueError:
            code, value = f"{field}_unread", None
        if code:
            findings.fault(code, Where(layer=layer.name, row=i + 1, field=field, value=str(cell)), why)
        values.append(value)
    return values


def room_frame(*columns: list[Any]) -> pd.DataFrame:
    """Frame of register rows from its columns in the order of ``HOUSEHOLD_COLUMNS``."""
    frame = pd.DataFrame(
        {
            name: pd.Series(values, dtype=object)
            for name, values in zip(HOUSEHOLD_COLUMNS, columns, strict=True)
        }
    )
    frame["floor"] = frame["floor"].astype("Int64")
    frame["n"] = frame["n"].astype("int64")
    return frame
