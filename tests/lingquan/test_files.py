"""What goes with the town: hazard points and what they endanger, cases, staff, and the defects of the dirty copy."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from spatial.duty.cases import STATES, TRANSITIONS
from spatial.duty.categories import category_of, named
from spatial.duty.hazards import threat_grade, type_of
from spatial.duty.staff import post_of
from spatial.errors import BadCoordinates
from spatial.ground.crs import Lattice
from spatial.ground.outline import freeze
from spatial.readers.placefile import read_place
from tests.lingquan.conftest import FOLDER


def table(name):
    return pd.read_csv(
        FOLDER / name, encoding="utf-8-sig", dtype={"code": str, "area_code": str, "phone": str}
    )


def test_hazard_points_know_what_they_threaten(town):
    points = pyogrio.read_dataframe(FOLDER / "hazards.gpkg", layer="points").to_crs(4546)
    areas = pyogrio.read_dataframe(FOLDER / "hazards.gpkg", layer="areas").to_crs(4546)
    assert len(points) >= 25
    assert len(areas) >= 25
    assert points["number"].is_unique
    assert set(areas["number"]) < set(points["number"])
    assert points["kind"].map(type_of).notna().all()
    assert points["kind"].nunique() >= 6
    stated = [threat_grade(p, w) for p, w in zip(points["people"], points["property_wan"], strict=True)]
    assert (points["grade"] == stated).all()
    whole = shapely.union_all(town["boundary"].geometry.to_numpy())
    assert points.within(whole).all()
    # the register's households are those that live in the area drawn
    lived = town["homes"][town["homes"]["status"].isin(["常住户", "租房户"])].groupby("bid")["n"].sum()
    hit = town["buildings"].sjoin(areas[["number", "geometry"]], predicate="intersects")
    inside = hit["bid"].map(lived).fillna(0).groupby(hit["number"]).sum()
    told = points.set_index("number")["households"].reindex(inside.index)
    assert (np.abs(told - inside) <= 2).mean() > 0.9


def test_cases_tell_a_chain_that_the_rules_know(town):
    cases = table("cases.csv")
    assert len(cases) >= 300
    assert cases["number"].is_unique
    pairs = cases["category"].where(
        cases["subcategory"].isna(), cases["category"] + "/" + cases["subcategory"].fillna("")
    )
    assert pairs.map(category_of).notna().all()
    assert cases["category"].nunique() == 12
    assert set(cases["crs"]) == {"wgs84"}
    assert (cases["lon"].between(110.7, 111.0) & cases["lat"].between(36.8, 37.2)).all()
    assert set(cases["area_code"]) <= set(town["boundary"]["code"])
    steps = {step.zh for step in TRANSITIONS.values()}
    for row in cases.itertuples():
        events = [event.split("@") for event in row.chain.split(";")]
        assert {e[0] for e in events} <= steps
        times = [row.created, *(e[1] for e in events)]
        assert times == sorted(times)
    assert cases["status"].map(lambda s: named(STATES, s)).notna().all()


def test_every_post_of_the_story_is_filled():
    staff = table("staff.csv")
    assert staff["post"].map(post_of).notna().all()
    assert staff["holder"].notna().all()
    assert staff["phone"].str.fullmatch(r"100\d{8}").all()
    community = staff["code"].str[9:].astype(int) < 200
    assert staff[community].groupby("level").size().to_dict() == {0: 7, 1: 60, 2: 212, 3: 1113}
    assert staff[~community].groupby("level").size().to_dict() == {0: 18, 1: 84, 2: 471}
    seats = staff.groupby(["code", "level"])["seat"].agg(["min", "max", "size"])
    assert (seats["min"] == 1).all()
    assert (seats["max"] == seats["size"]).all()


def test_the_dirty_outlines_overlap_and_gape_where_the_list_says():
    place = read_place(FOLDER / "lingquan_dirty.gpkg")
    lattice = Lattice.at(110.84, 37.0)
    listed = table("defects.csv").query("layer == 'boundary' and expect.str.startswith('disputed')")
    wanted = {
        (row.expect.removeprefix("disputed_"), frozenset((row.key, *re.findall(r"\d{12}", row.words))))
        for row in listed.itertuples()
    }
    shapes = lattice.to_lattice(place.areas.geometry.to_numpy())
    frozen = freeze(shapes, np.full(len(shapes), 10.0), np.empty(0, dtype=object))
    codes = place.areas["code"].to_numpy()
    assert wanted <= {(d.kind, frozenset(codes[list(d.areas)])) for d in frozen.disputed}
    assert all(d.area_m2 > 1.0 for d in frozen.disputed)


def test_swapped_coordinates_are_refused_by_row():
    with pytest.raises(BadCoordinates) as refusal:
        read_place(FOLDER / "village_swapped.gpkg")
    assert refusal.value.code == "lonlat_swapped"
    assert [where.row for where in refusal.value.where] == [6, 7, 8]
