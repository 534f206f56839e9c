"""Tables out: CSV that Excel opens in Chinese, and XLSX whose codes stay text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Cell = str | int | float | None
    """Codes are text; a rate is a share of 1."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Text that begins so would be taken for a formula by a spreadsheet."""
WIDEST = 40


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table as CSV in UTF-8 with a byte order mark; text like a formula gets an apostrophe.

    Examples
    --------
    >>> csv_bytes(["code", "n"], [["141126100001", 3], ["=1+1", None]]).decode("utf-8-sig").splitlines()
    ['code,n', '141126100001,3', "'=1+1,"]
    """
    out = io.StringIO(newline="")
    written = csv.writer(out)
    written.writerow(heads)
    for row in rows:
        written.writerow([f"'{c}" if isinstance(c, str) and c.startswith(FORMULA) else c for c in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table as one sheet: text cells as text, whatever they look like; the head stays in sight."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type, cell.number_format = "s", "@"
            elif isinstance(cell.value, float):
                cell.number_format = "0.0"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for at, column in enumerate(sheet.columns, start=1):
        # a Chinese character is two columns wide
        width = max(len(str(cell.value or "").encode("gb18030")) for cell in column)
        sheet.column_dimensions[get_column_letter(at)].width = min(width + 2, WIDEST)
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
