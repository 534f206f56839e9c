"""What a request asks of a proposal, as pydantic models, and as the use cases take it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.schemas import Code, LineString, Strict
from spatial.planning.wishes import Burden, Wishes, weights_of
from spatial.policy import MOST_WEIGHT

Name = Literal["features", "shape", "zones", "affinity", "keep", "load"]
Weight = Annotated[float, Field(ge=0, le=MOST_WEIGHT)]
Cell = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Position = tuple[float, float]


class Polygon(Strict):
    """A GeoJSON polygon, WGS 84, longitude first."""

    type: Literal["Polygon"]
    coordinates: list[Annotated[list[Position], Field(min_length=4, max_length=10_000)]] = Field(min_length=1)


class Locks(Strict):
    """What must stay beside the locked grids of the base plan.

    ``apart`` and ``together`` are pairs of the plan's cells between which a border must run, or may not;
    cells left and right of a line of ``borders`` can't share a finest grid.
    """

    apart: list[tuple[Cell, Cell]] = Field(default_factory=list, max_length=10_000)
    together: list[tuple[Cell, Cell]] = Field(default_factory=list, max_length=10_000)
    borders: list[LineString] = Field(default_factory=list, max_length=1_000)


class BurdenIn(Strict):
    """What a building, or one stairwell of it, weighs on who holds its grid."""

    bid: str = Field(min_length=1, max_length=200)
    stairwell: str | None = Field(None, max_length=200)
    load: float = Field(ge=0, le=1e9)


class Asked(Strict):
    """Where, with which numbers, and what is locked."""

    area: Code
    seed: int = Field(0, ge=0, le=2**32 - 1)
    targets: dict[Literal["community", "village"], tuple[Count | None, ...]] | None = Field(
        None,
        examples=[{"community": [60, 212, 1113]}],
        description="Grids wanted per level, by division; null leaves a level open",
    )
    base_plan: int | None = Field(None, ge=1, le=2**31 - 1, description="Its locked grids and borders stay")
    cells: list[Cell] | None = Field(
        None, description="Only grids with these cells are proposed again", max_length=1_000_000
    )
    within: Polygon | None = Field(None, description="Only grids that it touches are proposed again")
    locks: Locks = Field(default_factory=Locks)
    loads: dict[Literal["households", "cases", "hazards"], Annotated[float, Field(ge=0, le=1e6)]] = Field(
        default_factory=dict,
        examples=[{"households": 1, "cases": 0.5}],
        description="What each household, past case, threatened household weighs; load is spread evenly",
    )
    burdens: list[BurdenIn] = Field(
        default_factory=list, max_length=100_000, description="Loads of buildings or stairwells"
    )
    mode: Literal["fast", "best"] = Field("fast", description="best searches some twenty times as long")
    limit_s: float | None = Field(
        None,
        gt=0,
        le=86_400,
        description="Seconds after which the best so far is taken, marked not reproducible",
    )

    def numbers(self) -> dict[str, tuple[int | None, ...]] | None:
        """Give the targets as the use case takes them."""
        return None if self.targets is None else {str(k): v for k, v in self.targets.items()}

    def wishes(self, weights: dict[Name, float] | None = None) -> Wishes:
        """Give what is asked for as the use case takes it."""
        return Wishes(
            weights=None if weights is None else weights_of({str(k): v for k, v in weights.items()}),
            base_plan=self.base_plan,
            cells=None if self.cells is None else frozenset(self.cells),
            within=None if self.within is None else self.within.model_dump(mode="json"),
            apart=tuple(self.locks.apart), together=tuple(self.locks.together),
            borders=tuple(line.model_dump(mode="json") for line in self.locks.borders),
            loads={str(k): v for k, v in self.loads.items()},
            burdens=tuple(Burden(one.bid, one.stairwell, one.load) for one in self.burdens),
            mode=self.mode, limit_s=self.limit_s,
        )  # fmt: skip


class ProposeIn(Asked):
    """Propose plans for a basic grid, or for every basic grid of a town."""

    staff: dict[str, Count] | None = Field(
        None, examples=[{"liaison": 55}], description="People by post instead of targets"
    )
    weights: dict[Name, Weight] | None = Field(
        None, examples=[{"features": 1.5}], description="1 is the usual weight, 0 leaves an aim out"
    )


class AlternativesIn(Asked):
    """Propose several plans that weigh differently."""

    count: int = Field(3, ge=2, le=5)
