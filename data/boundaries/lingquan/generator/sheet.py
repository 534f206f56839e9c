"""The drawing sheet: what the generator has drawn so far, layer by layer, in ground metres."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.boundaries.lingquan.generator.frame import CENTRE, LATTICE

Row = dict[str, Any]
LIVED = (("常住户", 0.83), ("租房户", 0.12), ("空房户", 0.05))
"""Household statuses in flats and courtyards, with their shares."""


@dataclass
class Sheet:
    """Rows of every layer; geometry in ground metres.

    ``households`` are the register's rows; ``layers`` everything else by layer.
    """

    layers: dict[str, list[Row]] = field(default_factory=dict)
    households: list[Row] = field(default_factory=list)

    def add(
        self, layer: str, geometry: Any, kind: str | None = None, name: str | None = None, **more: Any
    ) -> None:
        """Draw a line or polygon with its class and name; nothing where it is empty."""
        if geometry.is_empty:
            return
        self.layers.setdefault(layer, []).append({"class": kind, "name": name, **more, "geometry": geometry})

    def building(self, geometry: Any, btype: str, levels: int, name: str | None = None, **more: Any) -> str:
        """Draw a building; answers its number."""
        rows = self.layers.setdefault("buildings", [])
        bid = f"LQ{len(rows) + 1:05d}"
        row = {"bid": bid, "households": 0, "levels": levels, "name": name, "btype": btype, "group": None}
        rows.append({**row, **more, "geometry": geometry})
        return bid

    def flats(
        self, rng: np.random.Generator, bid: str, stairwells: int, floors: range, doors: int, shops: int = 0
    ) -> None:
        """Fill a block's register room by room; ``shops`` doors of floor 1 in each stairwell are 底商."""
        words, shares = zip(*LIVED, strict=True)
        for stairwell in range(1, stairwells + 1):
            at = {"bid": bid, "stairwell": f"{stairwell}单元", "n": 1}
            for door in range(1, shops + 1):
                self.households.append({**at, "floor": "1层", "room": f"1{door:02d}", "status": "底商"})
            for floor in floors:
                found = rng.choice(words, size=doors, p=shares)
                for door in range(1, doors + 1):
                    room = {
                        "floor": f"{floor}层",
                        "room": f"{floor}{door:02d}",
                        "status": str(found[door - 1]),
                    }
                    self.households.append({**at, **room})
        self.layers["buildings"][int(bid[2:]) - 1]["households"] = stairwells * len(floors) * doors

    def homes(self, bid: str, lived: int, away: int) -> None:
        """Fill a house's register: households that live there, and those away."""
        for status, n in (("常住户", lived), ("外出", away)):
            if n:
                at = {"bid": bid, "stairwell": None, "floor": None, "room": None}
                self.households.append({**at, "status": status, "n": n})
        self.layers["buildings"][int(bid[2:]) - 1]["households"] = lived + away

    def frames(self) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
        """Give every layer as a frame in EPSG:4326, on whole centimetres of the town's lattice."""
        out: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {k: on_lattice(v) for k, v in self.layers.items()}
        columns = ["bid", "stairwell", "floor", "room", "status", "n"]
        out["households"] = pd.DataFrame(self.households)[columns]
        return out


def on_lattice(rows: list[Row]) -> gpd.GeoDataFrame:
    """Turn rows in ground metres into a frame in EPSG:4326, on whole centimetres of the town's lattice."""
    frame = gpd.GeoDataFrame(rows, geometry="geometry")
    shapes = shapely.transform(
        frame.geometry.to_numpy(dtype=object),
        lambda xy: LATTICE.coords_to_lonlat(np.rint((xy + CENTRE) * 100.0)),
    )
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=4326))
