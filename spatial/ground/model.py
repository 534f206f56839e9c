"""The nouns of the ground: what a place file holds once read, and the faces and cells made from it.

Frames cross module borders only under the column lists given here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.policy import Division

AREA_COLUMNS = ("code", "name", "division", "parent", "geometry")
BUILDING_COLUMNS = ("bid", "name", "btype", "levels", "households", "group", "geometry")
HOUSEHOLD_COLUMNS = ("bid", "stairwell", "floor", "room", "status", "n")
FEATURE_COLUMNS = ("layer", "class", "name", "geometry")
CELL_COLUMNS = (
    "id",
    "face",
    "floor_low",
    "floor_high",
    "bid",
    "stairwell",
    "households",
    "registered",
    "group",
)
EDGE_COLUMNS = ("a", "b", "length_m", "barrier", "strength", "feature")

Action = Literal["repaired", "set_aside", "disputed", "noted"]


@dataclass(frozen=True)
class ReportRow:
    """One row of an import's report: what was repaired, set aside or noted, in both languages.

    ``row`` counts from 1 in its layer; ``geometry`` is GeoJSON in EPSG:4326 or None.
    """

    layer: str
    row: int | None
    ref: str | None
    field: str | None
    action: Action
    code: str
    zh: str
    en: str
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True)
class PlaceFile:
    """A place file, read and checked. Every geometry is EPSG:4326, every code and bid is text.

    Parameters
    ----------
    areas
        One row = one basic grid; columns ``AREA_COLUMNS``; ``division`` community or village; ``parent`` the
        town's 9-digit code. Geometry Polygon or MultiPolygon.
    buildings
        One row = one building; columns ``BUILDING_COLUMNS``. ``households`` int, ``levels`` nullable Int64,
        ``group`` the villagers' group's name or None. Geometry Polygon, MultiPolygon or Point; valid.
    households
        One row = one register row of ``n`` households; columns ``HOUSEHOLD_COLUMNS``; ``floor`` nullable
        Int64; ``status`` a policy status or None. May be empty. Beats ``buildings.households`` for every bid
        that it names.
    features
        One row = one line or polygon a border may follow; columns ``FEATURE_COLUMNS``; ``layer`` one of
        roads, water_lines, water_areas, landuse, walls, rail, gullies, zones, affinity, groups, dedicated; or
        crossings, whose rows (points too) say where one gets across.
    places
        Named points; columns name, kind, geometry.
    crs
        The system the file declared (or was given), as ``EPSG:n``, ``GCJ-02`` or ``BD-09``.
    sha256
        Of the file's bytes and of the flags that filled what it lacked.
    report
        What reading repaired or set aside.
    sample
        Whether the file says of itself that its data are invented (示例数据).
    town
        Name of the town, where the file says it; else empty.
    derived
        Bids of the buildings whose households nobody counted: a rule derived them.
    """

    areas: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    households: pd.DataFrame
    features: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    crs: str
    sha256: str
    report: list[ReportRow] = field(default_factory=list)
    sample: bool = False
    town: str = ""
    derived: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ground:
    """One basic grid's ground, cut once into faces and cells. Geometry in lattice centimetres.

    Parameters
    ----------
    lattice
        The town's lattice: coordinates below are whole centimetres from its origin, held in float64.
    area_code, division
        The basic grid.
    outline
        Polygon or MultiPolygon on the lattice: the frozen outline. Its vertices are never moved.
    faces
        (F,) Polygons covering the outline exactly: no gap, no overlap.
    face_ids
        (F,) text: hash of each face's ring in lattice coordinates.
    footprints
        (F,) the building's part of each face (Polygon or MultiPolygon), or None.
    cells
        Columns ``CELL_COLUMNS``, ordered by id; index 0..n-1. ``face`` is a position in ``faces``;
        ``floor_low`` and ``floor_high`` (both included, nullable Int64) tell the runs of one face apart, else
        null; ``households`` the occupied, ``registered`` all; ``group`` text or None; ``dedicated`` kinds and
        other memberships are in ``layers``.
    edges
        Columns ``EDGE_COLUMNS``; one row = the shared edge of faces ``a < b`` along one feature (or none:
        barrier and feature None, strength 0). Corner touches are left out. Near a crossing a barrier has less
        than the policy's strength, in a row of its own (:func:`spatial.ground.crossings.crossed`).
    outer_m
        (F,) metres of each face's ring on the outline.
    layers
        Membership of each cell in named areas: columns zone, affinity, dedicated (names or None), index as
        ``cells``; ``dedicated_kind`` beside it.
    report
        What making the ground repaired, set aside or noted.
    """

    lattice: Lattice
    area_code: str
    division: Division
    outline: Any
    faces: NDArray[np.object_]
    face_ids: NDArray[np.object_]
    footprints: NDArray[np.object_]
    cells: pd.DataFrame
    edges: pd.DataFrame
    outer_m: NDArray[np.float64]
    layers: pd.DataFrame
    report: list[ReportRow] = field(default_factory=list)
