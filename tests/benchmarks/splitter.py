"""area-splitter, the field mappers' tool, on the same community, one made-up building a household."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from spatial.partition.graph import Ints
from spatial.policy import Band
from tests.benchmarks.inputs import Instance
from tests.benchmarks.town import LATTICE, community

TAGS = {"secondary": "primary", "residential": "tertiary", "footway": "footway"}
"""Streets as area-splitter wants them tagged."""
SEEN = ({"secondary"}, {"secondary", "residential"}, {"secondary", "residential", "footway"})
"""Street classes given to it at each level."""
CUT_M2 = 0.5
"""A footprint with more than this in two grids is cut."""


@dataclass(frozen=True)
class SplitScore:
    """What area-splitter made of one level; its grids are not nested and need not cover the ground."""

    seconds: float
    grids: int
    in_band: float
    gap: float
    overlap_m2: float
    cut: int
    polsby_popper: float


def split(instance: Instance, seed: int, bands: tuple[Band, ...], url: str) -> list[SplitScore]:
    """Run area-splitter on the community of a seed.

    Parameters
    ----------
    instance
        The same community as wangge cut it: its faces' footprints and households score the result.
    seed
        Its seed.
    bands
        One a level.
    url
        A PostGIS database that area-splitter may fill.
    """
    from area_splitter.splitter import split_by_sql  # noqa: PLC0415

    place = community(seed)
    area = place.areas.geometry.iat[0]
    aim = {"type": "FeatureCollection", "features": [_feature(area, {})]}
    scores = []
    for level, band in enumerate(bands):
        start = time.perf_counter()
        made = split_by_sql(aim, url, num_buildings=band.target, osm_extract=_extract(place, SEEN[level]))
        seconds = time.perf_counter() - start
        grids = [
            shapely.make_valid(shapely.from_geojson(json.dumps(f["geometry"]))) for f in made["features"]
        ]
        scores.append(
            _score(instance.source, LATTICE.to_lattice(np.array(grids, dtype=object)), band, seconds)
        )
    return scores


def _feature(geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(geometry)), "properties": properties}


def _extract(place: Any, classes: set[str]) -> dict[str, Any]:
    """Streets, river, and for each household a building of a square metre inside its own."""
    ways = place.features
    features = [
        _feature(part, {"highway": TAGS[kind]} if layer == "roads" else {"waterway": "river"})
        for layer, kind, geometry in zip(ways["layer"], ways["class"], ways.geometry, strict=True)
        if layer == "water_lines" or (layer == "roads" and kind in classes)
        for part in shapely.get_parts(geometry)
        if part.geom_type == "LineString"
    ]
    chance = np.random.default_rng(0)
    houses = place.buildings
    for bid, households, geometry in zip(houses["bid"], houses["households"], houses.geometry, strict=True):
        centre = shapely.get_coordinates(geometry.centroid)[0]
        for k in range(households):
            x, y = centre + chance.uniform(-3e-5, 3e-5, 2)
            square = shapely.box(x - 5e-6, y - 5e-6, x + 5e-6, y + 5e-6)
            features.append(_feature(square, {"building": "yes", "osm_id": f"{bid}-{k}"}))
    return {"type": "FeatureCollection", "features": features}


def _score(ground: Any, grids: Any, band: Band, seconds: float) -> SplitScore:
    """Households by the grid that holds a point of their face; gaps, overlaps and footprints cut."""
    households = np.bincount(ground.cells["face"], ground.cells["households"], len(ground.faces))
    inside, face = shapely.STRtree(grids).query(shapely.point_on_surface(ground.faces), predicate="within")[
        ::-1
    ]
    first = np.unique(face, return_index=True)[1]
    total = np.bincount(inside[first], households[face[first]], len(grids))
    union = shapely.union_all(grids)
    outline = ground.outline
    built = np.array([g for g in ground.footprints if g is not None], dtype=object)
    return SplitScore(
        seconds=seconds,
        grids=len(grids),
        in_band=float(np.mean([band.holds(int(h)) for h in total])),
        gap=float(outline.difference(union).area / outline.area),
        overlap_m2=float((shapely.area(grids).sum() - union.area) / 1e4),
        cut=_cut(built, grids),
        polsby_popper=float(np.mean(4 * np.pi * shapely.area(grids) / shapely.length(grids) ** 2)),
    )


def _cut(built: Any, grids: Any) -> int:
    """Number of footprints that lie in two grids."""
    one, other = shapely.STRtree(grids).query(built, predicate="intersects")
    shared: Ints = one[shapely.area(shapely.intersection(built[one], grids[other])) > CUT_M2 * 1e4]
    return int((np.bincount(shared, minlength=len(built)) > 1).sum())
