"""What goes over the wire, as pydantic models: the OpenAPI page is made from them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from api import patterns

Code = Annotated[str, Field(pattern=patterns.AREA, examples=["141126100001"])]
"""A town (9 digits) or a basic grid (12 digits), always text."""


def _iso_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("a day is written YYYY-MM-DD")
    return value


Day = Annotated[dt.date, BeforeValidator(_iso_day)]
"""A day, written YYYY-MM-DD and nothing else (pydantic alone would take seconds since 1970)."""

EXAMPLE_CHAIN: list[JsonValue] = [
    {"level": 0, "code": "141126100001", "short": "", "name": "凤城社区", "kind": "basic"},
    {"level": 1, "code": "141126100001003", "short": "3", "name": "凤城社区第3网格", "kind": "ordinary"},
    {"level": 2, "code": "14112610000100302", "short": "3-02", "name": "第2网格", "kind": "ordinary"},
    {"level": 3, "code": "1411261000010030205", "short": "3-02-05", "name": "第5网格", "kind": "ordinary"},
]


class Wire(BaseModel):
    """Read from the use cases' dataclasses by attribute."""

    model_config = ConfigDict(from_attributes=True)


class Problem(BaseModel):
    """The one shape of every error (RFC 9457)."""

    type: str = Field(examples=["urn:wangge:problem:crs_required"])
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(examples=["crs_required"])
    words: dict[str, str] = Field(description="The same in Chinese (zh) and English (en)")
    where: list[dict[str, Any]] = Field(description="layer, row, field, value, ref, geometry (GeoJSON)")
    data: dict[str, Any]


class GridLink(Wire):
    """One grid of a chain, from the basic grid down."""

    level: int
    code: str
    short: str
    name: str
    kind: Literal["basic", "ordinary", "dedicated"]


class Match(Wire):
    """One covering leaf with its parents."""

    chain: list[GridLink]


class Located(Wire):
    """Whose grid a point is in."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {"status": "inside", "crs": "wgs84", "edition": 7, "matches": [{"chain": EXAMPLE_CHAIN}]},
                {"status": "outside", "crs": "gcj02", "edition": None, "matches": []},
            ]
        },
    )

    status: Literal["inside", "border", "outside", "ask_floor"]
    crs: str
    edition: int | None
    matches: list[Match]


class Strict(BaseModel):
    """A payload: unknown members are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


Position = tuple[float, float]


class LineString(Strict):
    """A GeoJSON line, WGS 84, longitude first."""

    type: Literal["LineString"]
    coordinates: list[Position] = Field(min_length=2, max_length=100_000)


ClientId = Annotated[str, Field(pattern=patterns.CLIENT, examples=["k3v9x2m7q1z8"])]
"""Key that the page gives an edit: sent again with it, because no answer came, the edit is done once."""


class UndoIn(Strict):
    """Take back one's own last edit."""

    base_rev: int = Field(ge=0)
    client_id: ClientId | None = None


PlanName = Annotated[
    str, Field(min_length=1, max_length=100, pattern=patterns.NOT_BLANK, examples=["东片少切一栋"])
]


class CopyIn(Strict):
    """Copy a plan under a name, as it stands or stood at a revision."""

    name: PlanName
    rev: int | None = Field(None, ge=0)


class NameIn(Strict):
    """Name a plan."""

    name: PlanName


class Acceptance(Strict):
    """A reason accepted for a grid out of band."""

    node: int
    reason: str


class PublishIn(Strict):
    """Publish a plan as the edition in force from a date (Asia/Shanghai)."""

    valid_from: Day
    accept: Literal["proved"] | list[Acceptance] = Field(
        default_factory=list, description='"proved" accepts every reason that the checker proves'
    )


class Point(Strict):
    """A GeoJSON point, WGS 84, longitude first."""

    type: Literal["Point"]
    coordinates: tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]


class NoteIn(Strict):
    """A note on a plan: pinned at a point, about a grid, an answer to a note, an objection."""

    text: str = Field(min_length=1, max_length=2000, examples=["东侧两栋楼的住户都走南门，建议划回 3-02。"])
    geometry: Point | None = None
    node: int | None = Field(None, ge=1, le=2**31 - 1)
    reply_to: int | None = Field(None, ge=1, le=2**31 - 1)
    objection: bool = False


class ResolveIn(Strict):
    """Resolve a thread, or open it again."""

    resolved: bool = True


class ReviewIn(Strict):
    """A comment on a step of a review."""

    text: str | None = Field(None, max_length=2000)


class ReturnIn(Strict):
    """Return a plan: say what is to be changed."""

    text: str = Field(min_length=1, max_length=2000, examples=["请把 3 号楼划回第 2 网格。"])


class PlanAcceptance(Acceptance):
    """A reason accepted for a grid out of band of one of several plans."""

    plan: int | None = Field(None, ge=1, le=2**31 - 1)


class ReleaseIn(Strict):
    """Publish plans of one town, one a basic grid, as editions in force from a date (Asia/Shanghai)."""

    plans: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(min_length=1, max_length=500)
    valid_from: Day
    accept: Literal["proved"] | list[PlanAcceptance] = Field(
        default_factory=list, description='"proved" accepts every reason that the checker proves'
    )
