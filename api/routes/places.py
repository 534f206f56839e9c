"""Towns and basic grids."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api import security
from api.context import StoreDep
from spatial import lookup

router = APIRouter(prefix="/v1/places", tags=["places"])


@router.get("", summary="乡镇与基础网格 / Towns and basic grids")
def list_places(_: security.Lookup, store: StoreDep) -> dict[str, Any]:
    """List every imported town and basic grid, by code."""
    return {"places": lookup.places(store)}


@router.get("/{code}", summary="一个乡镇或基础网格 / One town or basic grid")
def get_place(_: security.Lookup, store: StoreDep, code: str) -> Any:
    """Show one place by its code (9 digits a town, 12 a basic grid)."""
    return lookup.place(store, code)
