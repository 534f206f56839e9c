"""An OpenStreetMap extract read through for what GDAL leaves out without a word.

GDAL builds the shapes (``spatial/readers/osm.py``). It drops a relation of which a member is missing, a way
of one node, and the nodes of a way that the extract does not hold, and says nothing: here they get names.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np

from spatial.readers.pbf import blocks, deltas, fields, numbers, packed, signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Tags = dict[str, str]
    Parts = dict[int, int | bytes]

MOST_BYTES = 100_000_000
"""A larger file is not read through: it would take minutes."""
AREAS = frozenset({"multipolygon", "boundary"})
WAY = 1
_KINDS = {"node": 0, "way": WAY, "relation": 2}


def is_building(tags: Tags) -> bool:
    """Say whether a thing's tags make it a building."""
    return tags.get("building", "no") != "no"


@dataclass(frozen=True)
class Relation:
    """A relation that is to be an area: its tags, its member ways, and those of them the extract has not."""

    id: int
    tags: Tags
    ways: tuple[int, ...]
    missing: tuple[int, ...] = ()


@dataclass
class Scan:
    """What stands in an extract.

    Parameters
    ----------
    ways
        Ids of all ways.
    buildings
        Nodes of each way with building=*, by the way's id.
    relations
        Relations of type multipolygon or boundary, and those with building=* of any other type.
    """

    ways: set[int] = field(default_factory=set)
    buildings: dict[int, list[int]] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    _nodes: list[NDArray[np.int64]] = field(default_factory=list)

    def broken(self) -> list[Relation]:
        """Relations of which member ways are missing, or that have none."""
        told = [
            Relation(r.id, r.tags, r.ways, tuple(w for w in r.ways if w not in self.ways))
            for r in self.relations
        ]
        return [r for r in told if r.missing or not r.ways]

    def untyped(self) -> list[Relation]:
        """Relations with building=* that are no multipolygon: nothing says which way is outside."""
        return [r for r in self.relations if r.tags.get("type") not in AREAS]

    def whole(self) -> list[Relation]:
        """Building relations that should make a shape: multipolygons of which every member way is there."""
        lost = {r.id for r in self.broken()}
        return [
            r
            for r in self.relations
            if is_building(r.tags) and r.tags.get("type") in AREAS and r.id not in lost
        ]

    def short(self) -> list[int]:
        """Buildings' ways of which the extract has fewer than three nodes."""
        owner, refs, here = self._refs()
        pairs = np.unique(np.column_stack([owner[here], refs[here]]), axis=0)
        held = dict(zip(*np.unique(pairs[:, 0], return_counts=True), strict=True))
        return [way for way in self.buildings if held.get(way, 0) < 3]

    def incomplete(self) -> list[int]:
        """Buildings' ways of which the extract has not every node."""
        owner, _, here = self._refs()
        return [int(way) for way in np.unique(owner[~here])]

    def _refs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Way and node of each node of a building's way, and whether the extract has it."""
        many = [len(refs) for refs in self.buildings.values()]
        owner = np.repeat(np.array(list(self.buildings), dtype=np.int64), many)
        refs = np.array([ref for way in self.buildings.values() for ref in way], dtype=np.int64)
        nodes = np.concatenate(self._nodes) if self._nodes else np.empty(0, dtype=np.int64)
        return owner, refs, np.isin(refs, nodes)

    def add_relation(self, number: int, members: list[tuple[int, int]], tags: Tags) -> None:
        """Take a relation in, its members as (kind, id)."""
        if tags.get("type") in AREAS or is_building(tags):
            ways = tuple(member for kind, member in members if kind == WAY)
            self.relations.append(Relation(number, tags, ways))

    def add_nodes(self, numbers: NDArray[np.int64]) -> None:
        """Take nodes in."""
        self._nodes.append(numbers)


def scan(path: Path) -> Scan | None:
    """Read an extract through; None where it is too large, or not of a form that can be read here."""
    if path.stat().st_size > MOST_BYTES:
        return None
    found = Scan()
    try:
        if path.suffix.lower() == ".pbf":
            _scan_pbf(path, found)
        else:
            _scan_xml(path, found)
    except (
        ET.ParseError,
        zlib.error,
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        OverflowError,
        NotImplementedError,
    ):
        return None  # GDAL has the last word on whether the file is broken
    return found


def _scan_xml(path: Path, found: Scan) -> None:
    nodes: list[int] = []
    for _, element in ET.iterparse(path):  # noqa: S314 - entities are bounded by expat >= 2.4.1
        if element.tag not in _KINDS:
            continue
        number = int(element.attrib["id"])
        tags = {tag.attrib["k"]: tag.attrib["v"] for tag in element.iter("tag")}
        if element.tag == "node":
            nodes.append(number)
        elif element.tag == "way":
            found.ways.add(number)
            if is_building(tags):
                found.buildings[number] = [int(nd.attrib["ref"]) for nd in element.iter("nd")]
        else:
            members = [
                (_KINDS.get(m.attrib["type"], -1), int(m.attrib["ref"])) for m in element.iter("member")
            ]
            found.add_relation(number, members, tags)
        element.clear()
    found.add_nodes(np.array(nodes, dtype=np.int64))


def _scan_pbf(path: Path, found: Scan) -> None:
    for block in blocks(path):
        parts = list(_bytes(block))
        words = [text.decode("utf-8", "replace") for n, table in parts if n == 1 for _, text in _bytes(table)]
        for group in (value for number, value in parts if number == 2):
            _scan_group(group, words, found)


def _scan_group(group: bytes, words: list[str], found: Scan) -> None:
    built = words.index("building") if "building" in words else -1
    nodes: list[int] = []
    for kind, thing in _bytes(group):
        parts = dict(fields(thing))
        if kind == 1:
            nodes.append(_number(parts))
        elif kind == 2:
            found.add_nodes(np.cumsum(signed(packed(_list(parts, 1)))))
        elif kind == 3:
            found.ways.add(number := _number(parts))
            if built in numbers(_list(parts, 2)) and is_building(_tags(parts, words)):
                found.buildings[number] = deltas(_list(parts, 8))
        elif kind == 4:
            members = list(zip(numbers(_list(parts, 10)), deltas(_list(parts, 9)), strict=True))
            found.add_relation(_number(parts), members, _tags(parts, words))
    found.add_nodes(signed(np.array(nodes, dtype=np.uint64)))


def _bytes(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Fields of a message that are messages, texts or lists themselves."""
    for number, value in fields(message):
        if not isinstance(value, int):
            yield number, value


def _number(parts: Parts) -> int:
    number = parts[1]
    if not isinstance(number, int):
        raise TypeError(number)
    return number


def _list(parts: Parts, wanted: int) -> bytes:
    content = parts.get(wanted, b"")
    if isinstance(content, int):
        raise TypeError(content)
    return content


def _tags(parts: Parts, words: list[str]) -> Tags:
    keys, values = numbers(_list(parts, 2)), numbers(_list(parts, 3))
    return {words[k]: words[v] for k, v in zip(keys, values, strict=True)}
