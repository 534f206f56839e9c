"""Lines that run through buildings, what leads across a barrier, and the manners of a register's cells."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from spatial.readers.placefile import read_place
from tests.fixtures.makers import LAT, LON, D, Drawn


def road(*points, name="凤城路"):
    line = shapely.LineString([(LON + x * D, LAT + y * D) for x, y in points])
    return gpd.GeoDataFrame({"class": ["residential"], "name": [name]}, geometry=[line], crs=4326)


def through(tmp_path, frame, layer="roads"):
    drawn = Drawn(layers={layer: frame})
    home = shapely.box(LON + D, LAT + D, LON + 1.5 * D, LAT + 1.5 * D)
    drawn.shape("buildings", 1, home)
    place = read_place(drawn.write(tmp_path))
    return [row for row in place.report if row.code == "line_through_building"]


def test_a_road_through_a_building_is_named_with_both(tmp_path):
    (row,) = through(tmp_path, road((0.5, 1.25), (1.9, 1.25)))
    assert row.layer == "roads"
    assert row.ref is not None
    assert "凤城路" in row.zh
    metres = float(row.en.split(" runs ")[1].split(" m ")[0])
    assert metres == pytest.approx(0.5 * D * 88_900, rel=0.05)
    assert row.geometry["type"] == "LineString"


@pytest.mark.parametrize(
    ("line", "layer"),
    [
        (((1.0, 0.5), (1.0, 2.0)), "roads"),  # along the wall
        (((0.98, 1.02), (1.02, 0.98)), "roads"),  # over a corner
        (((0.5, 1.25), (1.9, 1.25)), "gullies"),  # caves are dug into its sides
    ],
)
def test_what_only_touches_is_not_told(tmp_path, line, layer):
    assert through(tmp_path, road(*line), layer) == []


@pytest.mark.parametrize("column", ["bridge", "ford", "tunnel"])
def test_a_road_that_leads_across_is_a_crossing_as_well(tmp_path, column):
    lines = pd.concat([road((0.2, 0.1 + 0.1 * i), (1.9, 0.1 + 0.1 * i)) for i in range(5)], ignore_index=True)
    lines = lines.assign(**{column: ["yes", None, "no", "viaduct", "yes"]})
    lines.loc[4, "class"] = "motorway"
    place = read_place(Drawn(layers={"roads": lines}).write(tmp_path))
    rows = place.features[place.features["layer"] == "crossings"]
    assert rows["class"].tolist() == [column, column]
    roads = place.features.geometry[place.features["layer"] == "roads"]
    assert rows.geometry.geom_equals(roads.iloc[[0, 3]], align=False).all()
    assert len(roads) == 5


def test_a_layer_of_crossings_may_hold_points_and_lines_but_no_areas(tmp_path):
    spot, line = shapely.Point(LON + D, LAT + D), road((0.2, 0.2), (1.9, 0.2)).geometry[0]
    drawn = gpd.GeoDataFrame(
        {"class": ["gate", "bridge", "ford"]}, geometry=[spot, line, spot.buffer(0.1 * D)], crs=4326
    )
    place = read_place(Drawn(layers={"crossings": drawn}).write(tmp_path))
    assert place.features[["layer", "class"]].to_numpy().tolist() == [
        ["crossings", "gate"],
        ["crossings", "bridge"],
    ]
    assert [(row.code, row.layer, row.row) for row in place.report] == [("feature_kind", "crossings", 3)]


def test_the_manners_of_a_register_are_told_once_a_column(tmp_path):
    drawn = Drawn()
    bids = [str(bid) for bid in drawn.buildings["bid"][:4]]
    drawn.layers["households"] = gpd.pd.DataFrame(
        {
            "bid": [bids[0], *bids], "stairwell": ["无", "1单元", "１单元", "1单元", "1单元"],
            "floor": ["3F", "２层", "负一层", "B1", " 4层 "], "n": [1, None, 1, 1, 1],
        }
    )  # fmt: skip
    place = read_place(drawn.write(tmp_path))
    told = {(row.code, row.field): row.en for row in place.report}
    assert told.keys() == {
        ("cells_nothing", "stairwell"), ("cells_full_width", "stairwell"), ("cells_floor_letters", "floor"),
        ("cells_full_width", "floor"), ("cells_basement", "floor"), ("cells_blanks", "floor"),
        ("n_missing", "n"),
    }  # fmt: skip
    assert "rows 3-4" in told["cells_basement", "floor"]
    assert place.households["floor"].tolist() == [3, 2, -1, -1, 4]
    assert place.households["n"].tolist() == [1, 1, 1, 1, 1]
