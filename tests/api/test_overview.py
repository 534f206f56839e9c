"""The overview over the wire: page, files, JSON."""

from __future__ import annotations

import csv
import dataclasses
import io

from openpyxl import load_workbook

from api.routes import overview as wire
from spatial.duty import figures
from tests.api.conftest import key


def test_json_has_divisions_and_basic_grids(client):
    found = client.get("/v1/overview?area=141126100", headers=key("reader")).json()
    assert found["day"] == "2026-11-23"
    assert [d["division"] for d in found["divisions"]] == ["community", "village"]
    assert found["areas"][0]["code"] == "141126100001"
    assert found["areas"][0]["levels"][3]["reasons"] == {"lump": 2}
    assert found["duty"]["hazards"] == 2


def test_what_goes_over_the_wire_is_what_the_use_case_counts():
    for model, view in (
        (wire.LevelFigures, figures.LevelFigures), (wire.Duty, figures.Duty), (wire.Figures, figures.Figures),
        (wire.Overview, figures.Overview),
    ):  # fmt: skip
        assert set(model.model_fields) == {f.name for f in dataclasses.fields(view)} - {"outlines"}


def test_the_page_is_not_sent_twice(client):
    first = client.get("/maps/overview?lang=en", headers=key("reader"))
    assert first.status_code == 200
    assert "Grids at a glance" in first.text
    assert "unsafe-inline" not in first.headers["content-security-policy"]
    again = client.get(
        "/maps/overview?lang=en", headers=key("reader") | {"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_table_as_files(client):
    sheet = client.get("/maps/overview?download=csv", headers=key("reader"))
    assert "wangge-overview-141126100-sample-2026-11-23.csv" in sheet.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    first = next(r for r in rows if r["编码"] == "141126100001" and r["级别"] == "3")
    assert (first["目标数"], first["现有数"], first["达标"], first["不达标原因"]) == (
        "22",
        "22",
        "20",
        "lump 2",
    )
    assert {r["备注"] for r in rows} == {"示例数据"}
    book = client.get("/maps/overview?download=xlsx&lang=en", headers=key("reader"))
    table = load_workbook(io.BytesIO(book.content)).active
    assert table["A1"].value == "code"
    assert table.title == "Grids at a glance (sample data)"
    assert "141126100001" in {cell.value for cell in table["A"]}, "codes are text"
    assert client.get("/maps/overview?download=pdf", headers=key("reader")).status_code in {400, 422}
