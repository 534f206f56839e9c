"""A mapping file: which layer of somebody's file is which of ours, and which column is which."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from spatial.errors import Where
from spatial.readers.features import FEATURE_LAYERS
from spatial.readers.gpkg import Layer
from spatial.readers.vector import Folder, open_vector
from spatial.readers.words import bad_file

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.readers.vector import Source
    from spatial.readers.words import Findings

LAYERS = ("boundary", "buildings", "households", *FEATURE_LAYERS, "places", "grids")
KEYS = ("file", "layer", "columns", "constants", "derive")
CUT_BYTES = 8
"""A name of fewer bytes was not cut: of ten, the last letter may be lost."""
BY_ROW = "#"
"""Stands for the row's number where a layer has no building numbers."""


@dataclass(frozen=True)
class Entry:
    """Where one of our layers comes from.

    Parameters
    ----------
    file, layer
        File beside the place (None: the place itself), and its layer (None: the only one).
    columns
        Our column: theirs; :data:`BY_ROW` for bid = the row's number.
    constants
        Our column: one value for all rows that lack it.
    derive
        Buildings only: households are derived (docs/readers.md).
    """

    file: str | None = None
    layer: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str | int] = field(default_factory=dict)
    derive: bool = False


def read_mapping(path: Path) -> dict[str, Entry]:
    """Read a mapping from JSON or TOML.

    Raises
    ------
    BadFile
        ``file_missing``, ``mapping_broken``, ``mapping_unknown``.
    """
    if not path.is_file():
        raise bad_file("file_missing", where=Where(value=str(path)))
    try:
        text = path.read_text(encoding="utf-8-sig")
        told = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (UnicodeDecodeError, ValueError) as error:
        raise bad_file("mapping_broken", where=Where(value=path.name), why=str(error)) from error
    if not isinstance(told, dict) or not all(isinstance(entry, dict) for entry in told.values()):
        raise bad_file("mapping_broken", where=Where(value=path.name), why="no table of tables")
    return {layer: _entry(layer, entry, path) for layer, entry in told.items()}


def _entry(layer: str, told: dict[str, Any], path: Path) -> Entry:
    if layer not in LAYERS:
        raise bad_file("mapping_unknown", where=Where(layer=path.name, value=layer), why=", ".join(LAYERS))
    for key in told:
        if key not in KEYS:
            raise bad_file("mapping_unknown", where=Where(layer=layer, value=key), why=", ".join(KEYS))
    kinds = {"file": str, "layer": str, "columns": dict, "constants": dict, "derive": bool}
    for key, value in told.items():
        if not isinstance(value, kinds[key]):
            why = f"{layer}.{key}: {kinds[key].__name__}"
            raise bad_file("mapping_broken", where=Where(value=path.name), why=why)
    columns = {str(ours): str(theirs) for ours, theirs in told.get("columns", {}).items()}
    return Entry(
        told.get("file"), told.get("layer"), columns, told.get("constants", {}), told.get("derive", False)
    )


class Mapped:
    """A source under our names: layers and columns as the mapping says; layers it does not name stay.

    Parameters
    ----------
    path
        The place: a file or a folder; files that the mapping names lie in the folder, or beside the file.
    entries
        From :func:`read_mapping`.
    findings
        Takes ``bid_by_row``.
    """

    def __init__(self, path: Path, entries: dict[str, Entry], findings: Findings) -> None:
        self._place, self._folder = path, path if path.is_dir() else path.parent
        self._findings = findings
        self._entries = entries
        self._sources: dict[str | None, Source] = {None: open_vector(path)}
        self._from = {ours: self._locate(ours, entry) for ours, entry in entries.items()}
        root = self._sources[None]
        used = list(self._from.values())
        for name in root.layers:
            origin = root.origin(name) if isinstance(root, Folder) else (root, name)
            if (root, name) not in used and origin not in used and name not in self._from:
                self._from[name] = (root, name)
        self.layers: tuple[str, ...] = tuple(self._from)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that a layer comes from."""
        return tuple(dict.fromkeys(file for source in self._sources.values() for file in source.files))

    def read(self, name: str) -> Layer:
        """Read one of our layers, its columns renamed."""
        if name not in self._from:
            raise bad_file("layer_missing", where=Where(layer=name), why=", ".join(self.layers) or "-")
        source, inner = self._from[name]
        layer, entry = source.read(inner), self._entries.get(name, Entry())
        rows, types = layer.rows.copy(), dict(layer.types)
        for ours, theirs in entry.columns.items():
            if theirs == BY_ROW and ours == "bid":
                rows[ours], types[ours] = [str(i + 1) for i in range(len(rows))], "object"
                self._findings.note("bid_by_row", Where(layer=name, field="bid"))
                continue
            found = _column(layer, theirs)
            if found is None:
                why = ", ".join(map(str, layer.rows.columns)) or "-"
                raise bad_file(
                    "mapping_column_missing", where=Where(layer=name, field=ours, value=theirs), why=why
                )
            rows[ours], types[ours] = layer.rows[found], layer.types.get(found, "object")
        for ours, value in entry.constants.items():
            rows[ours] = pd.Series([value] * len(rows), dtype=object) if ours not in rows else rows[ours]
        return replace(layer, name=name, rows=rows, types=types)

    def _open(self, name: str) -> Source:
        """Open a file that the mapping names: the place itself, one inside it, or one beside it."""
        root, file = self._sources[None], self._folder / name
        if file.exists() and file.samefile(self._place):
            return root
        inside = root.of_file(name) if isinstance(root, Folder) else None
        return inside or open_vector(file)

    def _locate(self, ours: str, entry: Entry) -> tuple[Source, str]:
        if entry.file not in self._sources:
            self._sources[entry.file] = self._open(str(entry.file))
        source = self._sources[entry.file]
        wanted = entry.layer or (ours if ours in source.layers else None)
        if wanted is None and len(source.layers) == 1:
            wanted = source.layers[0]
        if wanted not in source.layers:
            where = Where(layer=ours, value=wanted or entry.file or "-")
            raise bad_file("mapping_layer_missing", where=where, why=", ".join(source.layers) or "-")
        return source, str(wanted)


def _column(layer: Layer, said: str) -> str | None:
    """Column of that name; a Shapefile cuts names at ten bytes, so the one that it begins with will do."""
    columns = [str(column) for column in layer.rows.columns]
    if said in columns:
        return said
    cut = [column for column in columns if said.startswith(column) and len(column.encode()) >= CUT_BYTES]
    return cut[0] if len(cut) == 1 else None
