"""Dedicated areas of the place file that make no grid: too small or narrow for a face of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.store import grounds

if TYPE_CHECKING:
    from spatial.ground.model import Ground
    from spatial.store.engine import Transaction


def too_small(tx: Transaction, ground_id: int, ground: Ground) -> list[dict[str, Any]]:
    """Name the dedicated areas inside a ground that no cell lies in, as notes in JSON types."""
    features = grounds.load_layers(tx, ground_id)["features"]
    polygons = shapely.get_dimensions(features.geometry.to_numpy()) == 2
    areas = features[(features["layer"] == "dedicated") & polygons]
    if areas.empty:
        return []
    shapes = ground.lattice.to_lattice(areas.geometry.to_numpy())
    middles = shapely.point_on_surface(ground.faces[np.unique(ground.cells["face"].to_numpy(np.int64))])
    held = shapely.STRtree(middles).query(shapes, predicate="intersects")[0]
    inside = shapely.contains(ground.outline, shapely.point_on_surface(shapes))
    lost = inside & ~np.isin(np.arange(len(shapes)), held)
    notes = []
    for name, shape in zip(areas["name"][lost], shapes[lost], strict=True):
        said, m2 = name if isinstance(name, str) and name else "dedicated", float(shapely.area(shape)) / 1e4
        notes.append({
            "code": "dedicated_too_small",
            "zh": f"{said}：面积{m2:.0f}平方米，过小或过窄，未设专属网格。",
            "en": f"{said}: {m2:.0f} m² is too small or narrow for a face of its own; no grid was made.",
            "data": {"dedicated": said, "area_m2": round(m2, 1)},
        })  # fmt: skip
    return notes
