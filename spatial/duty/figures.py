"""What is counted of a town: grids against bands and what was wanted, posts, cases, hazard points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from spatial.policy import Division


@dataclass(frozen=True)
class LevelFigures:
    """Grids of one level of a division or basic grid.

    Parameters
    ----------
    level
        0 the basic grids themselves.
    post_zh, post_en
        The post that holds such a grid, None where none is wanted.
    minimum, maximum
        The band, both None where none applies.
    wanted
        Grids that the plans in force were asked for, None where not all of them were asked.
    grids, dedicated
        In force; how many of these are dedicated.
    households, registered
        Occupied and registered, of all of them.
    sizes
        Households counted by the band of each grid that is not dedicated, ascending.
    median
        Of these, None without any.
    banded, in_band
        Grids that the band applies to; how many hold it.
    reasons
        How many of the others by reason, ``""`` where there is none.
    posts, held
        Posts wanted; how many are held.
    """

    level: int
    post_zh: str | None
    post_en: str | None
    minimum: int | None
    maximum: int | None
    wanted: int | None
    grids: int
    dedicated: int
    households: int
    registered: int
    sizes: tuple[int, ...]
    median: float | None
    banded: int
    in_band: int
    reasons: dict[str, int]
    posts: int
    held: int


@dataclass(frozen=True)
class Duty:
    """Cases open and closed; those whose time is up and how many of these were closed by it; hazard points.

    ``hazards`` are those not struck off, ``threatened`` the households that their register names.
    """

    cases_open: int = 0
    cases_closed: int = 0
    cases_due: int = 0
    cases_on_time: int = 0
    hazards: int = 0
    threatened: int = 0


@dataclass(frozen=True)
class Figures:
    """What is counted of a division or basic grid: its ``levels`` from 0, its ``duty``.

    ``code`` is the basic grid's, None for a division; ``areas`` how many basic grids it is made of. Without
    an edition in force ``levels`` is empty. ``derived``: households in force that nobody counted.
    """

    code: str | None
    name: str
    division: Division
    areas: int
    levels: tuple[LevelFigures, ...]
    duty: Duty
    derived: int = 0

    @property
    def finest(self) -> LevelFigures | None:
        """The finest level, None where nothing is in force."""
        return self.levels[-1] if len(self.levels) > 1 else None


@dataclass(frozen=True)
class Overview:
    """A town, or one basic grid, on a day.

    ``divisions`` and ``areas`` (by code) are counted alike; ``duty`` is of all, with what lies in no basic
    grid. ``outlines``: code and geometry of each basic grid, EPSG:4326, simplified for a small picture.
    """

    code: str
    name: str
    sample: bool
    day: dt.date
    release: int
    divisions: tuple[Figures, ...]
    areas: tuple[Figures, ...]
    duty: Duty
    outlines: gpd.GeoDataFrame = field(compare=False)


@dataclass(frozen=True)
class Signpost:
    """Where to go from a page about ``area``.

    Parameters
    ----------
    area
        Code of the town or basic grid that the page is about.
    towns
        Code and title of every town of the database.
    unpublished
        Codes of the area's basic grids that have no grids in force.
    disputes
        Pieces of disputed ground there.
    plans
        Number and basic grid of the newest plan of each of these that has one.
    """

    area: str
    towns: tuple[tuple[str, str], ...]
    unpublished: tuple[str, ...]
    disputes: int
    plans: tuple[tuple[int, str], ...]
