"""Who asks, and what may be asked: the only place of the program where rights are checked.

A route names its least role by ``who: Reader`` (or Inspector, Planner, Admin, Anyone); a test walks all
routes and fails when one names none. Roles: admin > planner > inspector > reader > anonymous.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from fastapi import Depends, Request

from spatial.errors import NotAllowed, NotSignedIn
from spatial.store import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Response

Role = Literal["anonymous", "reader", "inspector", "planner", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the least to the greatest; each has every right of those before it."""

ROLE_WORDS: dict[Role, tuple[str, str]] = {
    "anonymous": ("未登录者", "anonymous"),
    "reader": ("查看员", "reader"),
    "inspector": ("巡查员", "inspector"),
    "planner": ("规划员", "planner"),
    "admin": ("管理员", "administrator"),
}

COOKIE = "wangge_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SIGN_IN_LASTS = dt.timedelta(hours=24)
"""How long a sign-in link waits to be used."""


WRONG_CODES = 10
"""Wrong access codes that one address may give before it has to wait."""
FIRST_WAIT_S = 60.0
LONGEST_WAIT_S = 3600.0
ADDRESSES = 10_000
"""Addresses whose wrong codes are remembered, the latest ones."""


class TooManyTries(NotAllowed):
    """Too many wrong access codes from one address; ``data`` says how long it has to wait."""


@dataclass(frozen=True)
class Identity:
    """Who asks: a name for the record, a role, and how it was shown."""

    name: str
    role: Role
    by: Literal["key", "session", "none"]


NOBODY = Identity("anonymous", "anonymous", "none")


@dataclass(frozen=True)
class Right:
    """The right that a route asks for, used as its dependency.

    Parameters
    ----------
    least
        The least role that may call the route.
    public
        The anonymous may too, where ``WANGGE_PUBLIC_LOOKUP`` is set.
    """

    least: Role
    public: bool = False

    def __call__(self, request: Request) -> Identity:
        """Let a request pass, or refuse it.

        Raises
        ------
        NotSignedIn
            Nobody is signed in, or the key is unknown.
        NotAllowed
            The role is too low, or the request may be forged by another site.
        """
        who = identify(request)
        if who.by == "session" and request.method not in SAFE_METHODS and not _own_page(request):
            raise NotAllowed(
                "cross_site",
                zh="请求来自别的网站，已拒绝。请在本系统页面内操作。",
                en="The request came from another site. Use this system's own pages, or send X-Wangge: 1.",
            )
        open_to_all = self.public and request.app.state.settings.public_lookup
        if open_to_all or ROLES.index(who.role) >= ROLES.index(self.least):
            return who
        if who is NOBODY:
            raise NotSignedIn(
                "not_signed_in",
                zh="请先登录：打开 wangge serve 打印的链接，或用 wangge sign-in-link 新建一个。",
                en="Sign in first: open the link that wangge serve printed, make a new one with "
                "wangge sign-in-link, or send an API key as Authorization: Bearer.",
            )
        zh, en = ROLE_WORDS[self.least]
        raise NotAllowed(
            "role_too_low",
            zh=f"此操作需要“{zh}”或更高角色，当前为“{ROLE_WORDS[who.role][0]}”。请联系管理员。",
            en=f"This needs the role {en} or higher; yours is {ROLE_WORDS[who.role][1]}.",
            data={"needs": self.least, "role": who.role},
        )


def may(who: Identity, least: Role) -> bool:
    """Say whether somebody has at least a role: for what a page offers, not for what a route lets through.

    Examples
    --------
    >>> may(Identity("li", "planner", "key"), "inspector"), may(NOBODY, "reader")
    (True, False)
    """
    return ROLES.index(who.role) >= ROLES.index(least)


def requires(least: Role, *, public: bool = False) -> Any:
    """Declare a route's least role; see `Right`."""
    return Depends(Right(least, public))


Anyone = Annotated[Identity, requires("anonymous")]
Lookup = Annotated[Identity, requires("reader", public=True)]
Reader = Annotated[Identity, requires("reader")]
Inspector = Annotated[Identity, requires("inspector")]
Planner = Annotated[Identity, requires("planner")]
Admin = Annotated[Identity, requires("admin")]


