"""Pages as answers: validated by ETag, each with its content security policy."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING

from fastapi.responses import HTMLResponse, Response

from api import headers

if TYPE_CHECKING:
    from fastapi import Request

    from api.drawing import Page


def page(request: Request, text: str, *, policy: str = headers.STRICT) -> Response:
    """Answer with a page, or 304 where the browser holds it already."""
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    kept = {"ETag": tag, "Cache-Control": "private, no-cache", "Content-Security-Policy": policy}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=kept)
    return HTMLResponse(text, headers=kept)


def gzipped(request: Request, made: Page, saved_as: str | None = None) -> Response:
    """Answer with a map as it is kept, to be looked at or saved as a file (ASCII name), or with 304.

    Its content security policy is folium's.
    """
    kept = {
        "ETag": f'"{made.tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding",
        "Content-Security-Policy": headers.FOLIUM,
    }  # fmt: skip
    if saved_as is not None:
        kept["Content-Disposition"] = f'attachment; filename="{saved_as}"'
    if made.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=kept)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return HTMLResponse(made.gz, headers={**kept, "Content-Encoding": "gzip"})
    return HTMLResponse(gzip.decompress(made.gz), headers=kept)
