"""Reasons said on the map: listed, added, corrected, taken back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, status
from pydantic import Field

from api import security
from api.context import StoreDep
from api.geojson import COLLECTION, GeoJSON, feature_collection
from api.routes.todays import Area
from api.schemas import LineString, Strict, Wire
from api.wishing import Polygon
from spatial.planning import sayings

router = APIRouter(prefix="/v1/places", tags=["sayings"])
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Reason(Strict):
    """What is said; a barrier needs a ``class`` of the policy's table: river, wall, main_road ..."""

    kind: Literal["barrier", "no_border", "zone", "habit", "dedicated"]
    class_: str | None = Field(None, alias="class", max_length=40)
    name: str | None = Field(None, max_length=100)
    note: str | None = Field(None, max_length=1000)


class SayIn(Strict):
    """A GeoJSON feature: a line for barrier and no_border, a polygon for the others."""

    type: Literal["Feature"] = "Feature"
    geometry: LineString | Polygon = Field(discriminator="type")
    properties: Reason


class Said(Wire):
    """Its id; ``open`` are stretches of a barrier along which no border can run yet, GeoJSON."""

    id: int
    open: dict[str, Any] | None


@router.get(
    "/{code}/sayings", response_class=GeoJSON, responses=COLLECTION, summary="图上说明 / Reasons on the map"
)
def list_sayings(_: security.Reader, store: StoreDep, code: Area) -> GeoJSON:
    """Read what was said of a place, its town and its basic grids: kind, class, name, note, who, at."""
    return GeoJSON(feature_collection(sayings.said_of(store, code)))


@router.post(
    "/{code}/sayings", response_model=Said, status_code=status.HTTP_201_CREATED,
    summary="在图上说明理由 / Say a reason",
)  # fmt: skip
def say(who: security.Planner, store: StoreDep, code: Area, asked: SayIn) -> Any:
    """Keep a barrier, a line that is no border, a zone, habit area or dedicated grid: it weighs next time."""
    said = asked.properties.model_dump(by_alias=True)
    return sayings.say(store, code, asked.geometry.model_dump(), said, who=who.name)


@router.put("/{code}/sayings/{number}", response_model=Said, summary="改正说明 / Correct it")
def correct(who: security.Planner, store: StoreDep, code: Area, number: Number, asked: SayIn) -> Any:
    """Put other words or another line in a saying's place; plans made with the old one stay as they are."""
    said = asked.properties.model_dump(by_alias=True)
    return sayings.say(store, code, asked.geometry.model_dump(), said, who=who.name, number=number)


@router.delete(
    "/{code}/sayings/{number}", status_code=status.HTTP_204_NO_CONTENT, summary="收回说明 / Take it back"
)
def unsay(_: security.Planner, store: StoreDep, code: Area, number: Number) -> None:
    """Take a saying back; plans made with it stay as they are."""
    sayings.unsay(store, code, number)
