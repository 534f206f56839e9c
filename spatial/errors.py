"""The error tree of wangge, at the very bottom: errors carry data and words, never an HTTP status.

::

    WanggeError                 something wangge can name
    ├── BadInput                what was given can't be read: mend it and give it again
    │   ├── BadFile             a file that is no file of its kind, or broken
    │   ├── BadRows             a file that can be read, with rows that can't (all of them listed)
    │   ├── BadCoordinates      coordinates outside their system, or of no declared system
    │   └── BadParameter        one value out of its range
    ├── NotFound                no such place, plan, grid, edition
    ├── Refused                 read well, and refused by a rule of the field
    │   ├── StaleRevision       somebody changed the same thing since
    │   ├── Locked              the grid is locked, or the edition published
    │   ├── CutRefused          the line does not cut the face
    │   ├── Infeasible          nothing to divide, or targets no plan can meet
    │   └── Flawed              the plan has flaws that forbid publishing (all of them listed)
    ├── NotAllowed              the role lacks the right
    ├── NotSignedIn             nobody is signed in, or the key is unknown
    ├── Cancelled               the user stopped it; nothing was kept
    └── Unavailable             a part of the machine is missing (PostGIS, a lock)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Where:
    """Where an error or a flaw lies: in a file, and on the map.

    Parameters
    ----------
    layer, row, field
        Layer of the file, row number (from 1, as a person counts) and column.
    value
        The offending value as text.
    ref
        Identifier of the thing: a bid, a grid's code or label, a cell.
    geometry
        GeoJSON geometry in EPSG:4326, or None.
    """

    layer: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    ref: str | None = None
    geometry: dict[str, Any] | None = None


class WanggeError(Exception):
    """What went wrong, where, and what to do, in Chinese and English.

    Parameters
    ----------
    code
        Stable machine word, snake_case, for example ``unknown_crs``.
    zh, en
        One or two sentences a user understands: what, where, what to do.
    where
        Places in the file or on the map, the first first.
    data
        Further values for programs (JSON types only).
    """

    def __init__(
        self, code: str, *, zh: str, en: str, where: Sequence[Where] = (), data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en
        self.where = tuple(where)
        self.data = data or {}


class BadInput(WanggeError):
    """What was given can't be read."""


class BadFile(BadInput):
    """A file that is no file of its kind, or broken, truncated, empty."""


class BadRows(BadInput):
    """A readable file with rows that can't be taken; ``where`` lists every one."""


class BadCoordinates(BadInput):
    """Coordinates outside their system, or of no declared system."""


class BadParameter(BadInput):
    """One value out of its range."""


class NotFound(WanggeError):
    """No such place, plan, grid or edition."""


class Refused(WanggeError):
    """Read well, and refused by a rule of the field."""


class StaleRevision(Refused):
    """A touched cell or grid has changed since the base revision."""


class Locked(Refused):
    """The grid is locked, or the plan published."""


class CutRefused(Refused):
    """The line does not cut the face."""


class Infeasible(Refused):
    """Nothing to divide, or targets that no plan can meet."""


class Flawed(Refused):
    """The plan has flaws that forbid publishing; ``where`` lists every one."""


class NotAllowed(WanggeError):
    """The role lacks the right."""


class NotSignedIn(WanggeError):
    """Nobody is signed in, or the key is unknown."""


class Cancelled(WanggeError):
    """The user stopped it; nothing was kept."""


class Unavailable(WanggeError):
    """A part of the machine is missing or does not answer."""
