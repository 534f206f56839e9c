"""What planners said on the map of a place: kept with who and when until it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from spatial.errors import NotFound
from spatial.store.rows import ewkb, geoframe

if TYPE_CHECKING:
    import geopandas as gpd

    from spatial.store.engine import Transaction
    from spatial.store.places import Place

SAYING_COLUMNS = ("id", "place", "kind", "class", "name", "note", "who", "at", "geometry")


def add(tx: Transaction, place: Place, said: dict[str, Any], geometry: Any, who: str) -> int:
    """Keep a saying (``kind``, ``class``, ``name``, ``note``; geometry EPSG:4326); give its id."""
    row = {**said, "class_": said["class"], "place": place.id, "county": place.code[:6], "who": who}
    return int(
        tx.execute(
            sa.text(
                "INSERT INTO saying (county_code, place_id, kind, class, name, note, geom, who) VALUES"
                " (:county, :place, :kind, :class_, :name, :note, CAST(:geom AS geometry), :who) RETURNING id"
            ),
            row | {"geom": ewkb([geometry])[0]},
        ).scalar_one()
    )


def change(tx: Transaction, code: str, number: int, said: dict[str, Any], geometry: Any, who: str) -> None:
    """Put other words, or another geometry, in a saying's place; NotFound (``no_such_saying``)."""
    _known(tx, code, number)
    tx.execute(
        sa.text(
            "UPDATE saying SET kind = :kind, class = :class_, name = :name, note = :note,"
            " geom = CAST(:geom AS geometry), who = :who, made_at = clock_timestamp() WHERE id = :id"
        ),
        {**said, "class_": said["class"], "geom": ewkb([geometry])[0], "who": who, "id": number},
    )


def of_place(tx: Transaction, code: str) -> gpd.GeoDataFrame:
    """Read what was said of a place, of its town and of its basic grids, the oldest first.

    Returns
    -------
    GeoDataFrame
        ``SAYING_COLUMNS``, EPSG:4326; ``place`` is the code of the place that it was said of.
    """
    return geoframe(
        tx,
        "SELECT s.id, p.code AS place, s.kind, s.class, s.name, s.note, s.who, s.made_at AS at,"
        " ST_AsBinary(s.geom) AS geometry FROM saying AS s JOIN place AS p ON p.id = s.place_id"
        " WHERE p.code = :code OR p.parent = :code OR p.code = (SELECT parent FROM place WHERE code = :code)"
        " ORDER BY s.id",
        {"code": code},
        integers=("id",),
    )


def remove(tx: Transaction, code: str, number: int) -> None:
    """Take a saying back; NotFound (``no_such_saying``) where the place has none of that id."""
    _known(tx, code, number)
    tx.execute(sa.text("DELETE FROM saying WHERE id = :id"), {"id": number})


def _known(tx: Transaction, code: str, number: int) -> None:
    if number not in set(of_place(tx, code)["id"]):
        raise NotFound(
            "no_such_saying",
            zh=f"{code} 没有编号为 {number} 的说明，可能已被删除。",
            en=f"{code} has no saying {number}; it may have been taken back.",
            data={"saying": number},
        )
