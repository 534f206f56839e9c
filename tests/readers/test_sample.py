"""The sample of the demo: made anew it is the same, it reads without a word, and it is what it says."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely

from spatial.ground.crs import Lattice
from spatial.readers.placefile import read_place

FOLDER = Path(__file__).parents[2] / "data" / "boundaries"
SAMPLE = FOLDER / "sample.gpkg"


def _generator():
    spec = importlib.util.spec_from_file_location("make_sample", FOLDER / "make_sample.py")
    module = importlib.util.module_from_spec(spec)
    import sys  # noqa: PLC0415 - dataclasses look their module up

    sys.modules["make_sample"] = module
    spec.loader.exec_module(module)
    return module


def test_made_anew_it_is_the_same(tmp_path):
    _generator().write(tmp_path / "again.gpkg")
    names = [name for name, _ in pyogrio.list_layers(SAMPLE)]
    assert names == [name for name, _ in pyogrio.list_layers(tmp_path / "again.gpkg")]
    for name in names:
        old = pd.DataFrame(pyogrio.read_dataframe(SAMPLE, layer=name))
        new = pd.DataFrame(pyogrio.read_dataframe(tmp_path / "again.gpkg", layer=name))
        if "geometry" in old:
            assert shapely.equals_exact(old["geometry"], new["geometry"], tolerance=1e-9).all(), name
        pd.testing.assert_frame_equal(old.drop(columns="geometry", errors="ignore"),
                                      new.drop(columns="geometry", errors="ignore"))  # fmt: skip


def test_the_readme_names_its_digest():
    digest = hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert digest in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert SAMPLE.stat().st_size < 1_500_000


def test_it_reads_without_a_word_and_holds_what_it_says():
    place = read_place(SAMPLE)
    assert place.report == []
    assert list(place.areas["code"]) == ["141126100001", "141126100200"]
    assert all("示例" in name for name in place.areas["name"])
    by_area = place.buildings.sjoin(place.areas[["code", "geometry"]], predicate="within").groupby("code")
    assert by_area["bid"].count().sum() == len(place.buildings)
    assert by_area["households"].sum().between([880, 120], [1000, 170]).all()
    village = place.buildings.dropna(subset="group")
    assert set(village["group"]) == {"一组", "二组", "三组", "四组"}
    stack = place.households.query("status != 'shop'").groupby(["bid", "stairwell"])["n"].sum()
    assert stack.max() == 72
    assert (stack == 12).any()
    assert {"roads", "water_lines", "water_areas", "walls", "gullies", "dedicated", "landuse"} <= set(
        place.features["layer"]
    )


def test_neighbours_share_an_edge_vertex_by_vertex():
    lattice = Lattice.at(110.84, 37.0)
    lower, upper = lattice.to_lattice(read_place(SAMPLE).areas.geometry.to_numpy())
    common = shapely.intersection(lower, upper)
    assert shapely.area(common) == 0
    assert shapely.length(shapely.line_merge(common)) > 80_000
    corners = {tuple(xy) for xy in shapely.get_coordinates(common)}
    assert corners <= {tuple(xy) for xy in shapely.get_coordinates(lower)}
    assert corners <= {tuple(xy) for xy in shapely.get_coordinates(upper)}


def test_no_footprint_covers_another_and_it_is_no_checkerboard():
    place = read_place(SAMPLE)
    shapes = place.buildings.geometry.to_numpy()
    assert not (np.diff(shapely.STRtree(shapes).query(shapes, predicate="overlaps"), axis=0) != 0).any()
    roads = place.features.query("layer == 'roads'").geometry.to_numpy()
    xy, owner = shapely.get_coordinates(roads, return_index=True)
    step = np.diff(xy, axis=0)[np.diff(owner) == 0]
    bearing = np.degrees(np.arctan2(step[:, 1], step[:, 0] * np.cos(np.radians(37.0)))) % 180.0
    share = np.histogram(bearing, bins=36, range=(0, 180))[0] / len(bearing)
    assert -(share[share > 0] * np.log2(share[share > 0])).sum() > 3.5
