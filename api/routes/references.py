"""Reference layers: a planner's own GeoJSON, Shapefile or KML, to be looked at under the plans of a place."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Response, UploadFile, status

from api import patterns, security
from api.context import StoreDep
from api.geojson import COLLECTION, GeoJSON
from api.schemas import Code, Wire
from api.uploads import on_disk
from spatial.planning import references

router = APIRouter(prefix="/v1/places", tags=["places"])
PlaceCode = Annotated[Code, Path(description="9 or 12 digits")]
Number = Annotated[int, Path(ge=1, le=2**53)]


class ReferenceOut(Wire):
    """A reference layer without its shapes."""

    id: int
    name: str
    file: str
    features: int
    who: str
    made_at: dt.datetime


class References(Wire):
    """Reference layers of a place, the oldest first."""

    references: list[ReferenceOut]


@router.get("/{code}/references", response_model=References, summary="参考图层 / Reference layers")
def list_references(_: security.Planner, store: StoreDep, code: PlaceCode) -> dict[str, Any]:
    """List the layers that planners have laid under the plans of a place."""
    return {"references": references.references(store, code)}


@router.get(
    "/{code}/references/{number}", response_class=GeoJSON, responses=COLLECTION,
    summary="一个参考图层 / One reference layer",
)  # fmt: skip
def get_reference(_: security.Planner, store: StoreDep, code: PlaceCode, number: Number) -> GeoJSON:
    """Read a layer as GeoJSON, each feature with its label or null."""
    return GeoJSON(references.reference(store, code, number))


@router.post(
    "/{code}/references", response_model=ReferenceOut, status_code=status.HTTP_201_CREATED,
    summary="上传参考图层 / Upload a reference layer",
)  # fmt: skip
def add_reference(
    who: security.Planner, store: StoreDep, code: PlaceCode, file: Annotated[UploadFile, File()],
    name: Annotated[str, Form(min_length=1, max_length=100, pattern=patterns.NOT_BLANK)],
    crs: Annotated[str | None, Form(max_length=40, description="of a file that declares none")] = None,
) -> Any:  # fmt: skip
    """Lay a file (GeoJSON, Shapefile as zip, KML, GeoPackage; at most 8 MB) under the plans of a place."""
    with on_disk(file) as path:
        return references.add_reference(store, code, path, name=name, who=who.name, crs=crs or None)


@router.delete(
    "/{code}/references/{number}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response,
    summary="删除参考图层 / Delete a reference layer",
)  # fmt: skip
def remove_reference(_: security.Planner, store: StoreDep, code: PlaceCode, number: Number) -> None:
    """Delete a layer."""
    references.remove_reference(store, code, number)
