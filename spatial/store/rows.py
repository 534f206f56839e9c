"""Many rows at once between frames and tables: COPY in, one SELECT out, geometry as WKB arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.store.engine import Transaction

WGS84 = 4326


def copy_in(tx: Transaction, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table by COPY.

    Parameters
    ----------
    table, columns
        Names, quoted here.
    rows
        One sequence of Python values a row, in the order of ``columns``; geometry as `ewkb` gives it, JSON as
        text. Where there are none, the database is not asked.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver: Any = tx.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write_row(first)
        for row in rows:
            copy.write_row(row)


def ewkb(geoms: Any, lattice: Lattice | None = None) -> list[str | None]:
    """Write geometries as hexadecimal EWKB of EPSG:4326, exact to the last bit.

    Parameters
    ----------
    geoms
        (N,) geometries or None, EPSG:4326, or lattice centimetres where ``lattice`` is given.
    lattice
        The town's lattice, or None.
    """
    array = np.asarray(geoms, dtype=object)
    if lattice is not None:
        array = lattice.to_lonlat(array)
    out: list[str | None] = shapely.to_wkb(
        shapely.set_srid(array, WGS84), hex=True, include_srid=True
    ).tolist()
    return out


def geometries(values: Iterable[bytes | None], lattice: Lattice | None = None) -> NDArray[np.object_]:
    """Read WKB as ``ST_AsBinary`` gives it: (N,) EPSG:4326, or lattice centimetres with ``lattice``."""
    array: NDArray[np.object_] = np.atleast_1d(
        shapely.from_wkb(np.array([None if v is None else bytes(v) for v in values], dtype=object))
    )
    return np.asarray(lattice.to_lattice(array), dtype=object) if lattice is not None else array


def values(column: pd.Series[Any]) -> list[Any]:
    """Python values of a column, None where it has none."""
    out: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return out


def frame(tx: Transaction, query: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Run a query; one row = one row of it, every column of Python objects (text, int, None)."""
    result = tx.execute(sa.text(query), dict(parameters or {}))
    return pd.DataFrame(result.all(), columns=list(result.keys()), dtype=object)


def geoframe(
    tx: Transaction, query: str, parameters: Mapping[str, Any] | None = None, integers: Sequence[str] = ()
) -> gpd.GeoDataFrame:
    """Run a query whose column ``geometry`` is WKB; ``integers`` become int64, or Int64 with gaps."""
    plain = frame(tx, query, parameters)
    for column in integers:
        whole = plain[column].astype("Int64")
        plain[column] = whole if whole.isna().any() else whole.astype("int64")
    geometry = geometries(plain.pop("geometry"))
    return gpd.GeoDataFrame(plain, geometry=geometry, crs=WGS84)
