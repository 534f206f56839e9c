"""The buildings layer: one row a building, its shape, its households, its villagers' group."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.errors import Where
from spatial.ground.model import BUILDING_COLUMNS
from spatial.readers.hints import words_of
from spatial.readers.shapes import POINT, POLYGONS, change, flaw_spot, kinds, repaired, spot
from spatial.readers.system import distance_km, km_text
from spatial.readers.text import is_absent, plain, texts
from spatial.readers.words import bad_coordinates, bad_file
from spatial.readers.writings import row_numbers, some_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.readers.gpkg import Layer
    from spatial.readers.words import Findings


MOST_HOUSEHOLDS = 100_000
"""No building holds more; a larger number is a slip of the pen."""
_WRITTEN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
GAP_DEG = 0.000_25
"""A building this near (some 20 m, as a gap may be wide) to two basic grids may lie in a gap between them."""


def read_bids(layer: Layer, findings: Findings) -> list[str]:
    """Building numbers as text, one a row; faults ``bid_missing``, ``bid_not_text``, ``bid_duplicate``."""
    if "bid" not in layer.rows:
        raise bad_file("column_missing", where=Where(layer=layer.name, field="bid"))
    bids: list[str] = []
    seen: set[str] = set()
    for i, cell in enumerate(layer.rows["bid"]):
        bid = plain(cell)
        where = Where(layer=layer.name, row=i + 1, field="bid", value=bid)
        if bid is None:
            findings.fault("bid_missing", where)
        elif isinstance(cell, float) and not cell.is_integer():
            findings.fault("bid_not_text", where)
        elif bid in seen:
            findings.fault("bid_duplicate", where)
        seen.add(bid or "")
        bids.append(bid or "")
    return bids


def read_buildings(
    layer: Layer,
    geometry: NDArray[np.object_],
    bids: list[str],
    registered: pd.Series[Any],
    findings: Findings,
) -> gpd.GeoDataFrame:
    """Buildings with a usable shape, columns ``BUILDING_COLUMNS``; index = row of the layer from 0.

    Parameters
    ----------
    layer, geometry
        The layer, and its geometries in EPSG:4326.
    bids
        From :func:`read_bids`.
    registered
        Occupied households by bid of the buildings that the register names; they beat the column.
    findings
        Takes faults, repairs, and the rows set aside.

    Raises
    ------
    BadFile
        ``column_missing`` where neither the column households nor the register says who lives there.
    """
    rows = len(layer.rows)
    households = _households(layer, bids, registered, findings)
    frame = gpd.GeoDataFrame(
        {
            "bid": bids,
            "name": texts(layer.rows.get("name"), rows),
            "btype": texts(layer.rows.get("btype"), rows),
            "levels": _levels(layer, bids, findings),
            "households": np.asarray(households, dtype=np.int64),
            "group": _groups(layer, bids, findings),
        },
        geometry=geometry,
        crs=4326,
        columns=list(BUILDING_COLUMNS),
    ).astype({"bid": object, "name": object, "btype": object, "group": object})
    kept = _shaped(frame, layer.name, findings)
    _note_twins(kept, layer.name, findings)
    return kept


def inside(buildings: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, findings: Findings) -> gpd.GeoDataFrame:
    """Buildings that touch a basic grid, index 0..n-1; the others are set aside with their households.

    One in a gap between two of them stays: it goes with the gap, once that is assigned.

    Raises
    ------
    BadCoordinates
        ``nothing_inside`` where no building touches any.
    """
    geometry = buildings.geometry.to_numpy(dtype=object)
    shapes = areas.geometry.to_numpy(dtype=object)
    hits = shapely.STRtree(geometry).query(shapes, predicate="intersects")[1]
    within = np.zeros(len(buildings), dtype=bool)
    within[hits] = True
    beside = shapely.STRtree(geometry).query(shapes, predicate="dwithin", distance=GAP_DEG)[1]
    within |= np.bincount(beside, minlength=len(buildings)) > 1
    if len(buildings) and not within.any():
        raise bad_coordinates(
            "nothing_inside",
            [Where(layer="buildings", field="geometry", value=km_text(distance_km(geometry, shapes)))],
            hint=words_of(shapely.get_coordinates(shapely.centroid(geometry)), shapely.union_all(shapes)),
        )
    for index, row in buildings[~within].iterrows():
        _set_aside("building_outside", "buildings", index, row, findings)
    return buildings[within].reset_index(drop=True)


def _households(layer: Layer, bids: list[str], registered: pd.Series[Any], findings: Findings) -> list[int]:
    column = layer.rows.get("households")
    if column is None and not set(bids) <= set(registered.index):
        raise bad_file("column_missing", where=Where(layer=layer.name, field="households"))
    known: dict[str, int] = {str(bid): int(n) for bid, n in registered.items()}
    counts: list[int] = []
    blank: list[tuple[int, str]] = []
    for i, bid in enumerate(bids):
        cell = None if column is None else column.iloc[i]
        cell = cell if layer.typed else _number(cell)
        code = _household_fault(cell)
        where = Where(
            layer=layer.name,
            row=i + 1,
            field="households",
            ref=bid,
            value=None if is_absent(cell) else str(cell),
        )
        if bid in known:
            if code == "households_missing":
                blank.append((i + 1, bid))
            elif code:
                findings.note("households_ignored", where)
            counts.append(known[bid])
            continue
        if code:
            findings.fault(code, where)
        counts.append(0 if code or cell is None else int(cell))
    if 0 < len(blank) < len(bids) and column is not None:
        named = some_of([bid for _, bid in blank])
        where = Where(layer=layer.name, field="households", value=str(len(blank)), ref=named)
        findings.note("households_by_register", where, row_numbers([row for row, _ in blank]))
    return counts


def _number(cell: Any) -> Any:
    """Read a number from a form that writes numbers as text; any other text stays, to be named."""
    text = plain(cell) if isinstance(cell, str) else None
    return cell if text is None or not _WRITTEN_NUMBER.fullmatch(text) else float(text)


def _household_fault(cell: Any) -> str:
    if is_absent(cell):
        return "households_missing"
    if isinstance(cell, str):
        return "households_not_number"
    if not np.isfinite(cell) or float(cell) != int(cell):
        return "households_fraction"
    if cell < 0:
        return "households_negative"
    return "households_too_many" if cell > MOST_HOUSEHOLDS else ""


def _groups(layer: Layer, bids: list[str], findings: Findings) -> list[str | None]:
    """Villagers' groups; blanks and full-width letters make no other group, and are told."""
    if "group" not in layer.rows:
        return [None] * len(bids)
    groups: list[str | None] = []
    for i, cell in enumerate(layer.rows["group"]):
        text = plain(cell)
        groups.append(None if text is None else re.sub(r"\s", "", text) or None)
        if isinstance(cell, str) and text is not None and cell != groups[-1]:
            where = Where(layer=layer.name, row=i + 1, field="group", ref=bids[i], value=groups[-1])
            findings.note("text_normalised", where)
    return groups