def identify(request: Request) -> Identity:
    """Find out who asks, by API key or by session cookie.

    Raises
    ------
    NotSignedIn
        A key was sent that is unknown or revoked, or the header is no Bearer key.
    """
    store = request.app.state.store
    sent = request.headers.get("authorization")
    if sent is not None:
        scheme, _, key = sent.partition(" ")
        with store.transaction() as tx:
            found = keys.holder_of_key(tx, key.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            raise NotSignedIn(
                "unknown_key",
                zh="密钥无效或已吊销。请用 wangge key add 新建。",
                en="The API key is unknown or revoked. Make one with wangge key add.",
            )
        return _known(found, "key")
    cookie = request.cookies.get(COOKIE)
    if cookie:
        with store.transaction() as tx:
            session = keys.holder_of_session(tx, cookie)
        if session is not None:
            return _known(session, "session")
    return NOBODY


def _known(holder: keys.Holder, by: Literal["key", "session"]) -> Identity:
    """Take over a stored holder; a role that is no longer known has no rights."""
    return Identity(holder.who, holder.role if holder.role in ROLES else "anonymous", by)


@dataclass
class AccessCode:
    """The access code that a server open to other machines asks for, and who guessed at it.

    After ten wrong codes an address waits a minute, after each further one twice as long, up to an hour;
    other addresses are not held up. A right code clears the address.

    Parameters
    ----------
    code
        The code, capital letters and digits.
    clock
        Seconds that only grow.
    """

    code: str
    clock: Callable[[], float] = time.monotonic
    _wrong: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, address: str, given: str) -> None:
        """Take a code from an address.

        Raises
        ------
        NotAllowed
            ``wrong_access_code``.
        TooManyTries
            ``wait_before_next_code``: whatever the code was.
        """
        with self._lock:
            wrong, until = self._wrong.get(address, (0, 0.0))
            wait_s = until - self.clock()
            if wait_s > 0:
                raise _must_wait(wait_s)
            if secrets.compare_digest(given.strip().upper().encode(), self.code.encode()):
                self._wrong.pop(address, None)
                return
            wrong += 1
            over = wrong - WRONG_CODES
            wait_s = min(FIRST_WAIT_S * 2.0 ** min(over, 16), LONGEST_WAIT_S) if over >= 0 else 0.0
            self._wrong[address] = (wrong, self.clock() + wait_s)
            self._wrong.move_to_end(address)
            if len(self._wrong) > ADDRESSES:
                self._wrong.popitem(last=False)
        raise NotAllowed(
            "wrong_access_code",
            zh="访问码不对。访问码显示在运行 wangge serve 的终端里。",
            en="Wrong access code. It is shown where wangge serve runs.",
        )


def _must_wait(wait_s: float) -> TooManyTries:
    seconds = max(1, round(wait_s))
    return TooManyTries(
        "wait_before_next_code",
        zh=f"访问码错误次数过多，请等 {seconds} 秒再试。",
        en=f"Too many wrong access codes: wait {seconds} s, then try again.",
        data={"retry_after_s": seconds},
    )


def sign_in(request: Request, response: Response, token: str) -> None:
    """Take a one-time token and set the session cookie.

    Raises
    ------
    NotSignedIn
        The token is unknown, used or too old.
    """
    lasts = dt.timedelta(hours=request.app.state.settings.session_hours)
    with request.app.state.store.transaction() as tx:
        holder = keys.use_token(tx, token)
        session = None if holder is None else keys.new_session(tx, holder.who, holder.role, lasts)
    if session is None:
        raise NotSignedIn(
            "sign_in_link_used",
            zh="登录链接已用过或已过期。请用 wangge sign-in-link 新建一个。",
            en="The sign-in link was used already, or is too old. Make a new one with wangge sign-in-link.",
        )
    response.set_cookie(
        COOKIE,
        session,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def end_session(request: Request) -> None:
    """Forget the session of a request's cookie."""
    with request.app.state.store.transaction() as tx:
        keys.end_session(tx, request.cookies.get(COOKIE, ""))


def local_path(path: str | None, default: str) -> str:
    r"""Keep a redirection inside this site: a path of our own, else the default.

    Examples
    --------
    >>> local_path("/plan/3?lang=en", "/"), local_path("//evil.example", "/"), local_path("/\\\\evil", "/")
    ('/plan/3?lang=en', '/', '/')
    """
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return default
    return path if path.isprintable() and " " not in path else default


def _own_page(request: Request) -> bool:
    """Say whether an unsafe request by cookie was sent by one of our own pages."""
    if request.headers.get("x-wangge") == "1":
        return True
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and (origin.scheme, origin.netloc) == (request.url.scheme, request.url.netloc)
