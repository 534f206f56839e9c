"""What happens on a plan or in a job while a page is open, as server-sent events.

Of a plan: moves, and who else is there. Of a job: how far it is.

One task a process listens to the database (`spatial.store.notices`) and wakes the pages of the plan that a
notice is about. Moves are read from the log, so that a page that was away goes on from the last one it saw.
Presence is told from process to process by heartbeats and is kept nowhere.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync

from spatial import planning
from spatial.store import notices

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from spatial.store.engine import Store

BEAT_S = 15.0
"""A page is said to be there this often; each time its connection is kept alive by a comment."""
GONE_S = 2.5 * BEAT_S
"""Who was not heard of for this long has left."""
STREAM_S = 900.0
"""A stream ends after this long; the page opens the next one, and its right is asked again."""


@dataclass(eq=False)
class _Seat:
    """One open page."""

    plan_id: int
    who: str
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    accepted: set[int] = field(default_factory=set)
    news: set[str] = field(default_factory=set)


class Live:
    """The open pages of one process.

    Parameters
    ----------
    store
        Where plans are kept.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._seats: set[_Seat] = set()
        self._watches: dict[int, set[asyncio.Event]] = {}
        self._there: dict[int, dict[str, tuple[str, float]]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._closing = False

    def close(self) -> None:
        """End every stream, because the server stops; called in the server's own loop."""
        self._closing = True
        self._wake_all()

    async def watch(self, job_id: int, read: Callable[[], tuple[str, bool]]) -> AsyncIterator[str]:
        """Give what ``read`` tells of a job, as it is now and whenever anything is told of it.

        ``read`` gives an event, and whether it is the last; ends after that, or a quarter of an hour.
        """
        wake = asyncio.Event()
        self._watches.setdefault(job_id, set()).add(wake)
        try:
            await self._listen()
            yield "retry: 2000\n\n"
            until = time.monotonic() + STREAM_S
            while time.monotonic() < until and self._hears():
                text, last = await run_sync(read)
                yield text
                if last:
                    return
                if not await _woken(wake):
                    yield ": \n\n"
        finally:
            self._watches[job_id].discard(wake)
            if not self._watches[job_id]:
                del self._watches[job_id]

    def _wake_all(self) -> None:
        for wake in [seat.wake for seat in self._seats] + [w for ws in self._watches.values() for w in ws]:
            wake.set()

    async def events(self, plan_id: int, who: str, since: int) -> AsyncIterator[str]:
        """Give the events of a plan after a revision, as text of the event stream, for a quarter of an hour.

        ``move``: one action (`spatial.planning.MoveRow`); ``here``: names of all who have the plan open;
        ``accepted``: a grid whose acceptance was given or taken back; ``notes`` and ``review``: these
        have changed, to be read anew. A page that was away reads them when its stream opens.
        """
        seat = _Seat(plan_id, who)
        self._seats.add(seat)
        try:
            await self._listen()
            await self._tell(seat, here=True, new=True)
            yield "retry: 2000\n\n"
            until, known = time.monotonic() + STREAM_S, None
            while time.monotonic() < until and self._hears():
                for row in await run_sync(planning.plan_moves, self.store, plan_id, since):
                    since = row.rev
                    yield _event("move", row.to_json(), row.rev)
                while seat.accepted:
                    yield _event("accepted", {"node": seat.accepted.pop()})
                here = self._here(plan_id)
                if here != known:
                    known = here
                    yield _event("here", {"who": here})
                while seat.news:
                    yield _event(seat.news.pop(), {})
                if not await _woken(seat.wake):
                    await self._tell(seat, here=True, new=False)
                    yield ": \n\n"
        finally:
            self._seats.discard(seat)
            await asyncio.shield(self._tell(seat, here=False, new=False))

    def _hears(self) -> bool:
        """Whether there is still anything to wait for."""
        return not self._closing and self._listening is not None and not self._listening.done()

    def _here(self, plan_id: int) -> list[str]:
        late = time.monotonic() - GONE_S
        there = self._there.setdefault(plan_id, {})
        for name in [name for name, (_, seen) in there.items() if seen < late]:
            del there[name]
        return sorted({who for who, _ in there.values()})

    async def _tell(self, seat: _Seat, *, here: bool, new: bool) -> None:
        notice = {"plan": seat.plan_id, "seat": seat.name, "who": seat.who, "here": here, "new": new}
        await run_sync(_told, self.store, notice)

    async def _listen(self) -> None:
        """Make sure that this process listens, and has begun to."""
        if self._listening is None or self._listening.done():
            self._ready.clear()
            self._listening = asyncio.create_task(self._hear())
        await self._ready.wait()

    async def _hear(self) -> None:
        try:
            async for notice in notices.listen(self.store):
                self._ready.set()
                if notice is not None:
                    await self._take(notice)
        finally:
            self._ready.set()
            self._wake_all()

    async def _take(self, notice: dict[str, Any]) -> None:
        for wake in self._watches.get(notice.get("job", 0), ()):
            wake.set()
        if "plan" not in notice:
            return
        plan_id = notice["plan"]
        seats = [seat for seat in self._seats if seat.plan_id == plan_id]
        if "seat" in notice:
            there = self._there.setdefault(plan_id, {})
            there.pop(notice["seat"], None)
            if notice["here"]:
                there[notice["seat"]] = (notice["who"], time.monotonic())
            if notice["new"]:  # who comes in wants to hear of those who are there already
                for seat in seats:
                    if seat.name != notice["seat"]:
                        await self._tell(seat, here=True, new=False)
        for seat in seats:
            seat.accepted |= {notice["accepted"]} if "accepted" in notice else set()
            if "news" in notice:
                seat.news.add(notice["news"])
            seat.wake.set()


async def _woken(wake: asyncio.Event) -> bool:
    """Wait for news for as long as a heartbeat; whether there are any."""
    try:
        await asyncio.wait_for(wake.wait(), BEAT_S)
    except TimeoutError:
        return False
    wake.clear()
    return True


def _told(store: Store, notice: dict[str, Any]) -> None:
    with store.transaction() as tx:
        notices.tell(tx, notice)


def _event(kind: str, data: dict[str, Any], rev: int | None = None) -> str:
    number = "" if rev is None else f"id: {rev}\n"
    return f"{number}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
