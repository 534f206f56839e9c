"""The sample town: made anew it is the same, it holds the story's numbers, and it looks like a place in the loess."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely

from data.boundaries.lingquan.generator.frame import valley
from data.boundaries.lingquan.generator.terrain import CELL_M, make, read
from data.boundaries.lingquan.generator.town import draw
from data.boundaries.lingquan.generator.uses import COMMUNITIES
from spatial.ground.crs import Lattice
from spatial.readers.placefile import read_place
from tests.lingquan.conftest import FOLDER
from tests.lingquan.measures import bearing_entropy, patches, street_graph


def test_made_anew_it_is_the_same():
    for name, new in draw().frames().items():
        old = pyogrio.read_dataframe(FOLDER / "lingquan.gpkg", layer=name)
        assert len(old) == len(new), name
        if "geometry" in new:
            assert shapely.equals_exact(old["geometry"], new["geometry"], tolerance=1e-9).all(), name
        for column in (c for c in new.columns if c != "geometry"):
            one, two = old[column].astype(object), new[column].astype(object)
            assert (
                one.where(one.notna(), None).to_numpy() == two.where(two.notna(), None).to_numpy()
            ).all(), (name, column)


def test_no_road_stands_still(town):
    roads = town["roads"].geometry
    assert (
        shapely.get_num_points(roads) == shapely.get_num_points(roads.remove_repeated_points(0.005))
    ).all()


def test_the_readme_names_every_file_and_its_digest():
    words = (FOLDER / "README.md").read_text(encoding="utf-8")
    files = [p for p in FOLDER.iterdir() if p.is_file() and p.name != "README.md"]
    for path in files:
        assert path.name in words, path.name
        assert hashlib.sha256(path.read_bytes()).hexdigest() in words, path.name
    assert sum(p.stat().st_size for p in files) < 12_000_000


def test_it_reads_without_a_word_but_of_the_ridges_in_its_terrain():
    place = read_place(FOLDER / "lingquan.gpkg")
    assert [row.code for row in place.report] == ["ridges_found"]
    assert place.areas["division"].value_counts().to_dict() == {"village": 18, "community": 7}
    assert (place.areas["parent"] == "141126100").all()
    about = pyogrio.read_dataframe(FOLDER / "lingquan.gpkg", layer="about")
    assert "示例数据" in " ".join(about["value"])
    invented = place.areas[place.areas["code"].between("141126100002", "141126100007")]
    assert len(invented) == 6
    assert invented["name"].str.endswith("（示例）").all()


def test_households_are_those_of_the_story(town):
    lived = town["homes"][town["homes"]["status"].isin(["常住户", "租房户"])]
    by = lived.groupby("division")["n"].sum()
    assert 18_240 <= by["community"] <= 20_160
    assert 4_710 <= by["village"] <= 9_420
    groups = lived[lived["division"] == "village"].groupby(["code", "group"])["n"].sum()
    assert len(groups) == 84
    assert groups.between(56, 112).all()
    communities = lived[lived["division"] == "community"].groupby("code")["n"].sum()
    level_1 = np.array([3, 9, 11, 7, 5, 6, 7])
    assert len(communities) == len(COMMUNITIES)
    assert level_1.sum() == 48
    assert (communities.to_numpy() / level_1).min() > 340
    assert (communities.to_numpy() / level_1).max() < 420
    assert 1_113 * 16 < communities.sum() < 1_113 * 17.5  # lumps of 17 to 19 leave a level-3 grid some room


def test_stairwells_make_level_3_possible(town):
    lived = town["homes"][
        town["homes"]["stairwell"].notna() & town["homes"]["status"].isin(["常住户", "租房户"])
    ]
    sizes = lived.groupby(["bid", "stairwell"])["n"].sum()
    floors = lived.groupby(["bid", "stairwell", "floor"])["n"].sum()
    assert floors.max() <= 4
    assert sizes.between(6, 20).mean() > 0.75
    tall = town["buildings"][town["buildings"]["levels"] == 33]
    assert len(tall) == 1


def test_the_outlines_tile_the_town(town):
    shapes = town["boundary"].geometry.to_numpy()
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    # lattice rounding in EPSG:4326 and back moves nothing by more than a centimetre
    assert abs(shapely.area(shapes).sum() - whole.area) < 1.0
    lattice = Lattice.at(110.84, 37.0)
    place = read_place(FOLDER / "lingquan.gpkg")
    laid = lattice.to_lattice(place.areas.geometry.to_numpy())
    assert shapely.coverage_is_valid(laid)


def test_dedicated_areas_hold_no_household(town):
    yards = town["dedicated"]
    assert len(yards) == 12
    assert set(yards["class"]) == {"school", "hospital", "market", "government", "park", "enterprise"}
    within = (
        town["middles"].drop(columns="index_right").sjoin(yards[["class", "geometry"]], predicate="within")
    )
    assert not set(within["bid"]) & set(town["households"]["bid"])


def test_it_is_no_checkerboard(town):
    seat = shapely.union_all(
        town["boundary"].geometry[town["boundary"]["division"] == "community"].to_numpy()
    )
    streets = shapely.get_parts(shapely.intersection(town["roads"].geometry.to_numpy(), seat.buffer(30.0)))
    streets = streets[shapely.length(streets) > 2.0]
    degree = street_graph(streets)
    assert 2.2 < degree.mean() < 3.1  # a checkerboard: near 4; Boeing's organic towns: 2.5 to 3
    assert (degree == 1).mean() > 0.08
    assert (degree >= 4).mean() < 0.3
    assert bearing_entropy(streets) > 0.85
    assert bearing_entropy(town["roads"].geometry.to_numpy()) > 0.93
    fronts = (
        town["buildings"].geometry[town["buildings"]["group"].notna()].minimum_rotated_rectangle().exterior
    )
    assert bearing_entropy(fronts.to_numpy()) > 0.97


def test_towers_hold_a_believable_share(town):
    lived = town["homes"][
        (town["homes"]["division"] == "community") & town["homes"]["status"].isin(["常住户", "租房户"])
    ]
    share = lived.groupby(lived["levels"] > 6)["n"].sum() / lived["n"].sum()
    assert 0.15 < share[True] < 0.45
    assert (town["middles"]["division"] == "community").sum() < 2_500
    assert (town["middles"]["division"] == "village").sum() < 6_100


def test_villages_lie_by_gullies_and_groups_in_patches(town):
    homes = town["middles"][town["middles"]["group"].notna()]
    gullies = shapely.union_all(town["gullies"].geometry.to_numpy())
    shapely.prepare(gullies)
    assert np.median(shapely.distance(homes.geometry.to_numpy(), gullies)) < 160
    parts = pd.Series(
        {
            key: patches(shapely.get_coordinates(group.geometry.to_numpy()), 150.0)
            for key, group in homes.groupby(["code", "group"])
        }
    )
    assert (parts > 1).mean() >= 0.1
    assert len(parts) == 84


def test_the_terrain_is_a_dissected_tableland():
    with rasterio.open(FOLDER / "lingquan_dem.tif") as source:
        z, crs = source.read(1).astype(float), source.crs
    assert crs.to_epsg() == 4546
    assert 150 < np.percentile(z, 98) - np.percentile(z, 2) < 400
    down, right = np.gradient(z, CELL_M)
    slope = np.degrees(np.arctan(np.hypot(down, right)))
    assert 8 < np.median(slope) < 28  # loess hills: half of the ground between 10 and 25 degrees
    assert (slope < 3).mean() > 0.05


def test_the_terrain_is_made_from_its_seed():
    shape = valley()
    land = read(FOLDER / "lingquan_dem.tif", shape)
    uncut = make(shape, steps=0)
    assert np.allclose(land.z[land.inside], uncut[land.inside], atol=0.051)
    assert (land.z[~land.inside] <= uncut[~land.inside] + 3.0).mean() > 0.99