def note_groups(buildings: gpd.GeoDataFrame, urban: NDArray[np.bool_], findings: Findings) -> None:
    """Say how many lived-in buildings of villages name no villagers' group, where others name theirs."""
    rural = buildings[~urban & (buildings["households"] > 0).to_numpy()]
    lost = rural[rural["group"].isna()]
    if len(lost) and len(lost) < len(rural):
        where = Where(layer="buildings", field="group", value=str(len(lost)))
        findings.note("group_missing", where, some_of(lost["bid"].tolist(), "、"))


def _levels(layer: Layer, bids: list[str], findings: Findings) -> pd.Series[Any]:
    """Storeys, null where unknown; what is no positive whole number is noted and counts as unknown."""
    levels: list[int | None] = []
    for i, cell in enumerate(layer.rows["levels"] if "levels" in layer.rows else [None] * len(bids)):
        text = plain(cell)
        digits = (text or "").removesuffix("层")
        levels.append(int(digits) if digits.isdigit() and int(digits) > 0 else None)
        if text is not None and levels[-1] is None:
            where = Where(layer=layer.name, row=i + 1, field="levels", ref=bids[i], value=text)
            findings.note("levels_unread", where)
    return pd.Series(levels, dtype="Int64")


def _shaped(frame: gpd.GeoDataFrame, layer: str, findings: Findings) -> gpd.GeoDataFrame:
    """Repair crossing footprints; set aside what is neither polygon nor point."""
    shapes = frame.geometry.to_numpy(dtype=object).copy()
    kind = kinds(shapes)
    keep = np.isin(kind, (POINT, *POLYGONS))
    for i in np.flatnonzero(~keep):
        code = "building_empty" if kind[i] == -1 else "building_not_polygon"
        _set_aside(code, layer, i, frame.iloc[i], findings)
    for i in np.flatnonzero(keep & ~shapely.is_valid(shapes)):
        crossed, shapes[i] = shapes[i], repaired(shapes[i])
        if shapes[i].is_empty:
            keep[i] = False
            _set_aside("building_empty", layer, i, frame.iloc[i], findings)
            continue
        where = Where(
            layer=layer,
            row=int(i) + 1,
            field="geometry",
            ref=frame["bid"].iloc[i],
            value=change(crossed, shapes[i]),
        )
        findings.note("building_repaired", where, geometry=flaw_spot(crossed))
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=4326))[keep]


def _note_twins(frame: gpd.GeoDataFrame, layer: str, findings: Findings) -> None:
    """Note footprints that stand in the layer twice; the ground decides whose the soil is."""
    wkb = pd.Series(
        shapely.to_wkb(shapely.normalize(frame.geometry.to_numpy(dtype=object))), index=frame.index
    )
    first: dict[bytes, str] = {}
    for index, bid, shape in zip(frame.index, frame["bid"], wkb, strict=True):
        if shape in first:
            where = Where(layer=layer, row=int(index) + 1, field="geometry", ref=bid, value=first[shape])
            findings.note("building_same_shape", where)
        first.setdefault(shape, bid)


def _set_aside(code: str, layer: str, index: Any, row: Any, findings: Findings) -> None:
    where = Where(
        layer=layer, row=int(index) + 1, field="geometry", ref=row["bid"], value=str(row["households"])
    )
    findings.note(code, where, geometry=spot(row["geometry"]))
