"""What a town's map shows: grids fit to be looked at, the ground below them, and the duty on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.duty.staff import mask_name, mask_phone, post_for
from spatial.errors import NotFound
from spatial.plans.shapes import VIEW_TOLERANCE_M
from spatial.policy import LINGQUAN, Policy
from spatial.store import cases, editions, grounds, hazards, staff
from spatial.store import places as stored_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spatial.store.engine import Store, Transaction

Shown = Literal["all", "masked"]

FEATURE_TOLERANCE_DEG = 3e-6
"""Lines and areas of the ground to look at are simplified by this much, about 0.3 m."""
LEAST_OVERLAP_CM2 = 10_000.0
"""Grids that share less ground than this do not stand on one another."""
DIGITS = {0: 12, 1: 15, 2: 17}
"""Digits of a grid's code by level: those below it begin with it."""
PAGE = 1000
MOST_CASES = 5000
"""A map shows the newest ones, so many at most."""


@dataclass(frozen=True)
class Standing:
    """What a map is drawn of.

    ``area`` is the town or basic grid, ``codes`` its basic grids', with the ids of their ``editions`` in
    force (0 where none is) and of their newest ``grounds``.
    """

    area: str
    codes: tuple[str, ...]
    editions: tuple[int, ...]
    grounds: tuple[int, ...]


def standing(store: Store, area: str | None = None) -> Standing:
    """Tell which editions and grounds a map of an area shows: as long as it is the same, so are the shapes.

    Raises
    ------
    NotFound
        ``nothing_here``: nothing was imported there.
    """
    with store.transaction() as tx:
        codes, ids = _grounds(tx, area)
        found = [editions.in_force(tx, code) for code in codes]
        whole = area or _parent(tx, codes[0])
    return Standing(whole, codes, tuple(0 if one is None else one.id for one in found), ids)


def town_layers(
    store: Store, area: str | None = None, *, policy: Policy = LINGQUAN
) -> dict[str, gpd.GeoDataFrame]:
    """Gather what a map to look at shows of a town or basic grid; without ``area`` of the first town.

    The finest grids are simplified together, once per shared edge, and the ones above are their unions: no
    sliver shows between neighbours or levels. For exact shapes see `spatial.lookup.grids`.

    Returns
    -------
    dict
        ``grids`` (published columns, and derived: households that nobody counted, in_band, band_min,
        band_max, area_m2 by the exact shape, post: key of the post that the policy wants or None),
        ``buildings``, ``features``, ``areas``; EPSG:4326.

    Raises
    ------
    NotFound
        ``nothing_here``: nothing was imported there.
    """
    with store.transaction() as tx:
        codes, ids = _grounds(tx, area)
        shown = editions.grids(tx, area=area) if area is not None else editions.grids(tx)
        shown = shown[shown["area_code"].isin(codes)].reset_index(drop=True)
        shown["derived"] = editions.derived(tx, shown["edition_id"].tolist(), shown["code"].tolist())
        layers = [grounds.load_layers(tx, ground) for ground in ids]
        lattice = stored_places.town_of(tx, codes[0]).lattice
    below = {
        name: gpd.GeoDataFrame(pd.concat([x[name] for x in layers], ignore_index=True), crs=4326)
        for name in ("buildings", "features", "areas")
    }
    division = dict(zip(below["areas"]["code"], below["areas"]["division"], strict=True))
    shown = _banded(shown, division, policy)
    metric = lattice.to_lattice(shown.geometry.to_numpy())
    shown = shown.assign(area_m2=np.rint(shapely.area(metric) / 1e4).astype("int64"))
    shown = shown.set_geometry(lattice.to_lonlat(_for_view(shown, metric)), crs=4326)
    below["features"] = _once(below["features"])
    return {"grids": shown, **below}


def town_duty(store: Store, area: str | None = None, *, shown: Shown = "masked") -> dict[str, pd.DataFrame]:
    """Gather the duty on a town or basic grid; without ``area`` of the first town.

    Parameters
    ----------
    store
        The database.
    area
        9 digits a town, 12 a basic grid.
    shown
        Whether names and phones are whole or masked (张*, 138****1234), also those of a hazard point's
        responsible person and monitors.

    Returns
    -------
    dict
        ``cases`` and ``hazards`` as `spatial.casework.list_cases` and `spatial.watch.list_hazards` have
        them, Points in EPSG:4326, the newest `MOST_CASES` cases; ``threats``: hazard (id), code, households,
        one row a finest grid that shares ground with its danger area; ``staff``: code, post, holder, phone,
        time.

    Raises
    ------
    NotFound
        ``nothing_here``.
    """
    with store.transaction() as tx:
        codes, _ = _grounds(tx, area)
        wanted = area or _parent(tx, codes[0])
        found = hazards.find(tx, area=wanted, limit=PAGE)
        threats = hazards.threatened_grids(tx, [int(i) for i in found["id"]])
        held = staff.find(tx, wanted)
        listed = _every_case(tx, wanted)
    if shown == "masked":
        for column, mask in (("holder", mask_name), ("phone", mask_phone)):
            held[column] = pd.Series([mask(v) for v in held[column]], index=held.index, dtype=object)
        _mask_persons(found)
    return {
        "cases": listed,
        "hazards": found,
        "threats": threats[["hazard", "code", "households"]],
        "staff": held[["code", "post", "holder", "phone", "time"]],
    }


