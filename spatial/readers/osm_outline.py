"""The outline of a place in an OpenStreetMap extract: relations and closed ways by name or number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from spatial.errors import Where
from spatial.readers.words import bad_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.readers.osm_scan import Relation, Scan
    from spatial.readers.words import Findings

SHOWN = 20
_NUMBER = re.compile(r"(?:(?P<kind>r|w|relation/|way/))?(?P<number>[0-9]+)")


@dataclass(frozen=True)
class Wanted:
    """One basic grid that is asked for: a name or number, and its code where one is given."""

    what: str
    code: str | None = None

    @property
    def label(self) -> str | None:
        """The same as r123 or w123; None for a name. A bare number is a relation's."""
        match = _NUMBER.fullmatch(self.what)
        return f"{(match['kind'] or 'r')[0]}{match['number']}" if match else None


def wanted(boundary: str) -> list[Wanted]:
    """What ``--boundary`` asks for: one name or number, or several, each with its code.

    Examples
    --------
    >>> [(w.label, w.code) for w in wanted("r12=141126100001, way/13=141126100002")]
    [('r12', '141126100001'), ('w13', '141126100002')]
    >>> wanted("凤城, 社区")
    [Wanted(what='凤城, 社区', code=None)]
    """
    if "=" not in boundary:
        return [Wanted(boundary.strip())]
    pairs = (part.rpartition("=") for part in boundary.replace("，", ",").split(",") if part.strip())
    return [Wanted(what.strip(), code.strip()) for what, _, code in pairs]


@dataclass(frozen=True)
class Outlines:
    """Whole outlines of an extract, one position each, and the relations that are not whole.

    ``official`` says which are borders; the others are settlements (place=*).
    """

    names: NDArray[np.object_]
    labels: NDArray[np.object_]
    levels: NDArray[np.object_]
    official: NDArray[np.bool_]
    scan: Scan | None

    def choose(self, boundary: str | None, findings: Findings) -> tuple[list[int], pd.DataFrame]:
        """Positions of the outlines asked for, and their rows: name and, where given, code.

        Raises
        ------
        BadFile
            ``boundary_needed``, ``boundary_not_found``, ``boundary_not_whole``, ``boundary_several``.
        """
        if boundary is None:
            raise bad_file("boundary_needed", where=Where(field="boundary"), why=self.told())
        asked = wanted(boundary)
        hits = [self._find(one) for one in asked]
        for hit in hits:
            where = Where(layer="boundary", ref=self.labels[hit], value=self.names[hit])
            findings.note("boundary_relation", where)
        rows: dict[str, Any] = {"name": [self.names[hit] or None for hit in hits]}
        if any(one.code for one in asked):
            rows["code"] = [one.code for one in asked]
        return hits, pd.DataFrame(rows, dtype=object)

    def told(self) -> str:
        """Name the first of them, larger areas first: 灵泉镇 (r5000, admin_level 8)."""
        order = sorted(
            range(len(self.names)), key=lambda i: (str(self.levels[i] or "99").zfill(2), self.names[i])
        )
        said = [
            f"{self.names[i]} ({self.labels[i]}{f', admin_level {self.levels[i]}' if self.levels[i] else ''})"
            for i in order
            if self.names[i]
        ]
        return ", ".join(said[:SHOWN]) + (" …" if len(said) > SHOWN else "") or "-"

    def _find(self, one: Wanted) -> int:
        hits = np.flatnonzero((self.labels == one.label) | (self.names == one.what))
        where = Where(field="boundary", value=one.what)
        if len(hits) > 1:
            # a place is often drawn twice, as a border and as a settlement: the border is meant
            hits = hits[self.official[hits]] if self.official[hits].any() else hits
        if len(hits) == 1:
            return int(hits[0])
        if len(hits):
            raise bad_file("boundary_several", where=where, why=", ".join(self.labels[hits]))
        broken = self._broken(one)
        if broken is not None:
            missing = ", ".join(f"w{way}" for way in broken.missing[:SHOWN]) or "-"
            told = Where(field="boundary", value=one.what, ref=f"r{broken.id}")
            raise bad_file("boundary_not_whole", where=told, why=missing)
        raise bad_file("boundary_not_found", where=where, why=self.told())

    def _broken(self, one: Wanted) -> Relation | None:
        if self.scan is None:
            return None
        named = (r for r in self.scan.broken() if one.label == f"r{r.id}" or r.tags.get("name") == one.what)
        return next(named, None)
