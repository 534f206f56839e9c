"""Files of other programs opened as layers: GeoJSON, Shapefile (file, folder, zip), KML, GeoPackage."""

from __future__ import annotations

import codecs
import tempfile
import warnings
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from spatial.errors import Where
from spatial.readers.gpkg import READ_ERRORS, GeoPackage, Layer, read_frame
from spatial.readers.words import bad_file

if TYPE_CHECKING:
    from collections.abc import Iterable

SINGLE = {".geojson", ".json", ".shp"}
"""Files of one layer: it is called as the file is."""
SUFFIXES = (*sorted(SINGLE), ".kml", ".kmz", ".gpkg", ".zip")
_KML = {".kml", ".kmz"}
ZIP_LIMIT = 2_000_000_000
"""An archive that unpacks to more bytes is refused."""
_CHINESE_CPG = {"gbk", "gb2312", "936", "cp936", "ms936", "ansi936", "euccn", "gb18030", "54936"}
_ENCODINGS = ("utf-8", "gb18030")
CUT_FROM = 10
"""Bytes that a name may have in a Shapefile."""
_BYTES = "ISO-8859-1"
"""Letter for byte: GDAL hands text over as it stands."""
_PARTS = {".shp", ".shx", ".dbf", ".prj", ".cpg"}


