"""The shaded relief of a town or basic grid: a picture, and where it lies."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from api import patterns, security
from api.context import StoreDep
from api.schemas import Wire
from spatial import relief as shading
from spatial.errors import NotFound, Where

router = APIRouter(prefix="/v1/relief", tags=["maps"])
Area = Annotated[str, Path(pattern=patterns.AREA, examples=["141126100"])]
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


class ReliefPlace(Wire):
    """Outer bounds of the picture in degrees of WGS 84; its pixels are square in Web Mercator."""

    url: str
    west: float
    south: float
    east: float
    north: float


@router.get("/{area}.png", response_class=Response, responses=PNG, summary="地形晕渲图 / Shaded relief")
def picture(_: security.Reader, request: Request, store: StoreDep, area: Area) -> Response:
    """Read the picture that lies under the map; clear where the land is flat and low."""
    png = _drawn(store, area).png
    tag = f'"{hashlib.sha256(png).hexdigest()[:32]}"'
    kept = {"ETag": tag, "Cache-Control": "private, max-age=3600"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=kept)
    return Response(png, media_type="image/png", headers=kept)


@router.get("/{area}", response_model=ReliefPlace, summary="地形晕渲图的范围 / Bounds of the relief")
def bounds(_: security.Reader, store: StoreDep, area: Area) -> dict[str, Any]:
    """Read where the picture lies."""
    found = _drawn(store, area)
    sides = {side: getattr(found, side) for side in ("west", "south", "east", "north")}
    return {"url": f"/v1/relief/{area}.png", **sides}


def _drawn(store: StoreDep, area: str) -> shading.Relief:
    """Draw it; NotFound where the town has no terrain."""
    found = shading.relief(store, area)
    if found is None:
        raise NotFound(
            "no_terrain",
            zh=f"{area} 没有导入地形。请把高程文件“地方文件名_dem.tif”放在地方文件旁边，再导入一次。",
            en=f"No terrain was imported for {area}: put NAME_dem.tif beside the place file, import again.",
            where=(Where(ref=area),),
        )
    return found
