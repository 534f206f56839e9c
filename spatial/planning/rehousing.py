"""Whose building is whose after outlines have moved, and what each basic grid's ground is cut anew from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from spatial.ground.faces import home_areas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.crs import Lattice
    from spatial.ground.model import PlaceFile


@dataclass(frozen=True)
class Change:
    """Outlines of a town (lattice) before and after, and the files of whom it may concern; all by code."""

    before: dict[str, Any]
    after: dict[str, Any]
    files: dict[str, PlaceFile]

    @property
    def redrawn(self) -> set[str]:
        """Codes of the basic grids whose outline changed."""
        return {code for code, outline in self.after.items() if outline is not self.before[code]}


def rehoused(change: Change, lattice: Lattice) -> dict[str, tuple[PlaceFile, set[str]]]:
    """File and bids of every basic grid whose outline changed, or which gained or lost a building.

    A building belongs where most of it lies; one that another basic grid's file keeps comes over from there.
    """
    rows = pd.concat(
        [
            pd.DataFrame({"file": code, "bid": file.buildings["bid"], "row": np.arange(len(file.buildings))})
            for code, file in change.files.items()
        ],
        ignore_index=True,
    )
    shapes = lattice.to_lattice(
        np.concatenate([file.buildings.geometry.to_numpy() for file in change.files.values()])
    )
    rows["was"], rows["now"] = _homes(shapes, change.before), _homes(shapes, change.after)
    moved = rows[rows["was"] != rows["now"]]
    touched = change.redrawn | set(moved["was"].dropna()) | set(moved["now"].dropna())
    return {
        code: _with_guests(change.files, code, rows[rows["now"] == code])
        for code in sorted(touched & set(change.files))
    }


def _with_guests(files: dict[str, PlaceFile], code: str, homed: pd.DataFrame) -> tuple[PlaceFile, set[str]]:
    """A basic grid's file with the buildings that other files keep for it, and with their features."""
    own = files[code]
    guests = homed[~homed["bid"].isin(set(own.buildings["bid"]))].drop_duplicates("bid")
    buildings, households, features = [own.buildings], [own.households], [own.features]
    for other, rows in guests.groupby("file"):
        there = files[str(other)]
        buildings.append(there.buildings.iloc[rows["row"].to_numpy()])
        households.append(there.households[there.households["bid"].isin(set(rows["bid"]))])
    features += [file.features for other, file in files.items() if other != code]
    lines = pd.concat(features, ignore_index=True)
    alike = pd.DataFrame(lines[["layer", "class", "name"]]).assign(wkb=lines.geometry.to_wkb()).duplicated()
    file = replace(
        own,
        buildings=pd.concat(buildings, ignore_index=True),
        households=pd.concat(households, ignore_index=True),
        features=lines[~alike].reset_index(drop=True),
    )
    return file, set(homed["bid"])


def _homes(buildings: NDArray[np.object_], outlines: dict[str, Any]) -> NDArray[np.object_]:
    """Code of the basic grid that holds most of each building (lattice), or None."""
    codes = np.array([*sorted(outlines), None], dtype=object)
    shapes = np.array([outlines[c] for c in codes[:-1]], dtype=object)
    return np.asarray(codes[home_areas(buildings, shapes)], dtype=object)
