"""Tables out: codes stay text, Chinese opens in Excel, nothing becomes a formula."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook

from spatial.writers.sheet import csv_bytes, xlsx_bytes

HEADS = ["编码", "名称", "户数", "中位"]
ROWS = [["141126100001001", "凤城社区", 400, 88.5], [None, "=1+1", 0, None]]


def test_csv_opens_in_excel_and_runs_nothing():
    content = csv_bytes(HEADS, ROWS)
    assert content.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert found == [HEADS, ["141126100001001", "凤城社区", "400", "88.5"], ["", "'=1+1", "0", ""]]


def test_xlsx_keeps_codes_as_text_and_numbers_as_numbers():
    sheet = load_workbook(io.BytesIO(xlsx_bytes("overview", HEADS, ROWS))).active
    code, name, households, median = sheet[2]
    assert (code.value, code.data_type, code.number_format) == ("141126100001001", "s", "@")
    assert (name.value, households.value, median.value) == ("凤城社区", 400, 88.5)
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("=1+1", "s")
    assert sheet.freeze_panes == "B2"
