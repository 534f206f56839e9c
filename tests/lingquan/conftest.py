"""The files of the sample town, read once."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

FOLDER = Path(__file__).parents[2] / "data" / "boundaries" / "lingquan"


@pytest.fixture(scope="session")
def town():
    """Layers of lingquan.gpkg in EPSG:4546, the households with their basic grid's code."""
    path = FOLDER / "lingquan.gpkg"
    layers = {}
    for name, kind in pyogrio.list_layers(path):
        frame = pyogrio.read_dataframe(path, layer=name)
        layers[name] = frame.to_crs(4546) if kind else pd.DataFrame(frame)
    middles = gpd.GeoDataFrame(
        layers["buildings"][["bid", "levels", "group"]], geometry=layers["buildings"].representative_point()
    )
    homes = middles.sjoin(layers["boundary"][["code", "division", "geometry"]], predicate="within")
    layers["homes"] = layers["households"].merge(homes.drop(columns="geometry"), on="bid", how="left")
    layers["middles"] = homes
    return layers