class Source(Protocol):
    """Anything that layers are read from.

    ``layers`` are the layers' names in file order, ``files`` all that the layers come from, for the hash.
    """

    layers: tuple[str, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """Files that the layers come from."""
        ...

    def read(self, name: str) -> Layer:
        """Read one layer as it stands."""
        ...


def open_vector(path: Path) -> Source:
    """Open a file or folder by its name's ending.

    Raises
    ------
    BadFile
        ``file_missing``, ``file_empty``, ``file_broken``, ``format_unknown``, ``layer_missing``.
    """
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise bad_file("file_missing", where=Where(value=str(path)))
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        return GeoPackage(path)
    if suffix not in SUFFIXES:
        raise bad_file("format_unknown", where=Where(value=path.name), why=" ".join(SUFFIXES))
    if path.stat().st_size == 0:
        raise bad_file("file_empty", where=Where(value=path.name))
    return Archive(path) if suffix == ".zip" else VectorFile(path)


class VectorFile:
    """One GeoJSON, Shapefile or KML file.

    A GeoJSON or Shapefile has one layer, called as the file; a KML file one a folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._inner: dict[str, str] = {}
        try:
            found = [str(name) for name, _ in pyogrio.list_layers(path)]
        except DataSourceError as error:
            why = str(error).replace(f"{path.parent}/", "")  # where the server keeps it is nobody's business
            raise bad_file("file_broken", where=Where(value=path.name), why=why) from error
        if path.suffix.lower() in SINGLE:
            self._inner = dict.fromkeys((path.stem,), found[0]) if found else {}
        else:
            self._inner = {name: name for name in found}
        self.layers: tuple[str, ...] = tuple(self._inner)

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, and those that belong to it."""
        if self.path.suffix.lower() != ".shp":
            return (self.path,)
        beside = self.path.parent.glob(f"{self.path.stem}.*")
        return tuple(sorted(file for file in beside if file.suffix.lower() in _PARTS))

    def read(self, name: str) -> Layer:
        """Read one layer as it stands; text as the .cpg says, else as UTF-8, else as GB18030."""
        if name not in self._inner:
            raise bad_file("layer_missing", where=Where(layer=name), why=", ".join(self.layers) or "-")
        suffix = self.path.suffix.lower()
        try:
            layer = read_layer(
                self.path, self._inner[name], called=name, encoding=_BYTES if suffix == ".shp" else None
            )
        except READ_ERRORS as error:
            raise bad_file("layer_broken", where=Where(layer=name), why=str(error)) from error
        if suffix == ".shp":
            return self._lettered(layer)
        return _of_kml(layer) if suffix in _KML else layer

    def _lettered(self, layer: Layer) -> Layer:
        """Read the text of a Shapefile in the first encoding that it can be."""
        why = ""
        for encoding in self._encodings():
            try:
                return _decoded(layer, encoding)
            except (UnicodeDecodeError, LookupError) as error:
                why = str(error)
        raise bad_file("layer_broken", where=Where(layer=layer.name), why=why)

    def _encodings(self) -> tuple[str, ...]:
        cpg = next((file for file in self.files if file.suffix.lower() == ".cpg"), None)
        if cpg is None:
            return _ENCODINGS
        said = cpg.read_bytes().decode("ascii", "replace").strip()
        word = said.lower().replace("-", "").replace("_", "").replace(" ", "")
        if word in _CHINESE_CPG:
            return ("gb18030",)
        return ("utf-8",) if word in {"utf8", "65001"} else (said, *_ENCODINGS)


class Folder:
    """All files of known formats in a folder, sub-folders included; each one's layers."""

    def __init__(self, path: Path, *, called: str | None = None) -> None:
        self.path = path
        self._owner: dict[str, tuple[Source, str]] = {}
        files = [f for f in sorted(path.rglob("*")) if f.suffix.lower() in SUFFIXES and f.suffix != ".zip"]
        self._sources = [open_vector(file) for file in files if file.is_file()]
        for file, source in zip(files, self._sources, strict=True):
            for layer in source.layers:
                name = layer if layer not in self._owner else f"{file.stem}/{layer}"
                self._owner[name] = (source, layer)
        if not self._owner:
            raise bad_file("format_unknown", where=Where(value=called or path.name), why=" ".join(SUFFIXES))
        self.layers: tuple[str, ...] = tuple(self._owner)

    def origin(self, name: str) -> tuple[Source, str]:
        """Tell the file, opened, that a layer comes from, and what the layer is called there."""
        return self._owner[name]

    def of_file(self, name: str) -> Source | None:
        """Give a file of the folder, opened, by its name or its path there; None where there is none."""
        said = Path(name).parts
        for source in self._sources:
            if any(file.parts[-len(said) :] == said for file in source.files):
                return source
        return None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file of the folder that is read."""
        return tuple(file for source in self._sources for file in source.files)

    def read(self, name: str) -> Layer:
        """Read one layer as it stands."""
        if name not in self._owner:
            raise bad_file("layer_missing", where=Where(layer=name), why=", ".join(self.layers) or "-")
        source, inner = self._owner[name]
        layer = source.read(inner)
        return replace(layer, name=name)


class Archive(Folder):
    """A zip of Shapefiles or other files, unpacked beside nothing: gone when the reader is."""

    def __init__(self, path: Path) -> None:
        self._unpacked = tempfile.TemporaryDirectory(prefix="wangge-")
        _unpack(path, Path(self._unpacked.name))
        super().__init__(Path(self._unpacked.name), called=path.name)
        self._archive = path

    @property
    def files(self) -> tuple[Path, ...]:
        """The archive itself."""
        return (self._archive,)


def read_layer(path: Path, layer: str, *, called: str, **options: Any) -> Layer:
    """Read a layer by GDAL; raises what GDAL raises (``READ_ERRORS``)."""
    with warnings.catch_warnings():
        # a system that GDAL can't parse is told as crs_missing or crs_unknown, with its layer
        warnings.simplefilter("ignore", RuntimeWarning)
        info = pyogrio.read_info(path, layer=layer, **options)
        frame, closed = read_frame(path, layer, **options)
    types = dict(zip(map(str, info["fields"]), map(str, info["dtypes"]), strict=True))
    if not isinstance(frame, gpd.GeoDataFrame):
        return Layer(called, frame, types, None, None)
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return Layer(called, rows, types, frame.geometry.to_numpy(dtype=object), info["crs"], closed=closed)


def _decoded(layer: Layer, encoding: str) -> Layer:
    """Layer of a Shapefile whose text stands as bytes; a name of ten bytes may end within a letter."""
    names = {column: _whole_letters(column, encoding) for column in map(str, layer.rows.columns)}
    rows = layer.rows.rename(columns=names)
    for column in [name for name in rows if pd.api.types.is_string_dtype(rows[name].dtype)]:
        values = [_whole_letters(v, encoding) if isinstance(v, str) else v for v in rows[column]]
        rows[column] = pd.Series(values, index=rows.index, dtype=object)
    return replace(layer, rows=rows, types={names[column]: kind for column, kind in layer.types.items()})


def _whole_letters(text: str, encoding: str) -> str:
    """Text of bytes in an encoding; of ten and more the last letter may be cut, and is left out.

    Raises
    ------
    UnicodeDecodeError
        It is not of that encoding.
    LookupError
        No such encoding.
    """
    said = text.encode(_BYTES)
    return codecs.getincrementaldecoder(encoding)().decode(said, final=len(said) < CUT_FROM)


def _of_kml(layer: Layer) -> Layer:
    """Undo what GDAL does to KML: numbers are text there, and a placemark's ``name`` is called ``Name``."""
    rows, types = layer.rows, layer.types
    if "Name" in rows and "name" not in rows:
        rows, types = rows.assign(name=rows["Name"]), {**types, "name": types["Name"]}
    return replace(layer, rows=rows, types=types, typed=False)


def _unpack(path: Path, folder: Path) -> None:
    """Unpack the members that are read; names as UTF-8 where they are UTF-8, else as GB18030."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = list(_wanted(archive.infolist()))
            if sum(member.file_size for member, _ in members) > ZIP_LIMIT:
                raise bad_file("file_broken", where=Where(value=path.name), why=f"> {ZIP_LIMIT} bytes")
            for i, (member, name) in enumerate(members):
                # each directory of the archive gets a number: no name of a member leads outside
                place = folder / str(_directory(members, i))
                place.mkdir(exist_ok=True)
                (place / name).write_bytes(archive.read(member))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise bad_file("file_broken", where=Where(value=path.name), why=str(error)) from error


def _wanted(members: Iterable[zipfile.ZipInfo]) -> Iterable[tuple[zipfile.ZipInfo, str]]:
    for member in members:
        name = member.filename
        if not member.flag_bits & 0x800:
            name = _said(name.encode("cp437", "replace"))
        name = name.replace("\\", "/").rpartition("/")[2]
        if Path(name).suffix.lower() in _PARTS | set(SUFFIXES) - {".zip"} and not name.startswith("."):
            yield member, name


def _said(name: bytes) -> str:
    """Read a name whose encoding the archive does not tell: zip on Linux writes UTF-8, on Windows GB18030."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def _directory(members: list[tuple[zipfile.ZipInfo, str]], i: int) -> int:
    where = [member.filename.rpartition("/")[0] for member, _ in members]
    return where.index(where[i])
