"""The grids file: written whole, read back bit by bit, refused by row where it is wrong."""

from __future__ import annotations

import csv
import datetime as dt

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from spatial.errors import BadFile, BadRows
from spatial.ground.model import ReportRow
from spatial.readers import gridfile as reading
from spatial.readers.gridfile import read_grids
from spatial.writers.gridfile import write_grids
from spatial.writers.report import write_report
from tests.fixtures.makers import square


def _grids():
    rng = np.random.default_rng(1)
    jitter = shapely.transform(square(0, 0), lambda xy: xy + rng.normal(0, 1e-5, xy.shape) * 0 + 1 / 3e5)
    return gpd.GeoDataFrame(
        {
            "code": ["141126100001", "141126100001001", "14112610000100101"],
            "short": [None, "1", "1-01"],
            "level": [0, 1, 2],
            "kind": ["basic", "ordinary", "ordinary"],
            "name": ["甲社区", "甲社区第1网格", None],
            "parent": [None, "141126100001", "141126100001001"],
            "area_code": ["141126100001"] * 3,
            "households": [12, 12, 12],
            "registered": [13, 13, 13],
            "stairwell": [None, None, "1单元"],
            "floors": [None, None, "[1,5)"],
            "reason": [None, None, "no_k"],
            "valid_from": [dt.date(2026, 1, 1)] * 3,
            "valid_to": [None, None, dt.date(2027, 1, 1)],
        },
        geometry=[jitter, jitter, shapely.MultiPolygon([jitter])], crs=4326,
    )  # fmt: skip


def test_locks_and_proofs_come_back_as_they_were(tmp_path):
    path = tmp_path / "grids.gpkg"
    proof = {"cells": [["１号", None, 3, 5, 12]], "how": "sums", "minimum": 10}
    write_grids(path, _grids().assign(locked=[True, False, True], proof=[None, proof, None]))
    back = read_grids(path)
    assert back["locked"].tolist() == [True, False, True]
    assert back["proof"].tolist() == [None, proof, None]


def test_it_comes_back_as_it_was(tmp_path):
    path = tmp_path / "grids.gpkg"
    write_grids(path, _grids(), sample=True)
    back = read_grids(path)
    assert tuple(back.columns) == (*reading.GRID_COLUMNS, *reading.PROOF_COLUMNS)
    for name in set(reading.GRID_COLUMNS) - {"geometry"}:
        wanted = _grids()[name].astype(object)
        assert back[name].tolist() == wanted.where(wanted.notna(), None).tolist(), name
    assert (shapely.get_coordinates(back.geometry) == shapely.get_coordinates(_grids().geometry)).all()
    assert set(back.geom_type) == {"MultiPolygon"}
    info = pyogrio.read_info(path, layer="grids")
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert (types["code"], types["level"], types["valid_from"]) == ("OFTString", "OFTInteger", "OFTDate")
    assert [entry.name for entry in tmp_path.iterdir()] == ["grids.gpkg"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "grids.gpkg"
    write_grids(path, _grids())
    before = path.read_bytes()
    bad = _grids()
    bad["floors"] = "one to five"
    with pytest.raises(ValueError, match="floors"):
        write_grids(path, bad)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["grids.gpkg"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("code", "1411261000010010", "grid_code_bad"),
        ("code", "141126100001", "code_duplicate"),
        ("level", 4, "level_unknown"),
        ("kind", "odd", "kind_unknown"),
        ("floors", "[5,1)", "floors_unread"),
        ("households", -1, "households_negative"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, field, value, code):
    grids = _grids()
    grids.loc[1, field] = value
    path = tmp_path / "grids.gpkg"
    write_grids(path, grids)
    with pytest.raises(BadRows) as caught:
        read_grids(path)
    assert (caught.value.code, caught.value.where[0].row, caught.value.where[0].field) == (code, 2, field)


def test_a_file_without_grids(tmp_path):
    path = tmp_path / "other.gpkg"
    pyogrio.write_dataframe(_grids(), path, layer="else")
    with pytest.raises(BadFile) as caught:
        read_grids(path)
    assert caught.value.code == "layer_missing"


def test_the_report_opens_in_a_spreadsheet(tmp_path):
    row = ReportRow(
        "buildings", 3, "7", "geometry", "set_aside", "building_outside", "在外", "outside",
        {"type": "Point", "coordinates": [110.84, 37.0]},
    )  # fmt: skip
    path = tmp_path / "report.csv"
    write_report(path, [row])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert (table[0]["row"], table[0]["zh"], table[0]["lon"]) == ("3", "在外", "110.84")
