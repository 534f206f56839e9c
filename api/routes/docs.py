"""The description of the interface: OpenAPI, and a page for people that needs nothing from outside.

The page is a plain table; where the web parts are installed, Swagger UI takes its place.
"""

from __future__ import annotations

import html
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api import security

router = APIRouter(include_in_schema=False)
SWAGGER = files("maps") / "static" / "vendor" / "swagger-ui" / "swagger-ui-bundle.js"
SWAGGER_PARTS = (
    '<link rel="stylesheet" href="/static/vendor/swagger-ui/swagger-ui.css">'
    '<script src="/static/vendor/swagger-ui/swagger-ui-bundle.js" defer></script>'
    '<script src="/static/web/docs.js" defer></script>'
)


@router.get("/openapi.json")
def openapi(_: security.Anyone, request: Request) -> dict[str, Any]:
    """Describe every route, for programs."""
    schema: dict[str, Any] = request.app.openapi()
    return schema


@router.get("/docs", response_class=HTMLResponse)
def docs(_: security.Anyone, request: Request) -> HTMLResponse:
    """Describe every route, for people."""
    schema = request.app.openapi()
    title = f"{schema['info']['title']} {schema['info']['version']}"
    rows = "".join(
        _row(path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    )
    parts = SWAGGER_PARTS if SWAGGER.is_file() else ""
    return HTMLResponse(
        '<!doctype html><html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>wangge 接口 / API</title>{parts}"
        f'<main id="docs"><h1>{html.escape(title)}</h1>'
        '<p>机器可读说明 / For programs: <a href="/openapi.json">/openapi.json</a></p>'
        "<p>密钥 / Key: <code>wangge key add NAME --role reader</code>, "
        "<code>Authorization: Bearer KEY</code></p><table><thead><tr><th>方法 / Method<th>地址 / Path"
        f"<th>说明 / What<th>参数 / Parameters<th>最低角色 / Least role<tbody>{rows}</table></main></html>"
    )


def _row(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = ", ".join(
        p["name"] + ("*" if p.get("required") else "") for p in operation.get("parameters", ())
    )
    what = f"{operation.get('summary', '')}. {operation.get('description', '')}"
    cells = (method.upper(), path, what, parameters, operation.get("x-least-role", ""))
    return "<tr>" + "".join(f"<td>{html.escape(cell)}" for cell in cells)
