"""How cells of a table are written: full-width digits, blanks, 无, 3F, 负一层; told once a column, by row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from spatial.errors import Where
from spatial.readers.text import floor_of, half_width, is_absent, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.readers.gpkg import Layer
    from spatial.readers.words import Findings

SHOWN = 100
"""So many rows are named where many are alike."""
EXAMPLES = 3
_LETTERS = re.compile(r"\d+\s*F", re.IGNORECASE)
_COLUMNS = ("bid", "stairwell", "floor", "room", "status")


def row_numbers(rows: Sequence[int]) -> str:
    """Name rows by number, runs of them by their ends; of very many the first only.

    Examples
    --------
    >>> row_numbers([3, 4, 5, 9])
    '3-5, 9'
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    told = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return some_of(told)


def some_of(told: Sequence[str], between: str = ", ") -> str:
    """Join words, of very many the first only."""
    return between.join(told[:SHOWN]) + (" …" if len(told) > SHOWN else "")


def note_writings(layer: Layer, findings: Findings) -> None:
    """Note how the cells of a register of households are written, one report row a column and manner."""
    for field in _COLUMNS:
        if field not in layer.rows:
            continue
        found: dict[str, list[tuple[int, str]]] = {}
        for i, cell in enumerate(layer.rows[field]):
            if isinstance(cell, str):
                for code in _manners(field, cell):
                    found.setdefault(code, []).append((i + 1, cell))
        for code, cells in found.items():
            _note(code, layer, field, cells, findings)
    if "n" in layer.rows:
        empty = [(i + 1, "") for i, cell in enumerate(layer.rows["n"]) if is_absent(cell)]
        if 0 < len(empty) < len(layer.rows):
            _note("n_missing", layer, "n", empty, findings)


def _note(code: str, layer: Layer, field: str, cells: list[tuple[int, str]], findings: Findings) -> None:
    said = list(dict.fromkeys(cell for _, cell in cells if cell))
    shown = ", ".join(said[:EXAMPLES]) + (" …" if len(said) > EXAMPLES else "")
    where = Where(layer=layer.name, field=field, value=str(len(cells)), ref=shown or None)
    findings.note(code, where, row_numbers([row for row, _ in cells]))


def _manners(field: str, cell: str) -> list[str]:
    """Codes of what is odd about one cell."""
    found = []
    if half_width(cell) != cell:
        found.append("cells_full_width")
    if cell.strip() != cell and cell.strip():
        found.append("cells_blanks")
    text = plain(cell)
    if text is None:
        return [*found, "cells_nothing"] if cell.strip() else found
    if field == "floor":
        found += _floor_manners(text)
    return found


def _floor_manners(text: str) -> list[str]:
    if _LETTERS.fullmatch(text):
        return ["cells_floor_letters"]
    try:
        floor: Any = floor_of(text)
    except ValueError:
        return []  # a fault of its own
    return ["cells_basement"] if floor is not None and floor < 0 else []
