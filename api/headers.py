"""Security headers of every answer, the two content security policies, and the limit of a request's body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
"""Our own pages and the interface: no inline script, nothing from outside."""

FOLIUM = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""Pages made by folium, which writes its scripts into the page."""

DEFAULTS = {
    "Content-Security-Policy": STRICT,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}


def add_to(headers: MutableHeaders) -> None:
    """Add the security headers that an answer does not carry yet."""
    for name, value in DEFAULTS.items():
        headers.setdefault(name, value)


class SecurityHeaders:
    """ASGI middleware that adds the security headers to every answer.

    Parameters
    ----------
    app
        The application inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers when its answer starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_to(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """ASGI middleware that stops reading a body beyond a number of bytes.

    Starlette's own limit answers in plain text; this one raises where the body is read, so that the answer
    has the one error shape.

    Parameters
    ----------
    app
        The application inside.
    max_bytes
        Greatest body taken.
    files
        How an address that takes files ends -> the greatest body taken there.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, files: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.files = files or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting its body."""
        read = 0
        ends = str(scope.get("path", "")).rpartition("/")[2]
        most = self.files.get(ends, self.max_bytes)

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted if scope["type"] == "http" else receive, send)
