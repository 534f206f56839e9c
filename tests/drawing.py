"""Draw geometry as letters: every test says what the ground looks like in the test itself.

One character is one square cell (10 m by default), the top line is the north::

    drawing = draw('''
        AAB
        AAB
        ..C
    ''')
    drawing.polygons["A"]      # a square of 20 m x 20 m, lattice centimetres, noded at every cell's corner

``.`` and blanks are nothing. A letter drawn in several patches is a MultiPolygon; holes are kept. Every
polygon carries a vertex at each cell corner on its ring, so that neighbours share their edges exactly.
Characters named in ``marks`` are points at the middle of their cell, and no ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon


@dataclass(frozen=True)
class Drawing:
    """What a table of letters drew.

    Parameters
    ----------
    polygons
        Letter -> Polygon or MultiPolygon, in order of first appearance.
    points
        Mark -> centres of the cells that hold it, in reading order.
    size_cm
        Side of one cell in centimetres.
    rows
        The table itself, the north first.
    lattice
        The lattice that took the geometry to EPSG:4326, or None: lattice centimetres.
    spacing_m
        Node spacing of every polygon, or None: one vertex a cell corner.
    """

    polygons: dict[str, Polygon | MultiPolygon]
    points: dict[str, list[Point]]
    size_cm: int
    rows: tuple[str, ...]
    lattice: Any = None
    spacing_m: float | None = None

    @property
    def outline(self) -> Polygon | MultiPolygon:
        """All letters together; every cell corner on the outline is kept as a vertex."""
        return self.polygon("".join(self.polygons))

    def polygon(self, letters: str) -> Polygon | MultiPolygon:
        """Several letters together."""
        return self._given(_noded(_squares(self.rows, letters, self.size_cm), self.spacing_m))

    def letter_cells(self, letter: str) -> list[Polygon]:
        """The single squares of one letter, in reading order."""
        return [
            self._given(shapely.box(x, y, x + self.size_cm, y + self.size_cm))
            for x, y in _corners(self.rows, letter, self.size_cm)
        ]

    def building(self, letter: str, margin_cm: int = 200) -> Polygon:
        """A footprint: the bounding box of a letter's polygon, drawn in by a margin on every side."""
        left, bottom, right, top = _squares(self.rows, letter, self.size_cm).bounds
        return self._given(
            shapely.box(left + margin_cm, bottom + margin_cm, right - margin_cm, top - margin_cm)
        )

    def at(self, column: float, row: float) -> tuple[float, float]:
        """Lattice x, y of a place in the table: (0, 0) is its north-west corner, units are cells."""
        return column * self.size_cm, (len(self.rows) - row) * self.size_cm

    def line(self, *places: tuple[float, float]) -> LineString:
        """A line through places of the table, (column, row) as in ``at``."""
        return self._given(LineString([self.at(*place) for place in places]))

    def _given(self, geometry: Any) -> Any:
        return _located(geometry, self.lattice)


def draw(
    table: str, *, size_m: float = 10, spacing_m: float | None = None, marks: str = "", lattice: Any = None
) -> Drawing:
    """Turn a table of letters into polygons by letter, and its marks into points.

    Parameters
    ----------
    table
        Lines of equal or unequal length; the common indent and empty first and last lines are dropped.
    size_m
        Side of a cell in metres.
    spacing_m
        Add vertices so that no edge is longer than this (the ground's node spacing).
    marks
        Characters that are points and no ground.
    lattice
        A ``spatial.ground.crs.Lattice``: everything is then EPSG:4326. Without it, lattice centimetres from
        the drawing's south-west corner.
    """
    rows = tuple(dedent(table).strip("\n").rstrip().splitlines())
    size = round(size_m * 100)
    letters = [c for c in dict.fromkeys("".join(rows)) if c not in ". " and c not in marks]
    polygons = {letter: _noded(_squares(rows, letter, size), spacing_m) for letter in letters}
    points = {
        mark: [_located(Point(x + size / 2, y + size / 2), lattice) for x, y in _corners(rows, mark, size)]
        for mark in marks
    }
    located = {letter: _located(polygon, lattice) for letter, polygon in polygons.items()}
    return Drawing(located, points, size, rows, lattice, spacing_m)


def densified(geometry: Any, spacing_m: float) -> Any:
    """Add a vertex on every whole step of ``spacing_m`` along axis-parallel edges (lattice centimetres)."""
    return shapely.transform(shapely.segmentize(geometry, spacing_m * 100), np.round)


def _noded(geometry: Any, spacing_m: float | None) -> Any:
    return geometry if spacing_m is None else densified(geometry, spacing_m)


def _corners(rows: tuple[str, ...], letters: str, size: int) -> list[tuple[int, int]]:
    height = len(rows)
    return [
        (column * size, (height - 1 - row) * size)
        for row, line in enumerate(rows)
        for column, letter in enumerate(line)
        if letter in letters
    ]


def _squares(rows: tuple[str, ...], letters: str, size: int) -> Any:
    squares = [shapely.box(x, y, x + size, y + size) for x, y in _corners(rows, letters, size)]
    return densified(shapely.coverage_union_all(squares), size / 100)


def _located(geometry: Any, lattice: Any) -> Any:
    return geometry if lattice is None else lattice.to_lonlat(np.array([geometry]))[0]
