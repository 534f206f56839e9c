"""``wangge serve``: the web server, its sign-in link, its access code, and a clean stop."""

from __future__ import annotations

import gc
import ipaddress
import secrets
import signal
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import uvicorn

from api.app import create_app
from api.console import terminal
from api.drawing import Asked, Atlas
from api.security import SIGN_IN_LASTS
from spatial import lookup
from spatial.errors import Unavailable, WanggeError
from spatial.store import keys

if TYPE_CHECKING:
    from types import FrameType

    from api.live import Live
    from api.settings import Settings
    from spatial.store.engine import Store

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No letter that is read as another."""
GC_THRESHOLDS = (20_000, 20, 20)
"""Garbage collection: with Python's own thresholds one edit in a hundred waits 140 ms for it."""
GRACE_S = 5
"""Seconds that running requests are given at a stop."""


def stop_on_signals() -> None:
    """Turn SIGTERM and SIGINT into an orderly exit with status 0, from now on."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)


class Server(uvicorn.Server):
    """The web server; at a stop it ends the streams of events first, which would wait for ever."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self.live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and let running requests end."""
        self.live.close()
        await super().shutdown(sockets)


def serve(store: Store, settings: Settings) -> None:
    """Serve until a signal comes; the store is closed by the caller.

    Raises
    ------
    Unavailable
        The address is taken, or not of this machine.
    """
    listening = listen(settings.host, settings.port)
    code = None if is_loopback(settings.host) else new_access_code()
    app = create_app(store, settings, access_code=code)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        access_log=False,  # it would hold who asked for which position, and sign-in tokens
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    _announce(store, settings, listening.getsockname()[1], code)
    gc.freeze()  # what is loaded by now stays
    gc.set_threshold(*GC_THRESHOLDS)
    ahead = threading.Thread(target=_draw_ahead, args=(app.state.atlas, settings), name="draw-ahead")
    ahead.start()
    try:
        Server(config, app.state.live).run(sockets=[listening])
    finally:
        listening.close()
        ahead.join()


def _draw_ahead(atlas: Atlas, settings: Settings) -> None:
    """Draw the first town's map as the link's holder will ask for it, so that nobody waits for the first."""
    with suppress(WanggeError):
        atlas.page(Asked(None, None, settings.lang, download=False, persons=True, told=True))


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket before anything is printed; port 0 takes a free one."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as error:
        raise Unavailable(
            "address_taken",
            zh=f"不能在 {host}:{port} 上监听（{error.strerror}）。请换一个 --port 或 --host。",
            en=f"Can't listen on {host}:{port} ({error.strerror}). Choose another --port or --host.",
        ) from error
    return listening


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches a host.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def new_access_code() -> str:
    """Make an access code of 8 letters and digits (39 bits)."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(8))


def base_url(host: str, port: int) -> str:
    """Write an address that a browser opens: a server on all addresses is named by this machine's name.

    Examples
    --------
    >>> base_url("127.0.0.1", 8000), base_url("::1", 80)
    ('http://127.0.0.1:8000', 'http://[::1]:80')
    """
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def sign_in_link(
    store: Store, base: str, *, who: str, role: str = "admin", goto: str | None = None
) -> str:  # fmt: skip
    """Make a one-time sign-in link that leads to a page, the town's map if none is named."""
    with store.transaction() as tx:
        token = keys.new_token(tx, who, role, SIGN_IN_LASTS)
    return f"{base}/sign-in?{urlencode({'token': token} | ({'next': goto} if goto else {}))}"


def curl_line(store: Store, settings: Settings, base: str) -> str | None:
    """Write a command that looks up a point inside a published grid, or None while none is published."""
    grids = lookup.grids(store, level=1)
    if grids.empty:
        return None
    point = grids.geometry.iloc[0].representative_point()
    query = f"lon={point.x:.6f}&lat={point.y:.6f}&crs=wgs84"
    key = "" if settings.public_lookup else ' -H "Authorization: Bearer $(wangge key add curl | tail -n 1)"'
    return f"curl{key} '{base}/v1/locate?{query}'"


def _announce(store: Store, settings: Settings, port: int, code: str | None) -> None:
    base = base_url(settings.host, port)
    terminal.note("打开地图（链接只能用一次）：", "Open the map (the link works once):")
    terminal.result(f"  {sign_in_link(store, base, who='serve')}")
    if code:
        terminal.note(f"登录时输入访问码：{code}", f"Access code, asked for at sign-in: {code}")
    line = curl_line(store, settings, base)
    if line:
        terminal.note("查询一个点属于哪个网格：", "Ask whose grid a point is in:")
        terminal.result(f"  {line}")
    terminal.note("按 Ctrl-C 停止。", "Stop with Ctrl-C.")


def _leave(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)
