"""Errors into statuses: one table, and one shape (RFC 9457 problem details) for all."""

from __future__ import annotations

import html
import logging
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from api import headers, security
from api.parameters import why
from api.patterns import words_of
from spatial import errors
from spatial.errors import WanggeError, Where
from spatial.ground import crs as systems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request, Response

log = logging.getLogger("wangge.api")

STATUS: dict[type[WanggeError], HTTPStatus] = {
    errors.BadInput: HTTPStatus.BAD_REQUEST,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Refused: HTTPStatus.CONFLICT,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    security.TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.Cancelled: HTTPStatus.CONFLICT,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Status by error class; a class not named here has its nearest ancestor's."""

FRAMEWORK: dict[int, tuple[str, str, str]] = {
    404: ("no_such_page", "没有这个地址。请核对网址。", "There is no such address. Check the URL."),
    405: (
        "method_not_allowed",
        "这个地址不接受这种请求方法。",
        "This address does not take that method.",
    ),
    413: (
        "too_large",
        "请求内容过大。请分成几次发送。",
        "The request is too large. Send it in parts.",
    ),
}


def status_of(error: WanggeError) -> HTTPStatus:
    """Find the status of an error by its class.

    Examples
    --------
    >>> status_of(errors.StaleRevision("stale", zh="", en="")).value
    409
    """
    for cls in type(error).__mro__:
        if cls in STATUS:
            return STATUS[cls]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def install(app: FastAPI) -> None:
    """Give an application the one error shape, for our errors, the framework's and the unforeseen."""
    app.add_exception_handler(WanggeError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(Exception, _unforeseen)


def respond(request: Request, error: WanggeError, status: int | None = None) -> Response:
    """Answer with an error as problem details, or as a small page where a browser asks for one.

    Parameters
    ----------
    request
        Its path becomes ``instance``; the query is left out, for it may hold a position or a token.
    error
        What went wrong.
    status
        Overrides the table, for the framework's own errors.
    """
    code = int(status or status_of(error))
    extra = {"WWW-Authenticate": 'Bearer realm="wangge"'} if code == HTTPStatus.UNAUTHORIZED else {}
    if code == HTTPStatus.TOO_MANY_REQUESTS and "retry_after_s" in error.data:
        extra["Retry-After"] = str(error.data["retry_after_s"])
    extra["Cache-Control"] = "no-store"
    extra["Vary"] = "Accept, Accept-Language"
    if _wants_page(request):
        return _page(request, error, code, extra)
    return JSONResponse(
        problem(request, error, code), code, headers=extra, media_type="application/problem+json"
    )


def problem(request: Request, error: WanggeError, status: int) -> dict[str, Any]:
    """Build the members of a problem: RFC 9457's own, then ``code``, ``words``, ``where`` and ``data``."""
    words = {"zh": error.zh, "en": error.en}
    return {
        "type": f"urn:wangge:problem:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": words[_lang(request)],
        "instance": request.url.path,
        "code": error.code,
        "words": words,
        "where": [{k: v for k, v in asdict(place).items() if v is not None} for place in error.where],
        "data": error.data,
    }


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, WanggeError)  # noqa: S101 - registered for this class only
    return respond(request, error)


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()
    if any(tuple(e["loc"]) == ("query", "crs") for e in found):
        return respond(request, crs_required())
    where = tuple(
        Where(
            layer=str(e["loc"][0]),
            field=".".join(str(part) for part in e["loc"][1:]) or None,
            value=_shown(e.get("input")),
            ref=e["type"],
        )
        for e in found
    )
    fields = "；".join(
        dict.fromkeys(
            f"{_field(w)} {why(e['type'], e.get('ctx'))}" for w, e in zip(where, found, strict=True)
        )
    )
    said = "; ".join(f"{w.field or w.layer}: {_told(e)}" for w, e in zip(where, found, strict=True))
    if any(w.layer == "body" for w in where):
        return respond(
            request,
            errors.BadInput(
                "unreadable",
                zh=f"请求内容无法读取：{fields}。请按接口说明（/docs）填写。",
                en=f"The payload can't be read: {said}. See /docs for its form.",
                where=where,
            ),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return respond(
        request,
        errors.BadParameter(
            "bad_input",
            zh=f"参数有误：{fields}。请改正后重试。",
            en=f"A parameter is missing or wrong: {said}.",
            where=where,
        ),
    )


def _field(where: Where) -> str:
    """Name of what is wrong; a place in broken JSON has a number only."""
    return str(where.layer if where.ref == "json_invalid" or not where.field else where.field)


def _told(found: Any) -> str:
    """Say in English what is wrong with a value: pydantic words it, but for patterns."""
    pattern = (found.get("ctx") or {}).get("pattern")
    return words_of(pattern).en if pattern else str(found["msg"])


def crs_required() -> errors.BadCoordinates:
    """Build the refusal of coordinates without a declared system, listing those that are known."""
    known = [*systems.SYSTEMS]
    return errors.BadCoordinates(
        "crs_required",
        zh=f"请用 crs 注明坐标系：{'、'.join(known)}。同一点在不同坐标系下可相差一公里以上，不能猜测。",
        en=f"Name the coordinate system by crs: {', '.join(known)}. Nothing is guessed: "
        "the same numbers lie over a kilometre apart in different systems.",
        where=(Where(layer="query", field="crs"),),
        data={"systems": known},
    )


def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    phrase = HTTPStatus(error.status_code).phrase
    default = (phrase.lower().replace(" ", "_"), f"请求未能完成（{error.status_code}）。", f"{phrase}.")
    code, zh, en = FRAMEWORK.get(error.status_code, default)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        code, zh, en = "unreadable", "请求无法读取。", "The request can't be read."
    response = respond(request, WanggeError(code, zh=zh, en=en), error.status_code)
    response.headers.update(error.headers or {})
    return response


def _unforeseen(request: Request, error: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", request.url.path)
    log.error("unforeseen error in %s %s", request.method, route, exc_info=error)
    ours = WanggeError(
        "internal",
        zh="服务器内部出错，已记入日志。请稍后再试，或把时间告诉管理员。",
        en="Something broke inside the server and was logged. Try again, or tell the administrator the time.",
    )
    response = respond(request, ours, HTTPStatus.INTERNAL_SERVER_ERROR)
    headers.add_to(response.headers)  # this handler stands outside of the middleware
    return response


def _lang(request: Request) -> str:
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    if asked[:2].lower() in {"zh", "en"}:
        return asked[:2].lower()
    settings = getattr(request.app.state, "settings", None)
    return settings.lang if settings is not None else "zh"


def _wants_page(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "text/html" in accept and not request.url.path.startswith("/v1/")


def _page(request: Request, error: WanggeError, status: int, extra: Mapping[str, str]) -> Response:
    words = [error.zh, error.en] if _lang(request) == "zh" else [error.en, error.zh]
    shown = "".join(f"<p>{html.escape(text)}</p>" for text in words)
    return HTMLResponse(
        f'<!doctype html><html lang="{_lang(request)}"><meta charset="utf-8"><link rel="icon" href="data:,">'
        f"<title>{status} {html.escape(error.code)}</title>"
        f'<main data-code="{html.escape(error.code)}"><h1>{status}</h1>{shown}</main></html>',
        status,
        headers=dict(extra),
    )


def _shown(value: object) -> str | None:
    return None if value is None or isinstance(value, dict | list) else str(value)[:200]
