"""Crossings of an OpenStreetMap extract: nodes and ways whose tags say that one gets across there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spatial.policy import CROSSINGS, NOT_WALKED
from spatial.readers.osm_tags import DEAD, words_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


def crossings_of(
    points: gpd.GeoDataFrame, lines: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Rows (class, name) and shapes of the layer crossings, by the tags of the policy's table.

    A line counts where it is a road that people walk on. One that carries several tags is of the first.
    """
    walked = lines[
        (words_of(lines, "highway") != "") & ~np.isin(words_of(lines, "highway"), list(NOT_WALKED))
    ]
    both = pd.concat([points, walked], ignore_index=True)
    kind = np.full(len(both), "", dtype=object)
    for crossing in CROSSINGS:
        for key, values in crossing.tags:
            words = words_of(both, key)
            hit = (words != "") & ~np.isin(words, list(DEAD))
            if values:
                hit &= np.isin(words, list(values))
            kind[hit & (kind == "")] = crossing.name
    found = both[kind != ""]
    rows = pd.DataFrame({"class": kind[kind != ""], "name": words_of(found, "name")})
    return rows, found.geometry.to_numpy(dtype=object)
