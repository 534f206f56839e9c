"""Tables as offices write them, from XLSX or CSV: headings found, merged cells filled."""

from __future__ import annotations

import csv
import io
import itertools
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from spatial.errors import Where
from spatial.readers.text import is_absent, plain
from spatial.readers.words import bad_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from spatial.readers.gpkg import Layer
    from spatial.readers.words import Findings

Words = dict[str, tuple[str, ...]]
"""Our column: the headings that it stands under."""

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt")
HEAD_ROWS = 20
"""The headings stand in one of the first so many rows."""
TOTALS = re.compile(r"(合计|总计|小计|共计|总数).{0,10}|(grand|sub)?total|sum")
LOST_FROM = 10**15
"""A spreadsheet's number keeps fifteen digits: a code of more has lost its last ones."""
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_WORKBOOK_ERRORS = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError,
    OSError, EOFError, AttributeError, IndexError, NotImplementedError,
)  # fmt: skip
"""What openpyxl raises for a damaged workbook, as found by cutting and scrambling one."""


_FLOAT = re.compile(r"(?<=\d)\.0+\s*$")


@dataclass(frozen=True)
class Table:
    """One sheet under its row of headings.

    Parameters
    ----------
    name
        Sheet's name, or the file's.
    headings
        As written, one a column.
    columns
        Position of each known column.
    rows
        Number in the sheet (from 1) and cells of every row below the headings that is not blank.
    """

    name: str
    headings: tuple[str, ...]
    columns: dict[str, int]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]

    def cell(self, cells: Sequence[Any], column: str) -> Any:
        """Cell of a known column; None where the table has no such column or the row ends before it."""
        position = self.columns.get(column)
        return cells[position] if position is not None and position < len(cells) else None


def read_tables(
    path: Path, words: Words, needed: tuple[tuple[str, ...], ...], findings: Findings
) -> list[Table]:
    """Read every sheet that has a row of known headings.

    Parameters
    ----------
    path
        XLSX, or CSV in UTF-8 (with or without a mark) or GB18030.
    words
        Our columns and the headings they stand under.
    needed
        Of each group one column must be there.
    findings
        Takes ``sheet_skipped``, ``total_row``, ``remark_row``.

    Raises
    ------
    BadFile
        ``file_missing``, ``file_empty``, ``format_unknown``, ``table_encoding``, ``table_broken``,
        ``table_no_header``, ``table_column_missing``.
    """
    if not path.is_file():
        raise bad_file("file_missing", where=Where(value=str(path)))
    if path.suffix.lower() not in SUFFIXES:
        raise bad_file("format_unknown", where=Where(value=path.name), why=" ".join(SUFFIXES))
    if path.stat().st_size == 0:
        raise bad_file("file_empty", where=Where(value=path.name))
    sheets = _workbook(path) if path.suffix.lower().startswith(".xls") else [(path.name, _text_rows(path))]
    tables = []
    for name, rows in sheets:
        table = _table(name, rows, words)
        if table is None:
            if any(any(not is_absent(cell) for cell in row) for row in rows):
                findings.note("sheet_skipped", Where(layer=name))
            continue
        tables.append(checked(table, needed, findings, words))
    if not tables:
        why = "、".join("/".join(words[group[0]][:2]) for group in needed)
        raise bad_file("table_no_header", where=Where(value=path.name), why=why)
    return tables


def code_text(cell: Any) -> tuple[str | None, bool, bool]:
    """Code as text, whether it was stored as a number, and whether digits of it are lost.

    Examples
    --------
    >>> code_text("141126100"), code_text(141126100.0), code_text(1.4112610020103e18)[1:]
    (('141126100', False, False), ('141126100', True, False), (True, True))
    >>> code_text("1.41126E+11"), code_text("141126100001.0")
    (('1.41126E+11', True, True), ('141126100001', True, False))
    """
    text = plain(cell)
    if text is None:
        return None, False, False
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return text, True, abs(cell) >= LOST_FROM or float(cell) != int(cell)
    if re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", text):
        return text, True, True
    if re.fullmatch(r"\d+\.0+", text):
        return text.partition(".")[0], True, False
    return text, False, False


def sound_code(table: Table, cells: Sequence[Any], column: str) -> str | None:
    """Code of a row as text, None where it lost digits; tells nothing."""
    code, _, lost = code_text(table.cell(cells, column))
    return None if lost else code


def read_code(table: Table, cells: Sequence[Any], column: str, row: int, findings: Findings) -> str | None:
    """Code of a row as text; ``code_from_number`` or ``code_digits_lost`` (and None)."""
    code, number, lost = code_text(table.cell(cells, column))
    if number:
        where = Where(layer=table.name, row=row, field=heading(table, column), value=code)
        findings.note("code_digits_lost" if lost else "code_from_number", where)
    return None if lost else code


def without_floats(table: Table, columns: Iterable[str]) -> Table:
    """Table whose texts "2.0" in some columns are "2": a program wrote whole numbers as floats to a CSV."""
    places = {table.columns[column] for column in columns if column in table.columns}

    def mended(cells: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            _FLOAT.sub("", cell) if i in places and isinstance(cell, str) else cell
            for i, cell in enumerate(cells)
        )

    return replace(table, rows=tuple((row, mended(cells)) for row, cells in table.rows))


def table_of_layer(layer: Layer, words: Words) -> Table:
    """Rows of a layer as a table; its column names are the headings."""
    headings = tuple(str(column) for column in layer.rows.columns)
    columns: dict[str, int] = {}
    for position, cell in enumerate(headings):
        column = _known(cell, words)
        if column is not None:
            columns.setdefault(column, position)
    cells = layer.rows.astype(object).itertuples(index=False, name=None)
    return Table(layer.name, headings, columns, tuple((i + 1, row) for i, row in enumerate(cells)))


