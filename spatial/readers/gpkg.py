"""A GeoPackage opened with care: broken, truncated and foreign files end as a clear error, never a crash."""

from __future__ import annotations

import sqlite3
import warnings
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from shapely.errors import ShapelyError

from spatial.errors import Where
from spatial.readers.words import bad_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAGIC = b"SQLite format 3\x00"
READ_ERRORS = (
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
    ShapelyError,
    UnboundLocalError,
    UnicodeDecodeError,
    ValueError,
)
"""What GDAL, pyogrio and shapely raise for a layer that can't be read.

pyogrio 0.13 raises UnboundLocalError for a .prj that is no UTF-8.
"""
_SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""A broken schema is told in words that are no UTF-8, and the words then fail."""
_UNDEFINED = {-1, 0}
"""srs_id of a layer of undefined Cartesian or geographic system, by the GeoPackage standard."""
_NAMELESS = ("LOCAL_CS", "ENGCRS", "undefined")
"""How the definition of a system begins that a program wrote for want of one."""


@dataclass(frozen=True)
class Layer:
    """One layer as it stands in the file.

    Parameters
    ----------
    name
        Name of the layer.
    rows
        Attributes, index 0..n-1 in file order; row number in messages = index + 1.
    types
        Declared type of each column: int32, int64, float64, object, bool, datetime64 ...
    geometry
        Shapely geometries (n,) in the file's own system, or None for a table without geometry; a missing
        geometry is None.
    crs
        Declared system as WKT or ``EPSG:n``; None where the file declares none.
    settled
        Whether the format itself settles the system (OpenStreetMap), so that ``--crs`` does not beat it.
    closed
        Rows from 0 whose rings did not end where they began and were closed.
    typed
        Whether the form tells numbers from text; KML often does not, and GDAL writes whole numbers there as
        text.
    """

    name: str
    rows: pd.DataFrame
    types: dict[str, str]
    geometry: NDArray[np.object_] | None
    crs: str | None
    settled: bool = False
    closed: tuple[int, ...] = ()
    typed: bool = True


class GeoPackage:
    """A GeoPackage file whose pages and tables of contents were found sound.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    BadFile
        ``file_missing``, ``file_empty`` or ``file_broken``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _sound(path)
        self._srs = _declared(path)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                self.layers: tuple[str, ...] = tuple(str(name) for name, _ in pyogrio.list_layers(path))
        except DataSourceError as error:
            raise _broken(path, str(error)) from error

    @property
    def files(self) -> tuple[Path, ...]:
        """The file itself."""
        return (self.path,)

    def read(self, name: str) -> Layer:
        """Read one layer as it stands.

        Raises
        ------
        BadFile
            ``layer_missing`` or ``layer_broken``.
        """
        if name not in self.layers:
            raise bad_file("layer_missing", where=Where(layer=name), why=", ".join(self.layers) or "-")
        try:
            with warnings.catch_warnings():
                # a system that GDAL can't parse is told as crs_unknown, with its layer
                warnings.simplefilter("ignore", RuntimeWarning)
                info = pyogrio.read_info(self.path, layer=name)
                frame, closed = read_frame(self.path, name)
        except READ_ERRORS as error:
            raise bad_file("layer_broken", where=Where(layer=name), why=str(error)) from error
        types = dict(zip(map(str, info["fields"]), map(str, info["dtypes"]), strict=True))
        if not isinstance(frame, gpd.GeoDataFrame):
            return Layer(name, frame, types, None, None)
        crs = info["crs"] or self._srs.get(name)
        if self._srs.get(name) is None:
            crs = None
        geometry = frame.geometry.to_numpy(dtype=object)
        rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
        return Layer(name, rows, types, geometry, crs, closed=closed)


def read_frame(path: Path, layer: str, **options: Any) -> tuple[pd.DataFrame, tuple[int, ...]]:
    """Read a layer by GDAL, and the rows whose rings had to be closed; raises what GDAL raises."""
    try:
        return pyogrio.read_dataframe(path, layer=layer, **options), ()
    except ShapelyError:
        whole = pyogrio.read_dataframe(path, layer=layer, on_invalid="fix", **options)
        strict = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore", **options)
    mended = strict.geometry.isna().to_numpy() & whole.geometry.notna().to_numpy()
    return whole, tuple(int(row) for row in mended.nonzero()[0])


def _sound(path: Path) -> None:
    """Check that the file is a whole SQLite database with a GeoPackage's contents table."""
    if not path.is_file():
        raise bad_file("file_missing", where=Where(value=str(path)))
    if path.stat().st_size == 0:
        raise bad_file("file_empty", where=Where(value=path.name))
    try:
        with path.open("rb") as handle:
            head = handle.read(len(_MAGIC))
    except OSError as error:
        raise _broken(path, error.strerror or str(error)) from error
    if head != _MAGIC:
        raise _broken(path, "no SQLite header")
    try:
        with closing(_connect(path)) as db:
            answer = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
            tables = db.execute("SELECT count(*) FROM gpkg_contents").fetchone()[0]
    except _SQLITE_ERRORS as error:
        raise _broken(path, str(error)) from error
    if answer != "ok":
        raise _broken(path, answer)
    if tables == 0:
        raise bad_file("layer_missing", where=Where(layer="boundary"), why="-")


def _declared(path: Path) -> dict[str, str | None]:
    """Name the system that each layer declares, None where it declares none."""
    query = (
        "SELECT g.table_name, g.srs_id, s.organization, s.organization_coordsys_id, s.definition "
        "FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s USING (srs_id)"
    )
    try:
        with closing(_connect(path)) as db:
            rows = db.execute(query).fetchall()
    except _SQLITE_ERRORS:
        return {}
    systems: dict[str, str | None] = {}
    for table, srs, organisation, number, definition in rows:
        nameless = srs in _UNDEFINED or str(definition or "srs").startswith(_NAMELESS)
        systems[str(table)] = None if nameless else f"{organisation or 'srs_id'}:{number or srs}"
    return systems


def _connect(path: Path) -> sqlite3.Connection:
    # immutable: no lock and no journal beside a file that may lie in a read-only folder
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _broken(path: Path, why: str) -> Exception:
    return bad_file("file_broken", where=Where(value=path.name), why=why)
