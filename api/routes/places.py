"""Towns and basic grids."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api import answers_why, security
from api.context import StoreDep
from api.schemas import Code
from spatial import lookup, planning

router = APIRouter(prefix="/v1/places", tags=["places"])


@router.get("", summary="乡镇与基础网格 / Towns and basic grids")
def list_places(_: security.Lookup, store: StoreDep) -> dict[str, Any]:
    """List every imported town and basic grid, by code."""
    return {"places": lookup.places(store)}


@router.get("/{code}", summary="一个乡镇或基础网格 / One town or basic grid")
def get_place(_: security.Lookup, store: StoreDep, code: str) -> Any:
    """Show one place by its code (9 digits a town, 12 a basic grid)."""
    return lookup.place(store, code)


@router.get(
    "/{code}/feasible",
    response_model=answers_why.AreaRanges,
    summary="能分几个网格 / How many grids fit",
)
def feasible(
    _: security.Reader, store: StoreDep, code: Annotated[Code, Path(description="9 or 12 digits")]
) -> dict[str, Any]:
    """Say, before anything is searched, between how many grids each basic grid fits, or why it does not."""
    return {"areas": planning.feasible(store, code)}