def heading(table: Table, column: str) -> str:
    """Heading of a known column as it is written in the file."""
    position = table.columns.get(column)
    return column if position is None else table.headings[position]


def _workbook(path: Path) -> list[tuple[str, list[list[Any]]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # styles and extensions that openpyxl does not know
            book = openpyxl.load_workbook(path, data_only=True)
        return [(sheet.title, _filled(sheet)) for sheet in book.worksheets]
    except _WORKBOOK_ERRORS as error:
        raise bad_file("table_broken", where=Where(value=path.name), why=str(error)) from error


def _filled(sheet: Any) -> list[list[Any]]:
    """Cells of a sheet; every cell of a merged range holds the range's value, error values are empty."""
    rows = [
        [None if cell.data_type == "e" else cell.value for cell in row]
        for row in sheet.iter_rows(max_row=sheet.max_row, max_col=sheet.max_column)
    ]
    for merged in sheet.merged_cells.ranges:
        value = rows[merged.min_row - 1][merged.min_col - 1]
        for r in range(merged.min_row - 1, min(merged.max_row, len(rows))):
            for c in range(merged.min_col - 1, min(merged.max_col, len(rows[r]))):
                rows[r][c] = value
    return rows


def _text_rows(path: Path) -> list[list[Any]]:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        tabs = text.partition("\n")[0].count("\t") > text.partition("\n")[0].count(",")
        try:
            return [
                list(row)
                for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabs else ",")
            ]
        except csv.Error as error:
            raise bad_file("table_broken", where=Where(value=path.name), why=str(error)) from error
    raise bad_file("table_encoding", where=Where(value=path.name))


def _known(cell: Any, words: Words) -> str | None:
    """Our column that a heading names, brackets and blanks aside."""
    text = plain(cell)
    if text is None:
        return None
    full = re.sub(r"[\s*＊:：]", "", text).lower()
    for said in (full, _BRACKETS.sub("", full)):
        for column, headings in words.items():
            if said in headings:
                return column
    return None


def _table(name: str, rows: list[list[Any]], words: Words) -> Table | None:
    """Find the row that names most columns, the last of equals (headings merged over two rows)."""
    best, at = 1, None
    for i, row in enumerate(rows[:HEAD_ROWS]):
        found = {column for cell in row if (column := _known(cell, words))}
        if len(found) >= best and len(found) > 0:
            best, at = len(found), i
    if at is None or best < 2:
        return None
    headings, last = _headings(rows, at, words)
    columns: dict[str, int] = {}
    for position, cell in enumerate(headings):
        column = _known(cell, words)
        if column is not None:
            columns.setdefault(column, position)
    body = tuple(
        (i + 1, tuple(row))
        for i, row in enumerate(rows)
        if i > last and any(plain(cell) is not None for cell in row)
    )
    return Table(name, headings, columns, body)


def _headings(rows: list[list[Any]], at: int, words: Words) -> tuple[tuple[str, ...], int]:
    """Headings of a row, with those that stand in the row above or below it only; the last row of them."""
    above = rows[at - 1] if at else []
    below = rows[at + 1] if at + 1 < len(rows) else []
    said = [cell for cell in below if plain(cell) is not None]
    own = {_known(cell, words) for cell in rows[at]}
    # a row of data has cells that are no headings; one that repeats headings is no second row of them
    second = {_known(cell, words) for cell in said}
    fresh = None not in second and not second <= own
    columns = itertools.zip_longest(above, rows[at], below if fresh else [])
    found = [_of_three(over, cell, under, words) for over, cell, under in columns]
    return tuple(found), at + 1 if fresh else at


def _of_three(over: Any, cell: Any, under: Any, words: Words) -> str:
    """Heading of a column: the row's own, else the one below it, else, where it has none, the one above."""
    if _known(cell, words) is None and plain(under) is not None:
        cell = under
    elif plain(cell) is None and _known(over, words) is not None:
        cell = over
    return plain(cell) or ""


def checked(table: Table, needed: tuple[tuple[str, ...], ...], findings: Findings, words: Words) -> Table:
    """Table without its totals and remarks, both told; raises BadFile ``table_column_missing``."""
    for group in needed:
        if not any(column in table.columns for column in group):
            told = "/".join(words[column][0] for column in group)
            why = ", ".join(word for word in table.headings if word) or "-"
            raise bad_file("table_column_missing", where=Where(layer=table.name, field=told), why=why)
    kept = []
    for row, cells in table.rows:
        texts = [text for cell in cells if (text := plain(cell))]
        total = next((t for t in texts if TOTALS.fullmatch(re.sub(r"\s", "", t).lower())), None)
        if total is not None:
            numbers = "、".join(t for t in texts if re.fullmatch(r"\d+(\.\d+)?户?", t)) or total
            findings.note("total_row", Where(layer=table.name, row=row, value=numbers))
        elif len(set(texts)) == 1 and len(table.columns) > 2 and _is_remark(texts):
            findings.note("remark_row", Where(layer=table.name, row=row))
        else:
            kept.append((row, cells))
    return Table(table.name, table.headings, table.columns, tuple(kept))


def _is_remark(texts: list[str]) -> bool:
    """Say whether one text, alone in its row or merged across it, is a remark or the title of a section."""
    return len(texts) > 2 or not re.fullmatch(r"[\w.#-]{1,12}", texts[0])
