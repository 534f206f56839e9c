"""Editions: what was published, from when to when, and which code became which."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api import answers, security
from api.context import StoreDep
from api.schemas import Code
from spatial import planning

router = APIRouter(prefix="/v1/editions", tags=["editions"])
EditionId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("", response_model=answers.EditionList, summary="版本列表 / Editions")
def list_editions(
    _: security.Lookup, store: StoreDep, area: Annotated[Code | None, Query()] = None
) -> dict[str, Any]:
    """List editions, the newest first."""
    return {"editions": planning.editions(store, area=area)}


@router.get("/{edition_id}", response_model=answers.Edition, summary="一个版本 / One edition")
def get_edition(_: security.Lookup, store: StoreDep, edition_id: EditionId) -> Any:
    """Show one edition."""
    return planning.edition(store, edition_id)


@router.get("/{edition_id}/crosswalk", summary="新旧编码对照 / Crosswalk of codes")
def crosswalk(_: security.Reader, store: StoreDep, edition_id: EditionId) -> dict[str, Any]:
    """Old code to new code, with the households and square metres that went from one to the other."""
    return {"crosswalk": planning.crosswalk(store, edition_id)}
