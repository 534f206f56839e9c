"""Pages as answers: validated by ETag, each with its content security policy."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fastapi.responses import HTMLResponse, Response

from api import headers

if TYPE_CHECKING:
    from fastapi import Request


def page(request: Request, text: str, *, policy: str = headers.STRICT) -> Response:
    """Answer with a page, or 304 where the browser holds it already."""
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    kept = {"ETag": tag, "Cache-Control": "private, no-cache", "Content-Security-Policy": policy}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=kept)
    return HTMLResponse(text, headers=kept)


def download(text: str, filename: str) -> Response:
    """Answer with a page to be saved as a file (ASCII name)."""
    return HTMLResponse(
        text,
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Content-Security-Policy": headers.FOLIUM,
            "Cache-Control": "no-store",
        },
    )
