"""Signing in by a one-time link, as Jupyter does, and out again."""

from __future__ import annotations

import html
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, status
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import security

router = APIRouter(tags=["sign-in"], include_in_schema=False)
HOME = "/maps/town"


@router.get("/sign-in")
def follow_link(
    _: security.Anyone, request: Request, token: str = "", goto: Annotated[str, Query(alias="next")] = HOME
) -> Response:
    """Take the token of a sign-in link and go on to a page; ask for the access code where one is needed."""
    if request.app.state.access_code is not None:
        return HTMLResponse(_form(token, security.local_path(goto, HOME)))
    return _signed_in(request, token, goto)


@router.post("/sign-in")
def give_code(
    _: security.Anyone,
    request: Request,
    token: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    goto: Annotated[str, Form(alias="next")] = HOME,
) -> Response:
    """Take the token and the access code."""
    guard: security.AccessCode | None = request.app.state.access_code
    if guard is not None:
        guard.check(request.client.host if request.client else "", code)
    return _signed_in(request, token, goto)


@router.post("/sign-out")
def sign_out(_: security.Reader, request: Request) -> Response:
    """End the session."""
    security.end_session(request)
    response = RedirectResponse("/", status.HTTP_303_SEE_OTHER)
    response.delete_cookie(security.COOKIE)
    return response


def _signed_in(request: Request, token: str, goto: str) -> Response:
    response = RedirectResponse(security.local_path(goto, HOME), status.HTTP_303_SEE_OTHER)
    security.sign_in(request, response, token)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _form(token: str, goto: str) -> str:
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,">'
        "<title>登录 / Sign in</title>"
        '<main><h1>登录 / Sign in</h1><form method="post" action="/sign-in">'
        f'<input type="hidden" name="token" value="{html.escape(token)}">'
        f'<input type="hidden" name="next" value="{html.escape(goto)}">'
        '<label>访问码 / Access code <input name="code" autocomplete="off" autofocus required></label> '
        "<button>登录 / Sign in</button></form></main></html>"
    )
