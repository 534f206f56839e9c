"""Writing the sample's files so that the same content gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio


def write_gpkg(frames: dict[str, gpd.GeoDataFrame | pd.DataFrame], path: Path) -> None:
    """Write layers as a GeoPackage, its time stamps fixed."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"})
    try:
        for name, frame in frames.items():
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 with a byte order mark, as spreadsheets want it; codes stay text."""
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
