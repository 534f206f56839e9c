"""How a fault or report row of a reader is made of its code and words, in Chinese and English.

The words stand in ``sayings_*.py``, every code in docs/place-file.md or docs/readers.md too (a test
compares the two).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from spatial.errors import BadCoordinates, BadFile, BadRows, Where
from spatial.ground.model import ReportRow
from spatial.readers import sayings_formats, sayings_place, sayings_registers, sayings_tables

if TYPE_CHECKING:
    from spatial.ground.model import Action

_SAYINGS = (sayings_place, sayings_formats, sayings_tables, sayings_registers)

FILE: dict[str, tuple[str, str]] = {code: said for s in _SAYINGS for code, said in s.FILE.items()}
"""What a file as a whole can be refused for: :class:`~spatial.errors.BadFile`."""

COORDINATES: dict[str, tuple[str, str]] = dict(sayings_place.COORDINATES)
"""What a file's coordinates can be refused for: :class:`~spatial.errors.BadCoordinates`."""

ROWS: dict[str, tuple[str, str]] = dict(sayings_place.ROWS)
"""What a row can be refused for: :class:`~spatial.errors.BadRows`, every row listed."""

REPORT: dict[str, tuple[Action, str, str]] = {code: said for s in _SAYINGS for code, said in s.REPORT.items()}
"""What reading can repair, set aside or note."""


@dataclass(frozen=True)
class Fault:
    """One row that can't be taken: its code, its place in the file, its value."""

    code: str
    where: Where
    why: str = ""

    def words(self) -> tuple[str, str]:
        """Say it in Chinese and English."""
        zh, en = ROWS[self.code]
        values = _values(self.where, self.why)
        return zh.format(**values), en.format(**values)


@dataclass
class Findings:
    """What reading a file finds: faults (the file is refused) and report rows (it is taken)."""

    faults: list[Fault] = field(default_factory=list)
    report: list[ReportRow] = field(default_factory=list)

    def fault(self, code: str, where: Where, why: str = "") -> None:
        """Keep a row that can't be taken."""
        self.faults.append(Fault(code, where, why))

    def note(self, code: str, where: Where, why: str = "", geometry: dict[str, Any] | None = None) -> None:
        """Keep a report row: repaired, set aside or noted."""
        action, zh, en = REPORT[code]
        values = _values(where, why)
        self.report.append(
            ReportRow(
                layer=where.layer or "",
                row=where.row,
                ref=where.ref,
                field=where.field,
                action=action,
                code=code,
                zh=zh.format(**values),
                en=en.format(**values),
                geometry=geometry,
            )
        )

    def refuse_if_faulty(self) -> None:
        """Raise one :class:`~spatial.errors.BadRows` that lists every fault.

        Its code is the faults' own where they are of one kind, else ``rows_bad``; ``data["faults"]`` holds
        the code of each row of ``where``.
        """
        if not self.faults:
            return
        codes = [fault.code for fault in self.faults]
        zh, en = self.faults[0].words()
        more = len(codes) - 1
        raise BadRows(
            codes[0] if len(set(codes)) == 1 else "rows_bad",
            zh=zh + (f"（另有 {more} 行有问题）" if more else ""),
            en=en + (f" ({more} more rows are at fault)" if more else ""),
            where=[fault.where for fault in self.faults],
            data={"faults": [_fault_data(fault) for fault in self.faults]},
        )


def bad_file(code: str, *, where: Where | None = None, why: str = "") -> BadFile:
    """Make the error of a file that can't be read at all."""
    place = where or Where()
    zh, en = FILE[code]
    values = _values(place, why)
    return BadFile(code, zh=zh.format(**values), en=en.format(**values), where=[place])


def bad_coordinates(
    code: str, where: list[Where], *, hint: tuple[str, str] = ("", ""), data: dict[str, Any] | None = None
) -> BadCoordinates:
    """Make the error of coordinates that can't be right.

    ``where`` lists every row, worded by the first; ``hint`` (Chinese, English) is added to the words.
    """
    zh, en = COORDINATES[code]
    values = _values(where[0], "")
    return BadCoordinates(
        code, zh=zh.format(**values) + hint[0], en=en.format(**values) + hint[1], where=where, data=data
    )


def codes() -> dict[str, Literal["file", "coordinates", "row", "report"]]:
    """Every code a reader answers with, and what it is about."""
    found: dict[str, Literal["file", "coordinates", "row", "report"]] = {"rows_bad": "row"}
    found |= dict.fromkeys(FILE, "file")
    found |= dict.fromkeys(COORDINATES, "coordinates")
    found |= dict.fromkeys(ROWS, "row")
    found |= dict.fromkeys(REPORT, "report")
    return found


def _values(where: Where, why: str) -> dict[str, Any]:
    return {
        "layer": where.layer,
        "row": where.row,
        "field": where.field,
        "value": where.value,
        "ref": where.ref,
        "why": why,
    }


def _fault_data(fault: Fault) -> dict[str, Any]:
    zh, en = fault.words()
    where = fault.where
    return {
        "code": fault.code,
        "layer": where.layer,
        "row": where.row,
        "field": where.field,
        "value": where.value,
        "ref": where.ref,
        "zh": zh,
        "en": en,
    }
