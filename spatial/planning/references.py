"""Reference layers: a planner's own files under the plans of a place, to be looked at only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.errors import NotFound, Refused, Where
from spatial.readers.references import read_reference
from spatial.store import places
from spatial.store import references as rows

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.store.engine import Store, Transaction
    from spatial.store.references import ReferenceRow

MOST_LAYERS = 20
"""So many layers a place may have."""
DECIMALS = 7
"""A layer is looked at, not edited: about a centimetre."""


def add_reference(
    store: Store, code: str, path: Path, *, name: str, who: str, crs: str | None = None
) -> ReferenceRow:
    """Lay a file under the plans of a town or basic grid.

    Parameters
    ----------
    store
        The database.
    code
        9 or 12 digits.
    path
        GeoJSON, Shapefile as zip, KML, GeoPackage.
    name
        What the layer is called.
    who
        Who lays it.
    crs
        System of a file that declares none.

    Raises
    ------
    BadFile, BadCoordinates
        See `spatial.readers.references.read_reference`.
    Refused
        ``too_many_references``.
    NotFound
        ``no_such_place``.
    """
    with store.transaction() as tx:
        around = _outlines(tx, code)
    frame = read_reference(path, around, crs=crs)
    with store.transaction() as tx:
        place = places.get(tx, code)
        if len(rows.of(tx, place)) >= MOST_LAYERS:
            raise Refused(
                "too_many_references",
                zh=f"这里已有 {MOST_LAYERS} 个参考图层，请先删除不用的。",
                en=f"There are {MOST_LAYERS} reference layers here already: delete one that is not used.",
                where=(Where(ref=code),),
            )
        return rows.add(
            tx, place, name=name, file=path.name, features=len(frame), collection=_geojson(frame), who=who
        )


def references(store: Store, code: str) -> list[ReferenceRow]:
    """List the reference layers of a place; NotFound (``no_such_place``)."""
    with store.transaction() as tx:
        return rows.of(tx, places.get(tx, code))


def reference(store: Store, code: str, number: int) -> str:
    """Get the GeoJSON of a reference layer (label; EPSG:4326); NotFound (``no_such_reference``)."""
    with store.transaction() as tx:
        found = rows.collection(tx, places.get(tx, code), number)
    if found is None:
        raise _missing(number)
    return found


def remove_reference(store: Store, code: str, number: int) -> None:
    """Delete a reference layer; NotFound (``no_such_reference``)."""
    with store.transaction() as tx:
        if not rows.remove(tx, places.get(tx, code), number):
            raise _missing(number)


def _missing(number: int) -> NotFound:
    return NotFound(
        "no_such_reference",
        zh=f"没有编号为 {number} 的参考图层，可能已被删除。",
        en=f"There is no reference layer {number} here; it may have been deleted.",
        where=(Where(ref=str(number)),),
    )


def _outlines(tx: Transaction, code: str) -> NDArray[np.object_]:
    """Outlines (EPSG:4326) of a basic grid, or of all of a town's."""
    place, town = places.get(tx, code), places.town_of(tx, code)
    found = places.outlines(tx, town)
    chosen = [shape for one, shape in found.items() if place.level == "town" or one == code]
    array: NDArray[np.object_] = np.array(chosen, dtype=object)
    return np.asarray(town.lattice.to_lonlat(array), dtype=object)


def _geojson(frame: gpd.GeoDataFrame) -> str:
    """Write a frame as a FeatureCollection."""
    shapes = shapely.to_geojson(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy.round(DECIMALS)))
    labels = [json.dumps({"label": label}, ensure_ascii=False) for label in frame["label"]]
    features = ",".join(
        f'{{"type":"Feature","properties":{label},"geometry":{shape}}}'
        for label, shape in zip(labels, shapes, strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'
