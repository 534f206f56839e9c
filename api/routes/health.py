"""Is the server up, and does its database answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api import VERSION, security
from api.context import StoreDep
from spatial import lookup

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="服务与数据库是否正常 / Server and database answer")
def healthz(_: security.Anyone, store: StoreDep) -> dict[str, Any]:
    """Answer 200 with versions when the database answers, else 503."""
    return {"status": "ok", "version": VERSION, **lookup.health(store)}
