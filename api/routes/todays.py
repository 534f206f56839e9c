"""Begin plans from today's grids: a file that is sent, or the edition in force; and what was mended."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from fastapi import Path as InPath

from api import answers_todays, security
from api.context import StoreDep
from api.geojson import COLLECTION, GeoJSON, feature_collection
from api.routes.plans import PlanId
from api.schemas import Code
from spatial import planning
from spatial.errors import BadParameter, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spatial.planning.todays import Start

router = APIRouter(tags=["todays"])
Area = Annotated[Code, InPath(description="9 digits a town, 12 a basic grid")]
Sent = Annotated[UploadFile | None, File(description="GeoPackage, Shapefile (zip), GeoJSON, KML")]
Names = Annotated[
    UploadFile | None, File(description="TOML or JSON: which column is which (docs/readers.md)")
]
Crs = Annotated[str | None, Form(description="wgs84, cgcs2000, gcj02, bd09, EPSG:n", max_length=40)]


@router.post(
    "/v1/places/{code}/todays",
    responses={201: {"model": answers_todays.Begun}},
    status_code=status.HTTP_201_CREATED,
    summary="从现有网格开始 / Begin from today's grids",
)
def begin(
    who: security.Planner, store: StoreDep, code: Area, file: Sent = None, mapping: Names = None,
    crs: Crs = None, edition: Annotated[Literal["current"] | None, Form()] = None,
) -> Response:  # fmt: skip
    """Make a plan of the grids in a file, mended, or (`edition=current`) of those in force."""
    if (file is None) == (edition is None):
        raise _one_of_two()
    with _kept(file) as path, _kept(mapping) as names:
        start = planning.start_from(store, code, path, who=who.name, crs=crs or None, mapping=names)
    return Response(_written(start), status.HTTP_201_CREATED, media_type="application/json")


@router.get(
    "/v1/plans/{plan_id}/mended", response_class=GeoJSON, responses=COLLECTION,
    summary="起步时修补之处 / What was mended",
)  # fmt: skip
def mended(_: security.Reader, store: StoreDep, plan_id: PlanId) -> GeoJSON:
    """Read the gaps, overlaps, ground outside and moved borders of the old grids that a plan began from."""
    return GeoJSON(feature_collection(planning.mended(store, plan_id)))


def _one_of_two() -> BadParameter:
    return BadParameter(
        "file_or_edition",
        zh="请上传一个现有网格文件（file），或选择现行网格（edition=current），二者取一。",
        en="Send a file of today's grids (file), or take those in force (edition=current): one of the two.",
        where=(Where(field="file"), Where(field="edition")),
    )


@contextmanager
def _kept(sent: UploadFile | None) -> Iterator[Path | None]:
    """Keep what was sent as a file of its own name until it is read."""
    if sent is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder:
        path = Path(folder) / (Path(str(sent.filename or "grids").replace("\\", "/")).name[-120:] or "grids")
        with path.open("wb") as out:
            shutil.copyfileobj(sent.file, out)
        yield path


def _written(start: Start) -> str:
    """Write the answer; polygons once, with 9 decimals."""
    plans = []
    for one in start.plans:
        figures: dict[str, Any] = {
            "area_code": one.area_code, "area_name": one.area_name, "plan_id": one.plan_id,
            "grids": one.grids, "report": [asdict(row) for row in one.report],
        }  # fmt: skip
        said = json.dumps(figures, ensure_ascii=False)
        plans.append(f'{said[:-1]}, "mended": {feature_collection(one.mended)}}}')
    report = json.dumps([asdict(row) for row in start.report], ensure_ascii=False)
    return f'{{"plans": [{", ".join(plans)}], "report": {report}}}'