def _mask_persons(found: gpd.GeoDataFrame) -> None:
    """Mask the persons named in a hazard register, in place."""

    def masked(person: Mapping[str, Any]) -> dict[str, Any]:
        mask = {"name": mask_name, "phone": mask_phone}
        return {key: mask[key](value) if key in mask else value for key, value in person.items()}

    people = {
        "responsible": [masked(one) if one else None for one in found["responsible"]],
        "monitors": [[masked(one) for one in several or ()] for several in found["monitors"]],
    }
    for column, values in people.items():
        found[column] = pd.Series(values, index=found.index, dtype=object)


def _parent(tx: Transaction, code: str) -> str:
    return stored_places.get(tx, code).parent or code


def _every_case(tx: Transaction, area: str) -> gpd.GeoDataFrame:
    pages = [cases.find(tx, area=area, limit=PAGE)]
    while (after := pages[-1].attrs["next"]) is not None and len(pages) * PAGE < MOST_CASES:
        pages.append(cases.find(tx, area=area, limit=PAGE, after=after))
    return gpd.GeoDataFrame(pd.concat(pages, ignore_index=True), crs=4326)


def _grounds(tx: Transaction, area: str | None) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Codes and newest grounds of an area's basic grids; without one, of the first town that has any."""
    if area is not None:
        found = stored_places.basic_of(tx, area)
    else:
        every = stored_places.list_places(tx)
        first = min((p.parent for p in every if p.parent), default=None)
        found = [p for p in every if p.parent == first and first is not None]
    there = [(p.code, row.id) for p in found if (row := grounds.latest(tx, p.code)) is not None]
    if not there:
        raise NotFound(
            "nothing_here",
            zh="这里还没有导入数据，请先运行 wangge import。",
            en="Nothing was imported here yet: run wangge import first.",
        )
    return tuple(code for code, _ in there), tuple(ground for _, ground in there)


def _banded(shown: gpd.GeoDataFrame, division: Mapping[str, Any], policy: Policy) -> gpd.GeoDataFrame:
    """Add the band of each grid and whether it holds (None where no band applies), and the post it wants."""
    low: list[int | None] = []
    high: list[int | None] = []
    holds: list[bool | None] = []
    posts: list[str | None] = []
    counted = shown["households" if policy.counts == "occupied" else "registered"]
    for area, level, kind, n in zip(shown["area_code"], shown["level"], shown["kind"], counted, strict=True):
        bands = policy.bands[division[area]]
        band = bands[level - 1] if level and kind == "ordinary" else None
        known = band is not None and band.minimum is not None
        low.append(band.minimum if band else None)
        high.append(band.maximum if band else None)
        holds.append(band.holds(int(n)) if band and known else None)
        posts.append(post_for(division[area], int(level)))
    return shown.assign(
        band_min=pd.array(low, dtype="Int64"), band_max=pd.array(high, dtype="Int64"),
        in_band=pd.Series(holds, dtype=object, index=shown.index),
        post=pd.Series(posts, dtype=object, index=shown.index),
    )  # fmt: skip


def _for_view(shown: gpd.GeoDataFrame, metric: NDArray[np.object_]) -> NDArray[np.object_]:
    """Simplify the finest grids together on the lattice, and build the ones above of them.

    Grids that stand on others keep their shape: it is the building's.
    """
    metric = metric.copy()
    leaf = shown["leaf"].to_numpy(bool)
    base = np.flatnonzero(leaf & ~_on_others(metric, leaf, shown["floors"].notna().to_numpy()))
    if len(base):
        metric[base] = shapely.coverage_simplify(metric[base], VIEW_TOLERANCE_M * 100.0)
    codes = shown["code"].to_numpy(dtype=object)
    for level in sorted(set(shown["level"]) - {shown["level"].max()}):
        digits = DIGITS[int(level)]
        above = np.flatnonzero(~leaf & (shown["level"] == level).to_numpy())
        parts = gpd.GeoDataFrame({"up": [c[:digits] for c in codes[base]]}, geometry=metric[base])
        whole = parts.dissolve("up", method="coverage").geometry
        above = above[np.isin(codes[above].astype(str), whole.index.astype(str))]
        metric[above] = whole.reindex(codes[above]).to_numpy()
    return metric


def _on_others(
    metric: NDArray[np.object_], leaf: NDArray[np.bool_], stacked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which finest grids lie on the ground of a larger one, as upper floors do."""
    rows, runs = np.flatnonzero(leaf), np.flatnonzero(leaf & stacked)
    out = np.zeros(len(metric), dtype=bool)
    if not len(runs):
        return out
    one, other = shapely.STRtree(metric[rows]).query(metric[runs], predicate="intersects")
    run, ground = runs[one], rows[other]
    area = shapely.area(metric)
    smaller = (area[run] < area[ground]) | ((area[run] == area[ground]) & (run > ground))
    run, ground = run[smaller], ground[smaller]
    shared = shapely.area(shapely.intersection(metric[run], metric[ground]))
    out[run[shared > LEAST_OVERLAP_CM2]] = True
    return out


def _once(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave out what neighbouring basic grids brought with them alike, and simplify the rest."""
    alike = features[["layer", "class", "name"]].assign(wkb=features.geometry.to_wkb())
    kept = features[~alike.duplicated()].reset_index(drop=True)
    return kept.set_geometry(shapely.simplify(kept.geometry.to_numpy(), FEATURE_TOLERANCE_DEG), crs=4326)
