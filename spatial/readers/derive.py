"""Households derived from footprints where nobody counted them: a rule as data, told in the report.

Urban: area x levels x 0.85 / 95 m²; rural: one for a dwelling of 60 to 260 m², one more per further 180 m².
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.errors import Where
from spatial.ground.crs import Lattice
from spatial.readers.shapes import POINT, POLYGONS, kinds, repaired
from spatial.readers.text import is_absent

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from spatial.readers.words import Findings

    Bools = NDArray[np.bool_]

URBAN, RURAL, OTHER, NON_DWELLING, OUTBUILDING, REPEATED = 1, 2, 0, -1, -2, -3
WHOLLY = 0.98
"""A building lies wholly on another with so much of its footprint: one roof was drawn twice."""
UNTYPED = frozenset({"", "yes", "building", "residential"})


@dataclass(frozen=True)
class DerivedRule:
    """How many households a building holds, by its footprint, levels and kind; all figures a deployer's.

    Parameters
    ----------
    urban_types, rural_types
        Values of ``btype`` (OSM's building=*) that are blocks of flats, and houses, wherever they stand.
    untyped
        Values that say nothing: a block in a community, a house in a village.
    usable, flat_m2
        Part of an urban building's floors that is lived in; m² of one flat.
    block_m2, block_levels, low_levels
        An urban building of unknown levels has ``block_levels`` from ``block_m2`` on, else ``low_levels``.
    storey_m
        Height of a storey, where the height is known and the levels are not.
    house_m2, house_full_m2, further_m2, house_most
        A house from ``house_m2`` on holds one household, beyond ``house_full_m2`` one more per begun
        ``further_m2``, ``house_most`` at most.
    untyped_most_m2
        Untyped buildings above this, outside residential land, are no dwellings: (in a community, a village).
    other_uses
        Land use on which an untyped building is no dwelling.
    """

    urban_types: frozenset[str] = frozenset({"apartments", "dormitory"})
    rural_types: frozenset[str] = frozenset(
        {
            "house", "detached", "semidetached_house", "farm", "bungalow", "cabin", "hut", "cave",
            "courtyard", "terrace", "semi",
        }
    )  # fmt: skip
    untyped: frozenset[str] = UNTYPED
    usable: float = 0.85
    flat_m2: float = 95.0
    block_m2: float = 120.0
    block_levels: int = 6
    low_levels: int = 1
    storey_m: float = 3.0
    house_m2: float = 60.0
    house_full_m2: float = 260.0
    further_m2: float = 180.0
    house_most: int = 4
    untyped_most_m2: tuple[float, float] = (3000.0, 450.0)
    other_uses: frozenset[str] = field(
        default=frozenset(
            {
                "industrial", "commercial", "retail", "railway", "military", "cemetery", "quarry", "landfill",
                "construction", "garages", "education", "religious", "depot", "port",
                "greenhouse_horticulture",
            }
        )
    )  # fmt: skip

    @property
    def words(self) -> dict[int, str]:
        """The rules as they are told in a report."""
        return {
            URBAN: f"area x levels x {self.usable} / {self.flat_m2:g} m2",
            RURAL: f"1 per {self.house_m2:g}-{self.house_full_m2:g} m2, +1 per {self.further_m2:g} m2",
            OUTBUILDING: f"below {self.house_m2:g} m2: 0",
            NON_DWELLING: "no dwelling: 0",
            REPEATED: "wholly on another dwelling: 0",
        }


DERIVED = DerivedRule()


def derive(
    rows: pd.DataFrame,
    geometry: NDArray[np.object_],
    urban: Bools,
    landuse: gpd.GeoDataFrame,
    rule: DerivedRule,
    findings: Findings,
) -> NDArray[np.int64]:
    """Derive the households of each building, (n,) whole numbers.

    Parameters
    ----------
    rows
        Columns btype, and, where known, levels, height_m and use (a shop, school, office: no dwelling unless
        btype says so).
    geometry
        (n,) in EPSG:4326.
    urban
        (n,) whether the building stands in a community.
    landuse
        Features of the layer landuse, EPSG:4326.
    rule, findings
        The figures; takes ``households_derived`` once a rule and ``levels_assumed``.
    """
    shapes = geometry.copy()
    crossed = np.isin(kinds(shapes), POLYGONS) & ~shapely.is_valid(shapes)
    shapes[crossed] = [repaired(shape) for shape in shapes[crossed]]
    areas = _areas_m2(shapes)
    which = _rules(rows, shapes, areas, urban, landuse, rule)
    levels, assumed = _levels(rows, areas, rule)
    flats = np.round(areas * levels * rule.usable / rule.flat_m2)
    houses = 1 + np.clip(np.ceil((areas - rule.house_full_m2) / rule.further_m2), 0, rule.house_most - 1)
    drawn = kinds(shapes) != POINT  # of a house known as a point only nobody can say that it is too small
    which = np.where((which == RURAL) & (areas < rule.house_m2) & drawn, OUTBUILDING, which)
    counts = np.select([which == URBAN, which == RURAL], [flats, houses], 0.0).astype(np.int64)
    again = _repeated(shapes, areas, counts)
    which[again], counts[again] = REPEATED, 0
    for number, words in rule.words.items():
        hit = which == number
        if hit.any():
            where = Where(layer="buildings", field="households", ref=words, value=str(int(hit.sum())))
            findings.note("households_derived", where, str(int(counts[hit].sum())))
    guessed = int((assumed & (which == URBAN)).sum())
    if guessed:
        where = Where(layer="buildings", field="levels", value=str(guessed))
        findings.note("levels_assumed", where, f"{rule.block_levels} / {rule.low_levels}")
    return counts


def _repeated(
    shapes: NDArray[np.object_], areas: NDArray[np.float64], counts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Dwellings that lie wholly on a larger one, or on one of the same size before them: drawn twice."""
    small, large = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    later = (areas[small] < areas[large]) | ((areas[small] == areas[large]) & (small > large))
    both = later & (counts[small] > 0) & (counts[large] > 0) & (areas[small] > 0)
    small, large = small[both], large[both]
    shared = shapely.area(shapely.intersection(shapes[small], shapes[large]))
    return np.unique(small[shared >= WHOLLY * shapely.area(shapes[small])])


def _areas_m2(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """(n,) m² in the metric system of the place; 0 for points and missing shapes."""
    west, south, east, north = shapely.total_bounds(shapes)
    if not np.isfinite(west):
        return np.zeros(len(shapes))
    lattice = Lattice.at((west + east) / 2.0, (south + north) / 2.0)
    areas: NDArray[np.float64] = np.nan_to_num(shapely.area(shapely.transform(shapes, lattice.metres)))
    return areas


def _words(rows: pd.DataFrame, column: str) -> NDArray[np.object_]:
    if column not in rows:
        return np.full(len(rows), "", dtype=object)
    return np.array(["" if is_absent(word) else str(word) for word in rows[column]], dtype=object)


def _rules(
    rows: pd.DataFrame,
    shapes: NDArray[np.object_],
    areas: NDArray[np.float64],
    urban: Bools,
    landuse: gpd.GeoDataFrame,
    rule: DerivedRule,
) -> NDArray[np.int64]:
    """Number of the rule that each building falls under."""
    btype, use = _words(rows, "btype"), _words(rows, "use")
    untyped = np.isin(btype, list(rule.untyped))
    classes = landuse["class"].to_numpy(object)
    elsewhere = _within(shapes, landuse, np.isin(classes, list(rule.other_uses)))
    home = _within(shapes, landuse, np.isin(classes, ["residential", "farmyard"]))
    most = np.where(urban, *rule.untyped_most_m2)
    no_home = untyped & ((use != "") | elsewhere | (~home & (areas > most)))
    flat = np.isin(btype, list(rule.urban_types)) | (untyped & urban)
    house = np.isin(btype, list(rule.rural_types)) | (untyped & ~urban)
    return np.where(no_home, NON_DWELLING, np.select([flat, house], [URBAN, RURAL], NON_DWELLING))


def _within(shapes: NDArray[np.object_], landuse: gpd.GeoDataFrame, rows: Bools) -> Bools:
    """(n,) whether each building's inner point lies on one of these rows of land use."""
    inside = np.zeros(len(shapes), dtype=bool)
    grounds = landuse.geometry.to_numpy(dtype=object)[rows]
    if len(grounds):
        hits = shapely.STRtree(shapely.point_on_surface(shapes)).query(grounds, predicate="intersects")
        inside[hits[1]] = True
    return inside


def _levels(
    rows: pd.DataFrame, areas: NDArray[np.float64], rule: DerivedRule
) -> tuple[NDArray[np.float64], Bools]:
    """Storeys of each building, and whether they were assumed."""
    known = np.full(len(rows), np.nan)
    for column, unit in (("height_m", rule.storey_m), ("levels", 1.0)):
        if column in rows:
            values = np.array([_number(cell) for cell in rows[column]]) / unit
            known = np.where(np.isfinite(values) & (values > 0), np.maximum(np.round(values), 1), known)
    assumed = np.isnan(known)
    return np.where(
        assumed, np.where(areas >= rule.block_m2, rule.block_levels, rule.low_levels), known
    ), assumed


def _number(cell: object) -> float:
    try:
        return float(str(cell).strip().removesuffix("m").strip())
    except ValueError:
        return float("nan")
