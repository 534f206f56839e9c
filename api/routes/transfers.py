"""Transfers: a building moves between the plans of two basic grids."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, status

from api import answers_edit, security
from api.context import StoreDep
from api.edits import TransferIn
from spatial import planning

router = APIRouter(prefix="/v1/transfers", tags=["plans"])


@router.post(
    "",
    response_model=answers_edit.Transfer,
    status_code=status.HTTP_201_CREATED,
    summary="楼栋划到另一基础网格 / Move a building to another basic grid",
)
def transfer(who: security.Planner, store: StoreDep, asked: TransferIn) -> dict[str, Any]:
    """Move a building and its ground: two new plans go on from those given; publish them together."""
    return {"plans": planning.transfer(store, **asked.model_dump(), who=who.name)}
