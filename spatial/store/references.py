"""Reference layers in the store: GeoJSON to look at under the plans of a place; never part of any ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from spatial.store import tables

if TYPE_CHECKING:
    from datetime import datetime

    from spatial.store.engine import Transaction
    from spatial.store.places import Place

_T = tables.reference_layer
_LISTED = (_T.c.id, _T.c.name, _T.c.file, _T.c.features, _T.c.who, _T.c.made_at)


@dataclass(frozen=True)
class ReferenceRow:
    """A reference layer without its shapes: name, file that it came from, features, who laid it, when."""

    id: int
    name: str
    file: str
    features: int
    who: str
    made_at: datetime


def add(
    tx: Transaction, place: Place, *, name: str, file: str, features: int, collection: str, who: str
) -> ReferenceRow:
    """Keep a layer; ``collection`` is a GeoJSON FeatureCollection as text, EPSG:4326."""
    made = sa.insert(_T).values(
        place_id=place.id, county_code=place.code[:6], name=name, file=file, features=features,
        collection=collection, who=who,
    )  # fmt: skip
    return ReferenceRow(*tx.execute(made.returning(*_LISTED)).one())


def of(tx: Transaction, place: Place) -> list[ReferenceRow]:
    """List the layers of a place, the oldest first."""
    query = sa.select(*_LISTED).where(_T.c.place_id == place.id).order_by(_T.c.id)
    return [ReferenceRow(*row) for row in tx.execute(query)]


def collection(tx: Transaction, place: Place, number: int) -> str | None:
    """Get the GeoJSON of a layer of a place; None where there is no such layer."""
    query = sa.select(_T.c.collection).where(_T.c.place_id == place.id, _T.c.id == number)
    found: str | None = tx.execute(query).scalar_one_or_none()
    return found


def remove(tx: Transaction, place: Place, number: int) -> bool:
    """Drop a layer; False where there is no such layer."""
    gone = sa.delete(_T).where(_T.c.place_id == place.id, _T.c.id == number)
    return tx.execute(gone.returning(_T.c.id)).first() is not None
