"""Lines that run through buildings: one of the two stands in the wrong place, and a border can't be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from shapely.geometry import mapping

from spatial.errors import Where
from spatial.ground.crs import Lattice
from spatial.readers.text import plain

if TYPE_CHECKING:
    import geopandas as gpd

    from spatial.readers.words import Findings

LINES = frozenset({"roads", "rail", "water_lines", "walls"})
"""A gully is left out: caves are dug into its sides, and its line is a landform's, not a kerb's."""
RIM_M = 0.5
"""A line along a wall is not inside: so much of a footprint's rim does not count."""
LEAST_M = 3.0
"""A shorter stretch inside a footprint is drawing accuracy."""


def note_crossings(buildings: gpd.GeoDataFrame, features: gpd.GeoDataFrame, findings: Findings) -> None:
    """Note ``line_through_building`` for each line and building, EPSG:4326, with the stretch inside."""
    lines = features[features["layer"].isin(LINES)]
    shapes, homes = lines.geometry.to_numpy(dtype=object), buildings.geometry.to_numpy(dtype=object)
    line, home = shapely.STRtree(homes).query(shapes, predicate="crosses")
    if not len(line):
        return
    left, bottom, right, top = shapely.total_bounds(homes)
    lattice = Lattice.at((left + right) / 2.0, (bottom + top) / 2.0)
    cores = shapely.buffer(shapely.transform(homes[home], lattice.metres), -RIM_M)
    metres = shapely.length(shapely.intersection(shapely.transform(shapes[line], lattice.metres), cores))
    for i in (metres > LEAST_M).nonzero()[0]:
        row = lines.iloc[line[i]]
        where = Where(
            layer=row["layer"], field="geometry", value=plain(row["name"]) or plain(row["class"]) or "-",
            ref=buildings["bid"].iloc[home[i]],
        )  # fmt: skip
        inside = shapely.intersection(shapes[line[i]], homes[home[i]])
        findings.note("line_through_building", where, f"{metres[i]:.1f}", geometry=mapping(inside))
